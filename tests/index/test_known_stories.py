"""Single facts of the index, as the event loop asks for them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from crawler.index.index import Index
from crawler.index.known import KnownStories
from crawler.items import Article, Capture, Link, Role, Target

PAGE = "https://a.example/2026/08/15/7/x"


def capture(n: int, url: str, role: Role, *, story: str | None = None) -> Capture:
    return Capture(
        target=Target(url=url, site="demo", role=role, key=url, story=story), record_id=f"urn:uuid:{n}", host="a.example",
        date=datetime(2026, 8, n, tzinfo=UTC), warc="w", offset=n, length=1, status=200,
    )  # fmt: skip


def test_what_is_known_of_a_story_and_of_the_fronts_that_ever_showed_it(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with Index.open(path) as index, index.atomic():
        story = capture(1, PAGE, "story", story="demo/7")
        index.add_capture(story)
        index.file_article(story, Article(url=PAGE, story="demo/7", headline="A", published="2026-08-14T23:00:00+03:30"))
        for n, section, linked in ((2, "101", "7"), (3, "101", "8"), (4, "102", "9")):
            front = capture(n, f"https://a.example/Section/{section}", "section")
            index.add_capture(front)
            index.add_links(front.record_id, [Link(url=f"https://a.example/{linked}", text="one")])
        undated = capture(5, "https://a.example/6", "story", story="demo/6")
        index.add_capture(undated)
        index.file_article(undated, Article(url=undated.url, story="demo/6", headline="B"))
        missed = capture(6, "https://a.example/8", "story", story="demo/8")
        index.add_capture(missed)
        index.deny(missed, "gone")
    known = KnownStories(path)
    assert (known.published("demo/7"), known.versions("demo/7")) == (date(2026, 8, 14), 1)
    assert (known.published("demo/8"), known.versions("demo/8"), known.versions("demo/nosuch")) == (None, 0, 0)
    assert known.beginning("demo/7") == ("2026-08-14T19:30:00.000000Z", "2026-08-01T00:00:00.000000Z")
    assert (known.beginning("demo/6"), known.beginning("demo/9")) == ((None, "2026-08-05T00:00:00.000000Z"), (None, None))
    missing = known.missing("demo/8")
    assert missing is not None
    assert (missing.since, missing.hosts, missing.gone) == (datetime(2026, 8, 6, tzinfo=UTC), {"a.example"}, True)
    assert (known.missing("demo/7"), known.last_checks("demo/7", 9)) == (None, [("2026-08-01T00:00:00.000000Z", True)])
    assert set(known.linked_on("demo", "section", lambda url: url.endswith("/101"))) == {"https://a.example/7", "https://a.example/8"}
    with Index.open(path, readonly=True) as index:
        assert index.links_of("https://a.example/Section/101") == [Link(url="https://a.example/8", text="one")], "of the latest"
    known.close()
    nothing = KnownStories()
    assert (nothing.published("demo/7"), nothing.versions("demo/7"), list(nothing.linked_on("demo", "section", bool))) == (None, 0, [])
