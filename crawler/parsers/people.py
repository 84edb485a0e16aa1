"""People: authors' names cleaned of roles, agencies, publishers, addresses and the small words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.parsers.flow import squeeze, words

_LEAD = re.compile(
    r"^(?:by|von|par|por|di|da|door|av|af|od|przez|tekst|text|texte|testo|skriven av|written by|"
    r"reported by|reporting by|story by|words by|author|auteur|autor|autore"
    r"|analysis by|opinion by|review by|photographs by|interview by|автор|текст|von:|by:)\b\s*:?\s+",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:,|;|\||•|·|\band\b|\bund\b|\bet\b|\be\b|\by\b|\boch\b|\bog\b|\bja\b|\bi\b(?=\s+[A-Z])|"
    r"\ben\b(?=\s+[A-Z])|&|\bwith\b|\n|、|，|/)\s*",
    re.IGNORECASE,
)
_SWAPPED = re.compile(r"([^\W\d_][\w’'-]+),\s*([^\W\d_][\w’'-]+)")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|@\w+")
_DASHED = re.compile(r"\s+[–—-]\s+.*$|\s*\(.*?(?:\)\s*|$)")
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|staff|writer|journalist|columnist|contributor|producer|redaktion|"
    r"redakteur\w*|redaktör\w*|rédaction|redacción|redação|redazione|redaktor\w*"
    r"|korrespondent\w*|newsroom|news desk|desk|team|agency|agencies|agence|agencia|agentur|bureau|"
    r"photographer|senior|chief|director|deputy|political|service|press|updated|published|minutes?|read|"
    r"hours?"
    r"|редакция|корреспондент|редактор|기자|記者|admin|administrator|webmaster|guest|online|web|more|stories|story|full|bio|image|images|photo|getty|follow|see|view|profile)\b",
    re.IGNORECASE,
)
_AGENCIES = frozenset(
    [
        "afp",
        "ap",
        "reuters",
        "dpa",
        "apa",
        "epa",
        "efe",
        "ansa",
        "pap",
        "tass",
        "ntb",
        "tt",
        "ritzau",
        "anp",
        "belga",
        "lusa",
        "pa",
        "pti",
        "ani",
        "xinhua",
        "irna",
        "tasnim",
        "isna",
        "bloomberg",
        "cnn",
        "bbc",
        "upi",
        "aap",
        "kna",
        "sid",
        "epd",
        "kyodo",
        "jiji",
        "yonhap",
        "dts",
    ]
)


def authors(values: Iterable[str], *, publishers: Iterable[str] = ()) -> tuple[str, ...]:
    """Names of people in what a page names as its authors.

    Args:
        values: Texts as found; each may hold several names.
        publishers: Names of the site and its publisher, which are no people.
    """
    houses = {words(p) for p in publishers if p}
    out: dict[str, str] = {}
    for value in values:
        for part in _parts(value):
            name = _clean(part)
            if name and words(name) not in houses and not any(len(h) > 5 and h in words(name) for h in houses):
                out.setdefault(words(name), name)
    return tuple(out.values())


def _parts(value: str) -> list[str]:
    line = _ADDRESS.sub(" ", value)
    line = _LEAD.sub("", squeeze(line))
    if (swapped := _SWAPPED.fullmatch(line)) and not {*map(str.lower, swapped.groups())} & _AGENCIES:
        return [f"{swapped[2]} {swapped[1]}"]
    return [part for part in _SPLIT.split(line) if part]


def _clean(part: str) -> str | None:
    name = squeeze(_DASHED.sub(" ", _LEAD.sub("", squeeze(part))))
    name = name.strip(" .,:;|-–—*\"'“”()[]")
    tokens = name.split()
    if not name or len(tokens) > 5 or len(name) > 50 or len(words(name)) < 2:
        return None
    if name.lower() in _AGENCIES or _ROLE.search(name) or re.search(r"\d|https?:|\.(?:com|net|org|de|fr|ru)\b", name):
        return None
    if name.isascii() and name.islower() and len(tokens) == 1:
        return None
    return name.title() if name.isupper() and len(tokens) > 1 else name
