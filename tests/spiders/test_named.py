"""What the user names and does not get is told by name, and the run is not complete."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from stands import Scrapy

from crawler.demo import Newspaper, start
from crawler.demo.newspaper import SITES

WELL = "mirrors=courier.mirror.example,fr.courier.example"
THERE = "http://courier.mirror.example/2024/06/11/1014/x"


@pytest.fixture(scope="module")
def paper() -> Iterator[Newspaper]:
    with start() as running:
        yield running


def crawl(scrapy: Scrapy, paper: Newspaper, *arguments: str, exits: int, site: str = "courier") -> str:
    values = {"ARCHIVE_SITES": SITES, "ARCHIVE_CONNECT_TO": paper.connect_to, "DOWNLOAD_DELAY": 0, "ARCHIVE_RETRY_DELAY": 0.1,
              "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0}  # fmt: skip
    settings = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
    named = [word for argument in arguments for word in ("-a", argument)]
    return scrapy("crawl", site, *named, "-a", "requisites=none", *settings, exits=exits).stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("story=9999", WELL), ["story=9999: on no list of the site"]),
        (("sections=nosuch,harbour", WELL), ["sections=nosuch: status: 404"]),
        (
            (f"url={THERE},http://courier.mirror.example/2024/06/11/9998/x,http://courier.mirror.example/no/such/page", WELL),
            [
                "url=http://courier.mirror.example/2024/06/11/9998/x: status: 404",
                "url=http://courier.mirror.example/no/such/page: status: 404",
            ],
        ),
        (("max_stories=0", WELL), ["max_stories=0: no story may be asked for"]),
        (("mirrors=courier.mirror.example,www.courier.test",), ["mirrors=www.courier.test: answered nothing (seized)"]),
    ],
)
def test_what_was_named_and_did_not_come_is_told_by_name(
    scrapy: Scrapy, paper: Newspaper, arguments: tuple[str, ...], told: list[str]
) -> None:
    out = crawl(scrapy, paper, *arguments, exits=10)
    (line,) = [line for line in out.splitlines() if "everything named came" in line and line.startswith("  NOT")]
    assert line.partition("everything named came: ")[2] == "; ".join(told)
    assert "INCOMPLETE (exit code 10)" in out
    assert f"{len(told)} x named and did not come" in out


def test_what_was_named_and_came_is_complete_and_a_limit_is_counted(scrapy: Scrapy, paper: Newspaper) -> None:
    out = crawl(scrapy, paper, f"url={THERE}", WELL, exits=0)
    assert "NOT" not in out
    out = crawl(scrapy, paper, "max_stories=3", "backfill=sitemap", WELL, exits=0)
    assert "x story beyond max_stories=3, first http" in out
    beyond = out.partition("x story beyond max_stories=3")[0].rpartition("left out")[2].split()[-1]
    assert f"nothing left over within the limits; {beyond} beyond max_stories=3" in out
    assert f"{beyond} beyond max_stories=3" in next(line for line in out.splitlines() if line.startswith("  addresses"))
