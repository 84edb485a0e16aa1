"""Site file of the generated newspaper: templates in place of the generic reader."""

from __future__ import annotations

from crawler import Mirror, Order, Ordered, Section, Site, Template, css, moment, xpath

TEXT = Ordered(
    Order(
        headline=("h1.headline",), body=("article.story .text",), dates=(".meta time",), closing=r"^no such line$", ends=r"^no such line$",
        story_link=r"/story-\d+\.html", related="//aside[@class='related']",
    )
)  # fmt: skip

STORY = Template(
    name="story",
    mark=css("article.story::attr(data-id)"),
    headline=TEXT.headline(),
    deck=css("p.standfirst"),
    blocks=TEXT.blocks(),
    images=TEXT.images(),
    authors=css(".meta .byline").then(lambda name: (name,)),
    published=css(".meta time::attr(datetime)").then(moment),
    published_raw=css(".meta time"),
    language=xpath("//html/@lang"),
    related=TEXT.related(),
)

SECTIONS = ("politics", "economy", "culture", "science", "sport", "region")
SITE = Site(
    name="gazette",
    title="The Gazette",
    language="en",
    mirrors=(Mirror(host="www.gazette.example", scheme="http"),),
    stories=(r"^/[a-z]+/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/story-(?P<id>\d+)\.html$",),
    seeds=(Section("/"), *(Section(f"/{name}/page-1.html") for name in SECTIONS)),
    templates=(STORY,),
    sections=(r"^/(?P<id>[a-z]+)/page-(?P<page>\d+)\.html$",),
    section_page="/{id}/page-{page}.html",
)
