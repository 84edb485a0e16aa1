"""Part the caption from the text of an element that holds its credit."""

from __future__ import annotations

import re

from attrs import evolve

from crawler.parsers.credits.agencies import agency_of
from crawler.parsers.credits.credits import SURE, plain, split
from crawler.parsers.credits.names import credit_name, like_name
from crawler.parsers.credits.wordings import PAREN, Split
from crawler.parsers.document.segments import squeeze, words

_JOINED = re.compile(r"\s*[/|,]\s*(?P<in>.{2,60})")


def by_element(raw: str, text: str, name: str) -> Split:
    """Part the caption from the text of its credit element."""
    at = raw.rfind(text)
    # The agency behind the photographer may stand outside the element: `<span class=credit>Name</span>/AFP`.
    more = _JOINED.fullmatch(raw[at + len(text) :]) if at >= 0 else None
    if more and like_name(more["in"]):
        text, name = raw[at:], f"{name}{more[0]}"
    caption = squeeze(_without(raw[:at], name) + " " + _without(raw[at + len(text) :], name)).strip(" |/–—-") if at >= 0 else raw
    told = in_parentheses(text) or split(text)
    if told.credit and told.caption and told.shape in SURE and not split(told.caption).credit and not like_name(told.caption):
        # The element called a credit holds the caption too.
        return evolve(told, caption=squeeze(f"{caption} {told.caption}") if len(text) < len(raw) else told.caption)
    caption = plain(caption)
    inner = split(caption)
    again = words(inner.credit or "") == words(name)
    return Split(caption=(inner.caption if again else caption) or None, credit=name, agency=agency_of(name), wording=text, shape="element")


def cut(head: str, last: str) -> Split | None:
    """Make a split of a caption and its credit as printed."""
    name = credit_name(last)
    return Split(caption=head, credit=name, agency=agency_of(name), wording=last, shape="element") if name else None


def in_parentheses(text: str) -> Split | None:
    """Read a sentence and a name in parentheses, where no wording tells the credit."""
    ended = PAREN.search(text)
    if ended is None or split(text).credit is not None:
        return None
    head = text[: ended.start()].strip()
    told = cut(head, ended[0].strip()) if head.endswith((".", "!", "?")) and like_name(ended["in"]) else None
    return evolve(told, shape="paren-sure") if told else None


def _without(rest: str, name: str) -> str:
    """Return the text beside a credit, empty if it repeats the credit."""
    return "" if words(credit_name(rest) or "") == words(name) else rest
