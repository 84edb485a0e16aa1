"""Flow of a page: its segments in the order in which a reader meets them."""

from __future__ import annotations

import re
from itertools import islice

from attrs import define, field
from lxml import etree

from crawler.parsers.document.display import BOLD, CONTROLS, HIDDEN, INLINE, KINDS, WRITTEN, odd_kinds, stands_in_line
from crawler.parsers.document.page import Page, Resolver
from crawler.parsers.document.segments import Segment, squeeze
from crawler.parsers.document.text_run import BREAK, TextRun
from crawler.parsers.picture_urls.image_urls import background, picture_address
from crawler.parsers.picture_urls.own_pictures import boxes_as_pictures, fills_in, shows_picture, stands_for_picture

MAX_SEGMENTS = 20_000
MAX_HELD = 20_000

_hidden, _shown_as_picture, _styled = (etree.XPath(path) for path in ("//@hidden/..", "//@role[. = 'img']/..", "//@style/.."))
_KEEPS_LINES = re.compile(r"white-space(?:-collapse)?\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)


def flow(page: Page) -> tuple[Segment, ...]:
    """The segments of a page in order; made once."""
    if "flow" not in page.memo:
        # Elements that are held need not be made anew for each look at what is around a segment.
        page.memo[_Walk] = [*islice(page.root.iter("*"), MAX_HELD)]
        page.memo["flow"] = tuple(_Walk(page).segments())
    found: tuple[Segment, ...] = page.memo["flow"]
    return found


@define
class _Walk:
    """One pass over the tree, without recursion."""

    page: Page
    out: list[Segment] = field(factory=list)
    run: TextRun = field(factory=TextRun)
    held: list[Segment] = field(factory=list)
    blocks: list[etree._Element] = field(factory=list)
    """The open block elements."""
    anchor: etree._Element | None = None
    anchor_text: list[str] = field(factory=list)
    bold: int = 0
    written: list[etree._Element] = field(factory=list)
    """The open elements whose line breaks are shown."""
    root: etree._Element = field(init=False)
    resolve: Resolver = field(init=False)
    boxes: frozenset[etree._Element] = field(init=False)
    """Boxes without `img` that show a picture."""
    odd: dict[etree._Element, str | None] = field(init=False)
    """Elements that are another kind than their tag tells; None: to be looked at."""

    def __attrs_post_init__(self) -> None:
        self.root, self.resolve = self.page.root, self.page.resolver
        self.boxes = frozenset(boxes_as_pictures(self.page.text, self.root))
        self.odd = dict.fromkeys((*_shown_as_picture(self.root), *self.boxes))
        if "white-space" in self.page.text:
            self.odd |= dict.fromkeys(_styled(self.root))
        self.odd |= dict.fromkeys((one for one in self.odd if one.tag in HIDDEN), "hidden")
        self.odd = odd_kinds(self.page, self.root) | self.odd
        self.odd |= dict.fromkeys(_hidden(self.root), "hidden")

    def segments(self) -> list[Segment]:
        run, out, odd, kinds = self.run, self.out, self.odd, KINDS
        walk = etree.iterwalk(self.root, events=("start", "end", "comment", "pi"))
        for event, node in walk:
            if event == "start":
                kind = kinds.get(node.tag) if node not in odd else odd[node]
                if kind == "block":
                    self.open(node)
                elif kind == "link":
                    self.anchor, self.anchor_text = node, []
                elif kind == "break":
                    self.break_line()
                elif kind == "hidden":
                    walk.skip_subtree()
                    self.pass_over(node)
                    continue
                elif kind is None:
                    self.start(node)
                text = node.text
            else:
                if event == "end":
                    self.end(node)
                text = node.tail
            # Blanks in front of a run are not shown, and most texts are blanks between blocks.
            if text and (run.parts or self.anchor is not None or not text.isspace()):
                self.add_text(text)
            if len(out) > MAX_SEGMENTS:
                break
        self.flush()
        return out

    def pass_over(self, node: etree._Element) -> None:
        """Take the still of a film, and pictures for browsers without scripts."""
        self.bold += node.tag in BOLD  # its end comes all the same
        if node.tag in CONTROLS and self.run.parts:
            self.run.parts.append(" ")
        if node.tag in ("video", "noscript"):
            self.poster(node)

    def start(self, node: etree._Element) -> None:
        """Open an element that may be anything."""
        tag = node.tag
        if tag == "br":
            self.break_line()
        elif tag == "img" or (tag == "amp-img" and not fills_in(node)):
            self.image(node)
        elif node in self.boxes or stands_for_picture(node):
            self.open(node)
            self.image(node)
        elif tag == "a":
            self.anchor, self.anchor_text = node, []
        elif tag in BOLD:
            self.bold += 1
        elif tag not in INLINE and not stands_in_line(node):
            self.open(node)
        if tag in WRITTEN or _KEEPS_LINES.search(node.get("style") or ""):
            self.written.append(node)

    def break_line(self) -> None:
        """Add a shown line break."""
        self.run.parts.append(BREAK)
        if self.anchor is not None:
            self.anchor_text.append(" ")

    def open(self, node: etree._Element) -> None:
        """Begin a block element."""
        if self.run.parts or self.held or self.anchor is not None:
            self.flush()
        self.blocks.append(node)

    def end(self, node: etree._Element) -> None:
        """Close an element."""
        if self.blocks and self.blocks[-1] is node:
            if self.run.parts or self.held or self.anchor is not None:
                self.flush()
            self.blocks.pop()
        elif self.anchor is node:
            self.note_link(node)
            self.anchor = None
        elif node.tag in BOLD:
            self.bold -= 1
        if self.written and self.written[-1] is node:
            self.written.pop()

    def note_link(self, node: etree._Element) -> None:
        """Add the open link to the run that shows its text.

        One link may lie around several blocks.
        """
        href, text = (node.get("href") or "").strip(), squeeze("".join(self.anchor_text))
        if text and href and not href.startswith("#"):
            self.run.links.append((href, text))
        self.anchor_text = []

    def add_text(self, text: str) -> None:
        """Add a text node to the run, and to the open link."""
        run, size = self.run, len(text.strip())
        if size:
            if not run.total:
                run.box = self.blocks[-1] if self.blocks else self.root
            run.total += size
            if self.bold > 0:
                run.strong += size
        if self.anchor is not None:
            self.anchor_text.append(text)
            run.linked += size
        run.parts.append(text.replace("\n", BREAK) if self.written else text)

    def image(self, node: etree._Element) -> None:
        found = picture_address(node) or background(node)
        url = self.page.join(found) if found else None
        if url:
            alt, href = (
                squeeze(node.get("alt") or node.get("data-alt") or node.get("aria-label") or ""),
                self.anchor.get("href") if self.anchor is not None else None,
            )
            self.held.append(Segment(n=0, element=node, picture=url, alt=alt or None, href=href))
            if not self.run.total:
                self.release()

    def poster(self, node: etree._Element) -> None:
        if node.tag == "noscript" and not shows_picture(node.getparent(), node):
            for image in node.iter("img"):
                self.image(image)
        if poster := node.get("poster"):
            url = self.page.join(poster)
            if url:
                self.held.append(Segment(n=0, element=node, picture=url))

    def release(self) -> None:
        for segment in self.held:
            self.out.append(Segment(n=len(self.out), element=segment.element, picture=segment.picture, alt=segment.alt, href=segment.href))
        self.held = []

    def flush(self) -> None:
        """Close the run of text: one segment for each stretch between doubled line breaks."""
        if self.anchor is not None:
            self.note_link(self.anchor)
        run = self.run
        if run.total:
            self.add_run(run)
            run.clear()
        elif run.parts or run.links:
            run.parts.clear()  # blanks and line breaks, which are not shown
            run.links.clear()
        if self.held:
            self.release()

    def add_run(self, run: TextRun) -> None:
        """Add the segments of a run that has text."""
        out, total = self.out, run.total
        for text, links in run.stretches():
            out.append(
                Segment(
                    n=len(out), element=self.root if run.box is None else run.box, text=text, anchors=links,
                    resolve=self.resolve, linked=min(1.0, run.linked / total), strong=min(1.0, run.strong / total),
                    written=self.written[0] if self.written else None,
                )
            )  # fmt: skip
