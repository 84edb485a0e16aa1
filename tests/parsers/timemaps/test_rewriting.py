"""Rewritten replays turned back: links lead to the originals, what archives put in is gone, raw pages stay as they are."""

import pytest

from crawler.parsers.timemaps.rewriting import is_rewritten, unrewritten

RAW = "https://archive.example/web/20190503040506id_/http://a.example/x"
REPLAYED = "https://archive.example/web/20190503040506/http://a.example/x"
PYWB = "http://127.0.0.1:8080/coll/20190503040506mp_/http://a.example/x"

LINKS = {
    '<a href="/web/20190503040506/http://a.example/y">': '<a href="http://a.example/y">',
    '<a href="https://archive.example/web/20190503040506/https://a.example/y?b=1">': '<a href="https://a.example/y?b=1">',
    '<img src="//archive.example/web/20190503040506im_/http://a.example/p.jpg">': '<img src="http://a.example/p.jpg">',
    '<img srcset="/web/20190503040506im_/http://a.example/1.jpg 1x, /web/20190503040506im_/http://a.example/2.jpg 2x">': (
        '<img srcset="http://a.example/1.jpg 1x, http://a.example/2.jpg 2x">'
    ),
    r'{"url":"https:\/\/archive.example\/web\/20190503040506\/http:\/\/a.example\/y"}': r'{"url":"http:\/\/a.example\/y"}',
    "background:url(/web/20190503040506cs_/http://a.example/b.png)": "background:url(http://a.example/b.png)",
    '<link rel="canonical" href="https://archive.example/web/2019/http://a.example/x"/>': '<link rel="canonical" href="http://a.example/x"/>',
    '<a href="/web/20190503040506/mailto:x@a.example">': '<a href="mailto:x@a.example">',
    '<a href="https://b.example/web/20190503040506/http://a.example/">': '<a href="https://b.example/web/20190503040506/http://a.example/">',
    '<a href="https://a.example/other/web/20190503/x">': '<a href="https://a.example/other/web/20190503/x">',
    "in 20190503/http://a.example/ and /web/ of it": "in 20190503/http://a.example/ and /web/ of it",
}


@pytest.mark.parametrize("markup", LINKS)
def test_links_lead_to_the_originals_again(markup: str) -> None:
    assert unrewritten(markup, REPLAYED) == LINKS[markup]


def test_a_raw_page_that_links_to_the_archive_stays_as_it_is() -> None:
    page = '<p>As <a href="https://archive.example/web/20190503040506/http://b.example/">archived</a>'
    assert unrewritten(page, RAW) == page


def test_a_page_asked_for_raw_that_was_rewritten_all_the_same_is_turned_back() -> None:
    page = '<head><script src="/_static/js/bundle-playback.js"></script></head><a href="/web/20190503040506/http://a.example/y">y</a>'
    assert is_rewritten(page)
    assert 'href="http://a.example/y"' in unrewritten(page, RAW)


def test_toolbars_and_scripts_put_in_are_gone() -> None:
    page = (
        "<html><head><!-- WB Insert --><script>wbinfo = {};</script><!-- End WB Insert --><title>x</title></head><body>"
        "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp'>12 captures</div><!-- END WAYBACK TOOLBAR INSERT --><p>Text</p>"
        "<!--\n     FILE ARCHIVED ON 04:05:06 May 03, 2019 AND RETRIEVED FROM THE ARCHIVE --></body></html>"
    )
    assert unrewritten(page, PYWB) == "<html><head><title>x</title></head><body><p>Text</p></body></html>"


def test_an_address_that_is_no_memento_changes_nothing() -> None:
    assert unrewritten("/web/2019/http://a.example/", "http://a.example/") == "/web/2019/http://a.example/"
