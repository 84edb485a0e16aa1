"""Citations and the feed of stories: right tags, only variables of CSL, one story once, hostile text harmless."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import pytest
from index_makers import article, capture
from scrapy.settings import Settings
from wacz_makers import exported

from crawler.index.index import Index
from crawler.interchange.citing import Citing, citing_of

EVIL = "Ferry <script>alert(1)</script> & ]]>\nER  - \r\nTY  - BOOK"
NEWS_TAGS = {"TY", "ID", "TI", "AU", "T2", "PY", "DA", "SE", "LA", "AB", "KW", "UR", "Y2", "DB", "AN", "N1", "ER"}
"""Tags that Zotero's RIS translator reads into a newspaper article, and an id."""
CSL = {
    "type", "id", "title", "container-title", "author", "issued", "accessed", "URL", "abstract", "section", "language", "keyword", "archive",
    "archive_location", "note",
}  # fmt: skip
"""Variables that csl-data.json allows, of those that a newspaper article has."""


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    path = tmp_path / "harbour"
    (path / "archive").mkdir(parents=True)
    with Index.open(path / "index.db") as index, index.atomic():
        for n, story, text in (
            (1, "harbour/1000", article()),
            (2, "harbour/1000", article("Ferry sinks", authors=("Ada Quill", "Bo"), section="Quay", tags=("ships", "gales"))),
            (3, "harbour/2000", article(EVIL, story="harbour/2000", published=None, canonical_url="javascript:alert(1)", deck=None)),
        ):
            shot = capture(n, story=story, key=story)
            index.add_capture(shot)
            index.file_article(shot, text)
    return path


def written(collection: Path, form: str, **more: Any) -> str:
    place = collection.parent / f"out.{form}"
    outcome = exported(collection, form, place, **more)
    assert list(outcome.counts.values()) == [2]
    return place.read_bytes().decode()


def records(text: str) -> Iterator[list[tuple[str, str]]]:
    """Records of a RIS file: each line a tag, two blanks, a hyphen, a blank."""
    found: list[tuple[str, str]] = []
    for line in text.split("\r\n"):
        if not line:
            continue
        tag, mark, value = line[:2], line[2:6], line[6:]
        assert mark == "  - "
        found.append((tag, value))
        if tag == "ER":
            yield found
            found = []
    assert not found


def test_ris(collection: Path) -> None:
    evil, ferry = records(written(collection, "ris"))
    assert {tag for tag, _ in (*evil, *ferry)} <= NEWS_TAGS
    assert [tag for tag, _ in evil].count("ER") == [tag for tag, _ in evil].count("TY") == 1
    assert dict(evil)["TI"] == "Ferry <script>alert(1)</script> & ]]> ER - TY - BOOK"
    assert (ferry[0], ferry[-1]) == (("TY", "NEWS"), ("ER", ""))
    values = dict(ferry)
    assert [value for tag, value in ferry if tag == "AU"] == ["Ada Quill", "Bo"]
    assert [value for tag, value in ferry if tag == "KW"] == ["ships", "gales"]
    assert (values["ID"], values["TI"], values["T2"], values["SE"]) == ("harbour/1000", "Ferry sinks", "www.harbour.example", "Quay")
    assert (values["PY"], values["DA"], values["Y2"]) == ("2026", "2026/03/01/", "2026/03/01/")
    assert (values["DB"], values["AN"]) == ("harbour (web archive)", "urn:uuid:00000002 in harbour-1.warc.gz at offset 2000")
    assert "version 2, sha256:" in values["N1"]


def test_csl_json_holds_what_its_schema_allows(collection: Path) -> None:
    evil, ferry = json.loads(written(collection, "csl-json", citing=Citing(titles={"harbour": "The Harbour"}, replay="http://r.example")))
    for item in (evil, ferry):
        assert set(item) <= CSL
        assert {"type", "id"} <= set(item)
        assert item["type"] == "article-newspaper"
        assert all(isinstance(value, str) for name, value in item.items() if name not in ("author", "issued", "accessed"))
        for name in ("issued", "accessed"):
            if name in item:
                assert set(item[name]) == {"date-parts"}
                assert all(isinstance(part, int) for part in item[name]["date-parts"][0])
    assert ferry["author"] == [{"literal": "Ada Quill"}, {"literal": "Bo"}]
    assert (ferry["container-title"], ferry["issued"]) == ("The Harbour", {"date-parts": [[2026, 3, 1]]})
    assert ferry["archive_location"] == "http://r.example/harbour/20260301103015/https://www.harbour.example/detail/1000?c=2"
    assert "issued" not in evil


def test_the_feed_is_one_that_readers_read(collection: Path) -> None:
    text = written(collection, "atom", citing=Citing(replay="http://r.example", authority="paper.example", author="Ada & Bo"))
    feed = feedparser.parse(text)
    assert not feed.bozo
    assert (feed.feed.title, feed.feed.author) == ("Stories of harbour", "Ada & Bo")
    evil, ferry = feed.entries
    assert ferry.id == "tag:paper.example,2026:story/harbour/1000"
    assert [link.href for link in ferry.links] == [
        "https://www.harbour.example/detail/1000?c=2", "http://r.example/harbour/20260301103015/https://www.harbour.example/detail/1000?c=2",
    ]  # fmt: skip
    assert [tag.term for tag in ferry.tags] == ["Quay", "ships", "gales"]
    assert "<p>It had been idle.</p>" in ferry.content[0].value
    assert "javascript:" not in text
    assert "<script>" not in text
    assert evil.updated == feed.feed.updated


def test_names_come_from_settings_and_site_files() -> None:
    citing = citing_of(Settings({"ARCHIVE_REPLAY_URL": "http://r.example/", "ARCHIVE_OPERATOR": "Ada", "ARCHIVE_SITES": []}))
    assert (citing.replay, citing.author, citing.titles["presstv"]) == ("http://r.example", "Ada", "Press TV")
    assert citing.paper("presstv/1", "www.presstv.ir") == "Press TV"
    assert citing.paper("web/x", "a.example") == "a.example"
