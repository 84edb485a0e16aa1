"""Answers to a query as they are printed: for people, and as one JSON document."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

import attrs

from crawler.formatting import one_line, shown
from crawler.search.answers import Answer
from crawler.search.facets import Facet
from crawler.search.hits import CaptionHit, Hit
from crawler.search.marks import Mark, pieces
from crawler.terminal.screen import painted

SHOWN_VALUES = 8
"""Values of a facet that are printed."""
OPERATORS = """\
What a query may say:
  ferry pier            both words, anywhere: headline, deck, body, captions, credits, authors
  "ferry pier"          side by side
  ferr*                 words that begin so
  -pier                 not this; also -"old pier", -credit:norda, -(a b)
  ferry OR boat         one of them; (ferry OR boat) pier
  headline:ferry        only there; so deck: body: caption: credit: author:
  section:world agency:norda site:gazette lang:fr
  since:2016 until:2016-05-04 year:2019
  is:removed            also is:moved is:live is:edited is:superseded is:pictured
Case, accents and forms of letters do not matter. Any text is a query; what is not understood is said, and searched as words.
Put -- before a query that begins with a dash."""


def document(answer: Answer, collection: str, *, facets: bool) -> Mapping[str, object]:
    """An answer as JSON; marks are places in the text beside them, in characters."""
    told = {
        "query": answer.text,
        "collection": collection,
        "total": answer.total,
        "more": answer.more or answer.total > answer.offset + len(answer.hits),
        "more_than_total": answer.more,
        "superseded": answer.superseded,
        "limit": answer.limit,
        "offset": answer.offset,
        "notes": answer.notes,
        "hits": [attrs.asdict(hit) | {"superseded": hit.superseded} for hit in answer.hits],
    }
    return told | {"facets": [attrs.asdict(one) for one in answer.facets]} if facets else told


def lines(answer: Answer, collection: str) -> Iterator[str]:
    """An answer for people, a paragraph a hit."""
    for hit in answer.hits:
        yield "\n".join(_hit(hit))
    if any(one.values for one in answer.facets):
        yield "\n".join(_facet(one) for one in answer.facets if one.values)
    yield "\n".join((_total(answer, collection), *(f"note: {one_line(note)}" for note in answer.notes)))


def _total(answer: Answer, collection: str) -> str:
    first, last = answer.offset + 1, answer.offset + len(answer.hits)
    what = ("version" if answer.total == 1 else "versions") if answer.all_versions else "story" if answer.total == 1 else "stories"
    told = f"{'more than ' if answer.more else ''}{answer.total:,} {what} found in {collection}"
    if answer.hits and (first > 1 or last < answer.total):
        told += f", {first} to {last} shown"
    if last < answer.total and answer.hits:
        told += f"; --offset {last} goes on"
    if answer.superseded:
        told += f"; earlier versions fit too, {answer.superseded:,} of them: --all-versions shows them"
    return told


def _hit(hit: Hit) -> Iterator[str]:
    yield _marked(hit.headline, hit.headline_marks) if hit.headline else "(no headline)"
    state = f"  {hit.state}" if hit.state in ("gone", "moved") else ""
    version = f"version {hit.n}" + (f" of {hit.versions}: a newer one is there" if hit.superseded else "")
    about = f"  {shown(hit.published)}  {one_line(hit.story_id)}  {version}{state}  {one_line(hit.canonical_url or '')}"
    yield about.rstrip()
    if hit.snippet:
        yield f"  {_marked(hit.snippet, hit.snippet_marks)}"
    for caption in hit.captions:
        yield f"  picture: {_picture(caption)}"


def _picture(caption: CaptionHit) -> str:
    told = _marked(caption.caption, caption.caption_marks) if caption.caption else ""
    return f"{told} ({_marked(caption.credit, caption.credit_marks)})".strip() if caption.credit else told


def _marked(text: str | None, marks: Sequence[Mark]) -> str:
    """Paint matches, on one line; what would move the cursor is shown as signs."""
    text = "".join(" " if letter.isspace() else letter for letter in text or "")
    return "".join(painted(one_line(part), "strong", sys.stdout) if match else one_line(part) for part, match in pieces(text, marks))


def _facet(facet: Facet) -> str:
    listed = [f"{one_line(one.value)} {one.count:,}" for one in facet.values[:SHOWN_VALUES]]
    others = len(facet.values) - len(listed) + facet.others
    return f"{facet.name}: {', '.join(listed)}{f', {others} others' if others > 0 else ''}"
