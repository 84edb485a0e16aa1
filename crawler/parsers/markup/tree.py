"""Corrections of libxml2's tree towards the tree that browsers build."""

from __future__ import annotations

import re

from lxml import etree

from crawler.parsers.markup.archive_bars import without_archive_bars
from crawler.parsers.markup.html_repair import NO_GRAPHICS, Markup
from crawler.parsers.markup.streamed import join_streamed
from crawler.parsers.patterns import later

BEHIND_THE_END = "content behind </html>"
"""The problem of a page that goes on behind its end tag, or is a second document behind another; what stands there is read."""
OLDEST = (2, 14)
"""The first libxml2 that takes HTML apart as the standard does."""
_OF_HEAD = frozenset(
    ("base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "object", "script", "style", "template", "title")
)
"""What may stand in a head; any other element opens the body."""
# What lxml hands out of an HTML page and does not take back.
_NO_XML = later("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[a-zA-Z_][\w.-]*", re.ASCII)
"""Names of attributes that lxml takes."""
_HTML_AGAIN = frozenset(("foreignobject", "foreignObject", "desc", "title", "annotation-xml", "mi", "mo", "mn", "ms", "mtext"))
"""Elements of `svg` and `math` in which HTML may stand."""


def outdated(version: tuple[int, ...] = etree.LIBXML_VERSION) -> str:
    """A warning if libxml2 is too old to read pages well, else empty."""
    if version >= OLDEST:
        return ""
    return (
        f"libxml2 {'.'.join(map(str, version))} is older than 2.14: pages with odd markup lose words and links, and nothing else tells of "
        "it. `pip install --force-reinstall --only-binary lxml 'lxml>=6.1.3'` brings one that is new enough"
    )


def as_browsers(root: etree._Element, source: Markup) -> list[str]:
    """Change a tree where browsers' differs in what can be seen or followed.

    Returns:
        The problems met.
    """
    _free_body(root)
    _close_body(root)
    joined = root.getnext() is not None and _joined(root)
    for graphics in list(root.iter("svg", "math")) if source.graphics else ():
        _break_out(graphics)
    for picture in list(root.iter("image")) if source.images else ():
        if not any(box.tag == "svg" for box in picture.iterancestors()):
            picture.tag = "img"
    without_archive_bars(root)
    join_streamed(root)
    return [BEHIND_THE_END] if joined else []


def _free_body(root: etree._Element) -> None:
    """Move elements of the body out of the head.

    libxml2 knows no HTML 5, and minifiers leave out `</head><body>`.
    """
    for head in reversed(root.findall("head")):
        stray = next((child for child in head if isinstance(child.tag, str) and child.tag not in _OF_HEAD), None)
        if stray is None:
            continue
        moved = [stray, *stray.itersiblings()]
        body = next(head.itersiblings("body"), None)
        if body is None:
            body = root.find("body")
            (etree.SubElement(root, "body") if body is None else body).extend(moved)
            continue
        text, body.text = body.text, None
        body[:0] = moved
        if text:
            moved[-1].tail = _clean(moved[-1].tail) + _clean(text)


def _joined(root: etree._Element) -> bool:
    """Move the content behind `</html>` into the document, as browsers do.

    libxml2 makes it a second root.

    Returns:
        Whether anything of it can be seen or followed.
    """
    others = [sibling for sibling in root.itersiblings() if isinstance(sibling.tag, str)]
    head, body = root.find("head"), root.find("body")
    if not others or root.find("frameset") is not None:
        return False
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    if body is None:
        body = etree.SubElement(root, "body")
    seen = False
    for other in others:
        _name(root, other)
        seen = seen or any(map(_shows, other.iter()))
        if other.tag != "html":
            body.append(other)
            continue
        _append(body, other.text)
        _take(list(other), head, body)
        parent = other.getparent()
        if parent is not None:
            parent.remove(other)
    return seen


def _close_body(root: etree._Element) -> None:
    """Move the content behind `</body>` into the body, as browsers do."""
    body = root.find("body")
    if body is None or (body.getnext() is None and not body.tail) or root.find("frameset") is not None:
        return
    head = next(body.itersiblings("head", preceding=True), body)
    text, body.tail = body.tail, None
    behind = list(body.itersiblings())
    _append(body, text)
    _take(behind, head, body)


def _take(children: list[etree._Element], head: etree._Element, body: etree._Element) -> None:
    """Put children of another `html` into head and body."""
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag in ("head", "body"):
            into = head if child.tag == "head" else body
            _name(into, child)
            _append(into, child.text)
            into.extend(list(child))
            parent = child.getparent()
            if parent is not None:
                parent.remove(child)
        else:
            body.append(child)
        _append(body, tail)


def _shows(element: etree._Element) -> bool:
    """Test for an element that can be seen or followed, without its children."""
    own = isinstance(element.tag, str) and element.tag not in _OF_HEAD and bool((element.text or "").strip())
    return own or element.tag in ("a", "img", "frame", "iframe") or bool((element.tail or "").strip())


def _name(element: etree._Element, other: etree._Element) -> None:
    """Give an element those attributes of another that it lacks."""
    for name, value in other.attrib.items():
        if _NAME.fullmatch(name) and element.get(name) is None:
            element.set(name, _clean(value))


def _break_out(graphics: etree._Element) -> None:
    """Move elements that cannot stand in an `svg` or `math` behind it."""
    first = next((one for one in graphics.iter(*NO_GRAPHICS) if not _holds_html(one, graphics)), None)
    if first is None:
        return
    moved: list[etree._Element | str] = [first, *first.itersiblings()]
    for above in first.iterancestors():
        if above is graphics:
            break
        moved += [above.tail or "", *above.itersiblings()]
        above.tail = None
    place, rest = graphics, graphics.tail
    graphics.tail = None
    for one in (*moved, rest or ""):
        if isinstance(one, str):
            place.tail = _clean(place.tail) + _clean(one) or None
        else:
            place.addnext(one)
            place = one


def _holds_html(element: etree._Element, graphics: etree._Element) -> bool:
    for box in element.iterancestors():
        if box is graphics:
            return False
        if box.tag in _HTML_AGAIN:
            return True
    return False


def _clean(text: str | None) -> str:
    """Text as lxml takes it back."""
    return _NO_XML.sub("", text or "")


def _append(element: etree._Element, text: str | None) -> None:
    """Put text behind all that an element holds."""
    if not text:
        return
    if len(element):
        element[-1].tail = _clean(element[-1].tail) + _clean(text)
    else:
        element.text = _clean(element.text) + _clean(text)
