"""What web archives answer: copies judged by what was archived, and the archive's own words never taken for the host's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from outcomes import read
from test_interpretation import HTML, NOW, SITE, STORY, TEXT

from crawler.items import Capture, LeasedRequest, Listing, Parsed, Redirect, Target, Unusable

URL = "http://a.example/7"
RAW = f"https://archive.example/web/20190503040506id_/{URL}"
WHEN = datetime(2019, 5, 3, 4, 5, 6, tzinfo=UTC)


def outcome(
    body: bytes = STORY, *, status: int = 200, headers: tuple[tuple[str, str], ...] = HTML, role: str = "story", via: str | None = RAW,
    url: str = URL, memento_date: datetime | None = WHEN,
) -> Any:  # fmt: skip
    asked = Target(key=f"memento:{RAW}", url=via or url, site="demo", role=role, story="demo/7", language="en")  # type: ignore[arg-type]
    capture = Capture(
        target=asked.at(url), record_id="urn:uuid:1", host="archive.example", date=NOW, warc="w", offset=0, length=1, status=status,
        via=via, memento_date=memento_date,
    )  # fmt: skip
    return read(SITE, LeasedRequest(target=asked, original=url), capture, headers, body)


def test_a_copy_is_read_as_of_its_own_date_and_address() -> None:
    found = outcome(STORY.replace(b"</article>", b'<a href="/12">next</a></article>'))
    assert isinstance(found, Parsed)
    assert found.article.headline == "The wall is mended"
    assert [link.url for link in found.links] == ["http://a.example/12"]


def test_a_rewritten_copy_gives_the_same_as_the_raw_one() -> None:
    rewritten = STORY.replace(b"<head>", b"<head><!-- WB Insert --><script>wbinfo = {}</script><!-- End WB Insert -->").replace(
        b"</article>", b'<a href="/web/20190503040506mp_/http://a.example/12">next</a></article>'
    )
    found = outcome(rewritten, via=RAW.replace("id_", "mp_"))
    raw = outcome(STORY.replace(b"</article>", b'<a href="/12">next</a></article>'))
    assert isinstance(found, Parsed)
    assert (found.article, found.links) == (raw.article, raw.links)


SEIZED = b"<html><title>This website has been seized</title><body><h1>This website has been seized</h1><p>by the Office of Export Enforcement</p>"
NO_COPIES = {
    "archived 404": ({"status": 404, "body": b"<p>gone"}, ("status", True)),
    "archived home page in its place": ({"body": f"<html><title>Demo</title><p>{TEXT * 9}".encode(), "url": "http://a.example/"}, ("wrong-article", False)),
    "copy of another story": ({"url": "http://a.example/8"}, ("wrong-article", False)),
    "archive busy": ({"status": 429, "memento_date": None, "headers": (*HTML, ("Retry-After", "30"))}, ("status", False)),
    "archive down": ({"status": 503, "memento_date": None}, ("status", False)),
    "not archived": ({"status": 404, "memento_date": None, "body": b"<p>not in archive"}, ("status", True)),
    "not archived, said with 200": ({"memento_date": None}, ("soft-404", True)),
    "dated in the future": ({"memento_date": None, "headers": (*HTML, ("Memento-Datetime", "Fri, 01 Jan 2100 00:00:00 GMT"))}, ("malformed", False)),
    "archived redirect to the front page": ({"status": 302, "headers": (("Location", "/web/20190503040506id_/http://a.example/"),)}, ("redirect", True)),
    "redirect without Location": ({"status": 302, "headers": ()}, ("redirect", False)),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_COPIES)
def test_what_is_no_copy_of_the_story_says_why(name: str) -> None:
    values, want = NO_COPIES[name]
    found = outcome(**values)
    assert isinstance(found, Unusable)
    assert (found.reason, found.answer) == want
    if name == "archive busy":
        assert found.retry_after == 30.0


@pytest.mark.parametrize(
    "where", [f"/web/20200101000000id_/{URL}", "https://archive.example/web/20190503id_/https://a.example/7?from=x"],
)  # fmt: skip
def test_a_redirect_to_another_copy_of_the_story_may_be_followed(where: str) -> None:
    found = outcome(status=302, headers=(("Location", where),), memento_date=None)
    assert isinstance(found, Redirect)
    assert found.target.startswith("https://archive.example/web/20")


def test_a_list_gives_its_copies_as_links() -> None:
    text = f'<{URL}>; rel="original", <https://archive.example/web/20190503040506/{URL}>; rel="memento"; datetime="Fri, 03 May 2019 04:05:06 GMT"'
    found = outcome(text.encode(), headers=(("Content-Type", "application/link-format"),), role="timemap", via=None, memento_date=None)
    assert isinstance(found, Listing)
    assert [(link.url, link.text) for link in found.links] == [
        (f"https://archive.example/web/20190503040506/{URL}", "20190503040506")
    ]


@pytest.mark.parametrize(
    ("status", "body", "reason"), [(404, b"", "status"), (429, b"", "status"), (200, b"<html><p>Sign in", "malformed")]
)
def test_a_list_that_did_not_come_is_no_empty_list(status: int, body: bytes, reason: str) -> None:
    found = outcome(body, status=status, role="timemap", via=None, memento_date=None)
    assert isinstance(found, Unusable)
    assert (found.reason, found.answer) == (reason, status == 404)
