"""Look at a replayed page in a browser: its requests, text and behaviour."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.playback.answers import archived_at, place_of, same_resource
from crawler.playback.isolated import World
from crawler.playback.screen_text import BROKEN_PICTURES, HEIGHT, MAX_HEIGHT, MAX_PARTS, PAGE_TEXT, SCREEN_TEXT, VIEW_WIDTH
from crawler.playback.seen import Answered, Look, Replayed

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Frame, Page, Request, Response, Route, WebSocketRoute

QUIET_SECONDS = 0.5
"""Without a request, after which a page is at rest."""
CLOSE_SECONDS = 5.0
FIRST_HEIGHT = 1024
KINDS = {"stylesheet": "style", "image": "picture", "media": "film", "document": "frame", "xhr": "data", "fetch": "data", "ping": "sent",
         "beacon": "sent", "eventsource": "data", "websocket": "sent", "cspviolationreport": "sent"}  # fmt: skip
"""Playwright's kinds of requests, in our words; others keep their names."""
HOST_PAGE = "/look-at-a-page"
_HOST_HTML = (
    "<!doctype html><body style='margin:0'>"
    "<iframe style='position:fixed;inset:0;width:100%;height:100%;border:0' src='{}'></iframe>"
)
"""A page around it, since pywb's pages leave for their frame where they are alone."""


async def look_at(browser: Browser, replayed: Replayed, address: str, picture: Path | None = None) -> tuple[Look, bool]:
    """Look at a page within a time limit; never raises for what a page does.

    Args:
        address: In pywb, without its frame.
        picture: Where to put a screenshot.
    Returns:
        The look, and whether the browser is still good for another.
    """
    from playwright.async_api import Error

    looker, began, good = _Looker(replayed), time.monotonic(), True
    try:
        context = await asyncio.wait_for(_context(browser), CLOSE_SECONDS)
    except (Error, TimeoutError):
        looker.look.problems["the browser does not answer"] += 1
        return looker.look, False
    try:
        await asyncio.wait_for(looker.look_at(context, address, picture), replayed.seconds)
    except TimeoutError:
        looker.look.problems["not done in time: it was broken off"] += 1
    except Error as error:
        looker.look.problems[f"the browser gave up: {_first_line(error)}"] += 1
    looker.ended = True
    try:
        await asyncio.wait_for(context.close(), CLOSE_SECONDS)
    except (Error, TimeoutError):
        good = False
    looker.look.seconds = time.monotonic() - began
    return looker.look, good and browser.is_connected()


async def _context(browser: Browser) -> BrowserContext:
    return await browser.new_context(
        viewport={"width": VIEW_WIDTH, "height": FIRST_HEIGHT}, service_workers="block", accept_downloads=False, timezone_id="UTC"
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


def _frame_of(request: Request) -> Frame | None:
    """The frame that asks; None if it is not there yet, or a worker asks."""
    from playwright.async_api import Error

    try:
        return request.frame
    except Error:
        return None


class _Looker:
    """Listens to one page."""

    def __init__(self, replayed: Replayed) -> None:
        self.replayed, self.look, self.ended = replayed, Look(), False
        self._open: dict[Request, Answered | None] = {}
        self._last = time.monotonic()
        self._page: Page | None = None
        self._frame: Frame | None = None
        self._first: Request | None = None
        """The request for the page itself."""
        self._downloads = 0

    async def look_at(self, context: BrowserContext, address: str, picture: Path | None) -> None:
        """Open the page in a frame, wait until it is at rest, and look."""
        page = self._page = await context.new_page()
        await context.route("**/*", lambda route: self._allow(route, address))
        await context.route_web_socket(lambda url: True, self._refuse_socket)
        self._listen(context, page)
        end = time.monotonic() + self.replayed.seconds
        await page.goto(self.replayed.base + HOST_PAGE, wait_until="commit")
        await self._rest(end - self.replayed.seconds * 0.5, loaded=True)
        if self.look.document is None or self._frame is None:
            return
        world = await World.of(context, page, self._frame)
        height = int(await world.value(HEIGHT) or 0)
        await page.set_viewport_size({"width": VIEW_WIDTH, "height": min(max(height, FIRST_HEIGHT), MAX_HEIGHT)})
        if not await self._rest(end - self.replayed.seconds * 0.3):
            self.look.problems["not at rest in time"] += 1
        await self._read(world, height)
        if picture is not None:
            await page.screenshot(path=picture, timeout=self.replayed.seconds * 300, animations="disabled")

    async def _read(self, world: World, height: int) -> None:
        """Take the text of the page, and of each part of its screen."""
        self.look.page_text = str(await world.value(PAGE_TEXT) or "")
        parts = []
        for part in range(min(-(-max(height, 1) // MAX_HEIGHT), MAX_PARTS)):
            if part:
                await world.value(f"scrollTo(0, {part * MAX_HEIGHT})")
            parts.append(str(await world.value(SCREEN_TEXT) or ""))
        self.look.screen_text = "\n".join(parts)
        self.look.broken = int(await world.value(BROKEN_PICTURES) or 0)

    async def _rest(self, until: float, *, loaded: bool = False) -> bool:
        """Wait until nothing has been asked for and nothing is awaited for a moment.

        Args:
            loaded: The page itself must have come.
        """
        while time.monotonic() < until:
            came = not loaded or self.look.document is not None or self._downloads
            if came and not self._open and time.monotonic() - self._last > QUIET_SECONDS:
                return True
            await asyncio.sleep(0.05)
        return False

    # -- what the page may do

    async def _allow(self, route: Route, address: str) -> None:
        """Let a request through to pywb; stop what leads elsewhere, and the page from leaving."""
        from playwright.async_api import Error

        request = route.request
        with suppress(Error):  # the page was closed meanwhile
            if request.url == self.replayed.base + HOST_PAGE and self._frame is None:
                await route.fulfill(body=_HOST_HTML.format(address.replace("&", "&amp;").replace("'", "&#39;")), content_type="text/html")
            elif self._leaves(request):
                await route.abort("aborted")  # any other reason would show a page of errors in its place
            elif place_of(request.url, self.replayed.base, self.replayed.collection).to == "elsewhere":
                await route.abort("blockedbyclient")
            else:
                await route.continue_()

    def _leaves(self, request: Request) -> bool:
        """Tell whether a page is about to be replaced by another."""
        if not request.is_navigation_request() or self._page is None:
            return False
        frame = _frame_of(request)
        if frame is None or frame.page != self._page:
            self.look.problems["it opened a window"] = 1
            return True
        if frame == self._page.main_frame:
            self.look.problems["it tried to replace the page around it"] += 1
            return True
        if frame != self._frame or request == self._first:
            return False
        self.look.problems["it went to another page, or loaded itself again"] += 1
        return True

    def _refuse_socket(self, socket: WebSocketRoute) -> Any:
        """Close a socket of the page."""
        if place_of(socket.url.replace("ws", "http", 1), self.replayed.base, self.replayed.collection).to == "elsewhere":
            self._leak(socket.url)
        self.look.problems["it opened a socket"] += 1
        return socket.close()

    # -- what it does

    def _listen(self, context: BrowserContext, page: Page) -> None:
        """Note what a page does."""
        page.on("dialog", lambda dialog: self._dismiss("a dialog came up", dialog.dismiss()))
        page.on("popup", lambda popup: self._dismiss("", popup.close()))
        page.on("crash", lambda _: self.look.problems.update(["it crashed"]))
        page.on("download", self._download)
        context.on("weberror", lambda error: self.look.errors.append(_first_line(error.error)))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfinished", self._done)
        context.on("requestfailed", self._failed)

    async def _dismiss(self, what: str, closing: Any) -> None:
        from playwright.async_api import Error

        self.look.problems[what or "it opened a window"] = self.look.problems[what] + 1
        with suppress(Error):
            await closing

    def _download(self, _: object) -> None:
        self._downloads += 1
        self.look.problems["it began a download"] += 1

    def _leak(self, url: str) -> None:
        if len(self.look.leaks) < 1000:
            self.look.leaks.append(url)

    def _request(self, request: Request) -> None:
        """Note a request, and each hop of a redirect as one."""
        self._last = time.monotonic()
        frame = _frame_of(request)
        if self.ended or request.url == self.replayed.base + HOST_PAGE or frame is None or frame.page != self._page:
            return
        if self._frame is None and request.is_navigation_request() and frame.parent_frame == self._page.main_frame:
            self._frame, self._first = frame, request
        place = place_of(request.url, self.replayed.base, self.replayed.collection)
        if place.to == "elsewhere":
            self._leak(request.url)
        if place.to not in ("archive", "lost"):
            return
        kind = KINDS.get(request.resource_type, request.resource_type)
        one = Answered(url=place.url, kind=kind, sent=request.method not in ("GET", "HEAD"))
        self._open[request] = one
        if request.is_navigation_request() and frame == self._frame:
            self.look.document = self.look.document or one
        elif place.to == "archive":
            self._open[request] = self.look.asked.setdefault(same_resource(place.url), one)

    def _response(self, response: Response) -> None:
        one = self._open.get(response.request)
        if one is None:
            return
        date = archived_at(response.headers)
        if date is not None and (one.archived is None or one is self.look.document):
            one.archived, one.status = date, response.status
        elif date is None and response.status >= 400 and one.archived is None:
            one.status = response.status
            if one.url.startswith(self.replayed.base) and one.url not in self.look.lost:
                self.look.lost.append(one.url)

    def _done(self, request: Request) -> None:
        self._last = time.monotonic()
        self._open.pop(request, None)

    def _failed(self, request: Request) -> None:
        self._last = time.monotonic()
        if (one := self._open.pop(request, None)) is not None:
            one.failure = request.failure
