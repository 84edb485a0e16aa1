"""Server of ReplayWeb.page on a name of its own.

Archived scripts run there: for them the reading room is another origin.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, unquote

from crawler.playback.viewer import FRAME, INSTALL, POLICY, STYLE, VERSION, is_installed, page, wacz_address

NAME = "viewer.localhost"
"""Browsers take every name below `localhost` for this machine; another name is another origin."""
CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_SCRIPTS = {"/ui.js": "ui.js", "/replay/ui.js": "ui.js", "/replay/sw.js": "sw.js"}
_WACZ = re.compile(r"/wacz/(?P<collection>[^/]+)/(?:all|story/(?P<story>[^/]+))\.wacz")
_PAGE = re.compile(r"/page/(?P<collection>[^/]+)")
FIXED = {
    "x-content-type-options": "nosniff", "referrer-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()", "content-security-policy": POLICY,
    "cache-control": "no-cache",
}  # fmt: skip

_FIXED_ANSWERS = {
    "/page.css": ("text/css; charset=utf-8", STYLE.encode()),
    "/favicon.ico": ("image/x-icon", b""),
    "/replay/": ("text/html; charset=utf-8", FRAME.encode()),
}

Scope: TypeAlias = MutableMapping[str, Any]
Send: TypeAlias = Callable[[Any], Awaitable[None]]
MakeWacz: TypeAlias = Callable[[str, str | None], Path]
"""Makes the WACZ of a collection or of one of its stories; raises LookupError where there is no such thing."""


class Viewer:
    """ASGI application: the page, the scripts, and WACZ files in parts.

    Args:
        folder: With the fetched files.
        make: Called in a thread, one call at a time.
    """

    def __init__(self, folder: Path, make: MakeWacz) -> None:
        self._folder, self._make, self._making = folder, make, asyncio.Lock()

    async def __call__(self, scope: Scope, receive: object, send: Send) -> None:
        """Answer one request."""
        path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
        if scope["method"] not in ("GET", "HEAD"):
            await _text(scope, send, 405, "This server is only read.")
        elif not is_installed(self._folder):
            await _text(scope, send, 404, f"ReplayWeb.page {VERSION} is not here: type `{INSTALL}`.")
        elif path in _SCRIPTS:
            data = await asyncio.to_thread((self._folder / _SCRIPTS[path]).read_bytes)
            await _answer(scope, send, 200, "text/javascript; charset=utf-8", data)
        elif path in _FIXED_ANSWERS:
            kind, body = _FIXED_ANSWERS[path]
            await _answer(scope, send, 200, kind, body)
        elif found := _PAGE.fullmatch(path):
            await _answer(scope, send, 200, "text/html; charset=utf-8", _page(unquote(found[1]), scope["query_string"]).encode())
        elif found := _WACZ.fullmatch(path):
            await self._wacz(scope, send, unquote(found["collection"]), unquote(found["story"]) if found["story"] else None)
        else:
            await _text(scope, send, 404, "There is nothing at this address.")

    async def _wacz(self, scope: Scope, send: Send, collection: str, story: str | None) -> None:
        """Send a WACZ, or the part of it that is asked for."""
        try:
            async with self._making:
                file = await asyncio.to_thread(self._make, collection, story)
        except LookupError as error:
            await _text(scope, send, 404, str(error.args[0]))
            return
        await send_file(scope, send, file)


def _page(collection: str, query: bytes) -> str:
    """The page for the arguments `story`, `url` and `date`."""
    given = {name: values[0] for name, values in parse_qs(query.decode("latin-1"), errors="replace").items()}
    story = given.get("story")
    return page(wacz_address(collection, story), title=story or collection, url=given.get("url"), date=given.get("date"))


async def send_file(scope: Scope, send: Send, file: Path) -> None:
    """Send a file, or the range of bytes that is asked for.

    Source: RFC 9110, 14.2 (one range; of several the whole is sent).
    """
    size = (await asyncio.to_thread(file.stat)).st_size
    asked = next((value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"range"), "")
    part = part_of(asked, size)
    if part is None:
        await _text(scope, send, 416, "There is no such part.", {"content-range": f"bytes */{size}"})
        return
    first, last = part
    more = {"accept-ranges": "bytes", "content-length": str(last - first + 1)}
    if _RANGE.fullmatch(asked):
        more["content-range"] = f"bytes {first}-{last}/{size}"
    await send(_start(206 if "content-range" in more else 200, "application/wacz+zip", more))
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    with await asyncio.to_thread(file.open, "rb") as data:
        data.seek(first)
        left = last - first + 1
        while left > 0:
            chunk = await asyncio.to_thread(data.read, min(CHUNK, left))
            left = left - len(chunk) if chunk else 0
            await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})


def part_of(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte that a Range header asks for; None for neither.

    >>> part_of("", 10), part_of("bytes=2-4", 10), part_of("bytes=-3", 10), part_of("bytes=8-", 10), part_of("bytes=10-", 10)
    ((0, 9), (2, 4), (7, 9), (8, 9), None)
    """
    found = _RANGE.fullmatch(asked)
    if found is None or not (found[1] or found[2]):
        return 0, size - 1
    if not found[1]:
        return (max(size - int(found[2]), 0), size - 1) if int(found[2]) else None
    first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    return (first, last) if first <= last else None


def _start(status: int, kind: str, more: dict[str, str]) -> dict[str, Any]:
    headers = {**FIXED, "content-type": kind, **more}
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": pairs}


async def _answer(scope: Scope, send: Send, status: int, kind: str, body: bytes, more: dict[str, str] | None = None) -> None:
    await send(_start(status, kind, {"content-length": str(len(body)), **(more or {})}))
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def _text(scope: Scope, send: Send, status: int, text: str, more: dict[str, str] | None = None) -> None:
    await _answer(scope, send, status, "text/plain; charset=utf-8", f"{text}\n".encode(), more)
