"""JSON Feed, versions 1.0 and 1.1, taken apart without trust."""

from __future__ import annotations

import json
import re
from typing import Any

from attrs import frozen

MAX_ITEMS = 50_000
CUT_OR_BROKEN = "JSON, cut off or broken"
"""Begins the problem of a feed of which items may be missing."""
MAX_FAULTS = 100
"""After which no more is read: behind each of them the text may be looked through to its end."""
_OF_ITEMS = frozenset({"id", "content_html", "content_text", "date_published"})
_ITEMS = re.compile(r"\"items\"\s*:\s*\[")
_OBJECT = re.compile(r"[\s,]*\{")
_NEXT_OBJECT = re.compile(r"(?<=[}\],])\s*\{")
_ENDS = re.compile(r"[\s,]*\][\s,]*(?:\}|\"\w+\"\s*:)")
_NEXT_PAGE = re.compile(r"\"next_url\"\s*:\s*(\"(?:[^\"\\]|\\(?:[\"\\/bfnrt]|u[0-9A-Fa-f]{4}))*+\")")


@frozen(kw_only=True)
class JsonItem:
    """One item as written."""

    addresses: tuple[str, ...]
    """`url`, else an `id` that is an address, else `external_url`."""
    title: str | None
    published: str | None
    modified: str | None


@frozen(kw_only=True)
class JsonFeed:
    """A feed as written."""

    title: str | None
    language: str | None
    next_url: str | None
    items: tuple[JsonItem, ...]
    problem: str | None = None
    """Where not all of it could be read."""


def json_feed(text: str) -> JsonFeed | str:
    """Parse a JSON Feed; returns a problem if it is none.

    Source: jsonfeed.org, version 1.1.

    >>> json_feed('{"items": [{"id": "http://a.example/1", "title": "One"}]}').items[0].addresses
    ('http://a.example/1',)
    """
    problem = None
    try:
        # Line breaks within strings, which JSON forbids, do no harm; nor does text behind the feed, mostly a cache's comment.
        found, _ = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
    except (ValueError, RecursionError) as error:
        whole, ended = _whole_items(text)
        problem = f"{'JSON' if ended else CUT_OR_BROKEN}: {error}"[:200]
        if not whole:
            return f"no feed: {problem}"
        further = _NEXT_PAGE.search(text)
        found = {"items": whole, "next_url": json.loads(further[1], strict=False) if further else None}
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list):
        return "no feed: JSON without items"
    return JsonFeed(
        title=_string(found, "title"), language=_string(found, "language"), next_url=_string(found, "next_url"),
        items=tuple(_item(item) for item in items if isinstance(item, dict)), problem=problem,
    )  # fmt: skip


def _whole_items(text: str) -> tuple[list[Any], bool]:
    """Items of a broken feed that are complete.

    Also those behind a fault; and whether there is no other fault than a comma too many.
    """
    found: list[Any] = []
    start, decoder = _ITEMS.search(text), json.JSONDecoder(strict=False)
    at, faults = start.end() if start else len(text), 0
    while len(found) < MAX_ITEMS and (place := (_NEXT_OBJECT.search if faults else _OBJECT.match)(text, at)):
        try:
            item, at = decoder.raw_decode(text, place.end() - 1)
        except json.JSONDecodeError as error:
            faults, at = faults + 1, max(error.pos, place.end())
        except RecursionError:
            break
        else:
            # Behind a fault an object may be one of a broken item: an attachment, an author.
            found += [item] if not faults or not _OF_ITEMS.isdisjoint(item) else []
        if faults > MAX_FAULTS:
            break
    return found, bool(start) and not faults and _ENDS.match(text, at) is not None


def _item(item: dict[str, Any]) -> JsonItem:
    identity = _string(item, "id")
    addresses = (
        _string(item, "url"),
        identity if identity and identity.lower().startswith(("http:", "https:")) else None,
        _string(item, "external_url"),
    )
    return JsonItem(
        addresses=tuple(address for address in addresses if address), title=_string(item, "title"),
        published=_string(item, "date_published"), modified=_string(item, "date_modified"),
    )  # fmt: skip


def _string(found: dict[str, Any], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) and value.strip() else None
