"""Hops of one request: redirects and refreshes, in one chain kept on `request.meta`."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping, Sequence
from typing import Any

from crawler.index.known import KnownStories
from crawler.items import LeasedRequest
from crawler.items import request_meta as keys
from crawler.processing.redirects import RedirectChain
from crawler.urls import host_of

Meta = MutableMapping[str, Any]


def take_hop(meta: Meta, url: str, target: str, headers: Sequence[tuple[str, str]], *, most: int) -> LeasedRequest:
    """Take one more hop: the leased request after it.

    Args:
        url: The address that answered.
        headers: Of the answer; its cookies go with the next request where their domain and path allow it.
        most: Hops that are followed: ARCHIVE_MAX_REDIRECTS.
    Raises:
        FetchFailed: Reason `redirect`: a loop, a cookie wall, or too many hops.
    """
    chain: RedirectChain = meta.setdefault(keys.REDIRECTS, RedirectChain(most=most))
    return chain.follow(meta[keys.LEASE], url, target, headers)


def conditional(lease: LeasedRequest, known: KnownStories) -> LeasedRequest:
    """Give the request after a hop the validators that its own address gave.

    Only if it gave the last whole answer: those of another address may mean another page (RFC 9110 8.8).
    """
    return lease.conditional() if lease.held is not None and known.answered_at(lease.key, lease.held) == lease.url else lease


def onward(meta: Meta, lease: LeasedRequest, *, wait: float = 0.0) -> dict[str, Any]:
    """Arguments of `request.replace` for the request after a hop.

    Args:
        wait: Seconds before it is sent (RFC 9110 10.2.3).
    """
    chain: RedirectChain = meta[keys.REDIRECTS]
    kept = {name: value for name, value in meta.items() if name not in keys.OF_ONE_HOP}
    more: dict[str, Any] = {keys.LEASE: lease, keys.SLOT: host_of(lease.url)}
    if wait:
        more[keys.NOT_BEFORE] = asyncio.get_running_loop().time() + wait
    cookies = chain.cookies(lease.url)
    headers = {name: value.encode("latin-1") for name, value in (lease.conditions | ({"Cookie": cookies} if cookies else {})).items()}
    return {"url": lease.url, "headers": headers, "meta": kept | more}
