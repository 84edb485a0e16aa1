"""From settings to the options of workers, their frontier and their store."""

from __future__ import annotations

import platform
import re
from typing import Any, Protocol

from attrs import frozen

from crawler.errors import Usage

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
EMBEDDED_WORKER = "work"


class SettingsLike(Protocol):
    """Scrapy's settings, as far as they matter here."""

    def get(self, name: str, default: Any = None) -> Any:
        """One setting."""

    def getint(self, name: str, default: int = 0) -> int:
        """One setting as a whole number."""

    def getbool(self, name: str, default: bool = False) -> bool:
        """One setting as yes or no."""

    def getfloat(self, name: str, default: float = 0.0) -> float:
        """One setting as a number."""


@frozen(kw_only=True)
class WorkOptions:
    """Options of one worker; the settings of these names."""

    frontier: str | None
    """ARCHIVE_FRONTIER; None for `jobs.db` in ARCHIVE_DIR."""
    wait: float
    lease: float
    worker: str
    lanes: int
    health: str | None
    seal_seconds: float
    store: str | None
    keep_local: bool

    @classmethod
    def of(cls, settings: SettingsLike) -> WorkOptions:
        """Read the settings.

        Raises:
            Usage: A value means nothing.
        """
        frontier, store = settings.get("ARCHIVE_FRONTIER") or None, settings.get("ARCHIVE_STORE") or None
        if frontier is not None and not str(frontier).startswith(("postgresql://", "postgres://")):
            raise Usage("ARCHIVE_FRONTIER: postgresql://USER@HOST:PORT/NAME, or nothing for jobs.db in ARCHIVE_DIR")
        if store is not None and not re.fullmatch(r"s3://[^/\s]+(/\S*)?", str(store)):
            raise Usage(f"ARCHIVE_STORE={store}: s3://BUCKET/PREFIX, or nothing")
        worker = str(settings.get("ARCHIVE_WORKER") or (platform.node().split(".")[0] if frontier else "") or EMBEDDED_WORKER)
        if not _NAME.fullmatch(worker):
            raise Usage(f"ARCHIVE_WORKER={worker}: a name of letters, digits, dots, dashes; it becomes a folder and part of file names")
        numbers = {"lease": settings.getfloat("ARCHIVE_LEASE_SECONDS"), "lanes": settings.getint("ARCHIVE_WORK_LANES")}
        for name, value in numbers.items():
            if value <= 0:
                raise Usage(f"{'ARCHIVE_LEASE_SECONDS' if name == 'lease' else 'ARCHIVE_WORK_LANES'}={value}: more than 0")
        return cls(
            frontier=frontier, wait=settings.getfloat("ARCHIVE_FRONTIER_WAIT"), lease=numbers["lease"], worker=worker,
            lanes=int(numbers["lanes"]), health=settings.get("ARCHIVE_HEALTH") or None,
            seal_seconds=settings.getfloat("ARCHIVE_WARC_MAX_SECONDS"), store=store, keep_local=settings.getbool("ARCHIVE_KEEP_LOCAL"),
        )  # fmt: skip
