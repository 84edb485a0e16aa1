"""The durability tests at full length, and what they measure. From the project's root:

PYTHONPATH=. python tests/durability/full.py kills      200 kills at random moments of crawls
PYTHONPATH=. python tests/durability/full.py power      3 modes x 200 power cuts, by the model of power.py (needs strace)
PYTHONPATH=. python tests/durability/full.py resume     20 crawls of 300 pages, each killed and gone on with until it is done
PYTHONPATH=. python tests/durability/full.py torn       a file cut at each byte of its last member, the collection opened each time
PYTHONPATH=. python tests/durability/full.py speed      captures a second, recovery of 1 GB, verify, the queue
PYTHONPATH=. python tests/durability/full.py memory     of crawls that find 50,000 addresses
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
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bare_writer import exchange
from newsroom import ROOT, Newspaper, Tear, committed, environment, judge, peak, write
from power import MODES, cuts, strace

from crawler.archive_files.verify import verify_file
from crawler.collection.collection import Collection, WriterOptions
from crawler.frontier.store import SqliteFrontier
from crawler.index.index import Index
from crawler.items import FrontierRequest, LeasedRequest, Target

AT_ONCE = 8


PAGES = 300
PHASES = ("before its first page", *(f"{n} to {n + 9} % of the pages held" for n in range(0, 100, 10)), "all pages asked for")


def kills(folder: Path, times: int) -> bool:
    """Kill crawls at moments spread over all of them, resuming each until it is done, then beginning anew.

    One in ten is killed before its first page, one in ten when all have been asked for, the others after 1 to 40 pages more and some
    milliseconds. What the kill left is judged in a copy; the crawl goes on from the original.
    """
    dice, wrong, repeats, crawls, when = random.Random(1), [], 0, 0, Counter[str]()
    while when.total() < times:
        place = folder / f"crawl-{crawls}"
        place.mkdir()
        newspaper, crawls, before = Newspaper(place, pages=PAGES), crawls + 1, when.total()
        while when.total() < times and (phase := _kill(newspaper, dice)):
            when[phase] += 1
            if (newspaper.collection / "index.db").exists():
                shutil.copytree(newspaper.collection, place / "copy")
                wrong += judge(place / "copy", committed(place / "copy"))
                shutil.rmtree(place / "copy")
        newspaper.crawl(at_once=AT_ONCE).communicate()
        wrong += judge(newspaper.collection)
        if newspaper.held() != newspaper.wanted():
            wrong.append(f"{len(newspaper.wanted() - newspaper.held())} pages missing")
        pages = [page for page in newspaper.asked() if page != "/"]
        again = len(pages) - len(set(pages))
        repeats += again
        if again > (when.total() - before) * AT_ONCE:
            wrong.append(f"{again} pages asked for again after {when.total() - before} kills")
        newspaper.close()
        shutil.rmtree(place)
        print(f"  {when.total()} kills, {crawls} crawls, {repeats} pages asked for again, {len(wrong)} wrong", flush=True)
    print(f"kills: {when.total()} in {crawls} crawls of {PAGES} pages; {repeats} pages asked for again; wrong: {wrong or 'nothing'}")
    print("\n".join(f"  {when[phase]:4d} {phase}" for phase in PHASES))
    return not wrong


def _kill(newspaper: Newspaper, dice: random.Random) -> str | None:
    """Start the next crawl and kill it; in which phase, or None where it came to its end."""
    known = set(newspaper.asked())
    where = dice.random()
    left = len(newspaper.wanted() - known)
    crawl = newspaper.crawl(at_once=AT_ONCE)
    if where < 0.1:
        # What it asks for before that is the robots.txt, which is not counted.
        done = newspaper.kill(crawl, 0, dice.uniform(0.1, 0.9))
    elif where < 0.2 and left < PAGES // 2:
        done = newspaper.kill(crawl, max(left, 1), dice.uniform(0, 0.5))
    else:
        done = newspaper.kill(crawl, dice.randint(1, 40), dice.uniform(0, 0.05))
    if not done:
        return None
    asked = newspaper.asked()
    if len(asked) == len(known) and set(asked) == known:
        return PHASES[0]
    if set(asked) == newspaper.wanted():
        return PHASES[-1]
    return PHASES[1 + min(len(newspaper.held()) * 10 // PAGES, 9)]


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
        newspaper = Newspaper(place, pages=PAGES)
        crawl = newspaper.crawl(at_once=AT_ONCE)
        newspaper.kill(crawl, dice.randint(5, 295), dice.uniform(0, 0.05))
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


def torn(folder: Path, _: int) -> bool:
    """A collection opened with its open file cut at each byte of the last member."""
    writer = write(folder / "demo", 3, max_bytes=10**9, fault="seal:before=kill")
    writer.communicate()
    tear = Tear(folder / "demo")
    cuts = range(tear.last.offset + 1, tear.last.offset + tear.last.length)
    wrong = [what for at in cuts for what in tear.at(at)]
    print(f"torn: {len(cuts)} cuts; wrong: {wrong[:3] or 'nothing'}")
    return not wrong


def speed(folder: Path, _: int) -> bool:
    """Figures, each with what it must be."""
    good = _captures(folder)
    good = _recovery(folder) and good
    good = _verify(folder) and good
    return _lanes(folder) and good


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
        while collection._thread._writer.good_offset < 10**9:
            if not mark and collection._thread._writer.good_offset >= 10**9 - 64 * 2**20:
                mark = n
            group = [collection.record(exchange(7 * (n + i), 76_000), lease(n + i)) for i in range(64)]
            await asyncio.gather(*group)
            n += 64
        with collection.reader() as index:
            first_lost = list(index.captures())[mark].date
        # The process dies here, and the index forgets what came behind the mark.
        collection.now(
            lambda index: index.conn.execute("DELETE FROM captures WHERE date >= ?", [first_lost.strftime("%Y-%m-%dT%H:%M:%S.%fZ")])
        )
        collection._thread._writer._file.release()  # type: ignore[union-attr]
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


def lease(n: int) -> LeasedRequest:
    """An errand."""
    return LeasedRequest(target=Target(key=f"k{n}", url=f"https://a.example/{n}", site="demo", role="requisite"))


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


def _errand(n: int, host: str, priority: int = 0) -> FrontierRequest:
    return FrontierRequest(target=Target(key=f"demo/{n}", url=f"https://{host}/{n}", site="demo", role="story"), priority=priority)


def memory(folder: Path, _: int) -> bool:
    """Crawls that find fifty thousand addresses: in a queue left over, on one page, on one page with all its links taken, in a sitemap."""
    queue, good = 50_000, True
    for name, seed, most_pages, arguments in (
        ("in the queue", "/", 1500, ()),
        ("linked from one page", "/all", 100, ()),
        ("linked from one page, ARCHIVE_MAX_LINKS=60000", "/all", 100, ("-s", "ARCHIVE_MAX_LINKS=60000")),
        ("in one sitemap", "/sitemap.xml", 100, ()),
    ):
        place = folder / f"memory-{seed.strip('/')}-{len(arguments)}"
        place.mkdir()
        newspaper = Newspaper(place, pages=500_000 if seed == "/" else queue + 1)
        if seed == "/":
            _fill(newspaper.collection, queue)
        began = time.monotonic()
        most, _ = peak(newspaper.crawl("-a", f"max_pages={most_pages}", *arguments, seed=seed, at_once=AT_ONCE))
        took = time.monotonic() - began
        newspaper.close()
        with Index.open(newspaper.collection / "index.db", readonly=True) as index:
            ((queued,),) = index.query("SELECT count(*) FROM frontier")
        print(f"memory: at most {most:.0f} MiB, {queue} addresses {name}: {queued} rows, {took:.0f} s (wanted: 200 MiB)", flush=True)
        good = good and most <= 200 and queued > (5000 if seed == "/all" and not arguments else queue)
    return good


def _fill(path: Path, count: int) -> None:
    """Queue addresses in a new collection."""
    with Index.open(_made(path)) as index, index.atomic():

        def submit(job: object, committed: object) -> None:
            job(index.conn)  # type: ignore[operator]
            committed()  # type: ignore[operator]

        frontier = SqliteFrontier(index.path, submit=submit, run_id=None, clock=lambda: datetime.now(UTC))
        for n in range(count):
            url = f"http://paper.example/p/{400_000 + n}"
            frontier.add([FrontierRequest(target=Target(key=url, url=url, site="web", role="page", story=None))])
        frontier.close()


def _made(path: Path) -> Path:
    Collection.open(path).close()
    return path / "index.db"


RUNS = {"kills": (kills, 200), "power": (power, 200), "resume": (resume, 20), "speed": (speed, 1), "torn": (torn, 1), "memory": (memory, 1)}


def main() -> int:
    """Run one of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=tuple(RUNS))
    parser.add_argument("--times", type=int)
    options = parser.parse_args()
    run, times = RUNS[options.what]
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
