"""The frame of an article, and the boxes in it that are of other things."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from attrs import define, field

from crawler.parsers.document.segments import ancestry, named, small, words

_APART_TAGS = frozenset(("aside", "nav", "form", "dialog", "figure", "figcaption"))
_APART_NAME = re.compile(
    r"(?<![a-z])(?:related|recommend(?:ed|ations?)?|teasers?|river|popular|trending|most-?read|most-?viewed|latest|"
    r"newsletter|read-?more|more-?(?:stories|news|from|articles|on)|up-?next|next-?(?:story|article)|sidebar|outbrain|taboola|promo|mehr-zum-thema|"
    r"figure|caption|wp-caption-text|gallery|slideshow)(?![a-z])"
)
_COMMENT_NAME = re.compile(r"(?<![a-z])(?:comments?|disqus|respond|kommentare?|comentarios?|commentaires?|reacties|forum-?posts?)(?![a-z])")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LEAST_TITLE = 20
"""Characters from which a heading is the title of another story and no name or label."""


@define
class OwnPlace:
    """The frame of an article: what holds its headline and its text."""

    frame: frozenset[Any] = frozenset()
    titles: frozenset[str] = frozenset()
    """Wordings of the headline, for comparing."""
    above: bool = False
    """Whether only what stands between headline and text is asked for, where there is no list of comments but their number."""
    known: dict[Any, bool] = field(factory=dict)

    @classmethod
    def around(cls, elements: Iterable[Any], titles: Iterable[str], *, above: bool = False) -> OwnPlace:
        """The frame of the elements of headline and text."""
        frame = frozenset(holder for element in elements for holder in ancestry(element))
        return cls(frame, frozenset(filter(None, map(words, titles))), above)

    def holds(self, element: Any) -> bool:
        """Tell whether no box of another story, comment or menu holds an element."""
        chain: list[Any] = []
        for holder in ancestry(element):
            if holder in self.frame or self.known.get(holder):
                break
            if holder in self.known:
                return self._remembered(chain, False)
            chain.append(holder)
        for n in range(len(chain) - 1, -1, -1):
            if self._is_apart(chain[n]):
                return self._remembered(chain[: n + 1], False)
            self.known[chain[n]] = True
        return True

    def _remembered(self, chain: list[Any], own: bool) -> bool:
        self.known |= dict.fromkeys(chain, own)
        return own

    def _is_apart(self, box: Any) -> bool:
        name = named(box)
        if box.tag in _APART_TAGS or _APART_NAME.search(name) or "omment" in (box.get("itemtype") or ""):
            return True
        if not self.above and _COMMENT_NAME.search(name):
            return True
        if box.tag == "article":
            return bool(self.frame)
        return any(self._is_title(heading) for heading in box.iter(*_HEADINGS)) if self.frame else False

    def _is_title(self, heading: Any) -> bool:
        """Tell whether a heading is the title of another story."""
        text = small(heading, 300)
        return text is not None and len(text) >= _LEAST_TITLE and words(text) not in self.titles and heading.find(".//a[@href]") is not None
