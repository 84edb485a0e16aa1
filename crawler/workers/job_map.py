"""Jobs of many items for a few workers, results in the order of the items."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import define, field, frozen

from crawler.errors import Unreadable
from crawler.workers.messages import BadMessage, answer_in
from crawler.workers.worker import Worker, wait_for_some

if TYPE_CHECKING:
    from crawler.workers.pool import Workers
T = TypeVar("T")
Item = TypeVar("Item")

AHEAD = 8
"""Jobs under way, waiting or done out of turn, for each worker."""
DEPTH = 2
"""Jobs that a worker has at a time: it begins the next while its answer is taken."""
_END: Any = object()


@frozen(kw_only=True)
class Call:
    """One job for a worker."""

    function: Callable[..., Any]
    """Importable by its name."""
    arguments: tuple[Any, ...]
    kind: Any = Any
    """The type of its answer, made of plain data."""
    times: int = 1
    """Factor on the limit of time."""


Settle = Callable[[Item, Call, Any, Exception | None], "T | Call"]
"""Makes a result of an answer or an error; or a second call."""


def answer_from(worker: Worker, reply: bytes, kind: Any) -> Any:
    """Read the answer of a worker; one that sends no reply is ended.

    Raises:
        Unreadable: It did.
        Exception: What the job raised.
    """
    try:
        return answer_in(reply, kind)
    except BadMessage as error:
        raise worker.disbelieved(error) from None


def reply_from(worker: Worker) -> bytes | None:
    """The reply to a worker's first job; None if it is not there yet.

    Raises:
        Unreadable: There will be none.
    """
    reply = worker.received()
    if reply is None and worker.deadline <= time.monotonic():
        raise worker.overdue()
    return reply


@define(eq=False)
class _Slot(Generic[Item, T]):
    """One item of a `map`, and what became of it."""

    item: Item
    call: Call = field(init=False)
    result: T | None = None
    is_done: bool = False


@define
class JobMap(Generic[Item, T]):
    """Jobs of one `map`: a window of items, the first of which is waited for."""

    _workers: Workers
    _begin: Callable[[Item], Call | T]
    _settle: Settle[Item, T]
    _window: deque[_Slot[Item, T]] = field(init=False, factory=deque)
    _pending: deque[_Slot[Item, T]] = field(init=False, factory=deque)
    _busy: dict[Worker, deque[_Slot[Item, T]]] = field(init=False, factory=dict)
    """Workers taken, each with the jobs it was sent."""

    def results(self, items: Iterable[Item]) -> Iterator[T]:
        """Yield the results in the order of the items."""
        source = iter(items)
        try:
            while True:
                self._fill(source)
                if not self._window:
                    return
                if self._window[0].is_done:
                    yield self._window.popleft().result  # type: ignore[misc]
                else:
                    self._collect()
        finally:
            for worker in self._busy:
                self._workers.give(worker)

    def _fill(self, source: Iterator[Item]) -> None:
        """Give jobs to workers that have too few."""
        most = AHEAD * self._workers.limits.workers
        while (worker := self._least_busy()) is not None:
            if not self._pending:
                if len(self._window) >= most or (item := next(source, _END)) is _END:
                    return
                slot = _Slot[Item, T](item)
                self._window.append(slot)
                self._take_on(slot, self._begin(item))
                continue
            slot = self._pending.popleft()
            try:
                self._workers.begin(worker, slot.call)
            except Unreadable as error:
                self._end(slot, None, error)
            else:
                self._busy[worker].append(slot)

    def _least_busy(self) -> Worker | None:
        """A worker with room for a job.

        A process is started only if no other has room.
        """
        worker = min(self._busy, key=lambda one: len(self._busy[one]), default=None)
        if worker is not None and len(self._busy[worker]) < DEPTH:
            return worker
        another = self._workers.take(wait=worker is None)
        if another is not None:
            self._busy[another] = deque()
        return another

    def _collect(self) -> None:
        """Wait, and take the replies that are there."""
        asked = [worker for worker, slots in self._busy.items() if slots]
        wait_for_some(asked)
        for worker in asked:
            slots = self._busy[worker]
            try:
                while slots and worker.asked and (reply := reply_from(worker)) is not None:
                    slot = slots.popleft()
                    self._take(worker, slot, reply)
            except Unreadable as error:
                self._end(slots.popleft(), None, error)
            if not worker.asked:
                # Its process has ended: of the jobs behind the one that ended it nothing is known.
                self._pending.extendleft(reversed(slots))
                slots.clear()

    def _take(self, worker: Worker, slot: _Slot[Item, T], reply: bytes) -> None:
        try:
            answer = answer_from(worker, reply, slot.call.kind)
        except Exception as error:  # noqa: BLE001 - `settle` knows what it means
            self._end(slot, None, error)
        else:
            self._end(slot, answer, None)

    def _end(self, slot: _Slot[Item, T], answer: Any, error: Exception | None) -> None:
        self._take_on(slot, self._settle(slot.item, slot.call, answer, error))

    def _take_on(self, slot: _Slot[Item, T], result: Call | T) -> None:
        """Keep a result, or queue a call; a second attempt goes first."""
        if isinstance(result, Call):
            slot.call = result
            self._pending.appendleft(slot)
        else:
            slot.result, slot.is_done = result, True
