"""Entry of sealed WARCs into manifest and chain, while runs go on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from crawler.errors import ArchiveError
from crawler.interrupts import join
from crawler.proofs.enter import enter_of_index

logger = logging.getLogger(__name__)


class Entering:
    """Enter sealed files in a thread of its own.

    Args:
        path: Of the collection, whose lock is held.
        entered: Called in that thread when files are entered.
    """

    def __init__(self, path: Path, *, entered: Callable[[], None]) -> None:
        self._path, self._entered = path, entered
        self._work, self._gate = threading.Event(), threading.Lock()
        self._ending, self._is_due = False, True
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Have files entered that were sealed just now; returns at once."""
        with self._gate:
            self._is_due = True
            self._work.set()
            if self._thread is None and not self._ending:
                self._thread = threading.Thread(target=self._run, name=f"entering of {self._path.name}", daemon=True)
                self._thread.start()

    def close(self, *, enter: bool) -> None:
        """End the thread, and enter what is left.

        Args:
            enter: False if the index may lack what the files hold: the next closing makes up for it.
        """
        with self._gate:
            self._ending = True
            self._work.set()
        if self._thread is not None:
            join(self._thread)
        if enter and self._is_due:
            self._enter()

    def _run(self) -> None:
        while not self._ending:
            self._work.wait()
            self._work.clear()
            if not self._ending:
                self._enter()

    def _enter(self) -> None:
        """Enter files; the next ones, or the next closing, make up for a failure."""
        self._is_due = False
        try:
            enter_of_index(self._path)
        except (OSError, ArchiveError) as error:
            self._is_due = True
            logger.warning("chain-unwritten path=%s error=%s", self._path, error)
            return
        self._entered()
