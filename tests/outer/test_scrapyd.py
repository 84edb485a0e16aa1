"""Scrapyd: deployed and scheduled for real; the report is in the job's log, and nothing is left in the checkout."""

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stands import ROOT, outer

from crawler.demo.newspaper import start

pytestmark = pytest.mark.outer
RECIPE = ROOT / "deploy" / "scrapyd"


@pytest.fixture(scope="module")
def scrapyd() -> str:
    return outer("scrapyd", ROOT / ".venv-scrapyd" / "bin" / "scrapyd")


class Server:
    """A Scrapyd server on loopback, set up by the recipe's file."""

    def __init__(self, program: str, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        text = (RECIPE / "scrapyd.conf").read_text().replace("/var/lib/scrapyd", str(folder)).replace("6800", str(port))
        (folder / "scrapyd.conf").write_text(text + "poll_interval = 0.2\n")
        self.url, self.folder, self.bin = f"http://127.0.0.1:{port}/", folder, Path(program).parent
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "SCRAPY_SETTINGS_MODULE")}
        self.environment = kept | {"ARCHIVE_DIR": str(folder / "archives"), "PATH": f"{self.bin}:{os.environ['PATH']}"}
        self.log = folder / "server.log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen([program], cwd=folder, env=self.environment, stdout=out, stderr=out)
        self.wait(lambda: self.ask("daemonstatus.json")["status"] == "ok")

    def ask(self, what: str, **values: object) -> Any:
        body = urllib.parse.urlencode(values, doseq=True).encode() if values else None
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(self.url + what, body, timeout=30) as answer:
            return json.load(answer)
        return {"status": "down"}

    def wait(self, done: Any) -> None:
        deadline = time.monotonic() + 120
        while not done():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.2)

    def run(self, **values: object) -> str:
        """Schedule a job, wait for its end, and return its log."""
        job = self.ask("schedule.json", project="crawler", **values)["jobid"]
        self.wait(lambda: any(one["id"] == job for one in self.ask("listjobs.json?project=crawler")["finished"]))
        return (self.folder / "logs" / "crawler" / str(values["spider"]) / f"{job}.log").read_text()


@pytest.fixture(scope="module")
def server(scrapyd: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(scrapyd, tmp_path_factory.mktemp("scrapyd"))
    yield made
    made.process.terminate()
    made.process.wait(30)


def test_a_job_is_deployed_and_run_with_its_report_in_its_log(server: Server, tmp_path: Path) -> None:
    before = sorted(path.name for path in ROOT.iterdir())
    done = subprocess.run(
        [RECIPE / "deploy", server.url], env=server.environment, cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "ok"
    assert sorted(path.name for path in ROOT.iterdir()) == before, "nothing is left behind"
    assert {"presstv", "abendblatt", "web"} <= set(server.ask("listspiders.json?project=crawler")["spiders"])
    with start() as newspaper:
        settings = [
            f"ARCHIVE_CONNECT_TO={newspaper.connect_to}", "DOWNLOAD_DELAY=0.05",
            "ARCHIVE_RETRY_DELAY=0.1", "ARCHIVE_MIN_FREE_BYTES=0", "ARCHIVE_RESERVE_BYTES=0", "ARCHIVE_IDLE_TIMEOUT=5",
        ]  # fmt: skip
        log = server.run(spider="web", seeds="http://courier.mirror.example/", scope="page", setting=settings)
    assert "report Run report: web -> " in log
    assert "report COMPLETE (exit code 0)" in log
    assert (server.folder / "archives" / "web" / "index.db").exists()


def test_a_job_that_cannot_begin_says_so_in_its_log(server: Server) -> None:
    log = server.run(spider="presstv", setting="ARCHIVE_MIN_FREE_BYTES=99999999999999999")
    assert "not-crawled " in log
    assert "Process died: exitstatus=12" in server.log.read_text()
