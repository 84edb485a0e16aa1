"""XML from strangers, read as a stream of entries: nothing fetched, no entity expanded, broken parts skipped and told."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from html.entities import html5

from lxml import etree

MAX_BYTES = 50 * 1024 * 1024
"""The sitemap protocol's limit for one uncompressed file; what lies beyond is not read."""
MAX_GZIP_MEMBERS = 64
CHUNK_CHARACTERS = 256 * 1024
MAX_LIVE_ELEMENTS = 100_000
MAX_ELEMENTS = 1_000_000
"""Twenty for each of the 50,000 addresses a sitemap may have; bounds the time."""
MAX_AMPERSANDS = 500_000
MAX_HEAD_FIELDS = 64

XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"

_GZIP = b"\x1f\x8b"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Python knows codecs that are no character sets, or slow by design; only these names reach it.
_CHARSETS = re.compile(
    r"(?:utf-?(?:8|16)|us-ascii|iso-?8859-?\d+|latin-?1|windows-?\d+|cp\d+|koi8-?[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc-\w+)$", re.I
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:(#\d{1,8}|#x[0-9a-fA-F]{1,8}|amp|lt|gt|quot|apos);|([A-Za-z][A-Za-z0-9]{1,31};)?)")
_STRAY = re.compile(r"<(?![^\W\d]|[:/!?])")
"""Begins no tag: `a < b`."""
_END = re.compile(r"</(?:[\w.-]{1,20}:)?(\w{1,40})\s*>\s*(?:(?><!--.{0,1000}?-->)\s*){0,3}$", re.DOTALL)
_END_CHARACTERS = 4096
# Comments are atomic: tried in every grouping, thirty of them would take a minute.
_HTML = re.compile(r"\s*(?:(?><!--.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|urlset|sitemapindex|RDF)\b", re.IGNORECASE)
_ELEMENT = re.compile(r"<[A-Za-z_]")
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{131072}")
_START_CHARACTERS = 64 * 1024
_CONTAINERS = frozenset({"channel", "image", "textinput", "author", "contributor", "owner", "category", "skiphours", "skipdays"})
"""Elements beside the entries of a feed that hold elements of their own."""


class XmlEntries:
    """The entries of one XML document: iterate to read them, then look at `root` and `problems`.

    Args:
        data: The document, gzip-compressed or not, or already decoded.
        wanted: Local names of the elements that are handed out, lower case, each when it has come whole.
        max_bytes: Of the document, inflated; what lies beyond is not read.

    An element handed out is emptied when the next one is asked for. A document with a DTD is refused, since no feed
    needs one and entities are how XML is made to bite; RSS 0.91's bare DOCTYPE, which names a DTD and defines nothing,
    is passed over. An entry on which the document breaks off is left out: its address may be half an address.
    """

    def __init__(self, data: bytes | str, wanted: frozenset[str], max_bytes: int = MAX_BYTES) -> None:
        self.root: str | None = None
        """Local name of the document element, lower case; `html` where it is a page; None where there is none."""
        self.problems: list[str] = []
        self.unknown = 0
        """Elements outside the entries that hold elements of their own, and of which no feed or sitemap is known."""
        self.head: dict[str, str] = {}
        """First text of each simple element that stands outside the entries, by lower-case local name."""
        self.next: list[str] = []
        """The next page of a feed, by `link rel=next` outside the entries: the `xml:base` that apply, and its `href`, as written."""
        self._max = max_bytes
        self.text = self._decoded(data)
        self._wanted = wanted
        self._live = self._seen = 0

    def __iter__(self) -> Iterator[etree._Element]:
        text = self._checked()
        if text is None:
            return
        parser = etree.XMLPullParser(
            events=("start", "end"), recover=True, resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        for at in range(0, len(text), CHUNK_CHARACTERS):
            parser.feed(text[at : at + CHUNK_CHARACTERS].encode())
            yield from self._entries(parser)
            if self._live > MAX_LIVE_ELEMENTS or self._seen > MAX_ELEMENTS:
                self.problems.append("too many elements: the rest not read")
                return
        try:
            parser.close()
        except etree.XMLSyntaxError as error:
            self.problems.append(f"XML: {error.msg}"[:200])
        errors = [e for e in parser.feed_error_log if e.level_name != "WARNING"]
        if errors:
            more = f" (and {len(errors) - 1} more)" if errors[1:] else ""
            self.problems.append(f"XML, line {errors[0].line}: {errors[0].message.strip()[:120]}{more}")
            end = _END.search(text, max(0, len(text) - _END_CHARACTERS))
            if end is None or end[1].lower() != self.root:
                self.problems.append(f"XML: cut off before the end of <{(self.root or '')[:40]}>")

    def _entries(self, parser: etree.XMLPullParser) -> Iterator[etree._Element]:
        for event, element in parser.read_events():
            name = local(element)
            if event == "start":
                self.root = self.root or name
                self._live += 1
                self._seen += 1
            elif name in self._wanted:
                yield element
                self._forget(element)
            elif not any(local(parent) in self._wanted for parent in element.iterancestors()):
                if not len(element) and element.text and len(self.head) < MAX_HEAD_FIELDS:
                    self.head.setdefault(name, element.text.strip())
                if name == "link" and not self.next and "next" in attribute(element, "rel").split():
                    self.next = [*bases_of(element), attribute(element, "href")]
                self.unknown += len(element) > 0 and element.getparent() is not None and name not in _CONTAINERS
                self._forget(element)

    def _forget(self, element: etree._Element) -> None:
        """Empty an element that has been read and drop those before it, so that memory does not grow with the file.

        Within an entry that was never closed, what stands before it is that entry's own.
        """
        element.clear(keep_tail=False)
        if any(local(parent) in self._wanted for parent in element.iterancestors()):
            return
        self._live = 0
        parent = element.getparent()
        while parent is not None and (before := element.getprevious()) is not None:
            parent.remove(before)

    def _decoded(self, data: bytes | str) -> str:
        if isinstance(data, str):
            if len(data) > self._max:
                self.problems.append(f"over {self._max} characters: the rest not read")
            return data[: self._max].lstrip("\ufeff")
        if data.startswith(_GZIP):
            data, problem = gunzip(data, self._max)
            self.problems += [problem] if problem else []
        if len(data) > self._max:
            self.problems.append(f"over {self._max} bytes: the rest not read")
            data = data[: self._max]
        for bom, charset in _BOMS:
            if data.startswith(bom):
                return data[len(bom) :].decode(charset, "replace")
        found = _DECLARED.search(data[:1024])
        charset = found[1].decode("ascii") if found else "utf-8"
        if not _CHARSETS.match(charset) or charset.lower().startswith(("utf-16", "utf16")):
            charset = "utf-8"
        try:
            return data.decode(charset, "replace")
        except LookupError:
            return data.decode("utf-8", "replace")

    def _checked(self) -> str | None:
        """The text from its first element on, fit for the parser; None (and a problem) where it is not to be parsed."""
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
        if "[" in prolog.partition("<!DOCTYPE")[2]:
            self.problems.append("document brings a DTD: refused")
            return None
        if "<!DOCTYPE" in prolog:
            self.problems.append("document names a DTD: passed over")
        text = self.text[found.start() :]
        if long := _LONG_TAG.search(text):
            # A million attributes in one tag take a gigabyte to parse.
            self.problems.append("a tag over 128 KiB: the rest not read")
            text = text[: long.start()]
        # Python has decoded the bytes: whatever the declaration said, they are UTF-8 from here on.
        return '<?xml version="1.0" encoding="utf-8"?>' + self._mended(_FORBIDDEN.sub("", text))

    def _mended(self, text: str) -> str:
        """Stray ampersands, stray `<` and HTML entities outside CDATA made right, since they end a strict reading."""
        if text.count("&") > MAX_AMPERSANDS:
            return text
        stray = _STRAY.search(text) is not None
        parts, at = [], 0
        while at < len(text):
            start = text.find("<![CDATA[", at)
            end = text.find("]]>", start) if start >= 0 else -1
            if start < 0 or end < 0:
                break
            parts += [_right(text[at:start], stray=stray), text[start : end + 3]]
            at = end + 3
        parts.append(_right(text[at:], stray=stray))
        return "".join(parts)


def local(element: etree._Element) -> str:
    """The name of an element without its namespace, lower case; empty for what is no element."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str, otherwise: str = "") -> str:
    """The value of an attribute, whose name is lower case and may be written in any."""
    value = element.get(name)
    if value is None:
        value = next((value for key, value in element.items() if key.lower() == name), otherwise)
    return str(value)


def bases_of(element: etree._Element) -> list[str]:
    """The `xml:base` that apply to an element, the outermost first."""
    return [base for one in (element, *element.iterancestors()) if (base := one.get(XML_BASE))][::-1]


def gunzip(data: bytes, limit: int = MAX_BYTES) -> tuple[bytes, str | None]:
    """Inflate a gzip file as far as it goes.

    Returns:
        At most `limit` bytes and one, and a problem where the file is damaged or goes on.
    """
    out = bytearray()
    for _ in range(MAX_GZIP_MEMBERS):
        inflater = zlib.decompressobj(wbits=31)
        try:
            out += inflater.decompress(data, limit + 1 - len(out))
        except zlib.error as error:
            return bytes(out), f"gzip: {error}"
        data = inflater.unused_data
        if len(out) > limit:
            return bytes(out), None
        if not inflater.eof:
            return bytes(out), "gzip: cut off"
        if not data.startswith(_GZIP):
            return bytes(out), "gzip: bytes behind the end" if data.strip(b"\0") else None
    return bytes(out), f"gzip: over {MAX_GZIP_MEMBERS} members"


def _right(text: str, *, stray: bool) -> str:
    return _AMPERSAND.sub(_ampersand, _STRAY.sub("&lt;", text) if stray else text)


def _ampersand(found: re.Match[str]) -> str:
    if found[1]:
        return found[0]
    known = html5.get(found[2]) if found[2] else None
    return known.replace("&", "&amp;").replace("<", "&lt;") if known else "&amp;" + found[0][1:]
