"""Hong Kong Free Press: day and slug in the address, no template.

What it rests on: a dozen addresses of 2015 to 2026 (until about 2019 on www.hongkongfp.com), the heads of six stored pages of 2024 and
2025 (WordPress with Newspack's theme and Yoast's JSON-LD; sections are `/category/.../page/2/`, told by `rel=next`), the feed `/feed/` in
ten lists, of which one says that it answers robots with 403. Such pages are what the generic reader is best at, so there is no template.
The paper has no mirror. Unproven: the sitemap, which is found where robots.txt names it.
"""

from __future__ import annotations

from crawler.sites.site import Feed, Mirror, Section, Site

SITE = Site(
    name="hkfp",
    title="Hong Kong Free Press",
    language="en",
    timezone="Asia/Hong_Kong",
    mirrors=(Mirror("hongkongfp.com"), Mirror("www.hongkongfp.com", alias=True)),
    stories=(r"^/(?P<y>20\d\d)/(?P<m>\d\d)/(?P<d>\d\d)/(?P<id>[\w%-]+)",),
    seeds=(Feed("/feed/"), Section("/"), Section("/category/top-level-cat-pick-one/hong-kong/", backfill=True)),
    sections=(r"^/category/(?P<id>[\w-]+(?:/[\w-]+)*?)(?:/page/(?P<page>\d+))?/?(?:[?#]|$)",),
    section_page="/category/{id}/page/{page}/",
    never=(r"^/wp-(?:json|login|admin)\b", r"[?&]replytocom=", r"[?&]share="),
    identity=("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"),
)
