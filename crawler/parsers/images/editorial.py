"""Frame: what on a page holds the article, and which pictures below it are the article's own: no portraits, teasers, players, ads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from urllib.parse import unquote, urlsplit

from attrs import define, field, frozen
from lxml import etree

from crawler.parsers.document.image_urls import same_file
from crawler.parsers.document.segments import Piece, ancestry, named
from crawler.urls import host_of

HELD = 0.2
"""An element with this share of the body in it is part of the article's frame."""
WHOLE = 0.8
"""With this share of the body, an element holds the body."""
MAX_PORTRAIT = 200
MAX_DEPTH = 7
"""How far up boxes are judged where the body is not known."""

_NOISE_ADDRESS = re.compile(
    r"(?<![a-z])logo|sprite|pixel|avatar|gravatar|(?<![a-z])icons?(?![a-z])|blank\.|spacer|placeholder|tracking|/ads?/|\.svg\b|1x1(?!/)|"
    r"badge|(?<![a-z])(?:btn|bttn|button)s?[-_]|\dpx\.|facebook\.com/tr|doubleclick|emoji|favicon|(?<![a-z])qr[-_]?(?:code|img)",
    re.IGNORECASE,
)
_NOISE_CLASS = re.compile(
    r"author|avatar|byline|teaser|related|recommend|promo(?!t)|sidebar|newsletter|social|share(?!able)|logo|(?:^|"
    r"[\s_-])ads?(?:$|[\s_-])|advert|sponsor|footer|comment|(?:^|[\s_-])nav|menu|most-?read|trending|"
    r"outbrain|taboola"
    r"|more-?(?:stories|news|from)|read-?(?:more|also|next)|see-?also|latest|popular|profile|bio\b|"
    r"thumb-?list|embed-?(?:card|teaser)|article-?list|card-?list|(?:^|[\s_-])rail|sign-?up|subscri|paywall|app-?store"
)
_NOISE_HOST = re.compile(
    r"(?:^|\.)(?:ads?|adserver|pubs?|banners?|pixel|track(?:er|ing)?|stats?|count(?:er)?)\d*\.|adserver|doubleclick", re.IGNORECASE
)
_PLAYER = re.compile(r"(?<![a-z])(?:video|player|audio|podcast)")
_STILL = re.compile(r"image|photo|picture|figure|foto|bild")
_ENLARGES = re.compile(r"lightbox|zoom|enlarge|fancybox|fullscreen|gallery|swipe|magnific|colorbox|highslide|thickbox|photoswipe")
_PICTURE_PAGE = re.compile(
    r"\.(?:jpe?g|png|webp|gif|avif)\b|/[\w-]*(?:image|photo|foto|picture|galler|galer|bild|attachment|diaporama|slideshow|media)[\w-]*/|"
    r"/(?:img|image|photo|picture|foto)[\w-]*\.(?:s?html?|php|aspx?)$",
    re.IGNORECASE,
)
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_FRAME_OF_SITE = ("footer", "nav", "form")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
_TINY = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*[01]px", re.IGNORECASE)


@frozen(kw_only=True)
class Boxes:
    """What stands around one picture below the article's frame, inside out."""

    elements: tuple[etree._Element, ...]

    def inside(self, *tags: str) -> bool:
        """Whether one of the boxes has one of these tags."""
        return any(element.tag in tags for element in self.elements)

    def named(self, pattern: re.Pattern[str]) -> bool:
        """Whether a box's class or id says so; a figure's own name describes the figure."""
        return any(element.tag != "figure" and pattern.search(named(element)) for element in self.elements)


@define
class Frame:
    """The elements that hold the headline or a good part of the body, and the paragraphs' places."""

    url: str
    resolve: Callable[[str], str | None]
    pieces: Sequence[Piece]
    at: int
    places: Sequence[int]
    shared: frozenset[str] = frozenset()
    """Files of the pictures the head of the page names for it."""
    elements: set[etree._Element] = field(factory=set)
    paragraphs: set[etree._Element] = field(factory=set)
    body: etree._Element | None = None
    """The innermost element that holds nearly all of the body."""
    cards: dict[etree._Element, bool] = field(factory=dict)
    home: etree._Element | None = None
    """The innermost element that holds both the headline and a good part of the body."""

    def __attrs_post_init__(self) -> None:
        mass: dict[etree._Element, int] = {}
        for n in self.places:
            for element in ancestry(self.pieces[n].element):
                mass[element] = mass.get(element, 0) + len(self.pieces[n].text)
        total = sum(len(self.pieces[n].text) for n in self.places)
        self.elements = {element for element, size in mass.items() if size >= HELD * total}
        self.body = next((element for element, size in mass.items() if size >= WHOLE * total), None)
        self.paragraphs = {element for element in mass if element not in self.elements}
        if self.at >= 0:
            above = list(self.pieces[self.at].element.iterancestors())
            self.home = next((element for element in above if element in self.elements), None)
            self.elements |= set(above)

    def boxes(self, piece: Piece) -> Boxes:
        """The boxes around a picture that hold neither the headline nor much of the body."""
        return Boxes(elements=tuple(self._below(piece.element)))

    def _below(self, element: etree._Element) -> Iterator[etree._Element]:
        for depth, box in enumerate(ancestry(element)):
            if box in self.elements or box.tag in ("body", "main") or (not self.places and (depth >= MAX_DEPTH or box.tag == "article")):
                return
            yield box

    def lead_before(self, place: int) -> int | None:
        """The place of a picture before this one that the page's head names and that stands in the same box as headline and body."""
        if self.home is None or not self.shared:
            return None
        return next((p.n for p in self.pieces[:place] if p.picture and self.is_shared(p) and self.home in p.element.iterancestors()), None)

    def end(self, last: int) -> int:
        """The place behind the last figure with a caption that stands in the body's own box behind its last paragraph."""
        if self.body is None:
            return last
        for piece in self.pieces[last:]:
            if self.body not in piece.element.iterancestors():
                break
            if piece.text and piece.inside("figcaption") is not None:
                last = piece.n + 1
        return last

    def is_shared(self, piece: Piece) -> bool:
        """Whether the head of the page names this picture as the article's."""
        return same_file(piece.picture or "") in self.shared

    def editorial(self, piece: Piece) -> bool:
        """Whether a picture may be one of the article's, by its address, its size and what it stands in."""
        path = unquote(urlsplit(piece.picture or "").path)
        if (
            _NOISE_ADDRESS.search(path)
            or _NOISE_HOST.search(host_of(piece.picture or ""))
            or (piece.picture or "").startswith("data:")
            or _tiny(piece.element)
        ):
            return False
        boxes = self.boxes(piece)
        if boxes.inside(*_FRAME_OF_SITE):
            return False
        # An article inside the article is another story, unless it only wraps a picture.
        if any(box.tag == "article" and box not in self.paragraphs and self.is_card(box) for box in boxes.elements):
            return False
        if boxes.inside("aside") and not self._like_figure(boxes):
            return False
        if not self.is_shared(piece) and (
            boxes.named(_NOISE_CLASS) or (boxes.inside("header") and piece.n < self.at and piece.inside("figure") is None)
        ):
            return False
        return not self.leads_elsewhere(piece)

    def _like_figure(self, boxes: Boxes) -> bool:
        """Whether an aside is only a frame around a picture and its caption."""
        aside = next(box for box in boxes.elements if box.tag == "aside")
        if next(aside.iter(*_HEADINGS, "ul", "form"), None) is not None or len(list(islice(aside.iter("img"), 4))) > 3:
            return False
        return not any(self.elsewhere(a.get("href")) for a in aside.iter("a"))

    def elsewhere(self, href: str | None) -> str | None:
        """Where a link leads to another page, of this or of another site; None where it shows a picture, or leads to the page itself."""
        if not href or href.strip().lower().startswith(("#", "javascript:", "mailto:", "data:")):
            return None
        url = self.resolve(href)
        if not url or _PICTURE_PAGE.search(urlsplit(url).path):
            return None
        here, there = urlsplit(self.url).path.rstrip("/"), urlsplit(url).path.rstrip("/")
        same = self._own(url)
        return None if same and (there == here or (len(here) > 1 and there.startswith(here + "/"))) else url

    def leads_elsewhere(self, piece: Piece) -> bool:
        """Whether a click on the picture opens another page rather than the picture."""
        url = self._other_page(piece)
        if url is None:
            return self._promises_more(piece)
        link = next((a for a in piece.element.iterancestors("a")), None)
        if link is not None and self._to_picture_page(piece, link):
            return False
        if link is not None and (_ENLARGES.search(f"{named(link)} {link.get('rel') or ''}") or _attached(link)):
            return False
        if link is not None and next(link.iter(*_HEADINGS), None) is not None:
            return True
        # A picture that leads to a shop or to a source is no teaser: its caption will tell.
        return self._own(url)

    def _to_picture_page(self, piece: Piece, link: etree._Element) -> bool:
        """Whether a link lies around the picture alone, in a figure whose caption does not lead there too: to a larger picture."""
        figure = piece.inside("figure")
        if figure is None or figure not in link.iterancestors() or "".join(link.itertext()).strip():
            return False
        caption = next(figure.iter("figcaption"), None)
        return caption is not None and not any(a.get("href") == link.get("href") for a in caption.iter("a"))

    def _promises_more(self, piece: Piece) -> bool:
        """Whether the link around a picture leads to a page of pictures and has words of its own: `12 pictures of the ice`."""
        link = next((a for a in piece.element.iterancestors("a")), None)
        if (
            link is None
            or not piece.href
            or _PICTURE_FILE.search(piece.href.split("?")[0])
            or next(link.iter("figcaption"), None) is not None
        ):
            return False
        there = self.resolve(piece.href)
        inside = [e for e in link.iter("span", "p", "div", "em", "small") if (e.text or "").strip()]
        own = len("".join(link.itertext()).split()) > 2 and not any(_STILL.search(named(e)) or "caption" in named(e) for e in inside)
        return bool(there) and own and urlsplit(there or "").path.rstrip("/") != urlsplit(self.url).path.rstrip("/")

    def small_square(self, piece: Piece) -> bool:
        """Whether a picture is as small and as square as portraits are."""
        sizes = [(piece.element.get(name) or "").removesuffix("px") for name in ("width", "height")]
        return sizes[0] == sizes[1] and sizes[0].isdigit() and int(sizes[0]) <= MAX_PORTRAIT

    def _own(self, url: str) -> bool:
        return host_of(url) in (host_of(self.url), "")

    def leads_abroad(self, piece: Piece) -> bool:
        """Whether a click on the picture opens another site and no figure says that it is a picture of the article all the same."""
        if piece.inside("figure") is not None or self.is_shared(piece):
            return False
        return self._other_page(piece) is not None and not self.leads_elsewhere(piece)

    def _other_page(self, piece: Piece) -> str | None:
        """Where a click on the picture leads, if not to the same picture in another size."""
        url = self.elsewhere(piece.href)
        return url if url and same_file(url) != same_file(piece.picture or "") else None

    def amid(self, piece: Piece) -> bool:
        """Whether a picture stands between the paragraphs of the body."""
        return bool(self.places) and self.places[0] < piece.n < self.places[-1]

    def above(self, piece: Piece) -> bool:
        """Whether a picture stands above the first paragraph, where bylines are."""
        return bool(self.places) and piece.n < self.places[0]

    def in_picture_box(self, piece: Piece) -> bool:
        """Whether the makers of the page called a box around a picture a picture."""
        return self.boxes(piece).named(_STILL)

    def in_player(self, piece: Piece, *, captioned: bool) -> bool:
        """Whether a picture only stands for a video or a sound; a figure with a caption is one only where its own name says so."""
        if self.is_shared(piece):
            return False
        if piece.element.tag == "video" and not captioned:
            return True
        figure = piece.inside("figure") if captioned else None
        boxes = self.boxes(piece).elements if figure is None else (figure,)
        return any(_PLAYER.search(named(box)) and not _STILL.search(named(box)) for box in boxes)

    def in_card(self, piece: Piece) -> bool:
        """Whether the box around a picture has a heading or a link to another page of the site, and no paragraph of the article."""
        boxes = self.boxes(piece).elements
        if self.is_shared(piece) or len(boxes) < 2 or any(box in self.paragraphs for box in boxes):
            return False
        return self.is_card(boxes[-1])

    def is_card(self, box: etree._Element) -> bool:
        """Whether a box has a heading, or a link with words to another page."""
        if box not in self.cards:
            titled = next(box.iter(*_HEADINGS), None) is not None
            self.cards[box] = titled or any(self.elsewhere(a.get("href")) and "".join(a.itertext()).strip() for a in box.iter("a"))
        return self.cards[box]


def _tiny(element: etree._Element) -> bool:
    for name in ("width", "height"):
        size = (element.get(name) or "").removesuffix("px")
        if size.isdigit() and 0 < int(size) < 90:
            return True
    return bool(_TINY.search(element.get("style") or ""))


def _attached(link: etree._Element) -> bool:
    return any(name.startswith("data-") and _ENLARGES.search(name) for name in map(str, link.attrib))
