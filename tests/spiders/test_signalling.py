"""Signals reach whoever listens, and cost nothing where nobody does."""

from __future__ import annotations

import asyncio
import gc
import logging
from typing import Any

import pytest
from scrapy.signalmanager import SignalManager
from twisted.internet.defer import succeed

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
