"""ZipNum: every line is in one block, and the index of blocks leads to it."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zlib
from bisect import bisect_right
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.zipnum.blocks import BLOCK_LINES, INDEX, LOCATIONS, write_zipnum


def line(number: int) -> bytes:
    return b'org,example)/%08d 20261129000000 {"url": "https://example.org/%d"}\n' % (number, number)


def blocks_of(folder: Path) -> list[tuple[bytes, list[bytes]]]:
    """Key and lines of each block, by the index alone, each block inflated by itself."""
    places = dict(row.split("\t") for row in (folder / LOCATIONS).read_text().splitlines())
    found = []
    for number, row in enumerate((folder / INDEX).read_bytes().splitlines(), 1):
        key, part, offset, length, count = row.split(b"\t")
        assert int(count) == number
        with (folder / places[part.decode()]).open("rb") as file:
            file.seek(int(offset))
            member = zlib.decompressobj(31)
            text = member.decompress(file.read(int(length)))
        assert member.eof
        assert not member.unused_data
        found.append((key, text.splitlines(keepends=True)))
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.sets(st.integers(0, 400)), st.integers(1, 9), st.integers(1, 5))
def test_each_line_is_in_its_block(tmp_path: Path, numbers: set[int], block_lines: int, part_blocks: int) -> None:
    wanted = [line(number) for number in sorted(numbers)]
    written = write_zipnum(tmp_path, wanted, block_lines=block_lines, part_blocks=part_blocks)
    blocks = blocks_of(tmp_path)
    assert [one for _, some in blocks for one in some] == wanted
    assert (written.lines, written.blocks) == (len(wanted), len(blocks))
    assert all(len(some) == block_lines for _, some in blocks[:-1])
    assert [key for key, _ in blocks] == [some[0].partition(b" {")[0] for _, some in blocks]
    for one in wanted:
        at = bisect_right([key for key, _ in blocks], one.partition(b" {")[0]) - 1
        assert one in blocks[at][1]


def test_a_line_that_comes_twice_is_written_once(tmp_path: Path) -> None:
    assert write_zipnum(tmp_path, [line(1), line(1), line(2)]).lines == 2


def test_files_are_gzip_files(tmp_path: Path) -> None:
    write_zipnum(tmp_path, map(line, range(BLOCK_LINES * 2 + 5)), part_blocks=2)
    parts = sorted(tmp_path.glob("cdx-*.gz"))
    assert [part.name for part in parts] == ["cdx-00000.gz", "cdx-00001.gz"]
    assert b"".join(gzip.decompress(part.read_bytes()) for part in parts) == b"".join(map(line, range(BLOCK_LINES * 2 + 5)))


_MILLION = """
import resource, sys
from pathlib import Path
from crawler.subsets.sorted_lines import SortedLines
from crawler.zipnum.blocks import write_zipnum
folder = Path(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with SortedLines(folder) as lines:
    for n in range(1_000_000):
        key = n * 7919 % 1_000_003
        lines.add(b'org,example)/news/%08d 20261129%06d {"url": "https://example.org/news/%08d", "digest": "sha1:%032x", "length": "%d"}\\n'
                  % (key, n % 240000, key, n * 104729, n % 9999))
    written = write_zipnum(folder, lines)
print(written.lines, written.bytes, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_million_lines_in_constant_memory(tmp_path: Path) -> None:
    """Unsorted lines of 150 MB are sorted and written in less than 64 MiB."""
    done = subprocess.run([sys.executable, "-c", _MILLION, str(tmp_path)], capture_output=True, text=True, check=True)
    lines, size, more = map(int, done.stdout.split())
    assert lines == 1_000_000
    assert more < 64 * 1024  # KiB
    assert size == sum((tmp_path / name).stat().st_size for name in (INDEX, "cdx-00000.gz"))
