"""A part whose rows the shared frontier was not told of: its job is not at its end."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from crawler.jobs.rows import Part
from crawler.work.parts import Parts

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize("told", [True, False])
def test_a_part_waits_again_while_its_rows_are_untold(told: bool) -> None:
    ended: list[datetime | None] = []
    store = SimpleNamespace(end_part=lambda part, again: ended.append(again))
    parts: Any = SimpleNamespace(rows=SimpleNamespace(flush=lambda seconds: told), store=store)
    part = Part(id="p", job="j", worker="w", lanes=("a",), started=NOON)
    Parts.told_end(parts, part, None)
    Parts.told_end(parts, part, NOON)
    assert (ended[0] is None) == told, "a job must not end as complete while links of it are told to nobody"
    assert ended[1] == NOON
