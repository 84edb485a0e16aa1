"""Removed, restored, removed again: three events, though `stories` holds the last state only."""

from __future__ import annotations

import itertools
from pathlib import Path

from index_makers import article, capture

from crawler.index.index import Index


def seen(index: Index, n: int) -> None:
    index.add_capture(capture(n))
    index.file_article(capture(n), article())


def denied(index: Index, n: int) -> None:
    shot = capture(n, status=404)
    index.add_capture(shot)
    index.deny(shot, "gone")


STEPS = [(seen, 1), (seen, 5), (denied, 10), (denied, 40), (seen, 50), (denied, 60), (denied, 90)]
COLUMNS = "kind, date, record_id, record_id_before, not_before, not_after, stood_least, stood_most, version, version_before"


def told(path: Path, steps: list[tuple[object, int]], columns: str) -> list[tuple[object, ...]]:
    with Index.open(path) as index:
        for step, n in steps:
            with index.atomic():
                step(index, n)  # type: ignore[operator]
        return [tuple(row) for row in index.query(f"SELECT {columns} FROM events ORDER BY date, id")]


def test_each_removal_and_return_is_an_event_with_its_captures(tmp_path: Path) -> None:
    rows = told(tmp_path / "index.db", STEPS, COLUMNS)
    assert [row[0] for row in rows] == ["published", "removed", "restored", "removed"]
    name = "urn:uuid:{:08d}".format
    assert [row[2:4] for row in rows[1:]] == [(name(10), name(5)), (name(50), name(40)), (name(60), name(50))]
    assert [row[6:8] for row in rows[1:]] == [(4 * 3600, 9 * 3600), (30 * 3600, 40 * 3600), (0, 10 * 3600)]
    assert [row[8:] for row in rows] == [(1, None), (None, 1), (1, 1), (None, 1)]


def test_in_any_order_of_captures(tmp_path: Path) -> None:
    expected = told(tmp_path / "index.db", STEPS, COLUMNS)
    for n, order in enumerate(itertools.islice(itertools.permutations(STEPS), 0, 5040, 503)):
        assert told(tmp_path / f"{n}.db", list(order), COLUMNS) == expected


def test_a_suspicion_is_no_event(tmp_path: Path) -> None:
    assert told(tmp_path / "a.db", [(seen, 1), (denied, 10), (seen, 50)], "kind") == [("published",)]
    assert told(tmp_path / "b.db", [(denied, 10), (denied, 40)], "kind") == []
