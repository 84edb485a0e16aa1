"""A crawl without a network: answers are recorded, followed, read and filed as the crawler does it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen
from outcomes import read, reason_of, refused
from rebuild_invariants import differences

from crawler.collection.collection import Collection
from crawler.collection.ingest import unanswered
from crawler.errors import FetchFailed
from crawler.index.index import Index
from crawler.items import Exchange, LeasedRequest, Outcome, Role, SpooledBytes, Target
from crawler.processing.redirects import RedirectChain, is_redirect
from crawler.processing.truncated import cut_off
from crawler.sites.known import site_of
from crawler.urls import location_of

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LINE = "<p>Wörter über Brücken und Straßen, die größer sind als die alten, und noch mehr davon.</p>"
PAGE = f"<html><head><title>Über die Brücke</title></head><body><article><h1>Über die Brücke</h1>{LINE * 12}</article></body></html>"
NGINX = b"<html><head><title>301 Moved Permanently</title></head><body><center><h1>301 Moved Permanently</h1></center></body></html>\r\n"
HTML = "text/html"


@frozen(kw_only=True)
class Said:
    """One answer: where it was asked for, and what came."""

    url: str
    status: int = 200
    mime: str = f"{HTML}; charset=utf-8"
    body: bytes = PAGE.encode()
    fields: tuple[tuple[str, str], ...] = ()
    role: Role = "page"
    reason: str | None = None
    """What the wire itself found wrong; of status 0 no byte came."""
    attempt: int = 1
    more: dict[str, Any] = field(factory=dict)
    """Of the exchange: truncated, problem."""


def said(
    url: str, mime: str = f"{HTML}; charset=utf-8", body: bytes = PAGE.encode(), status: int = 200, reason: str | None = None, *,
    fields: tuple[tuple[str, str], ...] = (), role: Role = "page", attempt: int = 1, **more: Any,
) -> Said:  # fmt: skip
    """An answer of a page of one host, if no other is named."""
    url = url if "://" in url else f"http://news.example{url}"
    return Said(url=url, status=status, mime=mime, body=body, fields=fields, role=role, reason=reason, attempt=attempt, more=more)


def sent_on(url: str, location: str, body: bytes = NGINX, status: int = 301, role: Role = "page") -> Said:
    """A redirect, with the body that a server has for all of them."""
    return said(url, HTML, body, status, fields=(("Location", location),), role=role)


def crawl(path: Path, answers: list[Said], *, site: str = "web") -> Path:
    """What a crawl does with these answers, one after the other; one whose address is where the last led belongs to the same request."""

    async def run() -> None:
        collection, expected, lease, chain = Collection.open(path), "", _lease(answers[0], site), RedirectChain()
        for n, one in enumerate(answers):
            if one.url != expected:
                lease, chain = _lease(one, site), RedirectChain()
            onward = await _play(collection, lease, chain, one, n)
            expected, lease = (onward.url, onward) if onward else ("", lease)
        collection.close()

    asyncio.run(run())
    return path


def _lease(one: Said, site: str) -> LeasedRequest:
    known = site_of(site)
    key = known.key_of_picture(one.url) if one.role == "requisite" else one.url
    return LeasedRequest(
        target=Target(key=key, url=one.url, site=site, role=one.role, story=known.story_id(one.url) or f"{site}/{one.url}"),
        attempt=one.attempt,
    )


async def _play(collection: Collection, lease: LeasedRequest, chain: RedirectChain, one: Said, n: int) -> LeasedRequest | None:
    """Record, read and file one answer; the request that it leads to."""
    if not one.status:
        await collection.fail(evolve(unanswered(lease, one.reason or "dns", "no byte"), date=START + timedelta(hours=n)))
        return None
    exchange, onward, reason, detail = exchange_of(one, n), None, one.reason, "as the wire says" if one.reason else ""
    target = location_of(one.url, exchange.headers.first("location")) if is_redirect(one.status, exchange.headers) else None
    if target is not None and reason is None:
        try:
            onward = chain.follow(lease, one.url, target, exchange.headers)
        except FetchFailed as error:
            reason, detail = error.reason, error.detail
    capture = await collection.record(exchange, lease, reason=reason, detail=detail)
    content = read(site_of(lease.site), lease, capture, exchange.headers, b"" if target else one.body)
    outcome: Outcome = content
    if reason is not None:
        outcome = cut_off(content, reason, detail) if capture.is_cut else refused(content, reason, detail)
    await collection.file(outcome)
    return onward if reason_of(outcome) is None else None


def exchange_of(one: Said, n: int) -> Exchange:
    """An answer as the wire hands it over, in the n-th hour."""
    fields = (("Content-Type", one.mime), *one.fields, ("Content-Length", str(len(one.body))))
    head = f"HTTP/1.1 {one.status} Said\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"
    return Exchange(
        url=one.url, method="GET", started=START + timedelta(hours=n), ended=START + timedelta(hours=n, milliseconds=40),
        request=b"GET / HTTP/1.1\r\n\r\n", response=SpooledBytes(head.encode() + one.body), payload=SpooledBytes(one.body), head_length=len(head),
        status=one.status, headers=fields, ip="127.0.0.1", **one.more,
    )  # fmt: skip


def spoilt(path: Path) -> list[str]:
    """What differs between a collection's index and one made anew."""
    return list(differences(path, path / "index.db", {}))


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a SELECT of a collection's index."""
    with Index.open(path / "index.db", readonly=True) as index:
        return [tuple(row) for row in index.query(sql)]
