"""Identity of pictures: sizes, formats and services of one file are one, other files are others."""

from __future__ import annotations

import pytest

from crawler.parsers.picture_urls.same_file import names_picture, same_file, told_width

ONE = [
    ("https://a.example/thumb/a/ab/Harbour_of_X.jpg/640px-Harbour_of_X.jpg", "https://a.example/a/ab/Harbour_of_X.jpg"),
    ("https://i0.proxy.example/a.example/wp-content/2026/05/storm.jpg?resize=640%2C360", "https://a.example/wp-content/2026/05/storm.jpg"),
    ("https://www.x.example/_next/image?url=https%3A%2F%2Fa.example%2Fp%2Fstorm&w=640&q=75", "https://a.example/p/storm"),
    ("https://x.example/cdn-cgi/image/width=600,format=auto/https://a.example/p/storm.jpg", "https://a.example/p/storm.jpg"),
    ("https://proxy.example/insecure/rs:fill:300/plain/https%3A%2F%2Fa.example%2Fp%2Fstorm.jpg@webp", "https://a.example/p/storm.jpg"),
    ("https://proxy.example/x/aHR0cHM6Ly9hLmV4YW1wbGUvcC9zdG9ybS5qcGc.jpg", "https://a.example/p/storm.jpg"),
    ("https://proxy.example/x/aHR0cHM6Ly9hL/mV4YW1wbGUvcC9zdG9ybS5qcGc.webp", "https://a.example/p/storm.jpg"),
    ("https://a.example/a/a-640.jpg", "https://a.example/a/a-1280.jpg"),
    ("https://a.example/hr/a_1484w.jpg", "https://a.example/hr/a_300w.jpg"),
    ("https://a.example/p/thumb_storm.jpg", "https://a.example/p/storm.jpg"),
    ("https://a.example/p/storm_thumb.jpg", "https://a.example/p/storm.jpg"),
    ("https://a.example/uploads/thumbs/storm.jpg", "https://a.example/uploads/large/storm.jpg"),
    ("https://a.example/image/upload/c_fill,w_300,h_200/v12/storm.jpg", "https://a.example/image/upload/c_fill,w_900/v12/storm.jpg"),
    ("https://a.example/cached/id/195679/width/730/height/500/crop/1", "https://a.example/cached/id/195679/width/425/height/284/crop/1"),
    ("https://a.example/p/storm.jpg!w640", "https://a.example/p/storm.jpg!large"),
    ("https://a.example/p/storm.jpg@800w", "https://a.example/p/storm.jpg"),
    ("https://a.example/news/320/cps/storm.jpg", "https://a.example/news/976/cps/storm.jpg"),
]
TWO = [
    ("https://a.example/cached/id/195679/width/730/height/500/crop/1", "https://a.example/cached/id/195680/width/730/height/500/crop/1"),
    ("https://a.example/p/IMG_1200.jpg", "https://a.example/p/IMG_1280.jpg"),
    ("https://a.example/p/storm-1.jpg", "https://a.example/p/storm-2.jpg"),
    ("https://a.example/p/12/large.jpg", "https://a.example/p/13/large.jpg"),
    ("https://a.example/p/12/w640.jpg", "https://a.example/p/13/w640.jpg"),
    ("https://a.example/101/", "https://a.example/102/"),
    ("https://a.example/p/gallery-101.jpg", "https://a.example/p/gallery-102.jpg"),
    ("https://a.example/_next/image?url=%2Fp%2Fa.jpg&w=640", "https://a.example/_next/image?url=%2Fp%2Fb.jpg&w=640"),
    ("https://a.example/wp/2026/05/a.jpg", "https://a.example/wp/2026/06/a.jpg"),
]


@pytest.mark.parametrize(("one", "other"), ONE)
def test_one_picture_through_services_and_sizes(one: str, other: str) -> None:
    assert same_file(one) == same_file(other)


@pytest.mark.parametrize(("one", "other"), TWO)
def test_pictures_that_differ_by_more_than_a_size(one: str, other: str) -> None:
    assert same_file(one) != same_file(other)


@pytest.mark.parametrize(
    ("url", "width"),
    [("/p/a-300x200.jpg", 300), ("/p/a.jpg?w=640&h=9", 640), ("/w_640,c_fill/a.jpg", 640), ("/thumbs/a.jpg", 1), ("/p/original/a.jpg", 9999), ("/a.jpg", 0)],
)
def test_the_width_that_an_address_tells(url: str, width: int) -> None:
    assert told_width(url) == width


@pytest.mark.parametrize(
    ("url", "is_one"),
    [("/p/a.JPG?x=1", True), ("/p/a.webp#b", True), ("/photo/list?id=3&pid=4", False), ("/a.html", False), ("/resize?url=/p/a.png", True), ("", False)],
)
def test_addresses_of_picture_files(url: str, is_one: bool) -> None:
    assert names_picture(url) is is_one


@pytest.mark.parametrize("url", ["https://a.example/" + "aHR0c" * 5_000, "https://a.example/?" + "url=https://" * 5_000, "/" + "https:/" * 9_000])
def test_hostile_addresses_end(url: str) -> None:
    assert isinstance(same_file(url), str)
    assert isinstance(told_width(url), int)
