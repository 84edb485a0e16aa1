"""Times of entries of a live blog: clocks, dates, `5 minutes ago`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import frozen
from lxml import etree

from crawler.parsers.dates.dates import moment
from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.elements import tagged
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment, named, squeeze

MAX_MARKS = 3_000
MAX_TIME = 40
"""Characters of a line that is a time and nothing else."""

MAX_BEFORE = 20
"""Characters in front of a time on its line: more is a sentence in which it stands."""

_CLOCK = r"(?:[01]?\d|2[0-3])\s?[:.hH時时시٫]\s?[0-5]\d(?:[:.][0-5]\d)?(?:分|분)?(?!\.?\d|\s?min\b)"
_HALF = r"(?:\s?[ap]\.?\s?m\b\.?|\s?น\.|\s?ч\.)?"
_WORD = (
    r"\b(?:uhr|um|at|kl|klo|klockan|heures?|ore|alle|ora|hs|hrs?|horas?|uur|godz|hod|óra|saat|pukul|wib|lúc|giờ|gmt|utc|bst|c?es?t|cet|"
    r"[ecmp][sd]t|ist|msk|мск|року?|г|upd|updated|update|posted|published|am|pm|h|m|s|st|nd|rd|th|de|of|à|às|a las|le|il|el|den|vor|gegen|"
    r"jam|الساعة|ساعت|तारीख|बजे)\b\.?"
)
_STARTS = re.compile(rf"[^\w]{{0,4}}(?:(?:um|at|kl\.?|klo|ore|à|alle|às|h|upd\.?|pukul|saat)\s)?{_CLOCK}(?!\d)", re.IGNORECASE)
_FIND = re.compile(rf"(?<!\d){_CLOCK}{_HALF}(?!\d)", re.IGNORECASE)
_LEFT = re.compile(rf"{_WORD}|[\W\d_]+", re.IGNORECASE)
_AGO = re.compile(
    r"\d.{0,30}\b(?:ago|geleden|sedan|siden|sitten|temu|fa|önce|atrás|lalu|yang lalu|назад|тому|przed|zpět)\b|"
    r"\b(?:vor|il y a|hace|há|fa|pred|před|prije|πριν|acum|преди)\b.{0,30}\d|"
    r"\d+\s?(?:分|分钟|小时|時間|分鐘|小時|秒)(?:前|钟前|之前)|\d+\s?(?:분|시간)\s?전|"
    r"(?:منذ|قبل)\s.{0,20}|پیش|לפני|पहले|আগে|นาทีที่แล้ว|phút trước|"
    r"\bjust now\b|gerade eben|à l['’]instant",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_NEAR_DIGIT = re.compile(r".{0,12}?\d", re.DOTALL)
_APART = ("nav", "footer")


@frozen(kw_only=True, eq=False)
class Mark:
    """One place where a page prints a time."""

    element: etree._Element
    text: str
    told: str = ""
    """What an attribute tells of it."""

    @property
    def iso(self) -> str | None:
        """The time in ISO 8601, with its zone if told, if it has a day."""
        for text in (self.told, self.text):
            value = moment(text) if text else None
            if value is not None and value.time is not None:
                return value.time.isoformat()
        return None

    @property
    def shown(self) -> str | None:
        """The time in ISO 8601, else as printed, but for `5 minutes ago`."""
        printed = self.text if len(self.text) <= MAX_TIME and not is_ago(self.text) and _FIND.search(self.text) else None
        return self.iso or printed

    @property
    def is_of_a_day(self) -> bool:
        """Tell whether it is printed as a time of the day, without a year."""
        return _FIND.search(self.text) is not None and re.search(r"(?:19|20)\d\d", self.text) is None

    @property
    def order(self) -> tuple[int, str] | None:
        """A key by which times of one kind can be compared."""
        if (iso := self.iso) is not None:
            return 0, iso[:16]
        found = _FIND.search(self.text)
        if found is None:
            return None
        digits = re.findall(r"\d+", found[0])
        hour = int(digits[0]) % 12 + 12 if re.search(r"p\.?\s?m", found[0], re.IGNORECASE) else int(digits[0])
        return 1, f"{hour:02}{int(digits[1]):02}"


def is_ago(line: str) -> bool:
    """Tell whether a line says how long ago something was.

    >>> is_ago("vor 18 Minuten"), is_ago("It was years ago that the pier, which dates from 1911, was shut for the winter.")
    (True, False)
    """
    return len(line) <= MAX_TIME and _AGO.search(line) is not None


def is_clock(line: str) -> bool:
    """Tell whether a line is a time of the day alone, perhaps with its date.

    >>> is_clock("18.42 Uhr"), is_clock("18.42 Uhr: Abstimmung beginnt"), is_clock("12 March 2024, 18:42 GMT")
    (True, False, True)
    """
    if len(line) > MAX_TIME or (found := _FIND.search(line)) is None:
        return False
    rest = f"{line[: found.start()]} {line[found.end() :]}"
    left = _LEFT.sub(" ", rest).split()
    return not left or (len(left) <= 2 and moment(line) is not None)


def begins_with_clock(line: str) -> bool:
    """Tell whether a line begins with a time of the day."""
    return _STARTS.match(line) is not None


def leading_clock(line: str) -> str:
    """The time of the day at the beginning of a line, as printed."""
    found = _FIND.search(line)
    return line[: found.end()].strip(" [(") if found else ""


def marks(page: Page, segments: Sequence[Segment], first: int) -> Iterator[Mark]:
    """Find the times a page prints from a place in the flow on.

    Args:
        first: Place of the segment from which lines are looked at.
    """
    apart = Within(lambda element: element.tag in _APART)
    for element in tagged(page, "time")[:MAX_MARKS]:
        if not apart(element) and not _is_in_a_sentence(element):
            yield Mark(element=element, text=squeeze("".join(element.itertext())), told=element.get("datetime") or "")
    count = 0
    for segment in segments[first:]:
        text = segment.text
        if text and count < MAX_MARKS and _tells_time(segment) and not apart(segment.element):
            count += 1
            shown = text if is_clock(text) or is_ago(text) else leading_clock(text) or text
            yield Mark(element=segment.element, text=shown, told=told_by_attribute(segment.element))


def _tells_time(segment: Segment) -> bool:
    """Tell whether a line is or begins with a time that is no `time` element."""
    text = segment.text
    told = _NEAR_DIGIT.match(text) is not None and begins_with_clock(text)
    if not told and len(text) <= MAX_TIME and (not text.isascii() or _DIGIT.search(text)):
        told = _AGO.search(text) is not None or ("time" in named(segment.element) and moment(text) is not None)
    return told and next(segment.element.iter("time"), None) is None


def _is_in_a_sentence(element: etree._Element) -> bool:
    """Tell whether words of the same line stand before a `time` element."""
    parent = element.getparent()
    return parent is not None and parent.tag in ("p", "li", "dd") and len((parent.text or "").strip()) > MAX_BEFORE


def told_by_attribute(element: etree._Element) -> str:
    """A time that attributes of an element tell: `datetime`, `data-time` and the like."""
    for name, value in element.attrib.items():
        if "time" in str(name) or "date" in str(name):
            text = str(value)
            if text[:4].isdecimal() and moment(text) is not None:
                return text
    return ""
