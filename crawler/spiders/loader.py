"""Spiders by name: one class a site file, made when it is asked for."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.settings import BaseSettings

    from crawler.sites.site import Site

_OTHERS = {"replay": ("crawler.spiders.replay", "ReplaySpider"), "web": ("crawler.spiders.web", "WebSpider")}
"""Module and class of each spider without a site file: imported when it is asked for."""


class SiteSpiderLoader:
    """Scrapy's spider loader over the site files, plus `web` and `replay`."""

    def __init__(self, settings: BaseSettings) -> None:
        self._folders = settings.getlist("ARCHIVE_SITES")

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> SiteSpiderLoader:
        """Make the loader."""
        return cls(settings)

    @cached_property
    def sites(self) -> dict[str, Site]:
        """The sites, loaded at first need, so that a broken site file fails the command."""
        from crawler.sites import load_sites

        return load_sites(self._folders)

    def load(self, spider_name: str) -> type[Spider]:
        """Return the spider class of a name.

        Raises:
            KeyError: There is none of that name, as Scrapy's protocol wants it.
        """
        if spider_name in _OTHERS:
            module, name = _OTHERS[spider_name]
            spider: type[Spider] = getattr(import_module(module), name)
            return spider
        from crawler.spiders.site import SiteSpider

        site = self.sites[spider_name]
        return type(f"{spider_name.title()}Spider", (SiteSpider,), {"name": site.name, "site": site, "__doc__": f"{site.title}."})

    def list(self) -> list[str]:
        """List every name that `scrapy crawl` takes."""
        return sorted([*self.sites, *_OTHERS])

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]
        """List the sites that own an address."""
        return [name for name, site in self.sites.items() if site.owns(request.url)]
