"""The records of WARC files as two readers that share no code find them: warcio, and the crawler's own; digests by hashlib alone."""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from attrs import frozen
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from crawler.warc.records import Record
from crawler.warc.records import scan as scan_ours

MAX_DIGESTED_BYTES = 4_000_000
"""Blocks of one file that are kept for their digests to be taken again; behind it only places and small blocks are compared."""
MAX_FACTS_BYTES = 20_000


@frozen(kw_only=True)
class Found:
    """One record as warcio reads it."""

    type: str
    record_id: str
    url: str
    offset: int
    length: int
    is_http: bool
    concurrent: bool
    """Whether it names another record that it belongs to."""
    block_digest: str | None
    payload_digest: str | None
    block: bytes | None
    """None where the file's share of bytes was used up."""


def by_warcio(path: Path) -> list[Found]:
    """Every record of a file, in order, up to where it is damaged."""
    found: list[Found] = []
    with suppress(ArchiveLoadFailed, StatusAndHeadersParserException, ValueError):
        found.extend(_by_warcio(path))
    return found


def _by_warcio(path: Path) -> Iterator[Found]:
    left = MAX_DIGESTED_BYTES
    with path.open("rb") as file:
        walk = ArchiveIterator(file, no_record_parse=True)
        for record in walk:
            get = record.rec_headers.get_header
            size = int(get("Content-Length") or 0)
            block = record.raw_stream.read() if size <= max(left, MAX_FACTS_BYTES) else None
            left -= size if block is not None else 0
            # Both read what is left of the record.
            offset, length = walk.get_record_offset(), walk.get_record_length()
            yield (
                Found(
                    type=(record.rec_type or "").lower(), record_id=(get("WARC-Record-ID") or "").strip("<>"), offset=offset, length=length,
                    url=(get("WARC-Target-URI") or "").strip("<>"), block=block,
                    is_http=(get("Content-Type") or "").lower().startswith("application/http"),
                    concurrent=bool(get("WARC-Concurrent-To")), block_digest=get("WARC-Block-Digest"),
                    payload_digest=get("WARC-Payload-Digest"),
                )
            )  # fmt: skip


def by_ours(path: Path) -> list[tuple[str, str, int, int]]:
    """Type, record id, offset and length of every record as the crawler's reader finds them."""
    return [(one.type, one.record_id, one.offset, one.length) for one in scan_ours(path) if isinstance(one, Record)]


def sha1(data: bytes) -> str:
    """A digest as the tables write it."""
    return f"sha1:{b32encode(hashlib.sha1(data).digest()).decode()}"


def entity(block: bytes) -> bytes:
    """The entity body of one HTTP response: chunked framing taken off, content coding kept."""
    # Some writers end the lines of a head with LF alone.
    head, body = [*re.split(rb"\n\r?\n", block, maxsplit=1), b""][:2]
    codings = [line for line in head.lower().splitlines()[1:] if line.startswith(b"transfer-encoding:")]
    if not codings or not codings[-1].rstrip().endswith(b"chunked"):
        return body
    pieces = []
    while body:
        size, _, body = body.partition(b"\r\n")
        count = int(size.partition(b";")[0], 16)
        if not count:
            break
        pieces.append(body[:count])
        body = body[count + 2 :]
    return b"".join(pieces)


def facts(block: bytes) -> dict[str, str]:
    """The fields of an `application/warc-fields` block, in lower case."""
    pairs = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines() if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def sealed_warcs(path: Path) -> Iterator[Path]:
    """The WARC files in a collection's folder that are not being written."""
    yield from (file for file in sorted((path / "archive").iterdir()) if not file.name.endswith(".open") and file.is_file())
