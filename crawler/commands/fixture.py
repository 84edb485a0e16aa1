"""`scrapy fixture`: write a page as a small WARC and the JSON read from it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar

from crawler import clock
from crawler.cli import SpiderCommand, option
from crawler.cli.given import bytes_of
from crawler.collection.layout import find_warc
from crawler.errors import EXIT_COMPLETE, EXIT_SIGNAL, EXIT_WRITE_FAILED, NotFetched, SetupError, Unreadable, Usage, WriteFailed
from crawler.urls import host_of, problem_of

if TYPE_CHECKING:
    from crawler.sites import Shelved


class Command(SpiderCommand):
    """Make a fixture."""

    usage = "URL|FILE [--url URL] [--date DATE] [--name NAME] [--overwrite]"
    summary = "Make a fixture for a site file: a page in a small WARC and the JSON read from it, for you to review"
    options = (
        option("--url", metavar="URL", help="of a FILE that is a page: the address it was saved from"),
        option("--date", metavar="DATE", help="of a FILE that is a page: when it was saved (default: now)"),
        option("--name", metavar="NAME", help="the fixture's name (default: NUMBER-TEMPLATE)"),
        option("--overwrite", action="store_true", help="replace a fixture of that name"),
    )
    own_settings: ClassVar = {
        "ARCHIVE_MIN_FREE_BYTES": 16 * 2**20, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_RETRY_DELAY": 1.0, "LOG_LEVEL": "WARNING",
    }  # fmt: skip

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse options that contradict each other, and addresses of no site."""
        if len(args) != 1:
            raise Usage("name one address of a story, or one file with its page")
        if opts.name is not None and (opts.name != Path(opts.name).name or opts.name.startswith(".") or not opts.name):
            raise Usage(f"--name: {opts.name!r} is no plain file name")
        if "://" in args[0] and (opts.url or opts.date):
            raise Usage("--url and --date belong to a FILE; an address says itself where and when")
        if opts.date:
            _date(opts.date)
        for url in filter(None, [opts.url, args[0] if "://" in args[0] else None]):
            self.site_of(url)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Read the page, write both files, print the fields to be reviewed."""
        from crawler.parsers.json import as_json
        from crawler.printed.fixture import print_fixture
        from crawler.testing.excerpt import page_of
        from crawler.testing.fixtures import Fixture, expected_before, read_page, written

        (source,) = args
        records = self.fetched(source) if "://" in source else self.given(source, opts)
        with TemporaryDirectory(prefix="fixture-") as folder:
            draft = Path(folder) / "page.warc"
            draft.write_bytes(records)
            shelved = self.site_of(page_of(draft).target_uri)
            try:
                article = read_page(shelved.site, draft)
            except Unreadable as error:
                raise NotFetched(f"{error}; nothing was written") from error
        known = Path(source).stem if Path(source).absolute().parent == shelved.fixtures.absolute() else None
        number = (article.story or "").rpartition("/")[2]
        fixture = Fixture(site=shelved.site, folder=shelved.fixtures, name=opts.name or known or f"{number}-{article.template}")
        before, answer = expected_before(fixture, overwrite=opts.overwrite), as_json(article)
        try:
            fixture.folder.mkdir(parents=True, exist_ok=True)
            fixture.warc.write_bytes(records)
            fixture.json.write_text(written(answer), encoding="utf-8")
        except OSError as error:
            raise SetupError(f"{fixture.folder}: cannot write there: {error.strerror or error}") from error
        print_fixture(fixture, answer, before)
        return EXIT_COMPLETE

    def site_of(self, url: str) -> Shelved:
        """Find the site that an address is a story of.

        Raises:
            Usage: There is none.
        """
        from crawler.sites import shelf

        assert self.settings is not None
        if problem := problem_of(url):
            raise Usage(f"{url!r}: {problem}")
        sites = shelf([str(folder) for folder in self.settings.getlist("ARCHIVE_SITES")])
        found = next((shelved for shelved in sites.values() if shelved.site.owns(url)), None)
        if found is None:
            raise Usage(f"{host_of(url)} is a host of no site; there are: {', '.join(sites)}. Write its file first: docs/add-a-site.md")
        if found.site.story_id(url) is None:
            raise Usage(f"{url} is no story of {found.site.name}: none of its patterns `stories` fits")
        return found

    # -- where the page comes from

    @staticmethod
    def given(name: str, opts: argparse.Namespace) -> bytes:
        """Make records of a file: HTML, or a fixture's WARC to be read anew."""
        from crawler.testing.excerpt import resource

        data = bytes_of(name)
        if data.startswith(b"WARC/"):
            if opts.url or opts.date:
                raise Usage(f"{name} is a WARC and says itself where and when: give neither --url nor --date")
            return data
        if not opts.url:
            raise Usage(f"{name} is a page: say by --url which story it is of")
        return resource(opts.url, _date(opts.date) if opts.date else clock.now(), data)

    def fetched(self, url: str) -> bytes:
        """Crawl one page, with robots.txt, address guard and limits; return its records.

        Raises:
            NotFetched: It did not come, or is not the story.
        """
        from crawler.frontier_reads.queries import last_story_failure
        from crawler.index.index import Index
        from crawler.spiders.crawling import crawl, spider_of
        from crawler.testing.excerpt import exchange

        assert self.settings is not None
        assert self.crawler_process is not None
        site = self.site_of(url).site
        with TemporaryDirectory(prefix="fixture-") as folder:
            path = Path(folder) / site.name
            arguments = {"url": url, "mirrors": host_of(url), "requisites": "none"}
            report = crawl(self.crawler_process, spider_of(self.settings, site.name), arguments, path)
            with Index.open(path / "index.db", readonly=True) as index:
                found = list(index.captures(role="story", status=200, read_state="read"))
                why = ": ".join(filter(None, last_story_failure(index.query)))
            if found:
                return exchange(find_warc(path, found[-1].warc), found[-1].record_id)
        if report.exit_code == EXIT_SIGNAL:
            raise KeyboardInterrupt
        if report.exit_code == EXIT_WRITE_FAILED:
            raise WriteFailed(path, OSError(report.reason))
        raise NotFetched(f"{url}: {why or report.reason}; nothing was written")


def _date(text: str) -> datetime:
    """Parse the value of --date; UTC where it names no zone."""
    try:
        date = datetime.fromisoformat(text)
    except ValueError as error:
        raise Usage(f"--date: {text!r} is no date; write it as 2026-11-24 or 2026-11-24T20:15:00+00:00") from error
    return date if date.tzinfo else date.replace(tzinfo=UTC)
