"""Measure the pages of the reading room over a collection of very many versions, in a warm process.

    python -m benchmarks.big_index --versions 100000 --captures 1000000 FOLDER
    python -m benchmarks.reading_room FOLDER

The collection is furnished with what `big_index` leaves out: lists and what they announced, comparisons of mirrors, divergences, failures,
health of mirrors, runs. Give it a copy. Times are of the processor, of the server and its threads; the second of two askings counts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

from crawler.index.index import Index

GOAL_MS = 200
LISTS = 60_000
"""Captures that are made lists, each of which announces something first or nothing."""
COMPARISONS, DIVERGENCES, FAILURES, RUNS, MIRRORS = 20_000, 2_000, 50_000, 1_000, 4
_MARK = (
    "INSERT INTO runs (site, started, arguments, stats, reason)"
    " VALUES ('furnished', '2008-01-01T00:00:00.000000Z', '{}', '{}', 'furnished')"
)


def furnish(path: Path) -> None:
    """Add what a crawl leaves beside stories; once."""
    with Index.open(path / "index.db") as index:
        if index.query("SELECT 1 FROM runs WHERE site = 'furnished'"):
            return
        index.conn.execute("PRAGMA synchronous = OFF")
        with index.atomic():
            index.conn.execute(_MARK)
            _lists(index.conn)
            _mirrors(index.conn)
            _runs(index.conn)


def _lists(conn: sqlite3.Connection) -> None:
    """Turn some captures into fronts and feeds, which announced all stories."""
    last = int(conn.execute("SELECT max(id) FROM captures").fetchone()[0])
    step = max(1, last // LISTS)
    chosen = f"id % {step} = 0 AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.capture_id = captures.id AND s.shown IS NOT NULL)"
    conn.execute(f"UPDATE captures SET role = iif(id % 2, 'feed', 'section'), url = 'https://' || host || '/s' || (id % 40) WHERE {chosen}")
    conn.execute("INSERT INTO listed SELECT id, 20 + id % 30 FROM captures WHERE role IN ('feed', 'section')")
    lists = [row[0] for row in conn.execute("SELECT id FROM captures WHERE role IN ('feed', 'section') ORDER BY id")]
    stories = conn.execute("SELECT id, coalesce(canonical_url, id) FROM stories ORDER BY first_seen").fetchall()
    rows = [(story, lists[n * len(lists) // len(stories)], url) for n, (story, url) in enumerate(stories)]
    conn.executemany("INSERT OR IGNORE INTO announced VALUES (?, ?, ?)", rows)


def _mirrors(conn: sqlite3.Connection) -> None:
    """Compare mirrors, let some of them disagree, fail and rest."""
    draw = random.Random(1)
    seen = conn.execute(
        "SELECT v.story_id, v.id, c.id, c.date, c.site FROM stored_versions v JOIN captures c ON c.id = v.capture_id ORDER BY v.id LIMIT ?",
        [COMPARISONS],
    ).fetchall()
    hosts = [f"mirror{n}.example" for n in range(MIRRORS)]
    for n, (story, version, capture, date, site) in enumerate(seen):
        kind = draw.choice(("equal",) * 9 + ("different", "stale", "missing"))
        fields = json.dumps(["body", "credits"] if kind in ("different", "stale") else [])
        host, other = hosts[n % MIRRORS], hosts[(n + 1) % MIRRORS]
        values = (site, story, date, host, other, kind, capture, capture, version, version, fields)
        conn.execute(
            "INSERT INTO comparisons (site, story_id, date, host, other_host, result, capture_id, other_capture_id, version_id,"
            " other_version_id, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values
        )  # fmt: skip
        if kind != "equal" and n < 12 * DIVERGENCES:
            conn.execute(
                "INSERT INTO divergences (site, story_id, kind, host, other_host, first_seen, last_seen, sightings, fields, capture_id,"
                " other_capture_id, version_id, other_version_id) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)",
                (site, story, kind, host, other, date, date, fields, capture, capture, version, version),
            )
    for host in hosts:
        conn.execute("INSERT INTO mirrors (site, host, state, successes, failures) VALUES (?, ?, 'well', 9, 1)", [seen[0][4], host])
    dates = [row[0] for row in conn.execute("SELECT date FROM captures WHERE id % 17 = 0 ORDER BY id LIMIT ?", [FAILURES])]
    conn.executemany(
        "INSERT INTO failures (url, host, site, role, key, date, reason, attempt, bytes) VALUES (?, ?, ?, 'story', ?, ?, ?, 1, 0)",
        [
            (f"https://mirror.example/{n}", draw.choice(hosts), seen[0][4], f"x/{n}", date, draw.choice(("dns", "timeout", "status")))
            for n, date in enumerate(dates)
        ],
    )


def _runs(conn: sqlite3.Connection) -> None:
    """Add runs with counts and checks of usual size."""
    stats = {
        "captures": 900, "stories": {"new": 20, "changed": 3}, "failures": {"dns": 4, "status": 9}, "bytes": 10**7,
        "checks": [{"name": f"check {n}", "passed": True, "level": "ok", "detail": "as it should be", "advice": ""} for n in range(12)],
        "missing_fields": {f"field{n}": n for n in range(40)},
    }  # fmt: skip
    rows = [(f"2026-01-01T{n // 60 % 24:02d}:{n % 60:02d}:00.000000Z", json.dumps(stats)) for n in range(RUNS)]
    conn.executemany(
        "INSERT INTO runs (site, started, ended, exit_code, reason, arguments, stats)"
        " VALUES ('gazette', ?1, ?1, 0, 'all is here', '{}', ?2)",
        rows,
    )


def pages(index: Index) -> list[str]:
    """Addresses of pages of each kind, of first and of later stretches."""

    def one(sql: str) -> Any:
        return next((row[0] for row in index.query(sql)), "")

    story, site, many = (
        one("SELECT story_id FROM divergences WHERE kind = 'different'"),
        one("SELECT site FROM stories"),
        one("SELECT id FROM stories ORDER BY versions DESC"),
    )
    words = [word for word in str(one("SELECT headline FROM stories ORDER BY rowid DESC")).split() if len(word) > 3] or ["the"]
    return [
        "front", f"story/{many}", f"story/{many}?v=1", "pictures", "pictures?year=2015", "pictures?agency=norda&section=Sport",
        "pictures?before=2012-01-01~1", "events",
        "events?kind=edited", "events?kind=removed&since=2015-01-01",
        "events?before=2012-01-01~1", f"events?site={site}", "headlines", "removed", f"search?q={words[0]}",
        f"search?q={words[0]}+OR+{words[-1]}&sort=date",
        "search?q=zzzzzz", "sites", "mirrors", "divergences", "divergences?kind=stale", f"divergences?story={story}",
        "runs", "runs?before=300", "run/500",
        "coverage", "coverage?until=2015-06-30&missing=yes", "events.atom", "stories.atom", "events.json", "pictures.json",
    ]  # fmt: skip


async def measure(path: Path) -> list[tuple[str, int, int, float]]:
    """Ask for each page twice: address, status, bytes, milliseconds of processor time of the second."""
    from crawler.readingroom.server import reading_room

    room = reading_room([path])
    with Index.open(path / "index.db", readonly=True) as index:
        asked = pages(index)
    found = []
    for page in asked:
        for _ in range(2):
            began = time.process_time()
            answer = await room.client.get(f"/{path.name}/-/{page}")
            took = 1000 * (time.process_time() - began)
        found.append((page, answer.status_code, len(answer.content), took))
    return found


def main() -> None:
    """Furnish and measure the collection of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    path = parser.parse_args().folder
    furnish(path)
    for page, status, size, took in asyncio.run(measure(path)):
        print(f"{page:50} {status} {size / 1000:7.1f} kB {took:7.1f} ms{'  OVER' if took > GOAL_MS else ''}")


if __name__ == "__main__":
    main()
