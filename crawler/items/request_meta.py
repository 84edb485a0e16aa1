"""Keys of `request.meta`, by which the parts of a crawl pass values on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.items.captures import LeasedRequest

LEASE = "lease"
"""The leased request (`LeasedRequest`), from the scheduler on."""
EXCHANGE = "exchange"
"""The exchange, from the download handler to the recorder."""
LOOKUPS = "lookups"
"""Names that were resolved meanwhile, from the download handler to the recorder."""
CAPTURE = "capture"
"""The capture, from the recorder on."""
HEADERS = "headers"
"""Header fields of the answer, as pairs, from the recorder on."""
WHOLE = "whole"
"""Bytes of the whole payload: the body of a response may be empty, if it lies in a file."""
START = "start"
"""The first bytes of the payload."""
NOTED = "noted"
"""State of the capture whose failure is recorded already, beside the bytes that came or without any."""
PARTIAL = "partial"
"""Response with the part that came of what was asked for, from the download handler."""
REDIRECTS = "redirects"
"""The chain of hops (`RedirectChain`), kept from hop to hop."""
ONWARD = "onward"
"""The leased request after one more hop, from the recorder to the redirect middleware."""
HOP_RULE = "hop_rule"
"""Of a request to a web archive: called with the target of a redirect, raises `FetchFailed` if it is not followed."""
NOT_BEFORE = "not_before"
"""Loop time before which a redirected request is not sent."""
SLOT = "download_slot"
"""Scrapy's: the host whose requests this one waits among."""
VERBATIM = "verbatim_url"
"""Scrapy's: send the address as the link has it."""


def is_for_archive(lease: LeasedRequest) -> bool:
    """Return True for a request to a web archive: a copy or list."""
    return lease.original is not None or lease.role == "timemap"


OF_ONE_HOP = (CAPTURE, HEADERS, WHOLE, START, NOTED, ONWARD, NOT_BEFORE, PARTIAL)
"""Keys of one exchange only: not kept for the next hop."""
