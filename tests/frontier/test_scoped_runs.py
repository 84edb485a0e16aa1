"""Runs of many sites and jobs on one table at once: each sees and changes its own rows, and those alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from shards import Shard, keys, page, story, take

from crawler.errors import LaneLost
from crawler.frontier.changes import name_lanes
from crawler.frontier_reads.queries import count_requisites, open_lanes
from crawler.index.rows import iso


@pytest.fixture
def shard(tmp_path: Path) -> Shard:
    return Shard(tmp_path)


def test_a_run_that_opens_leaves_the_requests_of_others_in_flight(shard: Shard) -> None:
    one = shard.site("a")
    one.add([story("a", 1)])
    leased = take(one)
    shard.commit()
    other = shard.site("b")
    other.add([story("b", 1)])
    shard.commit()
    assert shard.cells("key, state") == [("a/1", "leased"), ("b/1", "queued")]
    assert (keys(one.queued()), keys(other.queued())) == ([], ["b/1"])
    one.settle(leased, "done")
    shard.commit()
    again = shard.site("a")
    assert not again.pending()
    assert shard.cells("key, state, job, lane") == [("a/1", "done", "j", "a"), ("b/1", "queued", "j", "b")]


def test_a_killed_run_gets_its_own_requests_back(shard: Shard) -> None:
    one, other = shard.site("a"), shard.site("b")
    for frontier, name in ((one, "a"), (other, "b")):
        frontier.add([story(name, 1)])
        take(frontier)
    shard.commit()
    assert keys(shard.site("a", "later").queued()) == ["a/1"]
    assert shard.cells("key, state") == [("a/1", "queued"), ("b/1", "leased")]


def test_everything_is_counted_for_its_own_rows(shard: Shard) -> None:
    one, other = shard.site("a"), shard.site("b")
    run_of_one = shard.run - 1
    one.add([story("a", n) for n in range(3)])
    other.add([story("b", n, priority=9) for n in range(5)])
    for committed in (False, True):
        assert (one.count(), one.unasked()[0], one.soonest(), one.pending()) == (3, 3, None, True), committed
        shard.commit()
    assert one.waiting() == one.waiting(only_run=True) == (3, "https://www.a.example/0")
    one.settle(take(one), "queued", due=iso(shard.now + timedelta(minutes=1)))
    one.settle("a/1", "failed", reason="dns")
    one.settle("a/2", "done", due=iso(shard.now + timedelta(days=1)))
    other.settle("b/0", "done", due=iso(shard.now))
    shard.commit()
    assert one.outcomes(run_of_one) == {"queued": 1, "failed": 1, "done": 1}
    assert keys(one.ended("failed", run_of_one)) == ["a/1"]
    assert (keys(one.known("a", "story")), keys(one.known("b", "story"))) == (["a/1", "a/2"], [])
    assert (keys(one.due("b", "story")), keys(other.due("b", "story")), one.backlog(iso(shard.now))) == ([], ["b/0"], (0, ""))
    assert other.backlog(iso(shard.now)) == (1, "https://www.b.example/0")
    assert one.soonest() == shard.now + timedelta(minutes=1)
    shard.now += timedelta(minutes=1)
    assert keys(one.queued()) == ["a/0"]
    later = shard.site("a", "j2")
    assert later.not_due("a", "story") == 1
    assert (later.row("b/1") or one).state == "queued", "a row of others is known by its key"  # type: ignore[union-attr]


def test_requisites_of_a_run_are_counted_in_its_lanes(shard: Shard) -> None:
    one = shard.site("a")
    one.add([story("a", 1, role="requisite", url="https://www.a.example/1.css"), story("a", 2, role="requisite", url="https://www.a.example/2.jpg")])
    one.settle("a/1", "done")
    shard.commit()
    found = count_requisites(lambda sql, values: shard.index.query(sql, list(values)), shard.run, lanes=["a"])
    assert found == {"pictures": {"held": 0, "missing": 1}, "style sheets": {"held": 1, "missing": 0}}
    assert count_requisites(lambda sql, values: shard.index.query(sql, list(values)), shard.run, lanes=["b"]) == {}


def test_only_the_rechecks_of_its_site_are_queued(shard: Shard) -> None:
    for name in "ab":
        frontier = shard.site(name)
        frontier.add([story(name, n) for n in range(4)])
        for n in range(4):
            frontier.settle(f"{name}/{n}", "done", due=iso(shard.now), every=3600)
        shard.commit()
    shard.now += timedelta(hours=1)
    assert sorted(keys(shard.site("a", due=True).queued())) == [f"a/{n}" for n in range(4)]
    assert shard.cells("DISTINCT state", "site = 'b'") == [("done",)]


def test_rows_of_a_clock_ahead_do_not_wait_for_it_and_those_of_others_stay(shard: Shard) -> None:
    ahead = shard.now + timedelta(hours=1)
    for name in "ab":
        shard.site(name).add([story(name, 1)])
    shard.commit()
    shard.index.conn.execute("UPDATE frontier SET due = ?, changed = ?", [iso(ahead)] * 2)
    assert keys(shard.site("a").queued()) == ["a/1"]
    assert shard.cells("due", "site = 'b'") == [(iso(ahead),)]


def test_captures_that_are_not_held_are_asked_for_again_by_their_own_run(shard: Shard) -> None:
    for name in "ab":
        frontier = shard.site(name)
        frontier.add([story(name, 1)])
        take(frontier)
        shard.commit()
    shard.index.conn.execute("UPDATE frontier SET state = 'captured'")
    assert keys(shard.site("a").queued()) == ["a/1"], "no capture holds it"
    assert shard.cells("state", "site = 'b'") == [("captured",)]


def test_captures_that_were_not_parsed_are_taken_up_by_their_own_run(shard: Shard) -> None:
    for name in "ab":
        frontier = shard.site(name)
        frontier.add([story(name, 1)])
        shard.commit()
    shard.index.conn.execute("UPDATE frontier SET state = 'captured'")
    assert (keys(frontier.left_over("b")), list(frontier.left_over("a"))) == (["b/1"], [])


# -- lanes


def test_nothing_goes_out_past_the_deadline_of_its_lane(shard: Shard) -> None:
    one = shard.site("a")
    one.add([story("a", 1), story("a", 2)])
    take(one)
    row = next(one.queued())
    shard.seconds = 10.0
    assert keys(one.queued()) == []
    with pytest.raises(LaneLost, match="lane a: not held"):
        one.lease(row, "h")
    assert one.in_flight() == 1
    shard.held.take("a", token=1, deadline=20.0)
    assert keys(one.queued()) == ["a/2"]
    assert one.lease(row, "h").state == "leased"


def test_of_several_lanes_those_that_are_lost_yield_nothing(shard: Shard) -> None:
    one = shard.web("j", "a.example", "b.example:8080")
    one.add([page("a.example", 1), page("b.example:8080", 1)])
    shard.commit()
    shard.held.drop(["a.example"])
    assert keys(one.queued()) == ["https://b.example:8080/1"]
    shard.held.take("a.example", token=2, deadline=99.0)
    assert len(keys(one.queued())) == 2
    flying = next(one.queued())
    one.lease(flying, "a.example")
    one.leave_lane("a.example")
    one.leave(flying.key)
    assert keys(one.queued()) == ["https://b.example:8080/1"]
    assert one.in_flight() == 0
    shard.commit()
    one.settle("https://b.example:8080/1", "done")
    shard.commit()
    assert not one.pending()
    assert one.outcomes(shard.run) == {"leased": 1, "done": 1}, "what was done in a lane before counts"


def test_a_lane_that_is_taken_before_its_first_row_is_committed_is_open(shard: Shard) -> None:
    """Seeds of a job in lanes of others: one of them is claimed by the same worker before the writer has written its seed."""
    one = shard.web("j", "a.example")
    one.add([page("b.example", 1)])
    shard.held.take("b.example", token=1, deadline=shard.seconds + 10)
    one.take_lane("b.example")
    assert one.is_open("b.example")
    assert one.pending()
    shard.commit()
    assert one.is_open("b.example")
    assert keys(one.queued()) == ["https://b.example/1"]
    one.settle("https://b.example/1", "done")
    shard.commit()
    assert not one.is_open("b.example")
    assert not one.pending()


def test_links_to_other_lanes_are_queued_for_whoever_works_on_them(shard: Shard) -> None:
    one = shard.web("j", "a.example", owners={"www.s.example": "s"})
    assert one.add([page("a.example", 1), page("b.example", 1), page("www.s.example", 1), page("b.example", 1)]) == 3
    assert shard.told == []
    assert keys(one.queued()) == ["https://a.example/1"]
    shard.commit()
    assert shard.told == [frozenset({"b.example", "s"})]
    assert one.has("https://b.example/1")
    assert shard.cells("url, job, lane, run_id IS NULL") == [
        ("https://a.example/1", "j", "a.example", 0), ("https://b.example/1", "j", "b.example", 1), ("https://www.s.example/1", "j", "s", 1),
    ]  # fmt: skip
    assert one.add([page("b.example", 1)]) == 0
    assert (one.count(), keys(one.queued())) == (1, ["https://a.example/1"])
    other = shard.web("j", "b.example")
    assert keys(other.queued()) == ["https://b.example/1"]
    assert keys(shard.site("s").queued()) == [], "a page of the web is no story of the site"
    assert keys(shard.web("j", "s").queued()) == ["https://www.s.example/1"]


def test_a_further_lane_brings_the_rows_that_wait_in_it(shard: Shard) -> None:
    one = shard.web("j", "a.example")
    one.add([page("a.example", 1), page("b.example", 1)])
    shard.commit()
    one.add([page("b.example", 2)])
    assert keys(one.queued()) == ["https://a.example/1"]
    shard.held.take("b.example", token=1, deadline=99.0)
    one.take_lane("b.example")
    assert keys(one.queued()) == ["https://a.example/1", "https://b.example/1"]
    shard.commit()
    assert sorted(keys(one.queued())) == ["https://a.example/1", "https://b.example/1", "https://b.example/2"], "committed meanwhile"


def test_a_request_of_others_in_flight_stays_theirs(shard: Shard) -> None:
    one, other = shard.web("j1", "a.example"), shard.web("j2", "b.example")
    other.add([page("b.example", 1), page("b.example", 2)])
    take(other)
    shard.commit()
    one.add([page("b.example", 1, again=True)])
    shard.commit()
    assert shard.cells("state, job") == [("leased", "j2"), ("queued", "j2")]
    other.settle("https://b.example/1", "done")
    shard.commit()
    assert one.add([page("b.example", 1, again=True)]) == 1
    shard.commit()
    assert shard.cells("state, job", "key LIKE '%/1'") == [("queued", "j1")]


def test_a_later_job_knows_what_an_earlier_one_asked_for_in_its_lanes(shard: Shard) -> None:
    one = shard.web("j1", "a.example")
    one.add([page("a.example", n) for n in range(4)])
    for n, state in ((0, "done"), (1, "done")):
        one.settle(f"https://a.example/{n}", state, due=iso(shard.now))  # type: ignore[arg-type]
    take(one)
    shard.commit()
    two = shard.web("j2", "a.example")
    assert keys(two.due("web", "page")) == keys(two.known("web", "page")) == ["https://a.example/0", "https://a.example/1"]
    assert keys(two.queued()) == [], "what an earlier job left is not asked for unless it is found again"
    two.add([page("a.example", 2), page("a.example", 3)])
    assert keys(two.queued()) == ["https://a.example/2", "https://a.example/3"], "a lease that nobody holds is no obstacle"


def test_a_job_that_goes_on_in_another_run_asks_for_nothing_twice(shard: Shard) -> None:
    one = shard.site("a", "j")
    one.add([story("a", 1), story("a", 2)])
    one.settle(take(one), "failed", reason="dns")
    shard.commit()
    on = shard.site("a", "j")
    assert on.add([story("a", 1), story("a", 1, again=True)]) == 0
    assert keys(on.queued()) == ["a/2"]
    assert shard.site("a", "later").add([story("a", 1)]) == 1


def test_a_row_stays_in_its_lane_when_another_host_leads_to_it(shard: Shard) -> None:
    one = shard.web("j", "a.example", "b.example")
    one.add([page("a.example", 1, key="k")])
    one.settle("k", "failed")
    shard.commit()
    two = shard.web("j2", "a.example", "b.example")
    assert two.add([page("b.example", 1, key="k")]) == 1
    row = two.row("k")
    assert row is not None
    assert (row.url, row.lane) == ("https://a.example/1", "a.example")


def test_rows_without_a_lane_get_one_and_are_worked_on(shard: Shard) -> None:
    plain = shard.begin(None)
    plain.add([story("a", 1), page("b.example", 1), page("www.s.example:444", 1)])
    shard.commit()
    assert keys(shard.site("a").queued()) == []
    with shard.index.atomic():
        assert name_lanes(shard.index.conn, {"www.s.example": "s"}) == 3
        assert name_lanes(shard.index.conn, {}) == 0
    assert shard.cells("lane, job") == [("a", None), ("b.example", None), ("s", None)]
    assert keys(shard.site("a").queued()) == ["a/1"]
    web = shard.web("j", "b.example")
    assert keys(web.queued()) == []
    web.add([page("b.example", 1)])
    assert keys(web.queued()) == ["https://b.example/1"]
    shard.commit()
    assert open_lanes(lambda sql, values: shard.index.query(sql, list(values))) == {"j": {"b.example"}}


def test_a_crawl_without_a_scope_writes_no_lane(shard: Shard) -> None:
    frontier = shard.begin(None)
    frontier.add([story("a", 1)])
    take(frontier)
    shard.commit()
    assert shard.cells("job, lane") == [(None, None)]
