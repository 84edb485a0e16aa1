"""The read-only view of a collection: two written pages of Press TV, one of them in two versions, in this process."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from exchange_makers import START, exchange, lease

from crawler import settings
from crawler.archive_files.reader import archived
from crawler.collection.collection import Collection
from crawler.collection.reader import CollectionReader, open_collection
from crawler.errors import ArchiveError, SetupError, Usage
from crawler.maintenance.unread import parse_unread
from crawler.processing.parse_again import Readers
from crawler.workers.pool import JobLimits, Workers

PAGES = Path(__file__).parents[1] / "sites" / "pages"
CLASSIC = "https://www.presstv.com/Detail/2018/04/12/558201/Alderhaven-ferries"
MODERN = "https://www.presstv.co.uk/Detail/2026/05/04/768123/Alderhaven-beekeepers-hives"


def body(name: str) -> bytes:
    return (PAGES / f"presstv_{name}.html").read_bytes()


def answer_of(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((PAGES / f"presstv_{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of three captures that were parsed: the classic page twice, corrected between, and the modern page."""
    path = tmp_path_factory.mktemp("archives") / "papers"
    pages = [(CLASSIC, body("classic")), (MODERN, body("modern")), (CLASSIC, body("classic").replace(b"</p>", b" (corrected)</p>", 3))]
    with closing(Collection.open(path)) as collection, closing(Readers(workers=Workers(JobLimits(workers=1)))) as readers:

        async def fill() -> None:
            for n, (url, payload) in enumerate(pages):
                story = "presstv/558201" if url == CLASSIC else "presstv/768123"
                await collection.record(exchange(n, payload, url=url), lease(n, url=url, site="presstv", role="story", story=story))

        asyncio.run(fill())
        assert parse_unread(collection, readers) == 3
    return path


@pytest.fixture
def reader(filled: Path) -> Iterator[CollectionReader]:
    with open_collection(filled) as reader:
        yield reader


def test_the_latest_version_of_each_story_comes_by_story_id(reader: CollectionReader) -> None:
    latest = list(reader.latest())
    assert [(version.story, version.n) for version in latest] == [("presstv/558201", 2), ("presstv/768123", 1)]
    assert [version.article.headline for version in latest] == [answer_of("classic")["headline"], answer_of("modern")["headline"]]


def test_versions_come_oldest_first_and_differ_in_their_text(reader: CollectionReader) -> None:
    first, second = reader.versions("presstv/558201")
    assert (first.n, second.n) == (1, 2)
    assert first.text_digest != second.text_digest
    assert first.first_seen < second.first_seen
    assert "(corrected)" in (second.article.body or "")
    assert "(corrected)" not in (first.article.body or "")


def test_a_story_is_looked_up_by_its_id(reader: CollectionReader) -> None:
    story = reader.story("presstv/558201")
    assert story is not None
    assert (story.site, story.number, story.versions, story.state) == ("presstv", 558201, 2, "live")


@pytest.mark.parametrize("story", ["", "presstv/1", "presstv", "web/558201", "presstv/558201 "])
def test_an_unknown_story_is_none_and_has_no_versions(reader: CollectionReader, story: str) -> None:
    assert reader.story(story) is None
    assert reader.versions(story) == []


@pytest.mark.parametrize(
    ("query", "stories"),
    [
        ("beekeepers", ["presstv/768123"]),
        ("BEEKEEPERS hives", ["presstv/768123"]),
        ('"forty hives"', ["presstv/768123"]),
        ("alderhaven -beekeepers", ["presstv/558201"]),
        ("alderhaven", ["presstv/558201", "presstv/768123"]),
        ("zeppelin", []),
    ],
)
def test_a_search_finds_stories_by_their_words(reader: CollectionReader, query: str, stories: list[str]) -> None:
    assert sorted({hit.story_id for hit in reader.search(query)}) == stories


def test_a_search_gives_no_more_than_its_limit(reader: CollectionReader) -> None:
    assert len(reader.search("alderhaven", limit=1)) == 1


@pytest.mark.parametrize("query", ["", "   ", "\n\t"])
def test_a_blank_search_is_refused(reader: CollectionReader, query: str) -> None:
    with pytest.raises(Usage):
        reader.search(query)


def test_captures_come_by_date_and_by_column(reader: CollectionReader) -> None:
    assert [capture.date for capture in reader.captures()] == [START + timedelta(seconds=n) for n in range(3)]
    assert [capture.url for capture in reader.captures(url=MODERN)] == [MODERN]
    assert list(reader.captures(state="lost")) == []
    assert len(list(reader.captures(state=None))) == 3


def test_a_statement_is_answered_in_rows(reader: CollectionReader) -> None:
    (row,) = reader.query("SELECT count(*) AS n FROM captures WHERE url = ?", [CLASSIC])
    assert row["n"] == 2


def test_the_payload_of_a_capture_is_what_was_received(reader: CollectionReader) -> None:
    (capture,) = reader.captures(url=MODERN)
    assert reader.payload(capture) == body("modern")


def test_a_capture_is_a_page_to_select_from(reader: CollectionReader) -> None:
    (capture,) = reader.captures(url=MODERN)
    page = reader.page(capture)
    assert page.url == MODERN
    assert str(answer_of("modern")["headline"]) in page.text
    assert page.css("html")
    assert page.xpath("//h1")


def test_a_closed_view_may_be_closed_again(filled: Path) -> None:
    reader = CollectionReader(filled)
    reader.close()
    reader.close()


def test_a_collection_is_opened_by_its_name(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ARCHIVE_DIR", str(filled.parent))
    with open_collection("papers") as reader:
        assert reader.path == filled.absolute()


def test_a_relative_path_is_made_absolute(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(filled.parent)
    with open_collection("papers") as reader:
        assert reader.path.is_absolute()


@pytest.mark.parametrize("place", [None, "archives"])
def test_a_name_without_a_collection_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str | None) -> None:
    monkeypatch.setattr(settings, "ARCHIVE_DIR", place and str(tmp_path / place))
    with pytest.raises(SetupError, match=r"no collection 'nowhere': .* holds neither index.db nor archive/"):
        open_collection("nowhere")


def test_an_empty_folder_is_no_collection(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"holds neither index.db nor archive/"):
        open_collection(tmp_path)


def test_an_archive_without_an_index_cannot_be_viewed(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    with pytest.raises(SetupError):
        open_collection(tmp_path)


def test_a_capture_whose_file_is_away_is_told_and_its_article_stays(filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(filled, copy)
    for file in (copy / "archive").iterdir():
        file.unlink()
    with open_collection(copy) as reader:
        (capture,) = reader.captures(url=MODERN)
        with pytest.raises((ArchiveError, OSError)):
            reader.payload(capture)
        with pytest.raises((ArchiveError, OSError)):
            reader.page(capture)
        assert len(list(reader.latest())) == 2


def test_the_view_writes_nothing(filled: Path) -> None:
    (file,) = (filled / "archive").iterdir()
    before = (file.read_bytes(), (filled / "index.db").read_bytes())
    with open_collection(filled) as reader:
        list(reader.latest())
        reader.search("alderhaven")
        for capture in reader.captures():
            reader.payload(capture)
    assert (file.read_bytes(), (filled / "index.db").read_bytes()) == before
    assert len(list(archived(file))) >= 3
