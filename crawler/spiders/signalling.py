"""Signals of Scrapy, sent only if a receiver is connected.

Scrapy gathers the receivers of each signal from four tables, and starts a task for each receiver that may be asynchronous.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from inspect import isawaitable
from typing import Any

from pydispatch.dispatcher import Any as AnySignal  # type: ignore[import-untyped]
from pydispatch.dispatcher import connections, getAllReceivers, liveReceivers
from pydispatch.robustapply import robustApply  # type: ignore[import-untyped]
from scrapy.signalmanager import SignalManager
from scrapy.utils.defer import ensure_awaitable
from scrapy.utils.python import global_object_name
from twisted.internet.defer import Deferred

_scrapys = logging.getLogger("scrapy.utils.signal")
_ANY_SENDER = id(AnySignal)


def is_heard(signals: SignalManager, signal: object) -> bool:
    """True if a receiver may be connected to a signal."""
    for sender in (id(signals.sender), _ANY_SENDER):
        receivers = connections.get(sender)
        if receivers and (signal in receivers or AnySignal in receivers):
            return True
    return False


def send(signals: SignalManager, signal: object, **named: Any) -> None:
    """Send a signal as `send_catch_log` does."""
    if is_heard(signals, signal):
        signals.send_catch_log(signal, **named)


async def send_and_wait(signals: SignalManager, signal: object, **named: Any) -> None:
    """Send a signal as `send_catch_log_async` does, with tasks only for what has to be awaited."""
    if not is_heard(signals, signal):
        return
    waiting = []
    for receiver in liveReceivers(getAllReceivers(signals.sender, signal)):
        try:
            result = robustApply(receiver, signal=signal, sender=signals.sender, **named)
        except Exception:  # noqa: BLE001 - logged as Scrapy does
            _tell_fault(receiver, named)
            continue
        if isinstance(result, Deferred) or isawaitable(result):
            waiting.append(_awaited(receiver, ensure_awaitable(result, _warn=global_object_name(receiver)), named))
    if waiting:
        await asyncio.gather(*waiting)


async def _awaited(receiver: Any, answer: Awaitable[Any], named: dict[str, Any]) -> None:
    try:
        await answer
    except Exception:  # noqa: BLE001 - logged as Scrapy does
        _tell_fault(receiver, named)


def _tell_fault(receiver: Any, named: dict[str, Any]) -> None:
    """Log the exception being handled in Scrapy's words."""
    told = "Error caught on signal handler: %(receiver)s"
    _scrapys.error(told, {"receiver": receiver}, exc_info=True, extra={"spider": named.get("spider")})
