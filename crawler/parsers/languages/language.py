"""Language of a text, and what a page claims checked by it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cached_property

from crawler.parsers.languages.scripts import language_by_script
from crawler.parsers.languages.small_words import SMALL_WORDS

_TOKEN = re.compile(r"[^\W\d_]+")
MIN_SMALL_WORDS = 3
MIN_LETTERS = 30
"""Letters of a script from which on it is certain."""
MIN_CLEAR = 4
"""Small words from which on a short text speaks against what is claimed."""
CLEAR = 0.15
"""Share of a text's words that these must be."""
NEARLY = 0.7
"""Share of the most small words of a language, from which on another is as likely."""
_LANGUAGES: dict[str, list[str]] = {}
"""Small words to the languages that have them."""
for _language, _words in SMALL_WORDS.items():
    for _word in dict.fromkeys(_words.split()):
        _LANGUAGES.setdefault(_word, []).append(_language)
_OLD = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "sh": "sr"}
_ISO_639_1 = (
    "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdzeeeleneoeseteufafffifjfofrfygagdglgngugvhahehihohr"
    "hthuhyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrkskukvkwkylalblglilnloltlulvmgmhmimkmlmnmrmsmtmynandnengnlnonrnvnyoc"
    "ojomorospapiplpsptqurmrnrorurwsascsdsesgsiskslsmsnsosqsrssstsusvswtatetgthtitktltntotrtstttwtyugukuruzvevivowawoxhyiyoza"
    "zhzu"
)
_CODES = frozenset(_ISO_639_1[at : at + 2] for at in range(0, len(_ISO_639_1), 2)) | {"ckb"}
"""Codes of ISO 639-1, and that of Central Kurdish, which pages write in its own letters."""
_NEAR = (
    {"no", "nb", "nn", "da"},
    {"id", "ms"},
    {"hr", "sr", "bs", "me", "sh"},
    {"cs", "sk"},
    {"ru", "bg", "kk", "ky", "tg", "tt", "mn", "ba", "cv"},
    {"ar", "ku", "ckb"},
    {"fa", "ps", "ur", "sd", "ug"},
    {"hi", "mr", "ne"},
    {"ca", "es"},
    {"gl", "pt", "es"},
    {"af", "nl"},
    {"az", "tr"},
    {"bn", "as"},
    {"he", "yi"},
    {"am", "ti"},
    {"zu", "xh", "nd", "ss"},
)


def language_of(text: str, claimed: str | None = None, among: Collection[str] = ()) -> str | None:
    """Two-letter code of a text's language.

    Args:
        claimed: What the page says (`en-GB`); believed unless the text clearly speaks against it.
        among: The languages the publisher writes, where known: between these a few words tell.
    """
    code = (claimed or "").strip().lower().replace("_", "-").split("-")[0]
    code = _OLD.get(code, code)
    code = code if code in _CODES else ""
    start = _Start(text[:4000])
    guess, sure = _guess(start)
    if not code:
        return guess
    if guess and guess != code and not _are_near(guess, code) and (sure or (guess in start.scores and _speaks_against(start, guess, code))):
        return guess
    return (_other_of(start, code, among) if among else None) or code


def _are_near(one: str, other: str) -> bool:
    """Tell whether two languages have too much in common to be told apart."""
    return any({one, other} <= near for near in _NEAR)


def languages_by_words(text: str) -> frozenset[str]:
    """The languages whose small words a text has most, all that come near the first."""
    scores = _Start(text).scores
    best = max(scores.values(), default=0)
    return frozenset(language for language, score in scores.items() if score >= NEARLY * best) if best >= MIN_SMALL_WORDS else frozenset()


class _Start:
    """The beginning of a text, with its small words of each language."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> list[str]:
        """Its words in lower case."""
        return _TOKEN.findall(self.text.lower())

    @cached_property
    def scores(self) -> dict[str, int]:
        """The number of small words of each language."""
        found = dict.fromkeys(SMALL_WORDS, 0)
        for word, times in Counter(self.words).items():
            for language in _LANGUAGES.get(word, ()):
                found[language] += times
        return found


def _other_of(start: _Start, code: str, among: Collection[str]) -> str | None:
    """The publisher's language that a text speaks for, if none for the one claimed."""
    scores = {one: start.scores[one] for one in among if one in SMALL_WORDS}
    best = max(scores, key=lambda one: scores[one], default=code)
    return best if scores.get(code) == 0 and scores[best] >= MIN_SMALL_WORDS else None


def _guess(start: _Start) -> tuple[str | None, bool]:
    """The language of a text, and whether it is certain."""
    if not start.text.isascii():
        language, letters = language_by_script(start.text)
        if language:
            return language, letters > MIN_LETTERS
    total = len(start.words)
    (best, found), (second, _) = sorted(((score, language) for language, score in start.scores.items()), reverse=True)[:2]
    if total < 8 or best < max(2, total * 0.06):
        return None, False
    return found, total >= 60 and best >= 1.4 * second and best > total * 0.12


def _speaks_against(start: _Start, guess: str, code: str) -> bool:
    """Tell whether the small words of a short text speak against a claim."""
    scores, total = start.scores, len(start.words)
    others = max((score for one, score in scores.items() if one != guess and not _are_near(one, guess)), default=0)
    clear = scores[guess] >= max(MIN_CLEAR, CLEAR * total) and scores[guess] >= 2 * others
    return code in scores and clear and 2 * scores[code] <= scores[guess]
