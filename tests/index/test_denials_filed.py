"""Denials and the states of stories come out the same, whatever the order in which captures are filed."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from index_makers import BEGIN, article, capture, rebuilt_rows

from crawler.index.index import Index
from crawler.items import Capture

STORIES = ("harbour/1000", "harbour/2000")
SHOWS = ("One", "Two", "memento")
SAYS = ("gone", "moved", "misread", *SHOWS)
"""What a capture says: a denial, a headline, a copy of a web archive, or a denial that turns out to show the story."""
FILED = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(STORIES), st.sampled_from(SAYS), st.sampled_from([None, False, True])), min_size=1, max_size=8
)  # fmt: skip
"""Hours, story, what is said, and whether it confirms."""


def shot(n: int, hours: int, story: str, says: str, confirms: bool | None) -> Capture:
    via = "https://archive.example/web/" if says == "memento" else None
    note = confirms if says in ("gone", "moved", "misread") else None
    return capture(n, date=BEGIN + timedelta(hours=hours), story=story, key=story, host="ab"[n % 2], via=via, confirms=note)


def file(index: Index, n: int, one: tuple[int, str, str, bool | None]) -> None:
    """File a capture as the crawl does, what was misread a second time."""
    held, says = shot(n, *one), one[2]
    index.add_capture(held)
    if says in ("gone", "moved", "misread"):
        index.deny(held, "gone" if says == "misread" else says)
    if says == "misread":
        index.forget(index.query("SELECT id FROM captures WHERE record_id = ?", [held.record_id])[0][0])
    if says in SHOWS or says == "misread":
        index.file_article(held, article(says, story=held.story, url=held.url))


def filed(told: list[tuple[int, str, str, bool | None]], order: list[int]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "index.db") as index:
        with index.atomic():
            for n in order:
                file(index, n, told[n])
        absent = index.query("SELECT story_id, last_seen, missing_since, denials, last_denied, confirmed, told, restored FROM absences")
        state = index.query("SELECT id, state, state_date, missing_since FROM stories ORDER BY id")
        assert index.integrity() == []
        return {**rebuilt_rows(index), "absences": sorted(map(tuple, absent), key=repr), "states": [tuple(row) for row in state]}


@settings(max_examples=40, deadline=None)
@given(FILED, st.data())
def test_denials_and_what_follows_are_the_same_in_any_order(told: list[tuple[int, str, str, bool | None]], data: st.DataObject) -> None:
    by_time = sorted(range(len(told)), key=lambda n: told[n][0])
    one, other = (filed(told, order) for order in (by_time, data.draw(st.permutations(range(len(told))))))
    assert {table: one[table] for table in ("denials", "absences", "states", "events")} == {
        table: other[table] for table in ("denials", "absences", "states", "events")
    }
    assert one == other
    assert len(one["denials"]) == sum(says in ("gone", "moved") for _, _, says, _ in told)


@settings(max_examples=40, deadline=None)
@given(FILED)
def test_a_state_is_what_the_captures_say(told: list[tuple[int, str, str, bool | None]]) -> None:
    """Reckoned here from the captures alone, where no two of one time contradict each other."""
    hours = [hours for hours, *_ in told]
    if len(set(hours)) < len(hours):
        return
    states = {story: (state, missing is not None) for story, state, _, missing in filed(told, list(range(len(told))))["states"]}
    for story in STORIES:
        own = sorted((at, says, confirms) for at, name, says, confirms in told if name == story)
        seen = [at for at, says, _ in own if says in ("One", "Two", "misread")]
        denied = [(at, says, confirms) for at, says, confirms in own if says in ("gone", "moved") and at > max(seen, default=-1)]
        sure = any(confirms or (confirms is None and at - denied[0][0] >= 24) for at, _, confirms in denied)
        if denied and (sure or not seen):
            assert states[story] == (denied[-1][1], True)
        elif own:
            assert states[story] == ("live" if seen else None, bool(denied))
