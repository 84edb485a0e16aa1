"""Registered domains of host names, by the public suffix list.

Source: the list as shipped with tldextract; the network is not asked.
"""

from __future__ import annotations

import ipaddress
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tldextract


@lru_cache(maxsize=65536)
def registrable_domain(host: str) -> str:
    """The registered domain of a host name: `presstv.co.uk` of `www.presstv.co.uk`.

    An IP address and a name of one label are returned as they are. Under a top domain that the list does not know: the last two labels.

    >>> registrable_domain("www.paper.newtopdomain"), registrable_domain("10.0.0.1"), registrable_domain("co.uk")
    ('paper.newtopdomain', '10.0.0.1', 'co.uk')
    """
    found = _suffixes()(host)
    if found.top_domain_under_public_suffix or found.suffix or _is_address(host):
        return found.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])


def is_public_suffix(host: str) -> bool:
    """True for a public suffix; cookies for it would reach unrelated owners.

    >>> is_public_suffix("co.uk"), is_public_suffix("paper.example"), is_public_suffix("example")
    (True, False, True)
    """
    return "." not in host or _suffixes()(host).suffix == host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


@cache
def _suffixes() -> tldextract.TLDExtract:
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=65536)
def suffixes_and_domains(host: str) -> tuple[str | None, str | None, str | None, str | None]:
    """Registry suffix, registered domain, private suffix and private domain of a host name.

    Private suffixes are those under which companies register names, `blogspot.com`; None for an address or a name of one label.

    >>> suffixes_and_domains("a.paper.co.uk"), suffixes_and_domains("my.blogspot.com")
    (('co.uk', 'paper.co.uk', 'co.uk', 'paper.co.uk'), ('com', 'blogspot.com', 'blogspot.com', 'my.blogspot.com'))
    """
    public, private = _suffixes()(host), _suffixes()(host, include_psl_private_domains=True)
    found = (public.suffix, public.top_domain_under_registry_suffix, private.suffix, private.top_domain_under_public_suffix)
    return (found[0] or None, found[1] or None, found[2] or None, found[3] or None)
