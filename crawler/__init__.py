"""Archival news crawler: exact bytes into WARCs, and what they say into a SQLite index.

The public names below are loaded when first used, so that `import crawler` stays quick. They are described in docs/api.md.
"""

from importlib import import_module

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
    "Template": "parsers.template",
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
