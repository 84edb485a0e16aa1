"""Names of lanes: publishers, and hosts of no known site.

One worker holds a lane at a time, so that a host has one gate however many workers there are. All mirrors of a publisher are one lane.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crawler.sites.known import WEB
from crawler.sites.site import Site
from crawler.urls import host_of, safe_port

_DEFAULT_PORTS = {"http": 80, "https": 443}


def owners_of(sites: Iterable[Site]) -> dict[str, str]:
    """Map the hosts of sites to the name of the first that has each.

    >>> from crawler.sites.known import sites_known
    >>> owners_of(sites_known(()).values())["www.presstv.ir"]
    'presstv'
    """
    found: dict[str, str] = {}
    for site in sorted(sites, key=lambda site: site.name):
        for host in sorted(site.own_hosts):
            found.setdefault(host, site.name)
    return found


def lane_name(site: str, url: str, owners: Mapping[str, str]) -> str:
    """Name the lane of a frontier row.

    Args:
        site: As the row has it; `web` for pages of no known site.
        owners: Names of sites by host; see `owners_of`.

    >>> lane_name("presstv", "https://cdn.example/1.jpg", {}), lane_name("web", "https://www.presstv.ir/", {"www.presstv.ir": "presstv"})
    ('presstv', 'presstv')
    >>> lane_name("web", "https://A.example:443/x", {}), lane_name("web", "http://a.example:8080/", {})
    ('a.example', 'a.example:8080')
    """
    return site if site != WEB.name else lane_of_address(url, owners)


def lane_of_address(url: str, owners: Mapping[str, str]) -> str:
    """Name the lane whose holder may ask for an address."""
    host, port = host_of(url), safe_port(url)
    if port is not None and port != _DEFAULT_PORTS.get(url.partition(":")[0].lower()):
        return owners.get(host) or (f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    return owners.get(host) or host
