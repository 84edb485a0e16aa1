"""Faults of feeds and sitemaps as content management systems and caches make them: what came whole is had."""

import gzip

import pytest

from crawler.parsers.listings.feeds import read_feed
from crawler.parsers.listings.sitemaps import read_sitemap

BASE = "https://news.example/feeds/rss.xml"
HERE = "https://news.example/"
NOTICE = "<br />\n<b>Warning</b>: Undefined key in <b>/var/www/a&b/x.php</b> on line <b>12</b><br />\n"
TITLE, LAST, NEXT = '"two"', '"/3"}]}', '}, {"id": "3"'
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "x", "next_url": "/p2", "items": [{"id": "1", "url": "/1"},
 {"id": "2", "url": "/2", "title": "two", "attachments": [{"url": "/8"}, {"url": "/9"}]}, {"id": "3", "url": "/3"}]}"""


def numbers(found) -> str:
    return "".join(entry.url[-1] for entry in found.entries)


@pytest.mark.parametrize(
    ("old", "new", "have", "whole"),
    [
        (TITLE, '"a "b" c"', "13", False), (TITLE, '"a', "13", False), (TITLE, r'"\x"', "13", False), (TITLE, "", "13", False), ('"id": "2"', "id: 2", "13", False),
        (LAST, '"/3"}', "123", False), (LAST, '"/3"},', "123", False), (LAST, '"/3"', "12", False), (LAST, '"/3"},]}', "123", True), (LAST, f"{LAST}<!-- cached -->", "123", True),
        (NEXT, '} {"id": "3"', "123", True), (NEXT, '},, {"id": "3"', "123", True),
    ],
)  # fmt: skip
def test_a_fault_in_a_json_feed_costs_at_most_its_item(old: str, new: str, have: str, whole: bool) -> None:
    found = read_feed(JSON_FEED.replace(old, new), BASE)
    assert (numbers(found), found.next_page) == (have, f"{HERE}p2")
    assert any("cut off" in problem for problem in found.problems) is not whole


def test_a_sitemap_that_was_compressed_twice_is_read() -> None:
    assert numbers(read_sitemap(gzip.compress(gzip.compress(f"<urlset><url><loc>{HERE}1</loc></url></urlset>".encode())), BASE)) == "1"


@pytest.mark.parametrize("before", [NOTICE, '<a href="/9">x</a>', '<img src="/9"/>'])
def test_markup_before_an_address_is_no_part_of_it(before: str) -> None:
    places = [f"{before if n == 2 else ''}{HERE}{n}" for n in (1, 2, 3)]
    items = "".join(f"<item><title>t</title><link>{place}</link></item>" for place in places)
    assert numbers(read_feed(f'<rss version="2.0"><channel>{items}</channel></rss>', BASE)) == "123"
    assert numbers(read_sitemap(f"<urlset>{''.join(f'<url><loc>{place}</loc></url>' for place in places)}</urlset>", BASE)) == "123"


def test_a_link_of_html_within_the_link_is_the_address() -> None:
    assert numbers(read_feed(f'<rss><channel><item><title>t</title><link><a href="{HERE}1">Story</a></link></item></channel></rss>', BASE)) == "1"
