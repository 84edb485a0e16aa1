"""Join the pages of an article that is printed on several."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from crawler.items.articles import Article, Block, Image

PAGES_MISSING = "pages-missing"
"""The problem of a text whose further pages are not all held."""


def joined_pages(first: Article, behind: Sequence[Article], further: int) -> Article:
    """Join pages: blocks and pictures in order, what a page says again once.

    Args:
        further: How many further pages the first one names.
    """
    blocks, images = [*first.blocks], [*first.images]
    said = {(block.kind, block.text) for block in blocks if block.text}
    for page in behind:
        places = _places(page.images, images)
        moved = (_moved(block, places) for block in page.blocks)
        blocks += [block for block in moved if block is not None and (block.kind, block.text) not in said]
    missing = (PAGES_MISSING,) if len(behind) < further else ()
    return evolve(
        first, blocks=tuple(blocks), images=tuple(images), authors=first.authors or next((p.authors for p in behind if p.authors), ()),
        videos=tuple(dict.fromkeys(video for page in (first, *behind) for video in page.videos)),
        problems=tuple(dict.fromkeys((*first.problems, *missing))),
    )  # fmt: skip


def _places(more: Sequence[Image], images: list[Image]) -> dict[int, int | None]:
    """Add the pictures of a page to those before; the place of each new one."""
    places: dict[int, int | None] = {}
    known = {image.url for image in images}
    for at, image in enumerate(more):
        places[at] = None if image.url in known else len(images)
        images += [] if image.url in known else [image]
    return places


def _moved(block: Block, places: dict[int, int | None]) -> Block | None:
    """A block with its picture's new place; None of a picture that is there already."""
    if block.image is None:
        return block
    place = places.get(block.image)
    return None if place is None else evolve(block, image=place)
