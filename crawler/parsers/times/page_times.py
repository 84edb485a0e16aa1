"""Times near the headline of a page, and labelled ones behind its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from attrs import evolve
from lxml import etree

from crawler.parsers.dates.dates import moment, other_words
from crawler.parsers.dates.labels import FIRST, MODIFIED, OTHER, PUBLISHED, STATUS, label_of
from crawler.parsers.dates.line import plain
from crawler.parsers.dates.locale import Locale
from crawler.parsers.dates.moments import Moment
from crawler.parsers.dates.printed import printed_in
from crawler.parsers.document.display import line_of
from crawler.parsers.document.elements import tagged
from crawler.parsers.document.segments import Segment, named
from crawler.parsers.generic.candidates import Candidates
from crawler.parsers.times.others import Others, tells_today
from crawler.parsers.times.told import WEAK, Told

MAX_TIMES = 8
"""`time` elements looked at behind the headline."""
MAX_BEFORE = 2
BEHIND, BEFORE, ABOVE, FOOT = 15, 8, 6, 8
"""Segments looked at behind and before the headline, right above the text, and behind it."""
MIN_PROSE = 60
"""Letters of a segment that is text."""
MAX_LINE, MAX_LABELLED = 110, 240
"""Characters of a line with a date; of one that says what the date is."""
MAX_OTHER_WORDS = 9
MAX_SMALL_WORDS = 3
MAX_LABEL = 40
_NUMBER = re.compile(r"\d[^\d]{1,40}\d|\d{8}|[〇\u1369-\u137c令平昭]")
_HEBREW = re.compile(r"ת[א-ת]{1,2}[\"'״׳]")
_SENTENCE = re.compile(r"[.!?。！？؟।]\s*[\"'»”]?\s*$")
_MODIFIED_CLASS = re.compile(r"modif|last-?_?upd")
_UPDATED_CLASS = re.compile(r"(?:^|[\s_-])upd(?:ated?)?(?:$|[\s_-]|date|time|at\b|on\b)|date-?_?updated")
_PUBLISHED_CLASS = re.compile(r"publi|entry-date|post-date|pubdate|created|issued")
_PROPERTIES = {"datePublished": PUBLISHED, "dateCreated": PUBLISHED, "dateModified": MODIFIED}
_NO_PROPERTIES = re.compile(r"date|time|duration", re.IGNORECASE)
_OF_OTHER = re.compile(r"[^\W\d_]\s?[(（][^()（）]*$")
"""A label in brackets behind a word says when that was published: the original of a translation."""
_DASH = re.compile(r"[\s\d:]{0,12}(?:\([^()]{1,30}\)\s*)?(?:--|[—–]|-\s|/)")


class PageTimes:
    """The times that one page shows."""

    def __init__(self, page: Candidates, at: int, places: Sequence[int], locale: Locale, others: Others) -> None:
        self.page, self.at, self.locale, self.others = page, at, locale, others
        self.body = sorted(place for place in places if place > at)
        self.end = max(self.body, default=at) + 1

    def told(self) -> Iterator[Told]:
        """The times near the headline: elements, then lines; those behind the text only where labelled."""
        for element in self._elements():
            yield self._of_element(element)
        yield from self.lines()

    def lines(self) -> Iterator[Told]:
        """The times of printed lines."""
        for segment in self.near_lines():
            before = self._label_before(segment)
            for n, one in enumerate(printed_in(segment.line, self.locale)):
                label = one.label or (before if n == 0 else "")
                if label == PUBLISHED and _OF_OTHER.search(plain(segment.line)[: one.start]):
                    label = ""
                yield Told(by="printed", text=segment.line, moment=one.moment, label=label, place=segment.n)

    def near_lines(self) -> Iterator[Segment]:
        """Lines with a time around the headline, and labelled ones behind the text."""
        segments = self.page.segments
        yield from self._lines_of_headline()
        for n in self._places():
            if segments[n].text and self._is_date_line(segments[n]) and not self._is_of_other(segments[n]):
                yield segments[n]
        behind = max(self.at + 1 + BEHIND, self.end - 1)
        for segment in segments[behind : behind + FOOT]:
            if segment.text and len(segment.text) <= MAX_LABELLED and self._is_labelled(segment) and not self._is_of_other(segment):
                yield segment

    def _places(self) -> Iterable[int]:
        """Places of the article's own date lines: around the headline, before the text."""
        last, at = len(self.page.segments), self.at
        own = [n for n in self.body if self.page.segments[n].size >= MIN_PROSE]
        begun = own[1] if len(own) > 1 else last
        behind = range(at + 1, min(last, begun, at + 1 + BEHIND)) if at >= 0 else ()
        above = range(own[0] - 1, max(-1, at, own[0] - 1 - ABOVE), -1) if own else range(min(last, BEHIND))
        before = range(at - 1, max(-1, at - 1 - BEFORE), -1) if at >= 0 else ()
        return dict.fromkeys((*behind, *above, *before))

    def _lines_of_headline(self) -> Iterator[Segment]:
        """The lines below the headline in one run of text with it."""
        top = self.page.segments[self.at] if 0 <= self.at < len(self.page.segments) else None
        if top is not None and "\n" in top.text:
            below = (evolve(top, text=line) for line in top.text.split("\n")[1:])
            yield from (segment for segment in below if self._is_date_line(segment))

    def _is_of_other(self, segment: Segment) -> bool:
        """Test for a line of another thing, by box or property of its time."""
        if self.others.of_line(segment.element) or segment.inside("blockquote") is not None or tells_today(segment.element):
            return True
        return any(self._element_label(one, line_of(one)) == OTHER for one in islice(segment.element.iter("time"), 2))

    def dateline(self, places: Sequence[int]) -> Told | None:
        """The day with which the text begins: `LONDON, March 12, 2024 (Agency) - ...`."""
        for n in islice((n for n in places if self.page.segments[n].text), 2):
            line = self.page.segments[n].line[:160]
            for one in printed_in(line, self.locale)[:1]:
                if one.start <= 60 and _DASH.match(line, one.end) and not _SENTENCE.search(line[: one.start]) and not one.label:
                    return Told(by="dateline", text=line, moment=evolve(one.moment, time=None))
        return None

    def _is_date_line(self, segment: Segment) -> bool:
        line = segment.line
        if len(line) > MAX_LABELLED or not (_NUMBER.search(line) or _HEBREW.search(line)) or not (found := printed_in(line, self.locale)):
            return False
        words = other_words(line, self.locale)
        if len(words) <= 2 or (
            len(words) <= MAX_OTHER_WORDS + 4 and any(one.label in (FIRST, PUBLISHED, MODIFIED, STATUS) for one in found)
        ):
            return True
        small = sum(word.islower() for word in words)
        return len(line) <= MAX_LINE and len(words) <= MAX_OTHER_WORDS and small <= MAX_SMALL_WORDS and not _SENTENCE.search(line)

    def _is_labelled(self, segment: Segment) -> bool:
        found = printed_in(segment.line, self.locale)
        if not found or len(other_words(segment.line, self.locale)) > MAX_OTHER_WORDS:
            return False
        return any(one.label in (FIRST, PUBLISHED, MODIFIED) for one in found) or bool(self._label_before(segment))

    def _label_before(self, segment: Segment) -> str:
        """The label on the line before a date, or in the classes around it."""
        before = self.page.segments[segment.n - 1] if segment.n else None
        if before is not None and before.text and len(before.text) <= MAX_LABEL and not printed_in(before.line, self.locale):
            label = label_of(before.line)
            if label not in ("", OTHER) and len(other_words(before.line)) <= 3:
                return label
        return _class_label(segment.element)

    def _elements(self) -> list[etree._Element]:
        """The `time` elements behind and right before the headline that are no other thing's."""
        if self.at < 0:
            return [*islice((one for one in tagged(self.page.page, "time") if not self.others(one)), MAX_TIMES)]
        if not tagged(self.page.page, "time"):
            return []
        behind: list[etree._Element] = []
        before: list[etree._Element] = []
        seen = False
        top = self.page.segments[self.at].element
        for node in self.page.page.root.iter("time", top.tag):
            if node is top:
                seen = True
            elif node.tag == "time" and not self.others(node) and not self._is_linked_away(node):
                (behind if seen else before).append(node)
            if len(behind) >= MAX_TIMES:
                break
        return [*behind, *before[: -MAX_BEFORE - 1 : -1]]

    def _is_linked_away(self, element: etree._Element) -> bool:
        """Test for a time in a link that holds more than a date: a teaser."""
        link = next(element.iterancestors("a"), None)
        return link is not None and len(line_of(link)) > len(line_of(element)) + 30

    def _of_element(self, element: etree._Element) -> Told:
        """The time of a `time` element: its attribute, unless its text tells more."""
        text, said = line_of(element), (element.get("datetime") or element.get("content") or "").strip()
        value, shown = moment(said, locale=self.locale), moment(text, locale=self.locale) if text else None
        return Told(by="time", text=said or text, moment=_better(value, shown), label=self._element_label(element, text))

    def _element_label(self, element: etree._Element, text: str) -> str:
        """The label of a `time` element, by property, words in and before it, classes."""
        prop = element.get("itemprop") or ""
        if known := next((_PROPERTIES[one] for one in prop.split() if one in _PROPERTIES), None):
            return known
        if _NO_PROPERTIES.search(prop):
            return OTHER
        return label_of(text) or label_of(self._words_before(element)) or _class_label(element)

    def _words_before(self, element: etree._Element) -> str:
        """The words before an element in its box, from the last date on."""
        parts: list[str] = []
        box: etree._Element | None = element
        for _ in range(2):
            if box is None or (parent := box.getparent()) is None:
                break
            for sibling in islice(box.itersiblings(preceding=True), 4):
                if sibling.tag in ("h1", "h2", "p", "ul") or sibling.tag is etree.Comment:
                    break
                parts += [sibling.tail or "", "" if sibling.tag == "time" else line_of(sibling)[-MAX_LABEL:]]
                if sibling.tag == "time":
                    return " ".join(reversed(parts))[-MAX_LABEL:]
            parts.append(parent.text or "")
            box = parent
        line = " ".join(reversed(parts))[-2 * MAX_LABEL :]
        found = printed_in(line, self.locale)
        return line[found[-1].end :] if found else line[-MAX_LABEL:]


def _class_label(element: etree._Element) -> str:
    """The label that classes of an element and the box around it give."""
    name = named(element)
    parent = element.getparent()
    if parent is not None and len(parent) <= 2 and len(name) < 2:
        name = named(parent)
    if len(name) < 2 or _PUBLISHED_CLASS.search(name):
        return ""
    if _MODIFIED_CLASS.search(name):
        return MODIFIED
    return WEAK if _UPDATED_CLASS.search(name) else ""


def _better(value: Moment | None, shown: Moment | None) -> Moment | None:
    """The time of an attribute, or of the text if only that has the minute."""
    if value is None or shown is None:
        return value or shown
    if value.time is None:
        return shown if shown.day == value.day else value
    midnight = (value.time.hour, value.time.minute, value.time.second) == (0, 0, 0)
    return shown if midnight and shown.time is not None and shown.day == value.day else value
