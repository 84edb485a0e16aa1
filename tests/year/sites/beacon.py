"""The Beacon, the newspaper of the simulated year."""

from __future__ import annotations

from crawler.parsers.dates.dates import moment
from crawler.parsers.document.selectors import css, meta, xpath
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered
from crawler.sites.site import Feed, Mirror, Section, Site, Sitemap, Template

TEXT = Ordered(
    Order(headline=("h1.headline",), body=("article.story .body",), dates=(".dateline time",), story_link=r"/\d{4}/\d\d/\d\d/\d{4}/")
)
LAYOUT = Template(
    name="beacon",
    mark=css("article.story::attr(data-number)"),
    headline=css("h1.headline"),
    blocks=TEXT.blocks(),
    images=TEXT.images(),
    authors=css(".dateline .byline").then(lambda name: (name,)),
    published=css(".dateline time::attr(datetime)").then(moment),
    published_raw=css(".dateline time"),
    modified=meta("article:modified_time").then(moment),
    section=css(".crumbs a:last-child"),
    language=xpath("//html/@lang"),
    canonical_url=xpath("//link[@rel='canonical']/@href"),
)

SITE = Site(
    name="beacon",
    title="The Beacon",
    language="en",
    mirrors=(
        Mirror(host="www.beacon.example", scheme="http"),
        Mirror(host="beacon.mirror.example", scheme="http"),
        Mirror(host="www.beacon.test", scheme="https"),
    ),
    stories=(r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<id>\d{4})(?:/|$)",),
    seeds=(Feed("/feed.xml"), Sitemap("/sitemap.xml"), Section("/"), Section("/section/town"), Section("/section/sea")),
    templates=(LAYOUT,),
    sections=(r"^/section/(?P<id>\w+)(?:/(?P<page>\d+))?/?$",),
    section_page="/section/{id}/{page}",
    picture_hosts=("pictures.beacon.example",),
    picture_key=r"^/pictures/(?P<key>[^/?]+)\.\w+$",
    identity=("//link[@rel='canonical']/@href", "//article/@data-number"),
    gone_words=("There is no such page",),
)  # fmt: skip
