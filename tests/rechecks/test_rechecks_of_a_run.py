"""Runs on a clock of the test: what is asked for again, in what order, how often, and when a story counts as gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from outcomes import made as outcome
from runs import opened_run
from scrapy.settings import Settings
from targets import made

from crawler.clock import told_by
from crawler.collection.ingest import add_capture, file_outcome
from crawler.crawl.report import make_report
from crawler.crawl.run import Run
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.due_rechecks import RECHECK
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.items import Article, Block, Capture, FrontierRequest, Link, Listing, Mirror, Target
from crawler.sites.site import Feed, Section, Site

BEGIN = datetime(2026, 11, 24, 12, tzinfo=UTC)
SITE = Site(
    name="demo", title="Demo", language="en", stories=(r"^/(?P<id>\d+)$",), seeds=(Feed("/feed.xml"), Section("/")),
    mirrors=(Mirror("a.example"), Mirror("b.example")),
)  # fmt: skip
numbers = count()
TEXT = (Block(kind="paragraph", text="The ferry runs again."),)


@contextmanager
def run_at(path: Path, when: datetime, arguments: dict[str, Any] | None = None, **values: Any) -> Iterator[Run]:
    """A run of the demo's site that begins at a time, which stands still."""
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.update({"ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_COMPARE_SHARE": 0.0} | values)
    with told_by(lambda: when):
        run = opened_run(settings, site=SITE, path=path, arguments=CrawlArguments(**arguments or {}), texts={})
        try:
            yield run
        finally:
            run.close()


def request(number: int, **more: Any) -> FrontierRequest:
    story = f"demo/{number}"
    return FrontierRequest(target=Target(key=story, url=f"https://a.example/{number}", site="demo", role="story", story=story), priority=40, **more)


async def ask(run: Run, there: Any = lambda story, host: "text") -> list[tuple[str, str, bool | None]]:
    """Answer all that the run asks for; key, host and note of each request.

    Args:
        there: The headline that a host shows of a story; None for a 404.
    """
    asked = []
    while (lease := run.dispatcher.lease()) is not None:
        host = lease.url.split("/")[2]
        asked.append((lease.key, host, lease.confirms))
        headline = there(lease.key, host)
        held = made(Capture, {
            "record_id": f"urn:uuid:{next(numbers):08d}", "host": host, "date": run.clock() + timedelta(microseconds=next(numbers)),
            "warc": "x.warc.gz", "offset": 0, "length": 9, "status": 200 if headline else 404, "url": lease.url, "site": "demo",
            "role": lease.role, "key": lease.key, "story": lease.story, "confirms": lease.confirms, "attempt": lease.attempt,
        })  # fmt: skip
        if not headline:
            ended = outcome(lease, held, reason="status", detail="404", answer=True)
        elif lease.role == "story":
            ended = outcome(lease, held, article=Article(url=lease.url, story=lease.story, headline=headline, blocks=TEXT), reader_version="1")
        else:
            ended = Listing(lease=lease, capture=held)

        def file(index: Index, held: Capture = held, ended: Any = ended) -> Any:
            add_capture(index, held)
            return file_outcome(index, ended)

        run.completion.finish(ended, run.collection.now(file))
        await settle(run)
    await settle(run)
    return asked


async def settle(run: Run) -> None:
    """Wait until what was handed to the writer is on disk, and the frontier knows it."""
    for _ in range(100):
        run.collection.now(lambda index: None)
        await asyncio.sleep(0.002)
        if not run.frontier.unsaved:
            return


def state(path: Path) -> tuple[Any, ...]:
    with Index.open(path / "index.db", readonly=True) as index:
        (row,) = index.query("SELECT state, missing_since IS NOT NULL FROM stories")
        return tuple(row)


def due(run: Run, number: int = 1) -> float:
    """Hours until a story is due again."""
    row = run.frontier.row(f"demo/{number}")
    assert row is not None
    return (datetime.fromisoformat(row.due) - run.clock()).total_seconds() / 3600


def missing(story: str, host: str) -> str | None:
    return None


async def test_a_story_is_gone_when_it_is_missing_twice(tmp_path: Path) -> None:
    with run_at(tmp_path, BEGIN, ARCHIVE_GONE_CONFIRM_HOURS=4) as run:
        run.frontier.add([request(1)])
        assert await ask(run) == [("demo/1", "a.example", None)]
    with run_at(tmp_path, BEGIN + timedelta(hours=3), ARCHIVE_GONE_CONFIRM_HOURS=4) as run:
        assert await ask(run, missing) == [("demo/1", "a.example", None), ("demo/1", "b.example", False)]
        assert (state(tmp_path), due(run)) == (("live", 1), pytest.approx(4, abs=0.01))
        assert make_report(run, finish_reason="finished", seconds=1).stats["stories"]["missing"] == 1
    with run_at(tmp_path, BEGIN + timedelta(hours=5), ARCHIVE_GONE_CONFIRM_HOURS=4) as run:
        run.frontier.add([request(1, again=True)])
        assert [note for _, _, note in await ask(run, missing)] == [False, False], "asked too soon: it is no second time"
        assert state(tmp_path) == ("live", 1)
    with run_at(tmp_path, BEGIN + timedelta(hours=8), ARCHIVE_GONE_CONFIRM_HOURS=4) as run:
        assert [note for _, _, note in await ask(run, missing)] == [False, True]
        assert (state(tmp_path), due(run)) == (("gone", 1), pytest.approx(5, abs=0.01))
        assert make_report(run, finish_reason="finished", seconds=1).stats["stories"]["gone"] == 1
    with run_at(tmp_path, BEGIN + timedelta(hours=103), ARCHIVE_GONE_CONFIRM_HOURS=4) as run:
        await ask(run, missing)
        assert due(run) == pytest.approx(100, abs=0.01), "as long again as it has been missing"
    with run_at(tmp_path, BEGIN + timedelta(hours=300), ARCHIVE_GONE_CONFIRM_HOURS=4) as run:
        await ask(run)
        assert state(tmp_path) == ("live", 0), "restored"
    with Index.open(tmp_path / "index.db", readonly=True) as index:
        (row,) = index.query("SELECT last_seen, missing_since, confirmed, restored, denials FROM absences")
    assert [str(when)[:13] for when in tuple(row)[:4]] == ["2026-11-24T12", "2026-11-24T15", "2026-11-24T20", "2026-12-07T00"]


@pytest.mark.parametrize("arguments", [{"story": "1"}, {"recheck": True}, {"url": ("https://a.example/1",)}])
async def test_whoever_asks_for_a_missing_story_asks_a_second_time(tmp_path: Path, arguments: dict[str, Any]) -> None:
    with run_at(tmp_path, BEGIN) as run:
        run.frontier.add([request(1)])
        await ask(run)
    for minutes, told in ((60, [None, False]), (65, [False, True])):
        with run_at(tmp_path, BEGIN + timedelta(minutes=minutes), arguments) as run:
            run.frontier.add([request(1, again=True)])
            assert [note for _, _, note in await ask(run, missing)] == told, "within one run it is one time, however it was asked for"
    assert state(tmp_path) == ("gone", 1)


async def test_one_time_is_enough_if_the_setting_says_so(tmp_path: Path) -> None:
    with run_at(tmp_path, BEGIN) as run:
        run.frontier.add([request(1)])
        await ask(run)
    with run_at(tmp_path, BEGIN + timedelta(hours=3), ARCHIVE_GONE_CONFIRM_HOURS=0) as run:
        await ask(run, missing)
        assert state(tmp_path) == ("gone", 1)


async def test_a_mirror_that_another_contradicts_removes_nothing(tmp_path: Path) -> None:
    for hours in (0, 3, 9, 40, 80, 200):
        with run_at(tmp_path, BEGIN + timedelta(hours=hours)) as run:
            run.frontier.add([request(1, again=True)])
            await ask(run, lambda story, host, hours=hours: "text" if host == "b.example" or not hours else None)
            assert state(tmp_path) == ("live", 0)


async def test_a_missing_story_is_asked_for_on_another_host_first(tmp_path: Path) -> None:
    with run_at(tmp_path, BEGIN) as run:
        run.frontier.add([request(1)])
        await ask(run)
    with run_at(tmp_path, BEGIN + timedelta(hours=3)) as run:
        run.policy.health.mirrors.report("b.example", "connect", now=run.clock())
        assert (await ask(run, missing))[0][1] == "a.example"
    with run_at(tmp_path, BEGIN + timedelta(hours=30)) as run:
        run.collection.now(lambda index: index.conn.execute("DELETE FROM denials WHERE host = 'b.example'"))
        assert (await ask(run, missing))[0][1] == "b.example"
        assert state(tmp_path) == ("gone", 1)


async def test_another_name_of_a_server_that_denied_a_story_is_not_asked_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "SITE", evolve(SITE, mirrors=(*SITE.mirrors, Mirror("c.example", alias=True))))
    with run_at(tmp_path, BEGIN) as run:
        run.frontier.add([request(1)])
        await ask(run)
    for hours in (3, 30):
        with run_at(tmp_path, BEGIN + timedelta(hours=hours)) as run:
            assert [host for _, host, _ in await ask(run, missing)] == ["a.example", "b.example"]
    assert state(tmp_path) == ("gone", 1)


async def known_stories(path: Path, most: int) -> None:
    """Stories that came when the site began, of which the later ones have longer intervals."""
    with run_at(path, BEGIN) as run:
        run.frontier.add([request(n) for n in range(1, most + 1)])
        await ask(run)
        for n in range(1, most + 1):
            run.frontier.settle(f"demo/{n}", "done", due=iso(BEGIN + timedelta(hours=2)), every=n * 3600)
        await settle(run)


async def test_a_run_asks_for_so_many_of_the_most_overdue(tmp_path: Path) -> None:
    await known_stories(tmp_path, 9)
    later = BEGIN + timedelta(hours=3)
    with run_at(tmp_path, later, ARCHIVE_RECHECKS_PER_RUN=3, ARCHIVE_RECHECK_BACKLOG=5) as run:
        run.frontier.add([request(7, hint="a headline"), request(30)])
        assert [key for key, *_ in await ask(run)] == ["demo/30", "demo/1", "demo/2", "demo/3"], "news first; a list brings no recheck beyond the limit"
        report = make_report(run, finish_reason="finished", seconds=1)
        assert report.stats["rechecks"] == {"asked": 3, "per_run": 3, "backlog": 6, "first": "https://a.example/4"}
        assert [(one.name, one.level) for one in report.checks if one.level != "ok"] == [("rechecks keep up", "warn")]
    with run_at(tmp_path, later, ARCHIVE_RECHECKS_PER_RUN=4, ARCHIVE_RECHECK_BACKLOG=5) as run:
        assert [key for key, *_ in await ask(run)] == [f"demo/{n}" for n in range(4, 8)]
        assert all(check.level == "ok" for check in make_report(run, finish_reason="finished", seconds=1).checks)
    with run_at(tmp_path, later, {"recheck": False}) as run:
        assert await ask(run) == []


async def test_rechecks_that_a_stopped_run_left_count_for_the_next(tmp_path: Path) -> None:
    await known_stories(tmp_path, 9)
    later = BEGIN + timedelta(hours=3)
    with run_at(tmp_path, later, ARCHIVE_RECHECKS_PER_RUN=3):
        pass
    with run_at(tmp_path, later, ARCHIVE_RECHECKS_PER_RUN=5) as run:
        assert [key for key, *_ in await ask(run)] == [f"demo/{n}" for n in range(1, 6)]


async def test_a_run_that_begins_a_little_early_asks_all_the_same(tmp_path: Path) -> None:
    with run_at(tmp_path, BEGIN) as run:
        run.frontier.add([request(1)])
        await ask(run)
    with run_at(tmp_path, BEGIN + timedelta(hours=2.5)) as run:
        assert await ask(run) == []
    with run_at(tmp_path, BEGIN + timedelta(hours=2.9)) as run:
        assert len(await ask(run)) == 1, "a tenth of three hours is near enough"


async def test_a_retitled_story_is_news(tmp_path: Path) -> None:
    with run_at(tmp_path, BEGIN) as run:
        run.frontier.add([request(1, hint="Old"), request(2)])
        await ask(run)
    with run_at(tmp_path, BEGIN + timedelta(hours=3)) as run:
        run.frontier.add([request(1, hint="New")])
        row = run.frontier.row("demo/1")
        assert row is not None
        assert (row.priority, row.state) == (40, "queued")
        assert [key for key, *_ in await ask(run)] == ["demo/1", "demo/2"]


async def test_rechecks_wait_until_feeds_and_fronts_have_answered(tmp_path: Path) -> None:
    await known_stories(tmp_path, 2)
    feed = FrontierRequest(target=Target(key="demo:en:/feed.xml@a.example", url="https://a.example/feed.xml", site="demo", role="feed"), host="a.example",
                           priority=90, again=True)  # fmt: skip
    with run_at(tmp_path, BEGIN + timedelta(hours=3)) as run:
        run.frontier.add([feed])
        lease = run.dispatcher.lease()
        assert lease is not None
        assert lease.role == "feed"
        assert run.dispatcher.lease() is None, "the other mirror is free, and the feed may bring news"
        held = made(Capture, {"record_id": "urn:uuid:feed", "host": "a.example", "status": 200, "url": lease.url, "site": "demo", "role": "feed",
                              "key": lease.key, "date": run.clock(), "warc": "x", "offset": 0, "length": 1})  # fmt: skip
        run.completion.finish(Listing(lease=lease, capture=held, links=(Link(url="https://a.example/9", text="new"),)))
        run.frontier.add([request(9)])
        assert [key for key, *_ in await ask(run)] == ["demo/9", "demo/1", "demo/2"]


async def test_bounds_are_as_told(tmp_path: Path) -> None:
    for name, headline, hours in (("ARCHIVE_RECHECK_FASTEST", None, 1.5), ("ARCHIVE_RECHECK_SLOWEST", "same", 3.3)):
        path = tmp_path / name
        values = {name: 0.5 if headline is None else 1.1}
        for n in range(6):
            with run_at(path, BEGIN + timedelta(hours=n), **values) as run:
                run.frontier.add([request(1, again=True)])
                await ask(run, lambda story, host, n=n, headline=headline: headline or f"text {n}")
                last = due(run)
        assert last == pytest.approx(hours, abs=0.01)


@pytest.mark.parametrize("wrong", [timedelta(days=400), timedelta(hours=30)])
async def test_a_clock_that_ran_ahead_neither_loses_nor_storms(tmp_path: Path, wrong: timedelta) -> None:
    with run_at(tmp_path, BEGIN) as run:
        run.frontier.add([request(n) for n in range(1, 6)])
        await ask(run)
    with run_at(tmp_path, BEGIN + wrong, ARCHIVE_RECHECKS_PER_RUN=4) as run:
        assert len(await ask(run)) == 4
    with run_at(tmp_path, BEGIN + timedelta(minutes=30)) as run:
        assert await ask(run) == []
        assert all(0 < due(run, n) <= 365 * 24 for n in range(1, 6))
        waits = [due(run, n) for n in range(1, 6)]
    with run_at(tmp_path, BEGIN + timedelta(minutes=40)) as run:
        assert [due(run, n) for n in range(1, 6)] == pytest.approx([wait - 1 / 6 for wait in waits], abs=0.01), "healed once"


def test_priorities_of_rechecks_are_below_all_others() -> None:
    assert RECHECK < -100
