"""The Harbour Courier, the newspaper of `scrapy demo`, as a site file of one layout.

Name the folder in ARCHIVE_SITES: `scrapy crawl harbour -s ARCHIVE_SITES=examples/sites`. Older layouts have no template here: their stories
are read by the generic reader, and the run report counts them. `crawler/demo/sites/courier.py` has all three.
"""

from crawler import Feed, Mirror, Order, Ordered, Section, Site, Sitemap, Template, css, every, meta, moment, xpath

TEXT = Ordered(Order(headline=("h1.headline",), body=("article.story .body",), dates=(".dateline time",)))

MODERN = Template(
    name="modern",
    mark=css("article.story::attr(data-number)"),
    headline=TEXT.headline(),
    deck=css("p.standfirst"),
    blocks=TEXT.blocks(),
    images=TEXT.images(),
    authors=every(".dateline .byline"),
    published=css(".dateline time::attr(datetime)").then(moment),
    modified=meta("article:modified_time").then(moment),
    language=xpath("//html/@lang"),
)

SITE = Site(
    name="harbour",
    title="The Harbour Courier",
    language="en",
    mirrors=(Mirror("www.courier.example", scheme="http"), Mirror("courier.mirror.example", scheme="http")),
    stories=(r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<id>\d{4})(?:/|$)",),
    seeds=(Feed("/feed.xml"), Sitemap("/sitemap.xml"), Section("/")),
    templates=(MODERN,),
)
