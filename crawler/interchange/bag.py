"""BagIt bag (RFC 8493) of WARCs, index and a descriptive sheet in Dublin Core.

    data/archive/NAME.warc.gz      the WARCs as they are; of a part of a collection one written anew
    data/indexes/index.cdxj        their index
    data/index.db                  the index with stories, versions, captions (of a whole collection only)
    data/metadata/dublin-core.xml  what the collection is
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from attrs import frozen

from crawler import __version__, clock
from crawler.errors import SetupError
from crawler.history.atom import xml_text
from crawler.index.index import Index
from crawler.interchange.capture_index import cdxj_line
from crawler.interchange.output import DigestedOutput
from crawler.interchange.warc_parts import WarcPart, copy_all
from crawler.items import Capture
from crawler.subsets.outcome import Outcome, Tell
from crawler.subsets.selection import Selection
from crawler.subsets.sorted_lines import SortedLines
from crawler.subsets.warc_subset import WarcSubset
from crawler.warc.headers import write_timestamp

HOW_TO_INSTALL = "--bag needs bagit: python -m pip install 'news-archive-crawler[export]'"
ALGORITHMS = ["sha256", "sha512"]
_VERSION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_CAPTURES = "SELECT count(*), min(date), max(date), sum(length) FROM captures WHERE state = 'ok' AND {}"
_LANGUAGES = "SELECT DISTINCT language FROM stored_versions v WHERE language IS NOT NULL AND {} ORDER BY 1"
_HOSTS = "SELECT DISTINCT host FROM captures WHERE state = 'ok' AND {} ORDER BY 1"


@frozen(kw_only=True)
class Bagging:
    """Facts that a bag needs beside the selection."""

    collection: Path
    operator: str | None = None


def write_bag(folder: Path, index: Index, selection: Selection, outcome: Outcome, tell: Tell, *, bagging: Bagging) -> None:
    """Write a bag into an empty folder.

    Raises:
        SetupError: bagit is not installed.
    """
    try:
        import bagit
    except ImportError as error:
        raise SetupError(HOW_TO_INSTALL) from error
    for name in ("archive", "indexes", "metadata"):
        (folder / name).mkdir()
    with SortedLines(folder.parent) as lines:
        fill = _copy_all if selection.is_all else _write_part
        fill(folder, index, selection, outcome, tell, bagging, lines)
        with (folder / "indexes" / "index.cdxj").open("wb") as out:
            out.writelines(lines)
    if not outcome.counts["captures"]:
        return
    sheet = "".join(_sheet(index, selection, bagging, sorted((folder / "archive").iterdir())))
    (folder / "metadata" / "dublin-core.xml").write_text(sheet, "utf-8")
    about = {
        "Source-Organization": bagging.operator or "unknown", "External-Identifier": bagging.collection.name,
        "External-Description": f"Web archive {bagging.collection.name}: {selection.words}",
        "Internal-Sender-Description": f"{outcome.counts['captures']} captures; data/metadata/dublin-core.xml describes them",
    }  # fmt: skip
    bag = bagit.make_bag(str(folder), about, checksums=ALGORITHMS)
    # The library names an older version of the format, whose bags of this form are bags of 1.0 as well.
    (folder / "bagit.txt").write_text(_VERSION)
    bag.info["Bag-Software-Agent"] = f"news-archive-crawler/{__version__}, bagit.py"
    bag.save()


def _copy_all(
    folder: Path, index: Index, selection: Selection, outcome: Outcome, tell: Tell, bagging: Bagging, lines: SortedLines
) -> None:  # fmt: skip
    """Copy every WARC and the index."""

    @contextmanager
    def begin(part: WarcPart) -> Iterator[DigestedOutput]:
        with (folder / "archive" / part.name).open("wb") as out:
            yield DigestedOutput(out)

    copy_all(bagging.collection, index, selection, outcome, tell, lines, begin=begin)
    with closing(sqlite3.connect(folder / "index.db")) as target:
        index.conn.backup(target)


def _write_part(
    folder: Path, index: Index, selection: Selection, outcome: Outcome, tell: Tell, bagging: Bagging, lines: SortedLines
) -> None:  # fmt: skip
    """Write the selected captures as one WARC."""
    name = f"{bagging.collection.name}-{write_timestamp(clock.now())}-export.warc.gz"

    def written(number: int, capture: Capture) -> None:
        lines.add(cdxj_line(capture))

    with (folder / "archive" / name).open("wb") as out:
        WarcSubset(
            index=index, collection=bagging.collection, selection=selection, name=name, folder=folder.parent, outcome=outcome, tell=tell,
            written=written,
        ).write(out)  # fmt: skip


def _sheet(index: Index, selection: Selection, bagging: Bagging, warcs: list[Path]) -> Iterator[str]:
    """Lines of the descriptive sheet: elements of Dublin Core."""
    values = selection.values()
    (count, first, last, size), = index.conn.execute(_CAPTURES.format(selection.of_captures), values)
    elements = [
        ("dc:title", bagging.collection.name), ("dc:type", "Collection"), ("dc:identifier", bagging.collection.name),
        ("dc:description", f"Web archive of newspapers: {selection.words}. Captures are WARC records, found by indexes/index.cdxj."),
        ("dc:creator", bagging.operator or ""), ("dc:format", "application/warc"), ("dcterms:conformsTo", "WARC/1.1 (ISO 28500:2017)"),
        ("dcterms:extent", f"{count} captures"), ("dcterms:extent", f"{size or 0} bytes of records"),
        ("dcterms:temporal", f"start={first}; end={last}; scheme=W3C-DTF"), ("dcterms:created", f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"),
        *(("dc:language", row[0]) for row in index.conn.execute(_LANGUAGES.format(selection.of_versions), values)),
        *(("dc:source", row[0]) for row in index.conn.execute(_HOSTS.format(selection.of_captures), values)),
        *(("dcterms:hasPart", f"archive/{file.name}") for file in warcs),
    ]  # fmt: skip
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">\n'
    yield from (f"  <{name}>{xml_text(text)}</{name}>\n" for name, text in elements if text)
    yield "</metadata>\n"
