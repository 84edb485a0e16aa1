"""Columns of the exported Parquet tables.

Table `captures` begins with the columns of Common Crawl's cc-index-table, in its order and of its meaning, then ours.
Source: cc-index-schema-flat.json of commoncrawl/cc-index-table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from crawler.columns.column import Column, Value, text, texts, time, value
from crawler.urls import surt
from crawler.urls.domains import suffixes_and_domains


def _part_of_host(place: int) -> Value:
    """The label of a host at a place from the end, if there is one."""

    def part(row: Mapping[str, Any]) -> str | None:
        host = row["host"]
        if host.startswith("[") or host.replace(".", "").isdigit():
            return None if place > 1 else host
        labels = host.split(".")
        return labels[-place] if len(labels) >= place else None

    return part


def _domain(place: int) -> Value:
    return lambda row: suffixes_and_domains(row["host"])[place]


def _address(get: Callable[[Any], Any]) -> Value:
    def part(row: Mapping[str, Any]) -> Any:
        try:
            return get(urlsplit(row["url"]))
        except ValueError:
            return None

    return part


def _digest(row: Mapping[str, Any]) -> str | None:
    return (row["payload_digest"] or "").removeprefix("sha1:") or None


def _subset(row: Mapping[str, Any]) -> str:
    return "robotstxt" if row["role"] == "robots" else "warc" if row["status"] == 200 else "crawldiagnostics"


CAPTURES = (
    Column("url_surtkey", "text", lambda row: surt(row["url"]), "SURT key of the address."),
    text("url", "The address asked for; of a copy of a web archive that which was archived."),
    text("url_host_name", "The host asked.", of="host"),
    Column("url_host_tld", "text", _part_of_host(1), "Last label of the host name."),
    Column("url_host_2nd_last_part", "text", _part_of_host(2), "The label before it, and so on."),
    Column("url_host_3rd_last_part", "text", _part_of_host(3), "The third from the end."),
    Column("url_host_4th_last_part", "text", _part_of_host(4), "The fourth from the end."),
    Column("url_host_5th_last_part", "text", _part_of_host(5), "The fifth from the end."),
    Column("url_host_registry_suffix", "text", _domain(0), "Public suffix of a registry: `com`, `co.uk`."),
    Column("url_host_registered_domain", "text", _domain(1), "Domain name one level below it."),
    Column("url_host_private_suffix", "text", _domain(2), "The same with private registrars: `blogspot.com`."),
    Column("url_host_private_domain", "text", _domain(3), "Domain name one level below that."),
    Column("url_protocol", "text", _address(lambda parts: parts.scheme), "`https` or `http`."),
    Column("url_port", "number", _address(lambda parts: parts.port), "The port, where the address names one."),
    Column("url_path", "text", _address(lambda parts: parts.path), "The path."),
    Column("url_query", "text", _address(lambda parts: parts.query or None), "The query, without its question mark."),
    time("fetch_time", "When the request was sent, UTC, microseconds.", of="date"),
    Column("fetch_status", "short", value("status"), "The HTTP status; null where no readable status line came."),
    Column("fetch_redirect", "text", lambda row: None, "Always null: the index does not hold it, the record does."),
    Column("content_digest", "text", _digest, "SHA-1 of the payload, base32; another digest with its label."),
    text("content_mime_type", "The media type the server named.", of="mime"),
    Column("content_mime_detected", "text", lambda row: None, "Always null."),
    Column("content_charset", "text", lambda row: None, "Always null."),
    Column("content_languages", "text", lambda row: None, "Always null: table versions has the language of a text."),
    text("content_truncated", "Why the body is cut off, or null.", of="truncated"),
    text("warc_filename", "File name of the WARC.", of="warc"),
    Column("warc_record_offset", "long", value("offset"), "Where the record begins there."),
    Column("warc_record_length", "long", value("length"), "Its length in the file."),
    text("warc_segment", "Name of the collection.", of="collection"),
    text("crawl", "Name of the collection.", of="collection"),
    Column("subset", "text", _subset, "`warc` (status 200), `robotstxt`, or `crawldiagnostics` for all others."),
    *(text(name, f"As captures.{name} of index.db.") for name in (
        "record_id", "record_type", "revisit_of", "block_digest", "site", "story_id", "role", "key", "language", "found_on", "via",
        "method", "etag", "last_modified", "ip", "protocol", "tls", "problem", "read_state",
    )),
    *(Column(name, "number", value(name), f"As captures.{name} of index.db.") for name in ("attempt", "elapsed_ms")),
    time("memento_date", "As captures.memento_date of index.db."),
)  # fmt: skip

PLACE = (
    text("record_id", "The capture all of this was read from."), text("url", "Its address."), text("host", "The host that gave it."),
    text("warc_filename", "The WARC that holds it.", of="warc"),
    Column("warc_record_offset", "long", value("offset"), "Where its record begins there."),
    Column("warc_record_length", "long", value("length"), "Its length in the file."),
)  # fmt: skip
_VERSION = (text("story_id", "The story."), Column("version", "number", value("version_n"), "The number of the version."))
VERSIONS = (
    *_VERSION,
    Column("newest", "yes", lambda row: bool(row["newest"]), "Whether it is the newest version."),
    *(text(name, f"As versions.{name} of index.db.") for name in (
        "text_digest", "headline", "deck", "body", "captions", "credits", "published", "published_raw", "modified", "section", "language",
        "canonical_url", "template", "reader_version", "blocks", "breadcrumb", "videos", "related", "read_by",
    )),
    *(texts(name, f"As versions.{name} of index.db, a list.") for name in (
        "headline_alternatives", "authors", "tags", "alternates", "problems",
    )),
    time("first_seen", "Date of the first capture that shows it."), time("last_seen", "Date of the last one."),
    *PLACE,
)  # fmt: skip
IMAGES = (
    *_VERSION, Column("n", "number", value("n"), "Its place in the article, from 0."),
    *(text(name, f"As images.{name} of index.db.") for name in (
        "url", "key", "caption", "credit", "agency", "alt", "raw", "file_byline", "file_credit", "file_copyright",
    )),
    text("record_id", "The archived picture, or null."), text("warc_filename", "The WARC that holds it.", of="warc"),
    Column("warc_record_offset", "long", value("offset"), "Where its record begins there."),
    Column("warc_record_length", "long", value("length"), "Its length in the file."),
)  # fmt: skip
LINKS = (
    text("record_id", "The page."), text("page_url", "Its address."), time("fetch_time", "Date of the capture.", of="date"),
    Column("position", "number", value("position"), "0, 1, ... from the top of the page."), text("url", "Where the link leads."),
    text("text", "Its words."),
)  # fmt: skip
TABLES = {"captures": CAPTURES, "versions": VERSIONS, "images": IMAGES, "links": LINKS}
