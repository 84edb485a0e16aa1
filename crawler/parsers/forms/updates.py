"""Entries of a live blog as JSON-LD tells them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from attrs import frozen

from crawler.items import Block
from crawler.parsers.dates.dates import moment
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, squeeze, words
from crawler.parsers.document.structured_data import linked_data, texts

MAX_UPDATES = 5_000
MIN_TEXT = 200
"""Characters from which entries told are a text."""

_START = 60
_LONG = 40


@frozen(kw_only=True, slots=False)
class Update:
    """One entry as JSON-LD tells it."""

    title: str
    text: str
    time: str | None
    authors: tuple[str, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The beginnings of title and text, for comparing."""
        return tuple(key for text in (self.title, self.text[:120]) if len(key := words(text)[:_START]) > 5)

    def is_told_by(self, key: str) -> bool:
        """Tell whether a line begins as the title or the text."""
        return any(key.startswith(start) or (len(key) > _LONG and start.startswith(key)) for start in self.keys)

    def blocks(self) -> list[Block]:
        """The entry as blocks of a body."""
        out = [entry_block(self.time, self.authors)]
        if self.title:
            out.append(Block(kind="heading", text=self.title))
        return out + [Block(kind="paragraph", text=line) for line in self.text.split("\n") if line]


def entry_block(time: str | None, authors: Sequence[str]) -> Block:
    """The block that begins an entry."""
    return Block(kind="entry", text="\n".join(line for line in (time, ", ".join(authors)) if line) or None)


def updates(page: Page) -> list[Update]:
    """The entries that JSON-LD tells, in its order."""
    for node in linked_data(page).nodes:
        listed = node.get("liveBlogUpdate")
        nodes = listed if isinstance(listed, list) else [listed]
        if found := [_update(one) for one in nodes[:MAX_UPDATES] if isinstance(one, dict)]:
            return found
    return []


def _update(node: dict[str, Any]) -> Update:
    body = next((value for name in ("articleBody", "text", "description") if isinstance(value := node.get(name), str)), "")
    lines = (squeeze(re.sub(r"<[^<>]{1,300}>", " ", part)) for part in re.split(r"\n|</p>|<br ?/?>", body))
    value = next((value for name in ("datePublished", "dateModified") for value in texts(node.get(name))), "")
    told = moment(value) if value else None
    return Update(
        title=next(iter(texts(node.get("headline"))), ""), text="\n".join(line for line in lines if line),
        time=told.time.isoformat() if told and told.time else None, authors=tuple(texts(node.get("author"))),
    )  # fmt: skip


def update_of(segments: Sequence[Segment], told: Sequence[Update]) -> Update | None:
    """The entry that JSON-LD tells for one on the page, by its lines."""
    keys = [p.key for p in segments]
    return next((update for update in told if any(map(update.is_told_by, keys))), None)


def untold(told: Sequence[Update], have: str) -> bool:
    """Tell whether a body holds nothing of entries that are a text.

    Args:
        have: The body, for comparing.
    """
    return sum(len(one.text) for one in told) >= MIN_TEXT and not any(key in have for one in told for key in one.keys)
