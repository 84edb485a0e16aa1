"""What a page links to, where it sends its reader by itself, and what it needs to be shown."""

from __future__ import annotations

import pytest
from small_pages import URL, page

from crawler.parsers.limits import ReadLimits
from crawler.parsers.links.page_links import Refresh, page_links, page_refresh, refreshed
from crawler.requisites.of_page import page_requisites

H = "https://courier.example"


def links(html: str, **more: object) -> list[str]:
    return [link.url.removeprefix(H) for link in page_links(page(html, **more))]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<a href=/1>One</a>", ["/1"]),
        ("<a href='2'>Two</a>", ["/2026/11/24/2"]),
        ("<a href=/1>One</a><a href=/1#top>Again</a>", ["/1"]),
        ("<a>No address</a><a href=''>Empty</a><a href='#top'>Here</a>", ["/2026/11/24/harbour"]),
        ("<a href=mailto:a@b.example>Mail</a><a href=javascript:x()>Script</a><a href=tel:1>Call</a>", []),
        ("<map><area href=/map></map>", ["/map"]),
        ("<svg><a xlink:href=/svg>x</a></svg>", ["/svg"]),
        ("<iframe src=/framed></iframe><frame src=/old>", ["/framed", "/old"]),
        ("<object data=/doc.html></object><object data=/film.mp4 type=video/mp4></object>", ["/doc.html"]),
        ("<object data=/any type='text/html; charset=utf-8'></object><embed src=/plain.pdf>", ["/any"]),
        ("<embed src=/page.php?x=1.mp4>", ["/page.php?x=1.mp4"]),
        ("<link rel=canonical href=/c><link rel=next href=/n><link rel=prev href=/p><link rel=amphtml href=/a>", ["/c", "/n", "/p", "/a"]),
        ("<link rel=stylesheet href=/s.css><link rel=icon href=/i.png><link rel=author href=/ada>", []),
        ("<link rel=alternate href=/fr hreflang=fr><link rel='alternate stylesheet' href=/x.css>", ["/fr"]),
        (
            "<link rel=alternate type=application/rss+xml href=/feed><link rel=alternate type=application/json+oembed href=/oembed>",
            ["/feed"],
        ),
        ("<link rel=alternate type='Text/HTML; charset=x' href=/m>", ["/m"]),
        ("<meta http-equiv=refresh content='5; url=/late'>", ["/late"]),
        ("<meta http-equiv=Refresh content=5><meta name=refresh content='0;url=/no'>", []),
        ("<base href=/b/><a href=x>x</a>", ["/b/x"]),
        ("<base href=//other.example/><a href=x>x</a>", ["https://other.example/x"]),
        ("<frameset><noframes><a href=/in>in</a></noframes></frameset>", ["/in"]),
        ("<noframes><a href=/out>out</a></noframes>", []),
    ],
)
def test_links(html: str, found: list[str]) -> None:
    assert links(f"<html>{html}") == found


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<a href=/1> The <b>old</b>\n bridge </a>", "The old bridge"),
        ("<a href=/1 title='In the title'></a>", "In the title"),
        ("<a href=/1 aria-label='For readers'><i></i></a>", "For readers"),
        ("<a href=/1><img src=x alt='A bridge'></a>", "A bridge"),
        ("<a href=/1></a><a href=/1>Second</a>", "Second"),
        ("<a href=/1>First</a><a href=/1>Second</a>", "First"),
        ("<map><area href=/1 alt='On the map'></map>", "On the map"),
        ("<a href=/1></a>", ""),
        (f"<a href=/1>{'long ' * 500}</a>", ("long " * 500)[:300]),
    ],
)
def test_the_words_of_a_link(html: str, text: str) -> None:
    (link,) = page_links(page(f"<html>{html}"))
    assert link.text == text


def test_a_refresh_in_the_header_is_a_link() -> None:
    assert links("<p>x", headers=(("Refresh", "0; url=/next"),)) == ["/next"]


def test_links_beyond_the_limit_are_counted() -> None:
    many = page("".join(f"<a href=/{n}>{n}</a>" for n in range(12)), limits=ReadLimits(links=5))
    assert len(page_links(many)) == 5
    assert dict(many.left_out) == {"links of pages beyond the number that is read": 7}
    assert "links per page" in many.limited


def test_links_that_a_rule_of_ours_refuses_are_counted_by_rule() -> None:
    one = page("<a href=//ada@b.example/>x</a><a href=http://b.example:0/>y</a><a href=/1>z</a><a href=mailto:x>m</a>")
    assert [link.url for link in page_links(one)] == [f"{H}/1"]
    assert dict(one.left_out) == {"links not asked for: user name": 1, "links not asked for: port 0": 1}


def test_a_query_is_written_in_the_charset_of_the_page() -> None:
    one = page("<a href='/s?q=Иран'>x</a>", charset="windows-1251")
    assert [link.url for link in page_links(one)] == [f"{H}/s?q=%C8%F0%E0%ED"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("0;url=/x", (0, "/x")), ("0; URL = '/x'", (0, "/x")), ('5, url="/x" trailing', (5, "/x")), ("5 /x", (5, "/x")), ("5", (5, "")), ("", (0, "")),
        ("url=/x", (0, "/x")), ("/x", (0, "")), (";url=/x", (0, "/x")), ("1.5;url=/x", (1, "/x")), (".5; /x", (0, "/x")), ("-1;url=/x", (0, "")),
        ("99999999999999;url=/x", (999999999, "/x")), ("0;url='/x", (0, "/x")), ("0;url=", (0, "")), ("0;  ", (0, "")), ("٣", (0, "")),
        ("0;\n url=/x\n", (0, "/x")),
    ],
)  # fmt: skip
def test_refreshed(value: str, found: tuple[int, str]) -> None:
    assert refreshed(value) == found


@pytest.mark.parametrize(
    ("html", "headers", "found"),
    [
        ("<meta http-equiv=refresh content='0;url=/x'>", (), Refresh(f"{H}/x", 0, False)),
        ("<noscript><meta http-equiv=refresh content='0;url=/x'></noscript>", (), Refresh(f"{H}/x", 0, True)),
        ("<meta http-equiv=refresh content='0;url=/x'>", (("refresh", "3; url=/h"),), Refresh(f"{H}/h", 3, False)),
        ("<meta http-equiv=refresh content=300>", (), None),
        (f"<meta http-equiv=refresh content='0;url={URL}'>", (), None),
        (f"<meta http-equiv=refresh content='0;url={URL}'>", (("Set-Cookie", "a=b"),), Refresh(URL, 0, False)),
        (
            "<meta http-equiv=refresh content='0;url=javascript:x()'><meta http-equiv=refresh content='1;url=/y'>",
            (),
            Refresh(f"{H}/y", 1, False),
        ),
        ("<p>nothing", (), None),
    ],
)
def test_page_refresh(html: str, headers: tuple[tuple[str, str], ...], found: Refresh | None) -> None:
    assert page_refresh(page(f"<html>{html}", headers=headers)) == found


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (
            "<link rel=stylesheet href=/s.css><link rel='shortcut icon' href=/i.ico><link rel=manifest href=/m.json>",
            ["/s.css", "/i.ico", "/m.json"],
        ),
        ("<link rel=canonical href=/c><link rel=preload as=script href=/p.js><link rel=preload as=fetch href=/f>", ["/p.js"]),
        ("<script src=/a.js></script><script>1</script>", ["/a.js"]),
        ("<img src=/p.jpg srcset='/s.jpg 1x, /l.jpg 2x' data-src=/d.jpg>", ["/p.jpg", "/d.jpg", "/s.jpg", "/l.jpg"]),
        ("<picture><source srcset=/w.webp><img src=/p.jpg></picture>", ["/w.webp", "/p.jpg"]),
        ("<video src=/film.mp4 poster=/still.jpg><source src=/film.webm></video><audio><source src=/song.mp3></audio>", ["/still.jpg"]),
        ("<input type=image src=/button.png><input type=text src=/no.png>", ["/button.png"]),
        ("<svg><image xlink:href=/in.svg></image><image src=/no.svg></image></svg>", ["/in.svg"]),
        ("<style>@import '/i.css'; p { background: url(/b.png) } q { background: url(data:x) }</style>", ["/i.css", "/b.png"]),
        ("<p style=\"background: url('/inline.png')\">x</p><td background=/old.gif>", ["/inline.png", "/old.gif"]),
        ("<link rel=preload as=image imagesrcset='/a.jpg 1x'>", ["/a.jpg"]),
        ("<a href=/page>x</a><iframe src=/framed></iframe>", []),
        ("<img src=/p.jpg><img src=/p.jpg#x>", ["/p.jpg"]),
        ("<img src=' '><img src=data:x>", []),
    ],
)
def test_requisites(html: str, found: list[str]) -> None:
    assert [url.removeprefix(H) for url in page_requisites(page(f"<html><body>{html}"))] == found


def test_requisites_end_at_the_limit() -> None:
    assert len(page_requisites(page("".join(f"<img src=/{n}.png>" for n in range(9)), limits=ReadLimits(links=4)))) == 4
