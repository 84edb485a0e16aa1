"""The look of archived stories: Chromium on pywb sees what it sees on the live site. Group `outer`: needs both."""

import io
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from stands import Mirrors, Scrapy
from test_replay_pywb import served

from crawler.demo.newspaper import start
from crawler.demo.pages import COUNTER

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.outer

SIZE = {"width": 900, "height": 1200}
SHARE = 0.99
"""Of the requests of a page's look that the archive must answer."""
DIFFERENT = 0.01
"""Of the pixels that may differ between the live page and its replay."""


def rules(connect_to: str) -> str:
    """ARCHIVE_CONNECT_TO as Chromium's rules for names."""
    pairs = (pair.split("=") for pair in connect_to.split(","))
    return ",".join(f"MAP {host.removesuffix(':*')} {address}" for host, address in pairs)


class Browsers:
    """One Chromium that sees the live hosts, and one that sees only pywb."""

    def __init__(self, chromium: str, connect_to: str) -> None:
        self._playwright = sync_api.sync_playwright().start()
        common = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        live = [f"--host-resolver-rules={rules(connect_to)},MAP * ~NOTFOUND", "--ignore-certificate-errors"]
        closed = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]
        self.live, self.replay = (self._playwright.chromium.launch(executable_path=chromium, args=[*common, *more]) for more in (live, closed))

        for browser in (self.live, self.replay):
            browser.new_context(viewport=SIZE).new_page()  # a new cache for each run, and one for all its pages

    def close(self) -> None:
        for one in (self.live, self.replay):
            one.close()
        self._playwright.stop()

    @staticmethod
    def shown(page: Any) -> dict[str, float]:
        """Where the site's page is: in pywb's frame, which is made as large as the live page's window."""
        if page.query_selector("#replay_iframe") is None:
            return {"x": 0, "y": 0, **SIZE}
        above = page.query_selector("#replay_iframe").bounding_box()["y"]
        page.set_viewport_size(SIZE | {"height": SIZE["height"] + round(above)})
        page.wait_for_load_state("networkidle")
        return page.query_selector("#replay_iframe").bounding_box()

    def look(self, browser: Any, url: str) -> tuple[Image.Image, dict[str, int | None]]:
        """A page's picture, and what was asked for with the status of each answer (None without one)."""
        page = browser.contexts[0].pages[0]
        asked: dict[str, int | None] = {}
        on = {"request": lambda request: asked.setdefault(request.url, None), "response": lambda answer: asked.update({answer.url: answer.status})}
        for event, note in on.items():
            page.on(event, note)
        page.set_viewport_size(SIZE)
        page.goto(url, wait_until="networkidle" if browser is self.replay else "load", timeout=60_000)
        picture = Image.open(io.BytesIO(page.screenshot(clip=self.shown(page)))).convert("RGB")
        for event, note in on.items():
            page.remove_listener(event, note)
        return picture, asked


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ."""
    assert one.size == other.size
    apart = ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value > 8 else 0)
    return sum(apart.histogram()[255:]) / (one.width * one.height)


def stories(replay: str, host: str, part: str) -> list[tuple[str, str]]:
    """Time and address of each captured story of a host, the last capture of each."""
    with urllib.request.urlopen(f"{replay}/cdx?url={host}&matchType=host&output=json", timeout=20) as answer:
        lines = [json.loads(line) for line in answer.read().decode().splitlines()]
    found = {line["url"]: line["timestamp"] for line in lines if line["status"] == "200" and part in line["url"] and line["mime"] == "text/html"}
    return [(date, url) for url, date in found.items()]


def archived(asked: str, page: str) -> str | None:
    """The archived address that pywb is asked for; None for a file of its own."""
    found = re.search(r"/\d{14}\w\w_/(.*)", asked)
    return urllib.parse.unquote(urllib.parse.urljoin(page, found[1])) if found else None


def compare(browsers: Browsers, replay: str, pages: list[tuple[str, str]], *, without: str = " ", looked_at: int = 4) -> None:
    """Count what the archive answers of the live requests of all pages, and look at some of them on pywb."""
    wanted, lost = 0, []
    for number, (date, url) in enumerate(pages):
        shown, asked = browsers.look(browsers.live, url)
        needed = {one for one, status in asked.items() if status is not None and status < 400 and without not in one and not one.startswith("data:")}
        given: set[str] = set()
        if number % (len(pages) // looked_at) == 0:
            replayed, answers = browsers.look(browsers.replay, f"{replay}/{date}/{url}")
            assert difference(shown, replayed) <= DIFFERENT, url
            found = {archived(one, url): status or 500 for one, status in answers.items()}
            assert {one for one, status in found.items() if one in needed and status >= 400} == set(), "what is held is shown"
            given = {one for one, status in found.items() if one and status < 400}
        wanted += len(needed)
        # An icon is only asked for by the window, which is pywb's.
        lost += [one for one in needed - given if not holds(f"{replay}/{date}id_/{one}")]
    assert wanted > 3 * len(pages) > 0, "pages have a look"
    assert len(lost) <= (1 - SHARE) * wanted, lost


def holds(address: str) -> bool:
    """Whether pywb answers with what was captured."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return bool(answer.status < 400)
    except urllib.error.HTTPError:
        return False


@pytest.fixture
def demo(wayback: str, demo_copy: Callable[[Path], Scrapy], tmp_path: Path) -> Iterator[str]:
    scrapy = demo_copy(tmp_path / "archives")
    with served(wayback, scrapy.archives) as address:
        yield f"{address}/demo"


def test_stories_of_the_demo_look_as_they_do_live(chromium: str, demo: str) -> None:
    with start() as paper:
        browsers = Browsers(chromium, paper.connect_to)
        try:
            pages = stories(demo, "courier.mirror.example", "/20") + stories(demo, "fr.courier.example", "/20")
            assert len(pages) > 10
            compare(browsers, demo, pages, without=COUNTER)
        finally:
            browsers.close()


def test_a_page_without_its_style_sheet_would_be_seen_to_differ(chromium: str) -> None:
    with start() as paper:
        browsers = Browsers(chromium, paper.connect_to)
        try:
            url = "http://courier.mirror.example/"
            whole, asked = browsers.look(browsers.live, url)
            assert any("/look/courier.css" in one for one in asked)
            context = browsers.live.new_context(viewport=SIZE)
            page = context.new_page()
            page.route("**/*.css", lambda route: route.abort())
            page.goto(url, wait_until="networkidle")
            assert difference(whole, Image.open(io.BytesIO(page.screenshot())).convert("RGB")) > 3 * DIFFERENT
        finally:
            browsers.close()


def test_stories_of_press_tv_look_as_they_do_live(chromium: str, wayback: str, scrapy: Scrapy, mirrors: Mirrors) -> None:
    scrapy("crawl", "presstv", "-a", "backfill=sitemap,sections", *mirrors.settings, exits=None)
    with served(wayback, scrapy.archives) as address:
        replay = f"{address}/presstv"
        browsers = Browsers(chromium, mirrors.ready["connect_to"])
        try:
            pages = stories(replay, "www.presstv.co.uk", "/20")
            assert len(pages) >= 20
            compare(browsers, replay, pages, without="/Submission/ViewCounter")
        finally:
            browsers.close()
