"""Events of stories, as `scrapy events` prints them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import Usage
from crawler.formatting import counted, one_line, shown

if TYPE_CHECKING:
    from crawler.history.events import Event, Wanted
    from crawler.index.index import Index


def print_document(index: Index, path: Path, wanted: Wanted) -> None:
    """Print the events as one JSON document, without holding them all."""
    from crawler.history.events import Differences, document, events

    differences = Differences(index)
    print(f'{{"collection": {json.dumps(str(path))}, "events": [', end="")
    for at, event in enumerate(events(index, wanted)):
        print("," * (at > 0), json.dumps(document(event, differences), ensure_ascii=True, indent=2), sep="\n", end="")
    print("\n]}")


def print_lines(found: Iterator[Event], limit: int | None, name: str) -> None:
    """Print the events a line each, up to a limit, and their number."""
    count = 0
    for event in islice(found, None if limit is None else limit - 1):
        print(_line(event))
        count += 1
    more = next(found, None) is not None
    print(f"{'more than ' if more else ''}{counted(count, 'event')} in {name}" + ("; --limit shows more" if more else ""))


def _line(event: Event) -> str:
    from crawler.history.durations import stood

    headline = event.headline or "(no headline)"
    if event.kind in ("headline_changed", "diverged") and event.headline_before != event.headline:
        headline = f"{event.headline_before or '(no headline)'} -> {headline}"
    told = "" if event.kind == "published" else stood(event.stood_least, event.stood_most)
    words = [shown(event.date), event.kind.replace("_", " ").ljust(16), one_line(event.story_id), one_line(headline)]
    return "  ".join([*words, f"({told})"] if told else words)


def kinds_of(text: str) -> tuple[str, ...]:
    """Read the kinds that are named; blanks and dashes stand for underscores.

    Raises:
        Usage: One is none.
    """
    from crawler.timeline.changes import KINDS

    named = [word.strip().lower().replace("-", "_").replace(" ", "_") for word in text.split(",") if word.strip()]
    wrong = [word for word in named if word not in KINDS]
    if wrong or not named:
        raise Usage(f"--kind {', '.join(wrong)[:80]}: no such kind; there are {', '.join(KINDS)}")
    return tuple(dict.fromkeys(named))
