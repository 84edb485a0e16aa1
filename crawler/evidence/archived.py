"""Bytes of captures out of their WARCs, decoded within limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from crawler.archive_files.captures import TORN
from crawler.collection.layout import find_warc
from crawler.errors import ArchiveError, Damaged

if TYPE_CHECKING:
    from crawler.index.index import Index
    from crawler.items import Capture

MOST_BYTES = 64 * 1024 * 1024
"""Of an entity body, as stored and decoded."""


class NotHeld(ArchiveError):
    """A capture repeats a payload that the collection does not hold."""


@frozen(kw_only=True)
class Entity:
    """Entity body of a capture, content coding removed."""

    source: Capture
    """The capture whose record holds the bytes: another one of a revisit."""
    data: bytes
    problems: tuple[str, ...]


def holder_of(index: Index, capture: Capture) -> Capture | None:
    """The capture whose record holds the payload, or None if that is unknown."""
    if capture.record_type != "revisit" and not capture.revisit_of:
        return capture
    return index.capture(capture.revisit_of) if capture.revisit_of else None


def warc_of(path: Path, capture: Capture) -> Path:
    """The file that holds a capture's record.

    Raises:
        Damaged: It is not there.
    """
    file = find_warc(path, capture.warc)
    if not file.is_file():
        raise Damaged(Path(capture.warc), capture.offset, "the WARC is not there")
    return file


def entity_of(index: Index, path: Path, capture: Capture, *, limit: int = MOST_BYTES) -> Entity:
    """Read the entity body of a capture.

    Args:
        limit: Bytes at most, as stored and decoded.
    Raises:
        NotHeld: It repeats a payload that the collection does not hold.
        Damaged, OSError: The record cannot be read.
    """
    from crawler.archive_files.reader import payload_at
    from crawler.parsers.encoding.content_coding import content_decoded
    from crawler.parsers.limits import ReadLimits

    source = holder_of(index, capture)
    if source is None:
        raise NotHeld(f"{capture.record_id} repeats a payload that this collection does not hold")
    headers, payload = payload_at(warc_of(path, source), source.offset, limit=limit, torn=source.truncated == TORN)
    data, problems = content_decoded(payload, headers, ReadLimits(text_bytes=limit))
    return Entity(source=source, data=data, problems=tuple(problems))
