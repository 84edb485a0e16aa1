"""Check of settings: names that no code reads, and values out of range."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from crawler import settings as ours
from crawler.coverage.policy import levels_of
from crawler.errors import SetupError
from crawler.history.authority import check_authority
from crawler.pacing.hours import read_hours

PREFIX = "ARCHIVE_"
_MAIL = re.compile(r"[^\s@:/?<>()\"]+@[^\s@:/?<>()\"]+\.[^\s@:/?<>()\"]+")
_CONTACT = re.compile(rf"mailto:{_MAIL.pattern}|https?://[^\s/?#<>()\"]+(?:[/?#][^\s<>()\"]*)?", re.IGNORECASE)
"""Without brackets and quotes, which would end the comment in the User-Agent."""
FROM_ONE = frozenset({
    "ARCHIVE_ATTEMPTS", "ARCHIVE_FIXITY_DAYS", "ARCHIVE_HOST_FAILURES", "ARCHIVE_LEASES_PER_HOST", "ARCHIVE_MAX_DECODED_BYTES",
    "ARCHIVE_MAX_DECODED_RATIO",
    "ARCHIVE_MAX_HEADERS", "ARCHIVE_MAX_HEADER_LINE_BYTES", "ARCHIVE_MAX_HEAD_BYTES", "ARCHIVE_MAX_HTML_BYTES", "ARCHIVE_MAX_LINE_BYTES",
    "ARCHIVE_MAX_MEDIA_BYTES", "ARCHIVE_MAX_PAGE_BYTES", "ARCHIVE_MAX_ROBOTS_BYTES", "ARCHIVE_MAX_SITEMAP_BYTES",
    "ARCHIVE_MAX_MEMENTOS", "ARCHIVE_MAX_URL_CHARACTERS", "ARCHIVE_MEMENTO_FORMS", "ARCHIVE_MEMENTO_REQUESTS", "ARCHIVE_PARSE_MEMORY",
    "ARCHIVE_PARSE_WORKERS", "ARCHIVE_WARC_MAX_BYTES",
})  # fmt: skip
"""Whole numbers of which 0 means nothing; any other number may be 0."""
ABOVE_NOTHING = frozenset({"ARCHIVE_CONNECT_TIMEOUT", "ARCHIVE_IDLE_TIMEOUT", "ARCHIVE_TOTAL_TIMEOUT", "ARCHIVE_PARSE_SECONDS"})
"""Seconds that must be more than 0."""
SHARES = frozenset({"ARCHIVE_COMPARE_SHARE"})
"""Numbers from 0 to 1."""
FRACTIONS = frozenset({"ARCHIVE_MAX_RETRY_AFTER", "ARCHIVE_ROBOTS_MAX_AGE"})
"""Seconds whose default is whole, and which need not be."""
WORDS = {
    "ARCHIVE_TLS": ("verify", "record"),
    "ARCHIVE_CHUNKED_PAYLOAD_DIGEST": ("spec", "omit"),
    "ARCHIVE_DIGEST": ("sha1", "sha256", "both"),
    "ARCHIVE_WEBHOOK_ON": ("bad", "always", "changed"),
}


class Settings(Protocol):
    """Scrapy's settings, as far as they matter here."""

    def __iter__(self) -> Iterator[str]:
        """The names."""

    def get(self, name: str, default: Any = None) -> Any:
        """One setting."""

    def getbool(self, name: str, default: bool = False) -> bool:
        """One setting as yes or no."""


def known() -> list[str]:
    """The names of our settings."""
    return [name for name in vars(ours) if name.startswith(PREFIX)]


def unknown(names: Iterator[str] | list[str]) -> Iterator[str]:
    """Warn of each name of our prefix that no code reads.

    >>> list(unknown(["ARCHIVE_DIRR", "LOG_LEVEL"]))
    ['no setting named ARCHIVE_DIRR; did you mean ARCHIVE_DIR?']
    """
    ours_too = set(known())
    for name in names:
        if name.startswith(PREFIX) and name not in ours_too:
            near = difflib.get_close_matches(name.removeprefix(PREFIX), [one.removeprefix(PREFIX) for one in known()], 1, 0.7)
            yield f"no setting named {name}; " + (f"did you mean {PREFIX}{near[0]}?" if near else "docs/settings.md lists them")


def check(settings: Settings) -> None:
    """Refuse values that mean nothing, before anything is opened.

    Raises:
        SetupError: Names the setting, the value and what it may be.
    """
    for name in known():
        value, default = settings.get(name), getattr(ours, name)
        if name in WORDS:
            if value not in WORDS[name]:
                raise SetupError(f"{name}: {value!r}; one of {', '.join(WORDS[name])}")
        elif isinstance(default, bool):
            _yes_or_no(settings, name, value)
        elif isinstance(default, int | float):
            _number(name, value, whole=isinstance(default, int) and name not in FRACTIONS)
    _texts(settings)
    for name in ("ARCHIVE_SPOOL_DIR", "ARCHIVE_WACZ_KEY", "ARCHIVE_TSA_CA_FILE"):
        if (place := settings.get(name)) and not (Path.is_dir if name.endswith("_DIR") else Path.is_file)(Path(place)):
            raise SetupError(f"{name}: {place}: no such {'directory' if name.endswith('_DIR') else 'file'}")
    for name in ("ARCHIVE_WEBHOOK", "ARCHIVE_REPLAY_URL", "ARCHIVE_TSA_URL"):
        _web_address(name, str(settings.get(name) or ""))


def _texts(settings: Settings) -> None:
    """Refuse texts that mean nothing."""
    contact = str(settings.get("ARCHIVE_CONTACT") or "")
    if contact and not _CONTACT.fullmatch(contact):
        near = f"; did you mean mailto:{contact}?" if _MAIL.fullmatch(contact) else ""
        raise SetupError(f"ARCHIVE_CONTACT: {contact!r}; write mailto:NAME@HOST or the http(s) address of a page{near}")
    for name, read in (("ARCHIVE_HOURS", read_hours), ("ARCHIVE_CHECKS", levels_of), ("ARCHIVE_FEED_AUTHORITY", check_authority)):
        read(str(settings.get(name) or ""))
    if endpoints := settings.get("ARCHIVE_MEMENTO_ENDPOINTS"):
        from crawler.memento.endpoints import parse_endpoints

        parse_endpoints(endpoints)


def _web_address(name: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        good = not url or (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and url.isprintable())
    except ValueError:
        good = False
    if not good or " " in url:
        # Not shown: it may hold a token.
        raise SetupError(f"{name}: no address of the form http://HOST/... or https://HOST/...")


def _yes_or_no(settings: Settings, name: str, value: object) -> None:
    try:
        settings.getbool(name)
    except ValueError as error:
        raise SetupError(f"{name}: {value!r}; True or False") from error


def _number(name: str, value: object, *, whole: bool) -> None:
    try:
        number = int(str(value)) if whole and not isinstance(value, float) else float(str(value))
    except ValueError:
        number = math.nan
    if whole and number != number // 1:
        number = math.nan
    least = 1 if name in FROM_ONE else 0
    if name in SHARES and not 0 <= number <= 1:
        raise SetupError(f"{name}: {str(value)!r}; a number, from 0 to 1")
    if not math.isfinite(number) or number < least or (name in ABOVE_NOTHING and number <= 0):
        what = "a whole number" if whole else "a number"
        raise SetupError(f"{name}: {str(value)!r}; {what}, {'more than 0' if name in ABOVE_NOTHING else f'{least} or more'}")
