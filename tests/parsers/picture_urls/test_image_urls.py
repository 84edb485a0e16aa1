"""Addresses of pictures: which of those an element names is the largest, what is a placeholder, and what two addresses of one file share."""

from __future__ import annotations

import pytest
from small_pages import element

from crawler.parsers.picture_urls.image_urls import background, picture_address
from crawler.parsers.picture_urls.same_file import same_file
from crawler.parsers.picture_urls.srcset import candidates, holds_srcset, srcset

BASE = "https://courier.example/a/"


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ('<img src="/p.jpg">', "/p.jpg"),
        ('<img src="p.jpg" srcset="s.jpg 320w, m.jpg 640w, l.jpg 1280w">', "l.jpg"),
        ('<img src="p.jpg" srcset="one.jpg, two.jpg 2x">', "two.jpg"),
        ('<img src="p.jpg" data-src="/real.jpg">', "/real.jpg"),
        ('<img src="p.jpg" data-lazy-src="https://i.example/real">', "https://i.example/real"),
        ('<img src="data:image/gif;base64,R0lGOD" data-original="real.jpg">', "real.jpg"),
        ('<img src="/blank.gif" data-srcset="s.jpg 100w, l.jpg 900w">', "l.jpg"),
        ('<img src="/images/spacer.gif">', "/images/spacer.gif"),
        ('<img src="/images/spacer.gif" data-src="photo.png">', "photo.png"),
        ('<img src="/placeholder.png" srcset="/real.jpg 10w">', "/real.jpg"),
        ('<img src="p.jpg" data-src="{{ image }}">', "p.jpg"),
        ('<img src="p.jpg" data-url="words, no address">', "p.jpg"),
        ('<img src="  p.jpg  ">', "p.jpg"),
        ('<img src="" alt="x">', None),
        ('<img alt="x">', None),
        ('<img src="data:image/png;base64,AAAA">', None),
        ('<img src="about:blank">', "about:blank"),
        ('<picture><source srcset="w.webp 2000w"><img src="p.jpg"></picture>', "w.webp"),
        ('<picture><source srcset="w.webp 200w"><source data-srcset="l.avif 900w"><img src="p.jpg" srcset="m.jpg 400w"></picture>', "l.avif"),
        ('<div><source srcset="other.webp 2000w"></div><img src="p.jpg">', "p.jpg"),
    ],
)
def test_the_largest_address_of_a_picture(html: str, address: str | None) -> None:
    assert picture_address(element(f"<body>{html}", "//img")) == address


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ('<img src="p.jpg">', "https://courier.example/a/p.jpg"),
        ('<img src="//i.example/p.jpg">', "https://i.example/p.jpg"),
        ('<img src="/p q.jpg">', "https://courier.example/p%20q.jpg"),
        ('<img src="javascript:x()">', None),
        ("<img>", None),
    ],
)
def test_with_a_base_it_is_absolute(html: str, address: str | None) -> None:
    assert picture_address(element(f"<body>{html}", "//img"), BASE) == address


@pytest.mark.parametrize(
    ("attributes", "address"),
    [
        ('style="background-image:url(/p.jpg)"', "/p.jpg"),
        ("style=\"background: #fff url('/p.jpg') no-repeat\"", "/p.jpg"),
        ('style="color: red; background-image : url( /p.jpg )"', "/p.jpg"),
        ('style="background-image:url(data:image/gif;base64,AAAA)"', None),
        ('style="background-image:none"', None),
        ('style="mask-image:url(/p.jpg)"', None),
        ('data-bg="/p.jpg"', "/p.jpg"),
        ("data-background=\"url('/p.jpg')\"", "/p.jpg"),
        ('data-bg="" data-bg-src="/late.jpg"', "/late.jpg"),
        ('data-bg="/first.jpg" style="background-image:url(/p.jpg)"', "/first.jpg"),
        ("", None),
    ],
)
def test_backgrounds(attributes: str, address: str | None) -> None:
    assert background(element(f"<body><div {attributes}>x</div>", "//div")) == address


ONE_FILE = [
    ("https://a.example/p/harbour-2026-300x200.jpg", "https://cdn.example/q/harbour-2026.webp"),
    ("https://a.example/harbour-2026-scaled.jpg", "https://a.example/harbour-2026.jpg"),
    ("https://a.example/harbour-2026@2x.jpg", "https://a.example/harbour-2026.jpg"),
    ("https://a.example/harbour-2026_640w.jpg", "https://a.example/harbour-2026_1280w.jpg"),
    ("https://a.example/w_300,h_200/x/harbour-2026.jpg", "https://a.example/x/harbour-2026.jpg"),
    ("https://a.example/p.jpg?w=300", "https://a.example/p.jpg?w=600&q=80"),
    ("https://shrink.example/resize?url=https%3A%2F%2Fa.example%2Fharbour-2026.jpg&w=300", "https://a.example/harbour-2026.jpg"),
    ("https://a.example/Harbour-2026.JPG", "https://a.example/harbour-2026.jpg"),
    ("https://a.example/fit-in/300x200/harbour-2026.jpg", "https://a.example/harbour-2026.jpg"),
    ("https://a.example/photo-20261124=s1600", "https://a.example/photo-20261124=w300-h200"),
]
TWO_FILES = [
    ("https://a.example/77/original.jpg", "https://a.example/78/original.jpg"),
    ("https://a.example/harbour-1.jpg", "https://a.example/harbour-2.jpg"),
    ("https://a.example/image.php?id=1", "https://a.example/image.php?id=2"),
    ("https://a.example/1/p.jpg", "https://a.example/2/p.jpg"),
    ("https://a.example/harbour-20261124.jpg", "https://a.example/harbour-20261125.jpg"),
]


@pytest.mark.parametrize(("one", "other"), ONE_FILE)
def test_one_file_in_two_sizes_or_forms(one: str, other: str) -> None:
    assert same_file(one) == same_file(other)


@pytest.mark.parametrize(("one", "other"), TWO_FILES)
def test_two_files_are_told_apart(one: str, other: str) -> None:
    assert same_file(one) != same_file(other)


@pytest.mark.parametrize("url", ["http://[::1", "", "https://a.example/", "https://a.example", "no address"])
def test_what_has_no_file_stays_as_it_is_told(url: str) -> None:
    assert isinstance(same_file(url), str)
    assert same_file(same_file(url)) == same_file(url)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", []),
        ("   ", []),
        (",,,", []),
        ("a.jpg", [("a.jpg", 1.0)]),
        ("a.jpg 1x, b.jpg 1.5x", [("a.jpg", 1.0), ("b.jpg", 1.5)]),
        ("a.jpg 0x", [("a.jpg", 0.0)]),
        ("a.jpg .5x", [("a.jpg", 0.5)]),
        ("a.jpg 1e3x", [("a.jpg", 1000.0)]),
        ("a.jpg -1x, b.jpg", [("b.jpg", 1.0)]),
        ("a.jpg 0w, b.jpg", [("b.jpg", 1.0)]),
        ("a.jpg 10w 20w, b.jpg", [("b.jpg", 1.0)]),
        ("a.jpg 10w 2x, b.jpg", [("b.jpg", 1.0)]),
        ("a.jpg 2x 10w, b.jpg", [("b.jpg", 1.0)]),
        ("a.jpg 9h, b.jpg", [("b.jpg", 1.0)]),
        ("a.jpg 9h 10w", [("a.jpg", 10.0)]),
        ("a.jpg 10.5w, b.jpg", [("b.jpg", 1.0)]),
        ("a.jpg +2x, b.jpg", [("b.jpg", 1.0)]),
        ("a,b.jpg 10w", [("a,b.jpg", 10.0)]),
        ("a.jpg, b.jpg", [("a.jpg", 1.0), ("b.jpg", 1.0)]),
        ("a.jpg,, b.jpg", [("a.jpg", 1.0), ("b.jpg", 1.0)]),
        ("a.jpg (x, y), b.jpg 2x", [("b.jpg", 2.0)]),
        ("https://i.example/a.jpg,https://i.example/b.jpg", [("https://i.example/a.jpg", 1.0), ("https://i.example/b.jpg", 1.0)]),
        ("\n a.jpg\t2x ,\n b.jpg 3x\n", [("a.jpg", 2.0), ("b.jpg", 3.0)]),
    ],
)
def test_candidates(value: str, found: list[tuple[str, float]]) -> None:
    assert list(candidates(value)) == found


def test_data_addresses_are_not_asked_for() -> None:
    assert list(srcset("data:image/gif;base64,AA 1x, a.jpg 2x, DATA:x 3x")) == ["a.jpg"]


@pytest.mark.parametrize(("name", "holds"), [("srcset", True), ("data-srcset", True), ("data-lazy-srcset", True), ("imagesrcset", False), ("src", False), ("data-src", False)])
def test_attributes_that_hold_a_srcset(name: str, holds: bool) -> None:
    assert holds_srcset(name) is holds
