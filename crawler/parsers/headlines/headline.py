"""Find the headline of a page: the printed one; other wordings are alternatives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from functools import cached_property

from attrs import frozen

from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.rules import Rules, Trace
from crawler.parsers.document.segments import Segment, named, words
from crawler.parsers.generic.candidates import Candidate, Candidates
from crawler.parsers.headlines.kickers import headline_in
from crawler.parsers.headlines.lines import line_by_make
from crawler.parsers.headlines.titles import printed_lines, title_parts, told_headlines
from crawler.parsers.patterns import later

MIN_WORDING = 16
"""Letters of a line that a title has beside others; shorter ones are labels."""
MIN_CUT = 24
"""Letters of a wording cut short that a printed line goes on with."""
MIN_TOP = 5
"""Size of an `h1` that is more than a label."""
AGREES = 0.15
"""Share of words a heading has in common with the machine words, to be believed."""
CLEARLY_AGREES = 0.2
"""The same, to be chosen among several `h1`."""

_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_WORD = later(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_KANA = re.compile("[\u3040-\u30ff\u0e00-\u0e7f]")
_NO_BLANKS = later("[\u3400-\u9fff]")
_APART = re.compile(r"breadcrumb|crumbs?\b|related|teaser|\bmenu|navi?\b|sidebar|ticker|comment|share|popular|mostread|most-read")
_TRAIL = re.compile(r"breadcrumb|crumbs?\b")


@frozen(kw_only=True)
class Headline:
    """The headline found."""

    text: str | None = None
    others: tuple[str, ...] = ()
    """The other wordings the page has."""
    at: int = -1
    """Its place in the flow; -1 where it is not printed."""
    by: str = ""


@frozen(kw_only=True, eq=False, slots=False)
class Headings:
    """The headings of a page and its wordings in machine words."""

    page: Candidates
    told: Sequence[Candidate]

    def agreement(self, text: str) -> float:
        """The largest share of words a text has in common with a machine wording."""
        return max((common_words(text, other) for other, _ in self.told), default=0.0)

    @cached_property
    def top(self) -> Segment | None:
        """The `h1` that agrees best; if none clearly does, the first that is no link."""
        tops = [p for p in self.page.tops if p.size > MIN_TOP]
        tops = [p for p in tops if not self.page.is_publisher(p.line)] or tops
        best = max(tops, key=lambda p: (self.agreement(p.line), p.linked < 0.5, -p.n), default=None)
        if best is not None and len(tops) > 1 and self.agreement(best.line) < CLEARLY_AGREES:
            return next((p for p in tops if p.linked < 0.5), best)
        return best

    @cached_property
    def keys(self) -> frozenset[str]:
        """The machine wordings, for comparing."""
        return frozenset(words(text) for text, _ in self.told)


def headline(page: Candidates, trace: Trace | None = None) -> Headline:
    """Find the headline of a page."""
    told = told_headlines(page)
    headings = Headings(page=page, told=told)
    answer = PRINTED.first(trace, headings)
    segment = _behind_section(headings, answer[0]) if answer else _made(headings)
    found = _printed(headings, segment, answer[0] if answer else None) if segment is not None else _told(page, told)
    if trace is not None:
        printed = [(segment.line, "printed")] if segment is not None else []
        trace.note("headline", found.by or None, [(by, text) for text, by in (*printed, *told)])
    return found


def _printed(headings: Headings, segment: Segment, other: Segment | None) -> Headline:
    """Take the printed headline, without a kicker that stands in its element.

    Args:
        other: The heading that it was preferred to, or itself.
    """
    page = headings.page
    by = "h1" if segment.inside("h1") is not None else "heading" if segment.inside("h2", "h3") is not None else "line"
    raw = [page.title, *(text for name in ("og:title", "twitter:title") for text in page.meta.get(name, ()))]
    spoken = {words(text) for text, by in headings.told if by == "jsonld headline"}
    line, whole = headline_in(segment, spoken, raw, headings.keys)
    more = [(text, "printed") for text in (whole, other.line if other is not None and other is not segment else None) if text]
    return Headline(text=line, others=_others(line, [*headings.told, *more]), at=segment.n, by=by)


def _told(page: Candidates, told: Sequence[Candidate]) -> Headline:
    """Take the first machine wording of a page that prints no headline."""
    if not told:
        return Headline()
    text = told[0][0]
    place = next((p.n for p in page.segments if p.key == words(text)), -1)
    return Headline(text=text, others=_others(text, told), at=place, by=told[0][1])


def _made(headings: Headings) -> Segment | None:
    """Look for a line made like a headline, if machine words tell none."""
    page = headings.page
    if any(_word_count(text) > 3 and not page.is_publisher(text, title=True) for text, _ in headings.told):
        return None
    return line_by_make(page.segments)


# -- the printed one


def h1_that_agrees(page: Headings) -> Segment | None:
    """Look for the `h1` that agrees with the page's machine words."""
    believed = page.top is not None and (not page.told or page.agreement(page.top.line) >= AGREES)
    return page.top if believed else None


def heading_as_told(page: Headings) -> Segment | None:
    """Look for an `h1`, `h2` or `h3` with exactly a machine wording."""
    return _heading_with(page.page, page.keys)


def line_as_told(page: Headings) -> Segment | None:
    """Look for a line of any make with a machine wording or its part."""
    keys = [words(text) for text, _ in page.told]
    keys += [words(part) for text, _ in page.told for part in title_parts(text)]
    for key in dict.fromkeys(keys):
        if len(key) >= MIN_WORDING or (key and key > "\u2fff"):
            found = _best_line(page.page, key)
            if found is not None:
                return found
    return _line_that_goes_on(page)


def h1_of_several_words(page: Headings) -> Segment | None:
    """Take the `h1` of three words and more, although it agrees with nothing."""
    return page.top if page.top is not None and _word_count(page.top.line) > 2 else None


PRINTED = Rules("printed headline", h1_that_agrees, heading_as_told, line_as_told, h1_of_several_words)


def _heading_with(page: Candidates, keys: frozenset[str], apart: Within | None = None) -> Segment | None:
    """The first `h1`, `h2` or `h3` with one of some wordings, outside what is apart."""
    found = (p for p in page.segments if keys and p.text and p.inside("h1", "h2", "h3") is not None and p.key in keys)
    return next((p for p in found if apart is None or not apart(p.element)), None)


def _best_line(page: Candidates, key: str) -> Segment | None:
    """The line with a wording that is most like a headline, in no menu."""
    lines = printed_lines(page).get(key, ())
    apart = Within(lambda element: element.tag in ("nav", "aside", "footer", "li") or _APART.search(named(element)) is not None)
    shown = [p for p in lines if not apart(p.element)]
    return max(shown, key=lambda p: (p.inside("h1", "h2", "h3", "h4") is not None, p.strong >= 0.5, -p.n), default=None)


def _line_that_goes_on(page: Headings) -> Segment | None:
    """The printed line of which a machine wording is the beginning, cut short."""
    starts = {words(text.rstrip(" .…")) for text, _ in page.told if text.rstrip().endswith(("...", "…"))}
    starts = {start for start in starts if len(start) >= MIN_CUT}
    printed = printed_lines(page.page) if starts else {}
    return next((found[0] for key, found in printed.items() if any(map(key.startswith, starts))), None)


def _behind_section(headings: Headings, chosen: Segment) -> Segment:
    """Take the heading that titles name beside the chosen one.

    A shorter `h1` is the name of a section or column, and one in a breadcrumb is written for search engines.
    """
    page = headings.page
    titles = dict.fromkeys((page.title, *page.meta.get("og:title", ())[:1], *(text for text, _ in headings.told)))
    parts = {words(part) for title in titles for part in title_parts(title)}
    menu = Within(lambda element: element.tag == "nav" or _TRAIL.search(named(element)) is not None)
    if menu(chosen.element):
        keys = sorted(filter(_is_long, headings.keys | parts), key=len, reverse=True)
        return next(filter(None, (_heading_with(page, frozenset((key,)), menu) for key in keys)), chosen)
    return _longer_than(headings, chosen, parts, titles) or chosen


def _longer_than(headings: Headings, chosen: Segment, parts: Set[str], titles: Iterable[str]) -> Segment | None:
    """The heading with the longer part of a title, beside the chosen one."""
    first = chosen.key
    if first in headings.keys and len(headings.keys) == 1:
        return None
    rests = {key[len(first) :] for title in titles if (key := words(title)).startswith(first)}
    found = parts | rests
    longer = frozenset(key for key in found if len(key) > len(first) and first not in key and _is_long(key))
    return _heading_with(headings.page, longer) if first in parts or rests else None


# -- comparing


def _others(chosen: str, told: Sequence[Candidate]) -> tuple[str, ...]:
    """The wordings that differ from the headline, in order."""
    out = {words(text): text for text, _ in reversed(told)}
    out.pop(words(chosen), None)
    return tuple(reversed(out.values()))


def _is_long(key: str) -> bool:
    """Tell whether a wording can replace the printed one; an ideograph counts two."""
    return len(key) + sum(1 for c in key if c > "\u2fff") >= MIN_WORDING


def _word_count(line: str) -> int:
    """Count the words of a line; those of Han, Kana and Thai about."""
    kana, others = len(_KANA.findall(line)), len(_NO_BLANKS.findall(line))
    return max(len(line.split()), (2 * kana + 3 * others) // 6)


def common_words(text: str, other: str) -> float:
    """The share of the words of two texts that both have."""
    a, b = set(_WORD.findall(text.casefold())), set(_WORD.findall(other.casefold()))
    return len(a & b) / len(a | b) if a and b else 0.0
