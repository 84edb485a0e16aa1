"""The body as trafilatura extracts it, its blocks found in the flow of the page."""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from attrs import evolve
from lxml import etree

from crawler.items import Block
from crawler.parsers.body.finder import line_block
from crawler.parsers.body.more_links import is_more
from crawler.parsers.document.blocks import HEADINGS
from crawler.parsers.document.display import as_shown, line_of
from crawler.parsers.document.page import Page
from crawler.parsers.document.rules import Trace
from crawler.parsers.document.segments import Segment, words
from crawler.parsers.generic.missing import SEARCHED, Placed

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns of pages without naming them

WHOLLY = 0.9
"""A line with this share of its characters in links is a link as a whole."""

_KINDS = {
    "p": "paragraph",
    "ab": "paragraph",
    "head": "heading",
    "quote": "quote",
    "list": "list",
    "table": "paragraph",
    "code": "paragraph",
}


def extracted(page: Page, segments: Sequence[Segment], *, fast: bool) -> list[Placed]:
    """Extract the body by trafilatura in its precise mode.

    Args:
        fast: Without its own fallback, which costs as much as all the rest.
    """
    from trafilatura import bare_extraction

    # The tree is copied there, by an element's own copy: what it holds stays as it is.
    tree = as_shown(page)
    try:
        found = bare_extraction(tree, favor_precision=True, fast=fast, include_comments=False, with_metadata=False, include_tables=False)
    except AssertionError:  # it takes an element out whose box it has taken out before
        return []
    body = getattr(found, "body", None)
    return [] if body is None else [*_placed(body, segments, page.trace)]


def _placed(body: etree._Element, segments: Sequence[Segment], trace: Trace | None) -> Iterator[Placed]:
    """The blocks of an extracted body without announcements of other stories."""
    printed = _Printed(segments)
    for element in body:
        block = _block(element)
        if block is None:
            continue
        lines = printed.lines(words(block.text or ""))
        if is_more(block.text or "") and block.kind != "list":
            _note(trace, "announces other stories", block)
        elif not lines:
            yield block, None
        elif all(segment.linked >= WHOLLY and not segment.line.endswith(".") for segment in lines):
            _note(trace, "link as a whole", block)
        elif len(lines) == 1:
            yield _as_printed(block, lines[0]), lines[0].n
        else:
            yield from ((_as_printed(block, segment), segment.n) for segment in lines if not is_more(segment.line))


def _note(trace: Trace | None, reason: str, block: Block) -> None:
    """Note a block that was left out."""
    if trace is not None:
        trace.note("left out of the body", reason, [(reason, block.text)])


def _as_printed(block: Block, segment: Segment) -> Block:
    """The block of a segment, of the kind that elements or extractor tell."""
    own = line_block(segment)
    if segment.written is not None:
        return evolve(own, kind=block.kind, text=segment.text)
    return evolve(own, kind=block.kind) if own.kind == "paragraph" and segment.tag not in HEADINGS else own


class _Printed:
    """The texts of a page joined, to find runs of segments by their words."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = [segment for segment in segments if segment.key]
        self.starts: list[int] = []
        at = 0
        for segment in self.segments:
            self.starts.append(at)
            at += len(segment.key)
        self.text = "".join(segment.key for segment in self.segments)
        self.last = 0
        self.left = SEARCHED

    def lines(self, key: str) -> Sequence[Segment]:
        """The segments that print these words, if possible behind the last ones."""
        if not key or self.left < 0:
            return ()
        for start in dict.fromkeys((self.last, 0)):
            at = start - 1
            while (at := self.text.find(key, at + 1)) >= 0:
                first, end = bisect_left(self.starts, at), bisect_left(self.starts, at + len(key))
                whole = first < len(self.starts) and self.starts[first] == at
                if whole and (at + len(key) == len(self.text) or (end < len(self.starts) and self.starts[end] == at + len(key))):
                    self.last = at + len(key)
                    return self.segments[first:end]
            self.left -= len(self.text) - start
        return ()


def _block(element: etree._Element) -> Block | None:
    """Make a block of an element of trafilatura's."""
    kind = _KINDS.get(str(element.tag))
    text = "\n".join(t for item in element if (t := line_of(item))) if kind == "list" else line_of(element) if kind else ""
    if not text:
        return None
    if kind == "list":
        return Block(kind="list", text=text)
    if kind == "heading":
        return Block(kind="heading", text=text)
    return Block(kind="quote" if kind == "quote" else "paragraph", text=text)
