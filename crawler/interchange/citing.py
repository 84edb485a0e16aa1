"""Names and addresses that citations need and the index does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote

from attrs import Factory, frozen

_PLAIN = "!#$%&'()*+,/:;=?@[]~"
"""Characters that stay in an address behind that of a replay."""


class Settings(Protocol):
    """Scrapy's settings, as far as they matter here."""

    def get(self, name: str, default: Any = None) -> Any:
        """One setting."""

    def getlist(self, name: str, default: Any = None) -> list[Any]:
        """One setting as a list."""


@frozen(kw_only=True)
class Citing:
    """Facts of a citation that the index does not hold."""

    collection: str = ""
    titles: Mapping[str, str] = Factory(dict)
    """Names of newspapers by site."""
    replay: str | None = None
    """Address of a replay of ARCHIVE_DIR, without a slash at its end."""
    authority: str = "localhost"
    author: str | None = None
    """Who made the collection."""

    def paper(self, story: str, host: str) -> str:
        """Name of the newspaper of a story; the host where none is known."""
        return self.titles.get(story.partition("/")[0]) or host

    def place(self, capture: Mapping[str, Any]) -> str:
        """Address of a capture in the replay, else its record."""
        if not self.replay:
            return f"{capture['record_id']} in {capture['warc']} at offset {capture['offset']}"
        return str(self.address(capture))

    def address(self, capture: Mapping[str, Any]) -> str | None:
        """Address of a capture in the replay, or None without one."""
        if not self.replay:
            return None
        digits = "".join(filter(str.isdigit, capture["date"]))[:14]
        return f"{self.replay}/{quote(self.collection, safe='')}/{digits}/{quote(capture['via'] or capture['url'], safe=_PLAIN)}"


def citing_of(settings: Settings) -> Citing:
    """Read names and addresses from settings and site files."""
    from crawler.sites.known import sites_known

    replay = settings.get("ARCHIVE_REPLAY_URL")
    sites = sites_known(tuple(map(str, settings.getlist("ARCHIVE_SITES"))))
    return Citing(
        titles={name: site.title for name, site in sites.items()},
        replay=str(replay).rstrip("/") if replay else None,
        authority=settings.get("ARCHIVE_FEED_AUTHORITY") or "localhost",
        author=settings.get("ARCHIVE_OPERATOR"),
    )
