"""Labels of credits by their shape: the same word before names under two pictures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from crawler.parsers.credits.agencies import agency_of
from crawler.parsers.credits.credit_words import NOT_LABELS, PLACES
from crawler.parsers.credits.names import like_name, only_agencies

PREFIX = "label "
"""Begins the name of the shape, before the word: `label isithombe`."""
MAX_NAMED = 60
_SIGNS = ":：=＝՝፡፦"
_TAIL = re.compile(
    rf"(?P<closed>^|[.!?…。।॥”»\"|)\n]\s*|\s[/–—-]\s*|[(\[（])(?P<word>[^\W\d_][^\s{_SIGNS}.,;()\[\]]{{1,16}}(?:\s[^\W\d_][^\s{_SIGNS}.,;()\[\]]{{1,16}})?)"
    rf"\s?[{_SIGNS}]\s*(?P<in>[^{_SIGNS}()\[\]]{{2,{MAX_NAMED}}}?(?:\s?/\s?[^{_SIGNS}()\[\]]{{2,30}})?)[)\]）.\s]*$"
)
"""A word or two behind the end of a sentence, a sign, and the rest of the line."""


def labelled(line: str) -> re.Match[str] | None:
    """Look for a word, a sign and a name at the end of a caption."""
    found = _TAIL.search(line[-(2 * MAX_NAMED + 60) :])
    if found is None or not like_name(found["in"]):
        return None
    words = found["word"].casefold().split()
    none = found["word"].casefold() in NOT_LABELS or any(word in NOT_LABELS or word in PLACES for word in words)
    return None if none or found["in"][:2] == "//" or agency_of(found["word"]) else found


def shared_words(lines: Iterable[str]) -> frozenset[str]:
    """Name the shapes of words before a name at the end of two captions."""
    told = [found for line in lines if (found := labelled(line)) is not None]
    counts = Counter(found["word"].casefold() for found in told)
    heads = {found["word"].casefold() for found in told if found.start("word") > 0}
    return frozenset(PREFIX + word for word, count in counts.items() if count >= 2 and word in heads)


def is_shared(found: re.Match[str], accepted: frozenset[str]) -> bool:
    """Tell whether a word is a label on this page, or stands before an agency."""
    return PREFIX + found["word"].casefold() in accepted or only_agencies(found["in"])
