"""A list of mementos, whatever its form: link format, JSON, CDXJ or CDX."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from attrs import field, frozen

from crawler.parsers.timemaps.link_format import read_links
from crawler.urls import join
from crawler.urls.memento_address import FIRST_YEAR, MementoAddress, date_of_timestamp

MAX_CHARACTERS = 4 * 1024 * 1024
"""Of a list that is read."""
MAX_MEMENTOS = 10_000
"""Of one list."""
CDX_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
"""Fields of a CDX line where no header names them, as the Wayback CDX server has them."""
_NAMES = {"url": "original", "mime": "mimetype", "status": "statuscode", "uri": "address"}
"""Names that pywb and MemGator use."""
_CDXJ = re.compile(r"(\S+) (\d{4,14}) (\{.*\})")


@frozen(kw_only=True)
class Memento:
    """One memento as a list names it."""

    date: datetime
    """When it was archived, as the archive says."""
    original: str | None = None
    """The address of what was archived, if the list names it for this memento."""
    address: str | None = None
    """Its own address (URI-M); None in an answer of a CDX server."""
    timestamp: str | None = None
    """The 14 digits, of a CDX server."""
    status: int | None = None
    """HTTP status that was archived; None if unknown."""
    mime: str | None = None
    digest: str | None = None
    """Of the payload, as the archive writes it."""


@frozen(kw_only=True)
class MementoList:
    """The mementos of one answer."""

    mementos: tuple[Memento, ...] = ()
    """By date; none that lacks a date."""
    pages: tuple[str, ...] = ()
    """Addresses of further TimeMaps."""
    passed_over: int = 0
    """Lines or links without a date, that are none, or beyond the limits."""
    recognised: bool = field(default=True)
    """False for what is no list of mementos: a page, an error."""


def read_memento_list(text: str, url: str) -> MementoList:
    """Read a list of mementos by its first characters, never by its media type.

    Args:
        url: Its address, for relative ones in it.
    """
    over = len(text) > MAX_CHARACTERS
    text = text[:MAX_CHARACTERS].lstrip("\ufeff \t\r\n")
    if not text:
        return MementoList()
    if text[0] == "<" and not re.match(r"<(?:!|\?|[a-z]+[ >])", text, re.IGNORECASE):
        found = _of_links(text, url)
    elif text[0] == "[":
        found = _of_array(text)
    elif text[0] == "{":
        found = _of_objects(text, url)
    else:
        found = _of_lines(text, url)
    extra = int(over)
    return MementoList(
        mementos=found.mementos, pages=found.pages, passed_over=found.passed_over + extra, recognised=found.recognised
    )  # fmt: skip


def http_date(text: str | None) -> datetime | None:
    """Read an HTTP date; None if it is none, or before the web.

    >>> http_date("Sun, 03 Feb 2019 04:05:06 GMT").isoformat()
    '2019-02-03T04:05:06+00:00'
    """
    try:
        found = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if found.year < FIRST_YEAR:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _of_links(text: str, url: str) -> MementoList:
    links, passed = read_links(text, MAX_MEMENTOS)
    original = next((link.target for link in links if "original" in link.relations), None)
    found: list[Memento] = []
    pages: list[str] = []
    for link in links:
        address = join(url, link.target)
        if "memento" in link.relations:
            date = http_date(link.parameters.get("datetime"))
            if date is None or address is None:
                passed += 1
            else:
                found.append(Memento(date=date, address=address, original=original))
        elif link.relations & {"timemap"} and "self" not in link.relations and address:
            pages.append(address)
    return _sorted(found, pages=pages, passed=passed, recognised=bool(links))


def _of_array(text: str) -> MementoList:
    """Read a JSON array of rows, the first of which names the fields (Wayback)."""
    rows = _json(text)
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return MementoList(recognised=False)
    if not rows:
        return MementoList()
    header = [str(name).lower() for name in rows[0]]
    names, lines = (header, rows[1:]) if "timestamp" in header else (list(CDX_FIELDS), rows)
    return _of_fields([dict(zip(names, map(str, row), strict=False)) for row in lines[:MAX_MEMENTOS]], over=len(lines) - MAX_MEMENTOS)


def _of_objects(text: str, url: str) -> MementoList:
    """Read one JSON object with its mementos (MemGator), or one a line (pywb)."""
    whole = _json(text)
    if isinstance(whole, dict) and isinstance(listed := whole.get("mementos"), dict):
        entries = listed.get("list")
        return _of_memgator(entries if isinstance(entries, list) else [], str(whole.get("original_uri") or "") or None, url)
    lines = [line for line in text.splitlines() if line.strip()]
    rows = [row for line in lines[:MAX_MEMENTOS] if isinstance(row := _json(line), dict)]
    if not any("timestamp" in row for row in rows):
        return MementoList(recognised=False)
    return _of_fields([{str(k): str(v) for k, v in row.items()} for row in rows], over=len(lines) - len(rows))


def _of_memgator(entries: list[Any], original: str | None, url: str) -> MementoList:
    found: list[Memento] = []
    for entry in entries[:MAX_MEMENTOS]:
        date = _iso_date(entry.get("datetime")) if isinstance(entry, dict) else None
        address = join(url, str(entry.get("uri"))) if date else None
        if date is not None and address is not None:
            found.append(Memento(date=date, address=address, original=original))
    return _sorted(found, passed=len(entries) - len(found))


def _of_lines(text: str, url: str) -> MementoList:
    """Read CDX or CDXJ lines."""
    rows: list[dict[str, str]] = []
    passed = 0
    names: list[str] = list(CDX_FIELDS)
    for number, line in enumerate(text.splitlines()):
        if not line.strip() or line.startswith((" CDX", "!meta", "@")):
            continue
        if number >= MAX_MEMENTOS:
            passed += 1
            break
        if found := _CDXJ.fullmatch(line.strip()):
            row = _json(found[3])
            told = {str(k): str(v) for k, v in row.items()} if isinstance(row, dict) else {}
            rows.append({"timestamp": found[2]} | told)
            continue
        parts = line.split()
        if len(parts) >= 3 and parts[1].isascii() and parts[1].isdecimal():
            rows.append(dict(zip(names, parts, strict=False)))
        else:
            passed += 1
    if not rows:
        return MementoList(recognised=False, passed_over=passed)
    return _of_fields(rows, over=passed)


def _of_fields(rows: Iterable[dict[str, str]], *, over: int) -> MementoList:
    found: list[Memento] = []
    passed = max(0, over)
    for raw in rows:
        row = {_NAMES.get(name, name): value for name, value in raw.items()}
        timestamp = row.get("timestamp", "")
        date = date_of_timestamp(timestamp) or _iso_date(row.get("datetime"))
        if date is None:
            passed += 1
            continue
        status = row.get("statuscode", "")
        found.append(
            Memento(
                date=date,
                original=row.get("original"),
                timestamp=timestamp,
                address=row.get("load_url") or row.get("address"),
                status=int(status) if status.isascii() and status.isdecimal() and len(status) == 3 else None,
                mime=row.get("mimetype"),
                digest=row.get("digest"),
            )
        )
    return _sorted(found, passed=passed)


def _sorted(found: list[Memento], *, passed: int, pages: Iterable[str] = (), recognised: bool = True) -> MementoList:
    one: Iterator[Memento] = iter(sorted(found, key=lambda memento: (memento.date, memento.address or memento.original or "")))
    return MementoList(mementos=tuple(one), pages=tuple(dict.fromkeys(pages)), passed_over=passed, recognised=recognised)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _iso_date(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    if found.year < FIRST_YEAR:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def original_of(memento: Memento) -> str | None:
    """The address of what was archived: from the memento's own address, else as listed."""
    of = MementoAddress.of(memento.address) if memento.address else None
    return of.original if of is not None else memento.original
