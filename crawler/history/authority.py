"""Authorities of tag: URIs (RFC 4151): a host name or a mail address."""

from __future__ import annotations

import re

from crawler.errors import SetupError

_AUTHORITY = re.compile(r"([\w.+-]+@)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.ASCII | re.IGNORECASE)


def check_authority(name: str) -> None:
    """Refuse what is neither a host name nor a mail address.

    Raises:
        SetupError: Names the setting.
    """
    if not _AUTHORITY.fullmatch(name):
        raise SetupError(f"ARCHIVE_FEED_AUTHORITY: {name[:80]!r}: no host name or mail address")
