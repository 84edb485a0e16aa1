"""`scrapy export COLLECTION --FORMAT FILE`: a collection, or a part of it, for other programs and people."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import JSON, ArchiveCommand, option
from crawler.errors import Usage
from crawler.interchange.told import FORMATS, told
from crawler.printed.stories import find_story
from crawler.terminal.moments import moment_of

if TYPE_CHECKING:
    from crawler.index.index import Index
    from crawler.interchange.export import Asked
    from crawler.subsets.selection import Selection


NAMES = tuple(name.replace("-", "_") for name in FORMATS)


class Command(ArchiveCommand):
    """Export a collection."""

    usage = "[COLLECTION ...] --FORMAT FILE [--story STORY] [--query TEXT] [--since DATE] [--until DATE]"
    summary = "Export a collection, or some of its stories, for other programs"
    details = (
        "Export a collection, or a part of it, into FILE (- for standard output, where the format is a stream). FILE gets its name when it"
        " is whole. Exit code 10: something is missing, or nothing was selected; 13: something is damaged; both are named."
        " There is no command for the other way: `scrapy crawl replay -a warcs=FILE -a collection=NAME` reads WARC and WACZ files."
    )
    options = (
        *(option(f"--{name}", action="store_true", help=summary) for name, summary in FORMATS.items()),
        option("--story", metavar="STORY", action="append", help="only this story: id, number or address; may be given several times"),
        option("--query", metavar="TEXT", help="only stories that `scrapy search TEXT` finds"),
        option("--since", metavar="DATE", help="only what was captured at DATE or later (UTC)"),
        option("--until", metavar="DATE", help="only what was captured before DATE (UTC), or on the day where it is one"),
        option("--bom", action="store_true", help="of --csv: begin with a byte order mark, by which Excel knows UTF-8"),
        option("--force", action="store_true", help="replace FILE if it is there"),
        JSON,
    )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse formats, places and dates that mean nothing."""
        asked = [name for name in NAMES if getattr(opts, name)]
        if len(asked) != 1:
            raise Usage(f"name one format: {', '.join('--' + name.replace('_', '-') for name in NAMES)}")
        _check_collections(args, opts)
        if opts.bom and not opts.csv:
            raise Usage("--bom: goes with --csv")
        if opts.json and args[-1] == "-":
            raise Usage("--json: standard output holds the export itself; name a file")
        for name in ("since", "until"):
            if getattr(opts, name):
                moment_of(getattr(opts, name), option=f"--{name}")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Select and export."""
        from crawler.interchange.export import check_format, export
        from crawler.interchange.zipnum import export_zipnum
        from crawler.printed.read_index import read_index
        from crawler.terminal.progress import Steps

        self.check(args, opts)
        name = next(name for name in NAMES if getattr(opts, name)).replace("_", "-")
        paths = [self.collection_path(word) for word in args[:-1]] or [self.collection_path(None)]
        check_format(name, args[-1], force=opts.force)
        line = Steps()
        with ExitStack() as stack:
            stack.callback(line.close)
            indexes = [stack.enter_context(read_index(path)) for path in paths]
            for index in indexes:
                stack.enter_context(index.snapshot())
            selection = self._selection(indexes[0], paths[0], opts)
            if opts.zipnum:
                outcome = export_zipnum([*zip(paths, indexes, strict=True)], args[-1], selection, force=opts.force, tell=line.tell)
            else:
                outcome = export(self._asked(paths[0], name, selection, args[-1], opts), indexes[0], line.tell)
        if opts.json:
            document = {"file": args[-1], "format": name, "selection": selection.words, **outcome.document()}
            print(json.dumps(document, ensure_ascii=True, indent=2))
        else:
            print(told(outcome, args[-1]), file=sys.stderr if args[-1] == "-" else sys.stdout)
        return outcome.exit_code

    def _asked(self, path: Path, name: str, selection: Selection, place: str, opts: argparse.Namespace) -> Asked:
        from crawler.interchange.citing import Citing, citing_of
        from crawler.interchange.export import Asked

        assert self.settings is not None
        key = self.settings.get("ARCHIVE_WACZ_KEY")
        citing = citing_of(self.settings) if name in ("atom", "ris", "csl-json", "bag") else Citing()
        key_file = Path(key).expanduser() if key else None
        return Asked(
            collection=path, format=name, place=place, selection=selection, force=opts.force, bom=opts.bom, key_file=key_file,
            citing=citing,
        )  # fmt: skip

    def _selection(self, index: Index, path: Path, opts: argparse.Namespace) -> Selection:
        from crawler.subsets.selection import select

        assert self.settings is not None
        folders = list(map(str, self.settings.getlist("ARCHIVE_SITES")))
        return select(
            index,
            stories=[_story(index, words, path.name, folders) for words in opts.story] if opts.story else None,
            query=opts.query,
            since=moment_of(opts.since) if opts.since else None,
            until=moment_of(opts.until, option="--until", ended=True) if opts.until else None,
        )


def _check_collections(args: list[str], opts: argparse.Namespace) -> None:
    """Refuse several collections in a file that is of one."""
    if not args or (len(args) > 2 and not opts.zipnum):
        raise Usage("name a collection, if there are several, and the file to write")
    if opts.zipnum and (opts.story or opts.query):
        raise Usage("--zipnum: takes all stories; leave out --story and --query")


def _story(index: Index, words: str, collection: str, folders: list[str]) -> str:
    """Find the id of a story, by its captures alone if none was read."""
    if index.query("SELECT 1 FROM captures WHERE story_id = ? LIMIT 1", [words]):
        return words
    return find_story(index, words, collection=collection, folders=folders).id
