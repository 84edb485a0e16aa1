"""Check of one collection, from the choice of pages to the report."""

from __future__ import annotations

from pathlib import Path

from crawler.collection.reader import CollectionReader
from crawler.errors import SetupError
from crawler.playback.browser import check_installed, find_chromium
from crawler.playback.check import Checked, Manner, check_pages
from crawler.playback.replay import Settings, open_replay, start_own
from crawler.playback.sample import choose
from crawler.playback.told import Report
from crawler.terminal.progress import progress


def manner_of(settings: Settings, *, seconds: float, screenshots: str | None) -> Manner:
    """Find the browser, and make the folder of screenshots.

    Raises:
        SetupError: There is no such browser; Playwright is not installed; the folder cannot be made.
    """
    check_installed()
    folder = Path(screenshots).expanduser() if screenshots else None
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SetupError(f"--screenshots {folder}: {error.strerror or error}") from error
    return Manner(seconds=seconds, chromium=find_chromium(settings.get("ARCHIVE_CHROMIUM")), screenshots=folder)


def look_and_report(path: Path, settings: Settings, manner: Manner, *, story: str | None, most: int, least: float) -> Report:
    """Look at captures of a collection until all are done or a signal comes.

    Args:
        story: Its id: each of its versions is looked at, and no sample.
        most: Pages of a sample; 0 for all.
        least: Score that each page is to reach.
    Raises:
        SetupError: There is nothing to look at; pywb or the browser does not start.
    """
    checked, stopped = Checked(), False
    with CollectionReader(path) as reader:
        choice = choose(reader, story=story, most=most)
        if not choice.targets:
            unsealed = "its WARC is not sealed yet: wait for the end of the crawl, or `scrapy repair`"
            raise SetupError(f"{path.name}: no page to look at: {unsealed if choice.unsealed else 'none was captured'}")
        try:
            running = open_replay(settings, path.parent, start=False) or start_own(settings, path.parent)
            with running as replay, progress(len(choice.targets), "pages") as bar:
                check_pages(reader, replay, choice.targets, manner, checked, lambda one: bar.advance(note=one.target.url))
        except KeyboardInterrupt:
            stopped = True
    return Report(collection=path.name, checked=checked, choice=choice, least=least, stopped=stopped)
