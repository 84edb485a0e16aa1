"""Spider arguments: from the texts of a command line to `CrawlArguments`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crawler.errors import Usage
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.sites.site import Site
from crawler.spiders.argument_help import SITE_ARGUMENTS, VALUES, WEB_ARGUMENTS
from crawler.urls import BadAddress, resolved

_BETWEEN_URLS = re.compile(r"[\s,]+(?=https?://)", re.IGNORECASE)


def parse_arguments(texts: Mapping[str, Any], known: Iterable[str], *, site: Site | None = None) -> CrawlArguments:
    """Parse `-a` arguments; ignore names that begin with `_` (Scrapyd passes `_job`).

    Raises:
        Usage: An unknown name, or a value that means nothing.
    """
    known = tuple(known)
    values: dict[str, Any] = {}
    for name, text in texts.items():
        if name.startswith("_"):
            continue
        if name not in known:
            raise Usage(f"unknown spider argument {name!r}; there are: {', '.join(known)}")
        values[name] = _READERS[name](name, str(text))
    if values.get("requisites", "none") != "none":
        values["asks_for_requisites"] = True
    if site is not None:
        _check(values, site)
    return CrawlArguments(**values)


def arguments_of_crawl(texts: Mapping[str, Any], site: Site) -> CrawlArguments:
    """Parse the `-a` arguments of a site, or of `web`, without its spider.

    Raises:
        Usage: An unknown name, or a value that means nothing.
    """
    web = site.name == "web"
    return parse_arguments(texts, WEB_ARGUMENTS if web else SITE_ARGUMENTS, site=None if web else site)


def _check(values: Mapping[str, Any], site: Site) -> None:
    for url in values.get("url", ()):
        if not site.owns(url):
            raise Usage(f"url: {url} is on no host of {site.name}; hosts: {', '.join(m.host for m in site.mirrors)}")
    if values.get("sections") and not site.section_page:
        raise Usage(f"sections: how a section of {site.name} is addressed is not known")
    if "numbers" in values.get("backfill", ()) and not (site.story_page and site.numbered):
        raise Usage(f"backfill=numbers: not available for {site.name}: no address is known that answers for a number alone")
    _check_days(values, site)
    _check_mirrors(values, site)
    story = values.get("story")
    if story and not re.fullmatch(r"(?:[a-z]+-)?\d+" if site.is_numbered else r"[\w%.-]+", story.rpartition("/")[2]):
        raise Usage(f"story: {story!r} is no story number")


def _check_days(values: Mapping[str, Any], site: Site) -> None:
    since, until = values.get("since"), values.get("until")
    for name in ("since", "until"):
        if values.get(name) and not site.dated:
            raise Usage(f"{name}: the addresses of {site.name} tell no day, so stories cannot be chosen by it")
    if since and until and since > until:
        raise Usage(f"since: {since} is after until={until}; no day lies between them")


def _check_mirrors(values: Mapping[str, Any], site: Site) -> None:
    for host in values.get("mirrors", ()):
        if host not in site.hosts:
            raise Usage(f"mirrors: {host!r} is no mirror of {site.name}; mirrors: {', '.join(m.host for m in site.mirrors)}")


def _one_of(*words: str) -> Callable[[str, str], str]:
    def read(name: str, text: str) -> str:
        if text not in words:
            raise Usage(f"{name}: {text!r}; one of {', '.join(words)}")
        return text

    return read


def _list(name: str, text: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found:
        raise Usage(f"{name}: nothing named")
    return found


def _urls(name: str, text: str) -> tuple[str, ...]:
    """Read addresses, or with `@FILE` those of a file, one a line."""
    if text.startswith("@"):
        text = "\n".join(_lines(name, text[1:]))
    found = tuple(piece.strip(" ,") for piece in _BETWEEN_URLS.split(text) if piece.strip(" ,"))
    if not found:
        raise Usage(f"{name}: nothing named")
    return tuple(_url(name, url) for url in found)


def _lines(name: str, place: str) -> Iterator[str]:
    try:
        lines = Path(place).expanduser().read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        raise Usage(f"{name}: {place}: cannot read: {error}") from error
    yield from (word for line in lines if (word := line.strip()) and not word.startswith("#"))


def _url(name: str, text: str) -> str:
    try:
        return resolved(text).url
    except BadAddress as error:
        raise Usage(f"{name}: {text!r}: {error}") from None


def _date(name: str, text: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise Usage(f"{name}: {text!r} is no date; write it as 2026-11-24") from error


def _number(name: str, text: str) -> int:
    if not text.isdecimal():
        raise Usage(f"{name}: {text!r} is no whole number")
    return int(text)


def _backfill(name: str, text: str) -> frozenset[str]:
    if text == "no":
        return frozenset()
    return frozenset(_one_of(*VALUES["backfill"][1:])(name, word) for word in _list(name, text))


def _yes_no(name: str, text: str) -> bool:
    return _one_of("yes", "no")(name, text) == "yes"


_READERS: dict[str, Callable[[str, str], Any]] = {
    "mirrors": lambda name, text: tuple(host.lower() for host in _list(name, text)),
    "since": _date,
    "until": _date,
    "sections": _list,
    "story": lambda name, text: text.strip(),
    "url": _urls,
    "max_stories": _number,
    "requisites": _one_of(*VALUES["requisites"]),
    "recheck": _yes_no,
    "backfill": _backfill,
    "read": _one_of(*VALUES["read"]),
    "seeds": _urls,
    "scope": _one_of(*VALUES["scope"]),
    "max_pages": _number,
    "warcs": lambda name, text: text,
    "collection": lambda name, text: text.strip(),
    "copy": _yes_no,
    "depth": _number,
    "from_archives": _yes_no,
}
