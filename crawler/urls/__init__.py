"""Addresses: resolving, refusals, page keys and SURT keys, for any site."""

from crawler.urls.address import DEFAULT_PORTS, Address, parse_address
from crawler.urls.domains import is_public_suffix, registrable_domain
from crawler.urls.host import BadAddress
from crawler.urls.keys import canonical_url, page_key, surt, web_story
from crawler.urls.links import join, location_of, rule_against
from crawler.urls.parts import host_of, path_of, safe_port, with_host
from crawler.urls.problems import problem_of
from crawler.urls.refusals import MAX_URL_CHARACTERS, resolved

__all__ = [
    "DEFAULT_PORTS",
    "MAX_URL_CHARACTERS",
    "Address",
    "BadAddress",
    "canonical_url",
    "host_of",
    "is_public_suffix",
    "join",
    "location_of",
    "page_key",
    "parse_address",
    "path_of",
    "problem_of",
    "registrable_domain",
    "resolved",
    "rule_against",
    "safe_port",
    "surt",
    "web_story",
    "with_host",
]
