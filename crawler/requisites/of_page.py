"""Requisites of a page: what its look needs, by a rule that knows no host."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from crawler.parsers.document.page import Page
from crawler.parsers.encoding.encoders import encoder_of
from crawler.parsers.links.requisites import Named, named_requisites
from crawler.parsers.picture_urls.same_file import names_picture
from crawler.requisites.needs import FALLBACK, FILM, LATE, SPECK, Kind, Requisites
from crawler.requisites.script_addresses import addresses_in_import_map, addresses_in_script
from crawler.requisites.style_addresses import addresses_in_style
from crawler.urls import host_of, join, registrable_domain

PLACEHOLDERS = ("{{", "${", "<%")
"""Signs of an address that a script has yet to make."""


def requisites_of(page: Page, own_hosts: Collection[str] = ()) -> Requisites:
    """Find what a page needs to be shown as it was; never raises.

    Styles, scripts, fonts, icons, pictures in every size, those that a script loads later among them; also what only some screens or
    printers are given. Not what shows nothing: pictures of one pixel; scripts of another domain for which the page does not wait
    (`async`, without an `integrity`); pictures of another domain for readers without scripts that are not named as pictures. Films and
    sound are left out for their size, pages in frames as pages of their own.

    Args:
        own_hosts: Hosts that are no other domain, beside those of the page's.
    """
    found, encode = Requisites(most=page.limits.links), encoder_of(page.charset)
    for kind, address, named in _addresses(page):
        if not address.strip() or any(sign in address for sign in PLACEHOLDERS):
            continue
        url = join(page.base, address, encode)
        if url is None:
            continue
        if reason := _needless(kind, url, named, page.url, own_hosts):
            found.leave_out(url, reason)
        else:
            found.need(url, kind)
    return found


def page_requisites(page: Page) -> tuple[str, ...]:
    """The addresses of all that a page needs, in page order; never raises."""
    return tuple(requisites_of(page).urls())


def _addresses(page: Page) -> Iterator[tuple[Kind, str, Named]]:
    """Kinds and addresses that a page names, those in its texts among them."""
    for named in named_requisites(page):
        match named.kind:
            case "css" | "declarations":
                for one in addresses_in_style(named.text, declarations=named.kind == "declarations"):
                    yield one.kind, one.address, named
            case "module":
                yield from (("script", address, named) for address in addresses_in_script(named.text))
            case "import map":
                yield from (("script", address, named) for address in addresses_in_import_map(named.text))
            case kind:
                yield kind, named.text, named


def _needless(kind: Kind, url: str, named: Named, page: str, own_hosts: Collection[str]) -> str | None:
    """The reason why something is not asked for, or None."""
    if kind == "film":
        return FILM
    if kind == "picture" and named.speck:
        return SPECK
    if kind == "script" and named.late and _is_foreign(url, page, own_hosts):
        return LATE
    if kind == "picture" and named.fallback and not names_picture(url) and _is_foreign(url, page, own_hosts):
        return FALLBACK
    return None


def _is_foreign(url: str, page: str, own_hosts: Collection[str]) -> bool:
    """Tell whether an address is of another domain than a page."""
    here, there = host_of(page), host_of(url)
    if there == here or there in own_hosts:
        return False
    if here.split(".")[-2:] != there.split(".")[-2:]:
        return True  # decided without the list of suffixes, which takes long to load
    return registrable_domain(here) != registrable_domain(there)


def counted(found: Requisites) -> tuple[tuple[str, int], ...]:
    """Reasons for which something was left out, with numbers."""
    return tuple((reason, len(urls)) for reason, urls in found.left_out.items())
