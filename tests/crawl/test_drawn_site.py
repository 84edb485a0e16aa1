"""Crawls of hosts whose answers are drawn from a seed: behind each command every table is compared with one made anew from the WARCs."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn_site import WORDS, DrawnSite, paths_of
from stands import Scrapy

from crawler.sites.known import DEMO_SITES

SETTINGS = {
    "DOWNLOAD_DELAY": 0, "ARCHIVE_RETRY_DELAY": 0.01, "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_IDLE_TIMEOUT": 2,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4, "ARCHIVE_WARC_MAX_BYTES": 60_000, "ARCHIVE_SITES": DEMO_SITES,
}  # fmt: skip


def story(site: DrawnSite, path: str, edition: int) -> str:
    """A page of the demo's newspaper, with a picture; one in ten shows another story."""
    draw, number = random.Random(f"{site.seed} {path}"), path.strip("/").rpartition("/")[2]
    text = "".join(f"<p>{' '.join(draw.choice(WORDS) for _ in range(30))}.</p>" for _ in range(4))
    shown = number if draw.random() < 0.9 else "1099"
    return (
        f"<html lang=en><head><title>{number}</title><link rel=canonical href='http://www.courier.example{path}'></head><body>"
        f"<article class=story data-number={shown}><h1 class=headline>Story {number} edition {edition}</h1><p class=standfirst>Deck</p>"
        f"<div class=dateline><span class=byline>By Ada Quill</span></div><div class=body>{text}<figure>"
        f"<img src='http://pictures.courier.example/pictures/{number}.jpg'><figcaption>Caption {edition}. Photo: Ida Loewe</figcaption></figure>"
        f"</div><aside class=related><a href='{draw.choice(site.paths)}'>Other</a></aside></article></body></html>"
    )


@pytest.fixture
def web() -> Iterator[DrawnSite]:
    site = DrawnSite(11, list(paths_of(24)))
    yield site
    site.close()


@pytest.fixture
def courier() -> Iterator[DrawnSite]:
    site = DrawnSite(3, [f"/2024/02/{n + 1:02}/{1000 + n}/" for n in range(16)], story=story)
    yield site
    site.close()


def words(site: DrawnSite, *dead: str) -> list[str]:
    closed = "".join(f"{host}:80=127.0.0.1:1," for host in dead)
    values = SETTINGS | {"ARCHIVE_CONNECT_TO": f"{closed}*:*=127.0.0.1:{site.port}"}
    return [word for name, value in values.items() for word in ("-s", f"{name}={value}")]


def test_any_site_twice(scrapy: Scrapy, web: DrawnSite) -> None:
    seeds = "seeds=http://a.example/feed.xml,http://a.example/p/0,http://b.example/p/0,http://dead.example/"
    for _ in range(2):
        scrapy("crawl", "web", "-a", seeds, "-a", "requisites=all", "-a", "recheck=yes", *words(web, "dead.example"), exits=10)


def test_a_newspaper_with_mirrors_killed_and_gone_on_with_read_later_and_replayed(scrapy: Scrapy, courier: DrawnSite) -> None:
    more = words(courier, "www.courier.test")
    with scrapy.start("crawl", "courier", "-a", "requisites=all", *more) as process:
        while len(courier.visits) < 30 and process.poll() is None:
            time.sleep(0.02)
        process.kill()
        process.communicate()
    scrapy("crawl", "courier", "-a", "requisites=all", *more, exits=None)
    scrapy("crawl", "courier", "-a", "recheck=yes", "-a", "read=later", *more, exits=None)
    scrapy("reindex", "courier", "--unread", *more, exits=None)
    scrapy("crawl", "courier", "-a", "recheck=yes", *more, exits=None)
    files = f"warcs={scrapy.archives}/courier/archive/*.warc.gz"
    scrapy("crawl", "replay", "-a", files, "-a", "collection=referred", "-a", "copy=no", *more, exits=None)
    assert "no faults" in scrapy("verify", "referred", "--deep", *more).stdout
    assert Path(scrapy.archives, "referred", "elsewhere.txt").exists()
