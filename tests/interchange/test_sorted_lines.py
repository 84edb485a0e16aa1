"""Lines sorted on disk come back as lines sorted in memory."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.subsets.row_numbers import RowNumbers
from crawler.subsets.sorted_lines import SortedLines


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.integers(0, 5000)))
def test_runs_on_disk_are_merged(tmp_path: Path, numbers: list[int]) -> None:
    wanted = sorted(b"%d\n" % number for number in numbers)
    with SortedLines(tmp_path, run_bytes=500) as lines:
        for number in numbers:
            lines.add(b"%d\n" % number)
        assert list(lines) == wanted
        assert list(lines) == wanted
    assert not list(tmp_path.iterdir())


def test_row_numbers() -> None:
    numbers = RowNumbers([5, 3, 9])
    assert [number for number in range(12) if number in numbers] == [3, 5, 9]
    assert len(numbers) == 3
    assert "3" not in numbers
