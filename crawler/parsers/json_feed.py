"""JSON Feed, versions 1.0 and 1.1, taken apart without trust."""

from __future__ import annotations

import json
import re
from typing import Any

from attrs import frozen

MAX_ITEMS = 50_000
_ITEMS = re.compile(r"\"items\"\s*:\s*\[")
_OBJECT = re.compile(r"[\s,]*\{")


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
    """Take a JSON Feed apart; what is wrong with it where it is none.

    Source: jsonfeed.org, version 1.1.

    >>> json_feed('{"items": [{"id": "http://a.example/1", "title": "One"}]}').items[0].addresses
    ('http://a.example/1',)
    """
    problem = None
    try:
        # Line breaks within strings, which JSON forbids, harm nobody.
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        problem = f"JSON, cut off or broken: {error}"[:200]
        found = {"items": _whole_items(text)}
        if not found["items"]:
            return f"no feed: {problem}"
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list):
        return "no feed: JSON without items"
    return JsonFeed(
        title=_text(found, "title"), language=_text(found, "language"), next_url=_text(found, "next_url"),
        items=tuple(_item(item) for item in items if isinstance(item, dict)), problem=problem,
    )  # fmt: skip


def _whole_items(text: str) -> list[Any]:
    """The items of a broken feed that came whole, up to the fault."""
    found: list[Any] = []
    start, decoder = _ITEMS.search(text), json.JSONDecoder(strict=False)
    at = start.end() if start else len(text)
    try:
        while len(found) < MAX_ITEMS and (place := _OBJECT.match(text, at)):
            item, at = decoder.raw_decode(text, place.end() - 1)
            found.append(item)
    except (ValueError, RecursionError):
        pass
    return found


def _item(item: dict[str, Any]) -> JsonItem:
    identity = _text(item, "id")
    addresses = (
        _text(item, "url"),
        identity if identity and identity.lower().startswith(("http:", "https:")) else None,
        _text(item, "external_url"),
    )
    return JsonItem(
        addresses=tuple(address for address in addresses if address), title=_text(item, "title"), published=_text(item, "date_published"),
        modified=_text(item, "date_modified"),
    )  # fmt: skip


def _text(found: dict[str, Any], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) and value.strip() else None
