"""Credits: a printed figcaption taken apart into what the picture shows and who made it, by the wording alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from attrs import frozen

from crawler.parsers.credit_words import AGENCIES, BY, FILE_PHOTO, LABELS, PHRASES, PLACES, SUFFIXES
from crawler.parsers.flow import squeeze

Shape = Literal["paren", "slash", "pipe", "dash", "sentence", "whole"]

MAX_CREDIT_CHARACTERS = 120

_LABEL = "|".join(re.escape(w) for w in sorted((*PHRASES, *LABELS), key=len, reverse=True))
_BY = "|".join(BY)
_PAREN = re.compile(r"[\s\u3000]*[(\[（［【〔]\s*(?P<in>[^()\[\]（）［］【】〔〕]{1,120}?)\s*[)\]）］】〕]\s*[.。]?\s*$")
_SIGN = re.compile(r"[\s,;|/–—-]*(?:©|ⓒ|\(c\)|&copy;|copyright\b\s*:?|℗)\s*(?P<in>.{1,120})$", re.IGNORECASE)
_STRICT = re.compile(
    rf"^(?P<label>(?:{_LABEL})(?:\s+(?:{_LABEL}))?)\.?\s*(?:[:：=＝/|]|(?=\s(?:{_BY})\s))\s*(?P<by>(?:{_BY})\s+)?(?P<in>.+)$", re.IGNORECASE
)
_RIGHTS = re.compile(
    r"^(?:copyright|all rights reserved|tous droits réservés|alle rechte vorbehalten|todos los derechos reservados)\b", re.IGNORECASE
)
_LEAD = re.compile(
    rf"^(?:(?:(?:illustrative|undated|handout|archive|archival|file)\s+)?(?:{_LABEL})\b\.?\s*(?:[:：=＝/|]|"
    rf"\s(?:{_BY})\b|$)\s*|(?:{_BY})\s+|©\s*|ⓒ\s*|\(c\)\s*|copyright\b\s*:?\s*|[–—|/:=＝-]+\s*)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(rf"^(?P<in>.+?)[\s/]+(?:file\s+)?(?:{'|'.join(re.escape(s) for s in SUFFIXES)})$", re.IGNORECASE)
_TAILS: tuple[tuple[Shape, re.Pattern[str]], ...] = (
    ("pipe", re.compile(r"\s*\|\s*(?P<in>[^|]{2,80})$")),
    ("slash", re.compile(r"(?<=[.!?…\"”»)])\s*/\s*(?P<in>[^.]{2,80})$")),
    ("dash", re.compile(r"\s+[–—-]{1,2}\s+(?P<in>[^.–—]{2,60})$")),
    ("sentence", re.compile(r"(?<=[.!?…\"”»)。])\s*(?P<in>(?:[^.!?。]|\.(?=\S)){2,80})$")),
)
_DOMAIN = re.compile(r"^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{2,6})$", re.IGNORECASE)
_SPOTS = re.compile(r"\b(?:\d+(?:st|nd|rd|th)[\s-]?[lrc]?)\b|^[lrc]$", re.IGNORECASE)
_SMALL_WORDS = "via for and und et y of the de del della di da do dos la le van von der den al el bin e / & | + - – through by from per "
_SMALL = frozenset(_SMALL_WORDS.split())
_AGENCY = {spelling: name for name, spellings in AGENCIES.items() for spelling in spellings}
_AGENCY_AT = re.compile(
    r"(?<![\w.])(?:" + "|".join(re.escape(s) for s in sorted(_AGENCY, key=len, reverse=True)) + r")(?![\w])", re.IGNORECASE
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


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
    if _bare(line) in FILE_PHOTO:
        return line or None
    for _ in range(4):
        shorter = _LEAD.sub("", line, count=1).strip(" .,;|")
        if shorter == line or not shorter:
            break
        line = shorter
    if (found := _SUFFIX.match(line)) and not _ends_as_agency(line) and not re.search(r"photo/", line, re.IGNORECASE):
        line = found["in"]
    line = re.sub(r"\s*[,/]?\s*\(?file(?: photo)?\)?$", "", line, flags=re.IGNORECASE) or line
    return line.strip(" ,;|/") or None


def _ends_as_agency(line: str) -> bool:
    """Whether the label word at the end belongs to the agency's own name: `Getty Images`, `Alamy Stock Photo`."""
    return _bare(line) in FILE_PHOTO or any(line.lower().endswith(s) for s in _AGENCY if " " in s)


def _bare(text: str) -> str:
    return squeeze(text).strip(" .,;:()[]").lower()


def split(raw: str, *, accepted: frozenset[str] = frozenset()) -> Split:
    """Take a printed figcaption apart.

    Args:
        raw: As printed.
        accepted: Shapes the page's captions voted for; without them only wordings that leave no doubt count.
    """
    line = squeeze(raw)
    if not line:
        return Split(caption=None)
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
    kept = caption.rstrip(" ,;|/–—-([（［【") if shape not in ("sentence",) else caption
    return Split(caption=kept.strip() or None, credit=credit, agency=agency_of(credit), wording=squeeze(wording) or None, shape=shape)


def _whole(line: str) -> bool:
    """Whether there is nothing but a credit."""
    inner = line.strip("()[]（）［］【】 .")
    if len(line) > MAX_CREDIT_CHARACTERS or ". " in line.strip("."):
        return False
    if _bare(line) in FILE_PHOTO or inner.startswith(("©", "ⓒ")) or _RIGHTS.match(inner):
        return True
    if "(" in inner or "（" in inner:
        return False
    found = _STRICT.match(inner)
    return bool(found and (len(found["in"]) < 60 and like_name(found["in"]))) or only_agencies(inner)


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
    tokens = [t for t in re.split(r"[\s/,|&+]+", squeeze(text)) if t]
    if not tokens or len(tokens) > 9 or len(text) > 80:
        return False
    if any(_bare(t) in PLACES for t in tokens) or _SPOTS.search(text) or re.search(r"\d{2,}", text):
        return False
    return all(not t[0].islower() or t.lower().strip(".") in _SMALL or _DOMAIN.match(t) or t.lower() in _AGENCY for t in tokens)


def _credit_inside(inner: str) -> bool:
    """Whether what stands between parentheses leaves no doubt that it is a credit."""
    if _bare(inner) in FILE_PHOTO:
        return True
    if any(_bare(t) in PLACES for t in re.split(r"[\s,]+", inner)) and not re.search(r"[:：©]", inner):
        return False
    if inner.startswith(("©", "ⓒ")) or _DOMAIN.match(inner) or only_agencies(inner):
        return True
    if found := _STRICT.match(inner):
        return len(found["in"]) <= 80
    if found := _SUFFIX.match(inner):
        return like_name(found["in"])
    return bool(
        re.match(
            rf"^(?:\w+\s+)?(?:{_LABEL})\s+(?:by|via)\s+|^(?:courtesy|via|supplied|provided|handout|credits?|"
            rf"screen\s?(?:grab|shot))\b|^(?:{_LABEL})\s+(?:{_BY})\s",
            inner,
            re.IGNORECASE,
        )
    )


def _by_paren(line: str) -> Split | None:
    found = _PAREN.search(line)
    if found and _credit_inside(found["in"]):
        return _done(line[: found.start()], line[found.start() :], found["in"], "paren-sure")
    return None


def _by_sign(line: str) -> Split | None:
    found = _SIGN.search(line)
    if found and len(found["in"]) <= MAX_CREDIT_CHARACTERS and not re.search(r"[.!?]\s+\w+\s+\w+\s+\w+\s+\w+", found["in"]):
        return _done(line[: found.start()], line[found.start() :], found["in"], "sign")
    return None


def _by_label(line: str) -> Split | None:
    for found in reversed(list(re.finditer(rf"(?:^|(?<=[\s.,;|/(\[（［【–—\"”»\-]))(?:{_LABEL})(?![^\W\d_])", line, re.IGNORECASE))):
        tail = line[found.start() :].strip(" ()[]（）［］【】.")
        match = _STRICT.match(tail)
        if match is None:
            continue
        head = line[: found.start()]
        closed = (
            not head.strip()
            or bool(re.search(r"[.!?…\"”»)\]|/(\[（［【–—,;:-]\s*$", head))
            or match.group(0)[: match.start("in")].rstrip().endswith((":", "："))
        )
        inner = match["in"]
        if (
            closed
            and len(inner) <= 80
            and not re.search(r"[.!?]\s+[^\W\d_]{3,}\s+\w+\s+\w+", inner)
            and (like_name(inner) or len(inner) < 40)
        ):
            return _done(head, line[found.start() :], inner, "label")
    return None


def _by_tail(line: str, accepted: frozenset[str]) -> Split:
    paren = _PAREN.search(line)
    if paren and "paren" in accepted and like_name(paren["in"]):
        return _done(line[: paren.start()], line[paren.start() :], paren["in"], "paren")
    for shape, pattern in _TAILS:
        found = pattern.search(line)
        if found and found.start() and (only_agencies(found["in"]) or (shape in accepted and like_name(found["in"]))):
            return _done(line[: found.start()], line[found.start() :], found["in"], shape)
    for cut in re.finditer(r"(?<=[.!?…])\s+|^|\s{2,}|\s[–—|]\s", line):
        tail = line[cut.end() :]
        if len(tail) <= 60 and (found := _SUFFIX.match(tail)) and like_name(found["in"]) and not _ends_as_agency(tail):
            return _done(line[: cut.start()], tail, tail, "suffix")
    found = re.search(r"[＝=]\s*(?P<in>[^＝=\s。]{1,30})$", line)
    if found and (agency_of(found["in"]) or _CJK.search(line)):
        return _done(line[: found.start()], found[0], found["in"], "equals")
    return Split(caption=line)
