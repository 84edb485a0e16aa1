"""Display of elements: in a line, as a block or break, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice

from lxml import etree

from crawler.parsers.document.elements import is_named_anywhere
from crawler.parsers.document.page import Page
from crawler.parsers.document.text_run import squeeze

MAX_INSIDE = 60
"""Elements looked at in one that no standard knows."""
MAX_HIDDEN = 600
"""Letters up to which an element that its `style` hides is believed to be none of the text: whole stories are shown by scripts."""

INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
     "label", "mark", "nobr", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small", "source", "span", "strike", "strong", "sub",
     "sup", "time", "tt", "u", "var", "wbr")
)  # fmt: skip
HIDDEN = frozenset(
    ("script", "style", "noscript", "template", "textarea", "select", "option", "svg", "math", "iframe", "object", "head",
     "title", "canvas", "map", "dialog", "noembed", "noframes", "video")
)  # fmt: skip
CONTROLS = frozenset(("select",))
"""Those that are seen, though their words are not: they part what stands on both sides."""
BOLD = frozenset(("b", "strong", "i", "em"))
WRITTEN = frozenset(("pre", "listing", "xmp", "plaintext"))
"""Elements whose line breaks are shown as they are written."""
_BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "button", "center", "dd", "details", "div", "dl", "dt", "fieldset",
     "figcaption", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "input", "legend", "li",
     "main", "nav", "ol", "p", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul")
)  # fmt: skip
_BLOCKS_LOOKED_AT = frozenset(("caption", "dir", "figure", "frameset", "hgroup", "listing", "menu", "plaintext", "pre", "search", "xmp"))
"""Blocks that may be more than that: their attributes are looked at."""
_PARTING = _BLOCKS | _BLOCKS_LOOKED_AT | {"br", "lb", "item", "list", "quote", "row", "cell"}
"""What parts words; the last are of the text extractor's own trees."""
KINDS = dict.fromkeys(HIDDEN, "hidden") | dict.fromkeys(INLINE - BOLD - {"a"}, "plain") | dict.fromkeys(_BLOCKS, "block") | {"a": "link"}
"""Elements that need no look at their attributes; those that may show a picture or are bold are not among them."""

_STYLES = ("display", "visibility", "DISPLAY")
_BREAK_CLASS = re.compile(r"(?:^|\s)(?:br|line-?break)(?:\s|$)", re.IGNORECASE)
_AS_BLOCK = re.compile(r"\bdisplay\s*:\s*(?:block|flex|grid|table|list-item)\b", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"\bdisplay\s*:\s*none\b|\bvisibility\s*:\s*hidden\b", re.IGNORECASE)
_empty_classes = etree.XPath("//span[@class and not(node())]")
_hidden_in_line = etree.XPath("//@hidden/..")
_displayed = etree.XPath("//@style[contains(., 'display') or contains(., 'visibility') or contains(., 'DISPLAY')]/..")


def odd_kinds(page: Page, root: etree._Element) -> dict[etree._Element, str | None]:
    """Elements whose class or `style` makes them another kind than their tag.

    Args:
        root: The page's tree, or a copy of it.
    """
    odd: dict[etree._Element, str | None] = {}
    if is_named_anywhere(page, _BREAK_CLASS):
        odd |= {one: "break" for one in _empty_classes(root) if _BREAK_CLASS.search(one.get("class") or "")}
    if any(word in page.text for word in _STYLES):
        odd |= {one: kind for one in _displayed(root) if (kind := _by_style(one)) is not None}
    return odd


def as_shown(page: Page) -> etree._Element:
    """The tree, or a copy without hidden texts in line, words parted as shown."""
    root = page.root
    if not any(_marked(page, root)):
        return root
    copy = deepcopy(root)
    for element, kind in [*_marked(page, copy)]:
        if kind == "hidden":
            if element.getparent() is not None:  # it may be told twice
                element.drop_tree()
        elif kind is not None:
            element.tail = f" {element.tail or ''}"
            element.text = f" {element.text or ''}"
    return copy


def _marked(page: Page, root: etree._Element) -> Iterator[tuple[etree._Element, str | None]]:
    """The elements in line that their class, `style` or `hidden` makes another kind."""
    yield from ((one, kind) for one, kind in odd_kinds(page, root).items() if one.tag in INLINE)
    yield from ((one, "hidden") for one in _hidden_in_line(root) if one.tag in INLINE and _is_small(one))


def _by_style(element: etree._Element) -> str | None:
    """The kind that the `style` of an element makes it, if another than its tag's."""
    style = element.get("style") or ""
    if element.tag in INLINE and element.tag != "a" and _AS_BLOCK.search(style):
        return None if _has_pictures(element) else "block"
    return "hidden" if _NOT_SHOWN.search(style) and _is_small(element) else None


def _is_small(element: etree._Element) -> bool:
    """Test for an element of a few words without pictures."""
    size = 0
    for text in element.itertext():
        size += len(text.strip())
        if size > MAX_HIDDEN:
            return False
    return not _has_pictures(element) and next(element.iter("h1"), None) is None


def _has_pictures(element: etree._Element) -> bool:
    return next(element.iter("img", "amp-img", "picture", "video"), None) is not None


def stands_in_line(element: etree._Element) -> bool:
    """Test for an element of no standard in the midst of a line.

    Browsers show it in line. Where no text is beside it, the page's styles make it what it is: a block, most likely.
    """
    if is_block(element) or not isinstance(element.tag, str):
        return False
    before, parent = element.getprevious(), element.getparent()
    text = (parent.text if parent is not None else None) if before is None else before.tail
    if not ((text and not text.isspace()) or (element.tail and not element.tail.isspace())):
        return False
    return not any(is_block(inner) for inner in islice(element.iter("*"), 1, MAX_INSIDE))


def is_block(element: etree._Element) -> bool:
    """Test for an element that parts words, by its tag."""
    return element.tag in _BLOCKS or element.tag in _BLOCKS_LOOKED_AT


def is_shown(element: etree._Element) -> bool:
    """Test an element by its tag, the attribute `hidden` and its `style`."""
    if element.tag in HIDDEN or element.get("hidden") is not None:
        return False
    return element.get("style") is None or _by_style(element) != "hidden"


def text_shown(element: etree._Element) -> str:
    """The text of an element: blanks where blocks, cells and line breaks part it.

    `"".join(element.itertext())` glues words that stand in different lines.
    """
    if not len(element):
        return element.text or ""
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        inside, tag = node is not element, node.tag
        if inside and event in ("start", "end") and (tag in _PARTING or (node.get("style") and _by_style(node) == "block")):
            parts.append(" ")
        if event == "start":
            if inside and not is_shown(node):
                walk.skip_subtree()
                parts.append(" " if tag in CONTROLS else "")
                continue
            text = node.text
        else:
            text = node.tail if inside else None
        if text:
            parts.append(text)
    return "".join(parts)


def line_of(element: etree._Element) -> str:
    """The text of an element on one line, squeezed."""
    return squeeze(text_shown(element))
