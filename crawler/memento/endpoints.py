"""Web archives to be asked: the words of ARCHIVE_MEMENTO_ENDPOINTS."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal
from urllib.parse import quote, urlsplit

from attrs import field, frozen

from crawler.errors import SetupError
from crawler.urls import host_of

Kind = Literal["memento", "timemap", "timegate", "cdx"]
KINDS: tuple[Kind, ...] = ("memento", "timemap", "timegate", "cdx")
REWRITTEN = "rewritten"
"""Word before an endpoint that has no raw replay."""
_WAYBACK_CDX = "/cdx/search/cdx"
MOST_LINES = 1000
"""Lines that a CDX server is asked for."""


@frozen(kw_only=True)
class Archive:
    """One web archive: where its lists are, and where its copies are served."""

    kind: Kind
    address: str
    """What the address of a page is put behind, or a CDX server's own address."""
    replay: str | None = None
    """What timestamp and address are put behind; None where its lists name whole addresses."""
    rewritten: bool = False
    """Whether it only serves rewritten pages."""
    name: str = field(init=False)
    """Its host: what the report calls it."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "name", host_of(self.address))

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts that are asked for its lists and copies."""
        return frozenset({self.name, *([host_of(self.replay)] if self.replay else [])})

    def list_of(self, url: str, *, prefix: bool = False) -> str:
        """The address of its list of the copies of a page.

        Args:
            prefix: Of all pages whose address begins so; CDX servers only.
        """
        if self.kind == "cdx":
            match = "&matchType=prefix" if prefix else ""
            return f"{self.address}?url={quote(url, safe='')}{match}&output=json&limit={MOST_LINES}"
        return f"{self.address}{'timemap/link/' if self.kind == 'memento' else ''}{url}"


def parse_endpoints(setting: str | Iterable[str] | None) -> tuple[Archive, ...]:
    """Read ARCHIVE_MEMENTO_ENDPOINTS: addresses behind blanks or commas, each with its kind before it.

    Raises:
        SetupError: Names the piece that is none.

    >>> parse_endpoints("cdx+https://web.archive.org/cdx/search/cdx")[0].replay
    'https://web.archive.org/web/'
    """
    pieces = re.split(r"[\s,]+(?=[\w+]*https?:)", setting.strip()) if isinstance(setting, str) else list(setting or ())
    return tuple(_archive(piece.strip(" ,")) for piece in pieces if piece.strip(" ,"))


def _archive(piece: str) -> Archive:
    words, scheme, rest = piece.partition("http")
    names = {word for word in words.split("+") if word}
    kinds = [known for known in KINDS if known in names] or ["memento"]
    if not scheme or not names <= {kinds[0], REWRITTEN}:
        raise _fault(piece, "write ADDRESS, or KIND+ADDRESS with one of memento, timemap, timegate, cdx")
    address, _, replay = f"{scheme}{rest}".partition("|")
    for url in (address, replay or address):
        _check(piece, url)
    return _of_kind(piece, kinds[0], address, replay, rewritten=REWRITTEN in names)


def _check(piece: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
        raise _fault(piece, f"{url!r} is no address of a web server")


def _of_kind(piece: str, kind: Kind, address: str, replay: str, *, rewritten: bool) -> Archive:
    """The archive of an endpoint, with what its kind says of where its copies are."""
    if kind == "cdx":
        address = address.rstrip("?/")
        replay = replay or _replay_of(address)
        if not replay:
            raise _fault(piece, "where its copies are served is not known: write cdx+ADDRESS|REPLAY/")
        return Archive(kind=kind, address=address, replay=_with_slash(replay), rewritten=rewritten)
    if kind == "timemap" and replay:
        return Archive(kind=kind, address=address, replay=_with_slash(replay), rewritten=rewritten)
    if replay:
        raise _fault(piece, "only a CDX server or TimeMap takes an address behind a bar")
    address = _with_slash(address) if kind == "memento" else address
    return Archive(kind=kind, address=address, replay=address if kind == "memento" else None, rewritten=rewritten)


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


def _replay_of(cdx: str) -> str:
    """Address of a CDX server's copies: beside it (pywb), or /web/ (Wayback Machine)."""
    if cdx.endswith(_WAYBACK_CDX):
        return f"{cdx.removesuffix(_WAYBACK_CDX)}/web/"
    return cdx.removesuffix("cdx") if cdx.endswith("/cdx") else ""


def _fault(piece: str, what: str) -> SetupError:
    return SetupError(f"ARCHIVE_MEMENTO_ENDPOINTS: {piece!r}: {what}")
