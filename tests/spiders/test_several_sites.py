"""Several site files crawled by one command: a collection each, one pace for a host that they share, the gravest exit code."""

from __future__ import annotations

import fcntl
import itertools
import json
import time
from pathlib import Path

import invariants
import pytest
from scrapy.settings import Settings
from stands import Scrapy

from benchmarks.many_hosts import Server
from crawler.sites import load_sites
from crawler.spiders.crawling import spiders_of

SITE = """
from crawler import Mirror, Order, Ordered, Section, Site, Template, css

TEXT = Ordered(
    Order(headline=("h1",), body=("article p",), dates=("time",), closing=r"^no such line$", ends=r"^no such line$", story_link=r"/story-",
          related="//nav[@id='none']")
)
SITE = Site(
    name="{name}", title="{name}", language="en", mirrors=(Mirror(host="{name}.example", scheme="http"),),
    stories=(r"^/story-(?P<id>\\d+)$",), seeds=(Section("/"),),
    templates=(
        Template(name="story", mark=css("h1"), headline=TEXT.headline(), blocks=TEXT.blocks(), images=TEXT.images(), published=css("time")),
    ),
)
"""
TEXT = "<p>The harbour wall was mended on Monday, after a storm had taken eleven metres of it away into the sea.</p>" * 4


class Presses(Server):
    """Newspapers of any host: a front page with stories, each with a picture on a host that all of them use."""

    def page(self, host: str, path: str) -> bytes:
        self.times.setdefault(host, []).append(time.monotonic())
        if host == "pictures.example":
            return b"HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\nContent-Length: 6\r\n\r\nGIF89a"
        if path == "/":
            body = "".join(f'<li><a href="/story-{n}">Story {n}</a>' for n in range(1, self.each + 1))
        elif path.startswith("/story-"):
            number = path.removeprefix("/story-")
            picture = f'<figure><img src="http://pictures.example/{host}-{number}.gif"><figcaption>The wall</figcaption></figure>'
            body = f"<article><h1>Story {number} of {host}</h1>{picture}{TEXT}</article>"
        else:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        page = f"<!doctype html><html><head><title>{host}</title></head><body>{body}</body></html>".encode()
        return b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(page) + page


@pytest.fixture
def presses() -> Presses:
    made = Presses(4)
    made.start()
    return made


def settings(presses: Presses, folder: Path, names: list[str], **more: object) -> list[str]:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.py").write_text(SITE.format(name=name))
    values = {
        "ARCHIVE_SITES": folder, "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{presses.port}", "DOWNLOAD_DELAY": 0, "ARCHIVE_MIN_FREE_BYTES": 0,
        "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_RETRY_DELAY": 0.05, **more,
    }  # fmt: skip
    return [word for name, value in values.items() for word in ("-s", f"{name}={value}")]


WHY = "reports of several sites: checked one by one"


def test_twenty_sites_are_crawled_into_a_collection_each(scrapy: Scrapy, presses: Presses, tmp_path: Path) -> None:
    names = [f"paper{n}" for n in range(20)]
    words = settings(presses, tmp_path / "sites", names)
    done = scrapy("crawl", ",".join(names), "--report-json", str(tmp_path / "report.json"), *words, unchecked=WHY)
    document = json.loads((tmp_path / "report.json").read_text())
    assert [(one["site"], one["verdict"]) for one in document["runs"]] == [(name, "COMPLETE") for name in names]
    assert document["exit_code"] == 0
    assert done.stdout.rstrip().endswith("20 sites, 20 of them complete (exit code 0)")
    reports = done.stdout.rpartition("20 sites")[0].split("Run report: ")
    for one in document["runs"]:
        assert one["stats"]["stories"]["new"] == presses.each
    for one in document["runs"][::9]:
        path = scrapy.archives / one["site"]
        (out,) = (part for part in reports if part.startswith(f"{one['site']} -> "))
        invariants.check(path, command="crawl", code=0, out=out, document=one, settings={"ARCHIVE_SITES": str(tmp_path / "sites")})
    assert {f"{name}.example" for name in names} < set(presses.times)


def test_sites_that_share_a_host_ask_it_at_one_pace(scrapy: Scrapy, presses: Presses, tmp_path: Path) -> None:
    names, delay = ["morning", "noon", "evening"], 0.3
    words = settings(presses, tmp_path / "sites", names, DOWNLOAD_DELAY=delay, DOWNLOAD_DELAY_JITTER=0, ROBOTSTXT_OBEY=False)
    scrapy("crawl", ",".join(names), *words, unchecked=WHY)
    pictures = presses.times["pictures.example"]
    assert len(pictures) == len(names) * presses.each
    # Sent times are seen through a server's threads: a pair may come closer, the whole row of them may not.
    assert pictures[-1] - pictures[0] >= delay * (len(pictures) - 1) * 0.9
    assert sum(later - sooner < delay * 0.5 for sooner, later in itertools.pairwise(pictures)) <= 1


def test_a_collection_that_is_locked_does_not_hold_up_the_other_sites(scrapy: Scrapy, presses: Presses, tmp_path: Path) -> None:
    words = settings(presses, tmp_path / "sites", ["morning", "noon"])
    scrapy("crawl", "noon", *words)
    (lock,) = (scrapy.archives / "noon").glob("*lock*")
    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = scrapy("crawl", "morning,noon", *words, "--report-json", str(tmp_path / "report.json"), exits=11, unchecked=WHY)
    first, second = json.loads((tmp_path / "report.json").read_text())["runs"]
    assert (first["site"], first["verdict"], first["exit_code"]) == ("morning", "COMPLETE", 0)
    assert (second["site"], second["verdict"], second["exit_code"]) == ("noon", "FAILED", 11)
    assert "2 sites, 1 of them complete (exit code 11)" in done.stdout


def test_all_names_every_site_file(presses: Presses, tmp_path: Path) -> None:
    settings(presses, tmp_path / "sites", ["morning", "noon"])
    named = spiders_of(Settings({"ARCHIVE_SITES": [str(tmp_path / "sites")]}), "all")
    assert [spider.name for spider in named] == sorted(load_sites([tmp_path / "sites"]))
    assert {"morning", "noon"} < {spider.name for spider in named}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["morning,nobody"], "nobody"),
        ([","], "name a site"),
        (["morning", "noon"], "several with commas"),
        (["morning,noon", "-s", "ARCHIVE_COLLECTION=both"], "ARCHIVE_COLLECTION names one collection"),
        (["morning,replay"], "replay"),
        (["morning,noon", "-a", "story=morning/1"], "story: names a page of one site"),
        (["morning,noon", "-o", "out.jsonl"], "put %(name)s into its name"),
    ],
)
def test_what_several_sites_cannot_share_is_refused(
    scrapy: Scrapy, presses: Presses, tmp_path: Path, words: list[str], told: str
) -> None:  # fmt: skip
    done = scrapy("crawl", *words, *settings(presses, tmp_path / "sites", ["morning", "noon"]), exits=2)
    assert told in done.stderr
    assert not list(scrapy.archives.glob("*"))


def test_a_signal_ends_all_of_them_in_order(scrapy: Scrapy, presses: Presses, tmp_path: Path) -> None:
    words = settings(presses, tmp_path / "sites", ["morning", "noon"], DOWNLOAD_DELAY=1)
    report = tmp_path / "report.json"
    with scrapy.start("crawl", "morning,noon", *words, "--report-json", str(report), unchecked=WHY) as process:
        while sum(map(len, presses.times.values())) < 4:
            time.sleep(0.02)
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 14
    assert {one["exit_code"] for one in json.loads(report.read_text())["runs"]} == {14}
    for name in ("morning", "noon"):
        assert scrapy("verify", name).returncode == 0
