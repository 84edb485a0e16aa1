"""Mend the source of a page where libxml2 loses what stands behind an element: templates, and what is left open in `noscript` and `svg`."""

from __future__ import annotations

import re
from collections import Counter

from attrs import frozen

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
    """The source of a page as libxml2 reads it best; the very same text where nothing is to be mended."""

    text: str
    problems: tuple[str, ...] = ()
    graphics: bool = False
    """Whether a `svg` or `math` may hold elements that end it."""
    images: bool = False
    """Whether there is an `image`, which browsers take for `img`."""


def mended(text: str) -> Markup:
    """Look for what libxml2 reads otherwise than browsers, and change the source where that mends it."""
    rewrite = graphics = images = False
    ends = True
    titles: list[int] = []
    last = end = 0
    for found in _MARKS.finditer(text):
        name, at = found[1].lower(), found.end()
        if name in ("template", "noscript"):
            if name == "noscript" and not rewrite and ends:
                stop = _END["noscript"].search(text, at)
                ends = stop is not None
                rewrite = stop is not None and _is_left_open(text[at : stop.start()])
            rewrite = rewrite or name == "template"
            last = at
        elif name == "image":
            images = True
        elif at < end:
            graphics = True  # nested: which end is whose is left to the tree
        else:
            end = text.find(f"</{found[1]}", at)
            end = end if end >= 0 else len(text)
            graphics = graphics or _NO_GRAPHICS.search(text, at, end) is not None
            titles += [title.end() for title in [_OPEN_TITLE.search(text, at, end + len("</svg"))] if title]
    for place in reversed(titles):
        text = f"{text[:place]}</title>{text[place:]}"
    text, problems = _rewritten(text, last + len("</title>") * len(titles)) if rewrite else (text, ())
    return Markup(text, problems, graphics, images)


def _is_left_open(inside: str) -> bool:
    """Whether something in a `noscript`, given from behind its name, is not closed."""
    inside = inside.partition(">")[2]
    return "<" in inside and _closed(inside) != inside


def _rewritten(text: str, last: int) -> tuple[str, tuple[str, ...]]:
    """Leave out each `template` and what it holds, which is no part of the page; close what is open in a `noscript`.

    What a shadow tree's `template` holds is shown: it is kept, in an element of its own.

    Args:
        last: From where on nothing begins that is to be changed.
    """
    pieces: list[str] = []
    at = kept = inert = shadows = 0
    while found := _TAG.match(text, _ordinary(text, at)):
        start, at, name = found.start(), found.end(), found[1].lower()
        into = "" if inert else text[kept:start]
        if name == "plaintext" or (start > last and not inert and not shadows):
            break
        if name in _END:
            if _is_empty(found[2]):
                continue
            end = _END[name].search(text, at)
            inside, at = (text[at : end.start()], end.start()) if end else (text[at:], len(text))
            if name != "noscript" or inert:
                continue
            pieces += [into, found[0], _closed(inside) if end else inside]
        elif name == "template" and (inert or not _SHADOW_MODE.search(found[2])):
            pieces.append(into)
            inert += 1
        elif name == "template":
            pieces += [into, f"<{SHADOW}{found[2]}"]
            shadows += 1
        elif inert:
            inert -= 1
        elif shadows:
            pieces += [into, f"</{SHADOW}>"]
            shadows -= 1
        else:
            continue
        kept = at
    return "".join(pieces) + ("" if inert else text[kept:]), (UNCLOSED,) if inert else ()


def _ordinary(text: str, at: int) -> int:
    found = _ORDINARY.match(text, at)
    return found.end() if found else at


def _is_empty(tag: str) -> bool:
    """Whether a tag says that its element is empty, which libxml2 believes and browsers within a `svg`."""
    return tag.endswith("/>") and not _VALUE_AT_END.search(tag)


def _closed(inside: str) -> str:
    """What a `noscript` holds, with every element in it closed, and without end tags of what is open around it."""
    pieces: list[str] = []
    open_: list[str] = []
    count: Counter[str] = Counter()
    at = 0
    while found := _INSIDE.search(inside, at):
        pieces.append(inside[at : found.start()])
        tag, name, at = found[0], (found[1] or "").lower(), found.end()
        if not name:
            # A comment; one that does not end, or a tag that does not, is left out.
            kept = tag.endswith(("-->", "--!>")) if tag.startswith("<!--") else tag[1] in "!?" and tag.endswith(">")
            pieces.append(tag if kept else "")
        elif tag[1] != "/":
            pieces.append(tag)
            if name in _NOT_LEFT_OPEN or _is_empty(tag):
                continue
            open_.append(name)
            count[name] += 1
            if name in _END:
                end = _END[name].search(inside, at)
                pieces.append(inside[at : end.start()] if end else "")
                at = end.start() if end else len(inside)
        elif count[name]:
            pieces.append(tag)
            while (last := open_.pop()) != name:
                count[last] -= 1
            count[name] -= 1
        elif name in _NOT_LEFT_OPEN and name != "p":
            pieces.append(tag)
    return "".join(pieces) + inside[at:] + "".join(f"</{name}>" for name in reversed(open_))
