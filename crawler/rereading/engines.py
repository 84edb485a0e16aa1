"""Engines that run the tasks of a re-reading, by the word of the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from attrs import frozen

from crawler.errors import EXIT_INCOMPLETE, SetupError, Unreachable
from crawler.rereading.local_engine import ATTEMPTS, LocalEngine
from crawler.rereading.reread import Engine
from crawler.rereading.tasks import Task

CONNECT_SECONDS = 15
"""For which a scheduler is waited for."""


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
            client = Client(self.address, timeout=f"{CONNECT_SECONDS}s", set_as_default=False)  # type: ignore[no-untyped-call, unused-ignore]
        except (OSError, TimeoutError, ValueError) as error:
            raise Unreachable(where, f"{error}: is `dask scheduler` running there?") from error
        with client:
            futures = {client.submit(function, task, pure=False, retries=ATTEMPTS - 1): task for task in tasks}
            for future in as_completed(list(futures)):  # type: ignore[no-untyped-call, unused-ignore]
                if client.status != "running" and not future.done():
                    raise Unreachable(where, "the scheduler has gone; the same command goes on with what is left")
                if future.cancelled():
                    raise Unreachable(where, "the scheduler has dropped the tasks; the same command goes on with what is left")
                failed = future.exception()
                yield future.result() if failed is None else lost(futures[future], failed)
                future.release()


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


def lost(task: Task, error: BaseException) -> dict[str, Any]:
    """The result of a task that its engine has given up."""
    what = f"{task.place.where}: given up by the engine: {type(error).__name__}: {error}"[:300]
    return {"name": task.place.name, "where": task.place.where, "error": what, "exit_code": EXIT_INCOMPLETE}
