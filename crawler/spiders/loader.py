"""Spiders by name: one class a site file, made when it is asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from crawler.sites import load_sites
from crawler.sites.site import Site
from crawler.spiders.replay import ReplaySpider
from crawler.spiders.site import SiteSpider
from crawler.spiders.web import WebSpider

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.settings import BaseSettings


class SiteSpiderLoader:
    """Scrapy's spider loader over the site files, plus `web` and `replay`."""

    def __init__(self, settings: BaseSettings) -> None:
        self._folders = settings.getlist("ARCHIVE_SITES")
        self._others: dict[str, type[Spider]] = {"replay": ReplaySpider, "web": WebSpider}

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> SiteSpiderLoader:
        """Make the loader."""
        return cls(settings)

    @cached_property
    def sites(self) -> dict[str, Site]:
        """The sites, loaded at first need, so that a broken site file fails the command."""
        return load_sites(self._folders)

    def load(self, spider_name: str) -> type[Spider]:
        """Return the spider class of a name.

        Raises:
            KeyError: There is none of that name, as Scrapy's protocol wants it.
        """
        if spider_name in self._others:
            return self._others[spider_name]
        site = self.sites[spider_name]
        return type(f"{spider_name.title()}Spider", (SiteSpider,), {"name": site.name, "site": site, "__doc__": f"{site.title}."})

    def list(self) -> list[str]:
        """List every name that `scrapy crawl` takes."""
        return sorted([*self.sites, *self._others])

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]
        """List the sites that own an address."""
        return [name for name, site in self.sites.items() if site.owns(request.url)]
