"""Labels before names in bylines, of writers and of people who did other work."""

from __future__ import annotations

import re

from crawler.parsers.authors.byline_words import LABELS, LANGUAGES_OF, OTHER_WORK, PHRASES
from crawler.parsers.credits.word_patterns import any_of
from crawler.parsers.patterns import later

LEADS = any_of((*PHRASES, *LABELS))
"""Pattern of what stands before a name in a byline."""
_SIGN = r"\s*[:：●・|｜/／＝=>]+\s*"
_PHRASE = later(rf"^[\s(•·|–—-]*(?P<lead>{any_of(PHRASES)})(?:{_SIGN}|\s+|$)", re.IGNORECASE)
_LABEL = later(rf"^[\s(•·|–—-]*(?P<lead>{any_of(LABELS)})(?:{_SIGN}|(?P<blank>\s+)|$)", re.IGNORECASE)
_HAN_LABEL = later(rf"^(?:{any_of(w for w in LABELS if '一' <= w[-1] <= '鿿' and len(w) > 1)})(?=[一-鿿]{{2,4}}$)")
_OTHER_WORK = later(rf"^[\s(•·|–—-]*{any_of(OTHER_WORK)}(?:{_SIGN}|\s+(?=[A-ZÀ-ÞА-Я])|$|(?<=[一-鿿])\s*)", re.IGNORECASE)
_GLUED = re.compile(r"^By(?=[A-Z][a-z])")
_CASED = re.compile(r"[A-Za-zÀ-ɏΑ-ωА-яЁёԱ-֏]")
_NAME = re.compile(r"[A-ZÀ-ÞΑ-ΩА-ЯЁ]\S*(?:\s+\S+){1,3}$")
MAX_LEADS = 3
_SHORT = 3
_WORDS = (*PHRASES, *LABELS)
_BEGINNINGS = frozenset(word[:_SHORT].lower() for word in _WORDS if len(word) >= _SHORT)
_SHORT_WORDS = frozenset(word for word in _WORDS if len(word) < _SHORT)
_BULLETS = " (•·|–—-"


def without_lead(line: str, language: str | None = None) -> str:
    """A line without the labels of authors before its names.

    A preposition counts in the languages in which it stands before authors, a noun with a sign behind it or before a full name.

    >>> without_lead("By by Jane Roe"), without_lead("Author: Jane Roe"), without_lead("Text Size")
    ('Jane Roe', 'Jane Roe', 'Text Size')
    """
    for _ in range(MAX_LEADS):
        shorter = _without_one(line, language)
        if shorter is None:
            break
        line = shorter
    return line


def may_be_led(line: str) -> bool:
    """Tell whether a line begins as a label does; most do not."""
    bare = line.lstrip(_BULLETS)[:_SHORT].lower()
    return bare in _BEGINNINGS or bare[:2] in _SHORT_WORDS or bare[:1] in _SHORT_WORDS


def is_led(line: str, language: str | None = None) -> bool:
    """Tell whether a label of authors and something else stand on a line."""
    rest = _without_one(line, language)
    return rest is not None and bool(rest) and not rest[0].islower()


def is_lead(line: str, language: str | None = None) -> bool:
    """Tell whether a line is a label of authors and nothing else."""
    return bool(line) and _without_one(line, language) == ""


def is_other_work(line: str) -> bool:
    """Tell whether a line begins with the label of editors, photographers and the like.

    >>> is_other_work("Editing by Ann Lowe"), is_other_work("Fotos: Max Mai"), is_other_work("Foto Nowak")
    (True, True, True)
    """
    return _OTHER_WORK.match(line) is not None


def _without_one(line: str, language: str | None) -> str | None:
    if not may_be_led(line):
        return None
    if found := _PHRASE.match(line):
        languages = LANGUAGES_OF.get(found["lead"].lower())
        if languages is None or (language or "").lower()[:2] in languages.split():
            return line[found.end() :]
    if (found := _LABEL.match(line)) and (found["blank"] is None or _may_follow(line[found.end() :])):
        return line[found.end() :]
    if found := _HAN_LABEL.match(line) or _GLUED.match(line):
        return line[found.end() :]
    return None


def _may_follow(rest: str) -> bool:
    """Tell whether a text behind a noun and a blank can be a name."""
    return not _CASED.match(rest) or _NAME.match(rest) is not None
