"""Calls of another thread in an event loop: all of them, in order, with few wake-ups."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from unittest.mock import patch

import pytest
from exchange_makers import exchange, lease

from crawler.collection.collection import Collection
from crawler.collection.mailbox import Mailbox
from crawler.items import Exchange
from crawler.warc.algorithms import Digests


async def test_calls_come_in_order_and_a_fault_holds_up_none() -> None:
    loop, came, faults = asyncio.get_running_loop(), list[int](), list[str]()
    loop.set_exception_handler(lambda _, context: faults.append(str(context["exception"])))
    mailbox, done = Mailbox(loop), asyncio.Event()

    def fault() -> None:
        raise ValueError("planted")

    def post() -> None:
        for number in range(1000):
            mailbox.post(fault if number == 500 else lambda number=number: came.append(number))  # type: ignore[misc]
        mailbox.post(done.set)
        mailbox.wake()
        mailbox.wake()

    thread = threading.Thread(target=post)
    thread.start()
    await asyncio.wait_for(done.wait(), 10)
    thread.join()
    assert came == [number for number in range(1000) if number != 500]
    assert faults == ["planted"]


def test_a_closed_loop_is_called_nothing() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    mailbox = Mailbox(loop)
    mailbox.post(lambda: pytest.fail("called"))
    mailbox.wake()


async def test_a_batch_wakes_the_loop_once(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "demo")
    loop, wakes = asyncio.get_running_loop(), list[object]()
    gate, woken = threading.Event(), loop.call_soon_threadsafe
    try:
        writer = collection._thread._writer
        digests = writer.digests

        def wait_and_digest(one: Exchange) -> Digests:
            gate.wait(10)
            return digests(one)

        with (
            patch.object(loop, "call_soon_threadsafe", lambda call: (wakes.append(call), woken(call))),
            patch.object(writer, "digests", wait_and_digest),
        ):
            records = [asyncio.ensure_future(collection.record(exchange(n), lease(n))) for n in range(20)]
            await asyncio.sleep(0.05)
            gate.set()
            await asyncio.gather(*records)
    finally:
        collection.close()
    assert len(wakes) <= 3, "the first alone, then those that came meanwhile"
