"""Archival news crawler: exact bytes into WARCs, and what they say into a SQLite index.

The public names below are loaded when first used, so that `import crawler` stays quick. They are described in docs/api.md.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.collection.reader import CollectionReader as CollectionReader
    from crawler.collection.reader import open_collection as open_collection
    from crawler.errors import ArchiveError as ArchiveError
    from crawler.index.index import Index as Index
    from crawler.items import Article as Article
    from crawler.items import Block as Block
    from crawler.items import Capture as Capture
    from crawler.items import Image as Image
    from crawler.items import Link as Link
    from crawler.items import Version as Version
    from crawler.parsers.dates.dates import moment as moment
    from crawler.parsers.document.selectors import css as css
    from crawler.parsers.document.selectors import every as every
    from crawler.parsers.document.selectors import first as first
    from crawler.parsers.document.selectors import jsonld as jsonld
    from crawler.parsers.document.selectors import links as links
    from crawler.parsers.document.selectors import meta as meta
    from crawler.parsers.document.selectors import xpath as xpath
    from crawler.parsers.json import as_json as as_json
    from crawler.parsers.text_order.config import Order as Order
    from crawler.parsers.text_order.fields import Ordered as Ordered
    from crawler.processing.read_page import read_page as read_page
    from crawler.processing.read_page import read_warc as read_warc
    from crawler.sites import load_sites as load_sites
    from crawler.sites.site import Feed as Feed
    from crawler.sites.site import Mirror as Mirror
    from crawler.sites.site import Section as Section
    from crawler.sites.site import Site as Site
    from crawler.sites.site import Sitemap as Sitemap
    from crawler.sites.site import Template as Template

__version__ = "0.2.0"
_HOMES = {
    "ArchiveError": "errors",
    "Article": "items",
    "Block": "items",
    "Capture": "items",
    "CollectionReader": "collection.reader",
    "Feed": "sites.site",
    "Image": "items",
    "Index": "index.index",
    "Link": "items",
    "Mirror": "sites.site",
    "Order": "parsers.text_order.config",
    "Ordered": "parsers.text_order.fields",
    "Section": "sites.site",
    "Site": "sites.site",
    "Sitemap": "sites.site",
    "Template": "sites.site",
    "Version": "items",
    "as_json": "parsers.json",
    "css": "parsers.document.selectors",
    "every": "parsers.document.selectors",
    "first": "parsers.document.selectors",
    "jsonld": "parsers.document.selectors",
    "links": "parsers.document.selectors",
    "load_sites": "sites",
    "meta": "parsers.document.selectors",
    "moment": "parsers.dates.dates",
    "open_collection": "collection.reader",
    "read_page": "processing.read_page",
    "read_warc": "processing.read_page",
    "xpath": "parsers.document.selectors",
}
"""Public name to the module that defines it."""
__all__ = ["__version__", *_HOMES]

if not TYPE_CHECKING:  # so that a misspelt name stays an error for the type checker

    def __getattr__(name: str) -> object:
        """Load a public name when it is first used."""
        if name not in _HOMES:
            raise AttributeError(f"module 'crawler' has no attribute {name!r}")
        value = getattr(import_module(f"crawler.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
