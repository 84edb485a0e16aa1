"""The benchmark of re-reading goes through, and counts what it has read."""

from __future__ import annotations

import pytest

from benchmarks.rereading import main


@pytest.mark.slow
def test_it_prints_a_line_for_each_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--articles", "6", "--warcs", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("13 captures")
    assert [line.split("  ")[0] for line in lines[1:4]] == ["reindex", "reread, 1 process", "reread, 2 processes"]
