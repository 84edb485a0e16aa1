"""`scrapy versions ADDRESS`: the site file tells the story, whatever host and shape the address has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.index.index import Index
from crawler.items import Article, Capture, Target

SEEN = "https://www.presstv.co.uk/Detail/2026/08/15/774416/Iran-Oman-Hormuz-Baghaei"


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archives")
    (folder / "presstv" / "archive").mkdir(parents=True)
    with Index.open(folder / "presstv" / "index.db") as index, index.atomic():
        for story, url in (
            ("presstv/774416", SEEN),
            ("web/https://news.example/a/b", "https://news.example/a/b"),
            # As an earlier version filed it.
            ("web/example,old)/c", "https://old.example/c"),
        ):
            capture = Capture(
                target=Target(url=url, site=story.partition("/")[0], role="story", key=story, story=story), record_id=f"urn:uuid:{story}",
                host="www.presstv.co.uk", date=datetime(2026, 8, 16, tzinfo=UTC), warc="w", offset=0, length=1, status=200,
            )  # fmt: skip
            index.add_capture(capture)
            index.file_article(capture, Article(url=url, story=story, headline="One story is one story"))
    return folder


@pytest.mark.parametrize(
    "address",
    [
        SEEN,
        "https://www.presstv.ir/Detail/2026/08/15/774416/other-slug",
        "http://presstv.com//detail/2026/8/15/0774416",
        "https://french.presstv.ir:443/Detail/2026/08/15/774416/x?utm_source=y#z",
        "www.presstv.ir/detail/774416.html",
        "https://www.presstv.ir/detail.aspx?sectionid=1&id=774416",
        " HTTPS://WWW.PRESSTV.IR/DETAIL/2026/08/15/774416/ ",
        "774416",
        "http://www.news.example/a/b",
        "news.example/a/b/",
        "http://www.old.example/c",
    ],
)
def test_an_address_of_any_shape_finds_its_story(archives: Path, typed: Callable[..., Any], address: str) -> None:
    out = typed("versions", address, archives=archives).out
    assert "One story is one story" in out
    assert out.startswith("presstv/774416" if "example" not in address else "web/")


def test_what_is_no_story_of_ours_is_told(archives: Path, typed: Callable[..., Any]) -> None:
    for address in (
        "https://www.presstv.ir/Detail/2026/08/15/774417/x",
        "https://www.presstv.ir/Section/101",
        "http://[/",
        "no such words",
    ):
        answer = typed("versions", address, archives=archives)
        assert answer.code == 1
        assert "no such story in presstv" in answer.err
