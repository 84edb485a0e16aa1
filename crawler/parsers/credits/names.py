"""Names: whether a text names somebody who could have made a picture, whom a credit names, and which agency."""

from __future__ import annotations

import re

from crawler.parsers.credits.credit_words import (
    AGENCIES,
    ARCHIVE,
    BARE_LABELS,
    BY,
    COMMA_LABELS,
    FILE_PHOTO,
    LABELS,
    PHRASES,
    PLACES,
    SHORT_LABELS,
    SUFFIXES,
)
from crawler.parsers.credits.credits_cjk import UNSPACED, without_town
from crawler.parsers.document.segments import squeeze

LABEL = "|".join(re.escape(w) for w in sorted((*PHRASES, *LABELS), key=len, reverse=True))
_LABEL_WORDS = frozenset((*PHRASES, *LABELS, *BY, ""))
BYS = "|".join(BY)
SHORT = "|".join(SHORT_LABELS)
BARE_LABEL = re.compile(rf"^(?:{'|'.join(BARE_LABELS)})\s+(?P<in>[^\W\d_].+)$", re.IGNORECASE)
_LEAD = re.compile(
    rf"^(?:(?:(?:illustrative|undated|handout|archive|archival|file)\s+)?(?:{LABEL})(?![^\W\d_])\.?\s*(?:[:：=＝/／|]|\.\.|…|"
    rf"\s(?:{BYS})\b|$)[\s.]*|(?!dok)(?:{SHORT})\.\s*|(?:file|archivo)\s*[:：]\s*|(?:{BYS})\s+|©\s*|ⓒ\s*|\(c\)\s*|copyright\b\s*:?\s*|[–—|/／:=＝-]+\s*)",
    re.IGNORECASE,
)
COMMA_LABEL = re.compile(rf"^(?:{'|'.join(map(re.escape, COMMA_LABELS))})(?:\s*[,،，]\s*|(?=(?-i:[A-ZÀ-Þ])))(?P<in>.+)$", re.IGNORECASE)
SUFFIX = re.compile(rf"^(?P<in>.+?)[\s/]+(?:file\s+)?(?:{'|'.join(re.escape(s) for s in SUFFIXES)})$", re.IGNORECASE)
DOMAIN = re.compile(r"^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{2,6})$", re.IGNORECASE)
_SPOTS = re.compile(r"\b(?:\d+(?:st|nd|rd|th)[\s-]?[lrc]?)\b|^[lrc]$", re.IGNORECASE)
_RESERVED = re.compile(
    r"[\s.,–—-]*(?:all rights reserved|tous droits réservés|alle rechte vorbehalten|todos los derechos reservados)\.?$", re.IGNORECASE
)
_DATE = re.compile(r"[\s,-]+\d{1,2}\.\w{3}\.\d{2,4}(?=\s*/)")
_YEAR = re.compile(r"^(?:19|20)\d\d(?:\s*[-–,]\s*(?:19|20)\d\d)?\s+(?=[^\W\d_])")
_TELLS = re.compile(r"[ぁ-ゖ](?=[ぁ-ゖ])|[はがをにでへとも]|[。、）」]$|다$")
"""What a Chinese, Japanese or Korean name never holds: particles, ends of sentences."""
_SMALL_WORDS = "via for and und et y of the de del della di da do dos la le van von der den al el bin e / & | + - – through by from per "
_SMALL_WORDS += "og och ja és si și şi ve dan và na ou ed o a i in и і та kaj eta "
_SMALL = frozenset(_SMALL_WORDS.split())
_AGENCY = {spelling: name for name, spellings in AGENCIES.items() for spelling in spellings}
_AGENCY_AT = re.compile(
    r"(?<![\w.])(?:" + "|".join(re.escape(s) for s in sorted(_AGENCY, key=len, reverse=True)) + r")(?![\w])", re.IGNORECASE
)


def agency_of(credit: str | None) -> str | None:
    """The normalised agency a credit names first, or None.

    >>> agency_of("Atta Kenare/AFP via Getty Images")
    'AFP'
    """
    if not credit:
        return None
    for found in _AGENCY_AT.finditer(credit):
        spelling = found[0]
        # Short names are agencies in capitals only: `pa`, `spa` and `apa` are words too.
        if len(spelling) > 3 or spelling.isupper() or spelling in ("dpa", "afp") or not spelling.isascii():
            return _AGENCY[spelling.lower() if spelling.lower() in _AGENCY else spelling]
    return None


def credit_name(text: str) -> str | None:
    """Whom a credit names: labels, signs and parentheses taken off; a file photo stays `file photo`.

    >>> credit_name("(Photo via US Navy)"), credit_name("© Reuters"), credit_name("(File photo)")
    ('US Navy', 'Reuters', 'File photo')
    """
    line = squeeze(text).strip(" \t.,;|·•")
    while line and line[0] in "([（［【〔" and line[-1] in ")]）］】〕":
        line = line[1:-1].strip(" .,;")
    if simple(line) in FILE_PHOTO:
        return line or None
    if told := COMMA_LABEL.match(line):
        line = told["in"].strip(" .,;")
    line = _RESERVED.sub("", line).strip(" .,;|") or line
    for _ in range(4):
        shorter = _LEAD.sub("", line, count=1).strip(" .,;|")
        if shorter == line or not shorter:
            break
        line = shorter
    line = _YEAR.sub("", line)
    if (found := SUFFIX.match(line)) and not ends_as_agency(line) and not re.search(r"photo/", line, re.IGNORECASE):
        line = found["in"]
    line = re.sub(r"\s*[,/]?\s*\(?file(?: photo)?\)?$", "", line, flags=re.IGNORECASE) or line
    if (found := BARE_LABEL.match(line)) and (only_agencies(found["in"]) or like_name(found["in"])) and not ends_as_agency(line):
        line = found["in"]
    return without_town(line.strip(" ,;|/").rstrip("–—-").strip()) or None


def is_label(text: str) -> bool:
    """Whether a text only announces a credit: `Photo:`, `Copyright`, `©`."""
    return simple(text).strip(" ©ⓒ:：") in _LABEL_WORDS


def weight(text: str) -> int:
    """Length of a text in Latin characters: a Chinese, Japanese or Korean one says as much as two."""
    return len(text) + len(UNSPACED.findall(text))


def only_archive(credit: str) -> bool:
    """Whether a credit names nobody and only says what kind of picture it is: an old one, a symbol, an illustration."""
    return simple(credit) in ARCHIVE


def ends_as_agency(line: str) -> bool:
    """Whether the label word at the end belongs to the agency's own name: `Getty Images`, `Alamy Stock Photo`."""
    return simple(line) in FILE_PHOTO or any(line.lower().endswith(s) for s in _AGENCY if " " in s)


def simple(text: str) -> str:
    """A text in lower case without the marks around it."""
    return squeeze(text).strip(" .,;:()[]").lower()


def only_agencies(text: str) -> bool:
    """Whether a text is agencies, perhaps with names joined by slashes: `Name/AFP via Getty Images`."""
    if agency_of(text) is None:
        return False
    rest = _AGENCY_AT.sub(" ", text)
    if not re.search(r"[^\W\d_]", rest) or not re.sub(
        r"\b(?:photo|photos|file|via|images?|wire|pool|handout|courtesy|of|news|agency|stock)\b", "", rest, flags=re.IGNORECASE
    ).strip(" /,.-–|&+:"):
        return True
    return bool(re.search(r"[/,|·]|\bvia\b|\bphoto\b|\bfor\b|\bpool\b", text, re.IGNORECASE)) and like_name(text)


def like_name(text: str) -> bool:
    """Whether a text could name somebody: few words, capitalised, no sentence."""
    text = _DATE.sub("", text)
    # An agency counts as one word whatever its own are.
    tokens = [t for t in re.split(r"[\s/,|&+]+", _AGENCY_AT.sub(" Agency ", squeeze(text))) if t]
    if not tokens or len(tokens) > 9 or len(text) > 80 or (UNSPACED.search(text) and (weight(text) > 36 or _TELLS.search(text))):
        return False
    if any(simple(t) in PLACES for t in tokens) or _SPOTS.search(text) or re.search(r"\d{2,}", text):
        return False
    return all(not t[0].islower() or t.lower().strip(".") in _SMALL or DOMAIN.match(t) or t.lower() in _AGENCY for t in tokens)
