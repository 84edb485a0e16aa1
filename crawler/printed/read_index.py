"""The index of a collection, for commands that only read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.index.index import Index


def read_index(path: Path) -> Index:
    """Open the index of a collection read-only.

    An older one is migrated first, if it is not in use.

    Raises:
        SetupError: It is not there, cannot be read, or is of another version.
    """
    from crawler.index.connection import OtherVersion
    from crawler.index.index import Index

    try:
        return Index.open(path / "index.db", readonly=True)
    except OtherVersion:
        from crawler.maintenance.opening import bring_up_to_date

        bring_up_to_date(path)
    return Index.open(path / "index.db", readonly=True)
