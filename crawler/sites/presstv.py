"""Press TV: one numbering of stories since 2009, many hosts, four layouts.

A page's layout tells when it was fetched, not when it was written: a story of 2016 is served in today's layout.
What is known of the layouts: classic from a whole page, modern from class names in scrapers and the text of pages,
the two older ones from the text of pages alone; these three are therefore read by the order of their text.
"""

from __future__ import annotations

import re
from datetime import date

from attrs import evolve

from crawler.parsers.dates.dates import Moment, moment
from crawler.parsers.document.page import Page
from crawler.parsers.document.selectors import Reader, first, meta, reader, xpath
from crawler.parsers.document.structured_data import linked_data
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered
from crawler.parsers.text_order.templates import ordered
from crawler.sites.site import Feed, Mirror, Section, Site, Sitemap
from crawler.urls import path_of

_DAY = re.compile(r"/(20\d\d)/(\d{1,2})/(\d{1,2})/\d{4,7}")

SEIZED = date(2021, 6, 22)
"""The day on which the .com domains were taken by the US government; since then they show its banner."""

MIRRORS = (
    Mirror(host="www.presstv.co.uk"),
    Mirror(host="www.presstv.ir"),
    Mirror(host="presstv.co.uk", alias=True),
    Mirror(host="presstv.ir", alias=True),
    Mirror(host="783093661.r.worldcdn.net", alias=True),
    Mirror(host="french.presstv.ir", language="fr"),
    Mirror(host="french.presstv.co.uk", language="fr"),
    Mirror(host="350431105.r.worldcdn.net", language="fr", alias=True),
    Mirror(host="www.presstv.com", until=SEIZED),
    Mirror(host="presstv.com", until=SEIZED),
    # Hosts of former layouts: their links still name stories, nobody answers there now.
    Mirror(host="edition.presstv.ir", until=date(2016, 1, 1)),
    Mirror(host="previous.presstv.ir", until=date(2016, 1, 1)),
    Mirror(host="edition.presstv.com", until=date(2016, 1, 1)),
    Mirror(host="beta.presstv.com", until=date(2020, 9, 1)),
    Mirror(host="iran.presstv.ir", until=date(2020, 9, 1)),
)

STORIES = (
    r"^/(?:doc/)?(?:detail|video)/(?P<y>20\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})/0*(?P<id>[1-9]\d{3,6})(?:[/?#]|$)",
    r"^/(?:doc/)?detail/0*(?P<id>[1-9]\d{3,6})(?:\.html?)?/?(?:[?#]|$)",
    r"^/detail\.aspx\?(?:[^#]*&)?id=0*(?P<id>[1-9]\d{3,6})(?:&|$)",
)
_STORY_LINK = r"/(?:doc/)?(?:detail|video)/(?:20\d\d/\d{1,2}/\d{1,2}/)?0*[1-9]\d{3,6}\b|/detail\.aspx\?.*\bid=\d{4}"

_FURNITURE = (
    r"^(?:share(?: this(?: article| story)?)?|partager(?: cet article)?|press ?tv news roku|embed|"
    r"download(?: video)?|print|email|e-mail|watch live|live|loading ?\.*"
    r"|(?:last )?(?:updated?|modified) ?:?|published ?:?|mis à jour ?:?|breaking news|follow us"
    r"|facebook|twitter|telegram|whatsapp|x|copy link|"
    r"listen(?: to (?:this )?article)?|\[.{0,3}\]|share\s*\|\s*email\s*\|\s*print"
    r"|install the new version of press ?tv application.*|watch press tv news headlines"
    r"|source ?: ?(?:french )?press ?tv|(?:by:? )?press ?tv)$"
)
_ENDS = (
    r"^(?:share this (?:article|story)|partager cet article|press tv news roku|source ?: ?french press tv|"
    r"related stories ?:?|add comment\b.*|comments?"
    r"|latest (?:from|news)\b.*|follow us|before you submit\b.*|\d+ characters left.*|©.*rights reserved.*|tags ?:.*)$"
)
_CLOSING = (
    r"website can also be (?:accessed|reached|visited|viewed) (?:at|via|through|"
    r"on) the following (?:alternat\w+ )?(?:web ?site )?address\w*\s*:?"
)
_DESKS = (
    r"(?:[\w&’'-]+ ){0,4}(?:desk|staff|team|newsroom|editorial board|(?:staff |senior |website )?(?:writer|reporter|correspondent|editor)s?"
    r"|analysts?|contributors?)"
)
_PICTURE = r"/photo/(?:\d{8}|\d{4}/\d{1,2}/\d{1,2})/(?P<key>[^/?#]+?)(?:\.[sm])?\.\w{2,5}(?:[?#]|$)"

WORDS = Order(
    paper=r"^\s*press ?tv\s*[-–—|:]\s*(?=\S)|(?<=\S)\s*[-–—|]\s*press ?tv\s*$",
    closing=_CLOSING,
    ends=_ENDS,
    furniture=_FURNITURE,
    place=r"(?:^|[,|–—-]\s*|\s)press ?tv\s*[,|–—-]\s*[^\W\d_][\w .'’-]{1,40}$",
    office=rf"(?:by:?\s+)?(?P<office>press ?tv(?:[’']s)? {_DESKS})",
    initials=r"[A-Z]{2,4}(?:/[A-Z]{2,4}){0,4}",
    story_link=_STORY_LINK,
    picture_key=_PICTURE,
    related="//*[@data-oembed-url]",
    picture_noise=r"^data:|/(?:images|static|content|css|js|icons?|ads?|banners?)/|viewcounter|logo|sprite|pixel|roku|/seals|\.svg\b|\.gif\b|alexametrics",
)
MODERN_ORDER = evolve(WORDS, headline=("h1.news-title-container",), body=(".news-body-container",), dates=(".news-detail",))
CLASSIC_ORDER = evolve(
    WORDS,
    headline=("article#item h2.page-header", "article#item h1"),
    body=("article#item div.item-text", "div.item-text", "div.media-text"),
    dates=("#header-pubdate", ".item-date"),
    ends=_ENDS + r"|^embed$",
)


def _us_order(text: str) -> Moment | None:
    return moment(text, us_order=True)


def _said_in_head(page: Page) -> Moment | None:
    value = linked_data(page).article.get("datePublished")
    return moment(value) if isinstance(value, str) else None


def _from_address(page: Page) -> Moment | None:
    found = _DAY.search(page.url)
    try:
        return Moment(day=date(int(found[1]), int(found[2]), int(found[3]))) if found else None
    except ValueError:
        return None


_DATED: Reader[Moment] = first(
    reader("jsonld datePublished", _said_in_head),
    meta("article:published_time").then(moment),
    xpath("//article//time/@datetime | //h1/following::time[1]/@datetime").then(moment),
    reader("address", _from_address),
)


def _says(pattern: str, *words: str) -> Reader[str]:
    """Words in the page's source.

    Args:
        words: If given, of these one at least is in what is found; looked for first, since a search in any case is slow.
    """
    compiled = re.compile(pattern, re.IGNORECASE)

    def said(page: Page) -> str | None:
        source = page.memo.get("casefolded")
        if source is None:
            source = page.memo["casefolded"] = page.text.casefold()
        if words and not any(word in source for word in words):
            return None
        found = compiled.search(page.text)
        return found[0] if found else None

    return reader(f"words {pattern}", said)


def _named_on_its_page(page: Page) -> str | None:
    """The paper's name on a page whose address is a story's."""
    named = _PAPER(page) if any(re.search(pattern, path_of(page.url), re.IGNORECASE) for pattern in STORIES) else None
    return named.value if named else None


def _absent(mark: Reader[str], other: Reader[str]) -> Reader[str]:
    """One mark where another is missing."""
    return reader(f"{mark.name} without {other.name}", lambda page: found.value if other(page) is None and (found := mark(page)) else None)


_PAPER = _says(r"\bpress ?tv\b", "press")
_CLASSIC_MARK = first(
    xpath("//link[contains(@href, '/Content/Site151104.css')]/@href"),
    xpath("//article[@id='item']/@class"),
    xpath("//*[@id='header-pubdate']/@id"),
)
_TABLES_MARK = _says(r"(?:\badd comment\b|Share\s*\|\s*(?:<a\b[^>]*>)?\s*Email)", "add comment", "share")
_PLAIN_MARK = _says(r"before you submit, read our|characters left\b", "before you submit", "characters left")
_MODERN_MARK = first(
    xpath("//*[contains(@class, 'news-title-container') or contains(@class, 'news-body-container')]/@class"),
    meta("dc.date.created"),
    _says(_CLOSING.split("\\s*:?")[0]),
    _says(r"SHARE THIS ARTICLE|Press TV News Roku|Partager Cet Article|SOURCE: FRENCH PRESS TV"),
)
_TITLED = first(_says(r"<title[^>]*>\s*Press ?TV\s*[-–|]", "<title"), reader("address of a story", _named_on_its_page))

CLASSIC = ordered(
    "classic", CLASSIC_ORDER, _CLASSIC_MARK,
    published=first(Ordered(CLASSIC_ORDER).published(), _DATED),
    seen_from=date(2014, 12, 1), seen_until=date(2021, 6, 30),
    published_raw=Ordered(CLASSIC_ORDER).published_raw(whole=True),
)  # fmt: skip
MODERN = ordered(
    "modern", MODERN_ORDER, _absent(_MODERN_MARK, _CLASSIC_MARK),
    seen_from=date(2019, 9, 1),
    published=first(meta("DC.Date.Created").then(_us_order), meta("date").then(_us_order), Ordered(MODERN_ORDER).published(), _DATED),
    canonical_url=first(meta("og:url"), xpath("//link[@rel='canonical']/@href")),
)  # fmt: skip
_PUBLISHED = first(Ordered(WORDS).published(), _DATED)
PLAIN = ordered("plain", WORDS, _PLAIN_MARK, published=_PUBLISHED, seen_from=date(2012, 1, 1), seen_until=date(2015, 12, 31))
TABLES = ordered("tables", WORDS, _TABLES_MARK, published=_PUBLISHED, seen_until=date(2012, 12, 31))
UNKNOWN = ordered(
    "text-order", MODERN_ORDER, _absent(_TITLED, first(_MODERN_MARK, _CLASSIC_MARK, _PLAIN_MARK, _TABLES_MARK)),
    published=first(Ordered(MODERN_ORDER).published(), _DATED),
)  # fmt: skip

SITE = Site(
    name="presstv",
    title="Press TV",
    language="en",
    mirrors=MIRRORS,
    stories=STORIES,
    seeds=(
        Feed("/rss.xml"),
        Feed("/rss.xml", language="fr"),
        Sitemap("/sitemap.xml"),
        Section("/"),
        *(Section(f"/Section/{n}") for n in (101, 102, 103, 104, 105, 106, 107, 108, 130, 13013)),
        *(Section(f"/doc/section/{n}", backfill=True) for n in range(601, 608)),
        Section("/", language="fr"),
    ),
    templates=(MODERN, CLASSIC, PLAIN, TABLES, UNKNOWN),
    # By printed dates of saved pages; addresses by number alone were used until 2012.
    numbered=(
        (98261, date(2009, 6, 16)), (207430, date(2011, 10, 30)), (253888, date(2012, 8, 1)), (390988, date(2014, 12, 31)),
        (459588, date(2016, 4, 7)), (606960, date(2019, 9, 23)), (660736, date(2021, 6, 23)), (734716, date(2024, 10, 6)),
        (774416, date(2026, 8, 15)),
    ),
    # The server's clock was proven to run in GMT for the classic layout; pages of the others are taken to agree.
    timezone="UTC",
    sections=(r"^/(?:default/|doc/)?section/(?P<id>\d+)(?:/(?P<page>\d+))?/?(?:[?#]|$)",),
    # The numbers of the English sections; French pages link them too, and the French hosts do not have them.
    sections_in=((r"1\d{2,5}", "en"),),
    section_page="/Section/{id}/{page}",
    # Proven for the addresses of the site itself until 2011; that later numbers answer there too is not.
    story_page="/detail/{number}.html",
    never=(
        r"^/submission/",  # counts views
        r"^/callback(?:\.asmx)?(?:[/?]|$)",  # links that differ at every render: endless
        r"^/default/(?:embed|sms|search|getschedule)\b",
        r"^/js/loc\b",
        r"[?&]t=\d{12,}",
    ),
    never_hosts=("217.218.67.231", "certify.alexametrics.com"),
    picture_hosts=(
        "cdn.presstv.ir", "cdn.presstv.co.uk", "static.presstv.ir", "previous.presstv.ir", "217.218.67.233", "107.189.40.46",
        "cdn.presstv.com", "media.presstv.com",
    ),
    picture_key=_PICTURE,
    identity=(
        "//meta[@property='og:url']/@content",
        "//link[@rel='canonical']/@href",
        "//*[@id='header-pubdate']/@data-id",
        "//img[contains(@src, 'ViewCounter/')]/@src",
        "//a[contains(@href, 'sharer.php?u=') or contains(@href, 'intent/tweet')]/@href",
    ),
    gone_words=("the page you are looking for", "page cannot be found", "page not found", "la page que vous recherchez"),
)  # fmt: skip
