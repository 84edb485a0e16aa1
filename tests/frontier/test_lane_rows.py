"""Rows of lanes in memory: few statements a lease, few rows held, and hosts that rest come back in turn."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lane_desk import START, Desk, queries
from targets import page_request
from test_lanes import test_what_goes_next_is_what_a_look_through_everything_gives as look_through

from crawler.frontier import lanes
from crawler.frontier.changes import save
from crawler.frontier.rows import FrontierRow
from crawler.frontier.store import SqliteFrontier
from crawler.index.rows import iso
from crawler.items import Target

DELAY = timedelta(seconds=1)


def fill(desk: Desk, hosts: int, each: int) -> None:
    with desk.index.atomic():
        for n in range(hosts * each):
            url = f"https://h{n % hosts}.example/{n}"
            target = Target(key=f"k{n:06}", url=url, site="web", role="page")
            save(desk.index.conn, FrontierRow(target=target, added=iso(START), due=iso(START), priority=n % 3))
    desk.frontier = desk.open()


class Hosts:
    """Hosts that each take one request a second."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.free, self.asked = desk, dict[str, datetime](), 0

    def closed(self, host: str, pinned: bool) -> datetime | None:
        self.asked += 1
        return until if (until := self.free.get(host)) is not None and until > self.desk.now else None

    def lease(self) -> FrontierRow | None:
        frontier: SqliteFrontier = self.desk.frontier
        rows = frontier.queued(closed=self.closed)
        row = next(rows, None)
        rows.close()  # type: ignore[attr-defined]
        if row is None:
            return None
        host = row.url.split("/")[2]
        self.free[host] = self.desk.now + DELAY
        return frontier.lease(row, host)


@pytest.mark.parametrize("most", [0, 7])
@pytest.mark.parametrize("seed", range(8))
def test_the_order_is_the_same_when_memory_holds_few_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, most: int) -> None:
    monkeypatch.setattr(lanes, "MOST_ROWS", most)
    look_through(tmp_path, seed)


def test_a_lease_reads_and_asks_little_however_many_hosts_rest(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "index.db")
    fill(desk, 300, 40)
    hosts, leased = Hosts(desk), 0
    list(desk.frontier.queued(closed=lambda host, pinned: desk.now))  # all lanes are known now
    with queries(desk.frontier) as asked:
        for _ in range(3000):
            desk.now += DELAY / 300
            row = hosts.lease()
            leased += row is not None
            if row is not None:
                desk.frontier.settle(row.key, "done")
            desk.commit()
    assert leased > 2900
    assert hosts.asked <= leased * 2.2, "once to hand a row out, once to find that it rests now"
    assert len(asked) <= leased / 8, "statements"


def test_nothing_is_read_for_hosts_that_are_busy(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "index.db")
    fill(desk, 200, 3)
    list(desk.frontier.queued(closed=lambda host, pinned: desk.now))
    with queries(desk.frontier) as asked:
        for _ in range(50):
            assert next(desk.frontier.queued(closed=lambda host, pinned: desk.now), None) is None
            assert desk.frontier.soonest() is None
    assert asked == []


def test_new_rows_are_handed_out_without_a_query(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "index.db")
    list(desk.frontier.queued())
    desk.frontier.add([page_request(n, f"h{n % 7}.example") for n in range(100)])
    desk.commit()
    hosts = Hosts(desk)
    with queries(desk.frontier) as asked:
        while desk.frontier.in_flight() < 100:
            if hosts.lease() is None:
                desk.now += DELAY
    assert asked == []


def test_memory_holds_as_many_rows_as_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MOST_ROWS", 60)
    desk = Desk(tmp_path / "index.db")
    fill(desk, 30, 40)
    hosts = Hosts(desk)
    for step in range(300):
        desk.now += DELAY / 30
        hosts.lease()
        desk.frontier.add([page_request(1000 * step + n, f"h{n}.example") for n in range(3)])
        desk.commit()
    held = sum(len(lane.ahead) for lane in desk.frontier._lanes._lanes.values())  # type: ignore[union-attr]
    assert held <= 60 + lanes.ROWS_AT_ONCE


def test_hosts_come_back_in_the_order_in_which_they_became_free(tmp_path: Path) -> None:
    """However urgent the rows of some are: with room for few requests, none starves."""
    desk = Desk(tmp_path / "index.db")
    desk.frontier.add([page_request(n, f"h{n % 20:02}.example", priority=20 - n % 20) for n in range(2000)])
    desk.commit()
    hosts, waits = Hosts(desk), dict[str, datetime]()
    longest = timedelta()
    for _ in range(600):  # ten a second, where twenty might be asked
        desk.now += DELAY / 10
        row = hosts.lease()
        assert row is not None
        host = row.url.split("/")[2]
        longest = max(longest, desk.now - waits.get(host, START))
        waits[host] = hosts.free[host]
    assert longest <= 3 * DELAY


def test_the_queue_is_counted_once(tmp_path: Path) -> None:
    """However long it is, and however often the progress line is drawn."""
    desk = Desk(tmp_path / "index.db")
    fill(desk, 5, 10)
    desk.frontier.add([page_request(n, "new.example") for n in range(3)])
    desk.frontier.settle("k000000", "done")
    assert desk.frontier.count() == 52
    hosts = Hosts(desk)
    with queries(desk.frontier) as asked:
        row = hosts.lease()
        assert row is not None
        assert desk.frontier.count() == 51
        desk.frontier.settle(row.key, "queued", due=iso(START))
        desk.frontier.add([page_request(n, "new.example") for n in range(5)])
        assert desk.frontier.count() == 54
    assert not [text for text in asked if "count" in text]
    desk.commit()
    assert (desk.frontier.count(), desk.open().count()) == (54, 54)
