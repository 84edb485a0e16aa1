"""Signals reach whoever listens, and cost nothing where nobody does."""

from __future__ import annotations

import asyncio
import gc
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import StopDownload
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.statscollectors import MemoryStatsCollector
from twisted.internet.defer import succeed

from crawler import settings
from crawler.extensions.stats import PlainStats
from crawler.garbage import THRESHOLDS, settle_heap
from crawler.spiders.signalling import is_heard, send, send_and_wait

SIGNAL = object()


def test_only_a_signal_that_is_heard_is_sent() -> None:
    manager, told = SignalManager(object()), []

    def receiver(word: str) -> None:
        told.append(word)

    send(manager, SIGNAL, word="unheard")
    assert not is_heard(manager, SIGNAL)
    manager.connect(receiver, SIGNAL)
    send(manager, SIGNAL, word="heard")
    manager.disconnect(receiver, SIGNAL)
    send(manager, SIGNAL, word="late")
    assert told == ["heard"]
    assert not is_heard(manager, SIGNAL)


def test_receivers_of_any_sender_are_found() -> None:
    from pydispatch.dispatcher import Any as Anything
    from pydispatch.dispatcher import connect, disconnect

    manager, told = SignalManager(object()), []

    def receiver(word: str) -> None:
        told.append(word)

    for sender, signal in ((Anything, SIGNAL), (Anything, Anything), (manager.sender, Anything)):
        connect(receiver, signal=signal, sender=sender)
        send(manager, SIGNAL, word="heard")
        disconnect(receiver, signal=signal, sender=sender)
    assert told == ["heard"] * 3


@pytest.mark.filterwarnings("ignore")
async def test_what_is_asynchronous_is_awaited_and_faults_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    manager, told = SignalManager(object()), []

    def plain(word: str) -> None:
        told.append(f"plain {word}")

    async def waits(word: str) -> None:
        await asyncio.sleep(0)
        told.append(f"waits {word}")

    def defers() -> Any:
        told.append("defers")
        return succeed(None)

    def fails() -> None:
        raise KeyError("planted")

    async def fails_late() -> None:
        await asyncio.sleep(0)
        raise KeyError("planted late")

    await send_and_wait(manager, SIGNAL, word="unheard")
    receivers = (fails_late, plain, waits, defers, fails)
    for receiver in receivers:
        manager.connect(receiver, SIGNAL)
    await send_and_wait(manager, SIGNAL, word="heard")
    assert sorted(told) == ["defers", "plain heard", "waits heard"]
    assert sorted(str(record.exc_info[1]) for record in caplog.records if record.exc_info) == ["'planted late'", "'planted'"]
    assert {record.name for record in caplog.records} == {"scrapy.utils.signal"}
    assert all(record.getMessage().startswith("Error caught on signal handler") for record in caplog.records)


def test_a_settled_heap_is_passed_over() -> None:
    before = gc.get_threshold()
    try:
        settle_heap()
        assert gc.get_freeze_count() > 1000
        assert gc.get_threshold() == THRESHOLDS
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


class Receivers:
    """Receivers of each kind, with what they were given."""

    def __init__(self) -> None:
        self.told: list[dict[str, object]] = []

    def some(self, word: str, spider: object = None) -> None:
        self.told.append({"word": word, "spider": spider})

    def all(self, **named: object) -> None:
        self.told.append(named)

    def none(self) -> None:
        self.told.append({})

    def __call__(self, word: str) -> None:
        self.told.append({"called": word})

    def stops(self) -> None:
        raise StopDownload

    def defers(self) -> object:
        return succeed(None)

    def fails(self, spider: object) -> None:
        raise KeyError("planted")


@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
def test_a_receiver_is_given_what_scrapy_would_give(again: bool, caplog: pytest.LogCaptureFixture) -> None:
    found = []
    for way in (send, lambda manager, signal, **named: manager.send_catch_log(signal, **named)):
        manager, mine = SignalManager(object()), Receivers()
        for receiver in (mine.some, mine.all, mine.none, mine, mine.stops, mine.defers, mine.fails):
            manager.connect(receiver, SIGNAL, weak=False)
        for _ in range(1 + again):
            way(manager, SIGNAL, word="heard", spider="one")
        lines = [(r.name, r.levelname, r.getMessage().partition(":")[0], bool(r.exc_info)) for r in caplog.records]
        assert all(one.pop("sender", manager.sender) is manager.sender for one in mine.told)
        found.append((mine.told, lines))
        caplog.clear()
    assert found[0] == found[1]
    assert {"word": "heard", "spider": "one", "signal": SIGNAL} in found[0][0]
    assert len(found[0][1]) == 2 * (1 + again)


def test_plain_stats_count_as_scrapys() -> None:
    crawler: Any = SimpleNamespace(settings=Settings({"STATS_DUMP": False}), spider=None)
    plain, scrapys = PlainStats(crawler), MemoryStatsCollector(crawler)
    for stats in (plain, scrapys):
        stats.inc_value("a")
        stats.inc_value("a", 2, start=5)
        stats.max_value("b", 3)
        stats.min_value("c", 4)
        stats.set_value("d", "e")
        stats.close_spider(reason="done")
    assert plain.get_stats() == scrapys.get_stats() == {"a": 3, "b": 3, "c": 4, "d": "e"}
    assert plain.get_value("a") == 3
    assert f"{PlainStats.__module__}.{PlainStats.__name__}" == settings.STATS_CLASS
