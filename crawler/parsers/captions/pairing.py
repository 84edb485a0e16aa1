"""Pictures in the flow of a page, and the places where their captions may stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property

from attrs import field, frozen
from lxml import etree

from crawler.parsers.credits.credits import split
from crawler.parsers.credits.wordings import Split
from crawler.parsers.document.segments import Segment

MAX_CAPTION_CHARACTERS = 900
MAX_WORDED_CHARACTERS = 500
"""A longer text behind a picture is not looked at for the wording of a credit."""

RENDITION = re.compile(r"\.[sm](?=\.\w+$)", re.IGNORECASE)
"""The size suffix of a picture's file name."""


@frozen(kw_only=True)
class Caption:
    """The text segments that speak of one picture, and how sure that is."""

    segments: tuple[Segment, ...] = ()
    sure: bool = False
    """Tell whether something beside place says so: figure, class, credit wording, alternative text."""
    apart: bool = False
    """Tell whether the text is at least set apart from its neighbours: centred, small, slanted."""


@frozen(kw_only=True)
class Picture:
    """A picture in the flow with its caption."""

    segment: Segment
    caption: Caption = field(factory=Caption)


@frozen(kw_only=True, eq=False, slots=False)
class Place:
    """A picture among the segments around it, some of which are already other pictures' captions."""

    segments: Sequence[Segment]
    i: int
    walls: set[etree._Element]
    """Elements no caption box may hold."""
    taken: set[int]
    is_text: Callable[[Segment], bool]

    @property
    def picture(self) -> Segment:
        """The picture."""
        return self.segments[self.i]

    def is_free(self, segment: Segment) -> bool:
        """Tell whether a text may be this picture's."""
        return segment.n not in self.taken and self.is_text(segment)

    @cached_property
    def after(self) -> list[Segment]:
        """The free texts right behind the picture."""
        return [p for p in texts_after(self.segments, self.i) if self.is_free(p)]

    @cached_property
    def told(self) -> Split | None:
        """The first text behind the picture taken apart; None for a long one."""
        return split(self.after[0].text) if self.after and len(self.after[0].text) <= MAX_WORDED_CHARACTERS else None

    @cached_property
    def next_text(self) -> Segment | None:
        """The first text behind the picture; None for a long one or a link."""
        if not self.after:
            return None
        text = self.after[0]
        link = text.linked > 0.8 and (self.told is None or self.told.shape != "whole")
        return None if len(text.text) > MAX_CAPTION_CHARACTERS or link else text


def file_key(url: str) -> str:
    """A picture's file name without its size suffix, shared by renditions on one host.

    >>> file_key("//cdn.example/Photo/2026/3/9/0A1B.m.jpg?w=1")
    '0a1b.jpg'
    """
    return RENDITION.sub("", url.split("?")[0].rsplit("/", 1)[-1]).lower()


def texts_after(segments: Sequence[Segment], i: int) -> list[Segment]:
    """The texts of the three segments behind a picture, up to another picture."""
    out: list[Segment] = []
    for segment in segments[i + 1 : i + 4]:
        if segment.picture:
            if segment.picture != segments[i].picture:
                break
            continue
        out.append(segment)
    return out
