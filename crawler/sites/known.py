"""Sites found by name or host: the site files, those of ARCHIVE_SITES, and the demo."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from crawler.errors import SetupError
from crawler.sites import load_sites
from crawler.sites.site import Site

DEMO_SITES = Path(__file__).parents[1] / "demo" / "sites"
"""So that the demo's collection can be rebuilt like any other."""
WEB = Site(name="web", title="Any site", language="", mirrors=(), stories=())


@cache
def sites_known(folders: tuple[str, ...]) -> dict[str, Site]:
    """Load every site: the package's, those of these folders, and the demo's.

    A site in one of the folders replaces the demo's of the same name.
    """
    return load_sites([DEMO_SITES]) | load_sites(folders)


def site_of(name: str, folders: Sequence[str] = ()) -> Site:
    """The site of a capture.

    Raises:
        SetupError: It is not on the shelf: read without its templates, the index would come out another.
    """
    if name == WEB.name:
        return WEB
    try:
        return sites_known(tuple(folders))[name]
    except KeyError:
        raise SetupError(f"no site file for {name!r}, whose captures are to be read: name its folder in ARCHIVE_SITES") from None
