"""What a finished run left over, and what of it speaks against COMPLETE."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from outcomes import made as outcome
from runs import NOW, fixture_of_runs, lease
from targets import made

from crawler.crawl.report import make_report
from crawler.crawl.run import Run
from crawler.crawl.run_facts import facts_of, left_of, missing_of, omissions_of
from crawler.frontier.store import FrontierRow
from crawler.index.rows import iso
from crawler.items import FrontierRequest, LeasedRequest, Mirror
from crawler.sites.known import WEB
from crawler.sites.site import Site

SITE = Site(name="demo", title="Demo", language="en", stories=(r"^/(?P<id>\d+)$",), mirrors=(Mirror("a.example"), Mirror("b.example")))


make = fixture_of_runs("demo")


def ended(run: Run, key: str, state: str, **columns: object) -> None:
    """A row that was asked for and ended."""
    lease(run, made(FrontierRow, {"key": key, "url": f"https://a.example/{key}", "site": "demo", "role": "story", "story": key}))
    run.frontier.settle(key, state, **columns)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "reason", "says"),
    [
        ("done", None, None),
        ("done", "disconnect", None),
        ("done", "status", "status: 404"),
        ("failed", "timeout", "timeout: 404"),
        ("refused", "robots", "refused, robots: 404"),
        ("queued", None, "not asked for"),
        (None, None, "on no list of the site"),
    ],
)
def test_what_was_named_and_did_not_come_is_told_with_the_reason(
    make: Callable[..., Run], state: str | None, reason: str | None, says: str | None
) -> None:
    run = make(SITE)
    run.named = {"demo/7": "story=7"}
    if state is not None:
        ended(run, "demo/7", state, reason=reason, detail="404" if reason else None, due=iso(NOW))
    assert list(missing_of(run)) == ([f"story=7: {says}"] if says else [])
    assert [one.reason for one in omissions_of(run, left_of(run))] == (["named and did not come"] if says else [])
    assert len(run.stats.omitted) == 0, "the counts of the run stay as they are"


def test_a_named_mirror_that_answered_nothing_and_a_limit_of_nothing(make: Callable[..., Run]) -> None:
    run = make(SITE, mirrors=("a.example",), max_stories=0)
    failed = outcome(made(LeasedRequest, {"key": "k", "url": "https://a.example/1", "site": "demo", "role": "story"}), None, reason="dns")
    run.completion.finish(failed)
    assert list(missing_of(run)) == ["mirrors=a.example: answered nothing (dns)", "max_stories=0: no story may be asked for"]
    assert list(missing_of(make(WEB, max_pages=0))) == ["max_pages=0: no page may be asked for"]


def test_what_lies_beyond_a_limit_is_left_out_and_not_due(make: Callable[..., Run]) -> None:
    run = make(SITE, max_stories=1)
    run.unfollowed = lambda: {"demo/8": "https://a.example/8", "demo/1": "https://a.example/1"}
    run.frontier.add(
        made(FrontierRequest, {"key": f"demo/{n}", "url": f"https://a.example/{n}", "site": "demo", "role": "story"}) for n in (1, 2, 3)
    )
    assert run.dispatcher.lease() is not None
    left = left_of(run)
    assert (left.waiting, left.beyond, left.limit, left.first_beyond) == (0, 2, "max_stories=1", "https://a.example/2")
    omitted = omissions_of(run, left)
    assert {one.reason: (one.count, one.incomplete) for one in omitted} == {
        "story beyond max_stories=1": (2, False),
        "story linked only from a story's page, not followed": (1, False),
    }
    facts = facts_of(run, "finished", left, omitted)
    assert (facts.in_flight, facts.beyond, facts.omitted) == (1, 2, [])


def test_a_failed_feed_that_another_mirror_gave_is_healed(make: Callable[..., Run]) -> None:
    run = make(SITE)
    for host, state in (("a.example", "failed"), ("b.example", "done")):
        values = {"key": f"demo:en:/rss@{host}", "url": f"https://{host}/rss", "site": "demo", "role": "feed", "host": host}
        lease(run, made(FrontierRow, values))
        run.frontier.settle(f"demo:en:/rss@{host}", state, reason="dns" if state == "failed" else None)  # type: ignore[arg-type]
    ended(run, "demo/7", "failed", reason="timeout", detail="30 s")
    report = make_report(run, finish_reason="finished", seconds=1.26)
    assert report.stats["failed_urls"] == ["https://a.example/demo/7 (timeout: 30 s)"]
    assert report.stats["frontier"] == {"failed": 1, "done": 1, "given by another mirror": 1}
    assert (report.exit_code, report.verdict, report.stats["seconds"]) == (10, "INCOMPLETE", 1.3)


def test_making_a_report_changes_nothing_it_reports(make: Callable[..., Run]) -> None:
    run = make(SITE, max_stories=0)
    run.named = {"demo/7": "story=7"}
    first, second = (make_report(run, finish_reason="finished", seconds=1.0) for _ in range(2))
    assert first == second


def test_what_confinement_the_workers_lack_stands_in_the_report(make: Callable[..., Run]) -> None:
    run = make(SITE)
    for _ in range(2):
        run.parsers.readers.workers._note_lacking("seccomp: Invalid argument")
    report = make_report(run, finish_reason="finished", seconds=1.0)
    assert report.stats["limits"] == {"worker processes not confined (seccomp: Invalid argument)": 1}
