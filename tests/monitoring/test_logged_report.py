"""The end of a crawl in a log with a file of its own: the report line by line, or why none was begun."""

import logging
import re
from pathlib import Path

import pytest
from stands import Scrapy

from crawler.monitoring.logged_report import log_refusal, log_report


def test_each_line_is_a_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log_report("Run report\n\n  ok  a host answered\nCOMPLETE")
        log_refusal("in use")
    assert [record.getMessage() for record in caplog.records] == [
        "report Run report", "report   ok  a host answered", "report COMPLETE", "not-crawled in use",
    ]  # fmt: skip


def test_a_log_file_holds_the_report(scrapy: Scrapy, tmp_path: Path) -> None:
    words = [
        "-s", "ARCHIVE_CONNECT_TO=*:*=127.0.0.1:9", "-s", "ARCHIVE_RETRY_DELAY=0", "-s", "ARCHIVE_RESERVE_BYTES=0", "-s", "ARCHIVE_MIN_FREE_BYTES=0",
    ]  # fmt: skip
    log = tmp_path / "crawl.log"
    done = scrapy("crawl", "web", "-a", "seeds=http://a.example/", *words, "--logfile", str(log), exits=10)
    text = log.read_text()
    assert "INCOMPLETE (exit code 10)" in done.stdout
    assert "report INCOMPLETE (exit code 10)" in text
    assert not re.search(r"report \S.*\n\s+\S+ report ", done.stderr)
    scrapy("crawl", "web", "-a", "seeds=http://a.example/", "-s", f"ARCHIVE_DIR={tmp_path}/no/such", "--logfile", str(log), exits=1)
    assert "not-crawled " in log.read_text()
