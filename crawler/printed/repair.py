"""Damage and recovery of a collection, as `scrapy repair` prints them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crawler.collection.layout import warc_files
from crawler.errors import SetupError
from crawler.formatting import counted, size

if TYPE_CHECKING:
    from crawler.collection.open_files import Recovered
    from crawler.index.index import Index


def problem_of_index(index: Path) -> str | None:
    """Describe the damage of an index; None if it is sound."""
    from crawler.index.index import Index

    if not index.exists():
        return "is missing"
    try:
        with Index.open(index) as opened:
            return next((f"is damaged: {problem}" for problem in opened.integrity()), None)
    except SetupError as error:
        if "cannot be read as an index" not in str(error):
            raise
        return "cannot be read"


def recovered_told(file: Recovered, path: Path) -> str:
    """Tell in a line how an open WARC was recovered."""
    if file.path is None:
        return f"{file.name}: held no whole record; moved to the quarantine ({size(file.cut)})"
    captures = sum(entry.capture is not None for entry in file.entries)
    cut = f", {size(file.cut)} of torn tail kept as {file.part.relative_to(path)}" if file.part else ""
    return f"{file.name}: sealed, {counted(captures, 'capture')} behind the last committed one{cut}"


def missing_files(index: Index, path: Path) -> list[str]:
    """Tell of WARCs that rows refer to and that are not there, a line each."""
    there = {file.name for file in warc_files(path)}
    rows = index.query("SELECT warc, count(*) AS n FROM captures WHERE state = 'ok' GROUP BY warc")
    absent = [(counted(row["n"], "capture lies", "captures lie"), row["warc"]) for row in rows if row["warc"] not in there]
    return [f"{lying} in {name}, which is not there: put it back" for lying, name in absent]
