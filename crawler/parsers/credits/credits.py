"""Credits: a printed figcaption taken apart into what the picture shows and who made it, by the wording alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from attrs import frozen

from crawler.parsers.credits.credit_words import AGENCIES, CAPTION_LABELS, FILE_PHOTO, PLACES, PLATFORMS
from crawler.parsers.credits.credits_cjk import signed
from crawler.parsers.credits.names import (
    BARE_LABEL,
    BYS,
    COMMA_LABEL,
    DOMAIN,
    LABEL,
    SHORT,
    SUFFIX,
    agency_of,
    credit_name,
    ends_as_agency,
    like_name,
    only_agencies,
    simple,
)
from crawler.parsers.document.segments import squeeze

Shape = Literal["paren", "slash", "pipe", "dash", "sentence", "whole"]

MAX_LINE = 3_000
"""A longer text is no caption."""
MAX_CREDIT_CHARACTERS = 120
SURE = ("paren-sure", "sign", "label", "suffix", "whole", "signed", "agency")
"""Shapes that leave no doubt, whatever the page's other captions do."""

_PAREN = re.compile(r"[\s\u3000]*[(\[（［【〔]\s*(?P<in>[^()\[\]（）［］【】〔〕]{1,120}?)\s*[)\]）］】〕]\s*[.。]?\s*$")
_SIGN = re.compile(r"[\s,;|/–—-]*(?:©|ⓒ|\(c\)|&copy;|copyright\b\s*:?|℗)\s*(?P<in>.{1,120})$", re.IGNORECASE)
_STRICT = re.compile(
    rf"^(?:(?P<label>(?:{LABEL})(?:[\s/]+(?:{LABEL}))?)\.?\s*(?:[:：=＝/／|]|(?=\s(?:{BYS})\s))|(?:{SHORT})\.)"
    rf"\s*(?P<by>(?:{BYS})\s+)?(?P<in>.+)$",
    re.IGNORECASE,
)
_LABEL_AT = re.compile(rf"(?:^|(?<=[\s.,;|/／(\[（［【〔–—\"”»。\-]))(?:{LABEL}|{SHORT})(?![^\W\d_])", re.IGNORECASE)
_LABELS_BEFORE = re.compile(rf"(?:(?<![^\W\d_])(?:{LABEL})[\s/]+)+$", re.IGNORECASE)
_HOUSE = re.compile(r"^(?P<who>[^/\d]{2,40}?)\s*/\s*(?P<house>[^/\d]{2,40})$")
_SAID_BY = re.compile(r"^(?P<who>[^:\d]{2,30}):\s*(?P<in>[^:]{2,60})$")
_BUTTON = re.compile(
    r"\s+(?:close|enlarge(?: (?:this )?image)?|zoom|(?:hide|toggle|show) caption|view larger|click to enlarge|×|schließen|vergrößern|"
    r"(?:show|read|see) more|mehr (?:anzeigen|lesen)|visa mer|vis mere?|lees meer|toon meer|ver más|leer más|ver mais|"
    r"voir plus|lire la suite|mostra (?:di più|altro)|więcej|читать далее|показать ещё|"
    r"(?:purchase|acquire) licensing rights(?:,? opens? (?:in )?(?:a )?new tab)?)$",
    re.IGNORECASE,
)
_CAPTION_LABEL = re.compile(
    r"^(?:\[?\d+\s?(?:/|of)\s?\d+\]?\s*)?"
    rf"(?:(?:{'|'.join(re.escape(w) for w in CAPTION_LABELS if ' ' in w)})(?:\s*[,:،，：]\s*|\s(?=(?-i:[^\W\d_a-z]))|(?=(?-i:[A-ZÀ-Þ])))"
    rf"|(?:{'|'.join(re.escape(w) for w in CAPTION_LABELS if ' ' not in w)})\s*[,:،，：]\s*)?",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"^(?:copyright|all rights reserved|tous droits réservés|alle rechte vorbehalten|todos los derechos reservados)\b", re.IGNORECASE
)
_TAILS: tuple[tuple[Shape, re.Pattern[str]], ...] = (
    ("pipe", re.compile(r"\s*\|\s*(?P<in>[^|]{2,80})$")),
    ("slash", re.compile(r"(?<=[.!?…\"”»)])\s*/\s*(?P<in>[^.]{2,80})$")),
    ("dash", re.compile(r"(?:\s+[–—-]{1,2}\s+|\s*—\s*)(?P<in>[^.–—]{2,60}|[^.–—]{2,40}[\s,-]+\d{1,2}\.\w{3}\.\d{2,4}\s*/[^./]{2,30})$")),
    ("sentence", re.compile(r"(?<=[.!?…\"”»)。])(?<!\b[^\W\d_]\.)\s*(?P<in>(?:[^.!?。]|\.(?=\S)|(?<=\b[^\W\d_])\.){2,80})$")),
)
_ROLES = re.compile(r"^[^\W\d_][^.:]{2,40}(?:[.;,]\s+[^\W\d_][\w\s/&-]{2,24}:\s+[^.:]{2,60})+\.?$")
"""Who did what for a picture: `Jane Roe. Styling: Ann Lee. Hair: Jo Roe`."""
_SIGNED = re.compile(r"(?<=\w{3}[.!?…])\s*(?P<in>[^\W\d_a-z][\w.'’-]+(?:\s+[\w.'’-]+){1,3})$")
_AGENCY_FIRST = re.compile(
    rf"(?<=[\w»”\"])\s(?P<in>(?:{'|'.join(re.escape(n) for n in AGENCIES if n.isupper() or ' ' in n)}|REUTERS)\s*/\s*[^\W\d_a-z][\w.'’-]*"
    r"(?:\s[^\W\d_a-z][\w.'’-]*){0,3})$"
)
"""`... at the mole EFE/ Ana Ruiz`: an agency, a stroke and a name end a caption whatever stands before them."""
_CLOSED = '.!?…"”»)。|'
_ACCOUNT = re.compile(
    rf"^(?!x$)(?:(?:www\.)?[a-z][\w-]*(?:\.[\w-]+)*\.(?:com|org|net|info|gov|edu|ai|io|tv|[a-z]{{2}})|(?:@?[\w.-]+\s*/\s*)?(?:{'|'.join(PLATFORMS)})"
    rf"(?:\s*/\s*@?[\w.-]+)?|@[\w.]{{3,}}(?:\s*/\s*\w+)?|[\w.-]+\s*/\s*(?:{'|'.join(re.escape(n) for n in AGENCIES)}))$",
    re.IGNORECASE,
)


@frozen(kw_only=True)
class Split:
    """A figcaption taken apart."""

    caption: str | None
    credit: str | None = None
    agency: str | None = None
    wording: str | None = None
    """The credit as printed, with its parentheses and labels."""
    shape: str | None = None
    """How the credit was joined to the caption; for the vote of a page."""


def plain(raw: str) -> str:
    """A caption on one line without what announces it, counts it, or labels a button behind it."""
    line = squeeze(raw)
    return _CAPTION_LABEL.sub("", _BUTTON.sub("", line) or line, count=1)


def split(raw: str, *, accepted: frozenset[str] = frozenset()) -> Split:
    """Take a printed figcaption apart.

    Args:
        raw: As printed.
        accepted: Shapes the page's captions voted for; without them only wordings that leave no doubt count.
    """
    line = plain(raw)
    if not line or len(line) > MAX_LINE:
        return Split(caption=line or None)
    if told := COMMA_LABEL.match(line):
        return _done("", line, told["in"], "whole")
    if _whole(line):
        return _done("", line, line, "whole")
    for step in (_by_paren, _by_sign, _by_label):
        if found := step(line):
            return found
    return _by_tail(line, accepted)


def vote(raws: Iterable[str]) -> frozenset[str]:
    """Which doubtful shapes are credits on this page: those that end at least two captions and half of them all."""
    lines = [squeeze(r) for r in raws if squeeze(r)]
    counts: Counter[str] = Counter()
    for line in lines:
        shapes = [shape for shape, pattern in _TAILS if (m := pattern.search(line)) and m.start() and like_name(m["in"])]
        if (found := _PAREN.search(line)) and like_name(found["in"]):
            shapes.append("paren")
        counts.update(shapes[:1])
    return frozenset(shape for shape, count in counts.items() if count >= 2 and count * 2 >= len(lines))


def _done(caption: str, wording: str, inner: str, shape: str) -> Split:
    credit = credit_name(inner)
    kept = caption.rstrip(" ,;|/–—-([（［【").lstrip(" |–—-") if shape not in ("sentence",) else caption
    return Split(caption=kept.strip() or None, credit=credit, agency=agency_of(credit), wording=squeeze(wording) or None, shape=shape)


def _whole(line: str) -> bool:
    """Whether there is nothing but a credit."""
    inner = line.strip("()[]（）［］【】 .")
    if len(line) > MAX_CREDIT_CHARACTERS or ". " in line.strip("."):
        return False
    if simple(line) in FILE_PHOTO or inner.startswith(("©", "ⓒ")) or _RIGHTS.match(inner) or _ACCOUNT.match(inner):
        return True
    if line[0] in "([（" and line[-1] in ")]）" and " " in inner and like_name(inner):
        return True
    if "(" in inner or "（" in inner:
        return False
    found = _STRICT.match(inner) or BARE_LABEL.match(inner)
    return bool(found and (len(found["in"]) < 60 and like_name(found["in"]))) or only_agencies(inner)


def _credit_inside(inner: str) -> bool:
    """Whether what stands between parentheses leaves no doubt that it is a credit."""
    if simple(inner) in FILE_PHOTO:
        return True
    if any(simple(t) in PLACES for t in re.split(r"[\s,]+", inner)) and not re.search(r"[:：©]", inner):
        return False
    if inner.startswith(("©", "ⓒ")) or DOMAIN.match(inner) or only_agencies(inner):
        return True
    if found := _STRICT.match(inner):
        return len(found["in"]) <= 80
    if (found := BARE_LABEL.match(inner)) and only_agencies(found["in"]):
        return True
    if (found := _HOUSE.match(inner)) and like_name(found["who"]) and like_name(found["house"]):
        return max(len(found["who"].split()), len(found["house"].split())) > 1 or inner.isupper()
    if (found := _SAID_BY.match(inner)) and (only_agencies(found["who"]) or simple(found["who"]) in FILE_PHOTO) and like_name(found["in"]):
        return True
    if (told := signed(f" {inner}")) and not told[0]:
        return True
    if found := SUFFIX.match(inner):
        return like_name(found["in"])
    return bool(
        re.match(
            rf"^(?:\w+\s+)?(?:{LABEL})\s+(?:by|via)\s+|^(?:courtesy|via|supplied|provided|handout|credits?|"
            rf"screen\s?(?:grab|shot))\b|^(?:{LABEL})\s+(?:{BYS})\s",
            inner,
            re.IGNORECASE,
        )
    )


def _by_paren(line: str) -> Split | None:
    found = _PAREN.search(line)
    # Square brackets at the end of a caption hold nothing else than names.
    squared = found is not None and found[0].lstrip()[0] == "[" and " " in found["in"] and like_name(found["in"])
    if found and (squared or _credit_inside(found["in"])):
        told = _by_label(line)
        # `... Photo: Jane Roe (Reuters)`: the label belongs to both.
        if told and len(told.wording or "") > len(found[0].strip()) + 2:
            return told
        name = _SIGNED.search(line[: found.start()])
        if name and only_agencies(found["in"]) and like_name(name["in"]):
            # `... in the harbour. Jane Roe (Reuters)`: the parenthesis belongs to the name.
            at = name.start("in")
            return _done(line[:at], line[at:], line[at : found.end()].strip(), "paren-sure")
        return _done(line[: found.start()], line[found.start() :], found["in"], "paren-sure")
    return None


def _by_sign(line: str) -> Split | None:
    found = _SIGN.search(line)
    if found and len(found["in"]) <= MAX_CREDIT_CHARACTERS and not re.search(r"[.!?]\s+\w+\s+\w+\s+\w+\s+\w+", found["in"]):
        head = line[: found.start()]
        label = _LABELS_BEFORE.search(f"{head} ")
        closed = label and (not head[: label.start()].strip() or head[: label.start()].rstrip()[-1] in _CLOSED)
        # `... in the harbour. Photo © Ann Lee`
        start = label.start() if label and closed else found.start()
        return _done(line[:start], line[start:], found["in"], "sign")
    return None


def _by_label(line: str) -> Split | None:
    for found in reversed(list(_LABEL_AT.finditer(line))):
        tail = _balanced(line[found.start() :].strip(" .").lstrip("()[]（）［］【】〔〕"))
        match = _STRICT.match(tail)
        head = line[: found.start()]
        closed = not head.strip() or bool(re.search(r"[.!?…\"”»)\]|/／(\[（［【〔–—,;:。।॥-]\s*$", head))
        if match is None:
            plain = BARE_LABEL.match(tail)
            if plain and closed and head.strip() and (only_agencies(plain["in"]) or (like_name(plain["in"]) and " " in plain["in"])):
                return _done(head, line[found.start() :], plain["in"], "label")
            continue
        inner = match["in"]
        told = match.group(0)[: match.start("in")].rstrip().endswith((":", "："))
        if (
            (closed or told)
            and (len(inner) <= 80 or _ROLES.match(inner))
            and (_ROLES.match(inner) or not re.search(r"[.!?]\s+[^\W\d_]{3,}\s+\w+\s+\w+", inner))
            and (like_name(inner) or len(inner) < 40 or _ROLES.match(inner))
        ):
            before = _LABELS_BEFORE.search(head)
            start = before.start() if before and simple(before[0]) not in FILE_PHOTO else found.start()
            return _done(line[:start], line[start:], inner, "label")
    return None


def _balanced(text: str) -> str:
    """A text without a closing bracket that has no opening one."""
    for opening, closing in ("()", "[]", "（）", "【】", "［］", "〔〕"):
        while text.endswith(closing) and text.count(closing) > text.count(opening):
            text = text[:-1].rstrip(" .")
    return text


def _names_new(found: re.Match[str], line: str) -> bool:
    """Whether a tail could name somebody whom the caption has not named: what it has is what is shown, not who took it."""
    name = found["in"].strip(" ()[]")
    return like_name(name) and name.casefold() not in line[: found.start()].casefold()


def _signed_in_capitals(found: re.Match[str], line: str) -> bool:
    """Whether a tail of several words is in capitals as a whole, and the caption before it is not."""
    name, head = found["in"].strip(), line[: found.start()]
    return name.isupper() and len(name.split()) > 1 and not re.search(r"\d", name) and not head.isupper() and len(head.split()) > 2


def _by_tail(line: str, accepted: frozenset[str]) -> Split:
    if told := signed(line):
        return _done(*told, "signed")
    paren = _PAREN.search(line)
    if paren and "paren" in accepted and _names_new(paren, line):
        return _done(line[: paren.start()], line[paren.start() :], paren["in"], "paren")
    for shape, pattern in _TAILS:
        found = pattern.search(line)
        if (
            found
            and found.start()
            and (only_agencies(found["in"]) or _signed_in_capitals(found, line) or (shape in accepted and _names_new(found, line)))
        ):
            return _done(line[: found.start()], line[found.start() :], found["in"], shape)
    if found := _AGENCY_FIRST.search(line):
        return _done(line[: found.start("in")], line[found.start("in") :], found["in"], "agency")
    for cut in re.finditer(r"(?<=[.!?…])\s+|^|\s{2,}|\s[–—|]\s", line):
        tail = line[cut.end() :]
        if len(tail) <= 60 and (found := SUFFIX.match(tail)) and like_name(found["in"]) and not ends_as_agency(tail):
            return _done(line[: cut.start()], tail, tail, "suffix")
    return Split(caption=line)
