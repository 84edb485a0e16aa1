"""Fixtures: excerpts of one page, and what is told of folders that hold anything else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from foreign_warcs import HOST, answer, record, story, uid, write

from crawler.archive_files.reader import archived
from crawler.errors import Damaged, NotAWarc, SetupError, Unreadable
from crawler.sites.presstv import SITE
from crawler.testing.excerpt import exchange, page_of, resource
from crawler.testing.fixtures import Fixture, read_page, written

URL = "https://www.presstv.ir/Detail/2026/05/04/768123/Alderhaven-beekeepers-hives"
PAGE = (Path(__file__).parents[1] / "sites" / "pages" / "presstv_modern.html").read_bytes()
DATE = datetime(2026, 5, 6, 12, tzinfo=UTC)


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    """A page without an exchange, as an excerpt."""
    path = tmp_path / "768123-modern.warc"
    path.write_bytes(resource(URL, DATE, PAGE))
    return path


def test_a_page_without_an_exchange_is_a_resource_record(warc: Path) -> None:
    found = page_of(warc)
    assert (found.type, found.target_uri, found.date) == ("resource", URL, DATE)
    assert found.block(found.block_length) == PAGE
    assert warc.read_bytes().startswith(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n")


def test_it_is_read_as_a_crawl_reads_it(warc: Path) -> None:
    article = read_page(SITE, warc)
    assert (article.story, article.template) == ("presstv/768123", "modern")
    assert article.headline == "Beekeepers of Alderhaven move their hives by night"


@pytest.mark.parametrize("compressed", [False, True])
def test_one_exchange_of_a_large_file_is_taken_out_unchanged(tmp_path: Path, compressed: bool) -> None:
    records = [record(answer(story(f"boat {n}")), f"/{n}", n=n) for n in (1, 2, 3)]
    source = tmp_path / ("all.warc.gz" if compressed else "all.warc")
    if compressed:
        write(source, *records)
    else:
        source.write_bytes(b"".join(records))
    excerpt = tmp_path / "one.warc"
    excerpt.write_bytes(exchange(source, uid(2).strip("<>")))
    (entry,) = [one for one in archived(excerpt) if one.capture is not None]
    assert entry.capture is not None
    assert entry.capture.url.endswith(f"{HOST}/2")
    (original,) = [one for one in archived(source) if one.capture is not None and one.capture.url == entry.capture.url]
    assert entry.payload() == original.payload()
    assert b"WARC-Warcinfo-ID" not in excerpt.read_bytes()


def test_an_exchange_that_is_not_there_is_told(tmp_path: Path) -> None:
    source = write(tmp_path / "all.warc.gz", record(answer(story("boat")), "/1", n=1))
    with pytest.raises(Damaged, match="no response urn:uuid:nosuch"):
        exchange(source, "urn:uuid:nosuch")


@pytest.mark.parametrize("count", [0, 2])
def test_a_fixture_holds_one_page(tmp_path: Path, count: int) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(b"".join(resource(URL, DATE, PAGE) for _ in range(count)))
    with pytest.raises((Damaged, NotAWarc)):
        page_of(path)


def test_a_page_that_is_no_story_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(resource("https://www.presstv.ir/Section/101", DATE, PAGE))
    with pytest.raises(Unreadable, match=r"/Section/101 is no story of presstv"):
        read_page(SITE, path)


def test_a_page_that_is_not_what_its_address_promises_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(resource(URL, DATE, b"<html><title>This website has been seized</title><h1>This website has been seized</h1>"))
    with pytest.raises(Unreadable) as caught:
        read_page(SITE, path)
    assert str(caught.value).startswith(f"{URL}: ")


@pytest.mark.parametrize(
    ("text", "told"), [(None, "No such file"), ("not json", "Expecting value"), ("[]", "no JSON object"), ("7", "no JSON object"), ('{"a"', "Expecting")]
)
def test_an_expected_answer_that_is_none_is_told_with_its_file(tmp_path: Path, text: str | None, told: str) -> None:
    fixture = Fixture(site=SITE, folder=tmp_path, name="x")
    if text is not None:
        fixture.json.write_text(text)
    with pytest.raises(SetupError) as caught:
        fixture.expected()
    assert str(caught.value).startswith(f"{fixture.json}: ")
    assert told in str(caught.value)


def test_a_fixture_compares_today_s_answer_with_the_one_that_was_reviewed(tmp_path: Path, warc: Path) -> None:
    fixture = Fixture(site=SITE, folder=tmp_path, name="768123-modern")
    assert fixture.warc == warc
    fixture.json.write_text(written(fixture.answer()))
    assert fixture.expected() == fixture.answer()


def test_an_answer_is_written_one_value_a_line(tmp_path: Path) -> None:
    text = written({"headline": "Brücke", "tags": ["a", "b"], "deck": None})
    assert text.splitlines() == ["{", ' "headline": "Brücke",', ' "tags": [', '  "a",', '  "b"', " ],", ' "deck": null', "}"]
    assert json.loads(text) == {"headline": "Brücke", "tags": ["a", "b"], "deck": None}
    assert text.endswith("}\n")
