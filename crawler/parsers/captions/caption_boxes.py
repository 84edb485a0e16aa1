"""Tell by an element's names whether it was made for captions or for credits."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from crawler.parsers.document.segments import Segment, squeeze

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

    _Kept = _lru_cache_wrapper[bool]

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
_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:visually-?hidden|visuallyhidden|sr-?only|screen-?reader(?:-(?:text|only|response))?|a11y(?:-\w+)?|assistive-?text|offscreen)(?:$|[\s_-])|screenReader",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"(?:^|[\s_-])(?:share-?(?:bar|tools?|buttons?|icons?|links?|menu|panel|box)|sharing|social-?(?:share|bar|links?|buttons?|icons?)|copy-?link|clipboard|"
    r"jw|vjs|plyr|mejs|(?:player|video|media)-?controls?|control-?bar|volume|toolbar|tooltip)(?:$|[\s_-])"
)
"""Boxes whose texts are buttons."""
STILL = re.compile(r"image|photo|foto|picture|figure|bild")
"""Names of boxes made for pictures."""
KEPT = 512
"""Names of elements about which an answer is remembered: the pages of a site use the same ones."""
MAX_KEPT = 300
"""Characters of such names."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def called(element: etree._Element) -> str:
    """The names of an element in lower case, compound ones parted: `imageSource` is `image-source`."""
    return _parted(_names(element))


def is_called_caption(element: etree._Element) -> bool:
    """Tell whether an element's names speak of captions."""
    return _asked(_speaks_of_captions, _names(element))


def is_credit_box(element: etree._Element) -> bool:
    """Tell whether an element's names speak of credits.

    Of two words in one name the last tells, as in `figcaption--author`.
    """
    return _asked(_speaks_of_credits, _names(element))


def _names(element: etree._Element) -> str:
    """The names of an element as written; blanks alone if it has none."""
    get = element.get
    return f"{get('class') or ''} {get('id') or ''} {get('itemprop') or ''} {get('data-testid') or ''}"


def _asked(speaks: _Kept, names: str) -> bool:
    """Ask what names speak of; long ones are not remembered."""
    return not names.isspace() and (speaks(names) if len(names) <= MAX_KEPT else speaks.__wrapped__(names))


def _parted(names: str) -> str:
    return _CAMEL.sub("-", names).lower()


@lru_cache(maxsize=KEPT)
def _speaks_of_captions(names: str) -> bool:
    return CAPTION_CLASS.search(_parted(names)) is not None


@lru_cache(maxsize=KEPT)
def _speaks_of_credits(names: str) -> bool:
    credit = caption = False
    for name in _parted(names).split():
        last = max((m.end() for m in CREDIT_CLASS.finditer(name)), default=-1)
        other = max((m.end() for m in CAPTION_CLASS.finditer(name)), default=-1)
        if last >= 0 and other >= 0:
            return last >= other
        credit, caption = credit or last >= 0, caption or other >= 0
    return credit and not caption


def is_caption_box(element: etree._Element) -> bool:
    """Tell whether an element's names speak of captions and not of credits."""
    return is_called_caption(element) and not is_credit_box(element)


def is_control(segment: Segment) -> bool:
    """Tell whether a text lies in a box for sharing, or of a player's controls."""
    box: etree._Element | None = segment.element
    for _ in range(3):
        if box is None or box.tag in ("figure", "figcaption", "article", "body"):
            return False
        if _CONTROL.search(called(box)):
            return True
        box = box.getparent()
    return False


def is_unseen(segment: Segment) -> bool:
    """Tell whether a text is for screen readers alone, by the names of its box."""
    element = segment.element
    inner = next((child for child in element if child.tag in ("span", "strong", "b", "em") and _names_unseen(child)), None)
    if inner is not None and squeeze("".join(inner.itertext())) == segment.line:
        return True
    parent = element.getparent()
    return _names_unseen(element) or (parent is not None and _names_unseen(parent))


def _names_unseen(element: etree._Element) -> bool:
    """Tell whether the names of an element hide it from sight."""
    return _UNSEEN.search(f"{element.get('class') or ''} {element.get('id') or ''}") is not None


def is_byline_box(element: etree._Element) -> bool:
    """Tell whether an element's names speak of a byline and not of pictures."""
    name = called(element)
    return _BYLINE.search(name) is not None and "media" not in name and not STILL.search(name)


def is_called_credit(element: etree._Element) -> bool:
    """Tell whether an element's names surely speak of a picture's credit."""
    return _CREDITED.search(called(element)) is not None
