"""Rows of captures and of what was read from them, by the columns of `index.db`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from attrs import fields

from crawler.index.text_digest import text_digest
from crawler.items import (
    Article,
    Capture,
    Failed,
    Failure,
    Listing,
    Media,
    NotModified,
    Outcome,
    Parsed,
    Redirect,
    Robots,
    Target,
    Unparsed,
    Unusable,
    article_of,
    content_of,
    plain,
)
from crawler.processing.plain_outcomes import kept
from crawler.urls import host_of, page_key

BY_RECORD, BY_REVISIT, BY_READING = "record", "revisit", "reading"
"""Who tells a failure: the record itself, the lack of a revisit's original, or a reader."""
_TARGET_COLUMNS = {
    "key": "key", "url": "url", "site": "site", "role": "role", "story_id": "story", "language": "language", "found_on": "found_on",
}  # fmt: skip
_CAPTURE_COLUMNS = tuple(one.name for one in fields(Capture) if one.name != "target")
_TIMES = ("date", "refers_to_date", "memento_date")
_WORDS: dict[type[Any], str] = {
    Parsed: "article", Unparsed: "unread", Listing: "list", Media: "media", Robots: "robots", Redirect: "redirect",
    NotModified: "not-modified", Unusable: "unusable",
}  # fmt: skip


class Row(NamedTuple):
    """One row of a table."""

    table: str
    values: Mapping[str, Any]
    """Columns by name; times as text, UTC; lists and objects as JSON."""


def clean(text: str) -> str:
    """Make text valid UTF-8: lone surrogates become U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def iso(when: datetime) -> str:
    """A moment as all tables hold it."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def as_json(value: object) -> str:
    """Compact JSON."""
    return clean(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def capture_row(capture: Capture, *, outcome: Outcome | None, read_state: str, reader_version: str | None) -> Row:
    """The row of a capture with its outcome.

    Args:
        outcome: None if it was not read.
        read_state: Where no outcome tells it.
        reader_version: Of the readers that gave it site and role.
    """
    values = _of_capture(capture)
    content = content_of(outcome) if outcome is not None else None
    state = outcome.read_state if outcome is not None and outcome.read_state != "unread" else read_state
    imprint = content.imprint if isinstance(content, Media) else None
    reason, detail = (outcome.reason, outcome.detail) if isinstance(outcome, Failed) else (None, None)
    values |= {
        "refers_to": capture.revisit_of, "read_state": state, "collection": None,
        "assigned_by": reader_version, "reader_version": (outcome.reader_version if outcome is not None else None) or reader_version,
        "outcome": _WORDS[type(content)] if content is not None else None, "reason": reason,
        "detail": None if detail is None else clean(detail),
        "file_byline": _cleaned(imprint.byline if imprint else None), "file_credit": _cleaned(imprint.credit if imprint else None),
        "file_copyright": _cleaned(imprint.copyright if imprint else None),
        "outcome_data": None if outcome is None else kept(outcome),
    }  # fmt: skip
    return Row("captures", values)


def _cleaned(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _of_capture(capture: Capture) -> dict[str, Any]:
    """Columns of table `captures`."""
    values = _of_target(capture.target)
    for name in _CAPTURE_COLUMNS:
        value = getattr(capture, name)
        values[name] = clean(value) if isinstance(value, str) else value
    for name in _TIMES:
        if values[name] is not None:
            values[name] = iso(values[name])
    return values


def _of_target(target: Target) -> dict[str, Any]:
    values = {column: getattr(target, name) for column, name in _TARGET_COLUMNS.items()}
    return {column: clean(value) if isinstance(value, str) else value for column, value in values.items()}


def rows_of(capture: Capture, outcome: Outcome) -> Iterator[Row]:
    """Rows of what was read from a capture, but for the capture's own."""
    content = content_of(outcome)
    if isinstance(content, Unusable) and not content.noted and not content.unused:
        failure = Failure(
            target=capture.target.at(capture.via or capture.url), date=capture.date, reason=content.reason, detail=content.detail,
            attempt=content.lease.attempt, bytes=content.bytes, record_id=capture.record_id, elapsed_ms=capture.elapsed_ms,
        )  # fmt: skip
        yield failure_row(failure, capture, told_by=BY_READING)
    place = _place(capture)
    if isinstance(content, Parsed):
        yield from _of_article(content, capture, place)
    seen = {**place, "page_url": place["url"]}
    for position, link in enumerate(content.links):
        values = {"position": position, "url": clean(link.url), "text": clean(link.text), "link_date": _cleaned(link.date)}
        yield Row("links", {**seen, **values, "leads_to_list": link.listing})


def _place(capture: Capture) -> dict[str, Any]:
    return {
        "record_id": capture.record_id, "url": clean(capture.url), "host": capture.host, "warc": capture.warc, "offset": capture.offset,
        "length": capture.length, "date": iso(capture.date), "shown": iso(capture.shown),
    }  # fmt: skip


def _of_article(outcome: Parsed, capture: Capture, place: dict[str, Any]) -> Iterator[Row]:
    """The version that a capture shows, and its pictures."""
    article = outcome.article
    values = plain(article)
    for name in ("url", "story", "images"):
        del values[name]
    values = {
        name: clean(value) if isinstance(value, str) else value if value is None else as_json(value) for name, value in values.items()
    }
    story = clean(article.story or capture.story or f"{capture.site}/{page_key(capture.url)}")
    of = {"story_id": story, "text_digest": text_digest(article)}
    texts = {
        "body": clean(article.body), "captions": _lines([image.caption for image in article.images]),
        "credits": _lines([image.credit for image in article.images]),
    }  # fmt: skip
    yield Row("versions", {**place, **of, **values, **texts, "reader_version": outcome.reader_version, "further": len(outcome.further)})
    for n, image in enumerate(article.images):
        names = ("url", "key", "caption", "credit", "agency", "alt", "raw")
        picture = {name: _cleaned(getattr(image, name)) for name in names}
        yield Row("images", {**place, **of, "page_url": place["url"], "n": n, **picture, "key": picture["key"] or picture["url"]})


def _lines(texts: list[str | None]) -> str:
    return clean("\n".join(text for text in texts if text))


def failure_row(failure: Failure, capture: Capture | None, *, told_by: str) -> Row:
    """The row of a failed attempt."""
    warc, offset = (capture.warc, capture.offset) if capture is not None else (None, None)
    return Row("failures", {
        **_of_target(failure.target), "host": host_of(failure.url), "date": iso(failure.date), "reason": failure.reason,
        "detail": clean(failure.detail), "attempt": failure.attempt, "bytes": failure.bytes, "elapsed_ms": failure.elapsed_ms,
        "record_id": failure.record_id, "warc": warc, "offset": offset, "told_by": told_by,
    })  # fmt: skip


def record_row(capture: Capture) -> Row:
    """The row of a record that a walk met: what revisits are resolved by."""
    names = (
        "record_id", "written_id", "record_type", "url", "host", "date", "status", "role", "site", "story_id", "key", "attempt",
        "truncated", "payload_digest", "written_digest", "refers_to_url", "refers_to_date", "block_digest", "warc", "offset", "length",
        "via", "memento_date",
    )  # fmt: skip
    values = _of_capture(capture)
    return Row("records", {**{name: values[name] for name in names}, "refers_to": values["revisit_of"]})


def article_at(values: Mapping[str, Any], images: list[Mapping[str, Any]], stub: Article) -> Article:
    """Make an article of its row and the rows of its pictures.

    Args:
        stub: What is kept beside them.
    """
    made: dict[str, Any] = {"url": stub.url, "story": stub.story}
    empty = plain(Article(url=""))
    for name, default in empty.items():
        if name in values and name not in made:
            value = values[name]
            made[name] = json.loads(value) if isinstance(default, list | dict) and isinstance(value, str) else value
    kept_names = ("url", "key", "caption", "credit", "agency", "alt", "raw")
    made |= {"images": [{name: image[name] for name in kept_names} for image in images]}
    return article_of(made | {"published": stub.published, "modified": stub.modified})
