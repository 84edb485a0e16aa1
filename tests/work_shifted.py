"""A command of the project in a process whose clocks the test sets: `python work_shifted.py FOLDER COMMAND ...`.

Two files in the folder tell, if they are there: `gone`, whose presence puts the clock of all held lanes past every deadline; `time`, the ISO time
that the system's clock shows when it is first read (it goes on from there); written again, the clock is set again.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic


def main(folder: Path, words: list[str]) -> None:
    """Set the clocks, then run the command."""
    from crawler import clock
    from crawler.jobs import held

    gone, time, texts = folder / "gone", folder / "time", dict[str, float]()

    def shown() -> datetime:
        text = time.read_text() if time.exists() else ""
        since = monotonic() - texts.setdefault(text, monotonic())
        return datetime.fromisoformat(text) + timedelta(seconds=since) if text else datetime.now(UTC)

    held.HeldLanes = partial(held.HeldLanes, clock=lambda: monotonic() + 1e6 * gone.exists())  # type: ignore[misc, assignment]
    from scrapy.cmdline import execute

    with clock.told_by(shown):
        execute(["scrapy", *words])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
