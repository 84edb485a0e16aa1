"""Result of `scrapy verify`, for people and programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from crawler.formatting import counted, one_line, size

if TYPE_CHECKING:
    from crawler.archive_files.verify import Fault, FileReport

_RATED_SECONDS = 1.0
"""Of a shorter check, most is the start of the program: it tells no rate."""


def verify_told(reports: list[FileReport], seconds: float) -> str:
    """Write the result for people: a line a file, its faults, and what to do."""
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
    told = f"{counted(faults, 'fault')}" if faults else "no faults"
    lines.append(f"{counted(len(reports), 'file')}, {size(total)}, {told}; {seconds:.1f} s{rate}")
    return "\n".join(map(one_line, lines))


def _advice(fault: Fault) -> str:
    """Name the next step for a fault."""
    if fault.unusual:
        return "unusual, not damaged: nothing is lost, and a copy would say the same"
    from crawler.proofs.chain import FOLDER
    from crawler.proofs.manifest import MANIFEST

    if fault.what.startswith((MANIFEST, f"{FOLDER}/")):
        return "a file of the archive or of its proofs was changed: compare both with a copy (docs/proofs.md)"
    if fault.path.name == "index.db" or "the index" in fault.what:
        return "`scrapy reindex` makes the index anew from the WARCs"
    if fault.path.suffix == ".open" and fault.path.parent.name == "archive":
        return "the next crawl of the collection, or `scrapy repair`, mends and seals it"
    if "no WARC" in fault.what:
        return "keep other files out of archive/, or name a web archive"
    if "a second time" in fault.what:
        return "both records are read all the same; if the maker of the file did not write it so, put back the file from a copy"
    return "put back this file from a copy, unless its maker wrote it so; what is readable of it stays readable"


def document_of(reports: list[FileReport]) -> dict[str, object]:
    """Make the document for programs."""
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
