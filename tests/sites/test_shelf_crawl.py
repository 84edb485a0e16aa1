"""Every site of the shelf crawled from its seeds, its hosts played on loopback with the pages of its fixtures, all in one process."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from site_hosts import played
from stands import Scrapy

from crawler.demo.images import picture
from crawler.sites import load_sites
from crawler.sites.site import Feed, Site, Sitemap
from crawler.testing.excerpt import page_of
from crawler.testing.fixtures import fixtures
from crawler.urls import host_of

APART = ("abendblatt", "presstv")
"""Sites that have tests of their own."""
SITES = {name: site for name, site in load_sites().items() if name not in APART}
FOUND = [one for one in fixtures() if one.site.name in SITES]
HTML = "text/html; charset=utf-8"


def listed(site: Site, path: str, stories: list[str]) -> tuple[bytes, str] | None:
    """What a seed of a site answers: the stories of its host."""
    kinds = {seed.path: type(seed) for seed in site.seeds}
    if path not in kinds:
        return None
    if kinds[path] is Feed:
        items = "".join(f"<item><title>A story</title><link>{url}</link></item>" for url in stories)
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode(), "application/rss+xml"
    if kinds[path] is Sitemap:
        urls = "".join(f"<url><loc>{url}</loc></url>" for url in stories)
        return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode(), "application/xml"
    return "".join(f"<p><a href='{url}'>A story of this paper</a></p>" for url in stories).encode(), HTML


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages: dict[tuple[str, str], bytes] = {}
    stories: dict[str, list[str]] = defaultdict(list)
    for one in FOUND:
        record = page_of(one.warc)
        url = record.target_uri
        pages[host_of(url), urlsplit(url).path] = record.block()
        stories[host_of(url)].append(url)
    site_of = {mirror.host: site for site in SITES.values() for mirror in site.mirrors}

    def answer(host: str, path: str) -> tuple[bytes, str] | None:
        if (page := pages.get((host, path))) is not None:
            return page, HTML
        if path.rpartition(".")[2].partition("?")[0] in ("jpg", "jpeg", "png"):
            return picture("x.jpg"), "image/jpeg"
        site = site_of.get(host)
        return listed(site, path, stories[host]) if site else None

    scrapy = Scrapy(tmp_path_factory.mktemp("shelf"))
    hosts = sorted({*site_of, "mf.b37mrtl.ru", "cdn1.img.sputnikglobe.com", "img9.irna.ir", "media.mehrnews.com", "newsmedia.tasnimnews.com",
                    "i0.wp.com"})  # fmt: skip
    with played(hosts, answer, tmp_path_factory.mktemp("tls")) as settings:
        done = scrapy("crawl", ",".join(SITES), *settings, unchecked="a report for each site on one output")
    assert f"{len(SITES)} sites, {len(SITES)} of them complete" in done.stdout
    return scrapy.archives


@pytest.mark.parametrize("name", sorted(SITES))
def test_the_stories_of_the_fixtures_are_found_and_read(crawled: Path, name: str) -> None:
    with sqlite3.connect(f"file:{crawled / name / 'index.db'}?mode=ro", uri=True) as db:
        shown = {
            (story, template, headline) for story, template, headline in db.execute("SELECT story_id, template, headline FROM versions")
        }
    wanted = {(one.expected()["story"], one.expected()["template"], one.expected()["headline"]) for one in FOUND if one.site.name == name}
    aliases = {mirror.host for mirror in SITES[name].mirrors if mirror.alias}
    apart = {one.expected()["story"] for one in FOUND if host_of(page_of(one.warc).target_uri) in aliases}
    assert {one for one in wanted if one[0] not in apart} <= shown
