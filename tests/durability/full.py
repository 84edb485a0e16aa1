"""The durability tests at full length, and what they measure. From the project's root:

PYTHONPATH=. python tests/durability/full.py kills      200 kills at random moments of crawls
PYTHONPATH=. python tests/durability/full.py power      3 modes x 200 power cuts, by the model of power.py (needs strace)
PYTHONPATH=. python tests/durability/full.py resume     20 crawls of 300 pages, each killed and gone on with until it is done
PYTHONPATH=. python tests/durability/full.py speed      captures a second, recovery of 1 GB, verify, memory with 50,000 addresses
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bare_writer import exchange
from newsroom import ROOT, Newspaper, environment, judge, write
from power import MODES, cuts, strace

from crawler.collection import Collection, WriterOptions
from crawler.frontier.sqlite import SqliteFrontier
from crawler.index.store import Index
from crawler.items import Errand, Lease
from crawler.warc.verify import verify_file

AT_ONCE = 8


def kills(folder: Path, times: int) -> bool:
    """Kill crawls at random moments, often early, when files are made and mended; a collection that is done is begun anew."""
    dice, wrong, repeats, kills, crawls = random.Random(1), [], 0, 0, 0
    while kills < times:
        place = folder / f"crawl-{crawls}"
        place.mkdir()
        crawls += 1
        newspaper = Newspaper(place, pages=300)
        here, done = 0, False
        while not done and kills < times:
            asked = len(newspaper.asked())
            crawl = newspaper.crawl(at_once=AT_ONCE)
            try:
                if dice.random() < 0.7:
                    # Most of the time while pages come in, else while it starts and mends.
                    while len(newspaper.asked()) == asked and crawl.poll() is None:
                        time.sleep(0.01)
                crawl.wait(dice.uniform(0.02, 0.9))
                done = True
            except subprocess.TimeoutExpired:
                crawl.kill()
                kills, here = kills + 1, here + 1
            crawl.communicate()
            if (newspaper.collection / "index.db").exists():
                # As the crash left it, the copy is opened and judged; the crawl goes on from the original.
                shutil.copytree(newspaper.collection, place / "copy")
                wrong += judge(place / "copy")
                shutil.rmtree(place / "copy")
        newspaper.crawl(at_once=AT_ONCE).communicate()
        wrong += judge(newspaper.collection)
        if newspaper.held() != newspaper.wanted():
            wrong.append(f"{len(newspaper.wanted() - newspaper.held())} pages missing")
        pages = [page for page in newspaper.asked() if page != "/"]
        again = len(pages) - len(set(pages))
        repeats += again
        if again > here * AT_ONCE:
            wrong.append(f"{again} pages asked for again after {here} kills")
        newspaper.close()
        shutil.rmtree(place)
        print(f"  {kills} kills, {crawls} crawls, {repeats} pages asked for again, {len(wrong)} wrong", flush=True)
    print(f"kills: {kills} in {crawls} crawls of 300 pages; {repeats} pages asked for again; wrong: {wrong or 'nothing'}")
    return not wrong


def power(folder: Path, points: int) -> bool:
    """Power cuts at random calls of a writer."""
    path, trace = folder / "real" / "demo", folder / "trace"
    path.parent.mkdir()
    writer = write(path, 150, before=strace(trace))
    writer.communicate()
    good = writer.returncode == 0
    for mode in MODES:
        dice, wrong, bad, count = random.Random(mode), [], 0, 0
        for machine in cuts(trace, path, points, seed=len(mode)):
            place = folder / "cut"
            machine.lay_out(place / "demo", mode, dice)
            found = judge(place / "demo", set(machine.told))
            wrong, bad, count = wrong + found, bad + bool(found), count + 1
            shutil.rmtree(place)
        print(f"power, lost of what was not synced: {mode}: {count} cuts, {bad} of them bad: {wrong[:3] or 'nothing lost'}", flush=True)
        good = good and not wrong
    machine.lay_out(folder / "kept", "keep", random.Random(0))
    real = {p.relative_to(path): p.read_bytes() for p in path.rglob("*") if p.is_file() and not p.name.endswith("-shm")}
    kept = {p.relative_to(folder / "kept"): p.read_bytes() for p in (folder / "kept").rglob("*") if p.is_file()}
    print(f"power, nothing lost (the model's own check): {'the same' if real == kept else 'DIFFERENT'}, {len(real)} files")
    return good and real == kept


def resume(folder: Path, times: int) -> bool:
    """Each crawl is killed once at a random moment, then gone on with."""
    dice, wrong, most = random.Random(2), [], 0
    for n in range(times):
        place = folder / f"crawl-{n}"
        place.mkdir()
        newspaper = Newspaper(place, pages=300)
        crawl = newspaper.crawl(at_once=AT_ONCE)
        while len(newspaper.asked()) < 5:
            time.sleep(0.02)
        try:
            crawl.wait(dice.uniform(0.1, 2.8))
        except subprocess.TimeoutExpired:
            crawl.kill()
        crawl.communicate()
        last = newspaper.crawl(at_once=AT_ONCE)
        last.communicate()
        pages = [page for page in newspaper.asked() if page != "/"]
        again = len(pages) - len(set(pages))
        most = max(most, again)
        held = len(newspaper.held() & newspaper.wanted())
        if last.returncode or held != 300 or again > AT_ONCE:
            wrong.append(f"crawl {n}: exit {last.returncode}, {held}/300, {again} again")
        wrong += judge(newspaper.collection, again=False)
        newspaper.close()
        shutil.rmtree(place)
    print(f"resume: {times} crawls of 300 pages, {AT_ONCE} in flight: at most {most} asked for again; wrong: {wrong or 'nothing'}")
    return not wrong


def speed(folder: Path, _: int) -> bool:
    """Figures, each with what it must be."""
    good = _captures(folder)
    good = _recovery(folder) and good
    good = _verify(folder) and good
    good = _lanes(folder) and good
    return _memory(folder) and good


def _captures(folder: Path) -> bool:
    command = [sys.executable, str(Path(__file__).with_name("bare_writer.py")), str(folder / "rate"), "3000", "1000000000", "38000", "32"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(folder), check=True)
    print(f"durable captures of 38 KB, 32 at once: {done.stderr.strip()} (wanted: 100/s, p99 250 ms)", flush=True)
    rate, late = re.search(r"(\d+)/s.* p99 (\d+) ms", done.stderr).groups()  # type: ignore[union-attr]
    return int(rate) >= 100 and int(late) <= 250


def _recovery(folder: Path) -> bool:
    """An open file of 1 GB whose last 64 MiB nobody committed."""
    path = folder / "big"

    async def fill() -> int:
        collection = Collection.open(path, options=WriterOptions(max_bytes=2 * 10**9))
        n, mark = 0, 0
        while collection._writer.good_offset < 10**9:
            if not mark and collection._writer.good_offset >= 10**9 - 64 * 2**20:
                mark = n
            group = [collection.record(exchange(7 * (n + i), 76_000), lease(n + i)) for i in range(64)]
            await asyncio.gather(*group)
            n += 64
        first_lost = (await asyncio.to_thread(lambda: list(collection.index.captures())))[mark].date
        # The process dies here, and the index forgets what came behind the mark.
        collection.now(
            lambda index: index.conn.execute("DELETE FROM captures WHERE date >= ?", [first_lost.strftime("%Y-%m-%dT%H:%M:%S.%fZ")])
        )
        collection._writer._file.release()  # type: ignore[union-attr]
        collection.index.close()
        collection._lock.close()
        return n

    count = asyncio.run(fill())
    (path / "reserve").unlink(missing_ok=True)
    began, busy = time.monotonic(), time.process_time()
    collection = Collection.open(path)
    took, worked = time.monotonic() - began, time.process_time() - busy
    (file,) = collection.recovered
    found = sum(entry.capture is not None for entry in file.entries)
    collection.close()
    with closing(Index.open(path / "index.db")) as index:
        whole = len(list(index.captures())) == count
    print(
        f"recovery: {took:.2f} s ({worked:.2f} s of processor) for {file.bytes / 1e6:.0f} MB, {(file.bytes - file.began) / 2**20:.0f} MiB of it uncommitted,"
        f" {found} of {count} captures; all there: {whole} (wanted: 2 s)", flush=True,
    )  # fmt: skip
    return took <= 2 and whole


def lease(n: int) -> Lease:
    """An errand."""
    return Lease(key=f"k{n}", url=f"https://a.example/{n}", site="demo", role="requisite")


def _verify(folder: Path) -> bool:
    good = True
    for name, what in (("rate", "pages of 38 KB, half of it random"), ("big", "76 KB, half of it random")):
        (file,) = (folder / name / "archive").glob("*.warc.gz")
        began = time.process_time()
        report = verify_file(file)
        rate = report.bytes / (time.process_time() - began) / 1e6
        print(f"verify ({what}): {rate:.0f} MB of WARC a second of one core, {len(report.faults)} faults (wanted: 100)", flush=True)
        good = good and rate >= 100 and not report.faults
    shutil.rmtree(folder / "big")
    return good


def _lanes(folder: Path) -> bool:
    """Looking for work where 50,000 rows wait for a busy host."""
    with Index.open(folder / "lanes.db") as index:

        def commit(job: object, committed: object) -> None:
            job(index.conn)  # type: ignore[operator]
            committed()  # type: ignore[operator]

        frontier = SqliteFrontier(index.path, submit=commit, run_id=None, clock=lambda: datetime.now(UTC))
        with index.atomic():
            frontier.add(_errand(n, "busy.example") for n in range(50_000))
        frontier.add([_errand(50_000, "free.example", priority=-1)])
        began = time.monotonic()
        for _ in range(20):
            row = next(row for row in frontier.queued() if "busy" not in row.url)
        took = (time.monotonic() - began) / 20 * 1000
        frontier.close()
    print(f"frontier: {took:.1f} ms to find the one row of a free host behind 50,000 of a busy one ({row.url})", flush=True)
    return took < 50


def _errand(n: int, host: str, priority: int = 0) -> Errand:
    return Errand(key=f"demo/{n}", url=f"https://{host}/{n}", site="demo", role="story", priority=priority)


def _memory(folder: Path) -> bool:
    """A crawl that finds fifty thousand addresses on its first pages, stopped after 1,500 captures."""
    newspaper = Newspaper(folder, pages=500_000)
    queue = 50_000
    with Index.open(_made(newspaper.collection)) as index, index.atomic():
        frontier = SqliteFrontier(
            index.path, submit=lambda job, committed: (job(index.conn), committed())[0], run_id=None, clock=lambda: datetime.now(UTC)
        )
        for n in range(queue):
            url = f"http://paper.example/p/{400_000 + n}"
            frontier.add([Errand(key=url, url=url, site="web", role="page", story=None)])
        frontier.close()
    crawl = newspaper.crawl("-a", "max_pages=1500", at_once=AT_ONCE)
    most = 0
    while crawl.poll() is None:
        try:
            status = Path(f"/proc/{crawl.pid}/status").read_text()
            most = max(most, int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]))  # type: ignore[index]
        except (OSError, TypeError):
            pass  # it has just ended
        time.sleep(0.2)
    out, _ = crawl.communicate()
    newspaper.close()
    rate = re.search(r"received in ([\d.]+) s", out)
    print(
        f"memory: at most {most / 1024:.0f} MiB with {queue} addresses queued, 1,500 fetched in {rate and rate[1]} s (wanted: 200 MiB)",
        flush=True,
    )
    return most / 1024 <= 200


def _made(path: Path) -> Path:
    Collection.open(path).close()
    return path / "index.db"


def main() -> int:
    """Run one of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("kills", "power", "resume", "speed"))
    parser.add_argument("--times", type=int)
    options = parser.parse_args()
    run, times = {"kills": (kills, 200), "power": (power, 200), "resume": (resume, 20), "speed": (speed, 1)}[options.what]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=os.environ.get("ARCHIVE_DURABILITY_DIR")) as folder:
        good = run(Path(folder), options.times or times)
    print(
        f"{options.what}: {'good' if good else 'NOT GOOD'}, {time.monotonic() - began:.0f} s, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB here"
    )
    return 0 if good else 1


if __name__ == "__main__":
    assert ROOT.is_dir()
    sys.exit(main())
