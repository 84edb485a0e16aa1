"""The Harbour Courier, the embedded newspaper: a site file as short as they come."""

from __future__ import annotations

from attrs import evolve

from crawler.parsers.dates.dates import moment
from crawler.parsers.document.selectors import NOTHING, css, meta, xpath
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered
from crawler.sites.site import Feed, Mirror, Section, Site, Sitemap, Template

ORDER = Order(
    headline=("h1.headline",),
    body=("article.story .body",),
    dates=(".dateline time",),
    closing=r"can also be read at:|^lire aussi le courrier",
    ends=r"^(?:share this story|partager cet article|printer version)$",
    story_link=r"/\d{4}/\d\d/\d\d/\d{4}/",
    related="//aside[@class='related'] | //div[@class='also']",
)
TEXT = Ordered(ORDER)

MODERN = Template(
    name="modern",
    mark=css("article.story::attr(data-number)"),
    headline=TEXT.headline(),
    deck=css("p.standfirst"),
    blocks=TEXT.blocks(),
    images=TEXT.images(),
    authors=css(".dateline .byline").then(lambda name: (name,)),
    published=css(".dateline time::attr(datetime)").then(moment),
    published_raw=css(".dateline time"),
    modified=meta("article:modified_time").then(moment),
    breadcrumb=TEXT.breadcrumb(),
    section=css(".crumbs a:last-child"),
    language=xpath("//html/@lang"),
    alternates=TEXT.alternates(),
    related=TEXT.related(),
    canonical_url=xpath("//link[@rel='canonical']/@href"),
)

OLD = Ordered(evolve(ORDER, headline=("h2.title", "td.head"), body=("#story .text", "td.story"), dates=(".printed", "td.date")))

CLASSIC = evolve(
    MODERN,
    name="classic",
    mark=css("#story::attr(data-id)"),
    headline=OLD.headline(),
    blocks=OLD.blocks(),
    images=OLD.images(),
    related=OLD.related(),
    deck=css(".summary"),
    published=css(".printed").then(moment),
    published_raw=css(".printed"),
    section=css(".trail a"),
)
TABLES = evolve(
    CLASSIC,
    name="tables",
    mark=css("td.story"),
    published=css("td.date").then(moment),
    published_raw=css("td.date"),
    breadcrumb=NOTHING,
    section=xpath("//a[starts-with(., 'More ')]").then(lambda text: text.removeprefix("More ")),
)

SITE = Site(
    name="courier",
    title="The Harbour Courier",
    language="en",
    mirrors=(
        Mirror(host="www.courier.example", scheme="http"),
        Mirror(host="www.courier.test", scheme="http"),
        Mirror(host="courier.mirror.example", scheme="http"),
        Mirror(host="courier.copy.example", scheme="http"),
        Mirror(host="fr.courier.example", scheme="http", language="fr"),
    ),
    stories=(r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/0*(?P<id>\d{4})(?:/|$)", r"^/story\.cgi\?id=0*(?P<id>\d{4})$"),
    seeds=(
        Feed("/feed.xml"), Feed("/feed.xml", language="fr"), Sitemap("/sitemap.xml"), Sitemap("/sitemap.xml", language="fr"),
        Section("/"), Section("/", language="fr"), *(Section(f"/section/{name}") for name in ("harbour", "town", "sea", "arts")),
    ),
    templates=(MODERN, CLASSIC, TABLES),
    sections=(r"^/section/(?P<id>\w+)(?:/(?P<page>\d+))?/?$",),
    section_page="/section/{id}/{page}",
    never_hosts=("counter.courier.example",),
    picture_hosts=("pictures.courier.example",),
    picture_key=r"^/pictures/(?P<key>[^/?]+)\.\w+$",
    identity=(
        "//link[@rel='canonical']/@href",
        "//article/@data-number | //*[@id='story']/@data-id",
        "substring-after(//a[contains(@href, '?print=')]/@href, '=')",
    ),
    gone_words=("There is no such page",),
)  # fmt: skip
