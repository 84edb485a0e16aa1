"""Where requests of replayed pages lead, and what answered them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.playback.answers import archived_at, place_of, same_resource

BASE = "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("path", "to", "url"),
    [("/c/20260101000000mp_/https://a.example/x", "archive", "https://a.example/x"), ("/c/2026/http://a.example/?q=1", "archive", "http://a.example/?q=1"),
     ("/c/http://a.example/", "archive", "http://a.example/"), ("/c/mp_/http://a.example/", "archive", "http://a.example/"),
     ("/c/2026im_/https:/a.example/1.png", "archive", "https://a.example/1.png"), ("/c/2026js_/HTTPS://a.example/j", "archive", "https://a.example/j"),
     ("/c/2026mp_/https%3A%2F%2Fa.example%2Fx", "archive", "https://a.example/x"), ("/c/2026ws_/wss://a.example/live", "archive", "wss://a.example/live"),
     ("/static/wombat.js", "replay", None), ("/c/cdx?url=x", "replay", None), ("/favicon.ico", "replay", None), ("/c/static/x.js", "replay", None),
     ("/css/site.css", "lost", None), ("/d/2026/https://a.example/", "lost", None), ("/c/2026mp_/about:blank", "lost", None), ("/", "lost", None)],
)  # fmt: skip
def test_requests_to_pywb(path: str, to: str, url: str | None) -> None:
    place = place_of(BASE + path, BASE, "c")
    assert (place.to, place.url) == (to, url or BASE + path)


@pytest.mark.parametrize("url", ["https://a.example/", "http://127.0.0.1:80800/c/2026/http://a.example/", "http://127.0.0.1/", "ftp://a.example/", "wss://a.example/"])
def test_requests_elsewhere(url: str) -> None:
    assert place_of(url, BASE, "c").to == "elsewhere"


@pytest.mark.parametrize("url", ["data:image/png;base64,x", "blob:http://127.0.0.1:8080/1", "about:srcdoc", "DATA:,x"])
def test_what_the_browser_makes_itself(url: str) -> None:
    assert place_of(url, BASE, "c").to == "browser"


def test_the_date_of_an_archived_answer() -> None:
    assert archived_at({"memento-datetime": "Sun, 29 Nov 2026 03:12:46 GMT"}) == datetime(2026, 11, 29, 3, 12, 46, tzinfo=UTC)
    assert archived_at({}) is None
    assert archived_at({"memento-datetime": "soon"}) is None


def test_schemes_ports_and_fragments_are_no_other_resource() -> None:
    assert same_resource("http://A.example:80/x?y#z") == same_resource("https://a.example:443/x?y") == "a.example/x?y"
    assert same_resource("https://a.example") == "a.example/"
