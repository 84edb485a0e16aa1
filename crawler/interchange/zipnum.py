"""The CDXJ of several collections, merged into one ZipNum, with the places of their WARCs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from crawler import __version__, clock
from crawler.errors import NothingSelected
from crawler.index.index import Index
from crawler.interchange.capture_index import cdxj_line
from crawler.interchange.output import output_folder
from crawler.subsets.outcome import LeftOut, Outcome, Tell, tell_nobody
from crawler.subsets.selection import Selection
from crawler.subsets.sorted_lines import SortedLines
from crawler.zipnum.blocks import write_zipnum
from crawler.zipnum.lines import lines_of, paths_of

PATHS = "warcs.paths"
"""In the folder: name and place of each WARC by a tab, as pywb's `archive_paths` takes it."""
_TOLD = 10_000


def export_zipnum(
    collections: Sequence[tuple[Path, Index]], place: str, selection: Selection, *, force: bool = False, tell: Tell = tell_nobody
) -> Outcome:  # fmt: skip
    """Write a ZipNum of the captures of collections, whole or not at all.

    Memory does not grow with the captures: lines are sorted on disk, beside the folder.

    Args:
        collections: Path and index of each, in a snapshot of one moment.
        selection: Of dates, or all.
    Raises:
        SetupError, WriteFailed: From the output.
    """
    outcome = Outcome()
    with output_folder(place, force=force) as folder:
        with SortedLines(folder.parent) as lines:
            for path, index in collections:
                outcome.left_out += selection.lost(index)
                for n, line in enumerate(_lines(path, index, selection), 1):
                    lines.add(line)
                    if n % _TOLD == 0:
                        tell("captures", n, 0.5)
            written = write_zipnum(folder, lines)
        if not written.lines:
            raise NothingSelected(f"nothing selected: no capture for {selection.words}; no folder was made")
        outcome.counts["captures"] = written.lines
        outcome.counts["blocks"] = written.blocks
        _write_paths(folder / PATHS, collections, outcome)
        about = {
            "software": f"news-archive-crawler/{__version__}", "created": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
            "collections": [path.name for path, _ in collections], "selection": selection.words, "captures": written.lines,
            "blocks": written.blocks, "bytes": written.bytes,
        }  # fmt: skip
        (folder / "export.json").write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return outcome


def _lines(path: Path, index: Index, selection: Selection) -> Iterator[bytes]:
    if selection.is_all:
        return lines_of(index, path)
    return map(cdxj_line, index.captures_at(selection.captures(index, order="id")))


def _write_paths(file: Path, collections: Sequence[tuple[Path, Index]], outcome: Outcome) -> None:
    """Write where each WARC lies; a name that stands for two files is told."""
    found: dict[str, str] = {}
    for path, index in collections:
        for name, where in paths_of(index, path):
            if found.setdefault(name, where) != where:
                outcome.left_out.append(LeftOut(file=name, what=f"two WARCs have this name; captures are looked for in {found[name]} only"))
    # Surrogates: names of files are bytes.
    lines = (f"{name}\t{where}\n".encode(errors="surrogateescape") for name, where in found.items())
    with SortedLines(file.parent) as all_lines, file.open("wb") as out:
        for line in lines:
            all_lines.add(line)
        out.writelines(all_lines)

