"""Write a WACZ (1.1.1): WARCs, their index, lists of pages, description and digest.

The whole collection is a copy of its WARCs as they are; a part of it is one WARC written anew.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from pathlib import Path
from typing import Any, BinaryIO

from attrs import frozen

from crawler import __version__, clock
from crawler.index.index import Index
from crawler.interchange.capture_index import blocks, cdxj_line
from crawler.interchange.page_lists import PageLists, counted
from crawler.interchange.wacz_signature import SCHEME, SigningKey
from crawler.interchange.warc_parts import copy_all
from crawler.interchange.zip_package import Package
from crawler.items import Capture
from crawler.subsets.outcome import Outcome, Tell
from crawler.subsets.row_numbers import RowNumbers
from crawler.subsets.selection import Selection
from crawler.subsets.sorted_lines import SortedLines
from crawler.subsets.warc_subset import WarcSubset
from crawler.warc.headers import write_timestamp

VERSION = "1.1.1"
INDEX, POINTERS = "index.cdx.gz", "index.idx"


@frozen(kw_only=True)
class WaczOptions:
    """Needs of a WACZ beside the selection."""

    collection: Path
    folder: Path
    """For lines that are sorted on disk."""
    key: SigningKey | None = None


def write_wacz(out: BinaryIO, index: Index, selection: Selection, outcome: Outcome, tell: Tell, *, options: WaczOptions) -> None:
    """Write a WACZ into a file that can be sought in."""
    with Package(out) as package:
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


def _copy_warcs(
    package: Package, index: Index, selection: Selection, outcome: Outcome, tell: Tell, options: WaczOptions, lines: SortedLines
) -> RowNumbers:  # fmt: skip
    """Copy every WARC, and take the index of their captures; the row numbers of these."""
    return copy_all(
        options.collection, index, selection, outcome, tell, lines, begin=lambda part: package.entry(f"archive/{part.name}", size=part.size)
    )


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
