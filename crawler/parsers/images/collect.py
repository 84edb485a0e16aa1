"""Gallery: the editorial pictures of any news page, with captions and credits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from attrs import evolve, frozen

from crawler.items import Image
from crawler.parsers.caption_rules import pair
from crawler.parsers.captions import Shown, shown
from crawler.parsers.credits import split
from crawler.parsers.dates import only_a_date
from crawler.parsers.flow import Piece, words
from crawler.parsers.frame import Frame
from crawler.parsers.names import like_name, only_archive, weight
from crawler.parsers.page import Page
from crawler.parsers.picture_data import helped, lead_of, looked_up, nodes_of, shared_files
from crawler.parsers.pictures import Picture
from crawler.parsers.srcset import same_file
from crawler.parsers.structured import meta_values
from crawler.urls import host_of

MAX_PICTURES = 500
"""Pictures of one article; what comes behind is no newspaper's page."""
MAX_LOOKED_UP = 40
"""How many pictures are looked for in the page's scripts."""
AFTER = 6
"""How many pieces behind the last paragraph may still hold a picture of the article."""

_LABEL_OF_BUTTON = re.compile(
    # Atomic throughout: a line of figures (dates, telephone numbers) could be parted in more ways than can be tried.
    r"^\W*+(?:(?>(?:video|audio|podcast|play|pause|live|watch|listen|close|zoom|enlarge|expand|share|gallery|photos?|images?|advertisement|anzeige|"
    r"bild(?:er)?|foto(?:s|galerie)?|fullscreen|schließen|vergrößern|abspielen|fermer|agrandir|cerrar|ampliar|chiudi|ingrandisci|"
    r"open|in|full|screen|picture|facebook|twitter|whatsapp|telegram|linkedin|e-?mail|print|save|view|show|see|закрыть|видео|аудио|بستن|إغلاق|閉じる|拡大|"
    r"\d++(?:[:/]\d++)*+|of|von|de|из|min(?:utes?|uten)?|sec(?:onds?)?)(?![^\W\d_]))\W*+)*+$",
    re.IGNORECASE,
)
_MEDIUM = re.compile(r"^\W*(?:video|audio|podcast|vídeo|vidéo|видео|аудио|ویدئو|فيديو|動画)\s*(?:[:|–—-]|\d)", re.IGNORECASE)


@frozen(kw_only=True)
class Gallery:
    """The pictures of an article with their places in the flow, and the places of the words that are theirs."""

    images: tuple[tuple[Image, int | None], ...] = ()
    words: frozenset[int] = frozenset()


def gallery(
    page: Page, pieces: Sequence[Piece], at: int, places: Sequence[int], authors: Sequence[str], key_of: Callable[[str], str] | None
) -> Gallery:
    """The pictures of an article.

    Args:
        at: Place of the headline, -1 where unknown.
        places: Places of the body's paragraphs.
    """
    keys = key_of or same_file
    below = [n for n in places if n > at]
    # A teaser may say what a paragraph says: the body lies behind its headline.
    places = below if 2 * len(below) > len(places) else places
    frame = Frame(url=page.url, resolve=page.resolver, pieces=pieces, at=at, places=places, shared=shared_files(page))
    first, last = _span(at, places, len(pieces))
    lead = frame.lead_before(first)
    first, last = first if lead is None else lead, frame.end(last)
    wanted = list(_bounded(p for p in pieces[first:last] if not p.picture or frame.editorial(p)))
    paired = [_without_paragraph(picture, places) for picture in pair(wanted, is_text=_may_caption)]
    found = [p for p in paired if _worth(p, at, places, frame) and not _is_portrait(p, authors, frame)]
    nodes, headline = nodes_of(page), pieces[at].line if at >= 0 else ""
    out: list[tuple[Image, int | None]] = []
    for one in _once(shown(found, keys, authors=authors)):
        piece = one.picture.piece
        image = _signed_by_house(_without_headline(_kept_archive(one.image), headline), page)
        out.append((helped(image, piece, nodes), piece.n))
    if not out and (only := lead_of(page, nodes, keys)):
        out.append((only, None))
    said = frozenset(p.n for picture in found for p in picture.caption.pieces)
    known = [(looked_up(page, image) if i < MAX_LOOKED_UP else image, n) for i, (image, n) in enumerate(out)]
    return Gallery(images=tuple(known), words=said)


def _bounded(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces up to the last picture that is still looked at."""
    pictures = 0
    for piece in pieces:
        pictures += piece.picture is not None
        if pictures > MAX_PICTURES:
            return
        yield piece


def _span(at: int, places: Sequence[int], count: int) -> tuple[int, int]:
    """From shortly before the headline to shortly behind the body."""
    if not places:
        return max(0, at - 12), min(count, at + 40) if at >= 0 else min(count, 80)
    start = min(at, places[0]) if at >= 0 else places[0]
    return max(0, start - 12), min(count, places[-1] + AFTER)


def _may_caption(piece: Piece) -> bool:
    """Whether a text may belong to a picture: no label of a button, no length of a film."""
    short = len(piece.text) < 40
    return not (short and (_LABEL_OF_BUTTON.match(piece.line) or piece.text.endswith(":"))) and not _MEDIUM.match(piece.line)


def _without_paragraph(picture: Picture, places: Sequence[int]) -> Picture:
    """The picture; without its caption where only the place speaks for it and it is a paragraph of the body, or a mark and no word."""
    pieces = picture.caption.pieces
    if not picture.caption.sure and (
        any(p.n in places and weight(p.text) > 200 for p in pieces) or sum(char.isalpha() for p in pieces for char in p.text) < 3
    ):
        return Picture(piece=picture.piece)
    return picture


def _worth(picture: Picture, at: int, places: Sequence[int], frame: Frame) -> bool:
    """Whether a picture is likely one of the article: with a caption, or between its paragraphs, or the lead; no card, no player."""
    sure, n = picture.caption.sure, picture.piece.n
    signed = sure and any(split(p.text).credit for p in picture.caption.pieces)
    if frame.in_player(picture.piece, captioned=sure):
        # The still of a film has a photographer where it is a picture in its own right.
        return signed and picture.piece.inside("figure") is not None
    if sure and picture.piece.inside("figure") is not None:
        return True
    if (not sure and frame.in_card(picture.piece)) or (frame.leads_abroad(picture.piece) and not (signed and frame.amid(picture.piece))):
        return False
    if frame.is_shared(picture.piece) and places and n < places[-1]:
        return True
    return bool(picture.caption.pieces) or (bool(places) and (at < n < places[0] or places[0] < n < places[-1]))


def _is_portrait(picture: Picture, authors: Sequence[str], frame: Frame) -> bool:
    """Whether a picture shows an author: its words are a byline, a date, or the name alone."""
    names = {words(a) for a in authors}
    said = " ".join(p.line for p in picture.caption.pieces)
    if split(said).credit or frame.is_shared(picture.piece):
        return False
    if picture.piece.inside("figure") is None and (
        frame.small_square(picture.piece)
        or (like_name(said) and words(said) == words(picture.piece.alt or "") and frame.above(picture.piece))
    ):
        return True
    if not said or picture.caption.sure:
        return bool(names & {words(picture.piece.alt or ""), words(said)} - {""})
    placed = picture.caption.apart or frame.in_picture_box(picture.piece) or frame.amid(picture.piece)
    label = not placed and not _spoken(said)
    return len(said) < 160 and (only_a_date(said) or any(name in words(said)[: len(name) + 8] for name in names) or label)


def _spoken(text: str) -> bool:
    """Whether a short line is more than the label of a button or of a box."""
    return weight(text) > 24 or len(text.split()) > 3


def _once(all_shown: Sequence[Shown]) -> list[Shown]:
    """Each picture once, but twice where it is printed with two captions that say different things."""
    out: list[Shown] = []
    for one in all_shown:
        same = [n for n, other in enumerate(out) if other.image.key == one.image.key]
        if not same:
            out.append(one)
        elif one.image.raw is None or not one.picture.caption.sure:
            continue
        elif (n := next((n for n in same if out[n].image.raw is None or not out[n].picture.caption.sure), None)) is not None:
            out[n] = one
        elif (n := next((n for n in same if _says_the_same(out[n].image, one.image)), None)) is None:
            out.append(one)
        elif out[n].image.credit is None and one.image.credit:
            out[n] = one
    return out


def _says_the_same(one: Image, other: Image) -> bool:
    a, b = words(one.caption or ""), words(other.caption or "")
    return a in b or b in a


def _kept_archive(image: Image) -> Image:
    """The image; where the credit names nobody but says that the picture is an old one, that stays in the caption."""
    if image.caption and image.credit and only_archive(image.credit):
        return evolve(image, caption=image.raw, credit=None, agency=None)
    return image


def _without_headline(image: Image, headline: str) -> Image:
    """The image; without a caption that only says the headline again."""
    if image.caption and words(image.caption) == words(headline):
        return evolve(image, caption=None)
    return image


def _signed_by_house(image: Image, page: Page) -> Image:
    """The image; where its caption is the name of the newspaper and nothing else, that is the credit."""
    said = words(image.caption or "")
    if said and image.credit is None and said in (words(name) for name in (*meta_values(page).get("og:site_name", ()), *_labels(page.url))):
        return evolve(image, caption=None, credit=image.caption)
    return image


def _labels(url: str) -> list[str]:
    return [label for label in host_of(url).split(".") if len(label) > 2 and label != "www"]
