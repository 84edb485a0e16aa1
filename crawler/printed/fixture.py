"""A fixture as text for its reviewer."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import crawler
from crawler.formatting import one_line, size, table

if TYPE_CHECKING:
    from crawler.testing.fixtures import Fixture


def print_fixture(fixture: Fixture, answer: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
    """Print the fields to be reviewed, those that changed, and the commands to type next."""
    absent = [field for field, value in answer.items() if value in (None, [], {})]
    print(f"{answer['story']}, read by template {answer['template']}\n")
    print(table([(os.path.relpath(path), size(path.stat().st_size)) for path in (fixture.warc, fixture.json)]))
    print("\nLook at it beside the page in a browser, field by field:\n")
    print(table([(field, field_shown(value)) for field, value in answer.items() if field not in absent]))
    if absent:
        print(f"\nNot found: {', '.join(absent)}")
    if before is not None:
        changed = [field for field in answer if answer[field] != before.get(field)]
        print(f"\nChanged since it was last agreed to: {', '.join(changed) or 'nothing'}")
    print("\nWhat is wrong is a fault of the site file: correct it and read the page anew. What is right stays under test:")
    print(f"  scrapy fixture {os.path.relpath(fixture.warc)} --overwrite")
    own = fixture.folder.parent.parent
    where = "" if own.is_relative_to(Path(crawler.__file__).parent) else f"ARCHIVE_SITES={own} "
    print(f"  {where}pytest tests/sites/test_fixtures.py -k {fixture.name}")


_SHOWN = 400
"""Characters of a field that are shown."""


def field_shown(value: Any) -> str:
    """Show a field of an answer in one line."""
    if isinstance(value, str):
        lines = value.count("\n") + 1
        return one_line(value if len(value) < 110 else f"{value[:60]} ... {value[-40:]} ({lines} lines, {len(value)} characters)")
    if isinstance(value, dict):
        return one_line(", ".join(f"{key}: {text}" for key, text in value.items()))[:_SHOWN]
    first = value[0] if value and isinstance(value[0], dict) else {}
    if "caption" in first:
        captions, credits = (sum(image[part] is not None for image in value) for part in ("caption", "credit"))
        return f"{len(value)}, {captions} with a caption, {credits} with a credit"
    if "kind" in first:
        kinds = Counter(block["kind"] for block in value)
        return ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    return one_line("; ".join(map(_entry_shown, value)))[:_SHOWN]


def _entry_shown(entry: Any) -> str:
    """Show one entry of a list: a link by its text, else its address."""
    return str(entry.get("text") or entry.get("url")) if isinstance(entry, dict) else str(entry)
