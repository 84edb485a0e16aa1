"""Which request is made next, when there is none, and how long is waited then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from outcomes import made as outcome
from runs import NOW, fixture_of_runs, lease, row_of
from targets import made, page_request

from crawler.crawl.run import Run
from crawler.frontier.store import FrontierRow
from crawler.hosts.policy import RetryPolicy
from crawler.index.rows import iso
from crawler.sites.known import WEB

make = fixture_of_runs("web")


def test_the_most_urgent_comes_first_and_a_busy_host_gives_way(make: Callable[..., Run]) -> None:
    run = make(WEB, retry=RetryPolicy(leases_per_host=1))
    run.frontier.add([page_request(1), page_request(2, priority=5), page_request(3, "b.example", priority=-1)])
    leased = [run.dispatcher.lease() for _ in range(3)]
    assert [one.key if one else None for one in leased] == ["k2", "k3", None]
    assert run.stats.leased_stories == 2
    assert run.stats.last_host == "b.example"


def test_a_host_that_asked_to_wait_is_left_alone_until_then(make: Callable[..., Run]) -> None:
    run = make(WEB)
    run.frontier.add([page_request(1), page_request(2, "b.example")])
    run.policy.health.wait("a.example", 30.0, NOW)
    leased = run.dispatcher.lease()
    assert leased is not None
    assert leased.key == "k2"
    assert run.dispatcher.lease() is None
    assert run.dispatcher.wait() == 30


def test_the_addresses_of_a_host_that_is_given_up_fail_at_once(make: Callable[..., Run]) -> None:
    run = make(WEB)
    run.policy.health.give_up_after = 1
    run.policy.health.report_host("a.example", "dns", None)
    run.frontier.add([page_request(1), page_request(2), page_request(3, "b.example")])
    leased = run.dispatcher.lease()
    assert leased is not None
    assert leased.key == "k3"
    assert {row_of(run, key).state for key in ("k1", "k2")} == {"failed"}
    assert row_of(run, "k1").detail == "host given up after 1 failures in a row"
    assert run.stats.limits["host given up"] == 2


def test_a_row_that_no_host_is_left_to_ask_for_fails_with_its_last_reason(make: Callable[..., Run]) -> None:
    run = make(WEB)
    for n, reason in ((1, "timeout"), (2, None)):
        row = made(FrontierRow, {"key": f"k{n}", "url": f"https://a.example/{n}", "site": "web", "role": "page"})
        lease(run, row)
        run.frontier.settle(row.key, "queued", due=iso(NOW), tried=("a.example",) * 3, attempts=3, reason=reason, detail=reason)
    assert run.dispatcher.lease() is None
    assert [(row_of(run, key).state, row_of(run, key).reason) for key in ("k1", "k2")] == [("failed", "timeout"), ("failed", "connect")]
    assert row_of(run, "k2").detail == "no host to ask"


def test_no_more_pages_are_asked_for_than_the_limit_says(make: Callable[..., Run]) -> None:
    run = make(WEB, max_pages=1)
    run.frontier.add([page_request(1), page_request(2, "b.example")])
    assert not run.dispatcher.enough()
    assert run.dispatcher.pending()
    leased = run.dispatcher.lease()
    assert leased is not None
    assert run.dispatcher.enough()
    assert run.dispatcher.lease() is None
    run.completion.finish(outcome(leased, None, reason="robots"))
    assert not run.dispatcher.pending(), "what is beyond the limit is not waited for"


def test_a_request_queued_for_later_is_waited_for(make: Callable[..., Run]) -> None:
    run = make(WEB)
    assert run.dispatcher.wait() is None
    lease(run, made(FrontierRow, {"key": "k", "url": "https://a.example/", "site": "web", "role": "page"}))
    run.frontier.settle("k", "queued", due=iso(NOW + timedelta(seconds=7)))
    assert run.dispatcher.wait() == 7
    assert run.dispatcher.lease() is None


def test_nothing_is_asked_for_while_the_disk_is_full(make: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    run = make(WEB)
    run.frontier.add([page_request(1)])
    monkeypatch.setattr(type(run.collection.disk), "enough", lambda self: False)
    assert run.dispatcher.lease() is None
    assert run.dispatcher.wait() is not None
    monkeypatch.undo()
    assert run.dispatcher.lease() is not None


def test_validators_go_only_to_the_host_they_are_of(make: Callable[..., Run]) -> None:
    for host, etag in (("a.example", '"e"'), ("b.example", None)):
        run = make(WEB)
        row = made(FrontierRow, {"key": "k", "url": "https://a.example/", "site": "web", "role": "page"})
        lease(run, row)
        run.frontier.settle("k", "queued", due=iso(NOW), etag='"e"', validates_host=host, validates="urn:uuid:1")
        leased = run.dispatcher.lease()
        assert leased is not None
        assert (leased.etag, leased.validates) == (etag, "urn:uuid:1" if etag else None)
