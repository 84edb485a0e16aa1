"""How much of a stranger's page is read, and how far a crawl without a site file goes: table (c) 11 of the wire's promises as values."""

from __future__ import annotations

from attrs import frozen

MIB = 1024 * 1024


@frozen(kw_only=True)
class ReadLimits:
    """Of one reading. Sizes in bytes; what is over is left unread and told, the archive keeps the raw bytes."""

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


@frozen(kw_only=True)
class WebLimits:
    """Of a crawl without a site file: where pages beget pages without end."""

    url_characters: int = 2048
    path_segments: int = 20
    path_repeats: int = 3
    """How often one segment may occur in a path."""
    pages_per_host: int = 100_000
    """In one run."""
    queries_per_path: int = 10_000
    """Addresses of one path that differ only in their query, in one run."""
    depth: int = 100
    """Links between a seed and a page."""
    sitemaps: int = 500
    """Sitemap files in one run."""
    sitemap_depth: int = 3
    """Sitemap indexes above one another."""
