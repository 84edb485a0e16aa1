"""Boxes that stand apart from the text of an article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set
from functools import lru_cache

from lxml import etree

from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.segments import named

BODY_ITSELF = 0.4
"""Boxes of one name that hold more than this share of the prose are the body itself, whatever they are called."""

_TAGS = frozenset(("aside", "nav", "footer", "form", "figure", "figcaption", "button", "label", "address", "caption"))
_ROLES = frozenset(("complementary", "dialog", "navigation"))
_PAGE = frozenset(("html", "body", "main", "article"))
"""Elements whose names tell of the page, not of a box in it."""
_DIALOG = re.compile(r"cookie|consent|onetrust|gdpr|privacy|comment(?!ar)")
_NAMES = re.compile(
    r"comment(?!ar)|cookie|consent|onetrust|gdpr|privacy|(?:^|[\s_-])related|newsletter|recommend|read-?(?:more|also|next)|promo(?!t)|subscri|"
    r"sidebar|footer|(?:^|[\s_-])nav(?:$|[\s_-])|breadcrumb|share|social|teaser|author-?(?:bio|box|info)|caption|credit|byline|gallery|"
    r"lightbox|paywall|disclaimer|(?:^|[\s_-])(?:tags?|bio|ads?|modal|popup|menu)(?:$|[\s_-])|most-?(?:read|viewed|popular)|trending|"
    r"call-?to-?action|line-clamp|inline-?(?:box|promo)|info-?box|fact-?box|fakta"
)


@lru_cache(maxsize=4096)
def _is_called(name: str, dialog: bool) -> bool:
    """Tell whether a name is that of a box apart."""
    return (_DIALOG if dialog else _NAMES).search(name) is not None


def by_kind(around: Set[etree._Element]) -> Within:
    """Test for boxes that are apart by tag or role, and for dialogs and comments.

    Args:
        around: The elements that hold the headline: none of these is such a box by its name.
    """

    def is_apart(element: etree._Element) -> bool:
        if element.tag in _TAGS or element.get("role") in _ROLES:
            return True
        name = named(element)
        return len(name) > 1 and _is_called(name, True) and element not in around and element.tag not in _PAGE

    return Within(is_apart)


def by_name(around: Set[etree._Element], mass: Mapping[etree._Element, int], whole: int) -> Within:
    """Test for boxes that are apart by their names, and do not hold the body.

    Args:
        mass: Letters of prose in each element.
        whole: Letters of all prose.
    """
    called: Counter[str] = Counter()  # a paywall may be the class of each paragraph
    for element, size in mass.items():
        called[named(element)] += size

    def is_apart(element: etree._Element) -> bool:
        name = named(element)
        if len(name) < 2 or element.tag in _PAGE or element in around or called[name] >= BODY_ITSELF * whole:
            return False
        return _is_called(name, False)

    return Within(is_apart)
