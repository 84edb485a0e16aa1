"""Authors that microdata or a relation names."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from crawler.parsers.document.display import line_of
from crawler.parsers.document.elements import marked, tagged
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import ancestry
from crawler.parsers.linked_data.own_part import OwnPart

LOOKED_AT = 6
"""Elements looked at."""
MAX_MARKED = 400
"""Elements among which the article's own are looked for."""

_microdata = etree.XPath(
    "//*[@itemprop='author']//*[@itemprop='name'] | //*[@itemprop='author'][not(.//*[@itemprop='name'])] |"
    " //a[contains(concat(' ', @rel, ' '), ' author ')]"
)


def marked_authors(page: Page, own: OwnPart | None = None) -> list[str]:
    """The texts of the first `itemprop=author` or `rel=author` and of its neighbours.

    Args:
        own: Where the page's own article is; names elsewhere are of other things.
    """
    found = _in_order(page)[:MAX_MARKED]
    if own is not None and found:
        found = _own(own, found)
    return [*map(_name, _together(found[:LOOKED_AT]))]


def _own(own: OwnPart, found: Sequence[etree._Element]) -> Sequence[etree._Element]:
    """The elements in or near the article; a lone name may stand further off."""
    found = [node for node in found if not own.is_of_other(node)]
    near = [node for node in found if own.is_near(node)]
    return near or (found if len({name for node in found if (name := _name(node))}) == 1 else [])


def _name(node: etree._Element) -> str:
    return line_of(node) or node.get("content") or ""


def _in_order(page: Page) -> Sequence[etree._Element]:
    """The elements that microdata or a relation calls authors, in the order of the page."""
    boxes = marked(page, "author")
    names = [name for name in marked(page, "name") if any(box in boxes for box in name.iterancestors())] if boxes else []
    bare = [box for box in boxes if not any(box in name.iterancestors() for name in names)]
    some = [found for found in (names, bare, _profiles(page)) if found]
    # Only several kinds have to be put in order, which costs a search of the whole page.
    return _microdata(page.root) if len(some) > 1 else some[0] if some else ()


def _profiles(page: Page) -> list[etree._Element]:
    return [link for link in tagged(page, "a") if "author" in (rel := link.get("rel") or "") and "author" in rel.split(" ")]


def _together(nodes: Sequence[etree._Element]) -> list[etree._Element]:
    """The first of some elements and its neighbours: later ones are of other articles."""
    if not nodes:
        return []
    near = {*ancestry(nodes[0])}
    return [n for n in nodes if near & {*[*ancestry(n)][1:3]}][:4]
