"""Captures as CDXJ: plain, or in compressed blocks as replay tools load them by parts."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from crawler.index.index import Index
from crawler.items import Capture
from crawler.subsets.outcome import Outcome, Tell
from crawler.subsets.selection import Selection
from crawler.subsets.sorted_lines import SortedLines
from crawler.warc import cdxj

BLOCK_LINES = 1024
"""Lines of a compressed block, as pywb and py-wacz write them."""
_GZIP = 31


def cdxj_line(capture: Capture) -> bytes:
    """The CDXJ line of a capture, with its newline."""
    return cdxj.line(capture).encode() + b"\n"


def write_cdxj(out: BinaryIO, index: Index, selection: Selection, outcome: Outcome, tell: Tell, *, folder: Path) -> None:
    """Write the selected captures as one CDXJ, sorted by SURT and date.

    Args:
        folder: Where lines beyond memory are sorted.
    """
    outcome.left_out += selection.lost(index)
    with SortedLines(folder) as lines:
        ids = selection.captures(index, order="id")
        for n, capture in enumerate(index.captures_at(ids), 1):
            lines.add(cdxj_line(capture))
            tell("captures", n, n / len(ids) * 0.9)
        for line in lines:
            out.write(line)
            outcome.counts["captures"] += 1
    tell("captures", len(ids), 1)


def blocks(lines: SortedLines, name: str, pointers: list[bytes]) -> Iterator[bytes]:
    """Compress lines in blocks, each a gzip member.

    Args:
        name: File name of the blocks, as the pointers give it.
        pointers: Takes one line a block: the secondary index.
    """
    offset = 0
    pointers.append(f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': name})}\n".encode())
    rest = iter(lines)
    while block := list(islice(rest, BLOCK_LINES)):
        deflater = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
        data = deflater.compress(b"".join(block)) + deflater.flush()
        key = block[0].partition(b" {")[0].decode()
        place = {"offset": offset, "length": len(data), "digest": f"sha256:{hashlib.sha256(data).hexdigest()}", "filename": name}
        pointers.append(f"{key} {json.dumps(place)}\n".encode())
        offset += len(data)
        yield data
