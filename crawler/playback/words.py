"""Words of the index's text, held against words that a page shows."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from attrs import frozen

from crawler.history.alignment import align

MAX_WORDS = 50_000
"""Of a text; what is over is not compared."""
_WORD = re.compile(r"[^\W_]+")
_ALONE = re.compile("([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
"""Characters of scripts without spaces between words: each stands for itself."""


@frozen(kw_only=True)
class Shown:
    """Words of a text that a page shows."""

    words: int
    """Words of the text."""
    in_page: int
    """Of them those that the page has, in whatever order."""
    on_screen: int
    """Of them those that can be read on the screen, in order."""

    @property
    def score(self) -> float | None:
        """Share of words on the screen; None without a text."""
        return self.on_screen / self.words if self.words else None


def words_of(text: str) -> list[str]:
    """Split a text into words, folded: forms of letters, case, invisible characters.

    >>> words_of("Straße  \\ufb01ve, 東京 it\\u00ads")
    ['strasse', 'five', '東', '京', 'its']
    """
    even = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) not in ("Cf", "Mn"))
    return _WORD.findall(_ALONE.sub(r" \1 ", even).casefold())[:MAX_WORDS]


def compare(text: str, page: str, screen: str) -> Shown:
    """Hold a text against a page's text and against what its screen shows.

    >>> compare("The bridge stays open.", "Menu The bridge stays open. More", "The bridge stays")
    Shown(words=4, in_page=4, on_screen=3)
    """
    words = words_of(text)
    there = Counter(words_of(page))
    return Shown(words=len(words), in_page=(Counter(words) & there).total(), on_screen=in_order(words, words_of(screen)))


def in_order(words: Sequence[str], shown: Sequence[str]) -> int:
    """Count words that are shown in the same order."""
    return sum(one.i2 - one.i1 for one in align(words, shown) if one.equal)
