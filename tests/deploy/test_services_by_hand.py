"""The services of compose.yaml without containers: PostgreSQL, two workers, a store, reading room, pywb; started, looked at, stopped."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from s3_store import BUCKET, KEY_ID, SECRET, Store
from work_sites import Office, office, until

from crawler.cluster.store import PgJobStore
from crawler.errors import EXIT_SIGNAL

WORKERS = ("worker-1", "worker-2")
SITES = 6
SETTINGS = {"ARCHIVE_WORK_LANES": 3, "ARCHIVE_LEASE_SECONDS": 15, "DOWNLOAD_DELAY": 0.1}
"""So few lanes that one worker alone cannot have all sites."""


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def got(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        text: str = answer.read().decode("utf-8", "replace")
        return text


class Started(ExitStack):
    """Processes of one test; what runs still at its end is killed."""

    def keep(self, process: subprocess.Popen[str]) -> subprocess.Popen[str]:
        def end() -> None:
            if process.poll() is None:
                process.kill()
            process.communicate()

        self.callback(end)
        return process


@pytest.fixture
def started() -> Iterator[Started]:
    with Started() as made:
        yield made


@pytest.mark.outer
@pytest.mark.slow
def test_two_workers_share_sites_store_their_warcs_and_are_served(
    tmp_path: Path, database: str, store: Store, wayback: str, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_FRONTIER", database)
    monkeypatch.setenv("ARCHIVE_STORE", f"s3://{BUCKET}/warcs")
    with office(tmp_path, sites=SITES, wait=0.02) as one:
        code, out, err = one.run("enqueue", ",".join(one.names), "--json")
        assert code == 0, err
        jobs = [job["id"] for job in json.loads(out)["jobs"]]
        assert len(jobs) == SITES
        ports = [free_port() for _ in WORKERS]
        workers = [
            started.keep(one.start("work", ARCHIVE_WORKER=name, ARCHIVE_HEALTH=f"127.0.0.1:{port}", **SETTINGS))
            for name, port in zip(WORKERS, ports, strict=True)
        ]  # fmt: skip
        with closing(PgJobStore.open(database)) as jobs_of:
            until(lambda: all(jobs_of.report(job).complete for job in jobs), 120)  # type: ignore[union-attr]
            assert {part.worker for job in jobs for part in jobs_of.report(job).parts} == set(WORKERS)  # type: ignore[union-attr]
        assert all(json.loads(got(f"http://127.0.0.1:{port}/health"))["ok"] for port in ports)
        with closing(PgJobStore.open(database)) as signs:
            until(lambda: len(signs.workers()) == len(WORKERS), 30)
        shown = json.loads(one.run("jobs", "--json")[1])
        assert [(worker["name"], worker["alive"]) for worker in shown["workers"]] == [(name, True) for name in WORKERS]
        code, out, _ = one.run("report", jobs[0][:8])
        assert (code, out.splitlines()[-1]) == (0, "COMPLETE (exit code 0)")

        stopped = time.monotonic()
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        told = [worker.communicate(timeout=60) for worker in workers]
        assert [worker.returncode for worker in workers] == [EXIT_SIGNAL] * 2, told
        assert time.monotonic() - stopped < 45
        for text in (*(words for pair in told for words in pair), str(shown)):
            assert KEY_ID not in text
            assert SECRET not in text

        check_collections(one, store)
        check_room(one, started)
        check_pywb(one, wayback, started)


def check_collections(one: Office, store: Store) -> None:
    """Each worker's collection is sound, and its sealed WARCs are in the store as they are on disk."""
    for name in WORKERS:
        code, out, err = one.run("verify", name)
        assert code == 0, out + err
        warcs = sorted((one.archives / name / "archive").glob("*.warc.gz"))
        assert warcs
        stored = store.keys()
        for warc in warcs:
            assert store.get(next(key for key in stored if key.endswith(warc.name))) == warc.read_bytes()
    asked = {(host, path) for _, host, path in one.papers.asked}
    assert len([path for _, host, path in one.papers.asked if path.startswith("/story/")]) == SITES * one.papers.stories, "none asked for twice"
    assert {host for host, _ in asked} == {f"{name}.example" for name in one.names}


def check_room(one: Office, started: Started) -> None:
    """The reading room shows what both have."""
    room = started.keep(one.start("serve", "--port", "0"))
    assert room.stdout is not None
    address = room.stdout.readline().split()[2]
    page = got(address)
    assert all(name in page for name in WORKERS)


def check_pywb(one: Office, wayback: str, started: Started) -> None:
    """pywb serves the folder as it lies."""
    port = free_port()
    command = [wayback, "--bind", "127.0.0.1", "--port", str(port)]
    started.keep(subprocess.Popen(command, cwd=one.archives, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True))

    def found() -> Any:
        pages = []
        for name in WORKERS:
            for site in one.names:
                try:
                    pages.append(got(f"http://127.0.0.1:{port}/{name}/mp_/http://{site}.example/story/1"))
                except OSError:
                    continue
        return pages

    until(lambda: len(found()) >= SITES, 60)
    assert all("about the harbour" in page or "The harbour wall" in page for page in found())
