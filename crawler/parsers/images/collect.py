"""Collect the editorial pictures of a generic article page, with captions and credits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce

from attrs import evolve, frozen

from crawler.items import Image
from crawler.parsers.captions.caption_boxes import is_control, is_unseen
from crawler.parsers.captions.caption_rules import pair
from crawler.parsers.captions.captions import Shown, shown
from crawler.parsers.captions.pairing import Picture
from crawler.parsers.credits.agencies import agency_of
from crawler.parsers.credits.names import only_archive, weight
from crawler.parsers.document.page import Page
from crawler.parsers.document.rules import Steps
from crawler.parsers.document.segments import Segment, words
from crawler.parsers.images.article_frame import Frame
from crawler.parsers.images.editorial import belongs, is_editorial
from crawler.parsers.images.page_data import DATA, PictureData, houses_of, lead_of, nodes_of, shared_files
from crawler.parsers.images.told_galleries import with_galleries
from crawler.parsers.picture_urls.same_file import larger, same_file

MAX_PICTURES = 500
"""Pictures of one article that are looked at; no newspaper prints more."""
AFTER = 6
"""Pieces behind the last paragraph that may still hold a picture of the article."""
BEFORE = 12
"""Pieces above the headline that may hold one."""
MAX_UNSEEN = 120
"""Characters of a text for screen readers alone, or of buttons."""
MAX_PARAGRAPH = 200
"""Weight from which a paragraph of the body is no caption, unless more than its place says so."""

_LABEL_OF_BUTTON = re.compile(
    # Atomic throughout: a line of figures (dates, telephone numbers) could be parted in more ways than can be tried.
    r"^\W*+(?:(?>(?:video|audio|podcast|play|pause|live|watch|listen|close|zoom|enlarge|expand|share|gallery|photos?|images?|advertisement|anzeige|"
    r"bild(?:er)?|foto(?:s|galerie)?|fullscreen|schließen|vergrößern|abspielen|fermer|agrandir|cerrar|ampliar|chiudi|ingrandisci|"
    r"open|in|full|screen|picture|facebook|twitter|whatsapp|telegram|linkedin|e-?mail|print|save|view|show|see|закрыть|видео|аудио|بستن|إغلاق|閉じる|拡大|"
    r"\d++(?:[:/]\d++)*+|of|von|de|из|min(?:utes?|uten)?|sec(?:onds?)?)(?![^\W\d_]))\W*+)*+$",
    re.IGNORECASE,
)
_BUTTON_ALONE = re.compile(
    r"alt|offline|perbesar|lihat(?: foto)?|selengkapnya|büyüt|powiększ|zvětšit|увеличить|放大|广告|廣告|広告|확대|크게 ?보기|"
    r"advertisement|publicidad|"
    r"publicité|anzeige|реклама|loading\.*|image|photo|picture|foto|bild|imagen|фото|图片|圖片|写真|사진",
    re.IGNORECASE,
)
_MEDIUM = re.compile(r"^\W*(?:video|audio|podcast|vídeo|vidéo|видео|аудио|ویدئو|فيديو|動画)\s*(?:[:|–—-]|\d)", re.IGNORECASE)


@frozen(kw_only=True)
class Gallery:
    """The pictures of an article, their places in the flow, and their captions' places."""

    images: tuple[tuple[Image, int | None], ...] = ()
    words: frozenset[int] = frozenset()


@frozen(kw_only=True)
class _Context:
    """The page and headline that a picture's caption is compared with."""

    page: Page
    headline: str


def gallery(
    page: Page, segments: Sequence[Segment], at: int, places: Sequence[int], authors: Sequence[str], key_of: Callable[[str], str] | None
) -> Gallery:
    """Collect the pictures of an article.

    Args:
        at: Place of the headline, -1 where unknown.
        places: Places of the body's paragraphs.
    """
    keys = key_of or same_file
    below = [n for n in places if n > at]
    # A teaser may say what a paragraph says: the body lies behind its headline.
    places = below if 2 * len(below) > len(places) else places
    frame = Frame(url=page.url, resolve=page.resolver, segments=segments, at=at, places=places, shared=shared_files(page))
    paired = pair(_candidates(page, frame), is_text=_may_caption, trace=page.trace)
    found = [p for p in (_without_paragraph(one, places) for one in paired) if belongs(frame, p, authors, page.trace)]
    out = list(_read(found, frame, page, authors, keys))
    completed, more = with_galleries(page, [image for image, _ in out], keys)
    out = [*zip(completed, (n for _, n in out), strict=True), *((image, None) for image in more)]
    if not out and (only := lead_of(page, nodes_of(page), keys)):
        out.append((only, None))
    return Gallery(images=tuple(out), words=frozenset(p.n for picture in found for p in picture.caption.segments))


def _read(
    found: Sequence[Picture], frame: Frame, page: Page, authors: Sequence[str], keys: Callable[[str], str]
) -> Iterator[tuple[Image, int | None]]:
    """The pictures as images, each with its place."""
    context, nodes = _Context(page=page, headline=frame.segments[frame.at].line if frame.at >= 0 else ""), nodes_of(page)
    for one in _once(shown(found, keys, authors=authors, houses=houses_of(page), trace=page.trace)):
        segment = one.picture.segment
        data = PictureData(segment=segment, node=nodes.get(same_file(one.image.url)))
        image = evolve(one.image, url=larger(one.image.url, frame.address.picture(segment)))
        yield _corrected(image, context, data), segment.n


def _corrected(image: Image, context: _Context, data: PictureData) -> Image:
    """Correct what a picture's words said by what else the page says of it."""
    trace = context.page.trace
    if trace is not None:
        trace.about = image.url
    image = DATA.applied(trace, CUSTOM.applied(trace, image, context), data)
    if trace is not None:
        trace.about = None
    return evolve(image, agency=image.agency or agency_of(image.credit))


def _candidates(page: Page, frame: Frame) -> list[Segment]:
    """The texts and possible pictures from above the headline to below the body."""
    first, last = _span(frame.at, frame.places, len(frame.segments))
    lead = frame.lead_before(first)
    run = frame.segments[first if lead is None else lead : frame.end(last)]
    return list(_bounded(p for p in run if not p.picture or is_editorial(frame, p, page.trace)))


def _bounded(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The segments up to the last picture that is still looked at."""
    pictures = 0
    for segment in segments:
        pictures += segment.picture is not None
        if pictures > MAX_PICTURES:
            return
        yield segment


def _span(at: int, places: Sequence[int], count: int) -> tuple[int, int]:
    """From shortly before the headline to shortly behind the body."""
    if not places:
        return max(0, at - BEFORE), min(count, at + 40) if at >= 0 else min(count, 80)
    start = min(at, places[0]) if at >= 0 else places[0]
    return max(0, start - BEFORE), min(count, places[-1] + AFTER)


def _may_caption(segment: Segment) -> bool:
    """Tell whether a text may be a caption: no button, no length of a film."""
    short = len(segment.text) < 40
    if len(segment.text) < MAX_UNSEEN and (is_unseen(segment) or is_control(segment)):
        return False
    return not (short and (_LABEL_OF_BUTTON.match(segment.line) or segment.text.endswith(":"))) and not _MEDIUM.match(segment.line)


def _without_paragraph(picture: Picture, places: Sequence[int]) -> Picture:
    """Drop an unsure caption that is a paragraph of the body, or no word."""
    segments = picture.caption.segments
    if picture.caption.sure:
        return picture
    paragraph = any(p.n in places and weight(p.text) > MAX_PARAGRAPH for p in segments)
    return Picture(segment=picture.segment) if paragraph or sum(char.isalpha() for p in segments for char in p.text) < 3 else picture


def _once(all_shown: Sequence[Shown]) -> list[Shown]:
    """Keep each picture once, but twice if its two captions differ."""
    out: list[Shown] = []
    for one in all_shown:
        same = [n for n, other in enumerate(out) if other.image.key == one.image.key]
        if not same:
            out.append(one)
        elif one.image.raw is not None and one.picture.caption.sure:
            _join(out, same, one)
        else:
            first = out[same[0]]
            out[same[0]] = Shown(image=evolve(first.image, url=larger(first.image.url, one.image.url)), picture=first.picture)
    return out


def _join(out: list[Shown], same: Sequence[int], one: Shown) -> None:
    """Add a second showing of a picture, or let it replace one that says less."""
    urls = [out[n].image.url for n in same]
    one = Shown(image=evolve(one.image, url=reduce(larger, urls, one.image.url)), picture=one.picture)
    bare = next((n for n in same if out[n].image.raw is None or not out[n].picture.caption.sure), None)
    alike = next((n for n in same if _says_the_same(out[n].image, one.image)), None)
    if bare is not None:
        out[bare] = one
    elif alike is None:
        out.append(one)
    elif out[alike].image.credit is None and one.image.credit:
        out[alike] = one
    else:
        kept = out[alike]
        out[alike] = Shown(image=evolve(kept.image, url=one.image.url), picture=kept.picture)


def _says_the_same(one: Image, other: Image) -> bool:
    """Tell whether one of two captions holds the other."""
    a, b = words(one.caption or ""), words(other.caption or "")
    return a in b or b in a


# -- corrections of what the words of a picture said


def archive_word_is_caption(image: Image, context: _Context) -> Image:
    """Put a credit that only names the kind of picture back into the caption."""
    if image.caption and image.credit and only_archive(image.credit):
        return evolve(image, caption=image.raw, credit=None, agency=None)
    return image


def headline_is_no_caption(image: Image, context: _Context) -> Image:
    """Drop a caption that only repeats the headline."""
    return evolve(image, caption=None) if image.caption and words(image.caption) == words(context.headline) else image


def words_printed_twice(image: Image, context: _Context) -> Image:
    """Keep a caption once that is printed before and behind its credit."""
    said = image.caption or ""
    half = next((said[:n].strip() for n in (said.find(end) + 1 for end in ".?!") if 12 < n < len(said)), "")
    if half and said.endswith(half) and len(said) > len(half) + 1 and words(said) != words(half):
        between = words(said[len(half) : -len(half)])
        if not between or words(image.credit or "-") in between:
            return evolve(image, caption=half)
    return image


def label_is_no_caption(image: Image, context: _Context) -> Image:
    """Drop a caption that is the name of a button and nothing else."""
    return evolve(image, caption=None) if image.caption and _BUTTON_ALONE.fullmatch(image.caption) else image


CUSTOM: Steps[Image, _Context] = Steps(
    "caption and credit", archive_word_is_caption, headline_is_no_caption, words_printed_twice, label_is_no_caption
)
