"""Limit of open files of this process, and the number of fetches it allows."""

from __future__ import annotations

import logging
import resource
from contextlib import suppress

logger = logging.getLogger(__name__)

_FILES_WANTED = 4096
_FILES_KEPT = 40
"""Files that Python, Scrapy, the index, the WARC, the parser pool and idle connections have open."""
_FILES_A_FETCH = 2
"""A socket, and a file for a large body."""
_FEW = 16


def fetches_at_once() -> int:
    """Number of fetches this process has files for; raises its soft limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES_WANTED if hard == resource.RLIM_INFINITY else min(hard, _FILES_WANTED)
    if soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = max(1, (soft - _FILES_KEPT) // _FILES_A_FETCH)
    if most < _FEW:
        logger.warning("files-limit limit=%d fetches_at_once=%d", soft, most)
    return most
