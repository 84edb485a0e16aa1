"""How a story ends whose mirrors disagree: every combination of what its own mirrors and those of another language answer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from attrs import evolve
from outcomes import made

from crawler.crawl.host_health import MirrorBoard
from crawler.crawl.run import Run
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.store import FrontierRow
from crawler.items import Capture, LeasedRequest, Mirror, Target
from crawler.sites.site import Site

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
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


class Desk:
    """A frontier of one leased row."""

    def __init__(self, row: FrontierRow) -> None:
        self.row, self.leased = row, {row.key: row}

    def settle(self, key: str, state: str, **columns: Any) -> None:
        self.row = evolve(self.row, state=state, **columns)


def ends(site: Site, language: str, **answers: str) -> tuple[str, str | None, list[str]]:
    """Ask until the story is settled: its state, its reason, and the hosts in the order asked."""
    row = FrontierRow(
        target=Target(key="demo/7", url="https://a.example/2026/11/20/7", site="demo", role="story", story="demo/7", language=language),
    )
    board = MirrorBoard("demo", site.mirrors, clock=lambda: NOW)
    desk = Desk(row)
    run = Run(site=site, collection=cast("Any", None), frontier=cast("Any", desk), board=board, limits=CrawlArguments(), id=1, clock=lambda: NOW)
    asked: list[str] = []
    while desk.row.state == "queued":
        chosen = run.choose(desk.row)
        assert chosen, f"queued with nobody to ask after {asked}"
        host, url = chosen
        asked.append(host)
        assert len(asked) < 30, "asked without end"
        desk.row = evolve(desk.row, state="leased", attempts=desk.row.attempts + 1, tried=(*desk.row.tried, host))
        desk.leased = {row.key: desk.row}
        said = answers[host.partition(".")[0]]
        status = STATUS[said]
        lease = LeasedRequest(target=Target(key=row.key, url=url, site="demo", role="story", story="demo/7", language=language))
        capture = Capture(
            target=Target(url=url, site="demo", role="story", key=row.key, story="demo/7"), record_id="urn:uuid:1", host=host, date=NOW,
            warc="w", offset=0, length=1, status=status, truncated="disconnect" if said == "cut" else None,
        )  # fmt: skip
        run.settle(made(lease, capture if status else None, **ANSWERS[said]))
    return desk.row.state, desk.row.reason, asked


FAILS = ("503", "timeout", "tls", "wrong")


@pytest.mark.parametrize("foreign", ["404", "home", *FAILS, "cut"])
@pytest.mark.parametrize("own", ["cut", "part", *FAILS])
def test_what_the_only_own_mirror_could_not_give_has_failed_whatever_another_language_says(own: str, foreign: str) -> None:
    state, reason, _ = ends(ONE_OWN, "en", a=own, fr=foreign)
    assert (state, reason) == ("failed", ANSWERS["cut" if foreign == "cut" and own != "part" else own]["reason"])


@pytest.mark.parametrize("foreign", ["404", "home", *FAILS])
def test_a_story_that_its_only_own_mirror_says_is_not_there_is_answered(foreign: str) -> None:
    for own in ("404", "home"):
        assert ends(ONE_OWN, "en", a=own, fr=foreign)[:2] == ("done", ANSWERS[own]["reason"])


@pytest.mark.parametrize("first", ["404", "home", "cut", "part", *FAILS])
def test_a_story_that_anybody_has_is_fetched(first: str) -> None:
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
def test_mirrors_that_disagree(answers: dict[str, str], state: str, reason: str) -> None:
    got, why, asked = ends(SITE, "en", **answers)
    assert (got, why) == (state, reason), asked
    if state == "failed" and ANSWERS[answers["a"]]["reason"] == "status":
        assert asked.count("fr.example") == 1, "what another language does not have it is not asked for again"


def test_a_host_of_pictures_is_no_mirror_and_says_nothing_of_one() -> None:
    row = FrontierRow(target=Target(key="p", url="https://pictures.example/p.jpg", site="demo", role="requisite"))
    board = MirrorBoard("demo", SITE.mirrors, clock=lambda: NOW)
    run = Run(
        site=SITE, collection=cast("Any", None), frontier=cast("Any", Desk(row)), board=board, limits=CrawlArguments(), id=1, clock=lambda: NOW
    )
    lease = LeasedRequest(target=Target(key="p", url=row.url, site="demo", role="requisite"))
    for said in ("200", "503"):
        shown = Capture(
            target=Target(url=row.url, site="demo", role="requisite", key="p"), record_id="urn:uuid:1", host="pictures.example", date=NOW,
            warc="w", offset=0, length=1, status=STATUS[said],
        )  # fmt: skip
        run.settle(made(lease, shown, **ANSWERS[said]))
    assert not [one for one in board.rows() if one["successes"] or one["failures"]]
