"""Outcomes for tests: interpreted in one call, made from plain facts, and asked for what only some of them have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crawler.items import Article, Capture, CutOff, LeasedRequest, Listing, Media, Outcome, Parsed, Robots, Unusable, Usable, content_of
from crawler.processing.interpret import interpret
from crawler.processing.received import Options, Received
from crawler.sites.site import Site


def read(site: Site, lease: LeasedRequest, capture: Capture, headers: Sequence[tuple[str, str]], payload: bytes, **options: Any) -> Usable | Unusable:
    return interpret(site, Received(lease, capture, headers, payload), Options(**options))


def made(
    lease: LeasedRequest, capture: Capture | None, *, reason: str | None = None, detail: str = "", article: Article | None = None, cut: bool = False,
    **facts: Any,
) -> Outcome:  # fmt: skip
    """The outcome of these facts; `cut`: of a part, which is read all the same."""
    if reason is not None and not cut:
        return Unusable(lease=lease, capture=capture, reason=reason, detail=detail, **facts)
    assert capture is not None
    usable: Usable
    if article is not None:
        usable = Parsed(lease=lease, capture=capture, article=article, **facts)
    else:
        kind = {"requisite": Media, "robots": Robots}.get(lease.role, Listing)
        usable = kind(lease=lease, capture=capture, **facts)
    return CutOff(read=usable, reason=reason, detail=detail) if reason is not None else usable


def article_of(outcome: Outcome) -> Article | None:
    content = content_of(outcome)
    return content.article if isinstance(content, Parsed) else None


def reason_of(outcome: Outcome) -> str | None:
    return outcome.reason if isinstance(outcome, Unusable | CutOff) else None


def refused(outcome: Usable | Unusable, reason: str, detail: str) -> Unusable:
    """A failed attempt of which nothing is read."""
    capture = outcome.capture
    return Unusable(
        lease=outcome.lease, capture=capture, reason=reason, detail=detail, noted=True, read_state="unreadable", bytes=outcome.bytes,
        limited=outcome.limited, left_out=outcome.left_out, reader_version=outcome.reader_version,
    )  # fmt: skip
