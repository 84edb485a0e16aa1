"""The demo's collection, as `scrapy demo` shows it, and the commands to try next."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from crawler.formatting import table
from crawler.terminal.program import program


def show(path: Path, named: str | None) -> None:
    """Print fixity, a search, divergences and the next commands.

    Args:
        named: The directory as the user named it.
    """
    _show_fixity(path)
    _show_index(path)
    _show_divergences(path)
    _show_next(path, named)


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
