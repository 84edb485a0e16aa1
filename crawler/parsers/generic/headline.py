"""Find the headline of a page: the printed one, or another that is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from attrs import frozen

from crawler.parsers.document.rules import Rules, Trace
from crawler.parsers.document.segments import Segment, squeeze, words
from crawler.parsers.document.structured_data import ARTICLE_TYPES, texts
from crawler.parsers.generic.candidates import Candidate, Candidates
from crawler.parsers.patterns import later

ALONE = 1 / 3
"""Below this share of common words two wordings were written apart, not edited from one another."""
MIN_WORDING = 16
"""Letters a wording needs to replace the printed one: shorter ones are labels."""
MAX_WORDING = 100
"""Characters from which machine words are likely cut short (110 are asked for)."""
AGREES = 0.15
"""Share of words a heading has in common with the machine words, to be believed."""
CLEARLY_AGREES = 0.2
"""The same, to be chosen among several `h1`."""

_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_WORD = later(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_KANA = re.compile("[\u3040-\u30ff\u0e00-\u0e7f]")
_NO_BLANKS = later("[\u3400-\u9fff]")


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
        tops = [p for p in self.page.tops if len(p.line) > 5]
        best = max(tops, key=lambda p: (self.agreement(p.line), p.linked < 0.5, -p.n), default=None)
        if best is not None and len(tops) > 1 and self.agreement(best.line) < CLEARLY_AGREES:
            return next((p for p in tops if p.linked < 0.5), best)
        return best


def headline(page: Candidates, trace: Trace | None = None) -> Headline:
    """Find the headline of a page."""
    told = [(squeeze(text), by) for text, by in page.told_headlines() if text]
    answer = PRINTED.first(trace, Headings(page=page, told=told))
    segment = _named_in_title(page, answer[0]) if answer else None
    found = _printed(page, segment, told, trace) if segment is not None else _told(page, told)
    if trace is not None:
        printed = [(segment.line, "printed")] if segment is not None else []
        trace.note("headline", found.by or None, [(by, text) for text, by in (*printed, *told)])
    return found


def _printed(page: Candidates, segment: Segment, told: Sequence[Candidate], trace: Trace | None) -> Headline:
    """Take the printed headline, or the wording meant in its place."""
    line, by = segment.line, "h1" if segment.inside("h1") is not None else "heading"
    meant = MEANT.first(trace, wordings_of(page, line, told))
    if meant is not None:
        text, source = meant[0]
        return Headline(text=text, others=_others(text, [(line, by), *told]), at=segment.n, by=source)
    return Headline(text=line, others=_others(line, told), at=segment.n, by=by)


def _told(page: Candidates, told: Sequence[Candidate]) -> Headline:
    """Take the first machine wording of a page that prints no headline."""
    if not told:
        return Headline()
    text = page.without_publisher(told[0][0])
    place = next((p.n for p in page.segments if p.key == words(text)), -1)
    return Headline(text=text, others=_others(text, told), at=place, by=told[0][1])


# -- the printed one


def h1_that_agrees(page: Headings) -> Segment | None:
    """Look for the `h1` that agrees with the page's machine words."""
    believed = page.top is not None and (not page.told or page.agreement(page.top.line) >= AGREES)
    return page.top if believed else None


def heading_as_told(page: Headings) -> Segment | None:
    """Look for an `h1`, `h2` or `h3` with exactly a machine wording."""
    keys = {words(text) for text, _ in page.told}
    return _heading_with(page.page, keys)


def h1_of_several_words(page: Headings) -> Segment | None:
    """Take the `h1` of three words and more, although it agrees with nothing."""
    return page.top if page.top is not None and _word_count(page.top.line) > 2 else None


PRINTED = Rules("printed headline", h1_that_agrees, heading_as_told, h1_of_several_words)


def _heading_with(page: Candidates, keys: set[str]) -> Segment | None:
    """The first `h1`, `h2` or `h3` with one of some wordings."""
    return next((p for p in page.segments if keys and p.text and p.inside("h1", "h2", "h3") is not None and p.key in keys), None)


def _named_in_title(page: Candidates, chosen: Segment) -> Segment:
    """Take the longer heading that a title names behind the chosen one."""
    first = words(chosen.line)
    titles = (page.title, *page.meta.get("og:title", ())[:1])
    rests = {key[len(first) :] for title in titles if (key := words(title)).startswith(first)}
    return _heading_with(page, {rest for rest in rests if len(rest) > len(first) and _is_long(rest)}) or chosen


# -- the one meant
#
# JSON-LD and `og:title` are written by the same hands as the page.


@frozen(kw_only=True, eq=False, slots=False)
class Wordings:
    """The printed headline beside those of JSON-LD and `og:title`.

    These are equal to it if they are missing or cut short.
    """

    page: Candidates
    printed: str
    spoken: Candidate | None
    """JSON-LD's headline; None if it has none."""
    shared: Candidate
    last: str
    """The last machine wording: the page's `title`."""

    @cached_property
    def key(self) -> str:
        """The printed one, for comparing."""
        return words(self.printed)

    @cached_property
    def said(self) -> str | None:
        """JSON-LD's, for comparing."""
        return words(self.spoken[0]) if self.spoken is not None else None

    @cached_property
    def og(self) -> str:
        """That of `og:title`, for comparing."""
        return words(self.shared[0])


def wordings_of(page: Candidates, printed: str, told: Sequence[Candidate]) -> Wordings:
    """Compare a printed headline with the machine words."""
    spoken = next((one for one in told if one[1] == "jsonld headline"), None)
    shared = next((one for one in told if one[1] == "meta og:title"), None)
    if shared is None or is_cut(shared[0], printed):
        shared = (printed, "")
    if spoken is not None and is_cut(spoken[0], printed):
        spoken = (printed, "")
    return Wordings(page=page, printed=printed, spoken=spoken, shared=shared, last=told[-1][0] if told else "")


def without_kicker(one: Wordings) -> Candidate | None:
    """Take `og:title` without the printed kicker, if JSON-LD is silent."""
    key, og = one.key, one.og
    if one.spoken is not None or key == og or not og or not key.endswith(og):
        return None
    heads = (e for e in one.page.page.root.iter("h1") if words("".join(e.itertext())) == key)
    kicker = key.removesuffix(og)
    boxed = any(words("".join(part.itertext())) == kicker for head in heads for part in head.iter() if part is not head)
    return one.shared if boxed else None


def both_other_words(one: Wordings) -> Candidate | None:
    """Take the other wording that JSON-LD and `og:title` share."""
    if one.said is None or one.said != one.og or one.said.startswith(one.key):
        return None
    return one.spoken


def og_title_of_its_own(one: Wordings) -> Candidate | None:
    """Take an `og:title` that nothing else repeats, not even `title`: the editor's choice."""
    if one.said != one.key or one.said == one.og or not _is_long(one.og) or one.key in one.og:
        return None
    return one.shared if one.og != words(one.last) and not one.page.is_publisher(one.shared[0]) else None


def jsonld_of_its_own(one: Wordings) -> Candidate | None:
    """Take JSON-LD's headline if it is no variant of the printed one."""
    if one.spoken is None or one.said is None or one.said == one.og or one.og != one.key or one.key in one.said:
        return None
    apart = _is_long(one.said) and common_words(one.printed, one.spoken[0]) < ALONE
    return one.spoken if apart and _tells_of_one_article(one.page) else None


MEANT = Rules("headline meant", without_kicker, both_other_words, og_title_of_its_own, jsonld_of_its_own)


def is_cut(text: str, printed: str) -> bool:
    """Tell whether a wording is the beginning of the printed one, cut short.

    Dots tell it, the length search engines ask for, or a quotation mark that follows: an attribute that lost its rest.
    """
    start = text.rstrip(" .…")
    if not words(printed).startswith(words(start)):
        return False
    return start != text.rstrip() or len(text) >= MAX_WORDING or printed[len(text) :].lstrip()[:1] in ('"', "'")


def _tells_of_one_article(page: Candidates) -> bool:
    """Tell whether JSON-LD has one article's headline only."""
    nodes = page.linked.of_type(*ARTICLE_TYPES)
    return len({words(t) for node in nodes for t in texts(node.get("headline"))[:1]}) == 1


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
