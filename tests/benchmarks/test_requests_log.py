"""The server of many hosts, and the judge of its log: each kind of fault is made once, and found."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from stands import ROOT

from benchmarks.hosts_server import Hosts
from benchmarks.requests_log import Asked, Fault, judge, read

SITE = Hosts(hosts=2, pages=3)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int, Path]]:
    log = tmp_path / "log"
    words = ["-m", "benchmarks.hosts_server", "--hosts", "2", "--pages", "3", "--log", str(log)]
    process = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process, int(process.stdout.readline()), log
    process.kill()
    process.communicate()


def _ask(connection: http.client.HTTPConnection, host: str, path: str, agent: str = "crawler/1 w1") -> tuple[int, bytes]:
    connection.request("GET", path, headers={"Host": host, "User-Agent": agent})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_every_request_is_answered_and_logged_with_its_sender(server: tuple[subprocess.Popen[str], int, Path]) -> None:
    _, port, log = server
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for host, path in sorted(SITE.expected()):
        status, body = _ask(connection, host, path)
        assert status == 200
        assert f"Page {path[1:] or 0} of {host}".encode() in body
    for host, path in (("h2.example", "/"), ("h0.example", "/3"), ("h0.example", "/robots.txt"), ("elsewhere", "/")):
        assert _ask(connection, host, path)[0] == 404
    asked = read(log)
    assert {one.page for one in asked if one.status == 200} == SITE.expected()
    assert {one.sender for one in asked} == {"w1"}
    assert len(asked) == 10


def test_time_of_a_request_is_when_it_was_sent_however_late_the_server_reads_it(server: tuple[subprocess.Popen[str], int, Path]) -> None:
    process, port, log = server
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    _ask(connection, "h0.example", "/")
    os.kill(process.pid, signal.SIGSTOP)
    before = time.monotonic()
    connection.request("GET", "/1", headers={"Host": "h0.example"})
    after = time.monotonic()
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGCONT)
    connection.getresponse().read()
    assert before - 0.01 <= read(log)[-1].at <= after + 0.1, "not when the server came to read it"


def _asked(*requests: tuple[float, str, str, str]) -> list[Asked]:
    return [Asked(at=at, host=host, path=path, status=200, sender=sender) for at, host, path, sender in requests]


ALL = [(0.0, "h0", "/", "a"), (1.0, "h0", "/1", "a"), (0.5, "h1", "/", "b"), (1.5, "h1", "/1", "b")]
WANTED = {(host, path) for _, host, path, _ in ALL}


def test_judge_finds_nothing_in_a_clean_log() -> None:
    found = judge(_asked(*ALL), WANTED, delay=1.0)
    assert (found.lost, found.again, found.unexcused, found.short, found.least) == ([], 0, [], [], 1.0)
    assert found.line() == "4 requests by 2 workers, 0 lost, 0 again (0 without a fault), 0 gaps under the delay (least 1000.00 ms)"


def test_judge_finds_a_page_that_was_never_asked_for() -> None:
    assert judge(_asked(*ALL[1:]), WANTED, delay=1.0).lost == [("h0", "/")]


def test_judge_finds_gaps_between_two_workers_and_allows_jitter() -> None:
    asked = _asked(*ALL, (1.98, "h0", "/2", "b"))
    found = judge(asked, WANTED, delay=1.0)
    assert [(round(gap.seconds, 2), gap.first.sender, gap.second.sender) for gap in found.short] == [(0.98, "a", "b")]
    assert judge(asked, WANTED, delay=1.0, jitter=0.03).short == []


def test_judge_excuses_a_repeat_only_by_a_fault_of_who_asked_while_it_was_in_flight() -> None:
    asked = _asked(*ALL, (4.0, "h0", "/1", "b"))
    excused = [Fault(at=1.2, kind="kill", worker="a")], [Fault(at=0.9, kind="pause", worker="a", until=3.0)]
    not_excused = [], [Fault(at=1.2, kind="kill", worker="b")], [Fault(at=2.5, kind="kill", worker="a")], [Fault(at=0.5, kind="kill", worker="a")]
    assert [len(judge(asked, WANTED, delay=1.0, faults=faults).unexcused) for faults in (*excused, *not_excused)] == [0, 0, 1, 1, 1, 1]
    assert judge(asked, WANTED, delay=1.0).again == 1
