"""Re-reading on Dask, Ray and Spark with two processes each: the rows of one machine, bad pages and killed workers included."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from foreign_warcs import answer, record, story, write
from rereading_makers import harmful
from stands import ROOT, Scrapy, outer

from crawler.errors import Unreachable
from crawler.rereading.engines import DaskEngine

pytestmark = pytest.mark.outer
TABLES = ("captures", "versions", "images", "links", "failures", "records")


def table(out: Path, name: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as db:
        return sorted(db.execute(f"SELECT * FROM read_parquet('{out}/{name}/*.parquet')").fetchall(), key=repr)


@pytest.fixture(scope="module")
def warcs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six WARCs: two pages that do harm among them."""
    folder = tmp_path_factory.mktemp("engines")
    harmful(folder)
    for n in range(3):
        pages = (record(answer(story(f"ship {n} {at}")), f"/{1000 + 100 * n + at}", n=1000 + 100 * n + at) for at in range(25))
        write(folder / "warcs" / f"more-{n}.warc.gz", *pages)
    return folder


@pytest.fixture(scope="module")
def here(warcs: Path) -> Path:
    """Their parts, read on this machine."""
    scrapy = Scrapy(warcs / "archives")
    scrapy("reread", str(warcs / "warcs"), "--out", str(warcs / "here"), "-s", f"ARCHIVE_SITES={warcs / 'sites'}")
    return warcs / "here"


def same(out: Path, here: Path) -> None:
    for name in TABLES:
        assert table(out, name) == table(here, name), name
    assert list(out.rglob("*.tmp")) == []


class Dask:
    """A scheduler and two workers of one thread each, on loopback."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.environment = os.environ | {"PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
        self.folder = folder
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        self.workers = [self.worker() for _ in range(2)]

    def worker(self) -> subprocess.Popen[bytes]:
        more = ("--nthreads", "1", "--nworkers", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(self.folder))
        return self._start("worker", f"tcp://127.0.0.1:{self.port}", *more)

    def _start(self, kind: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", kind, *words]
        return subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    cluster = Dask(tmp_path)
    yield cluster
    cluster.close()


def test_dask_with_a_worker_killed_in_the_middle(warcs: Path, here: Path, dask: Dask, tmp_path: Path) -> None:
    out = tmp_path / "out"
    scrapy = Scrapy(tmp_path / "archives")
    words = ("reread", str(warcs / "warcs"), "--out", str(out), "--on", f"dask://127.0.0.1:{dask.port}")
    with scrapy.start(*words, "-s", f"ARCHIVE_SITES={warcs / 'sites'}") as command:
        until = time.monotonic() + 60
        while not list(out.glob("captures/*.parquet")) and time.monotonic() < until:
            time.sleep(0.02)
        dask.workers[0].send_signal(signal.SIGKILL)
        written, errors = command.communicate(timeout=180)
    assert command.returncode == 0, errors
    assert "2 page not parsed" in written
    same(out, here)


def test_dask_whose_scheduler_goes_says_15_and_the_same_command_goes_on(warcs: Path, here: Path, dask: Dask, tmp_path: Path) -> None:
    out = tmp_path / "out"
    scrapy = Scrapy(tmp_path / "archives")
    words = ("reread", str(warcs / "warcs"), "--out", str(out), "-s", f"ARCHIVE_SITES={warcs / 'sites'}")
    with scrapy.start(*words, "--on", f"dask://127.0.0.1:{dask.port}") as command:
        until = time.monotonic() + 60
        # With the first walk done all the reading is still to come: the command cannot be at its end before the scheduler is gone.
        while not list(out.glob("records/*.parquet")) and time.monotonic() < until:
            time.sleep(0.02)
        dask.close()
        _, errors = command.communicate(timeout=180)
    assert command.returncode == 15, errors
    assert f"dask://127.0.0.1:{dask.port}: cannot be reached" in errors
    assert "Traceback" not in errors
    scrapy(*words)
    same(out, here)


def test_ray_with_two_processes(warcs: Path, here: Path, tmp_path: Path) -> None:
    program = outer("scrapy-with-ray", ROOT / ".venv-ray" / "bin" / "scrapy")
    out = tmp_path / "out"
    environment = os.environ | {
        "PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": "crawler.settings", "ARCHIVE_DIR": str(tmp_path), "RAY_AUTH_MODE": "disabled",
    }  # fmt: skip
    words = ["reread", str(warcs / "warcs"), "--out", str(out), "--on", "ray", "--workers", "2", "-s", f"ARCHIVE_SITES={warcs / 'sites'}"]
    done = subprocess.run([program, *words], env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    same(out, here)


def test_the_example_for_spark_with_two_processes(warcs: Path, here: Path, tmp_path: Path) -> None:
    program = outer("python-with-spark", ROOT / ".venv-spark" / "bin" / "python")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": program, "PYSPARK_SUBMIT_ARGS": "--master local[2] pyspark-shell"}
    files = sorted(map(str, (warcs / "warcs").glob("*.gz")))
    command = [program, str(ROOT / "examples" / "spark_reread.py"), str(tmp_path / "out"), *files, "--sites", str(warcs / "sites")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "79 rows of versions from 6 WARC files" in done.stdout
    columns = "record_id, story_id, text_digest, headline, body"
    with duckdb.connect() as db:
        both = [
            db.execute(f"SELECT {columns} FROM read_parquet('{place}') ORDER BY record_id").fetchall()
            for place in (f"{tmp_path}/out/*.parquet", f"{here}/versions/*.parquet")
        ]
    assert both[0] == both[1]


def test_a_scheduler_that_goes_between_the_end_of_a_task_and_the_question_for_its_result(monkeypatch: pytest.MonkeyPatch) -> None:
    class Done:
        status = "finished"

        def cancelled(self) -> bool:
            return False

        def exception(self) -> None:
            return None

        def result(self) -> None:
            raise CancelledError("scheduler-connection-lost")

    one = Done()
    client = SimpleNamespace(submit=lambda *_, **__: one, loop=None, status="running", close=lambda **_: None)
    monkeypatch.setattr("distributed.Client", lambda *_, **__: client)
    monkeypatch.setattr("distributed.as_completed", lambda *_, **__: SimpleNamespace(next_batch=lambda block: [one]))
    task: Any = SimpleNamespace(place=SimpleNamespace(where="w", name="w"))
    with pytest.raises(Unreachable, match="the scheduler has gone; the same command goes on"):
        list(DaskEngine("tcp://127.0.0.1:1").run(lambda task: {}, [task], lambda _: None))
