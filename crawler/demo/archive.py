"""A web archive of the newspaper, with copies of a lost story."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from attrs import evolve

from crawler.demo import pages
from crawler.demo.site import Answer
from crawler.demo.stories import WITHDRAWN, Piece, Story

ARCHIVE = "archive.brackwater.example"
"""The archive's host."""
ENDPOINT = f"http://{ARCHIVE}/web/"
"""A value for ARCHIVE_MEMENTO_ENDPOINTS."""
FIRST, SECOND = datetime(2009, 6, 3, 7, 15, tzinfo=UTC), datetime(2011, 2, 17, 21, 40, tzinfo=UTC)
"""When the copies were made."""

_HEDGE = "The Hotel Miramar has planted a hedge along the upper green, where the bench that faced it will soon be turned to the sea."
_STORY = Story(
    number=WITHDRAWN, layout="tables", published=datetime(2009, 6, 2, 10, 0, tzinfo=UTC), section="town", slug="hotel-plants-hedge",
    headline="Hotel plants hedge", author="Ada Quill",
    pieces=(
        Piece(kind="paragraph", text=_HEDGE),
        Piece(kind="paragraph", text="The manager said that hedges grow wherever they like, and that nobody had asked the bench either. "
              "The council will look at it when it is tall enough to be seen."),
        Piece(kind="paragraph", text="It is a privet hedge, knee-high, and has already been watered twice by the harbour master's dog."),
    ),
)  # fmt: skip
_LATER = evolve(
    _STORY, headline="Hotel plants hedge, and waters it",
    pieces=(*_STORY.pieces[:2], Piece(kind="paragraph", text="It is a privet hedge, chest-high by now, and the hotel waters it itself.")),
)  # fmt: skip
COPIES = {FIRST: _STORY, SECOND: _LATER}


def answer(target: str) -> Answer:
    """Answer a GET: a TimeMap, or a copy as it was archived."""
    lists = "/web/timemap/link/"
    if target.startswith(lists):
        return _timemap(target.removeprefix(lists)) if urlsplit(target.removeprefix(lists)).path == _STORY.path else _nothing()
    for when, story in COPIES.items():
        if target.startswith(f"/web/{_stamp(when)}id_/") and target.endswith(_STORY.path):
            body = pages.story_page(story, {}).encode()
            return Answer(status=200, body=body, fields=(("Memento-Datetime", format_datetime(when, usegmt=True)),))
    return _nothing()


def _timemap(url: str) -> Answer:
    links = [f'<{url}>; rel="original"', f'<{ENDPOINT}timemap/link/{url}>; rel="self"; type="application/link-format"']
    for when in COPIES:
        links.append(f'<{ENDPOINT}{_stamp(when)}/{url}>; rel="memento"; datetime="{format_datetime(when, usegmt=True)}"')
    return Answer(status=200, body=",\n".join(links).encode(), mime="application/link-format")


def _nothing() -> Answer:
    return Answer(status=404, body=b"not in this archive\n", mime="text/plain")


def _stamp(when: datetime) -> str:
    return f"{when:%Y%m%d%H%M%S}"
