"""Exports made in this process, and what is in them."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

from crawler.index.index import Index
from crawler.interchange.export import Asked, export
from crawler.subsets.outcome import Outcome
from crawler.subsets.selection import select


def exported(collection: Path, name: str, place: Path, *, stories: list[str] | None = None, since: Any = None, until: Any = None, **more: Any) -> Outcome:
    """Export as the command does."""
    with Index.open(collection / "index.db", readonly=True) as index, index.snapshot():
        selection = select(index, stories=stories, since=since, until=until)
        return export(Asked(collection=collection, format=name, place=str(place), selection=selection, force=True, **more), index)


def cdxj_of(file: Path) -> list[tuple[str, dict[str, str]]]:
    """The lines of a WACZ's index: key with date, and values."""
    with zipfile.ZipFile(file) as package:
        text = gzip.decompress(package.read("indexes/index.cdx.gz")).decode()
    pairs = (line.split(" {", 1) for line in text.splitlines())
    return [(key, json.loads("{" + values)) for key, values in pairs]


def lines_of(file: Path, name: str) -> list[dict[str, Any]]:
    """A list of pages of a WACZ."""
    with zipfile.ZipFile(file) as package:
        return [json.loads(line) for line in package.read(name).decode().splitlines()]
