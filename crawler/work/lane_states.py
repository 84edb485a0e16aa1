"""State of a lane that outlives its owner: from one run to the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import evolve

from crawler.crawl.run import Run
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.jobs.rows import LaneState
from crawler.urls import host_of

MOST_ROBOTS_CHARACTERS = 32_768
"""Of the robots.txt of all hosts of a lane; more of them are asked for again by the next owner."""


def gathered(run: Run, lane: str, before: LaneState) -> LaneState:
    """Gather the state of a lane from the run that works on it.

    Args:
        before: As its claim or last renewal had it; what says nothing new stays.
    """
    now, health = run.clock(), run.policy.health
    hosts = _hosts_of(run, lane)
    all_waits, all_given_up = health.told(now)
    waits = {host: iso(until) for host, until in all_waits.items() if run.site.mirrors or host in hosts}
    given_up = {host: reason for host, reason in all_given_up.items() if run.site.mirrors or host in hosts}
    boards = [row for row in health.mirrors.rows() if row["successes"] or row["failures"]]
    delays, floor = run.dispatcher.pace.delays, run.dispatcher.pace.delay
    return LaneState(
        delay=max([floor, *(delays.of(host) for host in hosts)]), waits=waits,
        mirrors=[{name: _plain(value) for name, value in row.items()} for row in boards] or before.mirrors,
        given_up=given_up, robots={**before.robots, **_robots_of(run, lane)},
    )  # fmt: skip


def without_given_up(state: LaneState) -> LaneState:
    """The state of a lane whose part has ended: given-up hosts get another chance."""
    return evolve(state, given_up={})


def saved_mirrors(state: LaneState, index: Index) -> None:
    """Save the health of mirrors as an earlier owner knew it, where it is newer."""
    for row in state.mirrors:
        known = index.query("SELECT since, last_ok FROM mirrors WHERE site = ? AND host = ?", [row["site"], row["host"]])
        if not known or max(str(known[0][name] or "") for name in ("since", "last_ok")) < max(
            str(row.get(name) or "") for name in ("since", "last_ok")
        ):
            index.save_mirror(**row)


def give(state: LaneState, run: Run) -> None:
    """Give a run the state of one of its lanes; before its first request."""
    health, now = run.policy.health, run.clock()
    for host, until in state.waits.items():
        health.wait(host, (datetime.fromisoformat(until) - now).total_seconds(), now)
    for host, reason in state.given_up.items():
        health.give_up(host, reason)
    run.robots |= {origin: dict(told) for origin, told in state.robots.items()}


def _hosts_of(run: Run, lane: str) -> set[str]:
    """The hosts of a lane that were asked in this process."""
    if run.site.mirrors:
        return {host for host in run.site.own_hosts if run.stats.asked[host]}
    scope = run.scope
    return {host for host in run.dispatcher.pace.slots or () if scope is None or scope.lane_of_host(host) == lane}


def _robots_of(run: Run, lane: str) -> Mapping[str, Mapping[str, Any]]:
    """The robots.txt of the lane's hosts, as far as they are small."""
    hosts, left, kept = _hosts_of(run, lane), MOST_ROBOTS_CHARACTERS, dict[str, Mapping[str, Any]]()
    for origin, told in sorted(run.robots.items(), key=lambda item: len(item[1]["text"])):
        if host_of(origin) in hosts and (left := left - len(told["text"])) >= 0:
            kept[origin] = told
    return kept


def _plain(value: object) -> object:
    return iso(value) if isinstance(value, datetime) else value
