"""The rules that give each picture its caption."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from attrs import evolve
from lxml import etree

from crawler.parsers.captions.caption_boxes import is_called_caption
from crawler.parsers.captions.caption_credits import ends_signed, names_maker, with_credit_line
from crawler.parsers.captions.pairing import MAX_CAPTION_CHARACTERS, Caption, Picture, Place, texts_after
from crawler.parsers.credits.credits import split
from crawler.parsers.document.blocks import HEADINGS
from crawler.parsers.document.rules import Rules, Trace
from crawler.parsers.document.segments import Segment, ancestry, small, words

MAX_UNMARKED_CHARACTERS = 420
"""A longer text beside a picture is a caption only where a class or an element says so."""
MAX_BOX_CHARACTERS = 500
MAX_BOX_SEGMENTS = 4

_CENTRED = re.compile(r"text-align:\s*center")
_SMALL_TAGS = frozenset(("small", "em", "i", "center", "caption", "cite", "font"))
_SURE = ("paren-sure", "sign", "label", "whole")
_PAGE_TAGS = ("body", "html", "article", "main")


def pair(
    segments: Sequence[Segment],
    *,
    limit: Iterable[etree._Element] = (),
    is_text: Callable[[Segment], bool] = lambda segment: True,
    trace: Trace | None = None,
) -> list[Picture]:
    """Give each picture of a run of segments its caption.

    Args:
        segments: A stretch of a page's flow.
        limit: Elements no caption box may hold: the article's own containers.
        is_text: False for lines that are never captions: dates, share words, bylines.
    """
    walls = set(limit)
    out: list[Picture] = []
    taken: set[int] = set()
    for i, segment in enumerate(segments):
        if segment.picture:
            if trace is not None:
                trace.about = segment.picture
            answer = CAPTION.first(trace, Place(segments=segments, i=i, walls=walls, taken=taken, is_text=is_text))
            caption = answer[0] if answer else Caption()
            taken |= {p.n for p in caption.segments}
            out.append(Picture(segment=segment, caption=caption))
    if trace is not None:
        trace.about = None
    return out


# -- the rules


def figure(place: Place) -> Caption | None:
    """Look in the picture's `figure`: `figcaption`, a caption class, else its short text."""
    box = place.picture.inside("figure")
    if box is None or box in place.walls:
        return None
    inside = [p for p in _own(place, _texts_in(place, box)) if place.is_free(p)]
    marked = _marked(place, inside)
    limit = MAX_CAPTION_CHARACTERS if marked else MAX_UNMARKED_CHARACTERS
    marked = marked or inside
    if not marked or _size(marked) > limit:
        return None
    signed = [p for p in inside if p not in marked and names_maker(p)]
    return Caption(segments=with_credit_line(place, [*marked, *signed]), sure=True)


def credit_and_title(place: Place) -> Caption | None:
    """Look for a title and a credit alone with the picture: a product."""
    if place.told is None or place.told.shape != "whole" or not any(rule(place) for rule in _BEHIND):
        return None
    credit = place.after[0]
    box = [p for p in _box(place, lambda p: place.is_text(p) and (p is credit or p.linked < 0.9)) if p.n > place.picture.n]
    return Caption(segments=tuple(box), sure=True) if len(box) == 2 and credit in box else None


def caption_element_behind(place: Place) -> Caption | None:
    """Look for a text behind the picture in a `figcaption`, `caption` or element called one."""
    text = place.next_text
    if text is None or not (text.inside("figcaption") is not None or _captions(text) or text.tag == "caption"):
        return None
    return _behind(place)


def caption_box_behind(place: Place) -> Caption | None:
    """Look for a text right behind the picture in a small box called a caption."""
    parent = place.next_text.element.getparent() if place.next_text is not None else None
    if place.next_text is None or parent is None or not is_called_caption(parent):
        return None
    return _behind(place) if small(parent, len(place.next_text.text) * 3 // 2) is not None else None


def alternative_text_behind(place: Place) -> Caption | None:
    """Look for a text right behind the picture that repeats its alternative text."""
    alt = words(place.picture.alt or "")
    if place.next_text is None or len(alt) < 6:
        return None
    told = words((place.told and place.told.caption) or "")
    return _behind(place) if alt in (words(place.next_text.text), told) else None


def signed_text_behind(place: Place) -> Caption | None:
    """Look for a text right behind the picture that ends with a sure credit."""
    if place.next_text is None or place.told is None or not place.told.credit:
        return None
    return _behind(place) if place.told.shape in _SURE else None


def text_set_apart_behind(place: Place) -> Caption | None:
    """Look for a short text behind the picture, centred, small or slanted as a whole."""
    if place.next_text is None or len(place.next_text.text) > 300 or not _is_set_apart(place.next_text):
        return None
    return evolve(_behind(place), sure=False)


def box_of_the_picture(place: Place) -> Caption | None:
    """Take the little text in the largest box that holds this picture alone."""
    boxed = [p for p in _box(place, place.is_text) if p.n not in place.taken]
    return Caption(segments=with_credit_line(place, boxed), sure=ends_signed(boxed, place.picture)) if boxed else None


_BEHIND = (caption_element_behind, caption_box_behind, alternative_text_behind, signed_text_behind, text_set_apart_behind)
CAPTION = Rules("caption", figure, credit_and_title, *_BEHIND, box_of_the_picture)


# -- parts of the rules


def _behind(place: Place) -> Caption:
    """The text right behind a picture, and the credit behind that."""
    return Caption(segments=with_credit_line(place, place.after[:1]), sure=True, apart=True)


def _marked(place: Place, inside: Sequence[Segment]) -> list[Segment]:
    """The marked texts of a figure, else those of a `figcaption` behind the picture."""
    marked = [p for p in inside if p.inside("figcaption") is not None or is_called_caption(p.element)]
    # A button in the figure is no caption where the caption follows it.
    return marked or [p for p in texts_after(place.segments, place.i) if p.inside("figcaption") is not None and p.n not in place.taken]


def _captions(text: Segment) -> bool:
    """Tell whether the element of a text, or one in it, is called a caption."""
    if is_called_caption(text.element):
        return True
    if small(text.element, 2 * len(text.text) + 40) is None:
        return False
    return any(is_called_caption(inner) for inner in text.element.iter("span", "em", "small", "cite"))


def _is_set_apart(text: Segment) -> bool:
    """Tell whether a short text is centred, small, or slanted as a whole."""
    element = text.element
    if element.tag in ("center", "small", "caption"):
        return True
    if _CENTRED.search(element.get("style") or "") or (element.get("align") or "").lower() == "center":
        return element.tag not in ("table", "body")
    own = (element.text or "").strip() or any((child.tail or "").strip() for child in element)
    parts = [child for child in element if not _is_no_text(child)]
    return not own and len(parts) == 1 and parts[0].tag in _SMALL_TAGS


def _is_no_text(child: etree._Element) -> bool:
    """Tell whether a child is a picture, a line break or a link around something."""
    return child.tag in ("img", "br", "picture", "noscript") or (child.tag == "a" and len(child) > 0)


def _texts_in(place: Place, box: etree._Element) -> list[Segment]:
    """The texts near a picture that lie in a box."""
    near = place.segments[max(0, place.i - 6) : place.i + 12]
    return [p for p in near if p.text and box in ancestry(p.element)]


def _own(place: Place, texts: Sequence[Segment]) -> list[Segment]:
    """The texts of a figure between two other pictures, if it captions several."""
    captioned = [p.n for p in texts if p.linked < 0.8 and p.inside("figcaption") is not None]
    others = _others(place) if captioned else []
    first, last = _between(place.picture.n, others, captioned) if others else (-1, place.segments[-1].n + 1)
    return [p for p in texts if first < p.n < last]


def _between(here: int, others: Sequence[int], captioned: Sequence[int]) -> tuple[int, int]:
    """Places between which a picture's texts stand, in a figure of several."""
    before = max((n for n in others if n < here), default=-1)
    behind = min((n for n in others if n > here), default=max(*captioned, *others) + 1)
    if captioned[0] < min(here, *others) and captioned[-1] < max(here, *others):
        return before, here  # each caption above its picture
    own = any(here < n < behind for n in captioned)
    return (here if own and before >= 0 else -1), (behind if own else captioned[-1] + 1)


def _others(place: Place) -> list[int]:
    """The places of the other pictures near a picture in its figure."""
    figure = place.picture.inside("figure")
    near = (p for p in place.segments[max(0, place.i - 6) : place.i + 12] if p.picture and p.picture != place.picture.picture)
    return [p.n for p in near if figure is not None and figure in ancestry(p.element)]


def _box(place: Place, is_text: Callable[[Segment], bool]) -> list[Segment]:
    """Text in the largest box that holds this picture alone and little else."""
    best: list[Segment] = []
    near = [p for p in place.segments[max(0, place.i - 8) : place.i + 10] if p is not place.picture]
    for element in ancestry(place.picture.element):
        if element in place.walls or element.tag in _PAGE_TAGS:
            break
        inside = [p for p in near if element in ancestry(p.element)]
        found = [p for p in inside if p.text and is_text(p)]
        if _has_another(inside, place.picture) or (found and not _may_be_boxed(found, place.picture)):
            break
        best = found or best
    return best


def _has_another(inside: Sequence[Segment], picture: Segment) -> bool:
    """Tell whether a box holds another picture too."""
    return any(p.picture and p.picture != picture.picture for p in inside)


def _may_be_boxed(found: Sequence[Segment], picture: Segment) -> bool:
    """Tell whether texts may all be a caption: few, short, no heading among them."""
    signed = ends_signed(found, picture)
    if len(found) > MAX_BOX_SEGMENTS or _size(found) > (MAX_UNMARKED_CHARACTERS if signed else 500):
        return False
    titled = any(p.inside(*HEADINGS) is not None and not (signed and _is_sentence(p)) for p in found)
    return not titled and (signed or all(_short(p) for p in found))


def _is_sentence(segment: Segment) -> bool:
    """Tell whether a heading holds a caption: a sentence that is no link."""
    return segment.linked < 0.5 and (segment.text.rstrip().endswith((".", "。", "।", "!", "?", "”")) or len(segment.text.split()) > 9)


def _short(segment: Segment) -> bool:
    """Tell whether a text in the right place is short enough for a caption."""
    return len(segment.text) <= 260 and (segment.linked < 0.8 or split(segment.text).shape == "whole")


def _size(segments: Iterable[Segment]) -> int:
    """Characters of several texts."""
    return sum(len(p.text) for p in segments)
