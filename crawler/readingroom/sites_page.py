"""Sites of a collection: words of each site file, and holdings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from crawler.catalogue.publishers import Publisher, publishers
from crawler.errors import SetupError
from crawler.roomframe.page import Asked, Page
from crawler.roomframe.strings import TEXTS

if TYPE_CHECKING:
    from crawler.sites.site import Site


@frozen(kw_only=True)
class Sites:
    """Contents of the page of sites."""

    sites: Sequence[Publisher]
    fault: str | None
    """Why site files could not be loaded."""


def sites_page(asked: Asked) -> Page:
    """Make the page of sites."""
    try:
        shelf, fault = _shelf(tuple(map(str, asked.options.get("sites") or ()))), None
    except SetupError as error:
        shelf, fault = {}, str(error)
    return Page(template="sites.html", title=TEXTS["nav_sites"], data=Sites(sites=publishers(asked.index, shelf), fault=fault))


@cache
def _shelf(folders: tuple[str, ...]) -> Mapping[str, Site]:
    """The site files, loaded once a process: the readers that they name take a while."""
    import crawler
    from crawler.sites import load_sites

    demo = Path(crawler.__file__).parent / "demo" / "sites"
    return {**load_sites([demo]), **load_sites(folders)}
