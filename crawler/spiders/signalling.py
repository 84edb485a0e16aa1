"""Signals of Scrapy, sent only if a receiver is connected.

Scrapy gathers the receivers of each signal from four tables, finds out each time which arguments they take, and starts a task for each
receiver that may be asynchronous.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from inspect import CO_VARKEYWORDS, isawaitable
from types import FunctionType, MethodType
from typing import Any
from weakref import WeakKeyDictionary

from pydispatch.dispatcher import Any as AnySignal  # type: ignore[import-untyped]
from pydispatch.dispatcher import connections, getAllReceivers, liveReceivers
from pydispatch.robustapply import robustApply  # type: ignore[import-untyped]
from scrapy.exceptions import StopDownload
from scrapy.signalmanager import SignalManager
from scrapy.utils.defer import ensure_awaitable
from scrapy.utils.python import global_object_name
from twisted.internet.defer import Deferred

_scrapys = logging.getLogger("scrapy.utils.signal")
_ANY_SENDER = id(AnySignal)
_taken: WeakKeyDictionary[FunctionType, frozenset[str] | None] = WeakKeyDictionary()
"""By receiver: the arguments that it takes; None for any."""


def is_heard(signals: SignalManager, signal: object) -> bool:
    """True if a receiver may be connected to a signal."""
    for sender in (id(signals.sender), _ANY_SENDER):
        receivers = connections.get(sender)
        if receivers and (signal in receivers or AnySignal in receivers):
            return True
    return False


def send(signals: SignalManager, signal: object, **named: Any) -> None:
    """Send a signal as `send_catch_log` does."""
    if not is_heard(signals, signal):
        return
    for receiver in liveReceivers(getAllReceivers(signals.sender, signal)):
        try:
            if isinstance(_call(receiver, signal=signal, sender=signals.sender, **named), Deferred):
                told = "Cannot return deferreds from signal handler: %(receiver)s"
                _scrapys.error(told, {"receiver": receiver}, extra={"spider": named.get("spider")})
        except StopDownload:
            pass
        except Exception:  # noqa: BLE001 - logged as Scrapy does
            _tell_fault(receiver, named)


async def send_and_wait(signals: SignalManager, signal: object, **named: Any) -> None:
    """Send a signal as `send_catch_log_async` does, with tasks only for what has to be awaited."""
    if not is_heard(signals, signal):
        return
    waiting = []
    for receiver in liveReceivers(getAllReceivers(signals.sender, signal)):
        try:
            result = _call(receiver, signal=signal, sender=signals.sender, **named)
        except Exception:  # noqa: BLE001 - logged as Scrapy does
            _tell_fault(receiver, named)
            continue
        if isinstance(result, Deferred) or isawaitable(result):
            waiting.append(_awaited(receiver, ensure_awaitable(result, _warn=global_object_name(receiver)), named))
    if waiting:
        await asyncio.gather(*waiting)


def _call(receiver: Any, **named: Any) -> Any:
    """Call a receiver with those arguments that it takes."""
    kind = type(receiver)
    function = receiver.__func__ if kind is MethodType else receiver
    if type(function) is not FunctionType:
        return robustApply(receiver, **named)
    try:
        taken = _taken[function]
    except KeyError:
        code = function.__code__
        names = code.co_varnames[1 if kind is MethodType else 0 : code.co_argcount]
        taken = _taken[function] = None if code.co_flags & CO_VARKEYWORDS else frozenset(names)
    if taken is None:
        return receiver(**named)
    return receiver(**{name: value for name, value in named.items() if name in taken})


async def _awaited(receiver: Any, answer: Awaitable[Any], named: dict[str, Any]) -> None:
    try:
        await answer
    except Exception:  # noqa: BLE001 - logged as Scrapy does
        _tell_fault(receiver, named)


def _tell_fault(receiver: Any, named: dict[str, Any]) -> None:
    """Log the exception being handled in Scrapy's words."""
    told = "Error caught on signal handler: %(receiver)s"
    _scrapys.error(told, {"receiver": receiver}, exc_info=True, extra={"spider": named.get("spider")})
