"""The rules that part a picture's words into caption and credit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from attrs import frozen

from crawler.items import Image
from crawler.parsers.captions.attributes import texts_of
from crawler.parsers.captions.credit_elements import MAX_CREDIT_BOX, Sign, credit_texts, is_last_of_two, parts_of, shared_signs
from crawler.parsers.captions.element_credits import by_element, cut, in_parentheses
from crawler.parsers.captions.pairing import Picture
from crawler.parsers.credits.agencies import agency_of
from crawler.parsers.credits.credits import SURE, plain, split, vote
from crawler.parsers.credits.names import credit_name, is_label, like_name, only_agencies
from crawler.parsers.credits.wordings import Split
from crawler.parsers.document.rules import Rules, Trace
from crawler.parsers.document.segments import squeeze, words

MAX_SIGNED = 6
"""Words of a credit element that names an agency: `jane - stock.example`."""
MAX_NAME = 80
"""Characters of a text that is a name and nothing else."""
_INITIALS = re.compile(r"[A-ZÀ-ÞА-ЯΑ-Ω]{2,4}|(?:[A-ZÀ-ÞА-ЯΑ-Ω]\.\s?){2,3}")
_CLOSED = '.!?…"”»)。'
_BREAK = re.compile(r"^\s*[/|.:;(\[–—-]+\s*|^\s*(?=[©ⓒ])")


@frozen(kw_only=True)
class Custom:
    """The common features of the captions of one page."""

    shapes: frozenset[str] = frozenset()
    """Doubtful wordings that are credits here."""
    signs: frozenset[Sign] = frozenset()
    """Elements that hold credits here, whatever their class says."""
    authors: frozenset[str] = frozenset()
    """Words of the article's own authors: a "credit" that is one of them and nothing else is a byline."""
    houses: frozenset[str] = frozenset()
    """Words of the names of the site and its publisher: a line of a caption that is one of them is the credit."""


class Shown(NamedTuple):
    """A picture as an image, and where it stands."""

    image: Image
    picture: Picture


@frozen(kw_only=True, eq=False, slots=False)
class _Words:
    """The words of one picture, and what its page's captions have in common."""

    picture: Picture
    raw: str
    custom: Custom
    trace: Trace | None = None

    @cached_property
    def lines(self) -> list[str]:
        """The printed lines."""
        return [line for segment in self.picture.caption.segments for line in segment.text.split("\n")]

    @cached_property
    def parts(self) -> list[str]:
        """The texts of the segments and of their last own elements."""
        return [part for segment in self.picture.caption.segments for part in parts_of(segment)]


def images(
    pictures: Sequence[Picture], key_of: Callable[[str], str] | None = None, *, authors: Sequence[str] = (), trace: Trace | None = None
) -> tuple[Image, ...]:
    """Read the pictures as images, each once.

    Args:
        key_of: What stays the same when a picture's host changes.
        authors: The article's own authors.
    """
    out: dict[str, Image] = {}
    for one in shown(pictures, key_of, authors=authors, trace=trace):
        kept = out.get(one.image.key)
        if kept is None or (kept.raw is None and one.image.raw is not None):
            out[one.image.key] = one.image
    return tuple(out.values())


def shown(
    pictures: Sequence[Picture],
    key_of: Callable[[str], str] | None = None,
    *,
    authors: Sequence[str] = (),
    houses: Sequence[str] = (),
    trace: Trace | None = None,
) -> list[Shown]:
    """Read every picture as an image, in order, one that is shown twice twice."""
    custom = Custom(
        shapes=vote(raw_of(p) for p in pictures if p.caption.segments),
        signs=shared_signs(pictures),
        authors=frozenset(words(a) for a in authors),
        houses=frozenset(words(h) for h in houses if len(h) > 3),
    )
    return [Shown(image=_image(picture, custom, key_of, trace), picture=picture) for picture in pictures]


def raw_of(picture: Picture) -> str:
    """The words of a picture as printed, on one line."""
    return squeeze(" ".join(p.text for p in picture.caption.segments))


def _image(picture: Picture, custom: Custom, key_of: Callable[[str], str] | None, trace: Trace | None) -> Image:
    """Make the image of a picture."""
    url, raw = picture.segment.picture or "", raw_of(picture)
    if trace is not None:
        trace.about = url
    answer = CREDIT.first(trace, _Words(picture=picture, raw=raw, custom=custom, trace=trace))
    found = answer[0] if answer else Split(caption=None)
    if trace is not None:
        trace.about = None
    return Image(
        url=url, key=key_of(url) if key_of else url, caption=found.caption, credit=found.credit, agency=found.agency,
        alt=picture.segment.alt, raw=raw or None,
    )  # fmt: skip


# -- the rules


def first_line(one: _Words) -> Split | None:
    """Look for a first line that is only a credit, and the only one."""
    return _by_line(one, 0)


def credit_element(one: _Words) -> Split | None:
    """Look for a credit element: named so, `cite`, or like the page's other credits."""
    for text in credit_texts(one.picture, one.custom.signs, one.raw):
        name = credit_name(text)
        if name and _credits(one, text, name):
            return by_element(one.raw, text, name)
    return None


def beside_attribute(one: _Words) -> Split | None:
    """Look for a credit beside the caption that an attribute (`alt`, `title`) holds alone."""
    raw = one.raw
    for told in texts_of(one.picture.segment):
        if raw.casefold().startswith(told.casefold()) and (rest := _rest(one, raw[len(told) :], told)):
            return cut(told, rest)
        head = raw[: -len(told)].strip()
        if head and raw.casefold().endswith(told.casefold()) and split(head).shape == "whole":
            return cut(told, head)
    return None


def house_line(one: _Words) -> Split | None:
    """Look for a first or last line that names the site or its publisher."""
    lines = one.lines
    for at, rest in ((0, lines[1:]), (-1, lines[:-1])) if len(lines) > 1 and one.custom.houses else ():
        if words(lines[at]) in one.custom.houses:
            caption = plain(" ".join(rest))
            return Split(caption=caption or None, credit=lines[at], agency=agency_of(lines[at]), wording=lines[at], shape="element")
    return None


def wording(one: _Words) -> Split | None:
    """Look for a wording that parts the credit from the caption: `Photo: X`, `© X`, `(X/AFP)`."""
    found = split(one.raw, accepted=one.custom.shapes, trace=one.trace)
    return found if found.credit is not None else None


def last_line(one: _Words) -> Split | None:
    """Look for a last line that is only a credit, and the only one."""
    return _by_line(one, -1)


def last_part(one: _Words) -> Split | None:
    """Look for a last element with agencies, or a name behind a sentence's end."""
    head, last = _head_and_last(one)
    if not head:
        return None
    named = len(last.split()) > 1 and like_name(last) and head[-1] in _CLOSED
    return cut(head, last) if named or only_agencies(last) or _is_signature(one, head, last) else None


def _is_signature(one: _Words, head: str, last: str) -> bool:
    """Tell whether a box behind a caption holds the initials of a photographer."""
    boxed = len(one.picture.caption.segments) > 1 and one.picture.caption.segments[-1].line == last
    return boxed and _INITIALS.fullmatch(last) is not None and len(head.split()) > 2 and not head.isupper()


def last_of_two_elements(one: _Words) -> Split | None:
    """Look for two elements of different classes, the last of which holds a name."""
    head, last = _head_and_last(one)
    named = head and len(last.split()) > 1 and like_name(last)
    return cut(head, last) if named and is_last_of_two(one.picture.caption.segments[-1].element, last) else None


def caption_alone(one: _Words) -> Split | None:
    """Take all words for the caption."""
    return split(one.raw, accepted=one.custom.shapes)


CREDIT = Rules(
    "credit", first_line, credit_element, beside_attribute, house_line, wording, last_line, last_part, last_of_two_elements, caption_alone
)


# -- parts of the rules


def _by_line(one: _Words, at: int) -> Split | None:
    """Take a line for the credit if it is one, and no other line is."""
    lines = one.lines
    rest = lines[1:] if at == 0 else lines[:-1]
    if not rest or split(lines[at]).shape != "whole" or any(split(line).credit for line in rest):
        return None
    name = split(lines[at]).credit
    caption = plain(" ".join(rest))
    return Split(caption=caption or None, credit=name, agency=agency_of(name), wording=lines[at], shape="element") if name else None


def _head_and_last(one: _Words) -> tuple[str, str]:
    """The last part of a caption and the text before it, empty if too long."""
    last = one.parts[-1] if one.parts else ""
    if not last or len(last) > MAX_NAME or not one.raw.endswith(last):
        return "", ""
    return one.raw[: -len(last)].rstrip(" /|–—-"), last


def _credits(one: _Words, text: str, name: str) -> bool:
    """Tell whether a credit element names the maker: no byline, label or caption."""
    if len(text) > MAX_CREDIT_BOX or is_label(text) or (words(name) in one.custom.authors and not _captioned(one.picture)):
        return False
    at = one.raw.rfind(text)
    if at >= 0 and len(text) < len(one.raw):
        return True
    named = like_name(text) or split(text).shape is not None or (agency_of(text) is not None and len(text.split()) <= MAX_SIGNED)
    return (named or in_parentheses(text) is not None) and (at < 0 or words(text) == words(one.raw))


def _captioned(picture: Picture) -> bool:
    """Tell whether a picture's words stand in a caption element, where no byline is."""
    return all(p.inside("figcaption") is not None for p in picture.caption.segments)


def _rest(one: _Words, behind: str, told: str) -> str | None:
    """Read the credit behind a caption: a sure one, or a name set apart."""
    apart = _BREAK.match(behind)
    rest = behind[apart.end() if apart else 0 :].strip(" )].")
    if not rest or len(rest) > MAX_NAME:
        return None
    found = split(rest)
    if found.credit is not None and found.caption is not None and found.shape in SURE:
        return None  # `Prince Harald, Duke of Sundsea. © X`: the attribute holds half of the caption
    if only_agencies(rest):
        return rest
    if not apart and behind.strip() not in one.parts:
        return None
    whole = found.credit is not None and found.caption is None
    return rest if whole or (_is_long(told) and like_name(rest) and len(rest.split()) > 1) else None


def _is_long(told: str) -> bool:
    """Tell whether a text is long enough for a caption."""
    return len(told.split()) >= 4 or len(told) >= 24
