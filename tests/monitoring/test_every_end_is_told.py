"""Whatever the end of a crawl: a report as JSON, metrics with the last good time, a post to the webhook."""

import json
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from stands import ROOT, Command, Scrapy
from test_webhook import SECRET, Hook
from test_webhook import hook as hook

from crawler.collection.layout import lock

NOBODY = "*:*=127.0.0.1:9"


class Told:
    """Crawls of the demo's collection, and what its files say after each."""

    def __init__(self, scrapy: Scrapy, folder: Path, hook: Hook) -> None:
        self.scrapy, self.report, self.metrics, self.hook = scrapy, folder / "report.json", folder / "a.prom", hook

    def start(self, *words: str, site: str = "courier", to: str = NOBODY) -> Command:
        settings = {
            "ARCHIVE_SITES": str(ROOT / "crawler" / "demo" / "sites"), "ARCHIVE_CONNECT_TO": to, "ARCHIVE_RETRY_DELAY": 0, "DOWNLOAD_DELAY": 0,
            "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_COLLECTION": "demo", "ARCHIVE_WEBHOOK": self.hook.url,
            "ARCHIVE_WEBHOOK_ON": "always",
        }  # fmt: skip
        given = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        return self.scrapy.start(
            "crawl", site, *given, "--report-json", str(self.report), "--metrics", str(self.metrics), *words, unchecked="ends in every way"
        )

    def end(self, process: Command, code: int) -> str:
        """Wait for its end, and hold the exit code against what was told of it; stderr."""
        out, err = process.communicate(timeout=120)
        assert process.returncode == code, err
        document = json.loads(self.report.read_text())
        assert document["exit_code"] == code
        assert document["reason"]
        assert f'news_archive_run_exit_code{{site="{document["site"]}",collection="demo"}} {code}\n' in self.metrics.read_text()
        body = self.hook.bodies.pop()
        assert not self.hook.bodies
        assert body["exit_code"] == code
        assert body["text"].startswith(f"{document['site']}: ")
        assert SECRET not in out + err + self.report.read_text() + self.metrics.read_text()
        return str(err)

    def last_good(self) -> str | None:
        found = re.search(r"^news_archive_last_success_timestamp_seconds\{.*\} (\S+)$", self.metrics.read_text(), re.MULTILINE)
        return found[1] if found else None


def test_every_end_is_told_everywhere(demo_copy: Callable[[Path], Scrapy], tmp_path: Path, hook: Hook) -> None:
    told = Told(demo_copy(tmp_path / "archives"), tmp_path, hook)
    assert "no host answered" not in told.end(told.start(), 10)
    good = told.last_good()
    assert good is not None
    told.end(told.start("-s", "ARCHIVE_ATTEMPTS=none"), 1)
    told.end(told.start("-s", "ARCHIVE_MIN_FREE_BYTES=9999999999999999"), 12)
    with lock(told.scrapy.archives / "demo"):
        told.end(told.start(), 11)
    (told.scrapy.archives / "demo").rename(told.scrapy.archives / "away")
    told.end(told.start("-s", f"ARCHIVE_DIR={tmp_path}/not/mounted"), 1)
    assert told.last_good() == good, "of a disk that is not there nothing is known, and the file said it"
    told.end(told.start("-a", "no=such"), 2)
    told.end(told.start(site="no-such-site"), 2)
    assert told.last_good() is None, "another site"


def test_a_crawl_that_is_stopped_tells_so(demo_copy: Callable[[Path], Scrapy], tmp_path: Path, hook: Hook) -> None:
    told = Told(demo_copy(tmp_path / "archives"), tmp_path, hook)
    process = told.start("-s", "ARCHIVE_RETRY_DELAY=60", "-L", "INFO")
    assert process.stderr is not None
    for line in process.stderr:
        if "failed reason=" in line:
            break
    process.send_signal(signal.SIGTERM)
    told.end(process, 14)


@pytest.mark.parametrize("option", ["--report-json", "--metrics"])
def test_a_place_that_cannot_be_written_keeps_the_crawl_from_beginning(scrapy: Scrapy, tmp_path: Path, option: str) -> None:
    began = time.monotonic()
    done = scrapy("crawl", "web", "-a", "seeds=http://a.example/", option, str(tmp_path / "no" / "file"), exits=1)
    assert f"{option}: {tmp_path}/no/file: cannot write" in done.stderr
    assert not (tmp_path / "archives").exists()
    assert time.monotonic() - began < 60
