"""Failpoints: silent unless named, and then at the named point, at the n-th time, in the named way."""

from __future__ import annotations

import errno
import os
import re
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import crawler
from crawler.failpoints import POINTS, failpoint

HOUSE = Path(crawler.__file__).parent
WALK = "from crawler.failpoints import failpoint\nfor n in (1, 2, 3):\n    failpoint('sync:before'); failpoint('sync:after'); print(n, flush=True)\n"


def walk(fault: str) -> subprocess.CompletedProcess[str]:
    """Pass three times by two points, under ARCHIVE_FAULT."""
    environment = {"ARCHIVE_FAULT": fault, "PYTHONPATH": str(HOUSE.parent), "PATH": "/usr/bin:/bin"}
    return subprocess.run([sys.executable, "-c", WALK], env=environment, capture_output=True, text=True, timeout=30, check=False)


def test_nothing_happens_at_any_point_by_default() -> None:
    for point in POINTS:
        failpoint(point)


@pytest.mark.parametrize(
    ("fault", "passed", "code"),
    [
        ("", 3, 0),
        ("sync:after=kill", 0, -signal.SIGKILL),
        ("sync:after=kill@1", 0, -signal.SIGKILL),
        ("sync:after=kill@3", 2, -signal.SIGKILL),
        ("sync:after=kill@4", 3, 0),
        ("commit:before=kill", 3, 0),
    ],
)
def test_the_process_is_killed_at_the_named_point_the_nth_time(fault: str, passed: int, code: int) -> None:
    done = walk(fault)
    assert (done.returncode, len(done.stdout.split())) == (code, passed)


@pytest.mark.parametrize(("fault", "number", "passed"), [("sync:before=EIO", "Errno 5", 0), ("sync:before=ENOSPC@2", "Errno 28", 1)])
def test_a_step_fails_with_the_named_error(fault: str, number: str, passed: int) -> None:
    done = walk(fault)
    assert done.returncode == 1
    assert number in done.stderr.splitlines()[-1]
    assert len(done.stdout.split()) == passed


def test_every_point_that_is_listed_is_passed_somewhere_and_no_other() -> None:
    passed = {point for path in HOUSE.rglob("*.py") for point in re.findall(r"\bfailpoint\(\"([^\"]+)\"\)", path.read_text())}
    assert passed == set(POINTS)


def test_each_way_to_fail_in_this_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def named(fault: str) -> Callable[[str], None]:
        monkeypatch.setenv("ARCHIVE_FAULT", fault)
        return runpy.run_path(str(HOUSE / "failpoints.py"))["failpoint"]

    fails = named("sync:after=ENOSPC@2")
    fails("sync:after")
    fails("sync:before")
    with pytest.raises(OSError, match="No space left") as caught:
        fails("sync:after")
    assert caught.value.errno == errno.ENOSPC
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr("os.kill", lambda pid, number: sent.append((pid, number)))
    with pytest.raises(AttributeError):  # the process is dead by then
        named("seal:before=kill")("seal:before")
    assert sent == [(os.getpid(), signal.SIGKILL)]
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    named("seal:before=hold")("seal:before")
    assert (slept, capsys.readouterr().err) == ([30], "held at seal:before\n")
