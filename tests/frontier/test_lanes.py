"""Lanes: whatever happens to rows, what goes next is what a look through all of them would give, and it costs one lane's look."""

from __future__ import annotations

import random
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from lane_desk import START, Desk
from targets import page_request

from crawler.frontier.changes import save
from crawler.frontier.lanes import LANES_AT_ONCE, LOOK_AHEAD
from crawler.frontier.rows import LANE, FrontierRow, is_fresh_page, lane_of, row_of, urgency
from crawler.frontier.table import IN_ORDER
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.items import Target


def expected(desk: Desk, *, only_run: bool, without_stories: bool) -> list[str]:
    """What a look through everything gives."""
    cursor = desk.index.conn.cursor()
    cursor.row_factory = sqlite3.Row
    rows = {row.key: row for row in map(row_of, cursor.execute("SELECT * FROM frontier"))} | desk.frontier._overlay
    due = [r for r in rows.values() if r.state == "queued" and r.due <= iso(desk.now) and not (only_run and r.run_id != desk.run)]
    return [r.key for r in sorted(due, key=urgency) if not (without_stories and is_fresh_page(r))]


@pytest.mark.parametrize("seed", range(24))
def test_what_goes_next_is_what_a_look_through_everything_gives(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    desk, mode = Desk(tmp_path / "index.db"), {"only_run": seed % 3 == 0, "without_stories": seed % 4 == 0}
    for n in range(rng.randrange(120)):
        row = FrontierRow(
            target=Target(key=f"old{n}", url=f"https://h{rng.randrange(90)}.example/", site="web", role="page"),
            added=iso(START),
            run_id=None,
        )
        save(desk.index.conn, evolve(row, due=iso(START + timedelta(seconds=rng.choice([0, 0, 0, 2, 9]))), priority=rng.randrange(5)))
    desk.frontier = desk.open()
    for step in range(120):
        act = rng.randrange(8)
        if act <= 1:
            host, n = f"h{rng.randrange(90)}.example", rng.randrange(60)
            pinned = host if rng.random() < 0.2 else None
            desk.frontier.add([page_request(n, host, priority=rng.randrange(5), host=pinned, role=rng.choice(["page", "requisite"]))])
        elif act == 2:
            desk.frontier.add([page_request(step * 100 + n, f"n{n % 7}.example", priority=rng.randrange(3)) for n in range(rng.randrange(20))])
        elif act == 3:
            desk.commit(rng.randrange(6))
        elif act == 4:
            desk.now += timedelta(seconds=rng.randrange(4))
        elif act == 5 and desk.frontier.in_flight():
            key = rng.choice(sorted(desk.frontier._leased))
            later = iso(desk.now + timedelta(seconds=rng.randrange(-1, 5)))
            desk.frontier.settle(key, rng.choice(["queued", "done", "failed", "queued"]), due=later)
        elif act == 6:
            shut = f"h{rng.randrange(90)}.example"
            rows = desk.frontier.queued(**mode, closed=lambda host, _, shut=shut: desk.now if host == shut else None)  # type: ignore[misc]
            row = next(rows, None)
            rows.close()  # type: ignore[attr-defined]
            if row is not None:
                desk.frontier.lease(row, "x")
        else:
            assert [row.key for row in desk.frontier.queued(**mode)] == expected(desk, **mode), f"step {step}"
    desk.commit()
    assert [row.key for row in desk.frontier.queued(**mode)] == expected(desk, **mode)


def test_a_host_that_rests_is_left_alone_until_then(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "index.db")
    for n in range(3 * LANES_AT_ONCE):
        save(
            desk.index.conn,
            FrontierRow(
                target=Target(key=f"k{n:03}", url=f"https://h{n}.example/", site="web", role="page"),
                added="2026",
                due="2026",
            ),
        )
    asked: list[str] = []
    until = {f"h{n}.example": START + timedelta(seconds=60) for n in range(2 * LANES_AT_ONCE)}

    def closed(host: str, pinned: bool) -> datetime | None:
        asked.append(host)
        return end if (end := until.get(host, START)) > desk.now else None

    assert [r.key for r in desk.frontier.queued(closed=closed)] == [f"k{n:03}" for n in range(2 * LANES_AT_ONCE, 3 * LANES_AT_ONCE)]
    asked.clear()
    desk.now += timedelta(seconds=30)
    assert len(list(desk.frontier.queued(closed=closed))) == LANES_AT_ONCE
    assert not set(asked) & set(until)
    desk.now += timedelta(seconds=30)
    assert len(list(desk.frontier.queued(closed=closed))) == 3 * LANES_AT_ONCE


@pytest.mark.parametrize("hosts", [30, 3000])
def test_a_lease_looks_into_few_lanes_however_many_hosts_wait(tmp_path: Path, hosts: int) -> None:
    desk = Desk(tmp_path / "index.db")
    with desk.index.atomic():
        for n in range(hosts):
            for k in range(2):
                url = f"https://h{n}.example/{k}"
                save(
                    desk.index.conn,
                    FrontierRow(
                        target=Target(key=f"{n:05}{k}", url=url, site="web", role="page"),
                        added="2026",
                        due="2026",
                        priority=1 - k,
                    ),
                )
    statements: list[str] = []
    desk.frontier._table.db.set_trace_callback(statements.append)
    leased = []
    for _ in range(100):
        busy = {row.tried[-1] for row in desk.frontier._leased.values()}
        rows = desk.frontier.queued(closed=lambda host, pinned, busy=busy: desk.now if host in busy else None)  # type: ignore[misc]
        row = next(rows, None)
        if row is None:
            break
        leased.append(desk.frontier.lease(row, row.url.split("/")[2]).key)
        rows.close()  # type: ignore[attr-defined]
    assert leased == [f"{n:05}0" for n in range(min(hosts, 100))]
    per_lease = len([text for text in statements if text.startswith("SELECT *")]) / len(leased)
    assert per_lease < 3, "looks into lanes, a lease"
    assert len(statements) / len(leased) < LANES_AT_ONCE + 5


def test_a_lane_is_the_same_in_both_languages(tmp_path: Path) -> None:
    index = Index.open(tmp_path / "index.db")
    urls = ["https://a.example/", "http://a.example", "https://a.example:8080/x//y", "https://[::1]/x", "http://b.example?q=/", "x", "", "http://é.example/ü"]  # fmt: skip
    rows = [
        FrontierRow(target=Target(key=str(n), url=url, site="web", role="page"), host=host)
        for n, (url, host) in enumerate((u, h) for u in urls for h in (None, "only.example", ""))
    ]
    for row in rows:
        save(index.conn, row)
    found = dict(index.conn.execute(f"SELECT key, {LANE} FROM frontier").fetchall())
    assert {row.key: lane_of(row) for row in rows} == found


def test_the_first_rows_come_by_index(tmp_path: Path) -> None:
    index = Index.open(tmp_path / "index.db")
    sql = IN_ORDER.format(where="state = 'queued'")
    plan = " ".join(str(row[3]) for row in index.conn.execute(f"EXPLAIN QUERY PLAN {sql}", ("z", LOOK_AHEAD)))
    assert "idx_frontier_next (state=?)" in plan
    assert "TEMP B-TREE" not in plan
