"""Between nouns and rows: text that SQLite can hold, times that sort, JSON that compares."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Literal

from attrs import fields, frozen

from crawler.items import Article, Capture, Image, Target, Version, article_of, plain
from crawler.schema.packed_blocks import pack_blocks, unpack_blocks
from crawler.schema.packed_tables import VERSION_COLUMNS

Value = str | int | float | bytes | None

_TARGET_FIELDS = {
    "key": "key", "url": "url", "site": "site", "role": "role", "story_id": "story", "language": "language", "found_on": "found_on",
}  # fmt: skip
"""Columns of tables `captures` and `failures` that hold a target, each with its field."""
_OWN_COLUMNS = tuple(f.name for f in fields(Capture) if f.name != "target")
CAPTURE_COLUMNS: tuple[str, ...] = (*_TARGET_FIELDS, *_OWN_COLUMNS)
_capture_values = attrgetter(*(f"target.{name}" for name in _TARGET_FIELDS.values()), *_OWN_COLUMNS)
_CAPTURE_TIMES = tuple(CAPTURE_COLUMNS.index(name) for name in ("date", "refers_to_date", "memento_date"))
_INTEGERS = range(-(2**63), 2**63)
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode
"""Made once: to make an encoder takes longer than a short list."""


@frozen(kw_only=True)
class Story:
    """A story as the index knows it: one row of table `stories`."""

    id: str
    site: str
    number: int | None
    canonical_url: str | None
    published: str | None
    section: str | None
    language: str | None
    first_seen: datetime | None
    last_seen: datetime | None
    state: Literal["live", "gone", "moved"] | None
    versions: int


@frozen(kw_only=True)
class Sighting:
    """A capture that showed a version."""

    n: int
    host: str
    """Of an archive's copy, the archive's."""
    date: datetime
    """When the page was so: when we asked, or when the archive says that it archived it."""
    record_id: str
    url: str
    via: str | None = None
    """The archive's address of a copy that it keeps."""
    captured: datetime | None = None
    """When we asked."""


def clean(text: str) -> str:
    """Make text valid for SQLite and UTF-8: lone surrogates and NUL become U+FFFD.

    >>> clean("a\\x00b\\ud800")
    'a\ufffdb\ufffd'
    """
    if text.isascii() and "\x00" not in text:
        return text
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def all_clean(texts: list[str]) -> list[str]:
    """Clean many texts, with one look at all of them if none needs it."""
    whole = "".join(texts)
    if "\x00" not in whole:
        try:
            whole.encode()
        except UnicodeEncodeError:
            pass
        else:
            return texts
    return [clean(text) for text in texts]


def iso(when: datetime) -> str:
    """A moment as all tables hold it: `2026-11-24T02:03:04.123456Z`.

    Raises:
        ValueError: The moment has no zone.
    """
    if when.tzinfo is None:
        raise ValueError(f"{when.isoformat()}: a time without a zone")
    when = when if when.tzinfo is UTC else when.astimezone(UTC)
    return when.isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def moment(text: str) -> datetime:
    """The moment that `iso` wrote."""
    return datetime.fromisoformat(text)


def printed_date(text: str | None) -> str | None:
    """Convert a printed date for tables: to UTC if it has a zone, else unchanged.

    >>> printed_date("2019-09-23T10:00:00+03:30"), printed_date("2019-09-23")
    ('2019-09-23T06:30:00.000000Z', '2019-09-23')
    """
    if text is None:
        return None
    try:
        return iso(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return clean(text)


def as_json(value: object) -> str:
    """Compact JSON with sorted keys."""
    return _encode(value)


def bound(value: object) -> Value:
    """Convert a value for SQLite: lists and objects to JSON, huge integers to text."""
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, (float, bytes)):
        return value
    if isinstance(value, int):
        return int(value) if value in _INTEGERS else str(value)
    if isinstance(value, datetime):
        return iso(value)
    return clean(as_json(value))


def insert(conn: sqlite3.Connection, table: str, values: Mapping[str, object], *, conflict: str = "") -> sqlite3.Cursor:
    """Insert one row; `conflict` is a clause behind the values (`ON CONFLICT ...`)."""
    return insert_bound(conn, table, {name: bound(value) for name, value in values.items()}, conflict=conflict)


def insert_bound(conn: sqlite3.Connection, table: str, values: Mapping[str, Value], *, conflict: str = "") -> sqlite3.Cursor:
    """Insert one row of values that `bound` has converted; as `insert`."""
    sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))}) {conflict}"
    return conn.execute(sql, [*values.values()])


def capture_values(capture: Capture) -> list[Value]:
    """A capture's values in the order of `CAPTURE_COLUMNS`."""
    values = list(_capture_values(capture))
    for place in _CAPTURE_TIMES:
        if values[place] is not None:
            values[place] = iso(values[place])
    # Text is looked through as one: hardly any of it has to be cleaned, and a capture has no other kind of value but small numbers.
    text = "".join([value for value in values if value.__class__ is str])
    return values if text.isascii() and "\x00" not in text else [bound(value) for value in values]


def capture_of(row: sqlite3.Row) -> Capture:
    """The capture that a row with `CAPTURE_COLUMNS` holds."""
    values: dict[str, Any] = {name: row[name] for name in _OWN_COLUMNS}
    values["date"] = moment(values["date"])
    for name in ("refers_to_date", "memento_date"):
        if values[name] is not None:
            values[name] = moment(values[name])
    return Capture(target=Target(**{field: row[column] for column, field in _TARGET_FIELDS.items()}), **values)


def target_values(target: Target) -> dict[str, object]:
    """Name a target's values by the columns of tables `captures` and `failures`."""
    return {column: getattr(target, field) for column, field in _TARGET_FIELDS.items()}


def article_values(article: Article) -> dict[str, object]:
    """Give an article's columns in table `versions`."""
    values = plain(article)
    for name in ("url", "story", "images"):
        del values[name]  # in the capture's row, the version's key, a table of their own
    body = clean(article.body)
    return values | {
        "body": body,
        "blocks": pack_blocks(values["blocks"], body),
        "captions": "\n".join(i.caption for i in article.images if i.caption),
        "credits": "\n".join(i.credit for i in article.images if i.credit),
        "published": printed_date(article.published),
        "modified": printed_date(article.modified),
    }


def image_values(image: Image, n: int) -> dict[str, object]:
    """A picture's columns in table `images`, but for the version and the archived picture."""
    return {
        "n": n, "url": image.url, "key": image.key or image.url, "caption": image.caption, "credit": image.credit,
        "agency": image.agency, "alt": image.alt, "raw": image.raw,
    }  # fmt: skip


WHOLE_VERSION = ", ".join(f"v.{name}" for name, _ in VERSION_COLUMNS if name != "blocks") + (
    ", (SELECT t.blocks FROM stored_versions t WHERE t.id = v.id) AS packed_blocks"
)
"""SQL: the columns of a row `v` of `versions` for `version_of`; the blocks of a very long text are not for SQL to unpack."""


def version_of(row: sqlite3.Row, images: list[sqlite3.Row]) -> Version:
    """Make a version of its row (`WHOLE_VERSION`, and its capture's `url`) and its images' rows."""
    columns = set(row.keys())
    values = {name: json.loads(row[name]) if kind is not str else row[name] for name, kind in _KINDS.items() if name in columns}
    values["blocks"] = unpack_blocks(row["packed_blocks"], row["body"])
    pictures = [{name: image[name] for name in ("url", "key", "caption", "credit", "agency", "alt", "raw")} for image in images]
    return Version(
        story=row["story_id"], n=row["n"], text_digest=row["text_digest"], first_seen=moment(row["first_seen"]),
        last_seen=moment(row["last_seen"]), article=article_of(values | {"story": row["story_id"], "images": pictures}),
    )  # fmt: skip


_KINDS = {name: type(value) if isinstance(value, list | dict) else str for name, value in plain(Article(url="")).items()}
"""Fields of an article: list or dict for columns that hold JSON, else str."""


def row_of_capture(conn: sqlite3.Connection, record_id: str) -> int:
    """The row number of a capture.

    Raises:
        ValueError: The index does not hold it: captures are added before what was read from them.
    """
    row = conn.execute("SELECT id FROM captures WHERE record_id = ?", [record_id]).fetchone()
    if row is None:
        raise ValueError(f"no capture {record_id} in the index; add the capture before what was read from it")
    return int(row[0])
