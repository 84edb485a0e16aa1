"""The tools of the fault tests, each tried alone: injector, network namespaces, a wrong clock."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fault_injector import BORN_SECONDS, Injector, Worker, end
from network_namespaces import machine
from stalls import Stalls, were_stopped
from stands import outer

from benchmarks.requests_log import Asked, Fault, Gap

pytestmark = pytest.mark.outer
SLEEPER = "import time\nwhile True: time.sleep(0.05)"


def test_injector_does_every_fault_and_starts_what_it_killed() -> None:
    started: list[str] = []

    def start(name: str) -> subprocess.Popen[bytes]:
        started.append(name)
        return subprocess.Popen([sys.executable, "-S", "-c", SLEEPER])

    workers = [Worker(name=f"w{n}", start=start) for n in range(3)]
    injector = Injector(workers=workers, seed=1, kills={"worker": 4}, pauses={"worker": 3}, pause=0.2, every=0.05)
    for worker in workers:
        worker.begin()
    try:
        began = time.monotonic()
        injector.run(lambda: not injector.plan)
        assert time.monotonic() - began > BORN_SECONDS
        assert all(worker.runs and not worker.paused for worker in workers)
    finally:
        end(workers)
    assert sorted(fault.kind for fault in injector.faults) == ["kill"] * 4 + ["pause"] * 3
    assert len(started) == 3 + 4
    assert all(fault.until is not None and fault.until - fault.at >= 0.2 for fault in injector.faults if fault.kind == "pause")


def test_a_wire_is_cut_while_the_other_still_works() -> None:
    serve = "import socket; s = socket.create_server(('0.0.0.0', 0)); print(s.getsockname()[1], flush=True)\nwhile True: s.accept()"
    server = subprocess.Popen([sys.executable, "-c", serve], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    port = server.stdout.readline().strip()
    try:
        with machine(91) as other:

            def reaches(address: str) -> bool:
                ask = f"import socket; socket.create_connection(({address!r}, {port}), 1)"
                return subprocess.run(other.command(sys.executable, "-S", "-c", ask), check=False, capture_output=True).returncode == 0

            assert (reaches(other.web), reaches(other.database)) == (True, True)
            other.cut()
            assert (reaches(other.web), reaches(other.database)) == (True, False)
            other.mend()
            assert (reaches(other.web), reaches(other.database)) == (True, True)
    finally:
        server.send_signal(signal.SIGKILL)
        server.communicate()


def test_faketime_moves_the_wall_clock_and_not_the_monotonic_one(tmp_path: Path) -> None:
    outer("faketime")
    ask = "import time; print(time.time(), time.monotonic())"
    words = ["faketime", "--exclude-monotonic", "-f", "+3600s", sys.executable, "-S", "-c", ask]
    wall, monotonic = map(float, subprocess.run(words, check=True, capture_output=True, text=True, env=os.environ | {"TZ": "UTC"}).stdout.split())
    assert 3590 < wall - time.time() < 3610
    assert abs(monotonic - time.monotonic()) < 60


def test_a_disk_that_waits_is_a_stall_and_explains_what_came_too_early_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = [0.0] * 5 + [0.3]
    monkeypatch.setattr(os, "fsync", lambda _: time.sleep(slow.pop(0) if slow else 0))
    with Stalls(tmp_path, 0.25) as stalls:
        while slow:
            time.sleep(0.01)
        time.sleep(0.4)
    assert len(stalls.found) == 1
    (began, ended), = stalls.found
    assert 0.3 <= ended - began < 0.4
    assert [(fault.worker, fault.kind) for fault in stalls.faults("ab")] == [("a", "stall"), ("b", "stall")]

    def gap(at: float) -> Gap:
        one, two = (Asked(at=at + after, host="h", path="/", status=200, sender="a") for after in (0.0, 0.01))
        return Gap(seconds=0.01, first=one, second=two)

    within, later = gap(began + 0.1), gap(ended + 1.0)
    assert stalls.unexplained([within, later]) == [later]
    pause = Fault(at=within.first.at - 2.0, kind="pause", worker="a", until=within.first.at - 0.01)
    assert were_stopped([within, later], [pause], 0.05) == [within]
    assert were_stopped([within], [Fault(at=0.0, kind="kill", worker="a"), Fault(at=0.0, kind="pause", worker="b", until=pause.until)], 0.05) == []
