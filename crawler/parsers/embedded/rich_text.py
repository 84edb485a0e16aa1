"""Text that editors keep as data, as mark-up: lists of blocks, trees of nodes, strings.

Told by shape: a block has a word for its kind (`type`, `nodeType`, `blockName`, ...) and its content under one of a few names. So are
read: ProseMirror, Draft.js, EditorJS, Slate, Contentful, Portable Text, Gutenberg, Arc and formats like them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

from attrs import define

from crawler.parsers.embedded.kinds import (
    BREAKS,
    CONTENT,
    EMBEDS,
    INLINE,
    LISTS,
    ORDERED,
    PARAGRAPHS,
    PICTURES,
    QUOTES,
    SKIPPED,
    inner,
    is_element,
    is_teaser,
    kind_words,
    rank_of,
)

MAX_DEPTH = 40
MAX_NODES = 50_000
MIN_LEAF = 60
"""Letters from which a text node without a paragraph around it is one."""

_MARKUP = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9]{0,14})\b[^<>]{0,2000}>|&#?\w{2,8};")
_BLOCKS = re.compile(r"<(?:p|div|h[1-6]|ul|ol|table|figure|blockquote|section)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,2000}>")
_IMAGE = re.compile(r"(?:https?:)?//\S+$|/\S+$|\S+\.(?:jpe?g|png|webp|gif|avif)(?:\?\S*)?$", re.IGNORECASE)
_EMPTY_LINE = re.compile(r"\n\s*\n|\r\n")
_PICTURE_ADDRESSES = ("url", "src", "href", "source", "file", "image", "asset")
_EMBED_ADDRESSES = ("url", "source", "src", "embed", "href", "_id")
_INNER = ("data", "attrs", "attributes", "fields")
_ROWS = ("rows", "content", "cells", "body")


def markup_of(value: Any) -> str:
    """Turn a body held as data into mark-up, empty where it holds none."""
    return _Writer().block(value, 0)


def plain(value: Any) -> str:
    """The text of a string, with or without mark-up, or of nodes."""
    return html.unescape(_TAG.sub(" ", _Writer().inline(value, 0))).strip()


def people_in(value: Any, depth: int = 0) -> str:
    """The names in a credit: a text, or people by name."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict) and depth < MAX_DEPTH:
        named = value.get("name") or value.get("title") or value.get("byline")
        return plain(named) if isinstance(named, str) else people_in(value.get("by") or value.get("affiliation") or [], depth + 1)
    if isinstance(value, list) and depth < MAX_DEPTH:
        return ", ".join(name for one in value if (name := people_in(one, depth + 1)))
    return ""


@define
class _Writer:
    """One walk over a value, bounded in depth and nodes."""

    left: int = MAX_NODES

    def _is_over(self, depth: int) -> bool:
        self.left -= 1
        return self.left < 0 or depth > MAX_DEPTH

    def block(self, value: Any, depth: int) -> str:
        """Write a value that stands where blocks stand."""
        if self._is_over(depth):
            return ""
        if isinstance(value, str):
            return _paragraphs(value)
        if isinstance(value, list):
            if is_element(value):
                return self._element(value, depth)
            if _are_leaves(value):
                return wrapped("p", self.inline(value, depth))
            return "".join(self.block(one, depth + 1) for one in value)
        return self._node(value, depth) if isinstance(value, dict) else ""

    def _node(self, node: dict[str, Any], depth: int) -> str:
        """Write one block by its kind."""
        kind = kind_words(node)
        if kind & SKIPPED or is_teaser(node):
            return ""
        if isinstance(node.get("ops"), list):
            return _of_delta(node["ops"])
        for words, write in _KINDS:
            if kind & words and (text := write(self, node, kind, depth)):
                return text
        rank = rank_of(kind)
        if rank is not None:
            return wrapped(f"h{node['level'] if node.get('level') in (2, 3, 4, 5, 6) else rank}", self.inline(node, depth))
        return self.content(node, depth)

    def content(self, node: dict[str, Any], depth: int) -> str:
        """Write the first content of a node that holds something."""
        for key in CONTENT:
            if node.get(key) and (text := self.block(node[key], depth + 1)):
                return text
        return ""

    def inline(self, value: Any, depth: int) -> str:
        """Write a value that stands within a line."""
        if self._is_over(depth):
            return ""
        if isinstance(value, str):
            return value if _MARKUP.search(value) else html.escape(value, quote=False)
        if isinstance(value, list):
            return self._element(value, depth) if is_element(value) else "".join(self.inline(one, depth + 1) for one in value)
        if not isinstance(value, dict):
            return ""
        if kind_words(value) & BREAKS:
            return "<br>"
        return next((text for key in CONTENT if value.get(key) and (text := self.inline(value[key], depth + 1))), "")

    def _element(self, element: list[Any], depth: int) -> str:
        """Write an element of React: its tag, its children or its mark-up."""
        tag, props = element[1], element[3]
        raw, children = props.get("dangerouslySetInnerHTML"), props.get("children")
        if isinstance(raw, dict) and isinstance(raw.get("__html"), str):
            text = raw["__html"]
        else:
            boxes = isinstance(children, list) and not is_element(children) and any(isinstance(one, (list, dict)) for one in children)
            text = self.block(children, depth + 1) if boxes and tag not in _LINES else self.inline(children, depth + 1)
        return wrapped(tag, text) if isinstance(tag, str) and tag.isalnum() and tag not in ("script", "style") else text

    def entry(self, entry: Any, depth: int) -> str:
        """Write an entry of a list, the lists in it too."""
        if isinstance(entry, dict) and isinstance(entry.get("items"), list) and entry["items"]:
            own = {key: value for key, value in entry.items() if key != "items"}
            return self.inline(own, depth + 1) + _list(self, entry, frozenset(), depth + 1)
        return self.inline(entry, depth + 1)


_LINES = ("p", "li", "h1", "h2", "h3", "h4", "a", "span", "em", "strong", "b", "i", "figcaption")
"""Elements whose children stand within a line."""


def _picture(writer: _Writer, node: dict[str, Any], kind: frozenset[str], depth: int) -> str:
    """Write a picture with its caption and credit."""
    held = inner(inner(node, *_INNER), "image", "file", "asset")
    url = next((found for key in _PICTURE_ADDRESSES if (found := _address(held.get(key)))), None)
    if url is None:
        return ""
    caption = next((text for key in ("caption", "legend", "subtitle", "description") if (text := plain(held.get(key)))), "")
    credits = ("credit", "credits", "photographer", "copyright", "attribution", "byline")
    credit = next((text for key in credits if (text := people_in(held.get(key)))), "")
    text = html.escape(caption) + (f' <span class="credit">{html.escape(credit)}</span>' if credit and credit not in caption else "")
    alt = next((v for key in ("alt", "alt_text", "altText") if isinstance(v := held.get(key), str)), "")
    return f'<figure><img src="{html.escape(url)}" alt="{html.escape(alt)}">{wrapped("figcaption", text)}</figure>'


def _embed(writer: _Writer, node: dict[str, Any], kind: frozenset[str], depth: int) -> str:
    """Write an embed: its own mark-up, else its address."""
    held = inner(node, *_INNER, "raw_oembed")
    for key in ("html", "content", "embed_html"):
        if isinstance(text := held.get(key), str) and "<" in text:
            return text
    url = next((found for key in _EMBED_ADDRESSES if isinstance(found := held.get(key), str) and found.startswith("http")), None)
    return f'<iframe src="{html.escape(url)}"></iframe>' if url else ""


def _list(writer: _Writer, node: dict[str, Any], kind: frozenset[str], depth: int) -> str:
    """Write a list, or an entry that is a block of its own."""
    tag = "ol" if kind & ORDERED else "ul"
    if kind & PARAGRAPHS:
        return wrapped(tag, wrapped("li", writer.inline(node, depth)))
    held = next((node[key] for key in ("items", "list_items", *CONTENT) if isinstance(node.get(key), (list, dict)) and node[key]), None)
    if isinstance(held, dict):
        return _list(writer, held, kind, depth + 1) if depth < MAX_DEPTH else ""
    return wrapped(tag, "".join(wrapped("li", writer.entry(one, depth)) for one in held or ()))


def _quote(writer: _Writer, node: dict[str, Any], kind: frozenset[str], depth: int) -> str:
    return wrapped("blockquote", writer.content(node, depth) or writer.inline(node, depth))


def _table(writer: _Writer, node: dict[str, Any], kind: frozenset[str], depth: int) -> str:
    """Write a table of rows of cells."""
    held = inner(node, "data", "attrs", "attributes")
    head = held.get("header")
    rows: list[Any] = [head] if isinstance(head, list) else []
    rows += next((value for key in _ROWS if isinstance(value := held.get(key), list)), [])
    lines = [row.get("cells") or row.get("content") if isinstance(row, dict) else row for row in rows]
    cells = ("".join(wrapped("td", writer.inline(one, depth + 1)) for one in line) for line in lines if isinstance(line, list))
    return wrapped("table", "".join(wrapped("tr", line) for line in cells))


def _paragraph(writer: _Writer, node: dict[str, Any], kind: frozenset[str], depth: int) -> str:
    text = writer.inline(node, depth)
    return text if _BLOCKS.search(text) else wrapped("p", text)


_KINDS: tuple[tuple[frozenset[str], Callable[[_Writer, dict[str, Any], frozenset[str], int], str]], ...] = (
    (PICTURES, _picture),
    (QUOTES, _quote),
    (EMBEDS, _embed),
    (LISTS, _list),
    (frozenset(("table",)), _table),
    (PARAGRAPHS, _paragraph),
)
"""Kinds of blocks in the order they are tried."""


def _of_delta(operations: list[Any]) -> str:
    """The paragraphs of a delta (Quill): texts inserted one after the other."""
    texts = (one.get("insert") for one in operations if isinstance(one, dict))
    lines = "".join(text for text in texts if isinstance(text, str)).split("\n")
    return "".join(wrapped("p", html.escape(line, quote=False)) for line in lines)


def wrapped(tag: str, text: str) -> str:
    """Put a text into an element, if there is any."""
    return f"<{tag}>{text}</{tag}>" if text.strip() else ""


def _address(value: Any) -> str | None:
    """The address of a picture, as a string or in an object."""
    if isinstance(value, dict):
        value = value.get("url") or value.get("src")
    return value if isinstance(value, str) and _IMAGE.match(value) else None


def _are_leaves(nodes: Sequence[Any]) -> bool:
    """Test for the parts of one line: texts and links."""
    if not nodes or not all(isinstance(node, dict) for node in nodes):
        return False
    leaves = [node for node in nodes if _is_leaf(node)]
    if not leaves or not all(_is_leaf(node) or kind_words(node) & INLINE for node in nodes):
        return False
    # Blocks of type `text` may each be a paragraph.
    texts = [node["text"] for node in leaves if "text" in kind_words(node) and isinstance(node.get("text"), str)]
    return not (len(texts) > 1 and all(len(text) >= MIN_LEAF for text in texts))


def _is_leaf(node: dict[str, Any]) -> bool:
    """Test for a text without a kind of its own."""
    kind = kind_words(node)
    return isinstance(node.get("text", node.get("value")), str) and (not kind or bool(kind & {"text", "span"}))


def _paragraphs(text: str) -> str:
    """The paragraphs of a string: its own mark-up, else its lines."""
    if _BLOCKS.search(text):
        return text
    line = text if _MARKUP.search(text) else html.escape(text, quote=False)
    return "".join(wrapped("p", part) for part in _EMPTY_LINE.split(line))
