"""People: authors' names cleaned of roles, agencies, publishers, addresses and the small words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crawler.parsers.credits.agencies import BYLINE_AGENCIES
from crawler.parsers.credits.word_patterns import any_of
from crawler.parsers.dates.month_names import MONTHS
from crawler.parsers.document.segments import squeeze, words
from crawler.parsers.patterns import later

_LEADS = """
by; von; par; por; di; da; door; av; af; od; przez; oleh; tekst; text; texte; texto; testo; skriven av; written by; reported by
reporting by; story by; words by; author; auteur; autor; autora; autorka; autore; автор; автори; авторы; текст; analysis by; opinion by
review by; photographs by; interview by; geschreven door; escrito por; scritto da; rédigé par; szerző; írta; pisze; napsal; napsala
skrevet af; skrevet av; kirjoittanut; συντάκτης; yazan; بقلم; كتب; کتبه; מאת; लेखक; bởi; tác giả
文; 取材・文; 執筆; 撰文; 作者; 記者; 记者; 글
"""
LEADS = any_of(w.strip() for w in re.split(r"[;\n]", _LEADS) if w.strip())
"""Pattern of what stands before a name in a byline."""

_LEAD = later(rf"^(?:{LEADS})(?:\b\s*[:：●・/／]?\s+|\s*[:：●／]\s*)|^(?-i:By)(?-i:(?=[A-Z][a-z]))", re.IGNORECASE)
# Small words of one letter count in lower case alone: capital ones are initials.
_SPLIT = re.compile(
    r"\s*(?:[,;|•·&\n、，/]|\b(?:(?i:and|und|et|with|och)|og|ja|és|ve|și|και|dan|và)\b|\b(?:e|y|и|і|й|та)\b(?!\.)|"
    r"\b(?:i|a|en)\b(?=\s+[A-ZÀ-Þ]))\s*"
)
_REST = re.compile(
    r",?\s+(?:in|on|for|published|updated|posted|für|aus|pour|para|veröffentlicht|publié|publicado|pubblicato|opublikowano)\s|"
    r"\s*(?:\bUpdated\b|\bPublished\b|\d)"
)
_DATED = re.compile(r"\b([^\W\d_]{3,})\.?\s+\d")
_SMALL = "de van von der den del della di da do dos du la le el al bin ibn ter ten zu af av d' o'"
_PARTICLES = frozenset(_SMALL.split())
_HAN_NAME = later(r"[\u3400-\u9fff\u3005]{3,5}|[\uac00-\ud7af]{3}")
_BEHIND = re.compile(r"\s*(?:기자|특파원|記者|记者|通讯员)$")
_SWAPPED = re.compile(r"([^\W\d_][\w’'-]+),\s*([^\W\d_][\w’'-]+)")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|@\w+")
_DASHED = re.compile(r"\s+[–—-]\s+.*$|\s*\(.*?(?:\)\s*|$)")
_ROLE = later(
    r"\b(?:editor|reporter|correspondent|staff|writer|journalist|columnist|contributor|producer|redaktion|"
    r"redakteur\w*|redaktör\w*|rédaction|redacción|redação|redazione|redaktor\w*"
    r"|korrespondent\w*|newsroom|news desk|desk|team|agency|agencies|agence|agencia|agentur|bureau|"
    r"photographer|senior|chief|director|deputy|political|service|press|updated|published|minutes?|read|"
    r"hours?"
    r"|редакция|корреспондент|редактор|기자|記者|admin|administrator|webmaster|guest|online|web|more|stories|story|full|bio|image|images|photo|getty|follow|see|view|profile)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"\d|https?:|\.(?:com|net|org|de|fr|ru)\b")


def authors(values: Iterable[str], *, publishers: Iterable[str] = (), printed: bool = False) -> tuple[str, ...]:
    """Names of people in what a page names as its authors.

    Args:
        values: Texts as found; each may hold several names.
        publishers: Names of the site and its publisher, which are no people.
        printed: Whether the texts are lines of the page, which say more than names: place, time, section.
    """
    publisher_names = {words(p) for p in publishers if p}
    out: dict[str, str] = {}
    for value in values:
        for part in _parts(_names_of(value) if printed else value):
            name = _clean(part)
            if name and words(name) not in publisher_names and not any(len(h) > 5 and h in words(name) for h in publisher_names):
                out.setdefault(words(name), name)
    return tuple(out.values())


def offices(values: Iterable[str], *, bare: bool = False) -> tuple[str, ...]:
    """Names of offices and agencies as given, for an article without people.

    Args:
        bare: Only short names that hold no list.
    """
    lines = (squeeze(_LEAD.sub("", squeeze(value))) for value in values)
    return tuple(
        line
        for line in lines
        if 1 < len(line) <= 60
        and not _ADDRESS.search(line)
        and not line.startswith("http")
        and (not bare or (len(line) <= 30 and len(_SPLIT.split(line)) == 1 and not re.search(r"[\d(]", line)))
    )


def full_name(text: str) -> bool:
    """Tell whether a text is a person's full name and nothing else.

    Two to four capitalised words, or two to five characters of Han or Hangul.
    """
    line = squeeze(text)
    if _HAN_NAME.fullmatch(line):
        return True
    tokens = line.split()
    return (
        2 <= len(tokens) <= 5
        and len(line) <= 45
        and sum(token[:1].isupper() for token in tokens) >= 2
        and tokens[0][:1].isupper()
        and tokens[-1][:1].isupper()
        and not re.search(r"[\d:;!?…,|/@]", line)
        and _clean(line) is not None
    )


def _names_of(line: str) -> str:
    """The part of a printed byline before time, section or place."""
    line = squeeze(line)
    dated = (found.start() for found in _DATED.finditer(line) if found[1].casefold() in MONTHS)
    return _REST.split(line[: next(dated, None)])[0]


def _parts(value: str) -> list[str]:
    """The names in a text that may hold several."""
    line = _ADDRESS.sub(" ", value)
    line = _LEAD.sub("", squeeze(line))
    if (swapped := _SWAPPED.fullmatch(line)) and not {*map(str.lower, swapped.groups())} & BYLINE_AGENCIES:
        return [f"{swapped[2]} {swapped[1]}"]
    return [part for part in _SPLIT.split(line) if part]


def _clean(part: str) -> str | None:
    """A name without roles and signs; None if it is no person's."""
    name = _BEHIND.sub("", squeeze(_DASHED.sub(" ", _LEAD.sub("", squeeze(part)))))
    name = name.strip(" .,:;|-–—*\"'“”()[]")
    tokens = name.split()
    if not name or len(tokens) > 5 or len(name) > 50 or len(words(name)) < 2:
        return None
    if name.lower() in BYLINE_AGENCIES or _ROLE.search(name) or _NO_NAME.search(name) or _is_lower(name, tokens):
        return None
    return name.title() if name.isupper() and len(tokens) > 1 else name


def _is_lower(name: str, tokens: Sequence[str]) -> bool:
    """Tell whether a text begins with a small letter and no particle."""
    if len(tokens) > 1:
        return tokens[0].islower() and tokens[0] not in _PARTICLES
    return name.isascii() and name.islower()
