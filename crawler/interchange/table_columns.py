"""Columns of the Parquet tables: name, type, and the value of each row.

Table `captures` begins with the columns of Common Crawl's cc-index-table, in its order and of its meaning, then ours.
Source: cc-index-schema-flat.json of commoncrawl/cc-index-table.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from attrs import frozen

from crawler.urls import surt
from crawler.urls.domains import suffixes_and_domains

Kind = Literal["text", "number", "short", "long", "time", "yes", "texts"]
Value = Callable[[sqlite3.Row], Any]


@frozen
class Column:
    """One column."""

    name: str
    kind: Kind
    value: Value
    about: str


def _text(name: str, about: str, *, of: str | None = None) -> Column:
    return Column(name, "text", _value(of or name), about)


def _value(name: str) -> Value:
    return lambda row: row[name]


def _time(name: str, about: str, *, of: str | None = None) -> Column:
    return Column(name, "time", lambda row: _moment(row[of or name]), about)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _texts(name: str, about: str) -> Column:
    return Column(name, "texts", lambda row: json.loads(row[name]) if row[name] else [], about)


def _part_of_host(place: int) -> Value:
    """The label of a host at a place from the end, if there is one."""

    def part(row: sqlite3.Row) -> str | None:
        host = row["host"]
        if host.startswith("[") or host.replace(".", "").isdigit():
            return None if place > 1 else host
        labels = host.split(".")
        return labels[-place] if len(labels) >= place else None

    return part


def _domain(place: int) -> Value:
    return lambda row: suffixes_and_domains(row["host"])[place]


def _address(get: Callable[[Any], Any]) -> Value:
    def value(row: sqlite3.Row) -> Any:
        try:
            return get(urlsplit(row["url"]))
        except ValueError:
            return None

    return value


def _digest(row: sqlite3.Row) -> str | None:
    return (row["payload_digest"] or "").removeprefix("sha1:") or None


def _subset(row: sqlite3.Row) -> str:
    return "robotstxt" if row["role"] == "robots" else "warc" if row["status"] == 200 else "crawldiagnostics"


CAPTURES = (
    Column("url_surtkey", "text", lambda row: surt(row["url"]), "SURT key of the address."),
    _text("url", "The address asked for; of a copy of a web archive that which was archived."),
    _text("url_host_name", "The host asked.", of="host"),
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
    _time("fetch_time", "When the request was sent, UTC, microseconds.", of="date"),
    Column("fetch_status", "short", _value("status"), "The HTTP status; null where no readable status line came."),
    Column("fetch_redirect", "text", lambda row: None, "Always null: the index does not hold it, the record does."),
    Column("content_digest", "text", _digest, "SHA-1 of the payload, base32; another digest with its label."),
    _text("content_mime_type", "The media type the server named.", of="mime"),
    Column("content_mime_detected", "text", lambda row: None, "Always null."),
    Column("content_charset", "text", lambda row: None, "Always null."),
    Column("content_languages", "text", lambda row: None, "Always null: table versions has the language of a text."),
    _text("content_truncated", "Why the body is cut off, or null.", of="truncated"),
    _text("warc_filename", "File name of the WARC.", of="warc"),
    Column("warc_record_offset", "long", _value("offset"), "Where the record begins there."),
    Column("warc_record_length", "long", _value("length"), "Its length in the file."),
    _text("warc_segment", "Name of the collection.", of="collection"),
    _text("crawl", "Name of the collection.", of="collection"),
    Column("subset", "text", _subset, "`warc` (status 200), `robotstxt`, or `crawldiagnostics` for all others."),
    *(_text(name, f"As captures.{name} of index.db.") for name in (
        "record_id", "record_type", "revisit_of", "block_digest", "site", "story_id", "role", "key", "language", "found_on", "via",
        "method", "etag", "last_modified", "ip", "protocol", "tls", "problem", "read_state",
    )),
    *(Column(name, "number", _value(name), f"As captures.{name} of index.db.") for name in ("attempt", "elapsed_ms")),
    _time("memento_date", "As captures.memento_date of index.db."),
)  # fmt: skip

_PLACE = (
    _text("record_id", "The capture all of this was read from."), _text("url", "Its address."), _text("host", "The host that gave it."),
    _text("warc_filename", "The WARC that holds it.", of="warc"),
    Column("warc_record_offset", "long", _value("offset"), "Where its record begins there."),
    Column("warc_record_length", "long", _value("length"), "Its length in the file."),
)  # fmt: skip
_VERSION = (_text("story_id", "The story."), Column("version", "number", _value("version_n"), "The number of the version."))
VERSIONS = (
    *_VERSION,
    Column("newest", "yes", lambda row: bool(row["newest"]), "Whether it is the newest version."),
    *(_text(name, f"As versions.{name} of index.db.") for name in (
        "text_digest", "headline", "deck", "body", "captions", "credits", "published", "published_raw", "modified", "section", "language",
        "canonical_url", "template", "reader_version", "blocks", "breadcrumb", "videos", "related", "read_by",
    )),
    *(_texts(name, f"As versions.{name} of index.db, a list.") for name in (
        "headline_alternatives", "authors", "tags", "alternates", "problems",
    )),
    _time("first_seen", "Date of the first capture that shows it."), _time("last_seen", "Date of the last one."),
    *_PLACE,
)  # fmt: skip
IMAGES = (
    *_VERSION, Column("n", "number", _value("n"), "Its place in the article, from 0."),
    *(_text(name, f"As images.{name} of index.db.") for name in (
        "url", "key", "caption", "credit", "agency", "alt", "raw", "file_byline", "file_credit", "file_copyright",
    )),
    _text("record_id", "The archived picture, or null."), _text("warc_filename", "The WARC that holds it.", of="warc"),
    Column("warc_record_offset", "long", _value("offset"), "Where its record begins there."),
    Column("warc_record_length", "long", _value("length"), "Its length in the file."),
)  # fmt: skip
LINKS = (
    _text("record_id", "The page."), _text("page_url", "Its address."), _time("fetch_time", "Date of the capture.", of="date"),
    Column("position", "number", _value("position"), "0, 1, ... from the top of the page."), _text("url", "Where the link leads."),
    _text("text", "Its words."),
)  # fmt: skip
TABLES = {"captures": CAPTURES, "versions": VERSIONS, "images": IMAGES, "links": LINKS}
