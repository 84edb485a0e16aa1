"""What a browser shows of pages: Chromium over its debugging pipe, one process for a batch of pages, no network, no scripts."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import time
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ADDRESS = "http://page.example/"
MAX_WAIT = 20.0
"""Seconds for one answer."""
_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage", "--window-size=1280,4000", "--remote-debugging-pipe",
    "--blink-settings=imagesEnabled=false", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
_TOKEN = re.compile(r"\w+")
_LETTERS_ALONE = re.compile("([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff])")


class Browser:
    """One Chromium process, asked page by page."""

    def __init__(self, asks: int, answers: int) -> None:
        self._asks, self._answers, self._rest, self._number = asks, answers, b"", 0
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime"):
            self._call(f"{domain}.enable")
        self._call("Fetch.enable", patterns=[{"urlPattern": "*"}])

    def shown(self, data: bytes, content_type: str = "text/html; charset=utf-8") -> str:
        """The text that a page of these bytes shows: `innerText` of its body."""
        self._send("Page.navigate", url=ADDRESS)
        self._serve(data, content_type)
        asked = self._call("Runtime.evaluate", expression="document.body ? document.body.innerText : ''", returnByValue=True)
        return str(asked["result"].get("value", ""))

    def _serve(self, data: bytes, content_type: str) -> None:
        """Answer the request for the page, refuse all others, until the page stands."""
        # A policy keeps scripts from running while the page is parsed as where they run: `noscript` is text.
        headers = [("Content-Type", content_type), ("Content-Security-Policy", "script-src 'none'; frame-src 'none'")]
        served = False
        while True:
            message = self._next()
            if message.get("method") == "Fetch.requestPaused":
                request = message["params"]["requestId"]
                if message["params"]["request"]["url"] == ADDRESS and not served:
                    served = True
                    told = [{"name": name, "value": value} for name, value in headers]
                    self._send(
                        "Fetch.fulfillRequest",
                        requestId=request,
                        responseCode=200,
                        responseHeaders=told,
                        body=base64.b64encode(data).decode(),
                    )
                else:
                    self._send("Fetch.failRequest", requestId=request, errorReason="BlockedByClient")
            elif served and message.get("method") == "Page.domContentEventFired":
                return

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = self._send(method, **parameters)
        while True:
            message = self._next()
            if message.get("id") == number:
                assert "error" not in message, message
                return dict(message["result"])
            if message.get("method") == "Fetch.requestPaused":
                self._send("Fetch.failRequest", requestId=message["params"]["requestId"], errorReason="BlockedByClient")

    def _send(self, method: str, **parameters: Any) -> int:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session := getattr(self, "_session", None):
            message["sessionId"] = session
        _write(self._asks, json.dumps(message).encode() + b"\0")
        return self._number

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + MAX_WAIT
        while b"\0" not in self._rest:
            assert time.monotonic() < until, "no answer of the browser"
            part = os.read(self._answers, 1 << 20)
            assert part, "the browser has ended"
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(line))


def _write(pipe: int, data: bytes) -> None:
    """Write all of it: a pipe takes a part at a time."""
    while data:
        data = data[os.write(pipe, data) :]


@contextmanager
def browser(chromium: str, profile: Path) -> Iterator[Browser]:
    """Chromium with a pipe to it; ended behind the block."""
    asks, to_browser = os.pipe()
    from_browser, answers = os.pipe()
    # The browser reads file 3 and writes file 4: copies, since either number may be the other's.
    place = "import os, sys; from fcntl import fcntl; a, b = (fcntl(int(n), 0, 10) for n in sys.argv[1:3]); os.dup2(a, 3); os.dup2(b, 4); os.execvp(sys.argv[3], sys.argv[3:])"
    command = [sys.executable, "-c", place, str(asks), str(answers), chromium, *_OPTIONS, f"--user-data-dir={profile}"]
    process = subprocess.Popen(command, pass_fds=(asks, answers), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(asks)
    os.close(answers)
    try:
        yield Browser(to_browser, from_browser)
    finally:
        os.close(to_browser)
        os.close(from_browser)
        process.terminate()
        process.wait(timeout=20)


def shown_words(text: str) -> list[str]:
    """The words of a text; each sign is one where words are not parted by blanks."""
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Mn", "Mc"))
    return _TOKEN.findall(_LETTERS_ALONE.sub(r" \1 ", seen).casefold())


def not_shown(read: str, shown: Sequence[str]) -> list[str]:
    """The words of a text that what is shown lacks, in order: each with its neighbours."""
    words = shown_words(read)
    if _follows(words, shown):
        return []
    kept = _longest_common(words, shown)
    return [" ".join([*words[max(0, n - 3) : n], f"[{word}]", *words[n + 1 : n + 4]]) for n, word in enumerate(words) if n not in kept]


def _follows(words: Sequence[str], shown: Sequence[str]) -> bool:
    """Tell whether all words come in this order."""
    rest = iter(shown)
    return all(word in rest for word in words)


def _longest_common(words: Sequence[str], shown: Sequence[str]) -> set[int]:
    """Places of the words in the longest sequence that both have (Hunt and Szymanski)."""
    places: dict[str, list[int]] = {}
    for at, word in enumerate(shown):
        places.setdefault(word, []).append(at)
    ends: list[int] = []
    links: list[tuple[int, int]] = []  # of each pair: the word, and the pair before it
    last: list[int] = []
    for n, word in enumerate(words):
        for at in reversed(places.get(word, ())):
            k = bisect_left(ends, at)
            links.append((n, last[k - 1] if k else -1))
            if k == len(ends):
                ends.append(at)
                last.append(len(links) - 1)
            else:
                ends[k], last[k] = at, len(links) - 1
    kept: set[int] = set()
    pair = last[-1] if last else -1
    while pair >= 0:
        n, pair = links[pair]
        kept.add(n)
    return kept
