"""Outcomes as plain data, as a worker process sends them.

The request and the capture are not sent: the process that asked has them, and takes nobody's word for them.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, get_type_hints

import msgspec
from attrs import evolve, fields, frozen

from crawler.items import (
    Article,
    Capture,
    CutOff,
    LeasedRequest,
    Link,
    LinkList,
    Listing,
    Media,
    NotModified,
    Outcome,
    Parsed,
    Redirect,
    Robots,
    Unparsed,
    Unusable,
    Usable,
)

_KINDS: tuple[type[Any], ...] = (Parsed, Unparsed, Listing, Media, Robots, Redirect, NotModified, Unusable)
_KEPT = ("lease", "capture")
"""Fields that the process that asked sets itself."""
_PAIRS = msgspec.json.Decoder(list[tuple[str, str]])
_NUL = b"\\u0000"
"""As JSON has it: no text of the index holds it."""


class SentLinks(LinkList):
    """Links as a worker sends them, which are stored as they came."""

    @classmethod
    def from_plain(cls, value: object) -> SentLinks:
        """Read what was sent: bytes, or base64 of them.

        Raises:
            ValueError: It is no list of pairs of texts that the index takes.
        """
        packed = b64decode(value, validate=True) if isinstance(value, str) else value
        if not isinstance(packed, bytes) or _NUL in packed:
            raise ValueError("links that the index does not take")
        return cls(packed, _PAIRS.decode(packed))


def packed_links(links: Sequence[Link]) -> bytes | None:
    """The JSON of links that have only address and text, if they are so."""
    if not links or any(link.date is not None or link.listing for link in links):
        return None
    try:
        packed = msgspec.json.encode([(link.url, link.text) for link in links])
    except UnicodeEncodeError:
        return None
    return packed if _NUL not in packed else None


@frozen
class _Shape:
    """The plain form of one kind of outcome."""

    names: tuple[str, ...]
    plain: Callable[..., msgspec.Struct]
    values: Callable[[Any], tuple[Any, ...]]


def _shape(kind: type[Any]) -> _Shape:
    hints = get_type_hints(kind) | {"links": tuple[Link, ...]}
    names = tuple(one.name for one in fields(kind) if one.name not in _KEPT)
    plain = msgspec.defstruct(kind.__name__, [(name, hints[name]) for name in names], array_like=True, tag=kind.__name__, gc=False)
    return _Shape(names, plain, attrgetter(*names))


_SHAPES = {kind: _shape(kind) for kind in _KINDS}
_KIND_OF = {shape.plain: kind for kind, shape in _SHAPES.items()}


class PlainOutcome(msgspec.Struct, array_like=True, gc=False):
    """One outcome without its request and its capture."""

    content: Any
    """One of the plain forms above; `_content` tells which when it is read back."""
    status: int | None
    """Of the capture, where the record that holds its payload tells it."""
    cut: tuple[str, str] | None = None
    """Reason and detail of an answer that was cut off."""
    links: bytes | SentLinks | None = None
    """Those of the content, which has none then: written as bytes, read back as links."""


_CONTENT: Any = None
for _kind in _SHAPES.values():
    _CONTENT = _kind.plain if _CONTENT is None else _CONTENT | _kind.plain
PLAIN_OUTCOME: Any = msgspec.defstruct(
    "PlainOutcome",
    [("content", _CONTENT), ("status", int | None), ("cut", tuple[str, str] | None, None), ("links", SentLinks | None, None)],
    bases=(PlainOutcome,), array_like=True, gc=False,
)  # fmt: skip
"""What is read back: its content must be one of the plain forms, each value of its type."""


def plain_of(outcome: Outcome) -> PlainOutcome:
    """Write an outcome as plain data."""
    content: Usable | Unusable = outcome.read if isinstance(outcome, CutOff) else outcome
    shape, capture = _SHAPES[type(content)], content.capture
    cut = (outcome.reason, outcome.detail) if isinstance(outcome, CutOff) else None
    packed = packed_links(content.links)
    values = shape.values(content) if packed is None else (() if value is content.links else value for value in shape.values(content))
    plain = shape.plain(*values)
    return PlainOutcome(plain, capture.status if capture is not None else None, cut, packed)


def outcome_of(plain: PlainOutcome, lease: LeasedRequest, capture: Capture) -> Outcome:
    """Make an outcome of plain data, for a request and its capture."""
    kind = _KIND_OF[type(plain.content)]
    if capture.status is None and plain.status is not None:
        capture = evolve(capture, status=plain.status)
    shape = _SHAPES[kind]
    values = {name: getattr(plain.content, name) for name in shape.names}
    if plain.links is not None:
        # As they were written, where no process lies between.
        values["links"] = SentLinks.from_plain(plain.links) if isinstance(plain.links, bytes) else plain.links
    made = kind(lease=lease, capture=capture, **values)
    return CutOff(read=made, reason=plain.cut[0], detail=plain.cut[1]) if plain.cut is not None else made


# -- kept in a file, apart from text, pictures and links


ELSEWHERE = ""
"""Template of an article whose text and pictures are kept elsewhere."""
_AS_JSON = b"j"


def kept(outcome: Outcome) -> bytes:
    """Write an outcome without its links and the text of its article.

    A text that is no valid UTF-8 is kept.
    """
    plain = plain_of(outcome)
    plain.links, content = None, plain.content
    content.links = ()
    if hasattr(content, "article") and _is_text(content.article):
        article = content.article
        content.article = Article(
            url=article.url, story=article.story, template=ELSEWHERE, published=article.published, modified=article.modified
        )  # fmt: skip
    try:
        return b"m" + msgspec.msgpack.encode(plain, enc_hook=str)
    except (UnicodeEncodeError, OverflowError):
        return _AS_JSON + json.dumps(msgspec.to_builtins(plain)).encode()


def kept_outcome(data: bytes, lease: LeasedRequest, capture: Capture) -> Outcome:
    """Make the outcome that `kept` wrote, for a request and its capture."""
    if data.startswith(_AS_JSON):
        return outcome_of(msgspec.convert(json.loads(data[1:]), PLAIN_OUTCOME), lease, capture)
    return outcome_of(_KEPT_OUTCOMES.decode(data[1:]), lease, capture)


_KEPT_OUTCOMES: msgspec.msgpack.Decoder[PlainOutcome] = msgspec.msgpack.Decoder(PLAIN_OUTCOME)


def _is_text(article: Article) -> bool:
    """Test if all texts of an article can be written as UTF-8."""
    try:
        json.dumps(msgspec.to_builtins(article), ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return False
    return True
