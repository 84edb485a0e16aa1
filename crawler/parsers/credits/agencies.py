"""Agencies named by credits; short names in capitals, common words by themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from crawler.parsers.credits.news_agencies import NEWS_AGENCIES
from crawler.parsers.credits.picture_agencies import PICTURE_AGENCIES
from crawler.parsers.credits.word_patterns import any_of
from crawler.parsers.patterns import later

SHORT = 4
"""Letters of a name that is an agency's in capitals only: `pa`, `spa` and `sta` are words too."""

_LINES = (NEWS_AGENCIES + PICTURE_AGENCIES).replace("\n  ", " ").strip().splitlines()
AGENCIES: dict[str, tuple[str, ...]] = {
    name: (name.lower(), *(s.strip() for s in rest.split(";") if s.strip()))
    for name, _, rest in (line.partition(":") for line in _LINES if line)
}
"""Normalised name to spellings in lower case (the name itself is one). The longest spelling wins."""

_ANY_CASE = frozenset(("dpa", "afp", "epa", "efe", "apa", "sda", "ats", "epd", "kna", "ctk", "čtk", "ddp", "akg", "gpo", "imago", "laif"))
"""Short names that are printed in small letters too."""
_KNOWN = """
afp ap upi epa efe dpa ansa tass irna isna pti ani ians anp pap ntb mti čtk ctk aap vcg dha wafa pa bta bns leta elta tanjug yna ddp lusa
reuters bloomberg xinhua yonhap kyodo jiji anadolu tasnim interfax belga ritzau shutterstock alamy istock unsplash pixabay pexels
depositphotos profimedia nurphoto maxppp abacapress bernama eurokinissi ukrinform unian
"""
_FREE = frozenset(_KNOWN.split())
"""Names that nothing else bears: they count beside a person's name without a sign between."""
_DELIMITED = re.compile(
    r"[/,|(\[–—:;&+•·・＝=®©*\"“”«»'‘’（）［］【】、。，-]\s*$|"
    r"(?:^|[\s/])(?:via|for|by|from|of|per|von|vom|pour|para|par|por|de|da|di|av|af|photo|foto|photos|fotos|bild|image|picture|фото|عکس|تصویر|صورة|صور|"
    r"agency|agence|agencia|agência|agenzia|agentur|агентство|وكالة|خبرگزاری|to|the|and|und|et|y|e|и|و|ritzau|ntb|tt|stt|anp|afp|ap|epa|dpa|pool)\s*$",
    re.IGNORECASE,
)
_FOLLOWED = re.compile(
    r"\s*(?:[/,|()\[\]–—:;&+•·・＝=.*\"“”«»'‘’（）［］【】、。，-]|(?:via|photos?|fotos?|images?|pictures?|pool|file|archives?|stock|for|news|wire|press|handout|"
    r"and|und|et|y|e|и|و|사진|제공|기자|agency|agence)\b|\d|$)",
    re.IGNORECASE,
)
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_WIRES = ("Reuters", "Bloomberg", "Xinhua", "Tasnim", "Kyodo", "Jiji", "Yonhap", "Belga", "Lusa", "Ritzau", "dpa", "VCG", "NASA")
_TEXT_ONLY = frozenset(("bbc", "cnn", "dts", "epd", "kna", "sid"))
"""Newsrooms that sign texts and hardly pictures."""
_GIVEN = (
    "abi aim ana app atsh ena ina ip lana leta map mena mia mina nan ona ria sana suna tap uni wam wana وفا بنا قنا وام سانا سونا риа миа"
)
_GIVEN_NAMES = frozenset(_GIVEN.split())
_NEWS = tuple(line.partition(":")[0] for line in NEWS_AGENCIES.replace("\n  ", " ").strip().splitlines())
_ONE_WORD = {s for name in (*_NEWS, "VCG", "NASA") if name.isupper() or name in _WIRES for s in AGENCIES[name] if " " not in s}
BYLINE_AGENCIES = frozenset(_ONE_WORD - _GIVEN_NAMES | _TEXT_ONLY)
"""Agencies that stand for an author, in lower case: one word, and no given name."""

SPELLINGS = {spelling: name for name, spellings in AGENCIES.items() for spelling in spellings}
"""Spelling in lower case to normalised name."""
_GLUED = tuple(s for s in SPELLINGS if _UNSPACED.search(s) and len(s) > 2)
AGENCY_AT = later(rf"(?<![\w.]){any_of(SPELLINGS)}(?!\w)|{any_of(_GLUED)}", re.IGNORECASE)
"""Any spelling as a whole word; that of a script without blanks anywhere."""


def agency_of(credit: str | None) -> str | None:
    """The normalised agency a credit names first, or None.

    >>> agency_of("Atta Kenare/AFP via Getty Images"), agency_of("Jane Rex"), agency_of("J. Paul Getty Museum")
    ('AFP', None, None)
    """
    return next((SPELLINGS[found[0].lower()] for found in agencies_in(credit or "")), None)


def agencies_in(text: str) -> Iterator[re.Match[str]]:
    """The places of the agencies that a credit names."""
    line = text if text.isascii() else unicodedata.normalize("NFKC", text)
    for found in AGENCY_AT.finditer(line):
        if found[0].lower() in SPELLINGS and _counts(line, found):
            yield found


def without_agencies(text: str, instead: str) -> str:
    """Put something in the place of each agency that a text names."""
    parts, at = [], 0
    line = text if text.isascii() else unicodedata.normalize("NFKC", text)
    for found in agencies_in(line):
        parts += [line[at : found.start()], instead]
        at = found.end()
    return "".join((*parts, line[at:])) if at else text


def _counts(line: str, found: re.Match[str]) -> bool:
    """Tell whether a spelling is an agency where it stands."""
    spelling, low = found[0], found[0].lower()
    if _UNSPACED.search(spelling):
        sure = len(spelling) > 2
    elif any(sign in low for sign in " ./"):
        sure = spelling[0].isupper()
    else:
        sure = low in _FREE and not _in_small_letters(spelling)
        if not sure and _in_small_letters(spelling) and not _may_be_small(spelling):
            return False
    return sure or stands_alone(line, found)


def _in_small_letters(spelling: str) -> bool:
    """Tell whether a short name or an acronym is printed otherwise than in capitals."""
    low = spelling.lower()
    short = len(low) <= SHORT or SPELLINGS[low].isupper()
    return spelling.isascii() and low not in _ANY_CASE and (spelling == low or (short and not spelling.isupper()))


def _may_be_small(spelling: str) -> bool:
    """Tell whether such a name counts all the same where it stands alone."""
    low = spelling.lower()
    if spelling in (SPELLINGS[low], low) and low in _FREE and len(low) > SHORT:
        return True
    return spelling == SPELLINGS[low] or (low in _FREE and len(low) >= SHORT and spelling != low)


def stands_alone(line: str, found: re.Match[str]) -> bool:
    """Tell whether a word is parted from names on both sides."""
    before, behind = line[: found.start()], line[found.end() :]
    return (not before.strip() or _DELIMITED.search(before[-24:]) is not None) and _FOLLOWED.match(behind) is not None
