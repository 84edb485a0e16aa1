"""Feeds and sitemaps read as a stream of XML entries, tolerant of faults.

Nothing is fetched and no entity is expanded; faults are recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from crawler.parsers.encoding.list_text import ListText, list_bytes, list_text
from crawler.parsers.markup.character_references import allowed, repaired_references
from crawler.parsers.markup.tolerant_xml import Skipped, TolerantXml
from crawler.parsers.markup.xml_names import attribute, bases_of, local

MAX_BYTES = 50 * 1024 * 1024
"""The sitemap protocol's limit for one uncompressed file; what lies beyond is not read."""
CHUNK_CHARACTERS = 256 * 1024
MAX_LIVE_ELEMENTS = 100_000
MAX_ELEMENTS = 1_000_000
"""Twenty for each of the 50,000 addresses a sitemap may have; bounds the time."""
MAX_HEAD_FIELDS = 64
MAX_NAMES = 1000

CUT_OFF = "XML: cut off before the end of "
"""Begins the problem of a document whose root element does not end."""

# Comments are atomic: tried in every grouping, thirty of them would take a minute.
_HTML = re.compile(r"\s*(?:(?><!--.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|urlset|sitemapindex|RDF)\b", re.IGNORECASE)
_ELEMENT = re.compile(r"<[A-Za-z_]")
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{131072}")

_CDATA = "<![CDATA["
_START_CHARACTERS = 64 * 1024
_NO_MEMORY = 2
"""libxml2's number of the error."""
_CONTAINERS = frozenset({"channel", "image", "textinput", "author", "contributor", "owner", "category", "skiphours", "skipdays"})
"""Elements beside the entries of a feed that hold elements of their own."""


class XmlEntries:
    """Entries of one XML document: iterate, then look at `root` and `problems`.

    Args:
        data: The document, gzip-compressed or not, or already decoded.
        wanted: Local names of the elements that are handed out, lower case, each when it has come whole.
        max_bytes: Of the document, inflated; what lies beyond is not read.
        charset: What the Content-Type names.

    An element handed out is emptied when the next one is asked for. Well-formed text is read by libxml2; from the entry on in which it
    meets a fault the text is read by `TolerantXml`. A document that defines entities is refused, since no feed needs them and they are how
    XML is made to bite; a DOCTYPE that defines none, as RSS 0.91's, is passed over. Of an entry on which the document breaks off only the
    elements that have ended are told: an open one may hold half an address.
    """

    def __init__(self, data: bytes | str, wanted: frozenset[str], max_bytes: int = MAX_BYTES, charset: str | None = None) -> None:
        self.root: str | None = None
        """Local name of the document element, lower case; `html` for a page; None if there is none."""
        self.problems: list[str] = []
        self.unknown = 0
        """Elements outside the entries that hold elements of their own, and of which no feed or sitemap is known."""
        self.handed: set[str] = set()
        """Names of the entries handed out."""
        self.head: dict[str, str] = {}
        """First text of each simple element that stands outside the entries, by lower-case local name."""
        self.next: list[str] = []
        """The next page of a feed, by `link rel=next` outside the entries: the `xml:base` that apply, and its `href`, as written."""
        self._max = max_bytes
        self.source = self._decoded(data, charset)
        self.text = self.source.text
        self._wanted = wanted
        self._live = self._seen = self._inside = self._whole = 0
        self._full = self._ended = self._nested = False
        self._tolerant: TolerantXml | None = None

    @property
    def cut(self) -> bool:
        """True if the current entry is one on which the document breaks off."""
        return self._tolerant is not None and self._tolerant.cut

    def __iter__(self) -> Iterator[etree._Element]:
        text = self._checked()
        if text is None:
            return
        if _swallows(text, self._wanted):
            self.problems.append("XML: a CDATA section that does not end")
            yield from self._tolerantly(text)
            return
        parser = etree.XMLPullParser(
            events=("start", "end"), recover=False, resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        fault = None
        for at in range(0, len(text), CHUNK_CHARACTERS):
            try:
                parser.feed(text[at : at + CHUNK_CHARACTERS].encode())
            except etree.XMLSyntaxError as error:
                fault = error
            yield from self._entries(parser.read_events())
            if self._full or self._nested or fault is not None:
                break
        else:
            fault = _end_of(parser)
            yield from self._entries(parser.read_events())
        if not self._full and (self._nested or fault is not None):
            self._tell(fault, parser)
            yield from self._tolerantly(text)

    def _tell(self, fault: etree.XMLSyntaxError | None, parser: etree.XMLPullParser) -> None:
        """Tell why the text is no XML."""
        if fault is None:
            self.problems.append("XML: an entry that does not end")
            return
        if fault.code == _NO_MEMORY:
            raise fault
        errors = [e for e in parser.feed_error_log if e.level_name == "FATAL"]
        self.problems.append(f"XML, line {errors[0].line}: {errors[0].message.strip()[:120]}" if errors else f"XML: {fault.msg}"[:200])

    def _tolerantly(self, text: str) -> Iterator[etree._Element]:
        """The entries behind those that were read whole."""
        skipped = _behind(text, self._wanted, self._whole)
        self._live = self._inside = self.unknown = 0
        self._ended = self._nested = False
        self._tolerant = tolerant = TolerantXml(text, self._wanted, skipped)
        yield from self._entries(tolerant)
        if tolerant.full:
            self.problems.append("too many tags: the rest not read")
        elif not self._ended and not self._full:
            self.problems.append(f"{CUT_OFF}<{(self.root or '')[:40]}>")

    def _entries(self, events: Iterable[tuple[str, etree._Element]]) -> Iterator[etree._Element]:
        wanted = self._wanted
        names: dict[str, str] = {}
        for event, element in events:
            # A list has a million elements and a dozen names.
            tag = element.tag
            name = names.get(tag)
            if name is None:
                name = names[tag] = local(element)
                if len(names) > MAX_NAMES:
                    names.clear()
            if event == "start":
                self.root = self.root or name
                if name in wanted:
                    if self._inside and _misplaced(element):
                        self._nested = True
                        return
                    self._inside += 1
                self._live += 1
                self._seen += 1
                if self._live > MAX_LIVE_ELEMENTS or self._seen > MAX_ELEMENTS:
                    self.problems.append("too many elements: the rest not read")
                    self._full = True
                    return
            elif name in wanted:
                self._inside -= 1
                # Within another entry it is none: that entry's text holds it.
                if not self._inside:
                    self._whole += 1
                    self.handed.add(name)
                    yield element
                    self._forget(element)
            elif not self._inside:
                self._outside(name, element)
                self._forget(element)

    def _outside(self, name: str, element: etree._Element) -> None:
        """Take the fields outside the entries."""
        if not len(element) and element.text and len(self.head) < MAX_HEAD_FIELDS:
            self.head.setdefault(name, element.text.strip())
        if name == "link" and not self.next and "next" in attribute(element, "rel").lower().split():
            self.next = [*bases_of(element), attribute(element, "href")]
        inner = element.getparent() is not None
        self._ended = self._ended or (not inner and name == self.root and not self.cut)
        self.unknown += len(element) > 0 and inner and name not in _CONTAINERS

    def _forget(self, element: etree._Element) -> None:
        """Empty an entry that has been read, and drop those before it.

        So that memory does not grow with the file.
        """
        element.clear(keep_tail=False)
        if self._inside:
            return
        self._live = 0
        parent = element.getparent()
        while parent is not None and (before := element.getprevious()) is not None:
            parent.remove(before)

    def _decoded(self, data: bytes | str, charset: str | None) -> ListText:
        if isinstance(data, str):
            if len(data) > self._max:
                self.problems.append(f"over {self._max} characters: the rest not read")
            return ListText(data[: self._max].lstrip("\ufeff"))
        data, problems = list_bytes(data, self._max)
        text, more = list_text(data, charset)
        self.problems += [*problems, *more]
        return text

    def _checked(self) -> str | None:
        """The text from its first element on; None, and a problem, if not parseable."""
        start = self.text[:_START_CHARACTERS]
        if _HTML.match(start):
            self.root = "html"
            self.problems.append("HTML in place of XML")
            return None
        found = _ROOT.search(start) or (_ELEMENT.search(start) if start.lstrip().startswith("<") else None)
        if found is None:
            self.problems.append("no XML" if start.strip() else "empty")
            return None
        # What stands before the first element (declaration, style sheets, a warning of the server's) says nothing we need.
        prolog = start[: found.start()]
        if "<!ENTITY" in prolog.upper():
            self.problems.append("document brings a DTD: refused")
            return None
        if "<!DOCTYPE" in prolog.upper():
            self.problems.append("document names a DTD: passed over")
        text = self.text[found.start() :]
        if long := _LONG_TAG.search(text):
            # A million attributes in one tag take a gigabyte to parse.
            self.problems.append("a tag over 128 KiB: the rest not read")
            text = text[: long.start()]
        return repaired_references(allowed(text))


def _misplaced(element: etree._Element) -> bool:
    """Test for an entry that is the child of one of its kind."""
    parent = element.getparent()
    return parent is not None and parent.tag == element.tag


def _end_of(parser: etree.XMLPullParser) -> etree.XMLSyntaxError | None:
    """The fault with which a document ends; None for a whole one.

    A namespace that is not declared is no such fault.
    """
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        return error if any(e.level_name == "FATAL" for e in parser.feed_error_log) or not parser.feed_error_log else None
    return None


def _swallows(text: str, wanted: frozenset[str]) -> bool:
    """Test for a CDATA section left open that swallows the next entry.

    It ends with the next section: well-formed, and not what was meant.
    """
    end, start = re.compile(rf"</(?:[\w.-]{{1,40}}:)?(?:{'|'.join(sorted(wanted))})\s*>", re.IGNORECASE), text.find(_CDATA)
    while start >= 0:
        close = text.find("]]>", start)
        if close < 0:
            return False
        again = text.find(_CDATA, start + len(_CDATA), close)
        if again >= 0 and end.search(text, start, again):
            return True
        start = text.find(_CDATA, close)
    return False


def _behind(text: str, wanted: frozenset[str], count: int) -> Skipped:
    """The range from the first entry to the end of the last well-formed one."""
    token = re.compile(
        r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
        rf"""|<(/?)(?:[\w.-]{{1,40}}:)?(?:{"|".join(sorted(wanted))})(?=[\s/>])(?:[^<>"']++|"[^"<]*"|'[^'<]*')*+>""",
        re.IGNORECASE | re.DOTALL,
    )
    depth, first = 0, 0
    for found in token.finditer(text) if count else ():
        if found[1] is None:
            continue
        first = first or found.start()
        depth += 0 if found[0].endswith("/>") else -1 if found[1] else 1
        count -= not depth
        if not count:
            return Skipped(first, found.end())
    return Skipped()
