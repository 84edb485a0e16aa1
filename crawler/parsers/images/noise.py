"""Names of files, hosts and boxes of logos, icons, pixels, teasers and advertisements."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import etree

from crawler.parsers.captions.caption_boxes import KEPT, MAX_KEPT, called, is_called_caption
from crawler.parsers.document.segments import Segment, small
from crawler.parsers.picture_urls.image_urls import is_placeholder
from crawler.parsers.picture_urls.same_file import told_width
from crawler.urls import host_of

MAX_CAPTION = 600
CLIMBED = 3
"""Boxes around a picture in which an element called a caption is looked for."""
MIN_SIDE = 90
"""Pixels of the sides of a picture; smaller ones are icons, unless the attributes only tell the ratio."""
MAX_OTHER_WORDS = 2
"""Words beside `logo` in the name of a file without losses (`png`) that still is a logo."""

_NOISE_WORDS = """
 logo logos logotype sprite sprites pixel avatar avatars gravatar icon icons ico blank spacer placeholder tracking tracker badge badges
btn bttn button buttons emoji emojis smiley smilies favicon qr qrcode captcha webfont loader spinner counter banner arrow arrows bullet
share transparent
"""
_NOISE = frozenset(_NOISE_WORDS.split())
"""Words that make a file's name one of the page around the article, where the name has no others."""
_STRONG = _NOISE - frozenset(
    ("pixel", "blank", "tracking", "tracker", "webfont", "loader", "counter", "banner", "arrow", "arrows", "bullet", "share")
)
"""Those that do so beside a word or two, where the format is not that of photographs."""
_NEUTRAL_WORDS = """
 default small large big mini tiny medium white black grey gray red blue green dark light colour color header footer head top bottom left
right site user mobile desktop app retina svg png gif img image pic web main new old facebook twitter x instagram whatsapp youtube
telegram linkedin pinterest rss email mail print search menu close play video audio social code the of for og hd sd min max xl v h w
"""
_NEUTRAL = frozenset(_NEUTRAL_WORDS.split())
_FOLDER_WORDS = """
 ad ads adserver advert advertising banner banners logo logos icon icons sprite sprites avatar avatars gravatar emoji emojis smilies
smileys badges buttons button pixel tracking tracker favicon favicons placeholder placeholders qrcode
"""
_FOLDERS = frozenset(_FOLDER_WORDS.split())
_NOISE_ADDRESS = re.compile(r"facebook\.com/tr\b|doubleclick|/1x1\.|^https?://[\w.-]+/tr\?")
_NOISE_HOST = re.compile(
    r"(?:^|\.)(?:ads?|adserver|pubs?|banners?|pixel|track(?:er|ing)?|stats?|count(?:er)?|gravatar)\d*\.|adserver|doubleclick",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[a-z]+|\d+")
_GLUED = re.compile(r"logo|icons?$|^sprite|^qrcode|^btn")
_SIZE = re.compile(r"\d{2,4}x\d{2,4}|\d+(?:px|w)\b")
_TINY = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*[01]px", re.IGNORECASE)
_RATIOS = frozenset(("16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "16:10", "10:16", "21:9", "2:1", "5:3", "3:1", "7:5", "8:5"))

_PHOTOGRAPHS = ("jpg", "jpeg", "webp", "avif")
_TEXT_TAGS = ("div", "p", "span", "td", "small", "em", "figcaption", "dd")

_BOX_WORDS = re.compile(
    r"sidebar|newsletter|recommend|taboola|outbrain|teaser|byline|(?<![a-z])(?:authors?(?!i)\w*|avatars?|related\w*|recirc\w*|promos?(?!t)|"
    r"promo(?:box|tion|tions)|"
    r"social(?!is)\w*|shar(?:e|es|ing|er|ebar|etools|ebuttons|eicons|elinks)|logos?|logotype|ads?|advert\w*|adslot|adbox|sponsor\w*|footer\w*|comments?|commentlist|"
    r"commenters?|nav|navbar|navigation|menu\w*|trending\w*|latest\w*|popular\w*|mostread|profile|bio|rail|sign-?up|subscri\w*|app-?store|"
    r"most-read|more-?(?:stories|news|from)|read-?(?:more|also|next)|see-?also|thumb-?list|embed-?(?:card|teaser)|article-?list|card-?list)(?![a-z])"
)


def named_as_noise(url: str) -> bool:
    """Tell whether whole words of an address name a logo, icon, pixel or advertisement."""
    if url.startswith("data:") or is_placeholder(url) or _NOISE_HOST.search(host_of(url)) or _NOISE_ADDRESS.search(url):
        return True
    *folders, name = unquote(urlsplit(url).path).lower().split("/")
    if any(folder in _FOLDERS for folder in folders):
        return True
    stem, _, ending = name.rpartition(".")
    return ending == "svg" or _names_noise(stem or ending, photograph=ending in _PHOTOGRAPHS)


def _names_noise(stem: str, *, photograph: bool) -> bool:
    """Tell whether a file name is words of logos, icons and pixels alone."""
    found = _TOKEN.findall(_SIZE.sub(" ", stem))
    tokens = [token for token in found if not token.isdecimal() and token not in _NEUTRAL]
    noise = [token for token in tokens if token in _NOISE]
    if noise and len(noise) == len(tokens):
        return True
    if photograph or not tokens:
        return False
    strong = any(token in _STRONG for token in noise) or any(_GLUED.search(token) for token in tokens)
    return strong and len(tokens) - len(noise) <= MAX_OTHER_WORDS


def of_nothing_else(url: str) -> bool:
    """Tell whether a whole file name is a word like `logo`.

    Then not even the page's head makes it a picture of the article.
    """
    stem, _, ending = unquote(urlsplit(url).path).lower().rsplit("/", 1)[-1].rpartition(".")
    return bool(stem) and _names_noise(stem, photograph=ending in _PHOTOGRAPHS)


def is_tiny(element: etree._Element, url: str) -> bool:
    """Tell whether attributes or style make a picture an icon or a pixel.

    Sides such as 16 and 9 are a ratio.
    """
    sides = [(element.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
    told = [int(side) for side in sides if side.isdecimal() and int(side)]
    if len(told) == 2 and (":".join(sides) in _RATIOS or (told_width(url) > 3 * MIN_SIDE and max(told) < 30)):
        return False
    return any(side < MIN_SIDE for side in told) or _TINY.search(element.get("style") or "") is not None


def is_captioned(segment: Segment) -> bool:
    """Look for a `figcaption`, or an element called a caption, beside a picture."""
    element = segment.element
    if next(element.iterancestors("figcaption"), None) is not None:
        return False
    figure = segment.inside("figure")
    if figure is not None:
        return _is_alone_in(figure) and (any(_says_something(one) for one in figure.iter("figcaption")) or _has_caption(figure))
    for depth, box in enumerate(element.iterancestors()):
        if depth >= CLIMBED or box.tag in ("body", "article", "main"):
            return False
        if not _is_alone_in(box):
            return False
        if _has_caption(box):
            return True
    return False


def _is_alone_in(box: etree._Element) -> bool:
    """Tell whether a box shows one picture, those for browsers without scripts left out."""
    shown = (one for one in box.iter("img", "amp-img") if next(one.iterancestors("noscript"), None) is None)
    return len([*islice(shown, 2)]) < 2


def _has_caption(box: etree._Element) -> bool:
    """Tell whether a small box holds an element called a caption."""
    if small(box, MAX_CAPTION) is None:
        return False
    return any(is_called_caption(one) and _says_something(one) for one in box.iterdescendants(*_TEXT_TAGS))


def _says_something(element: etree._Element) -> bool:
    """Tell whether an element holds a word of three letters."""
    text = small(element, 2 * MAX_CAPTION)
    return text is not None and sum(char.isalpha() for char in text) > 2


def speaks_of_noise(element: etree._Element) -> bool:
    """Look for words of teasers, authors or advertisements in the names of a box."""
    name = called(element)
    return _is_noise(name) if len(name) <= MAX_KEPT else _is_noise.__wrapped__(name)


@lru_cache(maxsize=KEPT)
def _is_noise(name: str) -> bool:
    return _BOX_WORDS.search(name) is not None
