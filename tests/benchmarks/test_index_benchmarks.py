"""The measures of `index.db` measure: sizes add up, and an index of many captures is in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import index_queries, index_scale, planning
from benchmarks.index_size import index_size, main
from crawler.index.index import Index


def test_sizes_add_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "a.warc.gz").write_bytes(b"x" * 100_000)
    Index.open(tmp_path / "index.db").close()
    size = index_size(tmp_path)
    assert (size.captures, size.warc) == (0, 100_000)
    assert size.index == (tmp_path / "index.db").stat().st_size
    assert not size.parts or sum(size.parts.values()) == size.index
    assert size.ratio == size.index / 100_000
    main([str(tmp_path)])
    assert "bytes of index a byte of WARC" in capsys.readouterr().out


def test_an_index_of_many_captures_is_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(index_scale, "MADE", 20)
    index_scale.main(["--captures", "80", "--dir", str(tmp_path)])
    assert "80 captures" in capsys.readouterr().out
    with Index.open(tmp_path / "index.db") as index:
        assert (index.integrity(), index.stats()["captures"], index.counts()["links"]) == ([], 80, 8000)
    assert set(index_scale.measure(tmp_path / "index.db")) >= {"stats", "versions of a story"}


def test_sql_is_asked_of_each_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(index_scale, "MADE", 20)
    index_scale.make(tmp_path / "index.db", 20)
    index_queries.main([str(tmp_path / "index.db"), str(tmp_path / "index.db")])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(index_queries.QUERIES)
    assert all(float(word) >= 0 for line in lines for word in line.split()[:2])


def test_a_run_over_many_known_stories_is_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(index_scale, "MADE", 20)
    for _ in range(2):  # the second time over the same index: nothing of the plan was kept
        planning.main(["--stories", "80", "--dir", str(tmp_path)])
        first, *lines = capsys.readouterr().out.splitlines()
        assert first.startswith("76 known stories, all due, 72 checks")
        assert [line.split(maxsplit=2)[2] for line in lines[:-1]] == [
            "open the index", "queue what is due", "estimate the rates of change", "count what is left", "together",
        ]  # fmt: skip
    with Index.open(tmp_path / "index.db") as index:
        assert index.integrity() == []
        assert index.query("SELECT count(*), min(state), max(state) FROM frontier")[0][:] == (76, "done", "done")
