"""Repair of HTML source that libxml2 reads differently from browsers.

It loses what stands behind a `template`, and behind what is left open in `noscript` and `svg`.
"""

from __future__ import annotations

import re
from collections import Counter

from attrs import define, field, frozen

SHADOW = "shadow-root"
"""The element that a shadow tree's `template` becomes: what it holds is shown."""
UNCLOSED = "template without an end"
"""The problem of a page that ends within a `template`: what stands there is no part of it."""
NO_GRAPHICS = (
    "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed", "h1", "h2", "h3", "h4", "h5", "h6",
    "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p", "pre", "ruby", "s", "small", "span", "strong", "strike",
    "sub", "sup", "table", "tt", "u", "ul", "var",
)  # fmt: skip
"""Elements of HTML that end an `svg` or `math` around them."""

_ATTRIBUTES = r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+)?+)*+>"""
_RAW = "script|style|textarea|title|xmp|iframe|noembed|noframes|noscript"
"""Elements that hold text alone, for browsers with scripts."""
_COMMENT = r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*+(?:>|\Z)"
_MARKS = re.compile(r"<([tTsSmMnNiI](?i:emplate|vg|ath|mage|oscript))(?=[\s/>])")
"""A first letter in both cases, since a search in any case is slow."""
_ORDINARY = re.compile(
    rf"(?:[^<]++|{_COMMENT}|<(?!(?:/?template|plaintext|{_RAW})[\s/>])/?+[a-z][^\s/>]*+{_ATTRIBUTES}|<(?![a-z/!?])|</(?![a-z])[^>]*+>?)*+",
    re.IGNORECASE | re.DOTALL,
)
"""All that stands before the next tag of a `template`, or of an element that holds text alone."""
_TAG = re.compile(rf"<(/?[a-z][^\s/>]*+)({_ATTRIBUTES})", re.IGNORECASE)
_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW.split("|")}
_SHADOW_MODE = re.compile(r"""\sshadowrootmode\s*=\s*["']?(?:open|closed)["'\s/>]""", re.IGNORECASE)
_INSIDE = re.compile(
    rf"""{_COMMENT}|</?+([a-z][^\s/>]*+)(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]*+))*+>"""
    r"|</?[a-z].*\Z", re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_VALUE_AT_END = re.compile(r"""=\s*[^\s"'>][^\s>]*/>\Z""")
_OPEN_TITLE = re.compile(r"(<title(?=[\s>])[^>]*+(?<!/)>[^<]*+)(?=<(?!/title))", re.IGNORECASE)
_NO_GRAPHICS = re.compile(rf"<(?:{'|'.join(NO_GRAPHICS)})[\s/>]", re.IGNORECASE)
_NOT_LEFT_OPEN = frozenset(
    ("area", "base", "basefont", "bgsound", "br", "col", "colgroup", "dd", "dt", "embed", "frame", "hr", "img", "input", "keygen", "li",
     "link", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr")
)  # fmt: skip
"""Elements without an end tag, and those that end with what they stand in."""


@frozen
class Markup:
    """Source of a page for libxml2; the same object if nothing is changed."""

    text: str
    problems: tuple[str, ...] = ()
    graphics: bool = False
    """Whether a `svg` or `math` may hold elements that end it."""
    images: bool = False
    """Whether there is an `image`, which browsers take for `img`."""


def repaired(text: str) -> Markup:
    """Change the source where libxml2 would read it differently from browsers."""
    survey = _Survey(text)
    for found in _MARKS.finditer(text):
        survey.note(found)
    for place in reversed(survey.titles):
        text = f"{text[:place]}</title>{text[place:]}"
    problems: tuple[str, ...] = ()
    if survey.rewrite:
        text, problems = _Rewriter(text).run(survey.last + len("</title>") * len(survey.titles))
    return Markup(text, problems, survey.graphics, survey.images)


@define
class _Survey:
    """Elements in a source that libxml2 reads differently."""

    text: str
    rewrite: bool = False
    """Whether there is a `template`, or something left open in a `noscript`."""
    last: int = 0
    """Place behind which no element begins that is to be rewritten."""
    graphics: bool = False
    images: bool = False
    titles: list[int] = field(factory=list)
    """Places of missing end tags of titles in an `svg`."""
    _ends: bool = True
    """Whether another `noscript` has an end."""
    _graphic_end: int = 0

    def note(self, found: re.Match[str]) -> None:
        """Take one element that may be read differently."""
        name, at = found[1].lower(), found.end()
        if name == "image":
            self.images = True
        elif name == "template":
            self.rewrite, self.last = True, at
        elif name == "noscript":
            self._noscript(at)
        else:
            self._graphic(found[1], at)

    def _noscript(self, at: int) -> None:
        if not self.rewrite and self._ends:
            stop = _END["noscript"].search(self.text, at)
            self._ends = stop is not None
            self.rewrite = stop is not None and _is_left_open(self.text[at : stop.start()])
        self.last = at

    def _graphic(self, name: str, at: int) -> None:
        if at < self._graphic_end:
            self.graphics = True  # nested: which end is whose is left to the tree
            return
        end = self.text.find(f"</{name}", at)
        end = self._graphic_end = end if end >= 0 else len(self.text)
        self.graphics = self.graphics or _NO_GRAPHICS.search(self.text, at, end) is not None
        if title := _OPEN_TITLE.search(self.text, at, end + len("</svg")):
            self.titles.append(title.end())


def _is_left_open(inside: str) -> bool:
    """Test for an element that is not closed in a `noscript`.

    Given from behind its name.
    """
    inside = inside.partition(">")[2]
    return "<" in inside and _closed(inside) != inside


@define
class _Rewriter:
    """One pass that drops each `template` and closes elements open in a `noscript`.

    The content of a shadow tree's `template` is shown: it is kept, in an element of its own.
    """

    text: str
    pieces: list[str] = field(factory=list)
    at: int = 0
    """Place up to which the source is read."""
    kept: int = 0
    """Place up to which the source is copied or dropped."""
    inert: int = 0
    """Open `template` elements that are dropped."""
    shadows: int = 0
    """Open `template` elements of shadow trees."""

    def run(self, last: int) -> tuple[str, tuple[str, ...]]:
        """Rewrite the source; returns the problems met, too.

        Args:
            last: Place behind which no element begins that is to be rewritten.
        """
        while found := _TAG.match(self.text, _ordinary(self.text, self.at)):
            name = found[1].lower()
            if name == "plaintext" or (found.start() > last and not self.inert and not self.shadows):
                break
            self.at = found.end()
            if name in _END:
                changed = self.raw(found, name)
            elif name == "template":
                changed = self.opened(found)
            else:
                changed = self.closed(found)
            if changed:
                self.kept = self.at
        rest = "" if self.inert else self.text[self.kept :]
        return "".join(self.pieces) + rest, (UNCLOSED,) if self.inert else ()

    def before(self, found: re.Match[str]) -> str:
        """The source before a tag that is not copied yet."""
        return "" if self.inert else self.text[self.kept : found.start()]

    def raw(self, found: re.Match[str], name: str) -> bool:
        """Pass over an element that holds text alone; close what is open in a `noscript`."""
        if _is_empty(found[2]):
            return False
        end = _END[name].search(self.text, self.at)
        inside = self.text[self.at : end.start()] if end else self.text[self.at :]
        self.at = end.start() if end else len(self.text)
        if name != "noscript" or self.inert:
            return False
        self.pieces += [self.before(found), found[0], _closed(inside) if end else inside]
        return True

    def opened(self, found: re.Match[str]) -> bool:
        """Begin a `template`: dropped, or an element of its own for a shadow tree."""
        if self.inert or not _SHADOW_MODE.search(found[2]):
            self.pieces.append(self.before(found))
            self.inert += 1
        else:
            self.pieces += [self.before(found), f"<{SHADOW}{found[2]}"]
            self.shadows += 1
        return True

    def closed(self, found: re.Match[str]) -> bool:
        """End the innermost `template`."""
        if self.inert:
            self.inert -= 1
        elif self.shadows:
            self.pieces += [self.before(found), f"</{SHADOW}>"]
            self.shadows -= 1
        else:
            return False
        return True


def _ordinary(text: str, at: int) -> int:
    found = _ORDINARY.match(text, at)
    return found.end() if found else at


def _is_empty(tag: str) -> bool:
    """Test for a tag that ends with `/>`.

    libxml2 takes its element for empty, and so do browsers within a `svg`.
    """
    return tag.endswith("/>") and not _VALUE_AT_END.search(tag)


def _closed(inside: str) -> str:
    """Close every element in a `noscript`, and drop end tags of elements around it."""
    closer = _Closer(inside)
    while found := _INSIDE.search(inside, closer.at):
        closer.pieces.append(inside[closer.at : found.start()])
        closer.at = found.end()
        closer.take(found[0], (found[1] or "").lower())
    return "".join(closer.pieces) + inside[closer.at :] + "".join(f"</{name}>" for name in reversed(closer.open))


@define
class _Closer:
    """Elements open in a `noscript`, and its source with balanced tags."""

    inside: str
    at: int = 0
    """Place up to which the source is read."""
    pieces: list[str] = field(factory=list)
    open: list[str] = field(factory=list)
    count: Counter[str] = field(factory=Counter)
    """How often each name is among the open elements."""

    def take(self, tag: str, name: str) -> None:
        """Keep or drop one tag or comment."""
        if not name:
            self._comment(tag)
        elif tag[1] != "/":
            self._start(tag, name)
        elif self.count[name]:
            self.pieces.append(tag)
            while (last := self.open.pop()) != name:
                self.count[last] -= 1
            self.count[name] -= 1
        elif name in _NOT_LEFT_OPEN and name != "p":
            self.pieces.append(tag)

    def _comment(self, tag: str) -> None:
        """Keep a comment; one without an end, or a tag without one, is dropped."""
        kept = tag.endswith(("-->", "--!>")) if tag.startswith("<!--") else tag[1] in "!?" and tag.endswith(">")
        self.pieces.append(tag if kept else "")

    def _start(self, tag: str, name: str) -> None:
        self.pieces.append(tag)
        if name in _NOT_LEFT_OPEN or _is_empty(tag):
            return
        self.open.append(name)
        self.count[name] += 1
        if name in _END:
            end = _END[name].search(self.inside, self.at)
            self.pieces.append(self.inside[self.at : end.start()] if end else "")
            self.at = end.start() if end else len(self.inside)
