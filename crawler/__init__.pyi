"""Types of the public names, for type checkers; at run time `__init__.py` loads each when it is first used."""

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
from crawler.parsers.template import Template as Template
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

__version__: str
__all__: list[str]
