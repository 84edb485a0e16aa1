"""Novaya Gazeta Europe: stories known by their slug, no template.

What it rests on: some fifteen addresses of 2022 to 2026 in both languages, the translator of a reference manager (2023: the address is a
section, a day and a slug; `meta[name=genre]`; English stories often end in `-en`), stored texts of author pages on novayagazeta.eu and on
the mirror vpnovaya.eu, the feeds `/feed/rss` and `/feed/rss/en` in a dozen lists. Nothing is known of its mark-up (it is drawn by a
script from a service at `/api/v1/get/record`), so there is no template: the generic reader reads what a page holds. Unproven: since when
the mirror stands.
"""

from __future__ import annotations

from crawler.sites.site import Feed, Mirror, Section, Site

SITE = Site(
    name="novaya_europe",
    title="Novaya Gazeta Europe",
    language="ru",
    timezone="Europe/Riga",
    mirrors=(Mirror("novayagazeta.eu"), Mirror("vpnovaya.eu")),
    stories=(r"^/[a-z-]+/(?P<y>20\d\d)/(?P<m>\d\d)/(?P<d>\d\d)/(?P<id>[\w%-]+)",),
    languages_in=((r"-en(?:-news)?/?(?:[?#]|$)", "en"), (r"^/en(?:/|$)", "en")),
    seeds=(Feed("/feed/rss"), Feed("/feed/rss/en"), Section("/")),
    never=(r"^/api/",),
    identity=("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"),
)
