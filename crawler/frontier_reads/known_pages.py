"""Pages of no known site in the index, read over a read-only connection."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from attrs import frozen

from crawler.schema.capture_keys import has_key

LANDED = f"SELECT url FROM captures WHERE {has_key('?1')} AND status = 200 AND state = 'ok' ORDER BY date DESC LIMIT 1"
"""SQL: the address that answered last for a key."""


@frozen
class KnownPage:
    """The identity under which a page is filed."""

    key: str
    """Of its frontier row."""
    story: str | None


class KnownPages:
    """The pages of one index; for one thread, the event loop's.

    Args:
        path: Of `index.db`.
    """

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        ranges = (("web/", "web/http"), ("web/httpt", "web0"))
        sql = "SELECT 1 FROM stories WHERE id >= ? AND id < ? LIMIT 1"
        self.has_search_keys = any(self._db.execute(sql, some).fetchone() for some in ranges)
        """Pages were filed under SURT keys, as versions before 0.2 did: their identities stay."""

    def of_address(self, url: str) -> KnownPage | None:
        """Look up the page that was asked for under an address, by its frontier row."""
        sql = (
            "SELECT f.key, f.story_id FROM captures c JOIN frontier f ON f.key = c.key"
            " WHERE c.url = ? AND f.url = c.url AND c.role = 'page'"
            " ORDER BY c.date DESC LIMIT 1"
        )
        found = self._db.execute(sql, (url,)).fetchone()
        return KnownPage(*found) if found else None

    def landed(self, key: str) -> str | None:
        """Look up the address that answered last for a key, redirects followed."""
        found = self._db.execute(LANDED, (key,)).fetchone()
        return str(found[0]) if found else None

    def close(self) -> None:
        """Close the connection."""
        self._db.close()
