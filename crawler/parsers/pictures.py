"""Pictures: which text belongs to which picture, and what it says; by figure, class, box, alternative text, wording and place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from attrs import field, frozen
from lxml import etree

from crawler.items import Image
from crawler.parsers.credits import Split, agency_of, credit_name, like_name, only_agencies, split, vote
from crawler.parsers.flow import Piece, ancestry, named, small, squeeze, words

MAX_CAPTION_CHARACTERS = 900
MAX_BOX_PIECES = 4

CAPTION_CLASS = re.compile(
    r"caption|cutline|legend|imgtxt|img-?text|figcap|dtcap|photo-?(?:text|desc|info|title|cap)|"
    r"image-?(?:text|desc|info|title)|bildunterschrift|bildtext"
    r"|bu\b|pie-?(?:de-)?foto|didascalia|onderschrift|kuvateksti|billedtekst|leyenda|légende|subtitle-img|zdj-opis"
)
CREDIT_CLASS = re.compile(
    r"credit|copyright|(?:^|[\s_-])(?:source|quelle|photographer|fotograf\w*|owner|rights?|agency|crédito|"
    r"creditos|fuente|author|autor|byline)s?(?:$|[\s_-])|kilde|bildrechte|bildquelle"
)
RENDITION = re.compile(r"\.[sm](?=\.\w+$)", re.IGNORECASE)
_CENTRED = re.compile(r"text-align:\s*center")
_OWN_TAGS = frozenset(("span", "cite", "small", "footer", "div", "p"))
_CLOSED = '.!?…"”»)。'
_JOINED = re.compile(r"\s*[/|,]\s*(?P<in>.{2,60})")
_SMALL_TAGS = frozenset(("small", "em", "i", "center", "caption", "cite", "font"))


@frozen(kw_only=True)
class Caption:
    """The text pieces that speak of one picture, and how sure that is."""

    pieces: tuple[Piece, ...] = ()
    sure: bool = False
    """Whether something beside place says so: figure, class, credit wording, alternative text."""


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


def _caption(pieces: Sequence[Piece], i: int, walls: set[etree._Element], taken: set[int], is_text: Callable[[Piece], bool]) -> Caption:
    picture = pieces[i]
    figure = picture.inside("figure")
    if figure is not None:
        inside = [p for p in _texts_in(pieces, i, figure) if p.n not in taken]
        marked = [p for p in inside if p.inside("figcaption") is not None or CAPTION_CLASS.search(named(p.element))]
        # A button in the figure is no caption where the caption follows it.
        marked = marked or [p for p in _texts_after(pieces, i) if p.inside("figcaption") is not None and p.n not in taken] or inside
        if marked and _size(marked) <= MAX_CAPTION_CHARACTERS and figure not in walls:
            return Caption(pieces=tuple(_with_credit(pieces, marked, taken)), sure=True)
    after = [p for p in _texts_after(pieces, i) if p.n not in taken and is_text(p)]
    if after and (close := _by_itself(picture, after[0])):
        return Caption(pieces=tuple(_with_credit(pieces, [after[0]], taken)), sure=close == "sure")
    box = _box(pieces, i, walls, is_text)
    boxed = [p for p in box if p.n not in taken]
    if boxed:
        return Caption(pieces=tuple(_with_credit(pieces, boxed, taken)))
    return Caption()


def _by_itself(picture: Piece, text: Piece) -> str | None:
    """Whether a text right after a picture says of itself that it is the caption."""
    if len(text.text) > MAX_CAPTION_CHARACTERS or text.linked > 0.8:
        return None
    if text.inside("figcaption") is not None or CAPTION_CLASS.search(named(text.element)) or text.tag == "caption":
        return "sure"
    parent = text.element.getparent()
    if parent is not None and CAPTION_CLASS.search(named(parent)) and small(parent, len(text.text) * 3 // 2) is not None:
        return "sure"
    found = split(text.text)
    alt = words(picture.alt or "")
    if len(alt) >= 6 and alt in (words(text.text), words(found.caption or "")):
        return "sure"
    if found.credit and found.shape in ("paren-sure", "sign", "label", "whole") and len(text.text) <= 500:
        return "sure"
    if len(text.text) <= 300 and _set_apart(text):
        return "likely"
    return None


def _set_apart(text: Piece) -> bool:
    """Whether a short text is set apart from its neighbours: centred, small, or slanted as a whole."""
    element = text.element
    if (
        element.tag in ("center", "small", "caption")
        or _CENTRED.search(element.get("style") or "")
        or (element.get("align") or "").lower() == "center"
    ):
        return element.tag not in ("table", "body")
    return len(element) == 1 and element[0].tag in _SMALL_TAGS and not (element.text or "").strip() and not (element[0].tail or "").strip()


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
        if len(found) > MAX_BOX_PIECES or _size(found) > 500 or any(p.inside("h1", "h2") is not None for p in found):
            break
        if found and all(_short(p) for p in found):
            best = found
        elif found:
            break
    return best


def _short(piece: Piece) -> bool:
    """Whether a text that only stands in the right place is short enough for a caption."""
    return len(piece.text) <= 260 and piece.linked < 0.8


def _with_credit(pieces: Sequence[Piece], found: list[Piece], taken: set[int]) -> list[Piece]:
    """The caption, and the line behind it where that is a credit and nothing else; a caption printed twice counts once."""
    unique = {words(p.text) or p.text: p for p in reversed(found)}
    kept = [p for p in found if unique[words(p.text) or p.text] is p]
    following = next((p for p in pieces if p.n == found[-1].n + 1), None)
    if following is not None and following.text and following.n not in taken and len(following.text) < 90:
        tail = split(following.text)
        if tail.credit and tail.caption is None:
            kept.append(following)
    return kept


def _size(pieces: Iterable[Piece]) -> int:
    return sum(len(p.text) for p in pieces)


def file_key(url: str) -> str:
    """A picture's file name without its size suffix: what two renditions on one host have in common.

    >>> file_key("//cdn.example/Photo/2026/3/9/0A1B.m.jpg?w=1")
    '0a1b.jpg'
    """
    return RENDITION.sub("", url.split("?")[0].rsplit("/", 1)[-1]).lower()


def images(pictures: Sequence[Picture], key_of: Callable[[str], str] | None = None, *, authors: Sequence[str] = ()) -> tuple[Image, ...]:
    """The pictures as images: captions and credits taken apart, doubtful credit shapes by the vote of the page.

    Args:
        key_of: What stays the same when a picture's host changes.
        authors: The article's own authors: a "credit" that is one of them and nothing else is a byline.
    """
    accepted = vote(_raw(p) for p in pictures if p.caption.pieces)
    out: dict[str, Image] = {}
    for picture in pictures:
        url = picture.piece.picture or ""
        image = _image(picture, key_of(url) if key_of else url, accepted, authors)
        kept = out.get(image.key)
        if kept is None or (kept.raw is None and image.raw is not None):
            out[image.key] = image
    return tuple(out.values())


def _raw(picture: Picture) -> str:
    return squeeze(" ".join(p.text for p in picture.caption.pieces))


def _image(picture: Picture, key: str, accepted: frozenset[str], authors: Sequence[str]) -> Image:
    raw = _raw(picture)
    found = _by_element(picture, raw, authors) or split(raw, accepted=accepted)
    if found.credit is None:
        found = _by_last_part(picture, raw) or found
    alt = picture.piece.alt
    return Image(
        url=picture.piece.picture or "", key=key, caption=found.caption, credit=found.credit, agency=found.agency, alt=alt, raw=raw or None
    )


def _by_element(picture: Picture, raw: str, authors: Sequence[str]) -> Split | None:
    """Caption and credit where the page has an element of its own for the credit."""
    parts = [t for element in _credit_elements(picture) if (t := squeeze("".join(element.itertext())))]
    starts = [at for t in parts if (at := raw.find(t)) >= 0 and len(t) <= 160]
    # Photographer and agency often have an element each: the credit runs from the first of them to the end.
    tail = raw[min(starts) :] if starts else ""
    for text in ([tail] if tail and len(tail) <= sum(len(t) for t in parts) + 12 else []) + parts:
        name = credit_name(text)
        if (
            not name
            or len(text) > 160
            or words(name) in {words(a) for a in authors}
            or (len(text) >= len(raw) and (words(text) != words(raw) or not (like_name(text) or split(text).shape)))
        ):
            continue
        at = raw.rfind(text)
        # The agency behind the photographer may stand outside the element: `<span class=credit>Name</span>/AFP`.
        more = _JOINED.fullmatch(raw[at + len(text) :]) if at >= 0 else None
        if more and like_name(more["in"]):
            text, name = raw[at:], f"{name}{more[0]}"
        caption = squeeze(raw[:at] + " " + raw[at + len(text) :]).strip(" |/–—-") if at >= 0 else raw
        inner = split(caption)
        again = inner.shape in ("paren-sure", "label", "sign") and words(inner.credit or "") == words(name)
        return Split(
            caption=(inner.caption if again else caption) or None, credit=name, agency=agency_of(name), wording=text, shape="element"
        )
    return None


def _by_last_part(picture: Picture, raw: str) -> Split | None:
    """Caption and credit where the last piece or element of the caption holds a name and nothing else, and no class says so."""
    parts = [part for piece in picture.caption.pieces for part in _parts(piece)]
    last = parts[-1] if parts else ""
    head = raw[: -len(last)].rstrip(" /|–—-") if last and raw.endswith(last) else ""
    if not head or len(last) > 80 or not (only_agencies(last) or (head[-1] in _CLOSED and len(last.split()) > 1 and like_name(last))):
        return None
    name = credit_name(last)
    return Split(caption=head, credit=name, agency=agency_of(name), wording=last, shape="element") if name else None


def _parts(piece: Piece) -> list[str]:
    """The texts of a piece by the elements of their own they stand in: links and bold words are no such elements."""
    if small(piece.element, 2 * len(piece.text) + 40) is None:
        return [piece.line]
    own = [squeeze("".join(child.itertext())) for child in piece.element if child.tag in _OWN_TAGS]
    return [piece.line, own[-1]] if own and own[-1] and piece.line != own[-1] and piece.line.endswith(own[-1]) else [piece.line]


def _credit_elements(picture: Picture) -> list[etree._Element]:
    size = sum(len(p.text) for p in picture.caption.pieces)
    # A caption printed straight into a large box says nothing about what else lies there.
    roots = [p.element for p in picture.caption.pieces if small(p.element, 2 * size + 40) is not None]
    figure = picture.piece.inside("figure")
    if figure is not None:
        roots.append(figure)
    out: list[etree._Element] = []
    for root in roots:
        for element in root.iter(etree.Element):
            if (
                element.tag not in ("img", "figure", "a", "picture")
                and CREDIT_CLASS.search(named(element))
                and not CAPTION_CLASS.search(" ".join(name for name in named(element).split() if "credit" not in name))
            ):
                out.append(element)
    unique = dict.fromkeys(out)
    return [e for e in unique if not any(parent in unique for parent in e.iterancestors())]
