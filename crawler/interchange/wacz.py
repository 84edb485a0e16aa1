"""Write a WACZ (1.1.1): WARCs, their index, lists of pages, description and digest.

The whole collection is a copy of its WARCs as they are; a part of it is one WARC written anew.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from pathlib import Path
from typing import Any, BinaryIO, cast

from attrs import frozen

from crawler import __version__, clock
from crawler.index.index import Index
from crawler.interchange.capture_index import blocks, cdxj_line
from crawler.interchange.page_lists import PageLists, counted
from crawler.interchange.wacz_signature import SCHEME, SigningKey
from crawler.interchange.warc_parts import WarcPart, copy, parts
from crawler.interchange.zip_package import Package
from crawler.items import Capture
from crawler.subsets.outcome import LeftOut, Outcome, Tell
from crawler.subsets.row_numbers import RowNumbers
from crawler.subsets.selection import Selection
from crawler.subsets.sorted_lines import SortedLines
from crawler.subsets.warc_subset import WarcSubset
from crawler.warc.headers import write_timestamp

VERSION = "1.1.1"
INDEX, POINTERS = "index.cdx.gz", "index.idx"
_MEGABYTE = 1_000_000


@frozen(kw_only=True)
class WaczOptions:
    """Needs of a WACZ beside the selection."""

    collection: Path
    folder: Path
    """For lines that are sorted on disk."""
    key: SigningKey | None = None


def write_wacz(out: BinaryIO, index: Index, selection: Selection, outcome: Outcome, tell: Tell, *, options: WaczOptions) -> None:
    """Write a WACZ into a file that can be sought in."""
    package = Package(out)
    with SortedLines(options.folder) as lines:
        copied = _copy_warcs if selection.is_all else _write_subset
        held = copied(package, index, selection, outcome, tell, options, lines)
        pointers: list[bytes] = []
        package.add(f"indexes/{INDEX}", blocks(lines, INDEX, pointers), stored=True)
        package.add(f"indexes/{POINTERS}", pointers)
    outcome.counts["captures"] = len(held)
    lists = PageLists(index, selection, held)
    package.add("pages/pages.jsonl", counted(lists.stories(), lambda: outcome.counts.update(["pages"])))
    package.add("pages/extraPages.jsonl", counted(lists.others(), lambda: outcome.counts.update(["further pages"])))
    _describe(package, selection, lists.main_page(), outcome, options)
    package.close()


def _copy_warcs(
    package: Package, index: Index, selection: Selection, outcome: Outcome, tell: Tell, options: WaczOptions, lines: SortedLines
) -> RowNumbers:  # fmt: skip
    """Copy every WARC, and take the index of their captures; the row numbers of these."""
    outcome.left_out += selection.lost(index)
    found, missing = parts(options.collection, index)
    outcome.left_out += missing
    total, done = sum(part.size for part in found) or 1, 0
    for part in found:
        with package.entry(f"archive/{part.name}", size=part.size) as entry:
            for size in copy(part, cast(BinaryIO, entry)):
                done += size
                tell("MB", done // _MEGABYTE, done / total)
        _check(part, entry.sha256, outcome)
        outcome.counts["WARCs"] += 1
    gone = json.dumps([one.file for one in missing])
    ids = index.row_numbers(
        "SELECT id FROM captures WHERE state = 'ok' AND warc NOT IN (SELECT value FROM json_each(?)) ORDER BY id", [gone]
    )
    for capture in index.captures_at(ids):
        lines.add(cdxj_line(capture))
    return RowNumbers(ids)


def _write_subset(
    package: Package, index: Index, selection: Selection, outcome: Outcome, tell: Tell, options: WaczOptions, lines: SortedLines
) -> RowNumbers:  # fmt: skip
    """Write the selected captures as one new WARC; their row numbers."""
    name, held = f"{options.collection.name}-{write_timestamp(clock.now())}-export.warc.gz", array("q")

    def written(number: int, capture: Capture) -> None:
        held.append(number)
        lines.add(cdxj_line(capture))

    with package.entry(f"archive/{name}") as entry:
        WarcSubset(
            index=index, collection=options.collection, selection=selection, name=name, folder=options.folder, outcome=outcome, tell=tell,
            written=written,
        ).write(entry)  # fmt: skip
    return RowNumbers(held)


def _check(part: WarcPart, sha256: str, outcome: Outcome) -> None:
    if part.sha256 is not None and part.sha256 != sha256:
        told = f"the file has changed since it was sealed (SHA-256 {sha256}, not {part.sha256}): copied as it is"
        outcome.left_out.append(LeftOut(file=part.name, what=f"{told}; `scrapy verify` names what is damaged in it", damaged=True))


def _describe(
    package: Package, selection: Selection, main: tuple[str, str] | None, outcome: Outcome, options: WaczOptions
) -> None:
    """Write datapackage.json and its digest, signed if there is a key."""
    created, software = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}", f"news-archive-crawler/{__version__}"
    document: dict[str, Any] = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": options.collection.name,
        "description": f"Web archive of {options.collection.name}: {selection.words}.",
        "created": created,
        "modified": created,
        "software": software,
    }
    if main:
        document |= {"mainPageUrl": main[0], "mainPageDate": main[1]}
    data = json.dumps({**document, "resources": package.resources}, indent=2).encode()
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    proof: dict[str, Any] = {"path": "datapackage.json", "hash": digest}
    if options.key:
        proof["signedData"] = options.key.sign(digest, created=created, software=software)
        outcome.notes.append(f"signed: {SCHEME}; the public key stands in datapackage-digest.json")
    package.add_unlisted("datapackage.json", data)
    package.add_unlisted("datapackage-digest.json", json.dumps(proof, indent=2).encode())
