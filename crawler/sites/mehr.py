"""Mehr News Agency: pages as IRNA's, a row of numbers for each language.

What it rests on: addresses of www.mehrnews.com (2020 to 2026), en.mehrnews.com (2026: 242420) and ar.mehrnews.com (2024: 1944903), so
that each edition counts for itself; a stored page text of the Arabic edition, which ends in `/انتهى/`; the feed `/rss` of the Persian and
English hosts in a dozen lists; selectors of the same scraper as for IRNA. No whole page was seen. Unproven: feeds of the Arabic host,
sitemap, sections.
"""

from __future__ import annotations

from crawler.sites.irna import NASTOOH
from crawler.sites.site import Feed, Mirror, Section, Site

SITE = Site(
    name="mehr",
    title="Mehr News Agency",
    language="fa",
    timezone="Asia/Tehran",
    mirrors=(
        Mirror("www.mehrnews.com"),
        Mirror("mehrnews.com", alias=True),
        Mirror("en.mehrnews.com", language="en", series="en"),
        Mirror("ar.mehrnews.com", language="ar", series="ar"),
    ),
    stories=(r"^/(?:news|photo|video)/(?P<id>\d{1,9})(?:[/?#]|$)",),
    seeds=(
        Feed("/rss"), Feed("/rss", language="en"), Section("/"), Section("/", language="en"), Section("/", language="ar"),
    ),
    templates=(NASTOOH,),
    identity=("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"),
)  # fmt: skip
