"""The programs that are compared, each as a command line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).resolve().parents[1]


@frozen(kw_only=True)
class Task:
    """What a contestant is to crawl."""

    port: int
    """Of the newspaper on 127.0.0.1."""
    at_once: int
    """Requests at once."""
    out: Path
    """Empty directory for all that it writes."""

    @property
    def url(self) -> str:
        """The front page."""
        return f"http://127.0.0.1:{self.port}/"


@frozen(kw_only=True)
class Contestant:
    """One program of the table."""

    name: str
    about: str
    command: Callable[[Task], list[str]]
    needs: str | None = None
    """A program that has to be installed."""

    @property
    def missing(self) -> bool:
        """Whether a program that it needs is not installed."""
        return self.needs is not None and shutil.which(self.needs) is None


def _crawl(task: Task, *words: str) -> list[str]:
    settings = {
        "ARCHIVE_DIR": task.out, "ARCHIVE_ALLOW_ADDRESSES": f"127.0.0.1:{task.port}", "ARCHIVE_MIN_FREE_BYTES": 0,
        "ARCHIVE_LEASES_PER_HOST": task.at_once, "ARCHIVE_SITES": ROOT / "benchmarks" / "sites",
        "ARCHIVE_CONNECT_TO": f"www.gazette.example:80=127.0.0.1:{task.port}",
        "CONCURRENT_REQUESTS": task.at_once, "CONCURRENT_REQUESTS_PER_DOMAIN": task.at_once, "DOWNLOAD_DELAY": 0, "ROBOTSTXT_OBEY": False,
    }  # fmt: skip
    given = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    # The `scrapy` command of this environment, whatever else is on the path.
    return [sys.executable, "-m", "scrapy", "crawl", *words, "-a", "requisites=none", *given, "-L", "WARNING"]


def _plain(task: Task) -> list[str]:
    return [sys.executable, "-m", "benchmarks.plain_scrapy", task.url, str(task.at_once)]


def _wget(task: Task) -> list[str]:
    return [
        "wget", "--quiet", "--execute=robots=off", "--recursive", "--level=inf", "--reject=jpg", "--delete-after",
        f"--directory-prefix={task.out}/pages", f"--warc-file={task.out}/wget", task.url,
    ]  # fmt: skip


def _capture(task: Task) -> list[str]:
    return _crawl(task, "web", "-a", f"seeds={task.url}", "-a", "read=later")


def _generic(task: Task) -> list[str]:
    return _crawl(task, "web", "-a", f"seeds={task.url}")


def _site_file(task: Task) -> list[str]:
    return _crawl(task, "gazette", "-a", "backfill=sections")


BASE = "scrapy-plain"
CONTESTANTS = (
    Contestant(name=BASE, about="Scrapy with its LinkExtractor, nothing stored", command=_plain),
    Contestant(name="wget-warc", about="wget --recursive --warc-file, one page at a time", command=_wget, needs="wget"),
    Contestant(name="capture", about="this crawler, read=later: WARC, rows, links", command=_capture),
    Contestant(name="generic", about="this crawler, generic reader, full text", command=_generic),
    Contestant(name="site-file", about="this crawler, a site file's templates, full text", command=_site_file),
)
"""In the order of the table."""
