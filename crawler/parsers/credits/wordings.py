"""Wordings that part a credit from its caption: one rule each, first that speaks wins."""

from __future__ import annotations

import re
from typing import Literal

from attrs import frozen

from crawler.parsers.credits.agencies import AGENCIES, agency_of
from crawler.parsers.credits.credit_words import FILE_PHOTO, NOT_LABELS, RIGHTS
from crawler.parsers.credits.credits_cjk import signed
from crawler.parsers.credits.names import (
    BARE_LABEL,
    COMMA_LABEL,
    COPYRIGHT,
    LABEL,
    SHORT,
    SUFFIX,
    credit_name,
    ends_as_agency,
    like_name,
    only_agencies,
    simple,
)
from crawler.parsers.credits.only_credit import (
    GENERATED,
    MAX_CREDIT_CHARACTERS,
    MAX_LABELLED,
    STRICT,
    holds_sentence,
    is_credit,
    is_credit_in_parentheses,
)
from crawler.parsers.credits.shared_labels import is_shared, labelled
from crawler.parsers.credits.word_patterns import any_of
from crawler.parsers.document.rules import Rules
from crawler.parsers.document.segments import squeeze
from crawler.parsers.patterns import later

Shape = Literal["paren", "slash", "pipe", "dash", "sentence", "whole"]

PAREN = re.compile(r"[\s\u3000]*[(\[（［【〔]\s*(?P<in>[^()\[\]（）［］【】〔〕]{1,120}?)\s*[)\]）］】〕]\s*[.。]?\s*$")
_PAREN_WITHIN = re.compile(r"[(\[（［【〔](?P<in>[^()\[\]（）［］【】〔〕]{3,120})[)\]）］】〕]")
_PUNCTUATION = ".,;:!?…。，、"
TAILS: tuple[tuple[Shape, re.Pattern[str]], ...] = (
    ("pipe", re.compile(r"(?:\s*\||\s+[•●▪])\s*(?P<in>[^|•●▪]{2,80})$")),
    ("slash", re.compile(r"(?<=[.!?…\"”»)])\s*/\s*(?P<in>[^.]{2,80})$")),
    ("dash", re.compile(r"(?:\s+[–—-]{1,2}\s+|\s*—\s*)(?P<in>[^.–—]{2,60}|[^.–—]{2,40}[\s,-]+\d{1,2}\.\w{3}\.\d{2,4}\s*/[^./]{2,30})$")),
    ("sentence", re.compile(r"(?<=[.!?…\"”»)。])(?<!\b[^\W\d_]\.)\s*(?P<in>(?:[^.!?。]|\.(?=\S)|(?<=\b[^\W\d_])\.){2,80})$")),
)
"""Doubtful shapes: credits only of agencies, in capitals, or where the page's captions share them."""
_SIGN = later(
    rf"[\s,;|/–—-]*(?:{COPYRIGHT.pattern}|copyright\b\s*:?|{any_of(RIGHTS)}(?!\w)[\s:,–-]*(?=\w))\s*(?P<in>.{{1,120}})$", re.IGNORECASE
)
_LABEL_AT = later(rf"(?:^|(?<=[\s.,;|/／(\[（［【〔–—\"”»。\-]))(?:{LABEL}|{SHORT})(?![^\W\d_])", re.IGNORECASE)
_DASHED = later(rf"^(?:{LABEL})\s+[–—-]\s+(?P<in>.+)$", re.IGNORECASE)
_LABELS_BEFORE = later(rf"(?:(?<![^\W\d_])(?:{LABEL})[\s/]+)+$", re.IGNORECASE)
_SIGNED = re.compile(r"(?<=\w{3}[.!?…])\s*(?P<in>[^\W\d_a-z][\w.'’-]+(?:\s+[\w.'’-]+){1,3})$")
_AGENCY_FIRST = later(
    rf"(?<=[\w»”\"])\s(?P<in>{any_of((*(n for n in AGENCIES if n.isupper() or ' ' in n), 'REUTERS'))}\s*/\s*[^\W\d_a-z][\w.'’-]*"
    r"(?:\s[^\W\d_a-z][\w.'’-]*){0,3})$"
)
"""`... at the mole EFE/ Ana Ruiz`: an agency, a stroke and a name end a caption whatever stands before them."""
_PICTURED = re.compile(
    r"\s*[/|,.–—-]\s*(?:na zdjęciu|na snímku|na fotografii|auf dem bild|im bild|in the picture|pictured|sur la photo|en la imagen|"
    r"en la foto|nella foto|"
    r"na foto|op de foto|på bilden|på billedet|på bildet|на фото|на снимке|на знімку|fotoğrafta|στη φωτογραφία)\s*[:–—-]\s*",
    re.IGNORECASE,
)
_CLOSED = '.!?…"”»)。|'
_ENDED = re.compile(r"[.!?…\"”»)\]|/／(\[（［【〔–—,;:。।॥။።۔؟-]\s*$")
_ACCOUNT_SIGN = re.compile(r"[@/.]\S")
_SENTENCE_BEHIND = re.compile(r"[.!?]\s+\w+\s+\w+\s+\w+\s+\w+")
_SENTENCE_WITHIN = re.compile(r"[.!?]\s+[^\W\d_]{3,}\s+\w+\s+\w+")
_BRACKETS = (("(", ")"), ("[", "]"), ("（", "）"), ("【", "】"), ("［", "］"), ("〔", "〕"))


@frozen(kw_only=True)
class Split:
    """A printed caption, taken apart."""

    caption: str | None
    credit: str | None = None
    agency: str | None = None
    wording: str | None = None
    """The credit as printed, with its parentheses and labels."""
    shape: str | None = None
    """How the credit was joined to the caption; for the vote of a page."""


def _done(caption: str, wording: str, inner: str, shape: str) -> Split:
    """Make a split of the caption, the credit as printed, and the name in it."""
    credit = credit_name(inner, labelled=shape == "label")
    kept = caption if shape == "sentence" else caption.rstrip(" ,;|/–—-([（［【").lstrip(" |–—-")
    return Split(caption=kept.strip() or None, credit=credit, agency=agency_of(credit), wording=squeeze(wording) or None, shape=shape)


def comma_label(line: str, accepted: frozenset[str]) -> Split | None:
    """Look for a label of credits that a comma may follow: `Image source, Getty Images`."""
    told = COMMA_LABEL.match(line)
    return _done("", line, told["in"], "whole") if told else None


def whole_line(line: str, accepted: frozenset[str]) -> Split | None:
    """Look for a line that is a credit and nothing else."""
    return _done("", line, line, "whole") if is_credit(line) else None


def parenthesis(line: str, accepted: frozenset[str] = frozenset()) -> Split | None:
    """Look for a credit in parentheses at the end: `(Reuters)`, `Jane Roe (Reuters)`."""
    found = PAREN.search(line)
    if found is None:
        return None
    # Square brackets at the end of a caption hold nothing else than names.
    squared = found[0].lstrip()[0] == "[" and " " in found["in"] and like_name(found["in"])
    if not squared and not is_credit_in_parentheses(found["in"]):
        return None
    told = label(line)
    # `... Photo: Jane Roe (Reuters)`: the label belongs to both.
    if told and len(told.wording or "") > len(found[0].strip()) + 2:
        return told
    name = _SIGNED.search(line[: found.start()])
    if name and only_agencies(found["in"]) and like_name(name["in"]):
        # `... in the harbour. Jane Roe (Reuters)`: the parenthesis belongs to the name.
        at = name.start("in")
        return _done(line[:at], line[at:], line[at : found.end()].strip(), "paren-sure")
    return _done(line[: found.start()], line[found.start() :], found["in"], "paren-sure")


def parenthesis_within(line: str, accepted: frozenset[str]) -> Split | None:
    """Look for a labelled credit in brackets amid the caption: `A pier (Photo by X) at dawn`."""
    for found in _PAREN_WITHIN.finditer(line):
        inner, head, rest = found["in"].strip(), line[: found.start()].rstrip(), line[found.end() :].strip()
        agency = SUFFIX.match(inner)
        if not head or not rest.strip(" ."):
            continue
        caption = f"{head}{'' if rest[0] in _PUNCTUATION else ' '}{rest}"
        if STRICT.match(inner) or (agency and only_agencies(agency["in"])):
            return _done(caption, found[0], inner, "paren-sure")
        if simple(inner) in FILE_PHOTO:
            # A credit elsewhere says more.
            others = (copyright_sign, label, cjk_signature, shared_parenthesis, tail, agency_and_name, label_behind_name)
            return None if any(rule(caption, accepted) for rule in others) else _done(caption, found[0], inner, "paren-sure")
    return None


def copyright_sign(line: str, accepted: frozenset[str]) -> Split | None:
    """Look for `© X` at the end, with a label before it: `Photo © Ann Lee`."""
    found = _SIGN.search(line)
    if not found or len(found["in"]) > MAX_CREDIT_CHARACTERS or (holds_sentence(found["in"]) and _SENTENCE_BEHIND.search(found["in"])):
        return None
    head = line[: found.start()]
    before = _LABELS_BEFORE.search(f"{head} ")
    closed = before and (not head[: before.start()].strip() or head[: before.start()].rstrip()[-1] in _CLOSED)
    start = before.start() if before and closed else found.start()
    return _done(line[:start], line[start:], found["in"], "sign")


def label(line: str, accepted: frozenset[str] = frozenset()) -> Split | None:
    """Look for the last label with a name: `Photo: X`, `Foto X`."""
    return next((told for at in reversed(list(_LABEL_AT.finditer(line))) if (told := _labelled_at(line, at.start())) is not None), None)


def pictured_behind_credit(line: str, accepted: frozenset[str]) -> Split | None:
    """Look for a credit before a caption that says whom one sees: `X / Na zdjęciu: Y`."""
    found = _PICTURED.search(line)
    if found is None or not found.start() or not only_agencies(line[: found.start()].strip()):
        return None
    return _done(line[found.end() :], line[: found.start()], line[: found.start()], "pictured")


def cjk_signature(line: str, accepted: frozenset[str]) -> Split | None:
    """Look for a signature in Chinese, Japanese or Korean: `＝共同`, `X 摄`, `X 기자`."""
    told = signed(line)
    return _done(*told, "signed") if told else None


def shared_parenthesis(line: str, accepted: frozenset[str]) -> Split | None:
    """Look for a name in parentheses, if the page's captions share that shape."""
    found = PAREN.search(line) if "paren" in accepted else None
    return _done(line[: found.start()], line[found.start() :], found["in"], "paren") if found and _names_new(found, line) else None


def tail(line: str, accepted: frozenset[str]) -> Split | None:
    """Look for agencies, capitals or a shared shape behind a bar, stroke, dash or stop."""
    for shape, pattern in TAILS:
        found = pattern.search(line)
        if not found or not found.start():
            continue
        if (
            only_agencies(found["in"])
            or GENERATED.match(found["in"])
            or _signed_in_capitals(found, line)
            or (shape in accepted and _names_new(found, line))
        ):
            return _done(line[: found.start()], line[found.start() :], found["in"], shape)
    return None


def agency_and_name(line: str, accepted: frozenset[str]) -> Split | None:
    """Look for `AGENCY/Name` at the end."""
    found = _AGENCY_FIRST.search(line)
    return _done(line[: found.start("in")], line[found.start("in") :], found["in"], "agency") if found else None


def label_behind_name(line: str, accepted: frozenset[str]) -> Split | None:
    """Look for `Name photo` at the end."""
    for cut in re.finditer(r"(?<=[.!?…])\s+|^|\s{2,}|\s[–—|]\s", line):
        rest = line[cut.end() :]
        if len(rest) <= 60 and (found := SUFFIX.match(rest)) and like_name(found["in"]) and not ends_as_agency(rest):
            return _done(line[: cut.start()], rest, rest, "suffix")
    return None


def word_of_the_page(line: str, accepted: frozenset[str]) -> Split | None:
    """Look for a word before a name that two captions share, or before an agency."""
    found = labelled(line)
    if found is None or not is_shared(found, accepted):
        return None
    at = len(line) - len(found.string) + found.start("word")
    return _done(line[:at], line[at:], found["in"], "label")


WORDINGS = Rules(
    "credit wording", comma_label, pictured_behind_credit, whole_line, parenthesis, parenthesis_within, copyright_sign, label,
    cjk_signature, word_of_the_page,
    shared_parenthesis, tail, agency_and_name, label_behind_name,
)  # fmt: skip


# -- parts of the rules


def _labelled_at(line: str, start: int) -> Split | None:
    """Read the credit that a label at this place announces."""
    text = _balanced(line[start:].strip(" .").lstrip("()[]（）［］【】〔〕"))
    head, found = line[:start], STRICT.match(text)
    closed = not head.strip() or _ENDED.search(head) is not None
    if found is None:
        return (_dashed_label_at(line, start, text) or _bare_label_at(line, start, text)) if closed and head.strip() else None
    inner = found["in"]
    with_colon = found[0][: found.start("in")].rstrip().endswith((":", "：", "፡", "፦"))
    if not (closed or with_colon) or not _may_follow_label(inner):
        return None
    before = _LABELS_BEFORE.search(head)
    begin = before.start() if before and simple(before[0]) not in FILE_PHOTO else start
    return _done(line[:begin], line[begin:], inner, "label")


def _dashed_label_at(line: str, start: int, text: str) -> Split | None:
    """Read `Photo - Jane Roe` behind the end of a sentence."""
    found = _DASHED.match(text)
    named = found is not None and (only_agencies(found["in"]) or (like_name(found["in"]) and len(found["in"].split()) <= 4))
    return _done(line[:start], line[start:], found["in"], "label") if found and named else None


def _bare_label_at(line: str, start: int, text: str) -> Split | None:
    """Read `Foto Max Muster` behind the end of a sentence."""
    found = BARE_LABEL.match(text)
    if found is None:
        return None
    named = only_agencies(found["in"]) or (like_name(found["in"]) and " " in found["in"])
    return _done(line[:start], line[start:], found["in"], "label") if named else None


def _may_follow_label(inner: str) -> bool:
    """Tell whether the text behind a label can be a name and no sentence."""
    if len(inner.split()) > 3 and inner.islower() and not _ACCOUNT_SIGN.search(inner):
        return False  # `Foto: wie es gestern war`
    return (
        len(inner) <= MAX_LABELLED
        and not (_SENTENCE_WITHIN.search(inner) and holds_sentence(inner))
        and (len(inner) < 40 or like_name(inner))
    )


def _balanced(text: str) -> str:
    """Cut a closing bracket that has no opening one off the end."""
    for opening, closing in _BRACKETS:
        while text.endswith(closing) and text.count(closing) > text.count(opening):
            text = text[:-1].rstrip(" .")
    return text


def _names_new(found: re.Match[str], line: str) -> bool:
    """Tell whether a tail could be a name that the caption does not hold."""
    name = found["in"].strip(" ()[]")
    if ":" in name and name.partition(":")[0].casefold() in NOT_LABELS:
        return False
    return like_name(name) and name.casefold() not in line[: found.start()].casefold()


def _signed_in_capitals(found: re.Match[str], line: str) -> bool:
    """Tell whether a tail of several words is in capitals and its caption is not."""
    name, head = found["in"].strip(), line[: found.start()]
    return name.isupper() and len(name.split()) > 1 and not re.search(r"\d", name) and not head.isupper() and len(head.split()) > 2
