"""Views for the usual questions: right, and quick where there are very many rows."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_makers import article, capture, file_all

from crawler.index.index import Index
from crawler.items import Image

PICTURE = Image(url="https://pics.example/a.jpg", key="a.jpg", caption="The pier", credit="Reuters/Ada Berg", agency="Reuters")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as opened:
        yield opened


def test_answers(index: Index) -> None:
    file_all(
        index,
        (capture(1), article("Old", images=(PICTURE,), authors=("Ann", "Bo"), tags=("sea",))),
        (capture(2), article("New", images=(PICTURE,), authors=("Ann", "Bo"), tags=("sea",))),
        (capture(3, story="harbour/7", key="harbour/7"), article("Taken away", story="harbour/7", images=())),
    )
    with index.atomic():
        shot = capture(4, role="requisite", key="a.jpg", url="https://pics.example/a.jpg", mime="image/jpeg")
        index.add_capture(shot)
        index.link_image(shot)
        for n in (5, 40):
            denied = capture(n, status=404, story="harbour/7", key="harbour/7")
            index.add_capture(denied)
            index.deny(denied, "gone")
    latest = index.query("SELECT story_id, headline, authors, tags, versions, pictures, hosts FROM latest_versions ORDER BY published DESC, 1")
    assert [tuple(row) for row in latest] == [
        ("harbour/1000", "New", '["Ann","Bo"]', '["sea"]', 2, 1, '["www.harbour.example"]'),
        ("harbour/7", "Taken away", "[]", "[]", 1, 0, '["www.harbour.example"]'),
    ]
    assert tuple(index.query("SELECT headline, caption, agency, mime, warc, offset, record_id FROM pictures")[0]) == (
        "New", "The pier", "Reuters", "image/jpeg", "harbour-1.warc.gz", 4000, "urn:uuid:00000004",
    )  # fmt: skip
    assert tuple(index.query("SELECT agency, pictures, stories FROM pictures_by_agency")[0]) == ("Reuters", 1, 1)
    assert tuple(index.query("SELECT story_id, headline_before, headline FROM headline_changes")[0]) == ("harbour/1000", "Old", "New")
    removed = index.query("SELECT story_id, headline, state, denials, last_capture_id, missing_capture_id FROM removed_stories")
    assert [tuple(row) for row in removed] == [("harbour/7", "Taken away", "gone", 2, 3, 5)]
    rows = index.query("SELECT date, status, version, told, role FROM captures_of_story WHERE story_id = 'harbour/7' ORDER BY date")
    assert [tuple(row)[1:] for row in rows] == [(200, 1, None, "story"), (404, None, "gone", "story"), (404, None, "gone", "story")]
    assert [row[0] for row in index.query("SELECT headline FROM stories ORDER BY id")] == ["New", "Taken away"]


QUICK = {
    "SELECT * FROM latest_versions ORDER BY published DESC LIMIT 101": {"SCAN s USING INDEX idx_stories_published", "SEARCH v USING INDEX idx_versions_n"},
    "SELECT * FROM latest_versions WHERE story_id = 'x'": {"SEARCH s", "SEARCH v"},
    "SELECT * FROM pictures ORDER BY published DESC LIMIT 101": {"SCAN g USING INDEX idx_gallery_date"},
    "SELECT * FROM pictures WHERE story_id = 'x'": {"SCAN g", "SEARCH v USING INTEGER PRIMARY KEY"},
    "SELECT * FROM pictures WHERE credit_key = 'x' ORDER BY published DESC LIMIT 101": {"SCAN g USING INDEX idx_gallery_date"},
    "SELECT * FROM pictures WHERE agency_key = 'x' ORDER BY published DESC LIMIT 101": {"SCAN g USING INDEX idx_gallery_date"},
    "SELECT credit_key, count(*) FROM pictures GROUP BY 1": {"SCAN g"},
    "SELECT year, count(*) FROM pictures GROUP BY 1": {"SCAN g"},
    "SELECT section, count(*) FROM pictures GROUP BY 1": {"idx_gallery_section"},
    "SELECT * FROM pictures WHERE section = 'x' ORDER BY published DESC LIMIT 101": {"SEARCH g USING INDEX idx_gallery_section"},
    "SELECT count(*) FROM pictures": {"SCAN g"},
    "SELECT * FROM pictures_by_credit ORDER BY pictures DESC": {"SCAN g"},
    "SELECT * FROM pictures_by_agency": {"SCAN g"},
    "SELECT * FROM headline_changes ORDER BY date DESC LIMIT 101": {"SEARCH e USING INDEX idx_story_events_kind"},
    "SELECT * FROM headline_changes WHERE story_id = 'x'": {"SEARCH e USING INDEX idx_story_events_story"},
    "SELECT * FROM removed_stories ORDER BY missing_since DESC": {"idx_stories_missing"},
    "SELECT * FROM captures_of_story WHERE story_id = 'x' ORDER BY date": {"SEARCH v USING COVERING INDEX idx_versions_n", "SEARCH c USING INDEX idx_captures_story"},
    "SELECT * FROM events ORDER BY date DESC LIMIT 101": {"SCAN e USING INDEX idx_story_events_date"},
    "SELECT * FROM divergences WHERE story_id = 'x'": {"idx_divergences_story"},
    "SELECT id, headline FROM stories ORDER BY first_seen DESC LIMIT 20": {"idx_stories_first_seen"},
}  # fmt: skip
"""Questions, and steps that their plans have; what they do not name is not read through."""
LARGE = re.compile(r"SCAN (c|p|v|i|d|captures|stored_versions|stored_images|sightings)\b")


@pytest.mark.parametrize("question", QUICK)
def test_no_large_table_is_read_for_a_page(index: Index, question: str) -> None:
    steps = plan(index.conn, question)
    assert not [step for step in steps if LARGE.match(step)]
    assert not [step for step in steps if "AUTOMATIC" in step]
    for wanted in QUICK[question]:
        assert any(wanted in step for step in steps), steps
    if "BY published DESC LIMIT" in question:
        assert "USE TEMP B-TREE FOR ORDER BY" not in steps


def plan(conn: sqlite3.Connection, statement: str) -> list[str]:
    return [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {statement}")]


def test_lists_are_json_arrays_that_facet(index: Index) -> None:
    file_all(index, (capture(1), article(authors=("Ann",))), (capture(2, story="harbour/2"), article("B", story="harbour/2")))
    for column in ("authors", "tags", "problems", "hosts"):
        kinds = {row[0] for row in index.query(f"SELECT DISTINCT json_type({column}) FROM latest_versions")}
        assert kinds == {"array"}, column
    assert json.loads(index.query("SELECT authors FROM latest_versions ORDER BY story_id")[0][0]) == ["Ann"]


@pytest.mark.parametrize(("view", "column"), [("latest_versions", "authors"), ("latest_versions", "tags"), ("latest_versions", "hosts"), ("versions", "authors")])
def test_lists_are_counted_as_datasette_does(index: Index, view: str, column: str) -> None:
    file_all(index, (capture(1), article(authors=("Ann", "Bo"), tags=("sea",))))
    facet = (
        f"WITH inner AS (SELECT * FROM {view}), items AS (SELECT DISTINCT j.value, inner.* FROM json_each([inner].{column}) j JOIN inner)"
        " SELECT value, count(*) FROM items GROUP BY 1"
    )
    assert len(index.query(facet)) == {"authors": 2, "tags": 1, "hosts": 1}[column]
