"""The places of a page that name its authors, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from crawler.parsers.authors.article import Article
from crawler.parsers.authors.bylines import PROFILE, Byline, holds_authors, is_byline
from crawler.parsers.authors.joiners import names_in
from crawler.parsers.authors.leads import is_lead, is_led, is_other_work, may_be_led, without_lead
from crawler.parsers.authors.marked_authors import marked_authors
from crawler.parsers.authors.people import full_name, is_prose, known_name
from crawler.parsers.credits.word_patterns import any_of
from crawler.parsers.dates.dates import moment
from crawler.parsers.dates.month_names import MONTHS
from crawler.parsers.document.segments import Segment, ancestry, named, squeeze
from crawler.parsers.document.structured_data import texts
from crawler.parsers.patterns import later

Found = Iterator[tuple[str, list[str]]]
MAX_BYLINE = 90
"""Characters of a byline told by its class."""
MAX_WORDED = 120
"""Characters of one told by its wording."""
MAX_MARKED = 200
"""Characters of a line that holds elements of authors."""
MAX_SIGNATURE = 60
_AUTHOR = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl", "cxenseparse:author",
    "article:author_name", "article.author", "og:article:author", "twitter:creator:name", "citation_author", "creator", "authors",
    "article-author", "vr:author",
)  # fmt: skip
_OTHER_AUTHOR = re.compile(
    r"(?:^|[.:_-])(?:article|page|content|story|news|dc|item|post|data)?[.:_-]?(?:authors?|authorname|author[_-]?name|byline|creator)$"
)
_AROUND = " –—-()[]（）【】"
_HAN = re.compile(r"[\u3400-\u9fff]")
_HANDLE = re.compile(r"@\w+")
_BY_BEHIND = re.compile(r"^.*?\b(?:by|par|von|por|door|av|af|przez|oleh)\s+(?=[^\Wa-zß-ÿ\d])")
_SWAPPED = re.compile(r"([^\W\d_][^,]{1,30}), ([^\W\d_][^,]{0,30})")


def jsonld_author(article: Article) -> Found:
    """Look for the `author` of JSON-LD."""
    yield "jsonld author", [t for p in article.told if not _is_organization(p) for t in texts(p)]


def meta_author(article: Article) -> Found:
    """Look for authors in `meta`."""
    meta = article.page.meta
    others = (name for name in meta if name not in _AUTHOR and _OTHER_AUTHOR.search(name))
    for name in (*filter(meta.__contains__, _AUTHOR), *others):
        values = [v for v in meta.get(name, ()) if not v.startswith(("http", "(", "@", "/"))]
        if name.startswith("twitter:"):
            values = [value for value in values if " " in value]
        if name == "citation_author":
            values = [_SWAPPED.sub(r"\2 \1", value) for value in values]
        if values:
            yield f"meta {name}", values


def microdata_author(article: Article) -> Found:
    """Look for `itemprop=author` and `rel=author`."""
    yield "microdata author", marked_authors(article.page.page, article.page.own_part(article.at, article.places))


def byline_class(article: Article) -> Found:
    """Look for short texts in elements called a byline, those that follow each other together."""
    known: dict[etree._Element, bool] = {}

    def called(element: etree._Element) -> bool:
        if (told := known.get(element)) is None:
            told = known[element] = is_byline(element)
        return told

    group: list[str] = []
    last, made = -1, ""
    for segment in article.top:
        box = next((e for e in islice(ancestry(segment.element), 3) if called(e)), None)
        values = _called_names(article, segment, in_box=box is not None)
        if not values:
            continue
        make = named(box) if box is not None else ""
        if group and (segment.n - last > 2 or make != made or not _is_sure(article, segment)):
            yield "byline class", group
            group = []
        group, last, made = [*group, *values], segment.n, make
    if group:
        yield "byline class", group


def _is_sure(article: Article, segment: Segment) -> bool:
    """Tell whether a further line of a byline names another author."""
    found = article.byline(segment)
    return bool(found.names) or is_led(found.line, article.language) or known_name(found.line)


def _called_names(article: Article, segment: Segment, *, in_box: bool) -> list[str]:
    """The texts of a byline: its elements that are an author each, else its line."""
    in_body = segment.n in article.in_body
    if len(segment.text) > (MAX_BYLINE if in_body else MAX_MARKED) or segment.n == article.at:
        return []
    if not in_box and (in_body or segment.n < article.at):
        return []
    if not in_box and not holds_authors(segment):
        return []
    found = article.byline(segment)
    if found.names and not in_body:
        return [found.text]
    return [found.line] if in_box and len(segment.text) <= MAX_BYLINE and not is_prose(segment.line, article.language) else []


def byline_above(article: Article) -> Found:
    """Look for boxes of the author far above the headline."""
    for segment in article.high:
        if len(segment.text) <= MAX_BYLINE and any(map(is_byline, islice(ancestry(segment.element), 3))):
            line = article.byline(segment).text
            if known_name(line.split(" - ")[0].split("\n")[0]):
                yield "byline above", [line]


def byline_wording(article: Article) -> Found:
    """Look for `By X` below the headline, in over forty languages."""
    top = article.top
    for n, segment in enumerate(top):
        if segment.n < article.at or len(segment.text) > (MAX_MARKED if segment.n == article.at else MAX_WORDED):
            continue
        led = _led_line(article, segment)
        if led is None:
            continue
        behind = top[n + 1] if n + 1 < len(top) and len(top[n + 1].text) <= MAX_BYLINE else None
        if _is_worded(led.line, article.language):
            yield "byline wording", [led.text]
        elif behind is not None and is_lead(led.line, article.language):
            yield "byline wording", [article.byline(behind).text]


def _led_line(article: Article, segment: Segment) -> Byline | None:
    """The text of a segment or line that begins as a label does."""
    lines = segment.text.split("\n")
    if segment.n != article.at and may_be_led(lines[0]):
        return article.byline(segment)
    further = (line for line in lines[1:] if len(line) <= MAX_WORDED and is_led(line, article.language) and not is_other_work(line))
    return next(map(Byline, further), None)


def profile_link(article: Article) -> Found:
    """Look for links to profile pages around the headline."""
    if article.at >= 0:
        links = [link for segment in article.top if segment.n not in article.in_body for link in segment.links]
        yield "profile link", [k.text for k in links if PROFILE.search(k.url) and " " in k.text and len(k.text) <= 40][:4]


def foot_byline(article: Article) -> Found:
    """Look for `Reporting by X` and the like at the end of the text."""
    for segment in article.foot:
        if len(segment.text) <= MAX_MARKED and may_be_led(segment.line) and _is_worded(article.byline(segment).line, article.language):
            yield "foot byline", [article.byline(segment).text]


def dated_line(article: Article) -> Found:
    """Look for a full name beside the date."""
    for segment in article.top:
        if len(segment.text) <= 100 and segment.n > article.at - 4 and segment.n != article.at:
            names = [name for name in _beside_date(segment.text) if known_name(name) or _may_be_author(article, segment, name)]
            if names:
                yield "dated line", names


def signature(article: Article) -> Found:
    """Look for a name in bold over or under the text, or alone there."""
    if not article.places:
        return
    last = article.page.segments[article.places[-1]]
    box = last.element.getparent()
    for segment, at_end in _signed_places(article, last, box):
        shaped = segment.strong > 0.9 or (at_end and segment.line[0] in _AROUND)
        unknown = shaped and not article.is_common(segment.line) and segment.element.getparent() is box
        told = len(segment.text) <= MAX_SIGNATURE and (segment.strong > 0.9 or at_end)
        if told and (names := _signed(segment.line, article.language, unknown)):
            yield "signature", names
            return


def _signed_places(article: Article, last: Segment, box: etree._Element) -> Iterator[tuple[Segment, bool]]:
    """The segments that may be a signature, and whether each ends the text."""
    places, segments = article.places, article.page.segments
    over = (p for p in segments[max(0, places[0] - 1) : places[0]] if p.text and p.n > article.at >= 0 and article.own.holds(p.element))
    yield from ((segment, False) for segment in (*over, *(segments[n] for n in places[:2])))
    under = (p for p in segments[last.n : last.n + 3] if p.text and p.element.getparent() is box)
    yield from ((segment, True) for segment in under if not segment.line.isupper())
    yield from ((segment, False) for segment in segments[last.n + 1 : last.n + 3] if _is_behind(article, segment, box))


def _is_behind(article: Article, segment: Segment, box: etree._Element | None) -> bool:
    """Test for a line of the article right behind the box of its text."""
    outer = box.getparent() if box is not None else None
    if outer is None or not segment.text or segment.line.isupper():
        return False
    return segment.element.getparent() is outer and article.own.holds(segment.element)


PLACES = (
    jsonld_author,
    meta_author,
    microdata_author,
    byline_class,
    byline_wording,
    profile_link,
    foot_byline,
    byline_above,
    dated_line,
    signature,
)
PRINTED = (microdata_author, byline_class, byline_wording)
"""Places whose names may be believed instead of those found before."""


def _is_worded(line: str, language: str | None) -> bool:
    """Tell whether a line begins with a label of authors."""
    first, *rest = line.split("\n")[:2]
    if is_other_work(first):
        return False
    return is_led(first, language) or (is_lead(first, language) and bool(rest))


def _is_organization(node: object) -> bool:
    """Tell whether JSON-LD calls a node an organization."""
    return isinstance(node, dict) and "organization" in str(node.get("@type", "")).lower()


def _signed(line: str, language: str | None, unknown: bool) -> list[str]:
    """The names of a line that holds names and nothing else.

    Args:
        unknown: Whether none of them need be a name that many people have.
    """
    bare = squeeze(without_lead(line.strip(_AROUND), language)).strip(_AROUND + ".,")
    names = names_in(bare, language)
    return (
        names
        if names and all(full_name(name) and name.count(" ") < 4 for name in names) and (unknown or any(map(known_name, names)))
        else []
    )


def _may_be_author(article: Article, segment: Segment, name: str) -> bool:
    """Tell whether a rare name is no word or place of the text."""
    if segment.n < article.at or name.count(" ") > 2 or article.is_common(name) or article.says(name):
        return False
    if _HAN.match(name) and not (article.language or "").startswith("ja"):
        return False
    return not any(link.text == name and not PROFILE.search(link.url) for link in segment.links)


_STOP = later(rf"\d|(?<!\w){any_of(m for m in MONTHS if len(m) > 2)}\b", re.IGNORECASE)


def _beside_date(text: str) -> Iterator[str]:
    """The full names on a date line, behind or before the date."""
    if moment(text.replace("\n", " ")) is None:
        return
    for part in re.split(r"\s*[|•·,、，\n]\s*|\s[/–—-]\s", text):
        if is_other_work(part):
            continue
        found = _STOP.search(part)
        before = (part[: found.start()] if found else part).strip()
        rest = _BY_BEHIND.sub("", re.split(r"[\d:.,]+", part)[-1]).strip() if found else ""
        yield from [name for told in (before, rest) if full_name(name := _HANDLE.sub("", told).strip())][-1:]
