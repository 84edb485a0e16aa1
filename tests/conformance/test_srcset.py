"""One reader of `srcset`, by the standard: what is needed and what is shown are the page's own addresses."""

from datetime import UTC, datetime

import pytest
from lxml import html

from crawler.parsers.document.flow import flow
from crawler.parsers.document.page import Page
from crawler.parsers.picture_urls.image_urls import picture_address
from crawler.parsers.picture_urls.srcset import candidates, srcset
from crawler.requisites.of_page import page_requisites

SITE = "https://n.example/"
CDN = "https://c.example/t_fit-1120w,f_auto,q_auto:best/a.jpg"
LAZY = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 3 2'%3E%3C/svg%3E"


def page(body: str) -> Page:
    return Page.from_text(SITE, datetime(2026, 1, 1, tzinfo=UTC), f"<html><body>{body}")


SETS = {
    f"{CDN} 2x": [(CDN, 2.0)],
    f"{CDN} 1120w,{CDN}?9 9w": [(CDN, 1120.0), (CDN + "?9", 9.0)],
    "a-10w,b-20x,c-30h,d.jpg": [("a-10w,b-20x,c-30h,d.jpg", 1.0)],
    "a.jpg 1x,b.jpg 2x": [("a.jpg", 1.0), ("b.jpg", 2.0)],
    ",,a.jpg 1x": [("a.jpg", 1.0)],
    " , a.jpg,, , b.jpg ,": [("a.jpg", 1.0), ("b.jpg", 1.0)],
    "a.jpg, b.jpg 2x": [("a.jpg", 1.0), ("b.jpg", 2.0)],
    "a.jpg\n\t640w\r,\fb.jpg 320w": [("a.jpg", 640.0), ("b.jpg", 320.0)],
    "a.jpg\u00a02x": [("a.jpg\u00a02x", 1.0)],
    LAZY: [],
    f"{LAZY} 300w, /b.jpg 600w": [("/b.jpg", 600.0)],
    "a.jpg 9w 8h, b.jpg 8h 9w, c.jpg 8h": [("a.jpg", 9.0), ("b.jpg", 9.0)],
    "a.jpg 1W, b.jpg 0w, c.jpg -1x, d.jpg +1x, e.jpg 1.5w, f.jpg 100%": [],
    "a.jpg 1x 1x, b.jpg 1w 1x, c.jpg big, d.jpg .5e1x": [("d.jpg", 5.0)],
    "a.jpg (1x, b.jpg 2x), c.jpg": [("c.jpg", 1.0)],
    "a.jpg (1x, b.jpg 2x": [],
    "a.jpg 1\u0663w": [],
    "": [],
    ", ,": [],
    "https://x.example/a.jpg,https://x.example/b.jpg": [("https://x.example/a.jpg", 1.0), ("https://x.example/b.jpg", 1.0)],
    "//x.example/a.webp?w=9,//x.example/b.webp": [("//x.example/a.webp?w=9", 1.0), ("//x.example/b.webp", 1.0)],
    "https://x.example/a.jpg,https://x.example/b.jpg 2x": [("https://x.example/a.jpg,https://x.example/b.jpg", 2.0)],
    "https://x.example/fetch/w_9,https://y.example/b.jpg": [("https://x.example/fetch/w_9,https://y.example/b.jpg", 1.0)],
    "https://x.example/?of=https://y.example/a.jpg,//z.example/b": [("https://x.example/?of=https://y.example/a.jpg,//z.example/b", 1.0)],
}


@pytest.mark.parametrize("value", SETS)
def test_addresses_and_sizes(value: str) -> None:
    assert list(candidates(value)) == SETS[value]


def test_a_data_address_is_no_requisite() -> None:
    assert list(srcset("DATA:,a 1x, data:,b 2x, /c.jpg")) == ["/c.jpg"]


def test_long_values_take_no_time_and_lose_no_address() -> None:
    value = ", ".join(f"/{n}.jpg {n + 1}w" for n in range(20_000))
    assert len(list(candidates(value))) == 20_000
    assert list(candidates("(" * 100_000)) == [("(" * 100_000, 1.0)]
    assert list(candidates("a " + "(" * 100_000)) == list(candidates("a " + "x ( " * 50_000)) == []
    assert list(candidates("," * 100_000)) == []


SHOWN = {
    f'<img srcset="{CDN} 2x">': CDN,
    f'<img srcset="{LAZY}" src=/a.jpg>': SITE + "a.jpg",
    f'<img srcset="{LAZY}" src="data:,x" data-src=/a.jpg>': SITE + "a.jpg",
    '<img srcset=",,/a.jpg 1x">': SITE + "a.jpg",
    '<img srcset="/a.jpg 1,5x, /b.jpg wide" src=/c.jpg>': SITE + "c.jpg",
    '<img src=/a.jpg srcset=" 150w, 300w">': SITE + "a.jpg",
    '<img src="DATA:,x" srcset="data:,y 9x">': None,
    '<img srcset="blob:https://n.example/1 9w" src=/a.jpg>': SITE + "a.jpg",
    '<img srcset="/crop/1x1/400/a.jpg 400w, /crop/1x1/900/a.jpg 900w, /crop/1x1/99/a.jpg 99w">': SITE + "crop/1x1/900/a.jpg",
    '<img src=/1x1.gif data-src=/crop/1x1/a.jpg>': SITE + "crop/1x1/a.jpg",
    '<img srcset="/pixel-9-review.jpg 900w, /small.jpg 99w">': SITE + "pixel-9-review.jpg",
    '<img srcset="/empty/shelves.jpg 900w, /small.jpg 99w">': SITE + "empty/shelves.jpg",
    '<img srcset="/transparent-lcd.jpg?a 900w" src=/small.jpg>': SITE + "transparent-lcd.jpg?a",
    '<img srcset="/i/blank.gif 900w" src=/a.jpg>': SITE + "a.jpg",
    '<img srcset="/i/spacer_600x400.png?v=1 900w" src=/a.jpg>': SITE + "a.jpg",
    '<img srcset="/i/transparent-pixel.gif 900w" src=/a.jpg>': SITE + "a.jpg",
    '<img srcset="/i/pixel 900w" src=/a.jpg>': SITE + "a.jpg",
    '<img srcset="/i/1x1.png 900w" src=/a.jpg>': SITE + "a.jpg",
}  # fmt: skip


@pytest.mark.parametrize("mark_up", SHOWN)
def test_the_picture_shown(mark_up: str) -> None:
    assert picture_address(html.fragment_fromstring(mark_up), SITE) == SHOWN[mark_up]


def test_the_flow_and_the_requisites_name_the_same_addresses() -> None:
    told = page(f'<p>Text<picture><source srcset="{CDN} 2x, /b,c.jpg 1x,"><img data-box-srcset="/d.jpg 9w"></picture>')
    assert page_requisites(told) == (CDN, SITE + "b,c.jpg", SITE + "d.jpg")
    assert {piece.picture for piece in flow(told) if piece.picture} <= set(page_requisites(told))
