"""Write sorted CDXJ lines as ZipNum: gzip blocks and an index of them.

    cdx-00000.gz    the lines; a gzip member each 3,000, so that one can be read alone
    cluster.idx     a line a block: key and timestamp of its first line, then by tabs file, offset, length, number
    cluster.loc     the files by name

Source: the index of Common Crawl; pywb's and cdx-toolkit's readers of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO

from attrs import frozen

BLOCK_LINES = 3000
PART_BLOCKS = 10_000
"""Blocks of one file: about 2.4 GB."""
INDEX = "cluster.idx"
LOCATIONS = "cluster.loc"
_GZIP = 31


@frozen(kw_only=True)
class Written:
    """Figures of a ZipNum."""

    lines: int
    blocks: int
    bytes: int
    """Of the blocks and their index."""


def write_zipnum(folder: Path, lines: Iterable[bytes], *, block_lines: int = BLOCK_LINES, part_blocks: int = PART_BLOCKS) -> Written:
    """Write a ZipNum into a folder; a line that comes twice is written once.

    Args:
        lines: Sorted by bytes, each with its newline.
        block_lines: Lines of a block.
        part_blocks: Blocks of a file.
    """
    rest, total, blocks, count = _single(lines), 0, 0, 0
    with ExitStack() as stack:
        index = stack.enter_context((folder / INDEX).open("wb"))
        locations = stack.enter_context((folder / LOCATIONS).open("w"))
        part: IO[bytes] | None = None
        while block := list(islice(rest, block_lines)):
            if part is None or blocks % part_blocks == 0:
                name = f"cdx-{blocks // part_blocks:05}.gz"
                if part is not None:
                    part.close()
                part = stack.enter_context((folder / name).open("wb"))
                locations.write(f"{name}\t{name}\n")
            data = _compressed(block)
            key = block[0].partition(b" {")[0]
            total += index.write(key + f"\t{name}\t{part.tell()}\t{len(data)}\t{blocks + 1}\n".encode()) + len(data)
            part.write(data)
            blocks, count = blocks + 1, count + len(block)
    return Written(lines=count, blocks=blocks, bytes=total)


def _compressed(block: list[bytes]) -> bytes:
    deflater = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    return deflater.compress(b"".join(block)) + deflater.flush()


def _single(lines: Iterable[bytes]) -> Iterator[bytes]:
    before = b""
    for line in lines:
        if line != before:
            yield line
        before = line
