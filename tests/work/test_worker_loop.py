"""The loop of a worker while its store is away or faults of ours happen, over parts and shards that the test makes."""

from __future__ import annotations

import asyncio
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import DontCloseSpider
from scrapy.settings import Settings

from crawler.clock import now
from crawler.errors import Unreachable, WriteFailed
from crawler.jobs.options import WorkOptions
from crawler.jobs.rows import Job, Part
from crawler.jobs.sqlite_store import SqliteJobStore
from crawler.work.allowance import Allowance
from crawler.work.lane_keeper import LaneKeeper
from crawler.work.parts import Parts
from crawler.work.progress import Progress
from crawler.work.told import Told
from crawler.work.worker import Worker


def worker_of(store: SqliteJobStore, begin: Any, *, wait: float = 0.0, broken: Any = None) -> Worker:
    options = WorkOptions(
        frontier=None, wait=wait, lease=3.0, worker="work", lanes=8, health=None, seal_seconds=0.0, store=None, keep_local=True
    )  # fmt: skip
    disk = SimpleNamespace(out_of_patience=lambda: None)
    shard: Any = SimpleNamespace(collection=SimpleNamespace(broken=broken, disk=disk))

    async def nothing(*_: Any, **more: Any) -> None:
        pass

    parts: Any = SimpleNamespace(begin=begin, renewed=nothing, let_lanes_go=nothing)
    keeper = LaneKeeper(store=store, options=options)
    return Worker(store=store, shard=shard, keeper=keeper, parts=parts, told=Told(), grace=1.0, until_idle=True)


def with_job(store: SqliteJobStore) -> None:
    store.enqueue(Job(id="a" * 32, site="paper", created=now(), lanes=("paper",)))


async def test_a_part_that_cannot_begin_gives_its_lane_back(caplog: pytest.LogCaptureFixture) -> None:
    faults = [ValueError("ours"), Unreachable("store", "away")]
    with closing(SqliteJobStore(None)) as store:
        with_job(store)

        async def begin(*_: Any) -> None:
            if faults:
                raise faults.pop()
            made.stop()

        made = worker_of(store, begin)
        async with asyncio.timeout(20):
            assert await made.work() == 14
        assert "store-away lane=paper" in caplog.text
        assert "part-fault lane=paper" in caplog.text
        assert [one for one in store.lanes() if one["owner"]] == []


async def test_a_store_that_stays_away_ends_the_worker(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **more: Any) -> Any:
        raise Unreachable("store", "away")

    with closing(SqliteJobStore(None)) as store:
        made = worker_of(store, None)
        monkeypatch.setattr(store, "claim", away)
        async with asyncio.timeout(20):
            assert await made.work() == 15
        assert "store-unreachable" in caplog.text
        assert await made._asked(away) is None
        assert "store-untold" in caplog.text
        monkeypatch.setattr(store, "idle", away)
        assert not await made._is_idle()


async def test_a_store_that_comes_back_is_told() -> None:
    with closing(SqliteJobStore(None)) as store:
        made, answers = worker_of(store, None, wait=30.0), [Unreachable("store", "away")]

        def told() -> str:
            if answers:
                raise answers.pop()
            return "told"

        async with asyncio.timeout(10):
            assert await made._asked(told) == "told"


async def test_a_write_that_failed_ends_the_worker() -> None:
    with closing(SqliteJobStore(None)) as store:
        made = worker_of(store, None, broken=WriteFailed("x.warc.gz", OSError(28, "full")))
        async with asyncio.timeout(10):
            assert await made.work() == 12


async def test_a_part_whose_end_fails_counts_as_failed(capsys: pytest.CaptureFixture[str]) -> None:
    with closing(SqliteJobStore(None)) as store:
        with_job(store)
        made = worker_of(store, None)
        told: list[Any] = []
        made.parts.told_end = lambda part, again: told.append(part)  # type: ignore[method-assign]
        (claim,) = made.keeper.claim(1)
        part: Any = SimpleNamespace(
            part=Part(id="p", job="a" * 32, worker="work", lanes=("paper",), started=now()), job=claim.jobs[0],
            scope=SimpleNamespace(lanes={"paper"}), gather=dict, left_open=lambda: 1 / 0, let_go=lambda: None,
        )  # fmt: skip
        await made._followed(part, asyncio.ensure_future(asyncio.sleep(0)))
        assert [(one.exit_code, "ZeroDivisionError" in one.reason) for one in told] == [(1, True)]
        assert capsys.readouterr().out.startswith("FAILED")
        assert not made.keeper.claims


async def test_a_limit_of_which_nothing_can_be_taken_is_asked_for_again(caplog: pytest.LogCaptureFixture) -> None:
    store: Any = SimpleNamespace(answers=[0, 3])

    def take(*_: Any) -> int:
        if not store.answers:
            return 0
        if store.answers[-1] == 0:
            store.answers.pop()
            raise Unreachable("store", "away")
        return int(store.answers.pop())

    store.take_budget, store.answers = take, [3, 0]
    dispatcher: Any = SimpleNamespace(most=0, enough=lambda: True)
    woken: list[int] = []
    one = Allowance(store=store, job="j", name="max_pages", dispatcher=dispatcher, wake=lambda: woken.append(1))
    for _ in range(2):
        with pytest.raises(DontCloseSpider):
            one.idle()
    await asyncio.sleep(1.2)
    assert "budget-untaken job=j" in caplog.text
    await one.top_up()
    assert (dispatcher.most, woken) == (3, [1])
    await one.top_up()
    one.idle()


async def test_rows_that_others_wrote_are_taken_in_after_a_renewal() -> None:
    taken: list[str] = []
    keeper: Any = SimpleNamespace(claims={name: SimpleNamespace(lane=name, seq=2) for name in "abc"})
    rows: Any = SimpleNamespace(take=lambda claim: [claim.lane], flush=lambda seconds: taken.append(seconds) or True)
    shard: Any = SimpleNamespace(know=lambda names: taken.extend(names))
    ended: list[Any] = []
    store: Any = SimpleNamespace(end_part=lambda part, again: ended.append(part))
    parts = Parts(store=store, shard=shard, keeper=keeper, settings=Settings(), loader=None, rows=rows)  # type: ignore[arg-type]

    def part(lanes: str, *, is_open: bool) -> Any:
        run = SimpleNamespace(frontier=SimpleNamespace(take_lane=lambda lane: taken.append(f"{lane}!")))
        crawler = SimpleNamespace(wake=lambda: taken.append("woken"))
        return SimpleNamespace(scope=SimpleNamespace(lanes=set(lanes)), seqs=dict.fromkeys(lanes, 1), run=run, crawler=crawler, is_open=is_open)

    one, two = part("ad", is_open=True), part("bc", is_open=False)
    await parts.renewed([one, two])
    assert taken == ["a", "a!", "woken", "b"], "one that ended meanwhile is left alone"
    assert one.seqs == {"a": 2, "d": 1}
    parts.told_end("part", None)  # type: ignore[arg-type]
    assert (taken[-1], ended) == (5.0, ["part"])


async def test_progress_is_told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr("crawler.work.progress.LOG_SECONDS", 0.01)
    monkeypatch.setattr("crawler.work.progress.LIVE_SECONDS", 0.01)
    with closing(SqliteJobStore(None)) as store:
        for live in (False, True):
            one = Progress(worker_of(store, None), Settings())
            one._live = live
            one.close()
            one.start()
            await asyncio.sleep(0.05)
            one.close()
    assert "0 parts running, 0 ended" in caplog.text


async def test_a_fault_of_the_store_that_is_no_outage_ends_the_worker() -> None:
    with closing(SqliteJobStore(None)) as store:
        made = worker_of(store, None)
        made.keeper.trouble = WriteFailed("jobs.db", OSError(28, "full"))
        with pytest.raises(WriteFailed):
            await made.work()


async def test_a_signal_while_a_part_begins_ends_it_as_it_starts_and_a_full_disk_ends_all() -> None:
    with closing(SqliteJobStore(None)) as store:
        stops: list[str] = []
        crawler = SimpleNamespace(start=lambda: asyncio.ensure_future(asyncio.sleep(30)), stop=stops.append)
        part: Any = SimpleNamespace(crawler=crawler, lose=lambda: None, gather=dict, scope=SimpleNamespace(lanes=set()))
        made = worker_of(store, None, broken=WriteFailed("x.warc.gz", OSError(28, "full")))
        made._look_after()
        assert (made.exit_code, made.stopping) == (12, True)
        made._follow(part)
        made._look_after()
        assert stops == ["shutdown", "write-failed"]
        for task in list(made._running):
            task.cancel()


def test_no_more_parts_are_kept_for_the_document_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.work.told.MOST_PARTS", 1)
    told, job = Told(as_json=True), Job(id="j", site="paper", created=now())
    for code, says in ((10, "INCOMPLETE"), (1, "FAILED")):
        told.part(Part(id="p", job="j", worker="w", lanes=(f"{code}",), started=now(), exit_code=code), job, None, None)
        assert told.parts[0]["verdict"] == "INCOMPLETE", says
    assert (told.ended, len(told.parts), told.exit_code) == (2, 1, 1)
