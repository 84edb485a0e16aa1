"""Bytes of captures out of their WARCs, decoded within limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from crawler.archive_files.captures import TORN
from crawler.collection.layout import find_warc
from crawler.errors import Damaged
from crawler.readingroom.page import Asked, NotThere
from crawler.readingroom.strings import TEXTS

if TYPE_CHECKING:
    from crawler.index.index import Index
    from crawler.items import Capture

MOST_BYTES = 64 * 1024 * 1024
"""Of a picture, as stored and decoded."""
HEAD_BYTES = 1024 * 1024
"""Of a picture's file in which its size is looked for."""


@frozen(kw_only=True)
class Entity:
    """Entity body of a capture, content coding removed."""

    capture: Capture
    source: Capture
    """The capture whose record holds the bytes: another one of a revisit."""
    data: bytes
    problems: tuple[str, ...]


def capture_named(asked: Asked) -> Capture:
    """The capture that an address names by its record id.

    Raises:
        NotThere: The index does not know it.
    """
    name = asked.words["record"]
    found = asked.index.capture(name if name.startswith("urn:") else f"urn:uuid:{name}") or asked.index.capture(name)
    if found is None:
        raise NotThere(TEXTS["no_capture"].format(record=name[:200]))
    return found


def holder_of(index: Index, capture: Capture) -> Capture | None:
    """The capture whose record holds the payload, or None if that is unknown."""
    if capture.record_type != "revisit" and not capture.revisit_of:
        return capture
    return index.capture(capture.revisit_of) if capture.revisit_of else None


def entity_of(index: Index, path: Path, capture: Capture, *, limit: int = MOST_BYTES) -> Entity:
    """Read what a capture brought.

    Args:
        limit: Bytes at most, as stored and decoded.
    Raises:
        NotThere: It repeats a payload that the collection does not hold.
        Damaged, OSError: The record cannot be read.
    """
    from crawler.archive_files.reader import payload_at
    from crawler.parsers.encoding.content_coding import content_decoded
    from crawler.parsers.limits import ReadLimits

    source = holder_of(index, capture)
    if source is None:
        raise NotThere(TEXTS["no_original"].format(record=capture.record_id))
    file = find_warc(path, source.warc)
    if not file.is_file():
        raise Damaged(Path(source.warc), source.offset, TEXTS["warc_missing"])
    headers, payload = payload_at(file, source.offset, limit=limit, torn=source.truncated == TORN)
    data, problems = content_decoded(payload, headers, ReadLimits(text_bytes=limit))
    return Entity(capture=capture, source=source, data=data, problems=tuple(problems))
