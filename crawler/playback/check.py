"""Check of a collection's replay: pages opened in a browser through pywb, and judged."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from attrs import define, field, frozen

from crawler import clock
from crawler.errors import ArchiveError, SetupError
from crawler.playback.browser import launch, playing, shut
from crawler.playback.held import is_held
from crawler.playback.judgement import Judged, judge, not_asked
from crawler.playback.look import look_at
from crawler.playback.replay import Replay, answers
from crawler.playback.seen import Replayed
from crawler.requisites.needs import Requisites
from crawler.requisites.of_page import requisites_of

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

    from crawler.collection.reader import CollectionReader
    from crawler.playback.sample import Target

BROWSERS = 2
"""At a time: a look is mostly waiting."""
PAGES_OF_A_BROWSER = 50
"""After which a new one is started: pages leave memory behind."""


@frozen(kw_only=True)
class Manner:
    """Options of a check."""

    seconds: float
    """For one page."""
    chromium: str | None
    screenshots: Path | None = None
    """Folder for pictures of the pages."""


@define
class Checked:
    """Results so far; whole if no signal came."""

    judged: list[Judged] = field(factory=list)
    browser: str = ""
    replay: str = ""


def check_pages(
    reader: CollectionReader, replay: Replay, targets: Sequence[Target], manner: Manner, checked: Checked,
    tell: Callable[[Judged], None] = lambda one: None,
) -> None:  # fmt: skip
    """Look at captures one by one, and add what is found to `checked`.

    Raises:
        SetupError: pywb or the browser does not answer.
    """
    checked.replay = version_of(replay)
    asyncio.run(_Check(reader, replay, manner, checked, tell).all(targets))


def version_of(replay: Replay) -> str:
    """Version of the pywb that is asked, or its address where it was running already.

    Raises:
        SetupError: It does not answer.
    """
    if replay.program is None:
        if not answers(replay.base, seconds=10):
            raise SetupError(f"ARCHIVE_REPLAY_URL: {replay.base}: no pywb answers there")
        return f"pywb at {replay.base}"
    with suppress(OSError, subprocess.SubprocessError):
        said = subprocess.run([replay.program, "--version"], capture_output=True, text=True, timeout=60, check=True).stdout.strip()
        return re.sub(r"[^\x20-\x7e]", "", said)[:60]
    return "pywb"


class _Check:
    def __init__(
        self, reader: CollectionReader, replay: Replay, manner: Manner, checked: Checked, tell: Callable[[Judged], None]
    ) -> None:  # fmt: skip
        self._reader, self._replay, self._manner, self._checked, self._tell = reader, replay, manner, checked, tell
        self._name = reader.path.name
        self._replayed = Replayed(base=replay.base, collection=quote(self._name, safe=""), seconds=manner.seconds)

    async def all(self, targets: Sequence[Target]) -> None:
        """Look at each, in some browsers at a time."""
        waiting = iter(targets)
        async with playing() as playwright:
            await asyncio.gather(*(self._work(playwright, waiting) for _ in range(min(BROWSERS, len(targets)))))

    async def _work(self, playwright: Playwright, waiting: Iterator[Target]) -> None:
        """Look at one after the other; replace a browser that is worn out or hangs."""
        browser, used = await self._launch(playwright), 0
        try:
            for target in waiting:
                if used >= PAGES_OF_A_BROWSER:
                    await shut(browser)
                    browser, used = await self._launch(playwright), 0
                judged, good = await self._one(browser, target)
                used = used + 1 if good else PAGES_OF_A_BROWSER
                self._checked.judged.append(judged)
                self._tell(judged)
        finally:
            await shut(browser)

    async def _launch(self, playwright: Playwright) -> Browser:
        browser = await launch(playwright, self._manner.chromium, self._replay.base)
        self._checked.browser = f"{browser.browser_type.name} {browser.version}"
        return browser

    async def _one(self, browser: Browser, target: Target) -> tuple[Judged, bool]:
        address = self._replay.address(self._name, target.date, target.url, mark="mp_")
        folder = self._manner.screenshots
        look, good = await look_at(browser, self._replayed, address, folder / picture_name(target) if folder else None)
        needed = self._needed(target)
        held = {url: asyncio.to_thread(is_held, self._replay, self._name, target.date, url) for url in not_asked(look, needed)}
        there = dict(zip(held, await asyncio.gather(*held.values()), strict=True))
        return judge(target, look, needed, there, now=clock.now()), good

    def _needed(self, target: Target) -> Requisites:
        """Requisites by the bytes of the capture; none if they cannot be read."""
        with suppress(ArchiveError, OSError):
            capture = self._reader.index.capture(target.record_id)
            if capture is not None:
                return requisites_of(self._reader.page(capture))
        return Requisites()


def picture_name(target: Target) -> str:
    """Make the file name of a screenshot, of story, version and record.

    >>> from crawler.playback.sample import Target
    >>> picture_name(Target(record_id="urn:uuid:ab", date="", url="", story="a/é 1", version=2, template=None, headline="", text=""))
    'a_1-v2-ab.png'
    """
    story = re.sub(r"[^A-Za-z0-9]+", "_", target.story or "page")[:80].strip("_")
    number = f"-v{target.version}" if target.version else ""
    return f"{story}{number}-{re.sub(r'[^A-Za-z0-9-]', '', target.record_id.rpartition(':')[2])}.png"
