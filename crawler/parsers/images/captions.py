"""Captions: what the words of a picture say, taken apart into caption and credit by element, wording, and the page's custom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from attrs import evolve, field, frozen
from lxml import etree

from crawler.items import Image
from crawler.parsers.credits.credits import SURE, Split, plain, split, vote
from crawler.parsers.credits.names import agency_of, credit_name, is_label, like_name, only_agencies
from crawler.parsers.document.segments import Piece, small, squeeze, words
from crawler.parsers.images.pairing import Picture, is_caption_box, is_credit_box

MAX_CREDIT_BOX = 160
MAX_IN_FIGURE = 8
"""A figure with more pictures is a gallery: what stands in it says nothing about one of them."""
_OWN_TAGS = frozenset(("span", "cite", "small", "footer", "div", "p"))
_NO_CREDIT = frozenset(("img", "figure", "a", "picture", "button"))
_SIGN_TAGS = ("span", "cite", "small", "footer", "div", "p", "em", "i", "b", "strong")
_CLOSED = '.!?…"”»)。'
_JOINED = re.compile(r"\s*[/|,]\s*(?P<in>.{2,60})")
_BREAK = re.compile(r"^\s*[/|.:;(\[–—-]+\s*|^\s*(?=[©ⓒ])")

Sign = tuple[str, str, str]
"""What tells an element that holds a credit from others on the page: its tag and class, and its parent's class."""


@frozen(kw_only=True)
class Custom:
    """What the captions of one page have in common."""

    shapes: frozenset[str] = frozenset()
    """Doubtful wordings that are credits here."""
    signs: frozenset[Sign] = frozenset()
    """Elements that hold credits here, whatever their class says."""
    authors: frozenset[str] = frozenset()
    """Words of the article's own authors: a "credit" that is one of them and nothing else is a byline."""


@frozen(kw_only=True)
class Shown:
    """A picture as an image, and where it stands."""

    image: Image
    picture: Picture = field(eq=False)


def images(pictures: Sequence[Picture], key_of: Callable[[str], str] | None = None, *, authors: Sequence[str] = ()) -> tuple[Image, ...]:
    """The pictures as images, each once: captions and credits taken apart, doubtful credit shapes by the vote of the page.

    Args:
        key_of: What stays the same when a picture's host changes.
        authors: The article's own authors.
    """
    out: dict[str, Image] = {}
    for one in shown(pictures, key_of, authors=authors):
        kept = out.get(one.image.key)
        if kept is None or (kept.raw is None and one.image.raw is not None):
            out[one.image.key] = one.image
    return tuple(out.values())


def shown(pictures: Sequence[Picture], key_of: Callable[[str], str] | None = None, *, authors: Sequence[str] = ()) -> list[Shown]:
    """Every picture as an image, in order, one that is shown twice twice."""
    custom = Custom(
        shapes=vote(raw_of(p) for p in pictures if p.caption.pieces),
        signs=_signs(pictures),
        authors=frozenset(words(a) for a in authors),
    )
    out = []
    for picture in pictures:
        url = picture.piece.picture or ""
        raw = raw_of(picture)
        found = parted(picture, raw, custom)
        out.append(
            Shown(
                image=Image(
                    url=url, key=key_of(url) if key_of else url, caption=found.caption, credit=found.credit, agency=found.agency,
                    alt=picture.piece.alt, raw=raw or None,
                ),
                picture=picture,
            )
        )  # fmt: skip
    return out


def raw_of(picture: Picture) -> str:
    """The words of a picture as printed, on one line."""
    return squeeze(" ".join(p.text for p in picture.caption.pieces))


def parted(picture: Picture, raw: str, custom: Custom) -> Split:
    """Caption and credit: by the element that holds the credit, by the wording, by the last element, by what the page says elsewhere."""
    found = _by_line(picture, 0) or _by_element(picture, raw, custom) or _by_other_words(picture, raw) or split(raw, accepted=custom.shapes)
    if found.credit is None:
        found = _by_line(picture, -1) or _by_last_part(picture, raw) or found
    return found


def _by_line(picture: Picture, at: int) -> Split | None:
    """Caption and credit where the first (0) or the last (-1) line is a credit and nothing else, and no other line names one."""
    lines = [line for piece in picture.caption.pieces for line in piece.text.split("\n")]
    rest = lines[1:] if at == 0 else lines[:-1]
    if not rest or split(lines[at]).shape != "whole" or any(split(line).credit for line in rest):
        return None
    name = split(lines[at]).credit
    caption = plain(" ".join(rest))
    return Split(caption=caption or None, credit=name, agency=agency_of(name), wording=lines[at], shape="element") if name else None


def _by_element(picture: Picture, raw: str, custom: Custom) -> Split | None:
    """Caption and credit where the page has an element of its own for the credit."""
    parts = _different(t for element in _credit_elements(picture, custom.signs) if (t := squeeze("".join(element.itertext()))))
    for text in (*_run(parts, raw), *parts):
        name = credit_name(text)
        if not name or len(text) > MAX_CREDIT_BOX or (words(name) in custom.authors and not _captioned(picture)) or is_label(text):
            continue
        at = raw.rfind(text)
        if (at < 0 or len(text) >= len(raw)) and (not (like_name(text) or split(text).shape) or (at >= 0 and words(text) != words(raw))):
            continue
        # The agency behind the photographer may stand outside the element: `<span class=credit>Name</span>/AFP`.
        more = _JOINED.fullmatch(raw[at + len(text) :]) if at >= 0 else None
        if more and like_name(more["in"]):
            text, name = raw[at:], f"{name}{more[0]}"
        caption = squeeze(_without(raw[:at], name) + " " + _without(raw[at + len(text) :], name)).strip(" |/–—-") if at >= 0 else raw
        told = split(text)
        if told.credit and told.caption and told.shape in SURE and not split(told.caption).credit and not like_name(told.caption):
            # The element called a credit holds the caption too.
            return evolve(told, caption=squeeze(f"{caption} {told.caption}") if len(text) < len(raw) else told.caption)
        caption = plain(caption)
        inner = split(caption)
        again = words(inner.credit or "") == words(name)
        return Split(
            caption=(inner.caption if again else caption) or None, credit=name, agency=agency_of(name), wording=text, shape="element"
        )
    return None


def _captioned(picture: Picture) -> bool:
    """Whether the words of a picture stand in a caption element: a name there is no byline."""
    return all(p.inside("figcaption") is not None for p in picture.caption.pieces)


def _run(parts: Sequence[str], raw: str) -> list[str]:
    """The text from the first credit element to the last: photographer and agency often have one each."""
    found = [(at, at + len(t)) for t in parts if len(t) <= MAX_CREDIT_BOX and (at := raw.find(t)) >= 0]
    if len(found) < 2:
        return []
    run = raw[min(found)[0] : max(end for _, end in found)]
    return [run] if len(run) <= sum(end - at for at, end in found) + 12 else []


def _without(rest: str, name: str) -> str:
    """What is printed beside a credit; nothing where that is the same credit once more."""
    return "" if words(credit_name(rest) or "") == words(name) else rest


def _different(parts: Iterable[str]) -> list[str]:
    """The texts of credit elements without those that say again what one before said."""
    out: list[str] = []
    for text in parts:
        name = words(credit_name(text) or text)
        if not any(name in words(other) for other in out):
            out.append(text)
    return out


def _by_last_part(picture: Picture, raw: str) -> Split | None:
    """Caption and credit where the last piece or element of the caption holds a name and nothing else, and no class says so."""
    parts = [part for piece in picture.caption.pieces for part in _parts(piece)]
    last = parts[-1] if parts else ""
    head = raw[: -len(last)].rstrip(" /|–—-") if last and raw.endswith(last) else ""
    if not head or len(last) > 80:
        return None
    named = len(last.split()) > 1 and like_name(last)
    if only_agencies(last) or (named and (head[-1] in _CLOSED or _two_fields(picture, last))):
        return _cut(head, last)
    return None


def _two_fields(picture: Picture, last: str) -> bool:
    """Whether a caption is made of two elements of different classes, the last of which holds this text: then they say two things."""
    box = picture.caption.pieces[-1].element
    if small(box, MAX_CREDIT_BOX * 4) is None:
        return False
    fields = [child for child in box if child.tag in _OWN_TAGS and squeeze("".join(child.itertext()))]
    classes = [child.get("class") for child in fields if child.get("class")]
    own = (box.text or "").strip() or any((child.tail or "").strip() for child in box)
    return (
        not own and len(fields) == 2 and len(set(classes)) == 2 and squeeze("".join(fields[1].itertext())) == last and len(fields[0]) == 0
    )


def _by_other_words(picture: Picture, raw: str) -> Split | None:
    """Caption and credit where an attribute holds the caption alone: what the page prints before or behind it is the credit."""
    for told in _told_by_attributes(picture.piece):
        if raw.casefold().startswith(told.casefold()) and (rest := _rest(picture, raw[len(told) :], told)):
            return _cut(told, rest)
        head = raw[: -len(told)].strip()
        if head and raw.casefold().endswith(told.casefold()) and split(head).shape == "whole":
            return _cut(told, head)
    return None


def _rest(picture: Picture, behind: str, told: str) -> str | None:
    """The credit behind a caption: a sure one, or a name that a sign or an element of its own parts from the caption."""
    apart = _BREAK.match(behind)
    rest = behind[apart.end() if apart else 0 :].strip(" )].")
    if not rest or len(rest) > 80:
        return None
    if only_agencies(rest):
        return rest
    if not apart and behind.strip() not in [part for piece in picture.caption.pieces for part in _parts(piece)]:
        return None
    sure = split(rest)
    long = len(told.split()) >= 4 or len(told) >= 24
    whole = sure.credit is not None and sure.caption is None
    return rest if whole or (long and like_name(rest) and len(rest.split()) > 1) else None


def _told_by_attributes(piece: Piece) -> Iterable[str]:
    figure = piece.inside("figure")
    for element in (piece.element, *([figure] if figure is not None else [])):
        for name in ("alt", "title", "data-caption", "data-title", "aria-label"):
            if value := squeeze(element.get(name) or ""):
                yield value


def _cut(head: str, last: str) -> Split | None:
    name = credit_name(last)
    return Split(caption=head, credit=name, agency=agency_of(name), wording=last, shape="element") if name else None


def _parts(piece: Piece) -> list[str]:
    """The texts of a piece by the elements of their own they stand in: links and bold words are no such elements."""
    if small(piece.element, 2 * len(piece.text) + 40) is None:
        return [piece.line]
    own = [squeeze("".join(child.itertext())) for child in piece.element if child.tag in _OWN_TAGS]
    return [piece.line, own[-1]] if own and own[-1] and piece.line != own[-1] and piece.line.endswith(own[-1]) else [piece.line]


def _roots(picture: Picture) -> list[etree._Element]:
    """The elements that hold a picture's words and little else."""
    size = sum(len(p.text) for p in picture.caption.pieces)
    # A caption printed straight into a large box says nothing about what else lies there.
    return [p.element for p in picture.caption.pieces if small(p.element, 2 * size + 40) is not None]


def _credit_elements(picture: Picture, signs: frozenset[Sign]) -> list[etree._Element]:
    figure = picture.piece.inside("figure")
    if figure is not None and len(list(islice(figure.iter("img"), MAX_IN_FIGURE + 1))) > MAX_IN_FIGURE:
        figure = None
    out: list[etree._Element] = []
    for root in (*_roots(picture), *([figure] if figure is not None else [])):
        for element in root.iter(etree.Element):
            if element.tag not in _NO_CREDIT and _may_credit(element, signs):
                out.append(element)
    unique = dict.fromkeys(out)
    return [e for e in unique if not any(parent in unique for parent in e.iterancestors())]


def _may_credit(element: etree._Element, signs: frozenset[Sign]) -> bool:
    """Whether an element holds a credit by its name, its tag or the page's custom, and no caption beside it."""
    if element.tag == "cite" or (signs and _sign(element) in signs):
        return True
    return is_credit_box(element) and not any(is_caption_box(inner) for inner in element.iterdescendants("span", "div", "p"))


def _sign(element: etree._Element) -> Sign:
    parent = element.getparent()
    return str(element.tag), element.get("class") or "", (parent.get("class") or "") if parent is not None else ""


def _signs(pictures: Sequence[Picture]) -> frozenset[Sign]:
    """The elements that hold sure credits under at least two pictures of the page, and never anything else."""
    credits: Counter[Sign] = Counter()
    others: set[Sign] = set()
    for picture in pictures:
        for sign, text in {_sign(e): squeeze("".join(e.itertext())) for root in _roots(picture) for e in root.iter(*_SIGN_TAGS)}.items():
            found = split(text) if len(text) <= MAX_CREDIT_BOX else Split(caption=text)
            if found.credit and found.caption is None:
                credits[sign] += 1
            elif text and not like_name(text):
                others.add(sign)
    return frozenset(sign for sign, count in credits.items() if count >= 2 and sign not in others and sign[1])
