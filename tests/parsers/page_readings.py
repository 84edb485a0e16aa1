"""One page of no known site, read as a crawl reads it."""

from __future__ import annotations

from datetime import UTC, datetime

from outcomes import read

from crawler.items import Capture, LeasedRequest, Target, Unusable, Usable
from crawler.sites.known import WEB

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def page_read(data: bytes, *, mime: str | None = "text/html; charset=utf-8", url: str = "https://www.paper.example/") -> Usable | Unusable:
    """Read a payload that came with this Content-Type, or without one."""
    capture = Capture(
        target=Target(url=url, site="web", role="page", key="k"), record_id="urn:uuid:1", host="www.paper.example", date=NOW, warc="w",
        offset=0, length=1, status=200, mime=mime,
    )  # fmt: skip
    lease = LeasedRequest(target=Target(key="k", url=url, site="web", role="page", story="web/x"))
    return read(WEB, lease, capture, [("Content-Type", mime)] if mime is not None else [], data)
