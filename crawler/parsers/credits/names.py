"""Tests for names in credits, the normalised agency, and the name a credit gives."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.parsers.credits.agencies import SPELLINGS, agency_of, without_agencies
from crawler.parsers.credits.credit_words import (
    ARCHIVE,
    BARE_LABELS,
    BY,
    COMMA_LABELS,
    FILE_PHOTO,
    LABELS,
    PHRASES,
    PLACES,
    RIGHTS,
    SHORT_LABELS,
    SUFFIXES,
)
from crawler.parsers.credits.credits_cjk import UNSPACED, without_town
from crawler.parsers.credits.word_patterns import any_of
from crawler.parsers.document.segments import squeeze
from crawler.parsers.patterns import later

KEPT = 256
"""Texts about which an answer is remembered: those of a page or two, since several rules ask for the same one."""
MAX_KEPT = 200
"""Characters of such a text."""

MAX_UNCASED = 5
"""Words of a credit in letters without case."""

LABEL = any_of((*PHRASES, *LABELS))
_LABEL_WORDS = frozenset((*PHRASES, *LABELS, *BY, ""))
SIGNS = ":：=＝/／|՝፡፦"
"""What parts a label from a name."""
COPYRIGHT = re.compile(r"(?:©|ⓒ|Ⓒ|[(（]\s*[cCｃＣ]\s*[)）]|&copy;|℗)\s*")
"""A copyright sign, also written with letters of any width."""
BYS = f"(?-i:{'|'.join((*BY, 'By', 'BY', 'Via', 'VIA', 'From', 'Courtesy of', 'Courtesy Of', 'COURTESY OF'))})"
"""What stands between a label and a name; in capitals it would be part of a name: `De Souza`."""
SHORT = "|".join(SHORT_LABELS)
BARE_LABEL = re.compile(rf"^(?:{'|'.join(BARE_LABELS)})\s+(?P<in>[^\W\d_].+)$", re.IGNORECASE)
_LEAD = later(
    rf"^(?:(?:(?:illustrative|undated|handout|archive|archival|file)\s+)?(?:{LABEL})(?![^\W\d_])\.?\s*(?:[{SIGNS}]|\.\.|…|(?=[©ⓒ])|"
    rf"\s(?:{BYS})\b|$)[\s.]*|(?!dok)(?:{SHORT})\.\s*|(?:file|archivo)\s*[:：]\s*|(?:{BYS})\s+|{COPYRIGHT.pattern}|copyright\b\s*:?\s*|[–—|/／:=＝-]+\s*)",
    re.IGNORECASE,
)
COMMA_LABEL = re.compile(rf"^{any_of(COMMA_LABELS)}(?:\s*[,،，]\s*|(?=(?-i:[A-ZÀ-Þ])))(?P<in>.+)$", re.IGNORECASE)
SUFFIX = re.compile(rf"^(?P<in>.+?)[\s/]+(?:file\s+)?(?:{'|'.join(re.escape(s) for s in SUFFIXES)})$", re.IGNORECASE)
DOMAIN = re.compile(r"^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{2,6})$", re.IGNORECASE)
"""A host and nothing else."""
_SPOTS = re.compile(r"\b(?:\d+(?:st|nd|rd|th)[\s-]?[lrc]?)\b|^[lrc]$", re.IGNORECASE)
"""Positions in a group: `3rdR`, `l`."""
_RESERVED = later(rf"[\s.,–—-]*{any_of(RIGHTS)}\.?$|^{any_of(RIGHTS)}(?!\w)[\s.:,|–—-]*(?=\w)", re.IGNORECASE)
_FILE_BEHIND = re.compile(r"\s*[,/]?\s*\(?file(?: photo)?\)?$", re.IGNORECASE)
_DATE = re.compile(r"[\s,-]+\d{1,2}\.\w{3}\.\d{2,4}(?=\s*/)")
_YEAR = re.compile(r"^(?:19|20)\d\d(?:\s*[-–,]\s*(?:19|20)\d\d)?\s+(?=[^\W\d_])")
_TELLS = re.compile(r"[ぁ-ゖ](?=[ぁ-ゖ])|[はがをにでへとも]|[。、）」]$|다$")
"""What a Chinese, Japanese or Korean name never holds: particles, ends of sentences."""
_FIGURE = re.compile(r"\d{2,}")
_BETWEEN_NAMES = re.compile(r"[\s/,|&+]+")
_SMALL_WORDS = "via for and und et y of the de del della di da do dos la le van von der den al el bin e / & | + - – through by from per "
_SMALL_WORDS += "og och ja és si și şi ve dan và na ou ed o a i in и і та kaj eta "
_SMALL = frozenset(_SMALL_WORDS.split())
_LONG_AGENCIES = tuple(spelling for spelling in SPELLINGS if " " in spelling)


def credit_name(text: str, *, labelled: bool = False) -> str | None:
    """Cut labels, signs and parentheses off a credit; a file photo stays `file photo`.

    Args:
        labelled: Whether a label in front was cut off already.

    >>> credit_name("(Photo via US Navy)"), credit_name("© Reuters"), credit_name("(File photo)")
    ('US Navy', 'Reuters', 'File photo')
    """
    line = _without_brackets(squeeze(text).strip(" \t.,;|·•"))
    if simple(line) in FILE_PHOTO:
        return line or None
    if told := COMMA_LABEL.match(line):
        line = told["in"].strip(" .,;")
    line = _RESERVED.sub("", line).strip(" .,;|") or line
    bare = _YEAR.sub("", _without_leads(line))
    # `Foto: Rescue Photo`: a label in front leaves the one behind to the name.
    named = bare if (labelled or bare != line) and like_name(bare) and not only_agencies(bare) else _without_labels(bare)
    return without_town(named.strip(" ,;|/").rstrip("–—-").strip()) or None


def _without_brackets(line: str) -> str:
    """Take the brackets off that hold a whole line."""
    while line and line[0] in "([（［【〔" and line[-1] in ")]）］】〕":
        line = line[1:-1].strip(" .,;")
    return line


def _without_leads(line: str) -> str:
    """Take up to four labels and signs off the beginning."""
    for _ in range(4):
        shorter = _LEAD.sub("", line, count=1).strip(" .,;|")
        if shorter == line or not shorter:
            break
        line = shorter
    return line


def _without_labels(line: str) -> str:
    """Take label words without a sign off both ends, but none of an agency's name."""
    # `AP Photo` is a name, `AP photo` a photo of AP's.
    of_agency = line.endswith((" photo", " photos"))
    if (found := SUFFIX.match(line)) and (of_agency or not ends_as_agency(line)) and not re.search(r"photo/", line, re.IGNORECASE):
        line = found["in"]
    line = _FILE_BEHIND.sub("", line) or line
    found = BARE_LABEL.match(line)
    named = found is not None and (only_agencies(found["in"]) or like_name(found["in"]))
    return found["in"] if found and named and not ends_as_agency(line) else line


def is_label(text: str) -> bool:
    """Tell whether a text only announces a credit: `Photo:`, `Copyright`, `©`."""
    return simple(text).strip(" ©ⓒ:：") in _LABEL_WORDS


def weight(text: str) -> int:
    """Length of a text in Latin characters; a Chinese, Japanese or Korean one counts two."""
    return len(text) + len(UNSPACED.findall(text))


def only_archive(credit: str) -> bool:
    """Tell whether a credit only names the kind of picture: old, symbolic, an illustration."""
    return simple(credit) in ARCHIVE


def ends_as_agency(line: str) -> bool:
    """Tell whether the last word belongs to the agency's own name: `Getty Images`."""
    return simple(line) in FILE_PHOTO or line.lower().endswith(_LONG_AGENCIES)


def simple(text: str) -> str:
    """A text in lower case without the marks around it."""
    return squeeze(text).strip(" .,;:()[]").lower()


def only_agencies(text: str) -> bool:
    """Tell whether a text is agencies, perhaps with names joined by slashes: `Name/AFP via Getty Images`."""
    if agency_of(text) is None:
        return False
    rest = without_agencies(text, " ")
    if not re.search(r"[^\W\d_]", rest) or not re.sub(
        r"\b(?:photo|photos|file|via|images?|wire|pool|handout|courtesy|of|news|agency|stock)\b", "", rest, flags=re.IGNORECASE
    ).strip(" /,.-–|&+:"):
        return True
    # Letters without case do not tell a name from a sentence: there a sign behind a word, or many words, do.
    if not text.isascii() and text.lower() == text.upper() and (re.search(r"[:：]", text) or len(text.split()) > MAX_UNCASED):
        return False
    return bool(re.search(r"[/,|·]|\bvia\b|\bphoto\b|\bfor\b|\bpool\b", text, re.IGNORECASE)) and like_name(text)


def like_name(text: str) -> bool:
    """Tell whether a text could be a name: few words, capitalised, no sentence."""
    return _like_name(text) if len(text) <= MAX_KEPT else _like_name.__wrapped__(text)


@lru_cache(maxsize=KEPT)
def _like_name(text: str) -> bool:
    text = _DATE.sub("", text) if "/" in text else text
    if len(text) > 80 or _FIGURE.search(text) or _tells(text):
        return False
    # An agency counts as one word whatever its own are.
    tokens = [t for t in _BETWEEN_NAMES.split(without_agencies(squeeze(text), " Agency ")) if t]
    if not tokens or len(tokens) > 9 or not all(map(_may_be_in_name, tokens)):
        return False
    return not any(simple(t) in PLACES for t in tokens) and not _SPOTS.search(text)


def _tells(text: str) -> bool:
    """Tell whether a Chinese, Japanese or Korean text is a sentence and no name."""
    return not text.isascii() and UNSPACED.search(text) is not None and (weight(text) > 36 or _TELLS.search(text) is not None)


def _may_be_in_name(token: str) -> bool:
    """Tell whether a word may stand in a name: capitalised, particle, domain or agency."""
    return not token[0].islower() or token.lower().strip(".") in _SMALL or bool(DOMAIN.match(token)) or token.lower() in SPELLINGS
