"""The stories of The Harbour Courier, read from `stories.txt`, in two editions.

A story begins with `==== number layout time section slug`; then, a line each: `!` headline, `>` deck, `~` author,
`@` picture (file | caption | credit as printed | `element` where the credit stands in an element of its own), `##` heading,
`*` list entry, `“` quotation, `&` number of a related story, `language:`; any other line is a paragraph.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from attrs import evolve, field, frozen

WITHDRAWN = "1003"
"""Named by the sitemap, and no longer there: a lasting 404."""
EDITED = "1017"
RENAMED = "1020"
RETOUCHED = "1022"
"""On one mirror it has another credit and a paragraph less."""
LACKED = "1016"
"""One mirror does not have it."""
SECTIONS = {"harbour": "Harbour", "town": "Town", "sea": "At Sea", "arts": "Arts"}


@frozen(kw_only=True)
class Picture:
    """One picture of a story and the words below it."""

    name: str
    caption: str = ""
    credit: str = ""
    """As printed."""
    element: bool = False
    """Whether the credit stands in an element of its own."""

    @property
    def path(self) -> str:
        """Address on the picture host, without host."""
        return f"/pictures/{self.name}"

    @property
    def small(self) -> str:
        """Address of the same picture for small screens."""
        return f"/pictures/small/{self.name.rpartition('.')[0]}.png"


@frozen(kw_only=True)
class Piece:
    """One piece of a body: a paragraph, heading, list, quote, related link or picture."""

    kind: str
    text: str = ""
    picture: Picture | None = None
    entries: tuple[str, ...] = ()


@frozen(kw_only=True)
class Story:
    """One story before layout."""

    number: str
    layout: str
    published: datetime
    section: str
    slug: str
    headline: str = ""
    deck: str = ""
    author: str = ""
    language: str = "en"
    lead: Picture | None = None
    pieces: tuple[Piece, ...] = field(default=())
    modified: datetime | None = None

    @property
    def path(self) -> str:
        """`/2026/10/21/1022/blue-ferry-sails-again`"""
        return f"/{self.published:%Y/%m/%d}/{self.number}/{self.slug}"

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The lead first, then those of the body."""
        return ((self.lead,) if self.lead else ()) + tuple(p.picture for p in self.pieces if p.picture)


def stories(edition: int = 1) -> dict[str, Story]:
    """Return every story by number, newest first.

    Args:
        edition: From the second on, one story has a corrected text and one a new slug; nothing else differs.
    """
    found = dict(_first_edition())
    if edition > 1:
        found[EDITED] = _corrected(found[EDITED])
        found[RENAMED] = evolve(found[RENAMED], slug="buoy-forty-and-its-stone-have-moved")
    return found


@cache
def _first_edition() -> dict[str, Story]:
    text = (Path(__file__).parent / "stories.txt").read_text(encoding="utf-8")
    parsed = (_story(block) for block in text.split("==== ")[1:])
    return {story.number: story for story in parsed}


def _corrected(story: Story) -> Story:
    last = max(n for n, piece in enumerate(story.pieces) if piece.kind == "paragraph")
    words = "The harbour committee met early, on Tuesday, and found that slate is a kind of blue."
    pieces = (*story.pieces[:last], Piece(kind="paragraph", text=words), *story.pieces[last + 1 :])
    return evolve(story, headline="The Linnet is blue, says committee", pieces=pieces, modified=datetime(2026, 10, 22, 9, 30, tzinfo=UTC))


def retouched(story: Story) -> Story:
    """Return a story with another credit and without its last paragraph."""
    last = max(n for n, piece in enumerate(story.pieces) if piece.kind == "paragraph")
    lead = evolve(story.lead, credit="(Photo by Ternpress)") if story.lead else None
    return evolve(story, lead=lead, pieces=(*story.pieces[:last], *story.pieces[last + 1 :]))


def _story(block: str) -> Story:
    head, *lines = block.strip().split("\n")
    number, layout, time, section, slug = head.split()
    known: dict[str, str] = {}
    pieces: list[Piece] = []
    for line in filter(None, map(str.strip, lines)):
        mark, _, rest = line.partition(" ")
        if mark in ("!", ">", "~", "language:"):
            known[mark] = rest
        else:
            _add(pieces, mark, rest, line)
    lead = pieces.pop(0).picture if pieces and pieces[0].picture else None
    return Story(
        number=number, layout=layout, published=datetime.fromisoformat(time).replace(tzinfo=UTC), section=section, slug=slug,
        headline=known["!"], deck=known.get(">", ""), author=known.get("~", ""), language=known.get("language:", "en"),
        lead=lead, pieces=tuple(pieces),
    )  # fmt: skip


def _add(pieces: list[Piece], mark: str, rest: str, line: str) -> None:
    if mark == "@":
        name, caption, credit, element = (*(part.strip() for part in rest.split("|")), "", "", "")[:4]
        pieces.append(Piece(kind="picture", picture=Picture(name=name, caption=caption, credit=credit, element=element == "element")))
    elif mark == "*" and pieces and pieces[-1].kind == "list":
        pieces[-1] = Piece(kind="list", entries=(*pieces[-1].entries, rest))
    elif mark == "*":
        pieces.append(Piece(kind="list", entries=(rest,)))
    elif kind := {"##": "heading", "“": "quote", "&": "related"}.get(mark):
        pieces.append(Piece(kind=kind, text=rest))
    else:
        pieces.append(Piece(kind="paragraph", text=line))
