"""An article whose authors are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from attrs import frozen

from crawler.parsers.authors.bylines import Byline, byline, is_byline
from crawler.parsers.authors.own_place import OwnPlace
from crawler.parsers.document.segments import Segment, ancestry
from crawler.parsers.generic.candidates import Candidates

ABOVE = 6
"""Segments above the headline that are looked at."""
FAR_ABOVE = 25
"""Those that are looked at for boxes of the author."""
AT_FOOT = 8
"""Segments under the text that are looked at."""


@frozen(kw_only=True, eq=False, slots=False)
class Article:
    """A page, and where its headline and its text stand."""

    page: Candidates
    at: int
    """Place of the headline in the flow, -1 if it is not printed."""
    places: Sequence[int]
    """Places of the body's paragraphs."""
    language: str | None = None

    @cached_property
    def top(self) -> list[Segment]:
        """The texts from shortly above the headline to the third paragraph."""
        end = min([*self.places[2:3], self.at + 40]) if self.at >= 0 else 60
        first = self.places[0] if self.places else 0
        own, above = self.own, self._frame(above=True)
        segments = self.page.segments[max(0, self.at - ABOVE) : end + 1]
        return [p for p in segments if p.text and (above if self.at < p.n < first else own).holds(p.element)]

    @cached_property
    def high(self) -> list[Segment]:
        """The texts further above the headline."""
        segments = self.page.segments[max(0, self.at - FAR_ABOVE) : max(0, self.at - ABOVE)]
        return [p for p in segments if p.text and self.own.holds(p.element)]

    @cached_property
    def foot(self) -> list[Segment]:
        """The last two paragraphs and the texts under them in the same boxes."""
        if not self.places:
            return []
        last = self.page.segments[self.places[-1]]
        near = [*ancestry(last.element)][1:3]
        under = self.page.segments[last.n + 1 : last.n + 1 + AT_FOOT]
        behind = [p for p in under if p.text and (p.element.getparent() in near or _in_byline(p)) and self.own.holds(p.element)]
        return [*(self.page.segments[n] for n in self.places[-2:]), *behind]

    @cached_property
    def own(self) -> OwnPlace:
        """The frame of headline and text."""
        return self._frame()

    def _frame(self, *, above: bool = False) -> OwnPlace:
        segments = self.page.segments
        held = [segments[n].element for n in ((self.at,) if self.at >= 0 else ()) + tuple(self.places[:1])]
        return OwnPlace.around(held, (segments[self.at].text if self.at >= 0 else "", *(p.text for p in self.page.tops)), above=above)

    @cached_property
    def in_body(self) -> frozenset[int]:
        """The places of the body's paragraphs."""
        return frozenset(self.places)

    def is_common(self, name: str) -> bool:
        """Tell whether a word of a name stands in small letters in the text: `Machine Learning`."""
        return any(token.lower() in self._small_words for token in name.split() if len(token) > 3)

    def begins_common(self, name: str) -> bool:
        """Tell whether the text has the first word in small letters: `Harbour Safety`."""
        first = name.split()[0]
        return len(first) > 3 and first.lower() in self._small_words

    def says(self, name: str) -> bool:
        """Tell whether headline or text hold a name."""
        segments = self.page.segments
        return any(name in segments[n].line for n in (*self.places, *((self.at,) if self.at >= 0 else ())))

    @cached_property
    def _small_words(self) -> frozenset[str]:
        text = " ".join(self.page.segments[n].text for n in self.places)
        return frozenset(word.strip(".,;:!?()\"'“”«»") for word in text.split() if word[:1].islower())

    @cached_property
    def told(self) -> list[Any]:
        """The authors in JSON-LD."""
        value = self.page.linked.article.get("author")
        return [self.page.linked.resolved(v) for v in (value if isinstance(value, list) else [value])]

    @cached_property
    def _bylines(self) -> dict[int, Byline]:
        return {}

    def byline(self, segment: Segment) -> Byline:
        """The text of a segment as a byline, made once."""
        known = self._bylines
        if segment.n not in known:
            known[segment.n] = byline(segment)
        return known[segment.n]


def _in_byline(segment: Segment) -> bool:
    """Tell whether a segment lies in a box called a byline."""
    return any(is_byline(element) for element in islice(ancestry(segment.element), 3))
