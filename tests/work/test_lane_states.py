"""What is known of a lane's hosts goes with the lane: to its next owner, and into the job store."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from runs import NOW, fixture_of_runs

from crawler.crawl.run import Run
from crawler.errors import FetchFailed, LaneLost
from crawler.jobs.rows import LaneState
from crawler.middlewares.robots_rules import RobotsOptions, RobotsRules
from crawler.sites.known import site_of
from crawler.work.lane_states import gathered, give, saved_mirrors, without_given_up

make = fixture_of_runs("states")
HOST = "www.presstv.co.uk"
OPTIONS = RobotsOptions(agent="news-archive-crawler", max_delay=60.0, max_bytes=1000, max_rules=100, max_age=3600.0)


def rules_of(run: Run, delays: dict[str, float], fetch: Any = None) -> RobotsRules:
    async def none(lease: Any) -> Any:
        raise AssertionError("asked")

    return RobotsRules(run, OPTIONS, fetch=fetch or none, slow_down=lambda host, seconds: delays.update({host: seconds}))


def test_a_state_is_plain_and_goes_on(make: Callable[..., Run]) -> None:
    run = make(site_of("presstv"))
    health = run.policy.health
    health.report_mirror(HOST, "timeout", status=None, now=NOW)
    health.wait(HOST, 90.0, NOW)
    health.give_up("cdn.example", "dns")
    run.stats.asked[HOST] += 1
    run.dispatcher.pace.delays.keep(HOST, 7.0)
    run.robots[f"https://{HOST}"] = {"fetched": NOW.isoformat(), "status": 200, "text": "User-agent: *\nDisallow: /no\n"}
    state = gathered(run, "presstv", LaneState())
    assert LaneState(**json.loads(json.dumps(_document(state)))) == state, "JSON keeps all of it"
    assert state.delay == 7.0
    assert list(state.waits) == [HOST]
    assert state.given_up == {"cdn.example": "dns"}
    assert [row["failures"] for row in state.mirrors] == [1]

    run.collection.now(lambda index: saved_mirrors(state, index))
    with run.collection.reader() as index:
        assert [row["failures"] for row in index.mirrors("presstv")] == [1]
    later = make(site_of("presstv"))
    give(state, later)
    assert later.policy.health.waits_until(HOST, NOW) == NOW + timedelta(seconds=90)
    assert later.policy.health.given_up("cdn.example") is not None
    assert f"https://{HOST}" in later.robots
    assert without_given_up(state).given_up == {}


def _document(state: LaneState) -> dict[str, Any]:
    from attrs import asdict

    return asdict(state)


async def test_rules_of_an_earlier_owner_are_believed_and_delay(make: Callable[..., Run]) -> None:
    run, delays = make(site_of("presstv")), dict[str, float]()
    origin = f"https://{HOST}"
    run.robots[origin] = {"fetched": (NOW - timedelta(minutes=5)).isoformat(), "status": 200, "text": "User-agent: *\nDisallow: /no\nCrawl-delay: 9\n"}
    rules = rules_of(run, delays)
    await rules.check(f"{origin}/yes")
    with pytest.raises(FetchFailed, match="disallowed"):
        await rules.check(f"{origin}/no/1")
    assert delays == {HOST: 9.0}
    run.robots["https://b.example"] = {"fetched": NOW.isoformat(), "status": 404, "text": ""}
    await rules.check("https://b.example/any")


async def test_rules_that_are_too_old_or_of_the_future_are_asked_for_again(make: Callable[..., Run]) -> None:
    run, asked = make(site_of("presstv")), list[str]()

    async def fetch(lease: Any) -> Any:
        asked.append(lease.url)
        raise FetchFailed("timeout", "no answer")

    rules = rules_of(run, {}, fetch)
    for n, fetched in enumerate((NOW - timedelta(hours=2), NOW + timedelta(hours=2))):
        origin = f"https://h{n}.example"
        run.robots[origin] = {"fetched": fetched.isoformat(), "status": 404, "text": ""}
        with pytest.raises(FetchFailed):
            await rules.check(f"{origin}/x")
    assert asked == ["https://h0.example/robots.txt", "https://h1.example/robots.txt"]


async def test_a_lane_that_was_lost_and_is_ours_again_asks_for_rules_again(make: Callable[..., Run]) -> None:
    run, asked = make(site_of("presstv")), list[str]()

    async def fetch(lease: Any) -> Any:
        asked.append(lease.url)
        if len(asked) == 1:
            raise LaneLost("presstv")
        raise FetchFailed("timeout", "no answer")

    rules = rules_of(run, {}, fetch)
    with pytest.raises(LaneLost):
        await rules.check("https://a.example/1")
    with pytest.raises(FetchFailed):
        await rules.check("https://a.example/1")
    assert len(asked) == 2
