"""Workers that are started before their first job: what they import, and what becomes of one that has died meanwhile."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from crawler.errors import Unreadable
from crawler.workers import worker
from crawler.workers.pool import InThisProcess, JobLimits, Workers

IS_IMPORTED = "__import__('sys').modules.get({!r}) is not None"


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(JobLimits(workers=2, seconds=5), modules=("no_such_module", "colorsys")) as made:
        yield made


def imported(workers: Workers, module: str) -> bool:
    return bool(workers.call(eval, IS_IMPORTED.format(module), kind=bool))


def test_one_process_is_started_and_does_the_first_job(workers: Workers) -> None:
    workers.prepare()
    workers.prepare()
    (started,) = [one.pid for one in workers._all if one.pid is not None]
    assert workers.call(os.getpid, kind=int) == started
    assert workers.call(os.getpid, kind=int) == started
    assert workers.started == 1


def test_it_imports_its_modules_whatever_becomes_of_one(workers: Workers) -> None:
    workers.prepare()
    assert imported(workers, "colorsys")
    assert not imported(workers, "chunk")


def test_one_that_was_not_prepared_imports_them_too(workers: Workers) -> None:
    assert imported(workers, "colorsys")


def test_one_that_has_died_before_its_first_job_is_replaced(workers: Workers) -> None:
    workers.prepare()
    (started,) = [one for one in workers._all if one.pid is not None]
    assert started.pid is not None
    dead = started.pid
    os.kill(dead, signal.SIGKILL)
    os.waitid(os.P_PID, dead, os.WEXITED | os.WNOWAIT)
    assert workers.call(os.getpid, kind=int) not in (dead, os.getpid())


def test_none_is_started_where_no_process_can_be_or_all_is_over(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise OSError(11, "no more processes")

    with monkeypatch.context() as patch:
        patch.setattr(worker.subprocess, "Popen", refuse)
        workers.prepare()
        assert workers.started == 0
        assert "worker-not-started" in caplog.text
        with pytest.raises(Unreadable, match="no process could be started"):
            workers.call(os.getpid)
    workers.close()
    workers.prepare()
    assert workers.started == 0


def test_workers_without_processes_start_none() -> None:
    here = InThisProcess(JobLimits(workers=1))
    here.prepare()
    assert here.started == 0
