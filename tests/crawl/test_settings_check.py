"""Settings that mean nothing are told: misspelt names with the nearest one, values before anything is opened."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings
from stands import ROOT

from crawler import settings as ours
from crawler.crawl.settings_check import check, known, unknown
from crawler.errors import SetupError
from crawler.rechecks.from_settings import recheck_hours

NUMBERS = [name for name in known() if isinstance(getattr(ours, name), int | float) and not isinstance(getattr(ours, name), bool)]


def settings(**values: Any) -> Settings:
    made = Settings()
    made.setmodule("crawler.settings")
    made.update(values)
    return made


def test_the_defaults_mean_something() -> None:
    check(settings())
    assert len(NUMBERS) > 40


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["abc", "-1", "nan", "inf", "", "1e400", float("nan"), -0.5, "64 MiB"])
def test_no_number_may_be(name: str, value: object) -> None:
    with pytest.raises(SetupError, match=f"{name}: .*number, "):
        check(settings(**{name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("ARCHIVE_PARSE_WORKERS", "0"), ("ARCHIVE_LEASES_PER_HOST", 0), ("ARCHIVE_IDLE_TIMEOUT", "0"), ("ARCHIVE_MAX_PAGE_BYTES", "1.5"), ("ARCHIVE_TLS", "of"),
     ("ARCHIVE_CHUNKED_PAYLOAD_DIGEST", ""), ("ARCHIVE_PROGRESS", "perhaps"), ("ARCHIVE_SPOOL_DIR", "/nowhere/at/all"), ("ARCHIVE_WACZ_KEY", "/nowhere/at/all"), ("ARCHIVE_WEBHOOK_ON", "never"), ("ARCHIVE_WEBHOOK", "ftp://a.example/"), ("ARCHIVE_WEBHOOK", "http://"),
     ("ARCHIVE_WEBHOOK", "http://[::1"), ("ARCHIVE_WEBHOOK", "http://a.example:99999/"), ("ARCHIVE_REPLAY_URL", "8080"), ("ARCHIVE_REPLAY_URL", "http://[::1"), ("ARCHIVE_REPLAY_URL", "http://a.example/ b"), ("ARCHIVE_FEED_AUTHORITY", ""), ("ARCHIVE_FEED_AUTHORITY", "a example"), ("ARCHIVE_FEED_AUTHORITY", "https://a.example")],
)  # fmt: skip
def test_nor_these(name: str, value: object) -> None:
    with pytest.raises(SetupError, match=name):
        check(settings(**{name: value}))


@pytest.mark.parametrize(("name", "value"), [("ARCHIVE_RETRY_DELAY", "0.5"), ("ARCHIVE_MAX_RETRY_AFTER", 2.5), ("ARCHIVE_MIN_FREE_BYTES", "0"), ("ARCHIVE_PROGRESS", "False")])  # fmt: skip
def test_these_may_be(name: str, value: object) -> None:
    check(settings(**{name: value}))


def test_a_webhook_that_means_nothing_is_not_shown() -> None:
    with pytest.raises(SetupError) as refused:
        check(settings(ARCHIVE_WEBHOOK="hooks.example/T0KEN"))
    assert "T0KEN" not in str(refused.value)
    check(settings(ARCHIVE_WEBHOOK="https://hooks.example/T0KEN"))


@pytest.mark.parametrize("text", ["24:nan", "24:-3", "inf:1", "24", "a:b"])
def test_hours_that_mean_nothing(text: str) -> None:
    with pytest.raises(SetupError, match="ARCHIVE_RECHECK_HOURS"):
        recheck_hours(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ARCHIVE_DIRR", "ARCHIVE_DIR"), ("ARCHIVE_MAX_PAGE_BYTE", "ARCHIVE_MAX_PAGE_BYTES"), ("ARCHIVE_XYZZY", "docs/settings.md")],
)
def test_the_nearest_name_is_told(typed: str, meant: str) -> None:
    (told,) = unknown([typed, "LOG_LEVEL", "ARCHIVE_TLS"])
    assert typed in told
    assert meant in told


def scrapy(folder: Path, *words: str, module: str = "crawler.settings") -> tuple[int, list[str]]:
    environment = {
        "PYTHONPATH": f"{ROOT}:{folder}",
        "SCRAPY_SETTINGS_MODULE": module,
        "ARCHIVE_DIR": str(folder / "archives"),
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stderr.splitlines()


@pytest.mark.slow
def test_one_line_and_nothing_opened(tmp_path: Path) -> None:
    crawl = ("crawl", "web", "-a", "seeds=http://a.example/")
    assert scrapy(tmp_path, *crawl, "-s", "ARCHIVE_DIRR=x") == (2, ["crawl: no setting named ARCHIVE_DIRR; did you mean ARCHIVE_DIR?"])
    code, told = scrapy(tmp_path, *crawl, "-s", "ARCHIVE_IDLE_TIMEOUT=soon")
    assert (code, len(told)) == (1, 1)
    assert "ARCHIVE_IDLE_TIMEOUT: 'soon'" in told[0]
    assert scrapy(tmp_path, "search", " ", "-c", "x") == (2, ["search: an empty query: name at least one word to look for"])
    assert not list(tmp_path.iterdir())


def test_a_name_in_a_settings_file_and_jobdir_are_told_and_do_not_stop(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("from crawler.settings import *\nARCHIVE_WARC_PREFFIX = 'x'\nJOBDIR = 'jobs'\n")
    code, told = scrapy(tmp_path, "list", module="mine")
    assert code == 0
    assert told[0] == "list: no setting named ARCHIVE_WARC_PREFFIX; did you mean ARCHIVE_WARC_PREFIX?"
    assert told[1].startswith("list: JOBDIR is not used")
    assert len(told) == 2


@pytest.mark.parametrize("text", ["mailto:archive@example.org", "https://archive.example.org/robot", "http://a.example", "https://a.example/?about=robot"])
def test_a_contact_is_a_mail_or_a_page(text: str) -> None:
    check(settings(ARCHIVE_CONTACT=text))


@pytest.mark.parametrize("text", ["archive@example.org", "archive.example.org/robot", "ftp://a.example/", "mailto:nobody", "https://a.example/(robot)", "Ada Quill"])
def test_any_other_contact_is_refused(text: str) -> None:
    with pytest.raises(SetupError, match="ARCHIVE_CONTACT"):
        check(settings(ARCHIVE_CONTACT=text))


def test_hours_that_mean_nothing_are_refused() -> None:
    with pytest.raises(SetupError, match="ARCHIVE_HOURS"):
        check(settings(ARCHIVE_HOURS="at night"))
