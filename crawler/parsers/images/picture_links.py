"""Tell the target of a click on a picture: the picture, another page, another site."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from attrs import frozen
from lxml import etree

from crawler.parsers.captions.caption_boxes import STILL
from crawler.parsers.document.blocks import HEADINGS
from crawler.parsers.document.segments import Segment, named
from crawler.parsers.picture_urls.same_file import PICTURE_FILE, names_picture, same_file
from crawler.urls import host_of

_ENLARGES = re.compile(r"lightbox|zoom|enlarge|fancybox|fullscreen|gallery|swipe|magnific|colorbox|highslide|thickbox|photoswipe")
_PICTURE_PAGE = re.compile(
    r"\.(?:jpe?g|png|webp|gif|avif)\b|/[\w-]*(?:image|photo|foto|picture|galler|galer|bild|attachment|diaporama|slideshow|media)[\w-]*/|"
    r"/(?:img|image|photo|picture|foto)[\w-]*\.(?:s?html?|php|aspx?)$",
    re.IGNORECASE,
)
_NO_ADDRESS = ("#", "javascript:", "mailto:", "data:")


@frozen(kw_only=True)
class PageAddress:
    """The address of a page, for telling its links from those to other pages."""

    url: str
    resolve: Callable[[str], str | None]

    def elsewhere(self, href: str | None) -> str | None:
        """Target of a link; None if it is a picture or the page itself."""
        if not href or href.strip().lower().startswith(_NO_ADDRESS):
            return None
        url = self.resolve(href)
        if not url or _PICTURE_PAGE.search(urlsplit(url).path):
            return None
        here, there = _path(self.url), _path(url)
        return None if self._own(url) and (there == here or (len(here) > 1 and there.startswith(here + "/"))) else url

    def opens_another_page(self, segment: Segment) -> bool:
        """Tell whether a click on a picture opens another page of the site."""
        url = self._other_page(segment)
        if url is None:
            return self._promises_more(segment)
        link = _link_around(segment)
        if link is not None:
            if _is_around_picture_alone(segment, link) or _enlarges(link):
                return False
            if next(link.iter(*HEADINGS[1:]), None) is not None:
                return True
        # A picture that leads to a shop or to a source is no teaser: its caption will tell.
        return self._own(url)

    def opens_another_site(self, segment: Segment) -> bool:
        """Tell whether a click on a picture opens another site."""
        return self._other_page(segment) is not None and not self.opens_another_page(segment)

    def picture(self, segment: Segment) -> str | None:
        """The same picture, where a click on it leads; None if it leads elsewhere."""
        url = self.resolve(segment.href) if segment.href and not segment.href.lower().startswith(_NO_ADDRESS) else None
        if not url or not PICTURE_FILE.search(urlsplit(url).path):
            return None
        return url if same_file(url) == same_file(segment.picture or "") else None

    def _promises_more(self, segment: Segment) -> bool:
        """Tell whether a picture's link has words of its own: `12 pictures of the ice`."""
        link = _link_around(segment)
        if link is None or not segment.href or PICTURE_FILE.search(segment.href.split("?")[0]):
            return False
        there = self.resolve(segment.href)
        if not there or _path(there) == _path(self.url) or next(link.iter("figcaption"), None) is not None:
            return False
        inside = [e for e in link.iter("span", "p", "div", "em", "small") if (e.text or "").strip()]
        return len("".join(link.itertext()).split()) > 2 and not any(STILL.search(named(e)) or "caption" in named(e) for e in inside)

    def _own(self, url: str) -> bool:
        """Tell whether an address is on the page's host."""
        return host_of(url) in (host_of(self.url), "")

    def _other_page(self, segment: Segment) -> str | None:
        """Target of a click on the picture; None if it is the same picture."""
        url = self.elsewhere(segment.href)
        same = url and (names_picture(url) or self._own(url)) and same_file(url) == same_file(segment.picture or "")
        return None if same else url


def _path(url: str) -> str:
    """The path of an address without a stroke at its end."""
    return urlsplit(url).path.rstrip("/")


def _link_around(segment: Segment) -> etree._Element | None:
    """The link around a picture, or None."""
    return next((a for a in segment.element.iterancestors("a")), None)


def _is_around_picture_alone(segment: Segment, link: etree._Element) -> bool:
    """Tell whether a link leads from a figure's picture alone to a larger one."""
    figure = segment.inside("figure")
    if figure is None or figure not in link.iterancestors() or "".join(link.itertext()).strip():
        return False
    caption = next(figure.iter("figcaption"), None)
    return caption is not None and not any(a.get("href") == link.get("href") for a in caption.iter("a"))


def _enlarges(link: etree._Element) -> bool:
    """Tell whether a link is named as a light box, or has its data attribute."""
    if _ENLARGES.search(f"{named(link)} {link.get('rel') or ''}"):
        return True
    return any(name.startswith("data-") and _ENLARGES.search(name) for name in map(str, link.attrib))
