"""A page as segments of text and pictures in reading order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from attrs import define, field, frozen
from lxml import etree

from crawler.items import Link
from crawler.parsers.document.image_urls import background, picture_address
from crawler.parsers.document.own_pictures import shows_picture, stands_for_picture
from crawler.parsers.document.page import Page
from crawler.parsers.document.text_run import BLANKS, TextRun
from crawler.parsers.document.text_run import squeeze as squeeze

MAX_SEGMENTS = 20_000

_PUNCTUATION = re.compile(r"[\W_]+")
_BLANKS_OF_A_LINE = re.compile(r"[^\S\n]+|[\u200b-\u200d\u2060\ufeff]+")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
     "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
     "tt", "u", "var", "wbr")
)  # fmt: skip
_HIDDEN = frozenset(
    ("script", "style", "noscript", "template", "textarea", "select", "option", "svg", "math", "iframe", "object", "head",
     "title", "canvas", "map", "dialog", "noembed", "noframes")
)  # fmt: skip
_BOLD = frozenset(("b", "strong", "i", "em"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_WRITTEN = frozenset(("pre", "listing", "xmp", "plaintext"))
"""Elements whose line breaks are shown as they are written."""
_KEEPS_LINES = re.compile(r"white-space(?:-collapse)?\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)


def words(text: str) -> str:
    """Drop case, punctuation and blanks of a text, for comparison.

    >>> words("Iran's “pilots”") == words("irans pilots")
    True
    """
    return _PUNCTUATION.sub("", text.casefold())


def letters(text: str) -> int:
    """Measure a text in letters; an ideograph counts for two and a half."""
    return len(text) if text.isascii() else len(text) + 3 * len(_IDEOGRAPH.findall(text)) // 2


@frozen(eq=False, kw_only=True)
class Segment:
    """One run of text, or one picture."""

    n: int
    """Place in the flow."""
    element: etree._Element
    """The block element the text lies in, or the picture's element."""
    text: str = ""
    """Squeezed; single line breaks kept as newlines. Empty for a picture."""
    anchors: tuple[tuple[str, str], ...] = ()
    """Address as written and text of each link."""
    resolve: Callable[[str], str | None] = str
    """Makes an address as written absolute, if the page's own is known; None for an invalid one."""
    linked: float = 0.0
    """Share of the characters that are links."""
    strong: float = 0.0
    """Share of the characters that are bold or italic."""
    picture: str | None = None
    """Address of a picture, absolute where the page's own is known."""
    alt: str | None = None
    href: str | None = None
    """Where a click on the picture leads."""
    written: etree._Element | None = None
    """The element around it whose line breaks are shown as they are written (`pre`)."""

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The valid links, absolute if the page's own address is known."""
        told = ((self.resolve(href), text) for href, text in self.anchors)
        return tuple(Link(url=url, text=text) for url, text in told if url)

    @cached_property
    def key(self) -> str:
        """The text without case, punctuation and blanks."""
        return words(self.text)

    @cached_property
    def size(self) -> int:
        """The length of the text, measured by `letters`."""
        return letters(self.text)

    @property
    def tag(self) -> str:
        """The tag of `element`."""
        return str(self.element.tag)

    @property
    def shown(self) -> str:
        """The text with its line breaks if they are shown, else on one line."""
        return self.line if self.written is None else self.text

    @property
    def line(self) -> str:
        """The text on one line."""
        return squeeze(self.text)

    def inside(self, *tags: str) -> etree._Element | None:
        """The nearest element of one of these tags that holds the segment, itself included."""
        for element in ancestry(self.element):
            if element.tag in tags:
                return element
        return None


def ancestry(element: etree._Element) -> Iterator[etree._Element]:
    """An element and what holds it, inside out."""
    yield element
    yield from element.iterancestors()


def small(element: etree._Element, limit: int) -> str | None:
    """The squeezed text of an element; None beyond a limit, which ends the walk."""
    parts: list[str] = []
    size = 0
    for text in element.itertext():
        parts.append(text)
        size += len(text.strip())
        if size > limit:
            return None
    return squeeze("".join(parts))


def named(element: etree._Element) -> str:
    """Class and id of an element, lower case: what its makers called it."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()


def flow(page: Page) -> tuple[Segment, ...]:
    """The segments of a page in order; made once."""
    if "flow" not in page.memo:
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
    anchor: etree._Element | None = None
    anchor_text: list[str] = field(factory=list)
    bold: int = 0
    written: list[etree._Element] = field(factory=list)
    """The open elements whose line breaks are shown."""
    styled: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.styled = "white-space" in self.page.text

    def segments(self) -> list[Segment]:
        walk = etree.iterwalk(self.page.root, events=("start", "end", "comment", "pi"))
        blocks: list[etree._Element] = []
        for event, node in walk:
            if event in ("comment", "pi"):
                self.add_text(node.tail, blocks)
            elif event == "start":
                if self.hidden(node):
                    walk.skip_subtree()
                    self.bold += node.tag in _BOLD  # its end comes all the same
                    if node.tag in ("video", "noscript"):
                        self.poster(node)
                else:
                    self.start(node, blocks)
            else:
                self.end(node, blocks)
            if len(self.out) > MAX_SEGMENTS:
                break
        self.flush()
        return self.out

    def hidden(self, node: etree._Element) -> bool:
        return node.tag in _HIDDEN or node.tag == "video" or node.get("hidden") is not None

    def start(self, node: etree._Element, blocks: list[etree._Element]) -> None:
        tag = node.tag
        if tag == "br":
            self.run.parts.append("\n")
            if self.anchor is not None:
                self.anchor_text.append(" ")
        elif tag == "img" or tag == "amp-img":
            self.image(node)
        elif stands_for_picture(node):
            self.flush()
            blocks.append(node)
            self.image(node)
        elif tag == "a":
            self.anchor, self.anchor_text = node, []
        elif tag in _BOLD:
            self.bold += 1
        elif tag not in _INLINE and tag not in ("picture", "source"):
            self.flush()
            blocks.append(node)
        if tag in _WRITTEN or (self.styled and _KEEPS_LINES.search(node.get("style") or "")):
            self.written.append(node)
        self.add_text(node.text, blocks)

    def end(self, node: etree._Element, blocks: list[etree._Element]) -> None:
        tag = node.tag
        if tag == "a" and self.anchor is node:
            self.note_link(node)
            self.anchor = None
        elif tag in _BOLD:
            self.bold -= 1
        elif blocks and blocks[-1] is node:
            self.flush()
            blocks.pop()
        if self.written and self.written[-1] is node:
            self.written.pop()
        self.add_text(node.tail, blocks)

    def note_link(self, node: etree._Element) -> None:
        """Add the open link to the run that shows its text.

        One link may lie around several blocks.
        """
        href, text = (node.get("href") or "").strip(), squeeze("".join(self.anchor_text))
        if text and href and not href.startswith("#"):
            self.run.links.append((href, text))
        self.anchor_text = []

    def add_text(self, text: str | None, blocks: list[etree._Element]) -> None:
        if not text:
            return
        if not self.run.total:
            self.run.box = blocks[-1] if blocks else self.page.root
        if self.anchor is not None:
            self.anchor_text.append(text)
        blanks = _BLANKS_OF_A_LINE if self.written else BLANKS
        self.run.add(text, blanks.sub(" ", text), linked=self.anchor is not None, strong=self.bold > 0)

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
        run, self.run = self.run, TextRun()
        for text, links in run.stretches():
            self.out.append(
                Segment(
                    n=len(self.out), element=self.page.root if run.box is None else run.box, text=text, anchors=links,
                    resolve=self.page.resolver, linked=run.share(run.linked), strong=run.share(run.strong),
                    written=self.written[0] if self.written else None,
                )
            )  # fmt: skip
        self.release()
