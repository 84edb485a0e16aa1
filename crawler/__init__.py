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
    from crawler.parsers.json import as_json as as_json
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
    "Section": "sites.site",
    "Site": "sites.site",
    "Sitemap": "sites.site",
    "Template": "sites.site",
    "Version": "items",
    "as_json": "parsers.json",
    "load_sites": "sites",
    "open_collection": "collection.reader",
    "read_page": "processing.read_page",
    "read_warc": "processing.read_page",
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
