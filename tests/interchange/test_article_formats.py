"""Articles as JSON lines and CSV: what is selected, what a line holds, and what a spreadsheet makes of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_makers import BEGIN, article, capture

from crawler.errors import NothingSelected, SetupError, Usage
from crawler.index.index import Index
from crawler.interchange.export import Asked, export
from crawler.interchange.spreadsheet import COLUMNS, guarded
from crawler.subsets.outcome import Outcome
from crawler.subsets.selection import Selection, select

HOSTILE = '=HYPERLINK("http://a.example","x")'


def fill(index: Index) -> None:
    """Two stories: one of two versions on two hosts, one whose headline is a formula."""
    with index.atomic():
        for n, (story, text) in enumerate(
            [
                ("harbour/1000", article()),
                ("harbour/1000", article("Ferry sinks", "It sank.\nNobody drowned.")),
                ("harbour/2000", article(HOSTILE, "@SUM(A1)\n-1", story="harbour/2000", authors=("+Ada", "Bo"), deck="\tx")),
            ],
            1,
        ):
            shot = capture(n, story=story, key=story)
            index.add_capture(shot)
            index.file_article(shot, text)
            index.set_read_state(shot.record_id, "read")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as opened:
        fill(opened)
        yield opened


def written(index: Index, name: str, selection: Selection | None = None, **more: Any) -> tuple[bytes, Outcome]:
    place = index.path.parent / f"out.{name}"
    asked = Asked(collection=index.path.parent, format=name, place=str(place), selection=selection or Selection(), force=True, **more)
    outcome = export(asked, index)
    return place.read_bytes(), outcome


def ids(index: Index, selection: Selection) -> list[str]:
    return [json.loads(line)["id"] for line in written(index, "jsonl", selection)[0].splitlines()]


def test_a_line_is_the_answer_of_read_and_its_provenance(index: Index) -> None:
    data, outcome = written(index, "jsonl")
    first = json.loads(data.splitlines()[0])
    assert (first["id"], first["headline"], first["body"]) == (
        "harbour/1000#1",
        "Ferry runs again",
        "The ferry runs again.\nIt had been idle.",
    )
    assert (first["version"], first["newest"]) == (1, False)
    assert first["capture"] == {
        "date": "2026-03-01T09:30:15.250001Z", "host": "www.harbour.example", "url": "https://www.harbour.example/detail/1000?c=1", "via": None,
        "warc": "harbour-1.warc.gz", "offset": 1000, "length": 900, "record_id": "urn:uuid:00000001", "state": "ok",
    }  # fmt: skip
    assert first["images"][0] | {"record_id": None} == {
        "url": "https://pics.example/a.jpg", "caption": "The ferry at its pier", "credit": "Photo by Ada Berg", "agency": None, "alt": None,
        "raw": None, "record_id": None,
    }  # fmt: skip
    assert dict(outcome.counts) == {"articles": 3}
    assert outcome.exit_code == 0


def test_what_is_selected(index: Index) -> None:
    assert ids(index, select(index)) == ["harbour/1000#1", "harbour/1000#2", "harbour/2000#1"]
    assert ids(index, select(index, stories=["harbour/1000"])) == ["harbour/1000#1", "harbour/1000#2"]
    assert ids(index, select(index, stories=["harbour/1000", "harbour/2000"], query="sinks")) == ["harbour/1000#1", "harbour/1000#2"]
    assert ids(index, select(index, query="drowned")) == ["harbour/1000#1", "harbour/1000#2"]
    assert ids(index, select(index, since=BEGIN + timedelta(hours=2))) == ["harbour/1000#2", "harbour/2000#1"]
    assert ids(index, select(index, until=BEGIN + timedelta(hours=2))) == ["harbour/1000#1"]
    with pytest.raises(Usage):
        select(index, query=" ")
    with pytest.raises(NothingSelected, match="nothing selected"):
        written(index, "jsonl", select(index, query="nowhere"))
    with pytest.raises(NothingSelected):
        written(index, "jsonl", select(index, query="?!"))


def test_an_article_read_of_no_capture_is_noted(index: Index) -> None:
    with index.atomic():
        index.add_capture(capture(9, story="harbour/3000", key="harbour/3000"))
    assert written(index, "jsonl")[1].notes == [
        "1 captured page is not read yet (`scrapy reindex COLLECTION --unread` reads them): no article of theirs is here"
    ]


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_no_cell_is_a_formula_and_newlines_stay(index: Index) -> None:
    data, _ = written(index, "csv")
    found = rows(data)
    assert list(found[0]) == list(COLUMNS)
    assert found[0]["body"] == "The ferry runs again.\nIt had been idle."
    evil = found[2]
    assert (evil["headline"], evil["body"], evil["authors"], evil["deck"]) == (f"'{HOSTILE}", "'@SUM(A1)\n-1", "'+Ada; Bo", "'\tx")
    assert not [cell for row in found for cell in row.values() if cell[:1] in tuple("=+-@\t\r")]
    assert data.endswith(b"\r\n")
    assert not data.startswith(b"\xef\xbb\xbf")
    assert written(index, "csv", bom=True)[0].startswith(b"\xef\xbb\xbfstory,version,")


@given(st.text())
def test_a_guarded_cell_is_no_formula_and_gives_its_text_back(text: str) -> None:
    cell = guarded(text)
    assert cell[:1] not in tuple("=+-@\t\r")
    undone = cell[1:] if cell.startswith("'") and cell.lstrip("'")[:1] in tuple("=+-@\t\r\n＝＋－＠") and cell.lstrip("'") else cell
    assert undone == text


def test_nothing_that_is_there_is_replaced_without_a_word(index: Index) -> None:
    place = index.path.parent / "mine.csv"
    place.write_text("kept")
    with pytest.raises(SetupError, match="--force"):
        export(Asked(collection=index.path.parent, format="csv", place=str(place)), index)
    assert place.read_text() == "kept"
    with pytest.raises(SetupError, match="no folder"):
        export(Asked(collection=index.path.parent, format="csv", place=str(place / "no" / "x.csv")), index)


def test_a_file_that_is_not_whole_is_not_left(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr("crawler.interchange.json_lines.document", broken)
    place = index.path.parent / "half.jsonl"
    with pytest.raises(RuntimeError):
        export(Asked(collection=index.path.parent, format="jsonl", place=str(place)), index)
    assert not list(index.path.parent.glob("half*"))
