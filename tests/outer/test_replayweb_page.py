"""A story's WACZ in ReplayWeb.page, both out of the room, in Chromium. Group `outer`: needs Chromium, and the fetched files or npm."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from stands import ROOT, Scrapy, outer

from crawler.playback.viewer import install, is_installed

pytestmark = pytest.mark.outer


@pytest.fixture(scope="module")
def viewer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fetched files: the project's, else fetched now."""
    if is_installed(ROOT / ".replaywebpage"):
        return ROOT / ".replaywebpage"
    outer("npm")
    folder = tmp_path_factory.mktemp("viewer")
    install(folder)
    return folder


@pytest.fixture(scope="module")
def room(viewer: Path, demo_copy: Callable[[Path], Scrapy], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a room of the demo."""
    scrapy = demo_copy(tmp_path_factory.mktemp("room") / "archives")
    environment = {**os.environ, "ARCHIVE_DIR": str(scrapy.archives), "SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "scrapy", "serve", "--port", "0", "-s", f"ARCHIVE_VIEWER={viewer}"]
    with subprocess.Popen(words, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[2].rstrip("/")
        process.terminate()


def test_a_story_with_its_picture_is_seen_and_nothing_leaves_loopback(room: str, chromium: str) -> None:
    from playwright.sync_api import sync_playwright

    asked, faults = list[str](), list[str]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, chromium_sandbox=False)
        context = browser.new_context(viewport={"width": 1200, "height": 900})
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None)
        page = context.new_page()
        page.goto(f"{room}/demo/-/viewer?story=courier/1005")
        page.get_by_role("link", name="Open in ReplayWeb.page").click()
        archived = page.frame_locator("iframe").frame_locator("iframe")
        picture = archived.locator("img[src*='tuba']")
        picture.wait_for(timeout=40_000)
        shown = archived.locator("body").inner_text()
        width = picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)")
        policy = page.evaluate("fetch(location.href).then((one) => one.headers.get('content-security-policy'))")
        # For a script over there the room is another origin, and what is not archived is not asked for from it.
        other = page.evaluate("(room) => fetch(room).then(() => 'read', (fault) => fault.name)", f"{room}/demo/-/front")
        browser.close()
    assert "Brass band buys back its own tuba" in shown
    assert "The conductor said the band was now complete" in shown
    assert width > 50
    assert "script-src 'self';" in policy
    assert other == "TypeError"
    places = {urlsplit(url).hostname for url in asked if urlsplit(url).scheme not in ("data", "blob")}
    assert places == {"127.0.0.1", "viewer.localhost"}, places
    assert all("fetch" not in fault or "127.0.0.1" in fault for fault in faults), faults
