"""Make docs/room.png: the reading room with the demo's collection. Run by hand: python docs/room_picture.py (extras browse, replay)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
SCRAPY = str(Path(sys.executable).parent / "scrapy")
CHROMIUM = "/usr/bin/chromium"
PORT = "8931"


def main() -> None:
    """Crawl the demo, serve it, photograph the front page."""
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": "crawler.settings", "ARCHIVE_DIR": folder}
        subprocess.run([SCRAPY, "demo"], env=environment, stdout=subprocess.DEVNULL, check=True)
        room = subprocess.Popen([SCRAPY, "serve", "demo", "--port", PORT], env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert room.stdout is not None
            address = next(found[0] for line in room.stdout if (found := re.search(r"http://[^\s]+", line)))
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 900, "height": 680})
                page.goto(f"{address.rstrip('/')}/demo/-/front", wait_until="networkidle")
                page.screenshot(path=str(ROOT / "docs" / "room.png"))
                browser.close()
        finally:
            room.terminate()
            room.wait(10)


if __name__ == "__main__":
    main()
