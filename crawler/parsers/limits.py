"""Limits for reading one page or list."""

from __future__ import annotations

from attrs import frozen

MIB = 1024 * 1024


@frozen(kw_only=True)
class ReadLimits:
    """Limits for parsing one page or list, in bytes.

    What lies beyond is not read and counted; the archive keeps the raw bytes.
    """

    text_bytes: int = 32 * MIB
    """Of a body, content coding taken off."""
    ratio: int = 100
    """How many times its received size a body may inflate to, once it is over 1 MiB."""
    html_bytes: int = 16 * MIB
    """Of the text that the parser is given."""
    links: int = 5000
    """Of one page."""
    sitemap_bytes: int = 50 * MIB
    """Of a feed or sitemap, inflated."""
    sitemap_urls: int = 50_000
    """Of one feed or sitemap."""
