"""Figures of a collection: what is held, and for which span of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from crawler.index.index import Index


@frozen(kw_only=True)
class Holdings:
    """Figures of all that is held in a collection."""

    stories: int
    versions: int
    captures: int
    bytes: int
    """Of answers in WARCs, compressed, repeats left out."""
    first_capture: str | None
    last_capture: str | None
    pictures: int
    """Of the newest versions."""
    pictures_archived: int
    stories_changed: int
    stories_gone: int


def holdings(index: Index) -> Holdings:
    """Look up the figures that triggers keep up: at once, whatever the size."""
    row = index.query(
        "SELECT stories, versions, captures, response_bytes AS bytes, pictures, pictures_archived, stories_changed, stories_gone,"
        " (SELECT min(date) FROM captures) AS first_capture, (SELECT max(date) FROM captures) AS last_capture FROM totals"
    )[0]
    return Holdings(**dict(row))
