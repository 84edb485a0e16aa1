"""Small words and signs between the names of a byline, and before a place."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.parsers.credits.word_patterns import any_of
from crawler.parsers.names.no_names import known_given_name

_ALWAYS = """
and dan et ja och og oraz samt sowie und ve và või és şi și και և و और এবং மற்றும் และ და თუ
"""
_SURE = tuple(_ALWAYS.split())
# Small words of one letter count in lower case alone: capital ones are initials.
_WITHIN = {
    "avec": "fr", "mit": "de",
    "a": "cs sk", "ac": "cy", "agus": "ga", "at": "tl fil", "com": "pt", "con": "es it", "dhe": "sq", "e": "it pt gl",
    "en": "nl af", "eta": "eu", "i": "pl hr sr bs ca mk", "in": "sl", "ir": "lt", "med": "sv no nb nn da", "na": "sw", "un": "lv",
    "va": "uz", "və": "az", "y": "es gl", "з": "uk", "и": "ru bg mk sr", "й": "uk", "та": "uk", "і": "uk be",
}  # fmt: skip
"""Words between names, and the languages in which they are."""
_ANYWHERE = frozenset(("e", "y", "и", "і", "й", "та", "i", "a", "en"))
"""Those that part names too where the language is not known."""
_BEFORE_PLACE = {
    "a": "it es ca", "da": "it", "em": "pt", "en": "fr es gl", "i": "sv no nb nn da is", "te": "nl", "v": "cs sk sl", "w": "pl",
    "à": "fr", "в": "ru bg", "у": "uk",
}  # fmt: skip
"""Words before a place, and the languages in which they are."""
_SIGNS = r"[,;|&\n、，،؛/／＆]|(?<![\u3040-\u9fff])[·•・]|[·•・](?![\u3040-\u9fff])"
_WITH_VAV = """
וולטר ויקטור ויקטוריה ולדימיר ורד ורדה وائل والي وجدي وجيه وحيد وحید وداد ورد وسام وسيم وصفي وضاح وفاء ولاء وليد ولید وهبة وهيب ویدا
"""
_VAV_NAMES = frozenset(_WITH_VAV.split())
_HAN_TOKEN = re.compile(r"[\u3400-\u9fff]{1,4}")
_REST = r"for|on|published|updated|posted|für|aus|pour|para|veröffentlicht|publié|publicado|pubblicato|opublikowano|reporting|special to"


def _language(language: str | None) -> str | None:
    return language.lower().replace("_", "-").split("-")[0] if language else None


@lru_cache(maxsize=64)
def _split(language: str | None) -> re.Pattern[str]:
    known = [word for word, languages in _WITHIN.items() if (language in languages.split() if language else word in _ANYWHERE)]
    return re.compile(
        rf"\s*(?:(?:{_SIGNS})|(?<!\S){any_of(_SURE)}(?!\S)|(?<!\S)(?:AND|UND|ET|OCH|with)(?!\S)|(?<!\S){any_of(known)}(?!\S)(?=\s+[^\Wa-zß-ÿ\d]))\s*"
        if known
        else rf"\s*(?:(?:{_SIGNS})|(?<!\S){any_of(_SURE)}(?!\S)|(?<!\S)(?:AND|UND|ET|OCH|with)(?!\S))\s*"
    )


def names_in(line: str, language: str | None = None) -> list[str]:
    """The names on a line that commas, bars and words like `and` part.

    >>> names_in("A. Roe, B. Roe and C. Roe")
    ['A. Roe', 'B. Roe', 'C. Roe']
    """
    parts = (part for part in _split(_language(language)).split(line) if part and part.strip())
    return [name for part in parts for name in _unjoined(part, language)]


def _unjoined(part: str, language: str | None) -> list[str]:
    """The names in a part without signs between them.

    In Hebrew and Arabic `and` is a letter before the next name; in Chinese blanks alone part names.
    """
    tokens = part.split()
    if part.isascii() or len(tokens) < 2:
        return [part]
    if _language(language) != "ja" and all(map(_HAN_TOKEN.fullmatch, tokens)):
        found = re.findall(r"\S{2,4}", re.sub(r"(?<!\S)(\S) (\S)(?!\S)", r"\1\2", part))
        return found if _language(language) == "zh" or all(map(known_given_name, found)) else [part]
    for n, token in enumerate(tokens[2:-1], 2):
        if token[0] in "وו" and len(token) > 3 and token not in _VAV_NAMES:
            return [" ".join(tokens[:n]), *_unjoined(" ".join([token[1:], *tokens[n + 1 :]]), language)]
    return [part]


@lru_cache(maxsize=64)
def place_behind(language: str | None) -> re.Pattern[str]:
    """The pattern of what ends the names of a printed byline: place, section, time."""
    known = "|".join(word for word, languages in _BEFORE_PLACE.items() if _language(language) in languages.split())
    # `in` is "and" in Slovene.
    within = "" if _language(language) == "sl" else "in|from|"
    more = rf"|(?:{known})(?=\s+[^\Wa-zß-ÿ\d])" if known else ""
    return re.compile(rf",?\s+(?:{within}{_REST}{more})(?!\S)\s*|\s*(?:\b(?:Updated|Published|Last updated)\b|\d)")


@lru_cache(maxsize=64)
def place_between(language: str | None) -> re.Pattern[str]:
    """The pattern of a place behind one name and before the next: `in Nairobi and`."""
    known = "|".join(["in", *(word for word, languages in _BEFORE_PLACE.items() if _language(language) in languages.split())])
    also = any_of((*_SURE, "&"))
    return re.compile(rf"\s(?:{known})\s[^\Wa-zß-ÿ\d][\w.’'-]*(?:\s[^\Wa-zß-ÿ\d][\w.’'-]*){{0,2}}(?=\s*;|\s{also}\s)")
