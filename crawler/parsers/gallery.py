"""Gallery: the editorial pictures of any news page, with captions and credits; portraits, teasers, logos and ads left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from attrs import evolve

from crawler.items import Image
from crawler.parsers.credits import agency_of, credit_name, split
from crawler.parsers.dates import only_a_date
from crawler.parsers.flow import Piece, ancestry, named, words
from crawler.parsers.page import Page
from crawler.parsers.pictures import Picture, images, pair
from crawler.parsers.structured import linked_data, texts
from crawler.urls import join

_NOISE_ADDRESS = re.compile(
    r"^data:|logo|sprite|pixel|avatar|gravatar|icon|blank\.|spacer|placeholder|tracking|/ads?/|\.svg\b|1x1|"
    r"badge|facebook\.com/tr|doubleclick|emoji|favicon",
    re.IGNORECASE,
)
_NOISE_CLASS = re.compile(
    r"author|avatar|byline|teaser|related|recommend|promo(?!t)|sidebar|newsletter|social|share|logo|(?:^|"
    r"[\s_-])ads?(?:$|[\s_-])|advert|sponsor|footer|comment|(?:^|[\s_-])nav|menu|most-?read|trending|"
    r"outbrain|taboola"
    r"|more-?(?:stories|news|from)|read-?(?:more|also|next)|see-?also|latest|popular|profile|bio\b|"
    r"thumb-?list|embed-?(?:card|teaser)|article-?list|card-?list|rail"
)
_NOISE_TAGS = ("aside", "footer", "nav", "form", "header")
AFTER = 6
"""How many pieces behind the last paragraph may still hold a picture of the article."""


def gallery(
    page: Page, pieces: Sequence[Piece], at: int, places: Sequence[int], authors: Sequence[str], key_of: Callable[[str], str] | None
) -> list[tuple[Image, int | None]]:
    """The pictures of an article with their places in the flow.

    Args:
        at: Place of the headline, -1 where unknown.
        places: Places of the body's paragraphs.
    """
    first, last = _span(at, places, len(pieces))
    wanted = [p for p in pieces[first:last] if not p.picture or _editorial(p, page)]
    found = [picture for picture in pair(wanted) if picture.caption.pieces or _worth(picture, at, places)]
    found = [picture for picture in found if not _is_paragraph(picture, places) and not _is_portrait(picture, authors)]
    keys = key_of or _same_file
    told = _told(page)
    out: list[tuple[Image, int | None]] = []
    place_of = {keys(p.piece.picture or ""): p.piece.n for p in reversed(found)}
    for image in images(found, keys, authors=authors):
        out.append((_helped(image, told.get(_same_file(image.url))), place_of.get(image.key)))
    if not out and (lead := _lead(page, told, keys)):
        out.append((lead, None))
    return out


def _span(at: int, places: Sequence[int], count: int) -> tuple[int, int]:
    """From shortly before the headline to shortly behind the body."""
    if not places:
        return max(0, at - 12), min(count, at + 40) if at >= 0 else min(count, 80)
    start = min(at, places[0]) if at >= 0 else places[0]
    return max(0, start - 12), min(count, places[-1] + AFTER)


def _editorial(piece: Piece, page: Page) -> bool:
    if _NOISE_ADDRESS.search(urlsplit(piece.picture or "").path) or (piece.picture or "").startswith("data:"):
        return False
    for name in ("width", "height"):
        size = (piece.element.get(name) or "").removesuffix("px")
        if size.isdigit() and int(size) < 90:
            return False
    for depth, element in enumerate(ancestry(piece.element)):
        if element.tag in ("article", "main", "body"):
            break
        if element.tag in _NOISE_TAGS and (element.tag != "header" or (depth > 8 and element.find(".//h1") is None)):
            return False
        if depth < 7 and element.tag != "figure" and _NOISE_CLASS.search(named(element)):
            return False
    return not _leads_elsewhere(piece, page)


def _leads_elsewhere(piece: Piece, page: Page) -> bool:
    """Whether a click on the picture opens another page rather than the picture."""
    if not piece.href or piece.href.startswith(("#", "javascript:")):
        return False
    url = join(page.url, piece.href) if page.url else piece.href
    if not url or re.search(r"\.(?:jpe?g|png|webp|gif|avif)\b|image|photo|foto|bild|galler", url, re.IGNORECASE):
        return False
    if piece.inside("figure") is not None and urlsplit(url).hostname != urlsplit(page.url).hostname:
        return False  # A figure that leads to a shop or to a source is no teaser.
    return urlsplit(url).path.rstrip("/") != urlsplit(page.url).path.rstrip("/")


def _worth(picture: Picture, at: int, places: Sequence[int]) -> bool:
    """Whether a picture without a caption is likely one of the article: in a figure or between its paragraphs, or the lead."""
    n = picture.piece.n
    inside = bool(places) and places[0] < n < places[-1]
    lead = bool(places) and at < n < places[0]
    return lead or (inside and (picture.piece.inside("figure", "picture") is not None or picture.piece.tag == "img"))


def _is_paragraph(picture: Picture, places: Sequence[int]) -> bool:
    return not picture.caption.sure and any(p.n in places and len(p.text) > 200 for p in picture.caption.pieces)


def _is_portrait(picture: Picture, authors: Sequence[str]) -> bool:
    """Whether a picture shows an author: its words are a byline, a date, or the name alone."""
    names = {words(a) for a in authors}
    said = " ".join(p.line for p in picture.caption.pieces)
    if not said or picture.caption.sure:
        return bool(names & {words(picture.piece.alt or ""), words(said)} - {""})
    return len(said) < 160 and (only_a_date(said) or any(name in words(said)[: len(name) + 8] for name in names) or not _spoken(said))


def _spoken(text: str) -> bool:
    """Whether a short line is more than the label of a button or of a box."""
    return len(text) > 24 or len(text.split()) > 3 or split(text).credit is not None


def _same_file(url: str) -> str:
    path = urlsplit(url).path.rsplit("/", 1)[-1].lower()
    return re.sub(r"[-_.](?:\d{2,4}x\d{2,4}|scaled|[sml])(?=\.)", "", path) or url


def _told(page: Page) -> dict[str, dict[str, Any]]:
    """What JSON-LD says of pictures, by file name."""
    out: dict[str, dict[str, Any]] = {}
    for node in linked_data(page).of_type("imageobject"):
        for key in ("url", "contentUrl", "@id"):
            if isinstance(url := node.get(key), str) and url.startswith(("http", "/")):
                out.setdefault(_same_file(url), node)
    return out


def _helped(image: Image, node: dict[str, Any] | None) -> Image:
    """The image with what JSON-LD knows of it where the page itself printed nothing; else the tail of its alternative text."""
    if node is not None:
        caption, credit = _node_texts(node)
        if image.raw is None and (caption or credit):
            image = evolve(image, caption=caption, credit=credit)
        elif image.credit is None and credit and words(credit) not in words(image.caption or ""):
            image = evolve(image, credit=credit)
    if image.raw is None and image.credit is None and image.alt:
        tail = split(image.alt)
        if tail.credit and tail.caption:
            image = evolve(image, credit=tail.credit)
    return evolve(image, agency=image.agency or agency_of(image.credit))


def _node_texts(node: dict[str, Any]) -> tuple[str | None, str | None]:
    caption = next(iter(texts(node.get("caption")) or texts(node.get("description"))), None)
    for key in ("creditText", "creator", "author", "copyrightNotice", "copyrightHolder"):
        for text in texts(node.get(key)):
            if name := credit_name(text):
                return caption, name
    if caption:
        found = split(caption)
        return found.caption, found.credit
    return None, None


def _lead(page: Page, told: dict[str, dict[str, Any]], keys: Callable[[str], str]) -> Image | None:
    """The picture JSON-LD gives the article, where the page's markup shows none."""
    value = linked_data(page).article.get("image")
    for one in value if isinstance(value, list) else [value]:
        url = one if isinstance(one, str) else one.get("url") if isinstance(one, dict) else None
        if isinstance(url, str) and url.startswith("http"):
            node = one if isinstance(one, dict) else told.get(_same_file(url))
            caption, credit = _node_texts(node) if node else (None, None)
            return Image(url=url, key=keys(url), caption=caption, credit=credit, agency=agency_of(credit))
    return None
