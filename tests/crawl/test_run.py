"""Whom a run asks next, and how an errand ends: the decisions, without a network."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from attrs import evolve
from outcomes import made as outcome
from runs import NOW, fixture_of_runs, lease, row_of
from targets import made as made_of

from crawler.crawl.cut_answers import ALIKE
from crawler.crawl.run import Run
from crawler.frontier.rows import FrontierRow
from crawler.hosts.policy import RetryPolicy
from crawler.index.index import Filed
from crawler.index.rows import iso
from crawler.items import Article, Capture, FrontierRequest, LeasedRequest, Mirror, Target
from crawler.rechecks.from_settings import recheck_hours
from crawler.rechecks.recheck import RecheckPolicy
from crawler.sites.site import Site
from crawler.urls import host_of

SITE = Site(
    name="demo", title="Demo", language="en", stories=(r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<id>\d+)",),
    mirrors=(Mirror("a.example"), Mirror("b.example"), Mirror("alias.example", alias=True), Mirror("fr.example", language="fr"),
             Mirror("lost.example", until=NOW.date() - timedelta(days=1))),
)  # fmt: skip


make = fixture_of_runs("demo")


@pytest.fixture
def run(make: Callable[..., Run]) -> Callable[..., Run]:
    """Make a run in which a row is leased."""

    def made(row: FrontierRow, *, retry: RetryPolicy | None = None, at_once: int = 1000, **limits: Any) -> Run:
        run = make(SITE, retry=retry, at_once=at_once, **limits)
        lease(run, row)
        return run

    return made


def story(**more: Any) -> FrontierRow:
    url = "https://a.example/2026/11/20/7"
    return made_of(FrontierRow, {"key": "demo/7", "url": url, "site": "demo", "role": "story", "story": "demo/7", "language": "en"} | more)


def capture(host: str, status: int = 200) -> Capture:
    return Capture(
            target=Target(url=f"https://{host}/2026/11/20/7", site="demo", role="story", key="demo/7", story="demo/7"),
            record_id="urn:uuid:1", host=host, date=NOW, warc="w", offset=0, length=1, status=status, etag='"e"',
        )  # fmt: skip


def finish(run: Run, row: FrontierRow, host: str, **more: Any) -> FrontierRow:
    """The row, after its attempt at a host ended."""
    leased = LeasedRequest(target=Target(key=row.key, url=f"https://{host}/2026/11/20/7", site="demo", role=row.role, story=row.story))
    status = more.pop("status", 200)
    held = capture(host, status) if status else None
    run.completion.finish(outcome(leased, held, **more))
    return row_of(run, row.key)


def test_the_first_well_mirror_of_the_language_is_asked_then_the_others(run: Callable[..., Run]) -> None:
    asked = []
    row = story()
    for _ in range(4):
        chosen = run(row).policy.choose(row)
        assert chosen
        asked.append(chosen[0])
        row = story(tried=tuple(asked), attempts=len(asked))
    assert asked == ["a.example", "b.example", "alias.example", "fr.example"]
    assert run(story(language="fr")).policy.choose(story(language="fr")) == ("fr.example", "https://fr.example/2026/11/20/7")
    assert run(story(), mirrors=("b.example",)).policy.choose(story()) == ("b.example", "https://b.example/2026/11/20/7")


def test_a_good_answer_ends_it_and_keeps_the_validators(run: Callable[..., Run]) -> None:
    row = story(tried=("a.example",), attempts=1)
    ended = finish(run(row), row, "a.example")
    assert ended.state == "done"
    assert (ended.etag, ended.validates_host, ended.validates) == ('"e"', "a.example", "urn:uuid:1")
    assert ended.due == "2026-11-25T12:00:00.000000Z", "four days old: asked again after a day"


@pytest.mark.parametrize(
    ("published", "first_seen", "days"),
    [("2026-11-24T09:00:00+00:00", None, 3 / 24), ("2026-11-20", None, 1), ("2020-01-01", None, 365), (None, "2026-11-01T00:00:00Z", 7),
     (None, None, 3 / 24)],
)  # fmt: skip
def test_where_the_address_tells_no_day_a_story_is_as_old_as_its_page_or_the_index_says(
    published: str | None, first_seen: str | None, days: float
) -> None:
    row = story(url="https://a.example/story/7", tried=("a.example",), attempts=1)
    for told_by_page in (True, False):
        article = Article(url=row.url, published=published if told_by_page else None)
        told = None if told_by_page else published
        known: Any = SimpleNamespace(beginning=lambda _, told=told: (told, first_seen), last_checks=lambda story, most: [])
        assert RecheckPolicy(site=SITE, known=known).next_check(row, NOW, article) == NOW + timedelta(days=days)


def test_a_story_found_outside_its_days_when_it_is_read_is_counted(run: Callable[..., Run]) -> None:
    row = story(url="https://a.example/story/7", tried=("a.example",), attempts=1)
    for published, counted in (("2026-01-01", 0), ("2025-12-31", 1), (None, 0)):
        made = run(row, since=date(2026, 1, 1))
        leased = LeasedRequest(target=Target(key=row.key, url=row.url, site="demo", role="story", story="demo/7"))
        made.completion.finish(outcome(leased, capture("a.example"), article=Article(url=row.url, published=published)))
        assert sum(made.stats.limits.values()) == counted, published


def test_trouble_leads_to_the_next_mirror_at_once_and_in_the_end_to_failure(run: Callable[..., Run]) -> None:
    row = story(tried=("a.example",), attempts=1)
    ended = finish(run(row), row, "a.example", reason="tls", status=None)
    assert (ended.state, ended.due) == ("queued", "2026-11-24T12:00:00.000000Z")
    everyone = ("a.example", "b.example", "alias.example", "fr.example")
    row = story(tried=everyone, attempts=4)
    assert finish(run(row), row, "fr.example", reason="tls", status=None).state == "failed"


@pytest.mark.parametrize(
    ("tried", "answered", "now_says", "ends"),
    [
        (("a.example",), (), "a.example", "queued"),
        (("a.example", "fr.example"), ("a.example",), "fr.example", "queued"),
        (("a.example", "fr.example", "b.example"), ("a.example", "fr.example"), "b.example", "done"),
    ],
)
def test_a_story_is_gone_when_two_of_its_language_and_one_of_each_other_say_so(
    run: Callable[..., Run], tried: tuple[str, ...], answered: tuple[str, ...], now_says: str, ends: str
) -> None:
    row = story(tried=tried, attempts=len(tried), answered=answered)
    ended = finish(run(row), row, now_says, reason="status", detail="404", answer=True, status=404)
    assert ended.state == ends
    assert ended.answered == (*answered, now_says)


def test_a_mirror_that_is_down_takes_no_word_back(run: Callable[..., Run]) -> None:
    row = story(
        tried=("a.example", "fr.example", "b.example"), attempts=3, answered=("a.example", "fr.example"), reason="status", detail="404"
    )
    ended = finish(run(row), row, "b.example", reason="tls", status=None)
    assert (ended.state, ended.reason, ended.detail) == ("done", "status", "404")


@pytest.mark.parametrize(("asked", "most", "heeded"), [(3600.0, 3600.0, 3600), (3600.0, 20.0, 20), (5.0, 900.0, 5), (0.0, 900.0, 0)])
def test_retry_after_is_limited_once_by_its_setting(run: Callable[..., Run], asked: float, most: float, heeded: int) -> None:
    row = story(tried=("a.example", "b.example", "alias.example", "fr.example"), attempts=4, host="a.example")
    made = run(row, mirrors=("a.example",), retry=RetryPolicy(max_wait=most, attempts=9, retry_delay=0))
    health = made.policy.health
    ended = finish(made, row, "a.example", reason="status", detail="429", status=429, retry_after=asked)
    assert (ended.state, ended.due) == ("queued", iso(NOW + timedelta(seconds=heeded)))
    assert health.waits_until("a.example", NOW) == (NOW + timedelta(seconds=heeded) if heeded else None)
    assert health.mirrors.pause("a.example", now=NOW) >= heeded
    lease(made, row)
    finish(made, row, "a.example", reason="status", detail="429", status=429, retry_after=asked / 2)
    assert health.waits_until("a.example", NOW) == (NOW + timedelta(seconds=heeded) if heeded else None), "a shorter wait takes none back"


def test_policy_refuses_for_good(run: Callable[..., Run]) -> None:
    row = story(tried=("a.example",), attempts=1)
    assert finish(run(row), row, "a.example", reason="robots", status=None).state == "refused"


def test_what_the_same_host_would_only_repeat_is_not_asked_again(run: Callable[..., Run]) -> None:
    row = FrontierRow(
        target=Target(key="x", url="https://elsewhere.example/x", site="demo", role="page"),
        tried=("elsewhere.example",),
        attempts=1,
    )
    assert finish(run(row), row, "elsewhere.example", reason="redirect", status=302).state == "failed"
    assert finish(run(row), row, "elsewhere.example", reason="timeout", status=None).state == "queued"


def test_recheck_hours_are_read_or_refused() -> None:
    assert recheck_hours("168:24,24:3") == [(24.0, 3.0), (168.0, 24.0)]
    with pytest.raises(Exception, match="AGE:EVERY"):
        recheck_hours("24")


def test_an_errand_that_found_no_socket_waits_and_no_attempt_counts(run: Callable[..., Run]) -> None:
    row = story(attempts=2, tried=("a.example", "b.example"))
    made = run(row)
    made.completion.postpone(LeasedRequest(target=Target(key="demo/7", url=row.url, site="demo", role="story")), 2.0)
    ended = row_of(made, "demo/7")
    assert (ended.state, ended.due, ended.attempts, ended.tried) == ("queued", "2026-11-24T12:00:02.000000Z", 1, ("a.example",))


def test_no_more_is_leased_than_there_are_files_for(run: Callable[..., Run]) -> None:
    for at_once, leased in ((1, False), (2, True)):
        made = run(story(), at_once=at_once)
        made.frontier.add([FrontierRequest(target=Target(key="k", url="https://elsewhere.example/1", site="demo", role="page"))])
        assert (made.dispatcher.lease() is not None) is leased


@pytest.mark.parametrize("role", ["feed", "sitemap", "seed", "section"])
def test_a_list_that_could_not_be_read_is_due_and_missing(run: Callable[..., Run], role: str) -> None:
    row = story(role=role, story=None, tried=("a.example",), attempts=1)
    made = run(row)
    leased = LeasedRequest(target=Target(key=row.key, url=row.url, site="demo", role=cast("Any", role)))
    made.completion.finish(outcome(leased, capture("a.example"), reason="malformed", answer=True, read_state="unreadable"))
    assert [(one.reason, one.incomplete) for one in made.stats.omitted] == [("list that was captured and could not be read", True)]


def cut_short(run: Run, row: FrontierRow, host: str, digest: str, cut_at: int, **more: Any) -> FrontierRow:
    """The row, after an attempt whose answer was cut off and read."""
    lease(run, row)
    held = evolve(capture(host), truncated="disconnect", cut_at=cut_at, payload_digest=digest, record_id=f"urn:uuid:{digest}")
    leased = LeasedRequest(target=Target(key=row.key, url=held.url, site="demo", role=row.role, story=row.story))
    values = {"reason": "disconnect", "detail": "cut off", "cut": True, "article": Article(url=row.url, headline="x")} | more
    standing = run.completion.finish(outcome(leased, held, **values), Filed(story="demo/7", n=1, outcome="new"))
    ended = row_of(run, row.key)
    if ended.state == "queued":
        assert standing is None, "nothing to export yet"
    else:
        assert standing is not None
        assert (standing.capture.cut_at or 0) >= cut_at if standing.capture else False
    return ended


def test_the_same_bytes_twice_end_it_and_say_nothing_against_the_hosts(run: Callable[..., Run]) -> None:
    row = story(tried=("a.example",), attempts=1)
    made = run(row)
    ended = cut_short(made, row, "a.example", "same", 900)
    assert (ended.state, ended.due) == ("queued", "2026-11-24T12:00:00.000000Z"), "another mirror is asked at once"
    assert made.stats.stories == {}, "what was read counts when no whole answer can come any more"
    ended = cut_short(made, story(tried=("a.example", "b.example"), attempts=2), "b.example", "same", 900)
    assert (ended.state, ended.reason, ended.record_id) == ("done", "disconnect", "urn:uuid:same")
    assert "alike in 2 attempts" in ended.detail
    assert ended.due <= "2026-12-01T12:00:00.000000Z"
    assert ended.etag is None, "a cut answer is nothing to be validated"
    assert dict(made.stats.stories) == {"new": 1}
    assert made.stats.omitted.document() == {ALIKE: {"count": 1, "example": f"{row.url} (cut off)", "incomplete": False}}
    assert {
        host: (row["state"], row["failures"])
        for host, row in ((r["host"], r) for r in made.policy.health.mirrors.rows())
        if row["failures"]
    } == {}
    assert made.stats.answered["a.example"] == made.stats.answered["b.example"] == 1
    assert not made.completion.is_cut(row.key)


def test_different_lengths_count_against_the_host_and_leave_the_errand_failed(run: Callable[..., Run]) -> None:
    row = story(tried=("a.example",), attempts=1)
    made = run(row, mirrors=("a.example",))
    for n, (digest, length) in enumerate((("one", 900), ("two", 1200), ("three", 400)), 1):
        ended = cut_short(made, story(tried=("a.example",) * n, attempts=n), "a.example", digest, length)
    assert (ended.state, ended.reason, ended.record_id) == ("failed", "disconnect", "urn:uuid:two")
    assert "the longest of 3 was read" in ended.detail
    assert ended.due <= "2026-11-25T12:00:00.000000Z", "asked again within a day"
    assert dict(made.stats.stories) == {"new": 1}
    assert made.policy.health.mirrors.state("a.example") == "resting"
    assert len(made.stats.omitted) == 0


def test_a_whole_answer_and_only_it_is_counted_after_cut_ones(run: Callable[..., Run]) -> None:
    row = story(tried=("a.example",), attempts=1)
    made = run(row)
    cut_short(made, row, "a.example", "one", 900)
    leased = LeasedRequest(target=Target(key=row.key, url=row.url, site="demo", role="story", story="demo/7"))
    lease(made, row)
    made.completion.finish(outcome(leased, capture("b.example"), article=Article(url=row.url, headline="x")),
                Filed(story="demo/7", n=1, outcome="changed"))  # fmt: skip
    assert row_of(made, row.key).state == "done"
    assert dict(made.stats.stories) == {"changed": 1}
    assert not made.completion.is_cut(row.key)


@pytest.mark.parametrize(("again", "state"), [("same", "done"), ("other", "failed")])
def test_a_feed_of_one_host_is_asked_for_a_second_time_to_see_whether_it_is_cut_off_alike(
    run: Callable[..., Run], again: str, state: str
) -> None:
    row = story(key="demo:en:/rss@a.example", role="feed", story=None, host="a.example", tried=("a.example",), attempts=1)
    made = run(row)
    assert cut_short(made, row, "a.example", "same", 900, article=None, kind="feed").state == "queued"
    assert cut_short(made, evolve(row, attempts=2, tried=("a.example",) * 2), "a.example", again, 900, article=None).state == state


def test_what_a_limit_of_ours_cut_off_is_not_asked_for_twice_and_is_never_called_whole(run: Callable[..., Run]) -> None:
    row = story(key="k", url="https://elsewhere.example/1", role="page", tried=("elsewhere.example",), attempts=1)
    ended = cut_short(run(row), row, "elsewhere.example", "same", 900, reason="too-large")
    assert (ended.state, ended.reason) == ("failed", "too-large")
    made = run(row)
    for n, expected in ((1, "queued"), (2, "queued"), (3, "failed")):
        row = evolve(row, attempts=n, tried=("elsewhere.example",) * n)
        detail = "over 180 s in all"
        assert cut_short(made, row, "elsewhere.example", "same", 900, reason="timeout", detail=detail).state == expected


@pytest.mark.parametrize(
    ("url", "reason", "detail", "state"),
    [
        ("https://counter.example/hit.js", "dns", "counter.example: Name or service not known", "done"),
        ("https://styles.example/old.css?v=1", "dns", "styles.example: no address", "done"),
        ("https://counter.example/hit.js", "dns", "counter.example: Temporary failure in name resolution", "failed"),
        ("https://counter.example/hit.js", "connect", "refused", "failed"),
        ("https://pictures.example/1.jpg", "dns", "pictures.example: Name or service not known", "failed"),
        ("https://a.example/site.js", "dns", "a.example: Name or service not known", "failed"),
    ],
)
def test_a_script_on_a_host_whose_name_is_no_more_is_settled_and_a_picture_is_missed(
    run: Callable[..., Run], url: str, reason: str, detail: str, state: str
) -> None:
    row = made_of(FrontierRow, {"key": url, "url": url, "site": "demo", "role": "requisite", "attempts": 9, "tried": (host_of(url),) * 9})
    made = run(row)
    leased = LeasedRequest(target=Target(key=url, url=url, site="demo", role="requisite"))
    made.completion.finish(outcome(leased, None, reason=reason, detail=detail))
    ended = row_of(made, url)
    assert (ended.state, ended.reason) == (state, reason)
    assert (ended.due > iso(NOW + timedelta(days=6))) is (state == "done")
