"""XML that no strict parser reads to its end: read on behind every fault, in linear time."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping

from attrs import define, frozen
from lxml import etree

from crawler.parsers.markup.character_references import unescaped

MAX_DEPTH = 256
MAX_TAGS = 3_000_000
"""In one text, comments and the like among them; bounds the time."""
XML_SPACE = "http://www.w3.org/XML/1998/namespace"

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
_SPACE = re.compile(r"https?://[a-z0-9.-]+/[a-z0-9/._-]*#?", re.IGNORECASE | re.ASCII)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
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
    """What of a text a strict parser has read: nothing between these places is read again."""

    start: int = 0
    end: int = 0


NOTHING = Skipped()


class TolerantXml:
    """The events of a broken XML text, as a pull parser's.

    A `<` that begins nothing is text. Comments, CDATA sections, instructions and quotes that are left open end with the element they stand
    in, elements left open with the one around them, and an entry where the next begins. An element that is open where the text ends has no
    text: it may be half of it.

    Args:
        text: From its first element on, references mended.
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
            kind = token.lastgroup if token else None
            if token is None or kind is None:
                self._pieces.append("<")
                at = place + 1
            elif kind == "open":
                at = yield from self._open(token)
            elif kind == "close":
                at, whole = self._tag_end(token.end())
                # Of a tag on which the text breaks off it is known that the innermost element has ended, and no more.
                name = token["close"].lower()
                if whole or at < len(text):
                    yield from self._close(name)
                elif len(self._stack) > 1 and self._innermost().startswith(name):
                    yield from self._pop(len(self._stack) - 1)
            else:
                at = self._aside(kind, token)
        else:
            self.full = True
        yield from self._cut()

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
        """Where a tag ends; and whether it does so by its `>`."""
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
        tag = _qualified(name, spaces, spaces.get(""))
        element = etree.SubElement(self._stack[-1].element, tag) if self._stack else etree.Element(tag)
        if self._stack:
            self._stack[-1].last = element
        for key, value in attributes.items():
            if not key.startswith("xmlns"):
                element.set(_qualified(key, spaces, None), value)
        return _Open(element, name.lower(), spaces)

    def _make_room(self, name: str) -> Iterator[tuple[str, etree._Element]]:
        """End what must be open by fault where an element begins: the entry before it, or the leaf before it."""
        entry = next((n for n, one in enumerate(self._stack) if _local(one.name) in self._wanted), None)
        if entry is None:
            return
        top, own = self._stack[-1], self._stack[entry].name
        if name == own:
            # `<loc><url>` is an address in a wrapping.
            if _local(top.name) != "loc" or "".join(self._pieces).strip():
                yield from self._pop(entry)
            return
        child = len(self._stack) == entry + 2 and _same_prefix(name, own) and _same_prefix(top.name, own)
        if child and _local(top.name) in _LEAVES and _local(name) in _FIELDS:
            yield from self._pop(entry + 1)

    def _innermost(self) -> str:
        return self._stack[-1].name if self._stack else ""

    def _close(self, name: str) -> Iterator[tuple[str, etree._Element]]:
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
        if self._pieces and self._stack:
            one, text = self._stack[-1], "".join(self._pieces)
            if one.last is None:
                one.element.text = text
            else:
                one.last.tail = text
        self._pieces = []

    def _aside(self, kind: str, token: re.Match[str]) -> int:
        """Where a comment, CDATA section, instruction or declaration ends, and its text taken."""
        text, start = self._text, token.end()
        if kind == "declaration":
            behind, whole = self._tag_end(start)
            self._pieces += [] if whole else ["<"]
            return behind if whole else token.start() + 1
        mark = {"comment": "-->", "cdata": "]]>", "instruction": "?>"}[kind]
        # `<!-->` is a comment, too.
        end = self._behind(mark, start - 2 if kind == "comment" else start)
        if end < 0 or kind == "instruction" or self._begins_again(kind, start, end):
            stop = self._stop(start, end if end >= 0 else len(text))
            if kind == "instruction" and (stop is not None or end < 0):
                early, whole = self._tag_end(start)
                stop = early if whole else stop
            end, mark = (end, mark) if stop is None else (stop, "")
        if end < 0:
            end, mark = len(text), ""
        if kind == "cdata":
            self._pieces.append(text[start:end])
        return end + len(mark)

    def _behind(self, mark: str, at: int) -> int:
        """The next place of a mark; looked for once, however often it is asked for from before it."""
        known = self._found.get(mark)
        if known is None or 0 <= known < at:
            known = self._found[mark] = self._text.find(mark, at)
        return known

    def _begins_again(self, kind: str, start: int, end: int) -> bool:
        return (self._text.find("<!--", start, end) >= 0) if kind == "comment" else _CDATA.search(self._text, start, end) is not None

    def _stop(self, start: int, end: int) -> int | None:
        """Where an entry begins or ends before a place, or the innermost open element ends."""
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


def _qualified(name: str, spaces: Mapping[str, str], default: str | None) -> str:
    """A name with its namespace; a prefix that nobody declares stands for itself."""
    prefix, _, local = name.partition(":")
    local = local.replace(":", "_").lstrip(".-0123456789")
    if not local:
        return f"{{{_safe(default)}}}{prefix}" if default else prefix
    space = XML_SPACE if prefix == "xml" else spaces.get(prefix) or prefix
    return f"{{{_safe(space)}}}{local}"


def _safe(space: str) -> str:
    """A namespace that lxml takes."""
    return space if _SPACE.fullmatch(space) else _UNSAFE.sub("_", space)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _same_prefix(name: str, other: str) -> bool:
    return name.rpartition(":")[0] == other.rpartition(":")[0]
