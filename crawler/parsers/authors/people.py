"""People: authors' names cleaned of roles, agencies, publishers, addresses and the small words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from crawler.parsers.authors.byline_words import BEHIND, OFFICES, OTHER_WORK, QUALIFIERS, ROLES
from crawler.parsers.authors.joiners import names_in, place_behind, place_between
from crawler.parsers.authors.leads import is_other_work, without_lead
from crawler.parsers.credits.agencies import AGENCIES, BYLINE_AGENCIES
from crawler.parsers.credits.word_patterns import any_of
from crawler.parsers.dates.month_names import MONTHS
from crawler.parsers.document.segments import squeeze, words
from crawler.parsers.names.no_names import CLOCK, DAYS, fold, is_no_name, known_given_name
from crawler.parsers.patterns import later

_DATED = re.compile(r"\b([^\W\d_]{3,})\.?\s+\d")
_SMALL = "de van von der den del della di da do dos du la le el al bin ibn ter ten zu af av d' o'"
_PARTICLES = frozenset(_SMALL.split())
_HAN_NAME = later(r"[\u3400-\u9fff\u3005]{2,5}|[\uac00-\ud7af]{3}")
_BEHIND = later(rf"\s*(?:{any_of(BEHIND)})$")
_SWAPPED = re.compile(r"([^\W\d_][\w’'-]+),\s*([^\W\d_][\w’'-]+(?:\s[^\W\d_]\.?)?)")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|@\w+")
_OF_PICTURES = re.compile(
    r"\((?:photos?|pictures?|video|fotos?|bilder?|zdjęcia|фото|traducción|übersetzung|illustration)[^)]*\)", re.IGNORECASE
)
_OTHER_BEHIND = later(
    rf"(?<=\S)[\s.,]+{any_of(OTHER_WORK)}(?:\s*[:：=＝／|]|(?<=[一-鿿가-힣])\s|\s+(?:by|von|par|por|di|av|af)\s).*$",
    re.IGNORECASE | re.DOTALL,
)
_SIGNS = frozenset(":=|")
_DASHED = re.compile(r"(?<=\S)(?:\s+[–—-]\s+.*$|\s*[(（\[【].*?(?:[)）\]】]\s*|$))")
_APPEALS = """
aktualisiert actualizado aggiornato bijgewerkt bio contact email e-mail emails folgen follow following follows gepubliceerd opublikowano
oppdatert posted pubblicato publicado publicerad published publisert publié seguir segui share stand suivre tweet updated uppdaterad
veröffentlicht view volgen обновлено опубликовано
"""
_APPEAL_WORDS = (*_APPEALS.split(), *(word.capitalize() for word in _APPEALS.split()), "Full bio", "Read more")
_APPEAL = later(rf"(?<=\S)\s+{any_of(_APPEAL_WORDS)}(?!\S).*$")
_GLUED_ROLE = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z][a-zß-ÿ]+$)")
_ROLE_STEMS = ("redakteur", "redaktør", "korrespond", "korespond", "correspond", "journalist", "reporter", "kolumnist")
_CLOCK_BEHIND = "am pm a.m p.m uhr est edt pst pdt cst cdt gmt utc bst ist cet cest"
_CUT_BEHIND = frozenset(day for day in DAYS if len(day) > 5) | (CLOCK & frozenset(_CLOCK_BEHIND.split()))
_NO_NAME = re.compile(r"\d|https?:|\.(?:com|net|org|de|fr|ru)\b")
_SPELLINGS = BYLINE_AGENCIES | {spelling for spellings in AGENCIES.values() for spelling in spellings if " " in spelling}
_ACCOUNT = re.compile(r"[a-z0-9]*_[a-z0-9_]*")
_NUMBER_OR_LIST = re.compile(r"[\d(]")
_ENDS_OF_OFFICES = tuple(word for word in OFFICES if not word.isascii())
MAX_TOKENS = 5
MAX_CHARACTERS = 2000
"""Characters of a text that are looked at."""


def authors(
    values: Iterable[str], *, publishers: Iterable[str] = (), printed: bool = False, language: str | None = None
) -> tuple[str, ...]:
    """Names of people in what a page names as its authors.

    Args:
        values: Texts as found; each may hold several names. A line break is the end of an element, and of a name.
        publishers: Names of the site and its publisher, which are no people.
        printed: Whether the texts are lines of the page, which say more than names: place, time, section.
        language: Language of the page, where known: small words between names differ.
    """
    publisher_names = {words(p) for p in publishers if p}
    out: dict[str, str] = {}
    for value in values:
        for part in _parts(value, printed, language):
            name = _clean(part, language, printed)
            if name and words(name) not in publisher_names and not any(len(h) > 5 and h in words(name) for h in publisher_names):
                out.setdefault(words(name), name)
    return tuple(out.values())


def offices(values: Iterable[str], *, bare: bool = False) -> tuple[str, ...]:
    """Names of offices and agencies as given, for an article without people.

    Args:
        bare: Only short names that hold no list.
    """
    lines = (squeeze(without_lead(squeeze(value))) for value in values)
    return tuple(
        line
        for line in lines
        if 1 < len(line) <= 60
        and not _ADDRESS.search(line)
        and not line.startswith("http")
        and not is_no_name(line, printed=False)
        and not _ACCOUNT.fullmatch(line)
        and (not bare or (len(line) <= 30 and len(names_in(line)) == 1 and not _NUMBER_OR_LIST.search(line)))
    )


def is_office(line: str) -> bool:
    """Tell whether a text names a desk, an agency or another body: `Culture Desk`."""
    tokens = [token.strip(".,:()").lower() for token in line.split()]
    if not tokens or len(tokens) > 6 or re.search(r"\d", line) or is_no_name(line):
        return False
    return any(token in OFFICES for token in tokens) or line.lower() in _SPELLINGS or line.endswith(_ENDS_OF_OFFICES)


def is_prose(line: str, language: str | None = None) -> bool:
    """Tell whether a line without a label has a part longer than a name."""
    return without_lead(line, language) == line and any(len(part.split()) > MAX_TOKENS for part in names_in(line, language))


def full_name(text: str) -> bool:
    """Tell whether a text is a person's full name and nothing else.

    Two to five words, the first and last capitalised, or two to five characters of Han, three of Hangul.
    """
    line = squeeze(text)
    if _HAN_NAME.fullmatch(line):
        return not is_no_name(line) and (len(line) > 2 or known_given_name(line))
    tokens = line.split()
    return (
        2 <= len(tokens) <= MAX_TOKENS
        and len(line) <= 45
        and sum(token[:1].isupper() for token in tokens) >= 2
        and tokens[0][:1].isupper()
        and tokens[-1][:1].isupper()
        and not re.search(r"[\d:;!?…,|/@]", line)
        and _clean(line, None) is not None
    )


def known_name(text: str) -> bool:
    """Tell whether a text is a full name that holds a common given name."""
    return full_name(text) and known_given_name(squeeze(text))


def _parts(value: str, printed: bool, language: str | None) -> Iterator[str]:
    """The names in a text, without those of people who did other work."""
    skipped = False
    for line in value[:MAX_CHARACTERS].split("\n"):
        if "(" in line:
            line = _OF_PICTURES.sub(" ,; ", line)
        if "@" in line or "://" in line or "www." in line:
            line = _ADDRESS.sub(" ", line)
        line = squeeze(line)
        if not line:
            continue
        if is_other_work(line):
            skipped = len(line.split()) <= 2 and not re.search(r"[:：]\s*\S", line)
            continue
        if skipped:
            skipped = False
            continue
        if printed and place_behind(language).match(f" {line}"):
            return  # a time, a section or a place, and what is said of it
        yield from _of_line(line, printed, language)


def _of_line(line: str, printed: bool, language: str | None) -> Iterator[str]:
    if not line.isascii() or not _SIGNS.isdisjoint(line) or " by " in line:
        line = _OTHER_BEHIND.split(line)[0]
    if printed and " " in line:
        line = place_between(language).sub("", line)
    if printed and ";" not in line:
        line = _before_date(line, language)
    bare = without_lead(line, language)
    if (swapped := _SWAPPED.fullmatch(bare)) and not printed and not {*map(str.lower, swapped.groups())} & BYLINE_AGENCIES:
        yield f"{swapped[2]} {swapped[1]}"
        return
    for clause in re.split(r"\s*(?:[;|]|(?<![\u3040-\u9fff])[·•])\s*", bare):
        for part in names_in(_before_date(clause, language) if printed else clause, language):
            if is_other_work(part):
                break
            yield part


def _before_date(line: str, language: str | None) -> str:
    """The part of a printed byline before time, section or place."""
    dated = (found.start() for found in _DATED.finditer(line) if found[1].casefold() in MONTHS)
    return place_behind(language).split(line[: next(dated, None)])[0]


def _clean(part: str, language: str | None, printed: bool = True) -> str | None:
    """A name without roles and signs; None if it is no person's."""
    name = squeeze(_DASHED.sub(" ", without_lead(squeeze(part), language)))
    if name.count(" ") > 1:
        name = _APPEAL.sub("", name)
    name = _BEHIND.sub("", name).strip(" .,:;|-–—*\"'“”()[]+#↬→›»✭★◆■●\u202a\u202c\u2066\u2067\u2068\u2069‎‏")
    name = _without_role(_GLUED_ROLE.sub(" ", name) if _role(_GLUED_ROLE.split(name)[-1]) else name) or ""
    tokens = _without_tail(name.split())
    name = " ".join(tokens).strip(" ,")
    if not name or len(tokens) > MAX_TOKENS or len(name) > 50 or len(words(name)) < 2:
        return None
    if name.lower() in _SPELLINGS or _NO_NAME.search(name) or _is_lower(name, tokens) or is_no_name(name, printed=printed):
        return None
    return name


def _without_tail(tokens: list[str]) -> list[str]:
    """The words of a name without days, clocks and the letters of footnotes behind them."""
    end = len(tokens)
    while end > 2 and (fold(tokens[end - 1].strip(".,")) in _CUT_BEHIND or (len(tokens[end - 1]) == 1 and tokens[end - 1].islower())):
        end -= 1
    return tokens[:end]


def _role(token: str) -> bool:
    """Tell whether a word is a role at a newspaper."""
    bare = token.strip(".,()").lower()
    return bare in ROLES or bare.startswith(_ROLE_STEMS)


def _without_role(name: str) -> str | None:
    """A name without the role beside it; None for an office or a role alone."""
    tokens = name.split()
    roles = [n for n, token in enumerate(tokens) if _role(token)]
    if not roles:
        return None if any(token.strip(".,()").lower() in OFFICES for token in tokens) else name
    before, after = tokens[: roles[0]], tokens[roles[-1] + 1 :]
    return _unless_office(after) if len(after) > 1 else _unless_office(_without_qualifiers(before))


def _unless_office(tokens: Sequence[str]) -> str | None:
    """Two words or more that name no office, joined."""
    return None if len(tokens) < 2 or any(token.lower() in OFFICES for token in tokens) else " ".join(tokens)


def _without_qualifiers(tokens: Sequence[str]) -> Sequence[str]:
    """The words before a role without those that belong to it."""
    end = len(tokens)
    while end and tokens[end - 1].lower() in QUALIFIERS:
        end -= 1
    return tokens[:2] if end == 1 and known_given_name(tokens[0]) else tokens[:end]


def _is_lower(name: str, tokens: Sequence[str]) -> bool:
    """Tell whether a text begins with a small letter and no particle."""
    if len(tokens) > 1:
        return tokens[0].islower() and tokens[0] not in _PARTICLES and not "\u10a0" <= tokens[0][0] <= "\u10ff"  # Georgian
    return name.isascii() and name.islower()
