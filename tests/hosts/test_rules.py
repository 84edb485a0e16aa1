"""Each rule for the hosts of a row in tables: who is asked next, whose word counts, when another is asked; and the pauses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve
from runs import NOW
from targets import made

from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.hosts.health import HostHealth
from crawler.hosts.mirror_health import MirrorBoard
from crawler.hosts.policy import HostPolicy, RetryPolicy
from crawler.hosts.rules import AnyHost, PinnedHost, SiteMirrors
from crawler.items import Mirror
from crawler.sites.site import Site

SITE = Site(
    name="demo", title="Demo", language="en", stories=(r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<id>\d+)",),
    mirrors=(Mirror("a.example"), Mirror("b.example", scheme="http"), Mirror("alias.example", alias=True),
             Mirror("fr.example", language="fr"), Mirror("seized.example", until=date(2016, 1, 1))),
    picture_hosts=("pictures.example", "copies.example"),
)  # fmt: skip


def policy(**arguments: Any) -> HostPolicy:
    health = HostHealth(mirrors=MirrorBoard("demo", SITE.mirrors, clock=lambda: NOW))
    return HostPolicy(site=SITE, arguments=CrawlArguments(**arguments), health=health, retry=RetryPolicy(), clock=lambda: NOW)


def row(url: str = "https://a.example/2026/11/20/7", role: str = "story", **more: Any) -> FrontierRow:
    return made(FrontierRow, {"key": "k", "url": url, "site": "demo", "role": role} | more)


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (row(), SiteMirrors),
        (row(role="page"), SiteMirrors),
        (row(role="requisite"), AnyHost),
        (row("https://elsewhere.example/7"), AnyHost),
        (row("https://pictures.example/7.jpg", "requisite"), AnyHost),
        (row(host="b.example"), PinnedHost),
        (row("https://elsewhere.example/7", "requisite", host="b.example"), PinnedHost),
    ],
)
def test_the_rule_of_a_row(asked: FrontierRow, rule: type) -> None:
    assert type(policy().rule_of(asked)) is rule


@pytest.mark.parametrize(
    ("asked", "hosts"),
    [
        (row(), ["a.example", "b.example", "alias.example", "fr.example"]),
        (row(role="page"), ["a.example", "b.example", "alias.example"]),
        (row(role="page", language="fr"), ["fr.example"]),
        (row(language="fr"), ["fr.example", "a.example", "b.example", "alias.example"]),
        (row("https://elsewhere.example/7"), ["elsewhere.example"]),
        (row("https://pictures.example/7.jpg", "requisite"), ["pictures.example", "copies.example"]),
        (row("https://copies.example/7.jpg", "requisite"), ["copies.example", "pictures.example"]),
        (row(host="fr.example"), ["fr.example"]),
    ],
)
def test_the_hosts_that_may_have_a_page(asked: FrontierRow, hosts: list[str]) -> None:
    assert list(policy().rule_of(asked).hosts(asked)) == hosts


@pytest.mark.parametrize(
    ("mirrors", "hosts"), [(("b.example",), ["b.example"]), (("new.example", "a.example"), ["new.example", "a.example"])]
)
def test_mirrors_that_the_user_names_are_the_only_ones(mirrors: tuple[str, ...], hosts: list[str]) -> None:
    named = policy(mirrors=mirrors)
    assert list(named.rule_of(row()).hosts(row())) == hosts
    assert all(named.is_mirror(host) for host in mirrors)


@pytest.mark.parametrize(
    ("asked", "there", "choice"),
    [
        (row(tried=("a.example",), attempts=1), False, ("b.example", "http://b.example/2026/11/20/7")),
        (
            row(answered=("a.example",), tried=("a.example",)),
            False,
            ("fr.example", "https://fr.example/2026/11/20/7"),
        ),  # one denial of each
        (
            row(answered=("a.example", "b.example"), tried=("a.example", "b.example")),
            False,
            ("fr.example", "https://fr.example/2026/11/20/7"),
        ),
        (row(answered=("a.example", "b.example", "fr.example"), tried=("a.example", "b.example", "fr.example")), False, None),
        (row(role="page", tried=("a.example", "b.example", "alias.example") * 3), False, None),
        (row(role="page", answered=("a.example",), tried=("a.example",)), True, ("b.example", "http://b.example/2026/11/20/7")),
        (row(host="b.example", url="https://a.example/feed"), False, ("b.example", "http://b.example/feed")),
        (row(host="odd.example", url="https://a.example/feed"), False, ("odd.example", "https://odd.example/feed")),
        (row("https://pictures.example/7.jpg", "requisite", tried=("pictures.example", "copies.example") * 3), False, None),
    ],
)
def test_who_is_asked_next(asked: FrontierRow, there: bool, choice: tuple[str, str] | None) -> None:
    assert policy().choose(asked, there=there) == choice


def test_a_removal_is_confirmed_by_the_mirror_in_the_best_health() -> None:
    """The first one that is left may rest for an hour, and a run would wait for it."""
    site = evolve(SITE, mirrors=(*SITE.mirrors[:2], Mirror("c.example"), *SITE.mirrors[2:]))
    board = MirrorBoard("demo", site.mirrors, clock=lambda: NOW)
    board.report("b.example", "connect")
    rule = SiteMirrors(site=site, arguments=CrawlArguments(), health=HostHealth(mirrors=board), attempts=3, clock=lambda: NOW)
    asked = row(answered=("a.example", "fr.example"), tried=("a.example", "fr.example"))
    assert rule.choose(asked, there=False) == ("c.example", "https://c.example/2026/11/20/7")


@pytest.mark.parametrize(
    ("asked", "host", "own"),
    [
        (row(), "a.example", True),
        (row(), "alias.example", True),
        (row(), "fr.example", False),
        (row(language="fr"), "fr.example", True),
        (row(language="fr"), "a.example", False),
        (row(language="de"), "a.example", True),  # nobody has German: each word counts
        (row(host="b.example"), "any.example", True),
        (row("https://elsewhere.example/7"), "elsewhere.example", True),
    ],
)
def test_whose_404_counts(asked: FrontierRow, host: str, own: bool) -> None:
    assert policy().rule_of(asked).is_own(asked, host) is own


@pytest.mark.parametrize(
    ("asked", "gone", "confirms"),
    [
        (row(), False, True),
        (row(answered=("fr.example",), tried=("fr.example",)), False, True),
        (row(answered=("a.example",), tried=("a.example",)), True, True),
        (row(role="page", answered=("a.example",), tried=("a.example",)), True, False),
        (row(host="b.example", answered=("b.example",)), True, False),
        (row("https://elsewhere.example/7", answered=("elsewhere.example",), attempts=1), True, False),
        (row("https://pictures.example/7.jpg", "requisite", answered=("pictures.example",), attempts=1), True, True),
        (row("https://pictures.example/7.jpg", "requisite", answered=("pictures.example", "copies.example"), attempts=2), True, False),
    ],
)
def test_when_a_page_counts_as_gone_and_whether_another_is_asked_first(asked: FrontierRow, gone: bool, confirms: bool) -> None:
    rule = policy().rule_of(asked)
    assert (rule.gone(asked), rule.confirms(asked)) == (gone, confirms)


@pytest.mark.parametrize(
    ("tried", "at_once"), [((), True), (("a.example",), True), (("a.example", "b.example", "alias.example", "fr.example"), False)]
)
def test_an_untried_mirror_needs_no_pause(tried: tuple[str, ...], at_once: bool) -> None:
    asked = row(tried=tried, attempts=len(tried))
    assert policy().rule_of(asked).at_once(asked) is at_once


@pytest.mark.parametrize(
    ("host", "mirror", "shared"),
    [
        ("a.example", True, True),
        ("alias.example", True, True),
        ("seized.example", False, True),
        ("pictures.example", False, True),
        ("elsewhere.example", False, False),
    ],
)
def test_what_a_host_is_to_the_site(host: str, mirror: bool, shared: bool) -> None:
    assert (policy().is_mirror(host), policy().is_shared(host)) == (mirror, shared)


@pytest.mark.parametrize(("asked", "heeded"), [(None, 0.0), (0.0, 0.0), (-5.0, 0.0), (30.0, 30.0), (900.0, 900.0), (86400.0, 900.0)])
def test_a_wait_is_heeded_up_to_a_limit(asked: float | None, heeded: float) -> None:
    assert RetryPolicy().heeded(asked) == heeded


@pytest.mark.parametrize(
    ("attempts", "wait", "pause"), [(0, 0.0, 2.0), (1, 0.0, 2.0), (2, 0.0, 4.0), (3, 0.0, 8.0), (1, 60.0, 60.0), (6, 60.0, 64.0)]
)
def test_pauses_double_and_are_no_shorter_than_the_wait(attempts: int, wait: float, pause: float) -> None:
    assert RetryPolicy().pause(attempts, wait) == pause
