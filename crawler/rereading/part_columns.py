"""Columns of the Parquet parts, Common Crawl's first."""

from __future__ import annotations

from crawler.columns.column import Column, text, texts, time, value
from crawler.columns.tables import CAPTURES as EXPORTED
from crawler.columns.tables import PLACE

_OF_INDEX = "As {}.{} of index.db."


def _texts_of(table: str, *names: str) -> tuple[Column, ...]:
    return tuple(text(name, _OF_INDEX.format(table, name)) for name in names)


CAPTURES = (
    *EXPORTED,
    *_texts_of("captures", "written_id", "written_digest", "refers_to", "refers_to_url", "reader_version"),
    time("refers_to_date", "As captures.refers_to_date of index.db."),
    Column("cut_at", "long", value("cut_at"), "As captures.cut_at of index.db."),
    Column("confirms", "yes", value("confirms"), "As captures.confirms of index.db."),
    text("outcome", "What came of it: article, list, media, robots, redirect, not-modified, unusable, unread; null if it was not read."),
    text("reason", "Why its answer was not usable, as failures.reason."), text("detail", "The same in words."),
    text("file_byline", "Who made a picture, as its file tells."), text("file_credit", "Its credit line in the file."),
    text("file_copyright", "Its copyright notice in the file."),
    text("assigned_by", "Version of the readers that gave a record of another crawler its site and role."),
    Column("outcome_data", "bytes", value("outcome_data"), "All else of the outcome, from which an index is filed (MessagePack)."),
)  # fmt: skip
VERSIONS = (
    text("story_id", "The story."), text("text_digest", "The text: captures with one digest show one version of the story."),
    *_texts_of(
        "versions", "headline", "deck", "body", "captions", "credits", "published", "published_raw", "modified", "section", "language",
        "canonical_url", "template", "reader_version", "blocks", "breadcrumb", "videos", "related", "read_by",
    ),
    *(texts(name, f"As versions.{name} of index.db, a list.") for name in (
        "headline_alternatives", "authors", "tags", "alternates", "problems",
    )),
    Column("further", "number", value("further"), "How many further pages the page names."),
    time("shown", "When the page was so: date of the capture, of a web archive's copy the archive's."),
    time("fetch_time", "When the request was sent.", of="date"),
    *PLACE,
)  # fmt: skip
IMAGES = (
    text("story_id", "The story."), text("text_digest", "The version that shows it."),
    Column("n", "number", value("n"), "Its place in the article, from 0."),
    *_texts_of("images", "url", "key", "caption", "credit", "agency", "alt", "raw"),
    text("page_url", "Address of the page."), time("fetch_time", "When the page was asked for.", of="date"),
    text("record_id", "The capture of the page."), text("warc_filename", "The WARC that holds it.", of="warc"),
    Column("warc_record_offset", "long", value("offset"), "Where its record begins there."),
)  # fmt: skip
LINKS = (
    text("record_id", "The page."), text("page_url", "Its address."), time("fetch_time", "Date of the capture.", of="date"),
    Column("position", "number", value("position"), "0, 1, ... from the top of the page."), text("url", "Where the link leads."),
    text("text", "Its words."), text("link_date", "The date that a feed or sitemap gives beside it."),
    Column("leads_to_list", "yes", value("leads_to_list"), "Whether it leads to a further part of a list."),
    Column("warc_record_offset", "long", value("offset"), "Where the page's record begins in its WARC."),
)  # fmt: skip
FAILURES = (
    *_texts_of("failures", "url", "host", "site", "story_id", "role", "key", "language", "found_on"),
    time("date", "As failures.date of index.db."), *_texts_of("failures", "reason", "detail"),
    *(Column(name, "number", value(name), f"As failures.{name} of index.db.") for name in ("attempt", "elapsed_ms")),
    Column("bytes", "long", value("bytes"), "Bytes received."),
    text("record_id", "The capture of the bytes that came, or null."), text("warc_filename", "The WARC that holds it.", of="warc"),
    Column("warc_record_offset", "long", value("offset"), "Where its record begins there."),
    text("told_by", "`record`: the WARC says it; `reading`: a reader found it; `revisit`: no file read holds what it repeats."),
)  # fmt: skip
RECORDS = (
    *_texts_of(
        "captures", "record_id", "written_id", "record_type", "url", "host", "role", "site", "story_id", "key", "truncated",
        "payload_digest", "written_digest", "block_digest", "refers_to", "refers_to_url", "via",
    ),
    time("date", "As captures.date of index.db."), time("refers_to_date", "As captures.refers_to_date of index.db."),
    time("memento_date", "As captures.memento_date of index.db."),
    Column("status", "number", value("status"), "The HTTP status."),
    Column("attempt", "number", value("attempt"), "Number of the attempt."),
    text("warc_filename", "The WARC.", of="warc"), Column("warc_record_offset", "long", value("offset"), "Where the record begins there."),
    Column("warc_record_length", "long", value("length"), "Its length in the file."),
)  # fmt: skip
FAULTS = (
    text("warc_filename", "The damaged file.", of="warc"), Column("offset", "long", value("offset"), "Where the damage is."),
    Column("length", "long", value("length"), "Bytes that cannot be read for it; 0 if the record can be read."),
    text("what", "The damage."),
)  # fmt: skip
PARTS: dict[str, tuple[Column, ...]] = {
    "versions": VERSIONS, "images": IMAGES, "links": LINKS, "failures": FAILURES, "faults": FAULTS, "captures": CAPTURES,
}  # fmt: skip
"""Tables of what was read from a WARC; `captures` last: when it is there, the others are."""
