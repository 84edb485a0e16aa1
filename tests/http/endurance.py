"""Figures that take a while: does one hostile host slow the others, and does memory stay flat.

python tests/http/endurance.py slowdown [--pairs 9]     pairs of crawls, without and with a hostile host
python tests/http/endurance.py soak [--count 10000]     one long crawl of good pages and faults
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from fault_server import FaultServer, fault_server, page, scenes
from hostile_crawl import ROOT, Server

QUIET = {"ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "LOG_LEVEL": "WARNING"}
HOSTILE = (
    "endless-body", "html-attr-32m", "hang", "gzip-bomb-html", "html-selector-bomb", "stall-body", "sitemap-500k", "slow-headers", "header-flood",
    "html-deep", "jsonld-deep", "sitemap-gz-bomb", "rst-first", "html-links-200k",
)  # fmt: skip
PAGES = 60
SLOW_SCENES = {"no-answer-hang", "stall-body", "stall-head", "dribble", "surplus-late"}
TEXT = "Some words that make a paragraph, and some more of them to make it longer. "


def start(folder: Path, seeds: list[str], arguments: list[str], settings: dict[str, object]) -> subprocess.Popen[bytes]:
    """Begin a crawl in a process of its own."""
    words = [w for name, value in (QUIET | settings).items() for w in ("-s", f"{name}={value}")]
    environment = os.environ | {"ARCHIVE_DIR": str(folder), "SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "scrapy", "crawl", "web", "-a", f"seeds={','.join(seeds)}", *arguments, *words]
    with (folder / "out").open("w") as out, (folder / "log").open("w") as log:
        return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=out, stderr=log)


def good_seconds(folder: Path) -> float:
    """From the first to the last page of the good host."""
    with sqlite3.connect(folder / "web" / "index.db") as db:
        dates = [datetime.fromisoformat(d) for (d,) in db.execute("SELECT date FROM captures WHERE host = 'good.example' ORDER BY date")]
    assert len(dates) > PAGES, f"only {len(dates)} good captures"
    return (dates[-1] - dates[0]).total_seconds()


def slowdown(pairs: int, port: int) -> None:
    """The good host's crawl time without and with a hostile host beside it."""
    good, bad = Server(port), Server(port + 10)
    ratios = []
    try:
        for n in range(pairs):
            seconds = {}
            for hostile in (False, True) if n % 2 else (True, False):
                with tempfile.TemporaryDirectory() as scratch:
                    seeds = [f"http://good.example/site/?n={PAGES}"]
                    seeds += [f"http://bad.example/trap/{name}?n={k}" for k in range(2) for name in HOSTILE] if hostile else []
                    settings = {
                        "ARCHIVE_CONNECT_TO": f"good.example:80=127.0.0.1:{good.port},bad.example:80=127.0.0.1:{bad.port}",
                        "DOWNLOAD_DELAY": 0.2, "DOWNLOAD_DELAY_JITTER": 0, "ARCHIVE_ATTEMPTS": 1, "ARCHIVE_TOTAL_TIMEOUT": 5, "ARCHIVE_IDLE_TIMEOUT": 2,
                        "ARCHIVE_MAX_PAGES_PER_HOST": PAGES + 1,
                    }  # fmt: skip
                    start(Path(scratch), seeds, ["-a", "depth=1"], settings).wait(300)
                    seconds[hostile] = good_seconds(Path(scratch))
            ratios.append(seconds[True] / seconds[False])
            print(f"pair {n + 1}: alone {seconds[False]:.2f} s, with a hostile host {seconds[True]:.2f} s, {ratios[-1]:.3f}", flush=True)
    finally:
        good.close()
        bad.close()
    print(
        f"{pairs} pairs, {PAGES} pages at 5 a second: median ratio {statistics.median(ratios):.3f}, from {min(ratios):.3f} to {max(ratios):.3f}"
    )


class Mixture(FaultServer):
    """Seven good pages in ten, else a fault; every hundredth page is large enough for a worker process."""

    def fill(self, count: int) -> None:
        """Make the pages."""
        faults = sorted(scenes().keys() - SLOW_SCENES)
        addresses = [f"/good?{n}" if n % 10 < 7 else f"/{faults[n % len(faults)]}?{n}" for n in range(count)]
        for n, address in enumerate(addresses):
            if address.startswith("/good"):
                self.pages[address] = page(f"<html><h1>Page number {n}</h1><p>{TEXT * (5000 if n % 100 == 0 else 20)}</p></html>")
        for at in range(0, count, 4000):
            links = "".join(f'<a href="{address}">x</a>' for address in addresses[at : at + 4000])
            self.pages[f"/index{at}"] = page(f"<html><body><h1>An index of pages</h1>{links}</body></html>")


def look(pid: int) -> tuple[float, int]:
    """Memory in MiB and open files of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def soak(count: int) -> None:
    """One long crawl, watched from outside."""
    with tempfile.TemporaryDirectory() as scratch:
        async with fault_server(made=Mixture()) as server:
            server.fill(count)
            seeds = [f"{server.url}/index{at}" for at in range(0, count, 4000)]
            settings: dict[str, object] = {
                "ARCHIVE_ALLOW_ADDRESSES": f"127.0.0.1:{server.port}", "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 4, "ARCHIVE_ATTEMPTS": 2,
                "ARCHIVE_HOST_FAILURES": count, "ARCHIVE_IDLE_TIMEOUT": 2,
            }  # fmt: skip
            began, seen = time.monotonic(), []
            process = start(Path(scratch), seeds, [], settings)
            while process.poll() is None:
                await asyncio.sleep(2)
                try:
                    seen.append((time.monotonic() - began, len(server.requests), *look(process.pid)))
                except (OSError, StopIteration):
                    break  # it has just ended
        code = process.wait(60)
        with sqlite3.connect(Path(scratch) / "web" / "index.db") as db:
            captures = db.execute("SELECT count(*) FROM captures").fetchone()[0]
            states = dict(db.execute("SELECT state, count(*) FROM frontier GROUP BY state"))
            for row in db.execute(
                "SELECT url, state, reason, detail FROM frontier WHERE url LIKE '%/good?%' AND (state != 'done' OR reason IS NOT NULL) LIMIT 5"
            ):
                print("  not archived:", *row)
            good = db.execute("SELECT count(*) FROM captures WHERE url LIKE '%/good?%' AND status = 200 AND truncated IS NULL").fetchone()[
                0
            ]
    asked = sum(address.startswith("/good") for address in server.pages)
    print(f"exit {code}, {time.monotonic() - began:.0f} s, {captures} captures, frontier {states}, good pages {good} of {asked}")
    for at in range(0, len(seen), max(1, len(seen) // 10)):
        print("  {:4.0f} s  {:6d} requests  {:6.1f} MiB  {:3d} files".format(*seen[at]))
    half = seen[len(seen) // 2 :]
    slope = statistics.linear_regression([s[1] for s in half], [s[2] for s in half]).slope
    print(
        f"second half: {slope * 1000:+.2f} MiB a 1000 exchanges, files {min(s[3] for s in half)} to {max(s[3] for s in half)}, peak {max(s[2] for s in seen):.0f} MiB"
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("slowdown", "soak"))
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--port", type=int, default=21_500)
    options = parser.parse_args()
    if options.what == "slowdown":
        slowdown(options.pairs, options.port)
    else:
        asyncio.run(soak(options.count))


if __name__ == "__main__":
    main()
