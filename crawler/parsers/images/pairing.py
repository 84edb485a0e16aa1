"""Pictures: which text belongs to which picture; by figure, class, box, alternative text, wording and place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from attrs import field, frozen
from lxml import etree

from crawler.parsers.credits.credits import split
from crawler.parsers.credits.names import like_name
from crawler.parsers.document.segments import Piece, ancestry, small, words

MAX_CAPTION_CHARACTERS = 900
MAX_UNMARKED_CHARACTERS = 420
"""A longer text beside a picture is a caption only where a class or an element says so."""
MAX_BOX_PIECES = 4

CAPTION_CLASS = re.compile(
    r"caption|cutline|legend[ae]?|imgtxt|dtcap|(?:photo|image|img|picture|foto|figure|bild|gallery)[\w-]*?(?:text|txt|desc|info|title|label|"
    r"cap\b|footer|opis|alt\b)|media[\w-]*?(?:desc|label|footer)|figcap|bildunterschrift|bildtext|bu\b|pie-?(?:de-)?foto|didascalia|onderschrift|kuvateksti|billedtekst"
    r"|leyenda|légende|subtitle-img|zdj-opis|podpis|popis(?:ek|ka)|resim-?alt|alt-?yazi|kep-?ala|lezanta"
)
CREDIT_CLASS = re.compile(
    r"credit|copyright|(?:^|[\s_-])(?:source|quelle|photographer|photog|photo-?by|fotograf\w*|owner|rights?|agency|agencia|agence|crédito|"
    r"creditos|fuente|fonte|author|autor|byline|attribution|distributor|provider|zdroj|zrodlo|kaynak|kuvaaja|istochnik|source-?name|"
    r"signature)s?(?:$|[\s_-])|kilde|bildrechte|bildquelle|bildnachweis|fotonachweis"
)
_CREDITED = re.compile(r"credit|copyright|photog|fotograf|bildquelle|bildrechte|bildnachweis|fotonachweis|source")
_BYLINE = re.compile(r"(?:^|[\s_-])(?:byline|authors?|writer|reporter|autor(?:es)?|auteur)(?:$|[\s_-])")
_STILL = re.compile(r"image|photo|foto|picture|media|figure|bild")
RENDITION = re.compile(r"\.[sm](?=\.\w+$)", re.IGNORECASE)
_CENTRED = re.compile(r"text-align:\s*center")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SIGNED_TAGS = frozenset(("footer", "small", "cite", "address"))
_SMALL_TAGS = frozenset(("small", "em", "i", "center", "caption", "cite", "font"))


@frozen(kw_only=True)
class Caption:
    """The text pieces that speak of one picture, and how sure that is."""

    pieces: tuple[Piece, ...] = ()
    sure: bool = False
    """Whether something beside place says so: figure, class, credit wording, alternative text."""
    apart: bool = False
    """Whether the text is at least set apart from its neighbours: centred, small, slanted."""


@frozen(kw_only=True)
class Picture:
    """A picture in the flow with its caption."""

    piece: Piece
    caption: Caption = field(factory=Caption)


def pair(
    pieces: Sequence[Piece], *, limit: Iterable[etree._Element] = (), is_text: Callable[[Piece], bool] = lambda piece: True
) -> list[Picture]:
    """Give each picture of a run of pieces its caption.

    Args:
        pieces: A stretch of a page's flow.
        limit: Elements no caption box may hold: the article's own containers.
        is_text: False for lines that are never captions: dates, share words, bylines.
    """
    walls = set(limit)
    out: list[Picture] = []
    taken: set[int] = set()
    for i, piece in enumerate(pieces):
        if piece.picture:
            caption = _caption(pieces, i, walls, taken, is_text)
            taken |= {p.n for p in caption.pieces}
            out.append(Picture(piece=piece, caption=caption))
    return out


def called(element: etree._Element) -> str:
    """What an element's makers called it, lower case, compound names parted: `imageSource` is `image-source`."""
    return _CAMEL.sub("-", " ".join(element.get(name) or "" for name in ("class", "id", "itemprop", "data-testid"))).lower()


def is_credit_box(element: etree._Element) -> bool:
    """Whether an element's makers called it a credit: of two words in one name the last tells, as in `figcaption--author`."""
    credit = caption = False
    for name in called(element).split():
        last = max((m.end() for m in CREDIT_CLASS.finditer(name)), default=-1)
        other = max((m.end() for m in CAPTION_CLASS.finditer(name)), default=-1)
        if last >= 0 and other >= 0:
            return last >= other
        credit, caption = credit or last >= 0, caption or other >= 0
    return credit and not caption


def is_caption_box(element: etree._Element) -> bool:
    """Whether an element's makers called it a caption and no credit."""
    return bool(CAPTION_CLASS.search(called(element))) and not is_credit_box(element)


def _caption(pieces: Sequence[Piece], i: int, walls: set[etree._Element], taken: set[int], is_text: Callable[[Piece], bool]) -> Caption:
    picture = pieces[i]
    figure = _figure(picture)
    if figure is not None:
        inside = [p for p in _texts_in(pieces, i, figure) if p.n not in taken and is_text(p)]
        marked = [p for p in inside if p.inside("figcaption") is not None or CAPTION_CLASS.search(called(p.element))]
        # A button in the figure is no caption where the caption follows it.
        marked = marked or [p for p in _texts_after(pieces, i) if p.inside("figcaption") is not None and p.n not in taken] or inside
        limit = MAX_UNMARKED_CHARACTERS if marked is inside else MAX_CAPTION_CHARACTERS
        if marked and _size(marked) <= limit and figure not in walls:
            signed = [p for p in inside if p not in marked and _signs(p)]
            return Caption(pieces=tuple(_with_credit(pieces, [*marked, *signed], taken, is_text)), sure=True)
    after = [p for p in _texts_after(pieces, i) if p.n not in taken and is_text(p)]
    if after and (close := _by_itself(picture, after[0])):
        if split(after[0].text).shape == "whole" and (titled := _titled(pieces, i, walls, is_text, after[0])):
            return Caption(pieces=tuple(titled), sure=True)
        return Caption(pieces=tuple(_with_credit(pieces, _rest_of(after), taken, is_text)), sure=close == "sure", apart=True)
    box = _box(pieces, i, walls, is_text)
    boxed = [p for p in box if p.n not in taken]
    if boxed:
        return Caption(pieces=tuple(_with_credit(pieces, boxed, taken, is_text)), sure=_ends_signed(boxed, picture))
    return Caption()


def _titled(
    pieces: Sequence[Piece], i: int, walls: set[etree._Element], is_text: Callable[[Piece], bool], credit: Piece
) -> list[Piece] | None:
    """Credit and title of a picture whose box holds nothing else but buttons: a product in a list."""
    box = [p for p in _box(pieces, i, walls, lambda p: is_text(p) and (p is credit or p.linked < 0.9)) if p.n > pieces[i].n]
    return box if len(box) == 2 and credit in box else None


def _figure(picture: Piece) -> etree._Element | None:
    """The figure a picture stands in; the outer one of two where only that has a caption, and no other picture."""
    figure = picture.inside("figure")
    if figure is None or next(figure.iter("figcaption"), None) is not None:
        return figure
    outer = next(figure.iterancestors("figure"), None)
    if outer is not None and len(list(outer.iter("figure"))) == 2 and next(outer.iter("figcaption"), None) is not None:
        return outer
    return figure


def _ends_signed(texts: Sequence[Piece], picture: Piece) -> bool:
    """Whether the last of several texts around a picture is a credit and nothing else."""
    return len(texts) > 1 and texts[-1].n > picture.n and split(texts[-1].text).shape == "whole"


def _signs(piece: Piece) -> bool:
    """Whether a text in a figure, but not in its caption, says who made the picture."""
    if len(piece.text) > 120:
        return False
    found = split(piece.text)
    return (found.credit is not None and found.caption is None and not (found.shape == "suffix" and re.search(r"\d", piece.text))) or (
        like_name(piece.line) and (piece.tag in _SIGNED_TAGS or is_credit_box(piece.element))
    )


def _rest_of(after: Sequence[Piece]) -> list[Piece]:
    """A caption that stands behind its picture, with the other texts of the same caption box."""
    box = after[0].inside("figcaption")
    if box is None and (parent := after[0].element.getparent()) is not None and CAPTION_CLASS.search(called(parent)):
        box = parent
    return [p for p in after if p is after[0] or (box is not None and box in ancestry(p.element))]


def _by_itself(picture: Piece, text: Piece) -> str | None:
    """Whether a text right after a picture says of itself that it is the caption."""
    found = split(text.text) if len(text.text) <= 500 else None
    if len(text.text) > MAX_CAPTION_CHARACTERS or (text.linked > 0.8 and (found is None or found.shape != "whole")):
        return None
    if text.inside("figcaption") is not None or _captions(text) or text.tag == "caption":
        return "sure"
    parent = text.element.getparent()
    if parent is not None and CAPTION_CLASS.search(called(parent)) and small(parent, len(text.text) * 3 // 2) is not None:
        return "sure"
    alt = words(picture.alt or "")
    if len(alt) >= 6 and alt in (words(text.text), words((found and found.caption) or "")):
        return "sure"
    if found and found.credit and found.shape in ("paren-sure", "sign", "label", "whole"):
        return "sure"
    if len(text.text) <= 300 and _set_apart(text):
        return "likely"
    return None


def _captions(text: Piece) -> bool:
    """Whether the element of a text, or one in it where it holds little else, is called a caption."""
    if CAPTION_CLASS.search(called(text.element)):
        return True
    if small(text.element, 2 * len(text.text) + 40) is None:
        return False
    return any(CAPTION_CLASS.search(called(inner)) for inner in text.element.iter("span", "em", "small", "cite"))


def _set_apart(text: Piece) -> bool:
    """Whether a short text is set apart from its neighbours: centred, small, or slanted as a whole."""
    element = text.element
    if (
        element.tag in ("center", "small", "caption")
        or _CENTRED.search(element.get("style") or "")
        or (element.get("align") or "").lower() == "center"
    ):
        return element.tag not in ("table", "body")
    parts = [child for child in element if child.tag not in ("img", "br", "picture", "noscript") and not (child.tag == "a" and len(child))]
    bare = not (element.text or "").strip() and not any((child.tail or "").strip() for child in element)
    return len(parts) == 1 and parts[0].tag in _SMALL_TAGS and bare


def _texts_in(pieces: Sequence[Piece], i: int, box: etree._Element) -> list[Piece]:
    near = pieces[max(0, i - 6) : i + 12]
    return [p for p in near if p.text and box in ancestry(p.element)]


def _texts_after(pieces: Sequence[Piece], i: int) -> list[Piece]:
    out: list[Piece] = []
    for piece in pieces[i + 1 : i + 4]:
        if piece.picture:
            if piece.picture != pieces[i].picture:
                break
            continue
        out.append(piece)
    return out


def _box(pieces: Sequence[Piece], i: int, walls: set[etree._Element], is_text: Callable[[Piece], bool]) -> list[Piece]:
    """Text in the largest box that holds this picture alone and little else."""
    best: list[Piece] = []
    for element in ancestry(pieces[i].element):
        if element in walls or element.tag in ("body", "html", "article", "main"):
            break
        inside = [p for p in pieces[max(0, i - 8) : i + 10] if p is not pieces[i] and element in ancestry(p.element)]
        if any(p.picture and p.picture != pieces[i].picture for p in inside):
            break
        found = [p for p in inside if p.text and is_text(p)]
        signed = _ends_signed(found, pieces[i])
        if (
            len(found) > MAX_BOX_PIECES
            or _size(found) > (MAX_UNMARKED_CHARACTERS if signed else 500)
            or any(p.inside(*_HEADINGS) is not None for p in found)
        ):
            break
        if found and (signed or all(_short(p) for p in found)):
            best = found
        elif found:
            break
    return best


def _short(piece: Piece) -> bool:
    """Whether a text that only stands in the right place is short enough for a caption."""
    return len(piece.text) <= 260 and (piece.linked < 0.8 or split(piece.text).shape == "whole")


def _with_credit(pieces: Sequence[Piece], found: list[Piece], taken: set[int], is_text: Callable[[Piece], bool]) -> list[Piece]:
    """The caption, and the line behind it where that is a credit and nothing else; a caption printed twice counts once."""
    said = [words(p.text) or p.text for p in found]
    kept = [
        p for n, p in enumerate(found) if said[n] not in said[:n] and not (len(said[n]) > 5 and any(said[n] in other for other in said[:n]))
    ]
    for following in (p for p in pieces if found[-1].n < p.n <= found[-1].n + 3):
        if following.text and following.n not in taken and not is_text(following):
            continue
        if not following.text or following.n in taken:
            break
        if words(following.text) in said and len(following.text) > 12:
            continue
        if len(following.text) < 90 and _signs(following) and _of_picture(following):
            kept.append(following)
        break
    return kept


def _of_picture(piece: Piece) -> bool:
    """Whether a name behind a caption belongs to the picture rather than to the article: it says so, and stands in no byline."""
    found = split(piece.text)
    if found.shape and words(found.credit or "") != words(piece.text):
        return True
    names = [called(box) for box in (piece.element, *list(piece.element.iterancestors())[:2])]
    if any(_BYLINE.search(name) and not _STILL.search(name) for name in names):
        return False
    return bool(found.shape or _CREDITED.search(called(piece.element)))


def _size(pieces: Iterable[Piece]) -> int:
    return sum(len(p.text) for p in pieces)


def file_key(url: str) -> str:
    """A picture's file name without its size suffix: what two renditions on one host have in common.

    >>> file_key("//cdn.example/Photo/2026/3/9/0A1B.m.jpg?w=1")
    '0a1b.jpg'
    """
    return RENDITION.sub("", url.split("?")[0].rsplit("/", 1)[-1]).lower()
