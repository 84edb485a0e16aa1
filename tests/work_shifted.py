"""A command of the project in a process whose clocks the test sets: `python work_shifted.py FOLDER COMMAND ...`.

Two files in the folder tell, if they are there: `gone`, whose presence puts the clock of all held lanes past every deadline; `time`, the ISO time
that the system's clock shows when the command starts (it goes on from there).
"""

from __future__ import annotations

import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic


def main(folder: Path, words: list[str]) -> None:
    """Set the clocks, then run the command."""
    from crawler import clock
    from crawler.jobs import held

    gone, began = folder / "gone", clock.now()
    shown = datetime.fromisoformat((folder / "time").read_text()) if (folder / "time").exists() else began
    held.HeldLanes = partial(held.HeldLanes, clock=lambda: monotonic() + 1e6 * gone.exists())  # type: ignore[misc, assignment]
    from scrapy.cmdline import execute

    with clock.told_by(lambda: datetime.now(began.tzinfo) + (shown - began)):
        execute(["scrapy", *words])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
