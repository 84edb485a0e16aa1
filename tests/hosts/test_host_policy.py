"""How a story ends whose mirrors disagree: every combination of what its own mirrors and those of another language answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from outcomes import made
from runs import NOW, fixture_of_runs, lease, row_of

from crawler.crawl.run import Run
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.hosts.choice_told import why_chosen
from crawler.hosts.health import HostHealth
from crawler.hosts.mirror_health import MirrorBoard
from crawler.hosts.policy import HostPolicy, RetryPolicy
from crawler.index.rows import iso
from crawler.items import Capture, LeasedRequest, Mirror, Target
from crawler.sites.site import Site

SITE = Site(
    name="demo", title="Demo", language="en", stories=(r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<id>\d+)",),
    mirrors=(Mirror("a.example"), Mirror("b.example"), Mirror("alias.example", alias=True), Mirror("fr.example", language="fr"),
             Mirror("pictures.example", until=date(2016, 1, 1))),
    picture_hosts=("pictures.example",),
)  # fmt: skip
ONE_OWN = evolve(SITE, mirrors=(SITE.mirrors[0], SITE.mirrors[3]))
ANSWERS: dict[str, dict[str, Any]] = {
    "200": {},
    "404": {"reason": "status", "detail": "404", "answer": True},
    "home": {"reason": "redirect", "detail": "leads to /", "answer": True},
    "cut": {"reason": "disconnect", "detail": "closed after 10 of 100 bytes"},
    "part": {"reason": "partial", "detail": "206"},
    "503": {"reason": "status", "detail": "503"},
    "timeout": {"reason": "timeout", "detail": "30 s"},
    "tls": {"reason": "tls", "detail": "certificate"},
    "wrong": {"reason": "wrong-article", "detail": "asked for 7"},
    "robots": {"reason": "robots", "detail": "disallowed"},
}
STATUS = {
    "200": 200,
    "404": 404,
    "home": 302,
    "cut": 200,
    "part": 206,
    "503": 503,
    "timeout": None,
    "tls": None,
    "wrong": 200,
    "robots": None,
}


make = fixture_of_runs("demo")


Ends = Callable[..., tuple[str, str | None, list[str]]]


@pytest.fixture
def ends(make: Callable[..., Run]) -> Ends:
    """Ask until the story is finished: its state, its reason, and the hosts in the order asked."""

    def ends(site: Site, language: str, **answers: str) -> tuple[str, str | None, list[str]]:
        run = make(site, retry=RetryPolicy(leases_per_host=1000))
        first = FrontierRow(
            target=Target(key="demo/7", url="https://a.example/2026/11/20/7", site="demo", role="story", story="demo/7", language=language),
        )
        row, asked = evolve(first, added="2026-11-24T12:00:00.000000Z"), list[str]()
        while row.state == "queued":
            chosen = run.policy.choose(row, there=run.completion.is_cut(row.key))
            assert chosen, f"queued with nobody to ask after {asked}"
            host, url = chosen
            asked.append(host)
            assert len(asked) < 30, "asked without end"
            row = lease(run, evolve(row, attempts=row.attempts + 1, tried=(*row.tried, host)))
            said = answers[host.partition(".")[0]]
            status = STATUS[said]
            leased = LeasedRequest(target=Target(key=row.key, url=url, site="demo", role="story", story="demo/7", language=language))
            capture = Capture(
            target=Target(url=url, site="demo", role="story", key=row.key, story="demo/7"),
            record_id="urn:uuid:1", host=host, date=NOW, warc="w", offset=0, length=1, status=status, truncated="disconnect" if said == "cut" else None,
        )  # fmt: skip
            run.completion.finish(made(leased, capture if status else None, **ANSWERS[said]))
            row = row_of(run, row.key)
        return row.state, row.reason, asked

    return ends


FAILS = ("503", "timeout", "tls", "wrong")


@pytest.mark.parametrize("foreign", ["404", "home", *FAILS, "cut"])
@pytest.mark.parametrize("own", ["cut", "part", *FAILS])
def test_what_the_only_own_mirror_could_not_give_has_failed_whatever_another_language_says(ends: Ends, own: str, foreign: str) -> None:
    state, reason, _ = ends(ONE_OWN, "en", a=own, fr=foreign)
    assert (state, reason) == ("failed", ANSWERS["cut" if foreign == "cut" and own != "part" else own]["reason"])


@pytest.mark.parametrize("foreign", ["404", "home", *FAILS])
def test_a_story_that_its_only_own_mirror_says_is_not_there_is_answered(ends: Ends, foreign: str) -> None:
    for own in ("404", "home"):
        assert ends(ONE_OWN, "en", a=own, fr=foreign)[:2] == ("done", ANSWERS[own]["reason"])


@pytest.mark.parametrize("first", ["404", "home", "cut", "part", *FAILS])
def test_a_story_that_anybody_has_is_fetched(ends: Ends, first: str) -> None:
    assert ends(ONE_OWN, "en", a=first, fr="200")[0] == "done"
    assert ends(ONE_OWN, "en", a=first, fr="200")[1] is None
    assert ends(SITE, "en", a=first, b="200", alias="404", fr="404")[:2] == ("done", None)
    assert ends(SITE, "fr", fr=first, a="503", b="200", alias="404")[:2] == ("done", None)


@pytest.mark.parametrize(
    ("answers", "state", "reason"),
    [
        ({"a": "404", "b": "404", "alias": "404", "fr": "404"}, "done", "status"),
        ({"a": "404", "b": "503", "alias": "503", "fr": "404"}, "done", "status"),
        ({"a": "404", "b": "tls", "alias": "tls", "fr": "timeout"}, "done", "status"),
        ({"a": "503", "b": "404", "alias": "404", "fr": "404"}, "done", "status"),
        ({"a": "503", "b": "503", "alias": "503", "fr": "404"}, "failed", "status"),
        ({"a": "timeout", "b": "timeout", "alias": "timeout", "fr": "404"}, "failed", "timeout"),
        # A cut-off body proves that the story is there: nobody's 404 outweighs it.
        ({"a": "cut", "b": "404", "alias": "404", "fr": "404"}, "failed", "disconnect"),
        ({"a": "404", "b": "cut", "alias": "404", "fr": "404"}, "failed", "disconnect"),
        ({"a": "404", "b": "404", "alias": "404", "fr": "cut"}, "failed", "disconnect"),
        ({"a": "cut", "b": "tls", "alias": "tls", "fr": "404"}, "failed", "disconnect"),
        ({"a": "robots", "b": "404", "alias": "404", "fr": "404"}, "refused", "robots"),
        ({"a": "503", "b": "503", "alias": "503", "fr": "robots"}, "refused", "robots"),
    ],
)
def test_mirrors_that_disagree(ends: Ends, answers: dict[str, str], state: str, reason: str) -> None:
    got, why, asked = ends(SITE, "en", **answers)
    assert (got, why) == (state, reason), asked
    if state == "failed" and ANSWERS[answers["a"]]["reason"] == "status":
        assert asked.count("fr.example") == 1, "what another language does not have it is not asked for again"


def test_a_host_of_pictures_is_no_mirror_and_says_nothing_of_one(make: Callable[..., Run]) -> None:
    run = make(SITE)
    row = lease(run, FrontierRow(target=Target(key="p", url="https://pictures.example/p.jpg", site="demo", role="requisite")))
    leased = LeasedRequest(target=Target(key="p", url=row.url, site="demo", role="requisite"))
    for said in ("200", "503"):
        shown = Capture(
            target=Target(url=row.url, site="demo", role="requisite", key="p"),
            record_id="urn:uuid:1", host="pictures.example", date=NOW, warc="w", offset=0, length=1, status=STATUS[said],
        )  # fmt: skip
        run.completion.finish(made(leased, shown, **ANSWERS[said]))
    assert not [one for one in run.policy.health.mirrors.rows() if one["successes"] or one["failures"]]


def policy(**limits: Any) -> HostPolicy:
    health = HostHealth(mirrors=MirrorBoard("demo", SITE.mirrors, clock=lambda: NOW))
    return HostPolicy(site=SITE, arguments=CrawlArguments(**limits), health=health, retry=RetryPolicy(), clock=lambda: NOW)


def test_a_pinned_row_is_asked_for_at_its_host_only_however_often() -> None:
    row = FrontierRow(
        target=Target(key="f", url="https://a.example/rss", site="demo", role="feed"),
        host="b.example",
        tried=("b.example",) * 9,
        attempts=9,
    )
    assert policy().choose(row) == ("b.example", "https://b.example/rss")
    assert not policy().again(row, gone=False, lasting=False), "another mirror serves the like"
    assert policy(mirrors=("b.example",)).again(evolve(row, attempts=1), gone=False, lasting=False)


def test_a_picture_is_asked_for_at_each_host_that_holds_it_and_after_a_pause() -> None:
    site = evolve(SITE, picture_hosts=("pictures.example", "copies.example"))
    shared = evolve(policy(), site=site)
    row = FrontierRow(target=Target(key="p", url="https://pictures.example/p.jpg", site="demo", role="requisite"))
    assert shared.choose(row) == ("pictures.example", "https://pictures.example/p.jpg")
    row = evolve(row, tried=("pictures.example",), attempts=1, answered=("pictures.example",))
    assert shared.choose(row) == ("copies.example", "https://copies.example/p.jpg")
    assert shared.again(row, gone=True, lasting=False)
    assert shared.when(row, NOW, wait=60.0) == iso(NOW + timedelta(seconds=60))


@pytest.mark.parametrize("role", ["page", "requisite"])
def test_an_address_that_no_mirror_holds_is_asked_for_at_its_own_host(role: Any) -> None:
    row = FrontierRow(target=Target(key="k", url="https://elsewhere.example/x", site="demo", role=role))
    assert policy().choose(row) == ("elsewhere.example", row.url)
    tried = evolve(row, tried=("elsewhere.example",) * 3, attempts=3)
    assert policy().choose(tried) is None
    assert not policy().again(tried, gone=False, lasting=False)
    assert not policy().again(evolve(tried, attempts=1), gone=False, lasting=True)
    assert policy().again(evolve(tried, attempts=1), gone=False, lasting=False)


def test_a_picture_on_a_mirror_waits_before_it_is_asked_for_again() -> None:
    row = FrontierRow(
        target=Target(key="p", url="https://a.example/p.jpg", site="demo", role="requisite"),
        tried=("a.example",),
        attempts=1,
    )
    assert policy().when(row, NOW) == iso(NOW + timedelta(seconds=2))
    story = FrontierRow(
        target=Target(key="s", url="https://a.example/2026/11/20/7", site="demo", role="story"),
        tried=("a.example",),
        attempts=1,
    )
    assert policy().when(story, NOW) == iso(NOW), "another mirror is asked at once"


def test_a_lease_is_told_with_the_reason_of_its_host() -> None:
    row = FrontierRow(target=made(Target, {"key": "demo/1", "url": "https://a.example/1", "site": "demo", "role": "story"}))
    hosts = ["a.example", "b.example", "c.example"]
    board = MirrorBoard("demo", [Mirror(host=host) for host in hosts])
    assert why_chosen(row, "a.example", hosts, board) == "first-mirror"
    assert why_chosen(row, "other.example", hosts, board) == "only-host"
    for _ in range(3):
        board.report("b.example", "timeout")
    tried = evolve(row, tried=("a.example", "a.example"))
    assert why_chosen(tried, "c.example", hosts, board) == f"a.example:tried-2x,b.example:{board.state('b.example')}"
    assert board.state("b.example") != "well"
    assert why_chosen(evolve(row, answered=("a.example",), tried=("a.example",)), "b.example", hosts, board) == "a.example:answered-no"
