"""Interpretation of captures, its readers imported at the first.

Worker processes interpret most: the process of a crawl may never need them.
"""

from __future__ import annotations

import pickle
from functools import cache
from typing import TYPE_CHECKING

from crawler.processing.received import ALL, Options, Received

if TYPE_CHECKING:
    from crawler.items import Unusable, Usable
    from crawler.processing.plain_outcomes import PlainOutcome
    from crawler.sites.site import Site

MODULES = (__name__, "crawler.processing.interpret", "crawler.processing.plain_outcomes", "crawler.sites.known")
"""What `interpret_plainly` needs: a worker imports it before its first page."""


def interpret(site: Site, received: Received, options: Options = ALL) -> Usable | Unusable:
    """Determine the outcome of one capture, as what it was asked for; never raises."""
    from crawler.processing import interpret as readers

    return readers.interpret(site, received, options)


def settings_of(folders: tuple[str, ...], options: Options) -> bytes:
    """Write what all jobs of a crawl share, once for all of them."""
    return pickle.dumps((folders, options), protocol=5)


@cache
def _settings_in(settings: bytes) -> tuple[tuple[str, ...], Options]:
    """Read what was written by the process that asks."""
    folders, options = pickle.loads(settings)
    return folders, options


def interpret_plainly(name: str, settings: bytes, received: Received) -> PlainOutcome:
    """In a worker: interpret a capture of the site of that name."""
    from crawler.processing.plain_outcomes import plain_of
    from crawler.sites.known import site_of

    folders, options = _settings_in(settings)
    return plain_of(interpret(site_of(name, folders), received, options))
