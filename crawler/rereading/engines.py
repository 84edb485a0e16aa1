"""Engines that run the tasks of a re-reading, by the word of the command line."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from typing import Any

from attrs import frozen

from crawler.errors import EXIT_INCOMPLETE, SetupError, Unreachable
from crawler.rereading.local_engine import ATTEMPTS, LocalEngine
from crawler.rereading.reread import Engine
from crawler.rereading.tasks import Task

CONNECT_SECONDS = 15
"""For which a scheduler is waited for."""
LOST_SECONDS = 10
"""For which one that has answered before is."""
_PAUSE_SECONDS = 0.1
_GONE = "the scheduler has gone; the same command goes on with what is left"


def engine_of(word: str, workers: int) -> Engine:
    """Make the engine of `local`, `dask://HOST:PORT` or `ray`."""
    if word.startswith("dask://"):
        return DaskEngine("tcp://" + word.removeprefix("dask://"))
    return RayEngine(workers) if word == "ray" else LocalEngine(workers)


@frozen
class DaskEngine:
    """Run tasks on the workers of a Dask scheduler.

    Args:
        address: `tcp://HOST:PORT`.
    """

    address: str

    def run(
        self, function: Callable[..., dict[str, Any]], tasks: Sequence[Task], tell: Callable[[int], None]
    ) -> Iterator[dict[str, Any]]:  # fmt: skip
        """As `Engine.run`."""
        try:
            from distributed import Client, as_completed
        except ImportError as error:
            raise SetupError("--on dask:// needs distributed: python -m pip install 'news-archive-crawler[cluster]'") from error
        where = self.address.replace("tcp://", "dask://")
        try:
            _quieten()
            client: Any = Client(self.address, timeout=f"{CONNECT_SECONDS}s", set_as_default=False)  # type: ignore[no-untyped-call, unused-ignore]
        except (OSError, TimeoutError, ValueError) as error:
            raise Unreachable(where, f"{error}: is `dask scheduler` running there?") from error
        try:
            futures = {client.submit(function, task, pure=False, retries=ATTEMPTS - 1): task for task in tasks}
            done: Any = as_completed(list(futures), loop=client.loop)  # type: ignore[no-untyped-call, unused-ignore]
            seen = time.monotonic()
            while futures:
                some = done.next_batch(block=False)
                # A scheduler that is away for a moment is waited for.
                seen = time.monotonic() if client.status == "running" else seen
                if time.monotonic() - seen > LOST_SECONDS or any(future.cancelled() for future in some):
                    raise Unreachable(where, _GONE)
                for future in some:
                    task, failed = futures.pop(future), future.exception()
                    try:
                        result = future.result() if failed is None else lost(task, failed)
                    except CancelledError as error:  # it went between the task's end and this question
                        raise Unreachable(where, _GONE) from error
                    yield result
                if not some:
                    time.sleep(_PAUSE_SECONDS)
        finally:
            client.close(timeout=2)

    def close(self) -> None:
        """Leave the scheduler's workers as they are."""


def _quieten() -> None:
    """Silence the logs of Dask, which tell with tracebacks that a scheduler is away."""
    for name in [*logging.root.manager.loggerDict]:
        if name.startswith("distributed"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


@frozen
class RayEngine:
    """Run tasks on Ray: the cluster that `RAY_ADDRESS` names, else processes of this machine.

    Args:
        workers: Of this machine, if no cluster is named.
    """

    workers: int

    def run(
        self, function: Callable[..., dict[str, Any]], tasks: Sequence[Task], tell: Callable[[int], None]
    ) -> Iterator[dict[str, Any]]:  # fmt: skip
        """As `Engine.run`."""
        import os

        try:
            import ray
        except ImportError as error:
            raise SetupError("--on ray needs Ray: python -m pip install ray") from error
        address = os.environ.get("RAY_ADDRESS")
        if not ray.is_initialized():
            try:
                ray.init(address=address, num_cpus=None if address else self.workers, include_dashboard=False, log_to_driver=False)
            except (ConnectionError, RuntimeError, TimeoutError, ValueError) as error:
                raise Unreachable(address or "ray", str(error)) from error
        remote = ray.remote(max_retries=ATTEMPTS - 1)(function)
        running = {remote.remote(task): task for task in tasks}
        while running:
            done, _ = ray.wait([*running], num_returns=1)
            for one in done:
                task = running.pop(one)
                try:
                    yield ray.get(one)
                except ray.exceptions.RayError as error:
                    yield lost(task, error)

    def close(self) -> None:
        """Leave the cluster; processes of this machine end with it."""
        import sys

        if "ray" in sys.modules:
            sys.modules["ray"].shutdown()


def lost(task: Task, error: BaseException) -> dict[str, Any]:
    """The result of a task that its engine has given up."""
    what = f"{task.place.where}: given up by the engine: {type(error).__name__}: {error}"[:300]
    return {"name": task.place.name, "where": task.place.where, "error": what, "exit_code": EXIT_INCOMPLETE}
