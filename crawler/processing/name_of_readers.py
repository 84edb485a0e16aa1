"""One name for the readers of all sites."""

from __future__ import annotations

import hashlib
import json

from crawler.index.reader_version import reader_version
from crawler.parsers.limits import ReadLimits
from crawler.sites.known import sites_known


def name_of_readers(folders: tuple[str, ...], limits: ReadLimits) -> str:
    """Name the readers of all sites, as far as they decide what is read."""
    sites = sites_known(folders)
    versions = [reader_version(None, limits), *(reader_version(sites[name].file, limits) for name in sorted(sites))]
    return hashlib.sha256(json.dumps([versions, sorted(sites)]).encode()).hexdigest()
