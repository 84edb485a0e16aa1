"""Parser for broken XML: reads on behind every fault, in linear time."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping

from attrs import define, frozen
from lxml import etree

from crawler.parsers.markup.character_references import unescaped
from crawler.parsers.markup.xml_names import local_of, qualified, same_prefix

MAX_DEPTH = 256
MAX_TAGS = 3_000_000
"""In one text, comments and the like among them; bounds the time."""

_NAME = r"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?"
_TOKEN = re.compile(
    rf"<(?:(?P<comment>!--)|(?P<cdata>!\s?\[CDATA\[)|(?P<instruction>\?)|(?P<declaration>![A-Za-z])|/\s?(?P<close>{_NAME})|(?P<open>{_NAME}))",
    re.ASCII | re.IGNORECASE,
)  # fmt: skip
_QUOTED = r""""(?:[^"<]|<(?![A-Za-z/!?]))*+"|'(?:[^'<]|<(?![A-Za-z/!?]))*+'"""
_TAG_END = re.compile(rf"""(?:[^<>"']++|{_QUOTED})*+>""")
_ATTRIBUTE = re.compile(rf"""([A-Za-z_][\w.:-]*)\s*=\s*({_QUOTED}|[^\s>"'<]+|["'][^"'<>]*)""", re.ASCII)
_CLOSING = re.compile(rf"</({_NAME})", re.ASCII)
_CDATA = re.compile(r"<!\s?\[CDATA\[", re.IGNORECASE)
_NAMES = "title link guid id loc lastmod pubdate date published updated modified issued created changefreq priority author category"
_LEAVES = frozenset(_NAMES.split())
"""Elements of an entry that hold text alone: one that is left open ends where the next begins."""
_FIELDS = _LEAVES | {"description", "summary", "content", "source", "enclosure"}
_MARKS = {"comment": "-->", "cdata": "]]>", "instruction": "?>"}
_EMPTY: Mapping[str, str] = {}


@define
class _Open:
    """An open element."""

    element: etree._Element
    name: str
    """As written, lower case."""
    spaces: Mapping[str, str]
    """Namespaces by prefix."""
    last: etree._Element | None = None
    """Its last child so far: lxml counts all to find it."""


@frozen
class Skipped:
    """Range of a text that a strict parser has read."""

    start: int = 0
    end: int = 0


NOTHING = Skipped()


class TolerantXml:
    """The events of a broken XML text, as a pull parser's.

    A `<` that begins nothing is text. Comments, CDATA sections, instructions and quotes that are left open end with the element they stand
    in, elements left open with the one around them, and an entry where the next begins. An element that is open where the text ends has no
    text: it may be half of it.

    Args:
        text: From its first element on, references repaired.
        wanted: Local names of the entries, lower case.
        skipped: Whole entries that are passed over.
    """

    def __init__(self, text: str, wanted: frozenset[str], skipped: Skipped = NOTHING) -> None:
        self._text, self._wanted, self._skipped = text, wanted, skipped
        self._stack: list[_Open] = []
        self._pieces: list[str] = []
        entries = "|".join(sorted(wanted))
        self._boundary = re.compile(rf"</?(?:[\w.-]{{1,40}}:)?(?:{entries})(?=[\s/>])|</({_NAME})", re.ASCII | re.IGNORECASE)
        self._found: dict[str, int] = {}
        self.full = False
        """Whether the text has more tags than are read."""
        self.cut = False
        """Whether the elements that end now do so because the text does."""

    def __iter__(self) -> Iterator[tuple[str, etree._Element]]:
        text, at = self._text, 0
        for _ in range(MAX_TAGS):
            if at >= self._skipped.start and at < self._skipped.end:
                at = self._skipped.end
            place = text.find("<", at)
            if place < 0:
                break
            if place > at:
                self._pieces.append(unescaped(text[at:place]))
            token = _TOKEN.match(text, place)
            if token is None or token.lastgroup is None:
                self._pieces.append("<")
                at = place + 1
            else:
                at = yield from self._take(token.lastgroup, token)
        else:
            self.full = True
        yield from self._cut()

    def _take(self, kind: str, token: re.Match[str]) -> Generator[tuple[str, etree._Element], None, int]:
        """Read one tag, comment, CDATA section, instruction or declaration, and return its end."""
        if kind == "open":
            return (yield from self._open(token))
        if kind == "declaration":
            return self._declaration(token)
        if kind != "close":
            return self._special(kind, token)
        at, whole = self._tag_end(token.end())
        # Of a tag on which the text breaks off it is known that the innermost element has ended, and no more.
        name = token["close"].lower()
        if whole or at < len(self._text):
            yield from self._close(name)
        elif len(self._stack) > 1 and self._innermost().startswith(name):
            yield from self._pop(len(self._stack) - 1)
        return at

    # -- tags

    def _open(self, token: re.Match[str]) -> Generator[tuple[str, etree._Element], None, int]:
        """Open an element, and return where its tag ends."""
        text, name = self._text, token["open"]
        end, whole = self._tag_end(token.end())
        inner = text[token.end() : end].removesuffix(">")
        if not whole and inner.strip() and "=" not in inner:
            self._pieces.append("<")
            return token.start() + 1
        if not whole and end == len(text):
            # Half a tag may hold half an address.
            return end
        yield from self._make_room(name.lower())
        if len(self._stack) >= MAX_DEPTH:
            return end
        opened = self._opened(name, inner)
        self._stack.append(opened)
        yield "start", opened.element
        if inner.endswith("/"):
            yield from self._pop(len(self._stack) - 1)
        return end

    def _tag_end(self, at: int) -> tuple[int, bool]:
        """The end of a tag, and whether it is a `>`."""
        if found := _TAG_END.match(self._text, at):
            return found.end(), True
        following = self._text.find("<", at)
        following = len(self._text) if following < 0 else following
        end = self._text.find(">", at, following)
        return (end + 1, True) if end >= 0 else (following, False)

    def _opened(self, name: str, inner: str) -> _Open:
        spaces, attributes = (self._stack[-1].spaces if self._stack else _EMPTY), {}
        if "=" in inner:
            attributes = _attributes(inner)
            declared = {key[5:].lstrip(":"): value for key, value in attributes.items() if key == "xmlns" or key.startswith("xmlns:")}
            spaces = {**spaces, **declared} if declared else spaces
        self._flush()
        tag = qualified(name, spaces, spaces.get(""))
        element = etree.SubElement(self._stack[-1].element, tag) if self._stack else etree.Element(tag)
        if self._stack:
            self._stack[-1].last = element
        for key, value in attributes.items():
            if not key.startswith("xmlns"):
                element.set(qualified(key, spaces, None), value)
        return _Open(element, name.lower(), spaces)

    def _make_room(self, name: str) -> Iterator[tuple[str, etree._Element]]:
        """End the entry or leaf that is open by fault where an element begins."""
        entry = next((n for n, one in enumerate(self._stack) if local_of(one.name) in self._wanted), None)
        if entry is None:
            return
        top, own = self._stack[-1], self._stack[entry].name
        if name == own:
            # `<loc><url>` is an address in a wrapping.
            if local_of(top.name) != "loc" or "".join(self._pieces).strip():
                yield from self._pop(entry)
            return
        child = len(self._stack) == entry + 2 and same_prefix(name, own) and same_prefix(top.name, own)
        if child and local_of(top.name) in _LEAVES and local_of(name) in _FIELDS:
            yield from self._pop(entry + 1)

    def _innermost(self) -> str:
        return self._stack[-1].name if self._stack else ""

    def _close(self, name: str) -> Iterator[tuple[str, etree._Element]]:
        """End the innermost element of this name, and all in it."""
        depth = next((n for n in range(len(self._stack) - 1, -1, -1) if self._stack[n].name == name), None)
        if depth is not None:
            yield from self._pop(depth)

    def _pop(self, depth: int) -> Iterator[tuple[str, etree._Element]]:
        self._flush()
        while len(self._stack) > depth:
            yield "end", self._stack.pop().element

    def _cut(self) -> Iterator[tuple[str, etree._Element]]:
        """End all that is open where the text ends."""
        self._pieces, self.cut = [], True
        while self._stack:
            one = self._stack.pop()
            if one.last is None:
                one.element.text = None
            yield "end", one.element

    # -- text

    def _flush(self) -> None:
        """Give the text collected to the element, or to its last child."""
        if self._pieces and self._stack:
            one, text = self._stack[-1], "".join(self._pieces)
            if one.last is None:
                one.element.text = text
            else:
                one.last.tail = text
        self._pieces = []

    def _declaration(self, token: re.Match[str]) -> int:
        """Pass over a declaration, and return its end; one without an end is text."""
        end, whole = self._tag_end(token.end())
        if whole:
            return end
        self._pieces.append("<")
        return token.start() + 1

    def _special(self, kind: str, token: re.Match[str]) -> int:
        """Take the text of a CDATA section or pass over a comment; returns its end."""
        start, mark = token.end(), _MARKS[kind]
        # `<!-->` is a comment, too.
        end = self._behind(mark, start - 2 if kind == "comment" else start)
        if (early := self._early_end(kind, start, end)) is not None:
            end, mark = early, ""
        elif end < 0:
            end, mark = len(self._text), ""
        if kind == "cdata":
            self._pieces.append(self._text[start:end])
        return end + len(mark)

    def _early_end(self, kind: str, start: int, end: int) -> int | None:
        """The end of a section left open: that of its element; None if closed."""
        if end >= 0 and kind != "instruction" and not self._begins_again(kind, start, end):
            return None
        stop = self._stop(start, end if end >= 0 else len(self._text))
        if kind == "instruction" and (stop is not None or end < 0):
            early, whole = self._tag_end(start)
            return early if whole else stop
        return stop

    def _behind(self, mark: str, at: int) -> int:
        """Find the next place of a mark; each place is looked for once."""
        known = self._found.get(mark)
        if known is None or 0 <= known < at:
            known = self._found[mark] = self._text.find(mark, at)
        return known

    def _begins_again(self, kind: str, start: int, end: int) -> bool:
        return (self._text.find("<!--", start, end) >= 0) if kind == "comment" else _CDATA.search(self._text, start, end) is not None

    def _stop(self, start: int, end: int) -> int | None:
        """Find the beginning or end of an entry, or the end of the innermost element."""
        own = self._innermost()
        for found in self._boundary.finditer(self._text, start, end):
            if found[1] is None or found[1].lower() == own:
                return found.start()
        return None


def _attributes(inner: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(inner):
        value = attribute[2]
        value = value[1:].removesuffix(value[0]) if value[0] in "\"'" else value.removesuffix("/") if inner.endswith(value) else value
        found.setdefault(attribute[1], unescaped(value))
    return found
