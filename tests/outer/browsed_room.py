"""A reading room served in this process, and one page of Chromium that looks at it and notes what should not happen."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from attrs import define, field

SHIFT = """
window.shifted = 0;
new PerformanceObserver(list => { for (const one of list.getEntries()) window.shifted += one.value })
  .observe({type: 'layout-shift', buffered: true});
"""
"""JavaScript: add up layout shifts of the page."""


@contextmanager
def served(collections: Sequence[Path]) -> Iterator[str]:
    """Serve collections on a free port; the address without a slash at its end."""
    import uvicorn

    from crawler.readingroom.server import listen, reading_room
    from crawler.roomframe.database import left_as_found

    room = reading_room(collections)
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(room.app(), log_level="warning", access_log=False))
    with left_as_found(room):
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@define(slots=False)
class Reader:
    """A page of Chromium in which only this room may be read."""

    page: Any
    base: str
    faults: list[str] = field(factory=list)
    """What should not have happened."""
    weight: int = 0
    """Bytes of the last page: document, styles, scripts."""
    _at: str = ""

    def __attrs_post_init__(self) -> None:
        page = self.page
        page.add_init_script(SHIFT)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._fault(f"error in a script: {error}"))
        page.on("dialog", self._dialog)
        page.on("popup", lambda _: self._fault("a window was opened"))
        page.on("download", lambda _: self._fault("a download began"))
        page.on("request", lambda asked: None if asked.url.startswith(f"{self.base}/") else self._fault(f"request of {asked.url[:100]}"))
        page.on("response", self._answered)
        page.on("framenavigated", self._navigated)

    def open(self, path: str, *, status: int | None = 200) -> None:
        """Open a page of the room, and wait until all of it is there.

        Args:
            status: Expected; any but a fault of ours if None.
        """
        self._at, self.weight = f"{self.base}{path}", 0
        answer = self.page.goto(self._at, wait_until="load")
        if answer is None or (answer.status != status if status else answer.status >= 500):
            self._fault(f"answer {answer and answer.status}")

    def taken_faults(self) -> list[str]:
        """The faults so far; none are left."""
        found, self.faults = self.faults, []
        return found

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self._at}: {what}")

    def _console(self, told: Any) -> None:
        # The status of a document is looked at by itself.
        if told.type in ("error", "warning") and not (told.text.startswith("Failed to load resource") and told.location["url"] == self.page.url):
            self._fault(f"console {told.type}: {told.text}")

    def _dialog(self, dialog: Any) -> None:
        self._fault(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _navigated(self, frame: Any) -> None:
        if frame != self.page.main_frame:
            self._fault(f"a frame shows {frame.url[:100]}")
        elif urlsplit(frame.url).path not in (urlsplit(self._at).path, quote(urlsplit(self._at).path)) and frame.url != "about:blank":
            self._fault(f"the page went to {frame.url[:100]}")

    def _answered(self, answer: Any) -> None:
        if answer.request.resource_type in ("document", "stylesheet", "script", "font"):
            self.weight += int(answer.headers.get("content-length") or 0) or len(answer.body())
        if answer.status >= 400 and answer.request.resource_type not in ("document", "image"):
            self._fault(f"answer {answer.status} to {answer.url[:100]}")


@contextmanager
def chromium_page(executable: str) -> Iterator[Any]:
    """One page of a headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            yield browser.new_context(service_workers="block", reduced_motion="reduce").new_page()
        finally:
            browser.close()
