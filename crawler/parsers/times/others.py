"""Boxes of other things on an article's page: comments, teasers, menus, mastheads."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from crawler.parsers.document.ancestors import Within
from crawler.parsers.document.segments import ancestry, named, small
from crawler.parsers.generic.candidates import Candidates

_TAGS = frozenset(("nav", "aside", "footer", "form", "button", "select", "figure", "figcaption"))
_ROLES = frozenset(("complementary", "navigation", "contentinfo", "search", "dialog"))
_OF_DATES = re.compile(r"date|time|byline|meta|publi")
"""Names of boxes that hold the article's date beside something else: `date-and-comments`."""
OTHER_TYPES = frozenset(
    (
        "comment",
        "usercomments",
        "answer",
        "review",
        "person",
        "organization",
        "imageobject",
        "videoobject",
        "audioobject",
        "mediaobject",
        "event",
    )
)
"""Types of microdata that are no article, lower case."""
_REMARKS = frozenset(("comment", "usercomments", "answer", "review"))
"""Those that hold no date of the article; the box of its author may."""
MAX_NOTE = 200
"""Letters of a box that may be the article's date line, though its tag says otherwise."""
MIN_TEASER = 21
"""Letters of a link that may be a headline."""
_PAGE = frozenset(("html", "body", "main"))
_CALLED = re.compile(
    r"comment(?!ar)|disqus|(?:^|[\s_-])(?:related|reply|replies|respond|river|rail|ticker|calendar|weather|masthead|top-?bar|today)(?:$|[\s_-])|"
    r"related-?(?:article|content|post|stor|news|link|item|box)|recommend|teaser|sidebar|most-?(?:read|viewed|popular|commented)|trending|popular-?post|"
    r"(?:latest|recent|more|other|next|prev(?:ious)?)[_-]?(?:news|stories|story|articles?|posts?|headlines)|read-?(?:more|also|next)|promo(?!t)|"
    r"newsletter|site-?head|page-?head(?!er)|current-?(?:date|time)|(?:date|time)-?(?:today|now)|live-?ticker|swiper|carousel|slider"
)

_TODAY = re.compile(r"(?:^|[\s_-])today(?:$|[\s_-])|current-?(?:date|time)|(?:date|time)-?(?:today|now)")
MAX_INLINE = 8
"""Elements within a line that are looked at."""


def tells_today(line: etree._Element) -> bool:
    """Test for a line in which an element is called the day of today."""
    return any(_TODAY.search(named(one)) for one in islice(line.iter("span", "b", "strong", "i", "em", "font", "small"), MAX_INLINE))


class Others:
    """Test for elements in a box of another thing than the article."""

    def __init__(self, page: Candidates, at: int) -> None:
        self.around = frozenset(ancestry(page.segments[at].element)) if at >= 0 else frozenset()
        """The elements that hold the headline: none of them is another thing's."""
        self.own_articles = any(one.tag == "article" for one in self.around)
        self._within = Within(lambda element: self._is_other(element, is_line=False))
        self._around_line = Within(lambda element: self._is_other(element, is_line=True))
        self._of_entry = page.of_entry

    def __call__(self, element: etree._Element) -> bool:
        """Test for an element that is such a box or lies in one."""
        return self._within(element) or self._of_entry(element)

    def of_line(self, element: etree._Element) -> bool:
        """Test for a line in such a box; that of a date line is none."""
        return self._around_line(element) or self._of_entry(element)

    def _is_other(self, element: etree._Element, *, is_line: bool) -> bool:
        if element in self.around or element.tag in _PAGE:
            return False
        if element.tag in _TAGS or element.get("role") in _ROLES:
            return not (is_line and _is_note(element))
        if (element.get("itemtype") or "").lower().rsplit("/", 1)[-1] in _REMARKS:
            return True
        if element.tag == "article" and (self.own_articles or _is_in_list(element)):
            return True
        name = named(element)
        return len(name) > 1 and _CALLED.search(name) is not None and not (is_line and _OF_DATES.search(name))


def _is_note(element: etree._Element) -> bool:
    """Test for a box of few words that leads nowhere: a date line."""
    return small(element, MAX_NOTE) is not None and all(len(link.text_content().strip()) < MIN_TEASER for link in element.iter("a"))


def _is_in_list(element: etree._Element) -> bool:
    """Tell whether an `article` stands among others like it."""
    parent = element.getparent()
    return parent is not None and sum(1 for one in parent.iterchildren("article")) > 2
