"""Tests whether a line, or the text between parentheses, is a credit and nothing else."""

from __future__ import annotations

import re

from crawler.parsers.credits.agencies import AGENCIES
from crawler.parsers.credits.credit_words import ABBREVIATIONS, FILE_PHOTO, GENERATORS, PLACES, PLATFORMS, RIGHTS
from crawler.parsers.credits.credits_cjk import signed
from crawler.parsers.credits.names import BARE_LABEL, BYS, COPYRIGHT, DOMAIN, LABEL, SHORT, SIGNS, SUFFIX, like_name, only_agencies, simple
from crawler.parsers.credits.word_patterns import any_of
from crawler.parsers.document.rules import Rules
from crawler.parsers.patterns import later

MAX_CREDIT_CHARACTERS = 120
MAX_LABELLED = 80
"""Characters behind a label in parentheses."""

STRICT = later(
    rf"^(?:(?P<label>(?:{LABEL})(?:[\s/]+(?:{LABEL}))?)\.?\s*(?:[{SIGNS}]|\.\.\.|…|(?=\s(?:{BYS})\s))|(?:{SHORT})\.)"
    rf"\s*(?P<by>(?:{BYS})\s+)?(?P<in>.+)$",
    re.IGNORECASE,
)
"""A label, the sign that makes it one, and whom it names: `Photo: Jane Roe`."""
_LABELLED = later(rf"(?<![^\W\d_])(?:{LABEL})\s?[:：]", re.IGNORECASE)
_BEHIND_LABEL = re.compile(r"(?:[,;|]\s*|^)(?:\w+\s)?\w+:\s*")
_HOUSE = re.compile(r"^(?P<who>[^/\d]{2,40}?)\s*/\s*(?P<house>[^/\d]{2,40})$")
_SAID_BY = re.compile(r"^(?P<who>[^:\d]{2,30}):\s*(?P<in>[^:]{2,60})$")
_RIGHTS = later(rf"^(?:copyright|{any_of(RIGHTS)})(?!\w)", re.IGNORECASE)
GENERATED = later(
    rf"^(?:(?:(?:{LABEL})\s*[{SIGNS}]?\s*)?(?:(?:by|with|via|mit|par|con|com|using)\s+)?{any_of(GENERATORS)})(?!\w)", re.IGNORECASE
)
"""A picture that a program made, perhaps with what it was asked for."""
_ACCOUNT = later(
    rf"^(?!x$)(?:(?:www\.)?[a-z][\w-]*(?:\.[\w-]+)*\.(?:com|org|net|info|gov|edu|ai|io|tv|[a-z]{{2}})|(?:@?[\w.-]+\s*/\s*)?(?:{'|'.join(PLATFORMS)})"
    rf"(?:\s*/\s*@?[\w.-]+)?|@[\w.]{{3,}}(?:\s*/\s*\w+)?|[\w.-]+\s*/\s*(?:{'|'.join(re.escape(n) for n in AGENCIES)}))$",
    re.IGNORECASE,
)
_COURTESY = later(
    rf"^(?:\w+\s+)?(?:{LABEL})\s+(?:by|via)\s+|^(?:courtesy|via|supplied|provided|handout|credits?|"
    rf"screen\s?(?:grab|shot))\b|^(?:{LABEL})\s+(?:{BYS})\s",
    re.IGNORECASE,
)


def is_credit(line: str) -> bool:
    """Tell whether a whole line is a credit and nothing else."""
    if len(line) > MAX_CREDIT_CHARACTERS or holds_sentence(line):
        return False
    return bool(_WHOLE_LINE.answer(line, line.strip("()[]（）［］【】 .")))


def holds_sentence(line: str) -> bool:
    """Tell whether a sentence ends within a line; initials and abbreviations end none."""
    ends = re.finditer(r"(?P<word>[\w’']+)\.\s+(?=\S)", line.rstrip(" ."))
    return any(len(one["word"]) > 1 and one["word"].lower() not in ABBREVIATIONS for one in ends)


def is_credit_in_parentheses(inner: str) -> bool:
    """Tell whether the text between parentheses is surely a credit."""
    return bool(_IN_PARENTHESES.answer(inner))


# -- a whole line: the line, and the same without its parentheses


def _file_photo(line: str, inner: str) -> bool | None:
    """Look for `File photo` and its like."""
    return simple(line) in FILE_PHOTO or None


def _rights_or_account(line: str, inner: str) -> bool | None:
    """Look for `© X`, a note of rights, a domain, or an account on a platform."""
    return bool(COPYRIGHT.match(inner) or _RIGHTS.match(inner) or _ACCOUNT.match(inner)) or None


def _name_in_parentheses(line: str, inner: str) -> bool | None:
    """Look for a name of two words that fills the line's parentheses."""
    return (line[0] in "([（" and line[-1] in ")]）" and " " in inner and like_name(inner)) or None


def _parenthesis_within(line: str, inner: str) -> bool | None:
    """Say no to a line with a further parenthesis."""
    return False if "(" in inner or "（" in inner else None


def _label_and_name(line: str, inner: str) -> bool | None:
    """Look for a label and a name: `Photo: X`, `Foto X`."""
    found = STRICT.match(inner) or BARE_LABEL.match(inner)
    return bool(found and len(found["in"]) < 60 and like_name(found["in"])) or None


def _agencies(line: str, inner: str) -> bool | None:
    """Look for agencies, with names joined by strokes, or a program that makes pictures."""
    return only_agencies(inner) or GENERATED.match(inner) is not None or None


def _several_labels(line: str, inner: str) -> bool | None:
    """Look for several labels with names: `Screenshot: X, Image: Y, Photo: Z`."""
    if not STRICT.match(inner):
        return None
    return (len(_LABELLED.findall(inner)) > 1 and all(one[:1].isupper() for one in _BEHIND_LABEL.split(inner) if one)) or None


def _list_of_sources(line: str, inner: str) -> bool | None:
    """Look for a label and a list of sources: `Source: Statistical Yearbook, Ministry of X & Y`."""
    found = STRICT.match(inner)
    if found is None:
        return None
    words = [word for word in re.split(r"[\s/&]+", found["in"]) if word[:1].isalpha()]
    capitals = sum(not word[0].islower() for word in words)
    return (len(words) > 1 and 3 * capitals >= 2 * len(words) and re.search(r"[,;&]|\(", found["in"]) is not None) or None


_WHOLE_LINE = Rules(
    "whole line is a credit", _file_photo, _rights_or_account, _name_in_parentheses, _several_labels, _list_of_sources, _parenthesis_within,
    _label_and_name, _agencies,
)  # fmt: skip


# -- the text between parentheses


def _file_photo_inside(inner: str) -> bool | None:
    """Look for `File photo` and its like."""
    return simple(inner) in FILE_PHOTO or None


def _position_inside(inner: str) -> bool | None:
    """Say no to words for a position in the picture: `left`, `second from right`."""
    placed = any(simple(token) in PLACES for token in re.split(r"[\s,]+", inner)) and not re.search(r"[:：©]", inner)
    return False if placed else None


def _agency_or_domain_inside(inner: str) -> bool | None:
    """Look for `© X`, a domain, or agencies."""
    return bool(COPYRIGHT.match(inner) or DOMAIN.match(inner) or only_agencies(inner)) or None


def _label_inside(inner: str) -> bool | None:
    """Look for a label with its sign: `Photo: X`."""
    found = STRICT.match(inner)
    return len(found["in"]) <= MAX_LABELLED if found else None


def _bare_label_inside(inner: str) -> bool | None:
    """Look for a label without a sign before an agency: `Photo AFP`."""
    found = BARE_LABEL.match(inner)
    return bool(found and only_agencies(found["in"])) or None


def _name_and_house_inside(inner: str) -> bool | None:
    """Look for `Name/House`, one of several words or all in capitals."""
    found = _HOUSE.match(inner)
    if found is None or not like_name(found["who"]) or not like_name(found["house"]):
        return None
    return max(len(found["who"].split()), len(found["house"].split())) > 1 or inner.isupper()


def _agency_before_colon_inside(inner: str) -> bool | None:
    """Look for `Agency: Name`."""
    found = _SAID_BY.match(inner)
    if found is None or not like_name(found["in"]):
        return None
    return only_agencies(found["who"]) or simple(found["who"]) in FILE_PHOTO or None


def _cjk_signature_inside(inner: str) -> bool | None:
    """Look for a signature in Chinese, Japanese or Korean."""
    told = signed(f" {inner}")
    return (told is not None and not told[0]) or None


def _label_behind_name_inside(inner: str) -> bool | None:
    """Look for `Name photo`."""
    found = SUFFIX.match(inner)
    return like_name(found["in"]) if found else None


def _courtesy_inside(inner: str) -> bool | None:
    """Look for `courtesy of X`, `via X`, `photo by X`, or a program that makes pictures."""
    return (_COURTESY.match(inner) is not None or GENERATED.match(inner) is not None) or None


_IN_PARENTHESES = Rules(
    "parenthesis is a credit", _file_photo_inside, _position_inside, _agency_or_domain_inside, _label_inside, _bare_label_inside,
    _name_and_house_inside, _agency_before_colon_inside, _cjk_signature_inside, _label_behind_name_inside, _courtesy_inside,
)  # fmt: skip
