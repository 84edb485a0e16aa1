"""From sites, addresses and spider arguments to crawls that are wanted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import field, frozen

from crawler.errors import UnknownSite, Usage
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.lane_names import lane_of_address, owners_of
from crawler.sites.known import WEB
from crawler.sites.site import Site

Parse = Callable[[Mapping[str, str], Site], CrawlArguments]
"""Parses the spider arguments of a site, or of `web`; see `spiders.arguments`."""
_ADDRESS = re.compile(r"@|[a-z][a-z0-9+.-]*:/", re.IGNORECASE)


@frozen(kw_only=True)
class Wanted:
    """One crawl to do, now or again and again."""

    site: str
    arguments: Mapping[str, str]
    """Spider arguments as texts; no file is named in them, as the worker may be on another machine."""
    lanes: tuple[str, ...]
    note: str = ""
    """Something that the user may not expect."""


def _ours(texts: Mapping[str, str]) -> dict[str, str]:
    """Leave out names that begin with `_`, as `crawl` does."""
    return {name: text for name, text in texts.items() if not name.startswith("_")}


@frozen(kw_only=True)
class Crawls:
    """Sites that are known, and the spider arguments of one command line."""

    sites: Mapping[str, Site]
    texts: Mapping[str, str] = field(converter=_ours)
    parse: Parse

    def wanted(self, words: Sequence[str], *, web: bool = False) -> list[Wanted]:
        """Read words: sites, with commas between them, `all`, addresses, `@FILE` of addresses.

        Args:
            web: Addresses of known sites are archived as any address.

        Raises:
            Usage: A word or an argument means nothing.
        """
        names, addresses = self._split(words)
        if WEB.name in names:
            names.remove(WEB.name)
            web, addresses = True, [*self._named("seeds"), *addresses]
        elif "seeds" in self.texts:
            raise Usage("seeds: name addresses as words, or `web` with -a seeds=")
        texts = {name: text for name, text in self.texts.items() if name != "seeds"}
        if len(names) > 1 and "story" in texts:
            raise Usage(f"story: names a page of one site, and {len(names)} are named")
        found = [self._of_site(self.sites[name], texts) for name in names]
        owned, others = self._by_owner(addresses, web)
        found += [self._of_pages(name, urls, texts) for name, urls in owned.items()]
        if others:
            found.append(self._of_seeds(others, texts))
        if not found:
            raise Usage("web: name addresses" if WEB.name in words else "name sites, `all`, or addresses; `scrapy list` shows the sites")
        return found

    def _split(self, words: Iterable[str]) -> tuple[list[str], list[str]]:
        names: list[str] = []
        addresses: list[str] = []
        for word in words:
            if _ADDRESS.match(word):
                addresses += self.parse({"seeds": word}, WEB).seeds
                continue
            for name in filter(None, map(str.strip, word.split(","))):
                names += sorted(self.sites) if name == "all" else [self._known(name)]
        return list(dict.fromkeys(names)), list(dict.fromkeys(addresses))

    def _known(self, name: str) -> str:
        if name == "replay":
            raise Usage("replay: reads files of this machine, and is no work for a worker: `scrapy crawl replay`")
        if name != WEB.name and name not in self.sites:
            raise UnknownSite(name, [*sorted(self.sites), "all", "web, or addresses with their https://"])
        return name

    def _named(self, argument: str) -> tuple[str, ...]:
        return self.parse({argument: self.texts[argument]}, WEB).seeds if argument in self.texts else ()

    def _by_owner(self, addresses: Sequence[str], web: bool) -> tuple[dict[str, list[str]], list[str]]:
        """Part addresses of known sites from others."""
        owned: dict[str, list[str]] = {}
        others: list[str] = []
        for url in addresses:
            owner = None if web else next((name for name, site in sorted(self.sites.items()) if site.owns(url)), None)
            (others if owner is None else owned.setdefault(owner, [])).append(url)
        return owned, others

    def _of_site(self, site: Site, texts: Mapping[str, str]) -> Wanted:
        parsed = self.parse(texts, site)
        return Wanted(site=site.name, arguments=_without_files(texts, parsed), lanes=(site.name,))

    def _of_pages(self, name: str, urls: Sequence[str], texts: Mapping[str, str]) -> Wanted:
        told = f"{urls[0]}: of the site {name}, and crawled as such (--web: as any address)"
        if "url" in texts:
            raise Usage("url: name addresses as words")
        try:
            made = self._of_site(self.sites[name], {**texts, "url": " ".join(urls)})
        except Usage as error:
            raise Usage(f"{told}: {error}") from error
        return Wanted(site=name, arguments=made.arguments, lanes=made.lanes, note=told)

    def _of_seeds(self, urls: Sequence[str], texts: Mapping[str, str]) -> Wanted:
        texts = {**texts, "seeds": " ".join(urls)}
        parsed = self.parse(texts, WEB)
        owners = owners_of(self.sites.values())
        lanes = tuple(dict.fromkeys(lane_of_address(url, owners) for url in urls))
        return Wanted(site=WEB.name, arguments=_without_files(texts, parsed), lanes=lanes)


def _without_files(texts: Mapping[str, str], parsed: CrawlArguments) -> dict[str, str]:
    """Put the addresses themselves in place of files that hold them."""
    lists = {"url": parsed.url, "seeds": parsed.seeds}
    return {name: " ".join(lists[name]) if name in lists else text for name, text in texts.items()}
