"""The docs' site in Chromium: pages and search ask nobody but the server that they came from. Group `outer`."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from stands import ROOT

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.outer


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, without a line for each request."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Address of the built site on loopback."""
    build(load_config(str(ROOT / "mkdocs.yml"), strict=True, site_dir=str(tmp_path / "site")))
    handler = functools.partial(Quiet, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_pages_and_search_load_nothing_from_elsewhere(site: str, chromium: str) -> None:
    asked: list[str] = []
    faults: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        for path in ("", "rooms/", "tutorials/credits/", "project/CHANGELOG/"):
            page.goto(site + path, wait_until="networkidle")
        page.keyboard.press("s")
        page.keyboard.type("credit")
        page.wait_for_selector(".md-search-result__item")
        browser.close()
    assert len(asked) > 15
    assert not [url for url in asked if not url.startswith((site, "data:", "blob:"))]
    assert not faults
