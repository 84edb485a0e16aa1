"""The bench of exports goes through, and says what it measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.exports import main, make


def test_exports_are_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path / "made", 1)
    assert main([str(tmp_path / "made"), "--formats", "wacz,cdxj", "--story", "bench/3"]) == 0
    head, wacz, cdxj = capsys.readouterr().out.splitlines()
    assert head.startswith("made: 1 MB of WARC")
    assert wacz.split()[0] == "wacz"
    assert "MB of memory" in cdxj
    assert "exit 0" in cdxj
