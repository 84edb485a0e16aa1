"""Made collections are sound, the same each time, and as large as asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import search_speed
from benchmarks.big_index import main
from crawler.index.index import Index


def test_a_made_collection_is_sound_and_always_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.invented_texts.WORDS", 300)
    rows = []
    for name in ("one", "two"):
        main(["--versions", "150", "--captures", "1500", "--words", "80", str(tmp_path / name)])
        with Index.open(tmp_path / name / "index.db") as index:
            assert index.integrity() == []
            counts = index.counts()
            assert (counts["stored_versions"], counts["captures"] >= 1500) == (150, True)
            tables = ("captures", "stories", "stored_versions", "stored_images", "sightings", "denials")
            assert all(took > 0 for took, _ in search_speed.measure(index).values())
            rows.append({table: [tuple(row) for row in index.query(f"SELECT * FROM {table}")] for table in tables})
            kinds = {row[0] for row in index.query("SELECT DISTINCT kind FROM events")}
            assert {"published", "edited", "removed"} <= kinds
            assert len({row[0] for row in index.query("SELECT DISTINCT language FROM stories")}) > 5
    assert rows[0] == rows[1]
