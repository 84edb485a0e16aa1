"""Find the page that a word on the command line names, for `shell` and `parse`."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from crawler.cli import COLLECTION, Option, SpiderCommand, option
from crawler.errors import EXIT_SIGNAL, NotFetched, SetupError, Usage
from crawler.urls import problem_of

if TYPE_CHECKING:
    from crawler.testing.site_page import SitePage

OPTIONS: Final[tuple[Option, ...]] = (
    COLLECTION,
    option("--url", metavar="URL", default="", help="of a FILE: the address it was saved from"),
    option("--net", action="store_true", help="ask for it now, though a collection may hold it"),
)
DETAILS: Final = (
    "PAGE is a file, with --url; or, of a collection (-c, else the only one), a story (presstv/459588 or its number), an address or a"
    " record id that it holds, of which the newest capture is taken, or a row of table `captures` (`#12`). An address that no collection"
    " holds, or --net, is asked for now, with robots.txt, limits and the address guard, and recorded into a scratch collection that is"
    " gone afterwards."
)
SETTINGS: Final = {
    "ARCHIVE_MIN_FREE_BYTES": 16 * 2**20, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_RETRY_DELAY": 1.0, "LOG_LEVEL": "WARNING",
}  # fmt: skip


def check_one_page(args: list[str], opts: argparse.Namespace) -> None:
    """Refuse anything but one page."""
    if len(args) != 1:
        raise Usage("name one page: a file, a story, or an address")
    if opts.net and (problem := problem_of(args[0])):
        raise Usage(f"{args[0]!r}: {problem}")


def look(command: SpiderCommand, words: str, opts: argparse.Namespace) -> SitePage:
    """Find a page, and read it.

    Raises:
        SetupError: There is none.
        NotFetched: It did not come.
    """
    from crawler.cli.given import bytes_of
    from crawler.testing.site_page import site_page

    if Path(words).is_file() or words == "-":
        return site_page(bytes_of(words), opts.url, source=words, folders=_folders(command))
    missing: SetupError | None = None
    if not opts.net:
        try:
            return _archived(command, words, opts)
        except SetupError as error:
            missing = error
    if missing is not None and (opts.collection or "://" not in words):
        raise missing
    return _fetched(command, words)


def _folders(command: SpiderCommand) -> list[str]:
    assert command.settings is not None
    return list(map(str, command.settings.getlist("ARCHIVE_SITES")))


def _archived(command: SpiderCommand, words: str, opts: argparse.Namespace) -> SitePage:
    """Read the newest capture that words name."""
    from crawler.printed.read_index import read_index
    from crawler.printed.stories import find_story
    from crawler.testing.site_page import newest_capture, page_of_capture

    path = command.collection_path(opts.collection)
    with read_index(path) as index, index.snapshot():
        capture = newest_capture(index, words, ())
        if capture is None:
            story = find_story(index, words, collection=path.name, folders=_folders(command))
            capture = newest_capture(index, words, [story.id])
        if capture is None:
            raise SetupError(f"{words}: no capture of it in {path.name}")
        return page_of_capture(index, path, capture, folders=_folders(command))


def _fetched(command: SpiderCommand, url: str) -> SitePage:
    """Crawl one page into a scratch collection."""
    from crawler.index.index import Index
    from crawler.spiders.crawling import crawl, spider_of
    from crawler.testing.site_page import page_of_capture

    assert command.settings is not None
    assert command.crawler_process is not None
    with TemporaryDirectory(prefix="page-") as folder:
        path = Path(folder) / "scratch"
        arguments = {"seeds": url, "scope": "page", "requisites": "none", "read": "later"}
        report = crawl(command.crawler_process, spider_of(command.settings, "web"), arguments, path)
        if report.exit_code == EXIT_SIGNAL:
            raise KeyboardInterrupt
        with Index.open(path / "index.db", readonly=True) as index:
            found = [one for one in index.captures() if one.target.role not in ("robots", "requisite")]
            if not found:
                why = "; ".join(report.stats["failed_urls"]) or report.reason
                raise NotFetched(f"{url}: {why}")
            page = page_of_capture(index, path, found[-1], folders=_folders(command))
    page.source = f"asked for now, status {found[-1].status}; not kept: `scrapy crawl web -a seeds=URL -a scope=page` keeps it"
    return page
