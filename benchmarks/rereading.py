"""Re-reading of WARCs: pages a second and processor a page, by one and two processes, against `scrapy reindex`.

    python -m benchmarks.rereading --articles 400 --warcs 8
    python -m benchmarks.rereading FOLDER            # a folder of WARCs instead of invented ones

Read the processor figures where others use the machine; `at once` is the mean number of processors in use, which is the scaling where
there are as many.
"""

from __future__ import annotations

import argparse
import gzip
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from attrs import frozen

from benchmarks.newspaper import Newspaper

ROOT = Path(__file__).parents[1]


@frozen(kw_only=True)
class Figures:
    """Figures of one command."""

    name: str
    wall: float
    processor: float

    def line(self, pages: int) -> str:
        """The figures as text."""
        each, at_once = 1000 * self.processor / pages, self.processor / self.wall
        return f"{self.name:<22} {pages / self.wall:8.1f} pages/s {each:8.1f} ms of processor a page {at_once:6.2f} at once"


def main(words: list[str] | None = None) -> int:
    """Measure, and print a table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.rereading", description=__doc__)
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--articles", type=int, default=400)
    options.add_argument("--warcs", type=int, default=8)
    given = options.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        collection = Path(folder) / "archives" / "bench"
        archive = collection / "archive"
        archive.mkdir(parents=True)
        if given.folder:
            for file in given.folder.rglob("*.warc.gz"):
                shutil.copyfile(file, archive / file.name)
        else:
            _write(archive, given.articles, given.warcs)
        measured = [
            _run("reindex", folder, "reindex", str(collection)),
            *(_run(f"reread, {n} process{'es' if n > 1 else ''}", folder, *_reread(collection, folder, n)) for n in (1, 2)),
        ]
        pages = _pages(Path(folder) / "parts-1")
    print(f"{pages} captures, {len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[0]:.1f}")
    for one in measured:
        print(one.line(pages))
    _, first, second = measured
    print(f"two processes against one: {first.wall / second.wall:.2f} by the clock, processor {second.processor / first.processor:.2f}")
    return 0


def _reread(collection: Path, folder: str, processes: int) -> tuple[str, ...]:
    return "reread", str(collection), "--out", f"{folder}/parts-{processes}", "--workers", str(processes)


def _write(archive: Path, articles: int, warcs: int) -> None:
    """Write the pages of a newspaper into WARCs."""
    pages = list(Newspaper(articles).pages())
    for n in range(warcs):
        with (archive / f"bench-{n:05}.warc.gz").open("wb") as out:
            for at, (path, kind, text) in enumerate(pages[n::warcs]):
                body = text.encode()
                block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
                head = (
                    f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2026-03-01T12:00:00Z\r\nWARC-Target-URI: http://bench.example{path}\r\n"
                    f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{n:04}{at:08}>\r\n"
                    f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
                )
                out.write(gzip.compress(head.encode() + block + b"\r\n\r\n", 6))


def _run(name: str, folder: str, *words: str) -> Figures:
    """Run a command, and measure its processes."""
    environment = os.environ | {
        "ARCHIVE_DIR": f"{folder}/archives", "SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([sys.executable, "-m", "scrapy", *words], env=environment, capture_output=True, text=True, check=False)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 10):
        raise SystemExit(f"{name}: exit code {done.returncode}\n{done.stderr}")
    return Figures(name=name, wall=wall, processor=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _pages(parts: Path) -> int:
    from pyarrow import parquet

    return sum(parquet.read_metadata(file).num_rows for file in (parts / "captures").glob("*.parquet"))


if __name__ == "__main__":
    sys.exit(main())
