"""`scrapy verify COLLECTION|FILE ...`: check web archives, and collections with their index."""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from crawler.cli import JSON, ArchiveCommand, option
from crawler.collection.layout import is_collection
from crawler.errors import EXIT_COMPLETE, EXIT_DAMAGED, SetupError, Usage
from crawler.formatting import counted, one_line, size
from crawler.terminal.files import FileBars

if TYPE_CHECKING:
    from crawler.archive_files.verify import Fault, FileReport
    from crawler.processing.parse_again import Readers

_RATED_SECONDS = 1.0
"""Of a shorter check, most is the start of the program: it tells no rate."""
_FILE_NAMES = (".gz", ".warc", ".open", ".arc", ".zst", ".wacz")


class Command(ArchiveCommand):
    """Check WARC files, and collections with their index."""

    usage = "[options] COLLECTION|FILE ..."
    summary = "Check every record and digest of web archives (WARC, ARC, WACZ), and a collection's WARCs against its index"
    options = (
        JSON,
        option("--deep", action="store_true", help="read every capture again, not only a share, and compare each row of the index"),
        option("--strict", action="store_true", help="count unusual records of other programs as faults, not only damage"),
    )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Check and report; return 13 if there is a fault, else 0."""
        from crawler.maintenance.verify import verify_collection, verify_files

        began = time.monotonic()
        files, collections = self._named(args)
        if opts.deep and not collections:
            raise Usage("--deep compares an index with its WARCs: name a collection")
        with FileBars() as bars:
            reports = verify_files(files, bars.begin, strict=opts.strict)
            with closing(self._readers(deep=opts.deep)) as readers:
                for path in collections:
                    reports += verify_collection(path, bars.begin, strict=opts.strict, readers=readers, deep=opts.deep)
        if opts.json:
            print(json.dumps(_document(reports), ensure_ascii=True, indent=2))
        else:
            print(_told(reports, time.monotonic() - began))
        return EXIT_DAMAGED if any(report.faults for report in reports) else EXIT_COMPLETE

    def _readers(self, *, deep: bool) -> Readers:
        """Make the parsers: a share is read in this process, all on all cores."""
        from crawler.crawl.config import readers_of
        from crawler.workers.pool import InThisProcess

        assert self.settings is not None
        readers = readers_of(self.settings)
        return readers if deep else evolve(readers, workers=InThisProcess(evolve(readers.workers.limits, workers=0)))

    def _named(self, args: list[str]) -> tuple[list[Path], list[Path]]:
        """Split the arguments into files and collections."""
        files, collections = [], []
        for word in args:
            path = Path(word).expanduser()
            if path.is_file():
                files.append(path)
            elif path.exists() and not is_collection(path):
                raise SetupError(f"{word}: neither a file nor a collection (no index.db and no archive/ in it)")
            elif not path.exists() and word.lower().endswith(_FILE_NAMES):
                raise SetupError(f"{word}: no such file")
            else:
                collections.append(self.collection_path(word))
        return files, collections if args else [self.collection_path(None)]


def _told(reports: list[FileReport], seconds: float) -> str:
    tick, cross = ("✓", "✗") if (sys.stdout.encoding or "").lower().startswith("utf") else ("ok ", "BAD")
    lines = []
    for report in reports:
        lines.append(f"{cross if report.faults else tick} {report.path}  {report.records:,} records, {size(report.bytes)}")
        # A row of the index has no offset.
        where = "" if report.path.name == "index.db" else "offset {}: "
        lines += [f"    {where.format(fault.offset)}{fault.what}; {_advice(fault)}" for fault in report.faults]
        lines += [f"    note: {note}" for note in report.notes]
    faults, total = sum(len(report.faults) for report in reports), sum(report.bytes for report in reports)
    read = sum(report.bytes for report in reports if report.path.name != "index.db")
    rate = f", {size(int(read / seconds))} of WARC a second" if seconds >= _RATED_SECONDS else ""
    told = f"{counted(faults, 'fault')}" if faults else "no fault"
    lines.append(f"{counted(len(reports), 'file')}, {size(total)}, {told}; {seconds:.1f} s{rate}")
    return "\n".join(map(one_line, lines))


def _advice(fault: Fault) -> str:
    """Name the next step for a fault."""
    if fault.unusual:
        return "unusual, not damaged: nothing is lost, and a copy would say the same"
    if fault.path.name == "index.db" or "the index" in fault.what:
        return "`scrapy reindex` makes the index anew from the WARCs"
    if fault.path.suffix == ".open" and fault.path.parent.name == "archive":
        return "the next crawl of the collection, or `scrapy repair`, mends and seals it"
    if "no WARC" in fault.what:
        return "keep other files out of archive/, or name a web archive"
    if "a second time" in fault.what:
        return "both records are read all the same; if the maker of the file did not write it so, put back the file from a copy"
    return "put back this file from a copy, unless its maker wrote it so; what is readable of it stays readable"


def _document(reports: list[FileReport]) -> dict[str, object]:
    return {
        "ok": not any(report.faults for report in reports),
        "files": [
            {
                "path": str(report.path),
                "members": report.members,
                "records": report.records,
                "bytes": report.bytes,
                "faults": [{"offset": f.offset, "length": f.length, "what": f.what, "advice": _advice(f)} for f in report.faults],
                "notes": report.notes,
            }
            for report in reports
        ],
    }
