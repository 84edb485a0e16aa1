"""Language of a text by its script or its most frequent words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cached_property

from crawler.parsers.patterns import later

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")), ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("fa", re.compile(r"[پچژگکی]")), ("ur", re.compile(r"[ٹڈڑںےھ]")), ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")), ("th", re.compile(r"[\u0e00-\u0e7f]")), ("hi", re.compile(r"[\u0900-\u097f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")), ("ta", re.compile(r"[\u0b80-\u0bff]")), ("te", re.compile(r"[\u0c00-\u0c7f]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")), ("hy", re.compile(r"[\u0530-\u058f]")), ("am", re.compile(r"[\u1200-\u137f]")),
    ("uk", re.compile(r"[їєґі]")), ("be", re.compile(r"[ў]")), ("ru", re.compile(r"[\u0400-\u04ff]")),
)  # fmt: skip
_FOREIGN = "\u0370"
"""The first sign of all these scripts."""
_HAS_FOREIGN = later("[\u0370-\u1fff\u3040-\ud7ff]")
"""A sign that may be of one of them; dashes and quotation marks are none."""
_TOKEN = re.compile(r"[^\W\d_]+")
_ARABIC, _CYRILLIC = re.compile(r"[\u0600-\u06ff]"), re.compile(r"[\u0400-\u04ff]")
_OWN_LETTERS = {"fa": _ARABIC, "ur": _ARABIC, "uk": _CYRILLIC, "be": _CYRILLIC, "ja": None}
"""Languages recognised by a few letters of their own, and the script that the rest of the text must have."""
_SMALL = {
    "en": "the of and to in is that for was with on as by are from has have it this",
    "fr": "de le la les des et est dans une pour que qui sur par au avec du pas plus en un",
    "de": "der die und das den von ist nicht mit des ein eine auf für sich dem im auch",
    "es": "de la el en los las que del una por con para como más pero sus este según fue y se su al",
    "pt": "de os que uma para com não por mais dos da do na no foi ao são em também e se à",
    "it": "di il che per una non con gli del della sono anche più alla nel è la e le si da",
    "nl": "het een van de en dat niet op met zijn voor ook aan wordt naar maar",
    "sv": "och att det som för på är av en inte till med har den om ett",
    "no": "og at det som for på er av ikke til med har en et vi fra",
    "da": "og at det som for på er af ikke til med har en et der fra",
    "fi": "ja on ei että se oli mutta myös hän ovat kun joka sen mukaan",
    "is": "og að er sem við það ekki um hann til frá var með fram hafa verið",
    "pl": "i w na się że z do nie jest to jak po od dla przez",
    "cs": "a v se na že je s z to do pro by ale jsou",
    "sk": "a v sa na že je s z to do pre by ale sú",
    "hu": "a az és hogy nem is egy van volt meg ez csak",
    "ro": "și în de la cu nu a pentru pe din care este să fi au fost",
    "tr": "ve bir bu için ile da de çok olarak daha olan gibi",
    "id": "yang dan di dengan untuk dari ini pada dalam tidak itu akan",
    "ms": "yang dan di dengan untuk daripada ini pada dalam tidak itu akan beliau",
    "vi": "và của là không được cho các trong có người đã với",
    "lt": "ir yra kad į su buvo iš tai bet už jis dėl po nuo dar bus",
    "lv": "un ir ka ar uz no par bija arī tas kas pēc lai vai bet pie tika",
    "et": "ja on et ei see oli ka mis kui aga oma ning",
    "hr": "i je da se u na za su od nije kako koji",
    "sl": "in je da se v na za so od ki tudi pri",
    "sq": "dhe të në e një për me që është nga ka",
    "ca": "de la el els que dels una per amb no més és són i en les va",
    "eu": "eta da ez du bat izan dira zuen baina ere dute",
    "sw": "ya na wa kwa ni katika za la hiyo kuwa kwamba",
    "tl": "ang ng sa mga na ay at si ni para",
}
MIN_SMALL_WORDS = 3
NEARLY = 0.7
"""Share of the most small words of a language, from which on another is as likely."""
_LANGUAGES: dict[str, list[str]] = {}
"""Small words to the languages that have them."""
for _language, _words in _SMALL.items():
    for _word in dict.fromkeys(_words.split()):
        _LANGUAGES.setdefault(_word, []).append(_language)
_NEAR = (
    {"no", "nb", "nn", "da"},
    {"id", "ms"},
    {"hr", "sr", "bs"},
    {"cs", "sk"},
    {"ru", "uk", "be", "bg", "sr", "mk", "kk"},
    {"ar", "fa", "ur", "ps"},
    {"hi", "mr", "ne"},
    {"ca", "es"},
)


def language_of(text: str, claimed: str | None = None, among: Collection[str] = ()) -> str | None:
    """Two-letter code of a text's language.

    Args:
        claimed: What the page says (`en-GB`); believed unless the text clearly speaks against it.
        among: The languages the publisher writes, where known: between these a few words tell.
    """
    code = (claimed or "").strip().lower().replace("_", "-").split("-")[0]
    code = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}.get(code, code) if len(code) == 2 else ""
    start = _Start(text[:4000])
    guess, sure = _guess(start)
    if not code:
        return guess
    if guess and sure and guess != code and not any({guess, code} <= near for near in _NEAR):
        return guess
    return (_other_of(start, code, among) if among else None) or code


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
        found = dict.fromkeys(_SMALL, 0)
        for word, times in Counter(self.words).items():
            for language in _LANGUAGES.get(word, ()):
                found[language] += times
        return found


def _other_of(start: _Start, code: str, among: Collection[str]) -> str | None:
    """The publisher's language that a text speaks for, if none for the one claimed."""
    scores = {one: start.scores[one] for one in among if one in _SMALL}
    best = max(scores, key=lambda one: scores[one], default=code)
    return best if scores.get(code) == 0 and scores[best] >= MIN_SMALL_WORDS else None


def _guess(start: _Start) -> tuple[str | None, bool]:
    """The language of a text, and whether it is certain."""
    if not start.text.isascii() and _HAS_FOREIGN.search(start.text):
        signs = Counter(start.text)
        letters = sum(count for sign, count in signs.items() if sign.isalpha())
        if letters and (language := _by_script(signs, letters)):
            return language, letters > 100
    total = len(start.words)
    (best, found), (second, _) = sorted(((score, language) for language, score in start.scores.items()), reverse=True)[:2]
    if total < 8 or best < max(2, total * 0.06):
        return None, False
    return found, total >= 60 and best >= 1.4 * second and best > total * 0.12


def _by_script(signs: Counter[str], letters: int) -> str | None:
    """The language of the script that a text is written in; None for Latin.

    Args:
        signs: The signs of the text, counted.
    """
    signs = Counter({sign: count for sign, count in signs.items() if sign >= _FOREIGN})
    for language, pattern in _SCRIPTS:
        if _of_script(signs, pattern) <= letters * (0.02 if language in _OWN_LETTERS else 0.3):
            continue
        script = _OWN_LETTERS.get(language)
        if script is None or _of_script(signs, script) >= letters * 0.3:
            return language
    return None


def _of_script(signs: Counter[str], pattern: re.Pattern[str]) -> int:
    """Count the signs that a pattern of one sign matches."""
    return sum(signs[sign] for sign in pattern.findall("".join(signs)))
