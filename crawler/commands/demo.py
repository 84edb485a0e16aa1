"""`scrapy demo`: crawl an embedded newspaper with four mirrors on loopback; no internet."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from scrapy.commands import BaseRunSpiderCommand

from crawler.cli import METRICS, REPORT_JSON, SpiderCommand, option
from crawler.collection.layout import is_collection
from crawler.errors import SetupError, Usage
from crawler.formatting import table
from crawler.terminal.program import program

if TYPE_CHECKING:
    from crawler.demo.newspaper import Newspaper

_SITES = Path(__file__).parents[1] / "demo" / "sites"
"""As `demo.newspaper` has it, which is imported when the demo is run."""


class Command(SpiderCommand, BaseRunSpiderCommand):
    """Crawl the embedded newspaper, verify its WARCs, query its index."""

    usage = "[--dir DIR] [--keep]"
    summary = "Crawl an embedded newspaper with four mirrors on loopback, verify it and query it; needs no internet"
    options = (
        option("--dir", metavar="DIR", help="where the collection goes (default: `demo` under ARCHIVE_DIR)"),
        option("--keep", action="store_true", help="crawl the collection of an earlier demo again, incrementally"),
        REPORT_JSON,
        METRICS,
    )
    own_settings: ClassVar = {
        "ARCHIVE_SITES": [str(_SITES)], "DOWNLOAD_DELAY": 0.05, "ARCHIVE_MIN_FREE_BYTES": 64 * 2**20, "ARCHIVE_RESERVE_BYTES": 2**20,
        "ARCHIVE_RETRY_DELAY": 0.2, "ARCHIVE_DELAY_FACTOR": 1.0, "ARCHIVE_IDLE_TIMEOUT": 5.0, "LOG_LEVEL": "WARNING",
        "ARCHIVE_MEMENTO_DELAY": 0.05, "ARCHIVE_COMPARE_SHARE": 1.0, "ARCHIVE_COMPARE_PER_RUN": 100,
    }  # fmt: skip

    def sites(self, args: list[str]) -> list[str]:
        """The site of the newspaper."""
        return ["courier"]

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse arguments of other commands."""
        if args:
            raise Usage("demo takes no argument; name a directory with --dir")
        if opts.spargs:
            raise Usage("demo takes no spider argument; `scrapy crawl SITE -a NAME=VALUE` does")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Crawl, verify and search; print the commands to try next."""
        from crawler.demo.newspaper import start
        from crawler.spiders.crawling import SiteCrawl, crawl_and_report, spider_of

        assert self.settings is not None
        assert self.crawler_process is not None
        assert self.outputs is not None
        path = Path(opts.dir).expanduser().absolute() if opts.dir else self.archive_dir() / "demo"
        _clear(path, keep=opts.keep)
        with start(edition=2 if opts.keep else 1) as newspaper:
            _introduce(newspaper, path)
            self.settings.set("ARCHIVE_CONNECT_TO", newspaper.connect_to, priority="cmdline")
            self.settings.set("ARCHIVE_MEMENTO_ENDPOINTS", newspaper.archives, priority="cmdline")
            arguments = {"backfill": "sitemap,sections", "from_archives": "yes"} | ({"recheck": "yes"} if opts.keep else {})
            spider = spider_of(self.settings, "courier")
            wanted = [SiteCrawl(spider=spider, texts=arguments, path=path)]
            code = crawl_and_report(self.crawler_process, wanted, self.outputs)
        _show_fixity(path)
        _show_index(path)
        _show_divergences(path)
        _show_next(path, opts.dir)
        return code


def _clear(path: Path, *, keep: bool) -> None:
    """Remove an earlier demo; refuse a directory that holds anything else."""
    if keep or not path.exists() or not any(path.iterdir()):
        return
    if not is_collection(path):
        raise SetupError(f"{path} is not empty and is no collection: name another directory with --dir")
    shutil.rmtree(path)


def _introduce(newspaper: Newspaper, path: Path) -> None:
    """Print the newspaper's hosts and their state."""
    what = f"a newspaper of {newspaper.stories} stories, four mirrors and a French edition on this machine"
    print(f"The Harbour Courier, {what}, goes into {path}\n")
    french = [(host, about) for host, about in newspaper.hosts.items() if host.startswith(("fr.", "archive."))]
    print(table([*((mirror["host"], mirror["about"]) for mirror in newspaper.mirrors), *french]), end="\n\n", flush=True)


def _show_fixity(path: Path) -> None:
    """Print one line for each WARC file: records and first fault."""
    from crawler.archive_files.verify import verify_file

    print("\nVerify: every gzip member, every digest")
    for file in sorted((path / "archive").glob("*.warc.gz")):
        report = verify_file(file)
        print(f"  {file.name}: {report.records} records, {'no fault' if not report.faults else report.faults[0].what}")


def _show_index(path: Path) -> None:
    """Print a search, and credits beside captions."""
    from crawler.index.index import Index
    from crawler.search.answers import search

    with Index.open(path / "index.db", readonly=True) as index:
        print('\nSearch: "harbour"')
        hits = search(index, "harbour", limit=3)
        print(table([((hit.published or "")[:10], hit.story_id, hit.headline or "") for hit in hits]))
        print("\nCredits as printed, what the picture's file says of its maker (IPTC, XMP), and captions; from the SQLite index")
        sql = "SELECT credit, file_byline, caption FROM images WHERE credit IS NOT NULL ORDER BY length(caption) DESC LIMIT 5"
        print(table([(row[0], f"[{row[1] or '-'}]", row[2] or "") for row in index.query(sql)]))


def _show_divergences(path: Path) -> None:
    """Print where two mirrors disagree."""
    from crawler.index.index import Index

    sql = "SELECT story_id, host, kind, fields FROM divergences WHERE ended IS NULL ORDER BY story_id, host"
    with Index.open(path / "index.db", readonly=True) as index:
        rows = [(row[0], row[1], row[2], ", ".join(json.loads(row[3]))) for row in index.query(sql)]
    if rows:
        print("\nMirrors that disagree: asked for the same story at the same time")
        print(table(rows))


def _show_next(path: Path, named: str | None) -> None:
    """Print the commands to try next."""
    where = str(path) if named else "demo"
    tools = Path(sys.argv[0]).parent if "/" in sys.argv[0] and not sys.argv[0].endswith(".py") else Path()
    scrapy, database = tools / program(), os.path.relpath(path / "index.db")
    print("\nNext, type")
    print(table([
        (f"{scrapy} demo --keep" + (f" --dir {named}" if named else ""), "a day later: what changed is fetched, the rest is not"),
        (f"{scrapy} versions courier/1017 -c {where} --diff", "after that: what the story said, and what it says now"),
        (f"{scrapy} versions courier/1022 -c {where} --mirrors", "what each mirror said, and where they disagree"),
        (f"{scrapy} versions courier/1003 -c {where}", "a story that no mirror has any more, out of a web archive"),
        (f"{scrapy} search 'harbour' -c {where}", "full text, captions and credits too"),
        (f"{scrapy} stats {where}", "what the collection holds"),
        (f"{scrapy} verify {where}", "fixity, WARC against index both ways"),
        (f"{_beside(tools, 'sqlite-utils')} {database} 'select * from captions limit 3'", "any SQL"),
    ]))  # fmt: skip


def _beside(tools: Path, name: str) -> Path:
    """Find a program of our environment: an entry point may be a link elsewhere."""
    return tools / name if (tools / name).exists() or tools == Path() else Path(sys.executable).parent / name
