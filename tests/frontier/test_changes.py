"""Changes of the table inside a transaction of the writer, and what other packages ask of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from crawler.frontier.changes import (
    Changed,
    RowChanges,
    changed_columns,
    copy_rows,
    mark_recovered,
    mark_unusable,
    queue_missing,
    queue_new,
    rename_record,
    save,
    save_changes,
)
from crawler.frontier.rows import FrontierRow, State, row_of, values_of
from crawler.frontier_reads.queries import count_by_state, last_story_failure, was_asked
from crawler.index.index import Index
from crawler.items import Capture, FrontierRequest, Target

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.open(tmp_path / "index.db")


def row(n: int, state: State, **more: object) -> FrontierRow:
    target = Target(key=f"demo/{n}", url=f"https://a.example/{n}", site="demo", role="story", story=f"demo/{n}")
    return FrontierRow(target=target, state=state, record_id=f"urn:uuid:{n}", added="2026", changed=f"2026-{n}", **more)  # type: ignore[arg-type]


def capture(n: int) -> Capture:
    return Capture(
        target=row(n, "done").target, record_id=f"urn:uuid:{n}", host="a.example", date=START, warc="w", offset=0, length=1, etag='"e"'
    )


def put(index: Index, *rows: FrontierRow) -> None:
    with index.atomic():
        for one in rows:
            save(index.conn, one)


def of(index: Index, n: int) -> FrontierRow:
    return row_of(index.query("SELECT * FROM frontier WHERE key = ?", [f"demo/{n}"])[0])


def test_a_row_comes_back_as_it_was_saved(index: Index) -> None:
    one = row(
        1, "queued", tried=("a.example", "b.example"), answered=("b.example",), priority=7, hint="Title", host="a.example", run_id=None
    )
    put(index, one)
    assert of(index, 1) == one


@pytest.mark.parametrize(
    ("before", "after"),
    [("queued", "captured"), ("leased", "captured"), ("captured", "captured"), ("done", "done"), ("refused", "refused")],
)
def test_recovery_captures_open_rows_and_leaves_settled_ones(index: Index, before: State, after: State) -> None:
    put(index, row(1, before))
    with index.atomic():
        mark_recovered(index.conn, "demo/1", "urn:uuid:found")
    assert (of(index, 1).state, of(index, 1).record_id) == (after, "urn:uuid:found" if after == "captured" else "urn:uuid:1")


def test_rows_done_by_captures_that_are_not_there_are_queued(index: Index) -> None:
    put(index, row(1, "done"), row(2, "done"), row(3, "failed"))
    with index.atomic():
        index.add_capture(capture(1))
        queue_missing(index.conn)
    assert [of(index, n).state for n in (1, 2, 3)] == ["done", "queued", "failed"]


def test_an_answer_found_unusable_gives_way_to_the_last_usable_one(index: Index) -> None:
    put(index, row(1, "done", due="2027", etag='"new"'), row(2, "done", due="2027", etag='"new"'))
    with index.atomic():
        mark_unusable(index.conn, "urn:uuid:1", capture(7), "2026-12")
        mark_unusable(index.conn, "urn:uuid:2", None, None)
    first, second = of(index, 1), of(index, 2)
    assert (first.etag, first.validates, first.validates_host, first.due) == ('"e"', "urn:uuid:7", "a.example", "2026-12")
    assert (second.etag, second.validates, second.due) == (None, None, "2027")


def test_requests_are_queued_where_there_is_no_row(index: Index) -> None:
    put(index, row(1, "done"))
    with index.atomic():
        run = index.start_run("demo", {}, START)
        wanted = [FrontierRequest(target=row(n, "queued").target, priority=7) for n in (1, 2, 3, 2)]
        assert queue_new(index.conn, wanted, run_id=run, now=START) == 2
    assert [of(index, n).state for n in (1, 2, 3)] == ["done", "queued", "queued"]
    assert (of(index, 2).priority, of(index, 2).run_id, of(index, 2).due) == (7, run, "2026-11-24T12:00:00.000000Z")


def test_a_renamed_record_is_renamed_where_rows_name_it(index: Index) -> None:
    put(index, row(1, "done", validates="urn:uuid:1"), row(2, "done", validates="urn:uuid:1"))
    with index.atomic():
        rename_record(index.conn, "urn:uuid:1", "urn:uuid:derived")
    assert [(of(index, n).record_id, of(index, n).validates) for n in (1, 2)] == [
        ("urn:uuid:derived",) * 2,
        ("urn:uuid:2", "urn:uuid:derived"),
    ]


def test_rows_of_an_older_index_stand_but_for_validators_known_only_now(index: Index, tmp_path: Path) -> None:
    old = Index.open(tmp_path / "old.db")
    put(old, row(1, "queued"), row(2, "done", validates="urn:uuid:2", etag='"old"'))
    put(index, row(1, "done", validates="urn:uuid:1", etag='"now"'), row(2, "done", validates="urn:uuid:9", etag='"now"'))
    with index.atomic():
        index.add_capture(capture(2))
        copy_rows(index.conn, old)
    assert [(of(index, n).state, of(index, n).etag) for n in (1, 2)] == [("queued", '"now"'), ("done", '"old"')]


def test_what_other_packages_ask(index: Index) -> None:
    put(index, row(1, "failed", reason="dns", detail="no such host"), row(2, "done"), row(3, "done"))
    assert count_by_state(index.query) == {"done": 2, "failed": 1}
    assert (was_asked(index.query, "demo/1"), was_asked(index.query, "demo/9")) == (True, False)
    put(index, row(4, "failed", reason="status", detail="404"))
    assert last_story_failure(index.query) == ("status", "404")


STATES: tuple[State, ...] = ("queued", "leased", "done", "failed")
CHANGES = st.fixed_dictionaries(
    {"state": st.sampled_from(STATES)},
    optional={
        "due": st.sampled_from(["", "2026", "2027"]), "priority": st.integers(0, 3), "hint": st.sampled_from([None, "A", "B"]),
        "tried": st.sampled_from([(), ("a",), ("a", "b")]), "etag": st.sampled_from([None, '"e"']), "run_id": st.none(),
    },
)  # fmt: skip


@given(st.lists(st.lists(st.tuples(st.integers(0, 2), CHANGES), max_size=5), max_size=6))
def test_what_changed_is_written_and_the_rest_stays(batches: list[list[tuple[int, dict[str, Any]]]]) -> None:
    with TemporaryDirectory() as folder, Index.open(Path(folder) / "index.db") as index:
        held: dict[int, FrontierRow] = {}
        for batch in batches:
            changes: dict[str, Changed] = {}
            for n, columns in batch:
                was = held.get(n)
                held[n] = evolve(was or row(n, "queued"), **columns)
                changes[held[n].key] = changes.get(held[n].key, (was, held[n]))[0], held[n]
            with index.atomic():
                save_changes(index.conn, changes.values())
        assert {n: of(index, n) for n in held} == held


def test_a_row_that_is_not_there_is_written_whole(index: Index) -> None:
    with index.atomic():
        save_changes(index.conn, [(row(1, "queued"), row(1, "done", etag='"e"'))])
    assert (of(index, 1).state, of(index, 1).etag) == ("done", '"e"')


def test_only_what_changed_and_what_a_capture_sets_is_written() -> None:
    columns, _ = changed_columns(row(1, "leased"), row(1, "done", hint="New"))
    assert columns == ("state", "hint", "record_id", "changed")


def test_a_settled_row_touches_no_index_of_queued_rows(index: Index) -> None:
    """Only queued rows are in the indexes by urgency."""
    found = {
        name: sql
        for name, sql in index.conn.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'frontier' AND type = 'index'")
        if sql
    }
    assert {name: "WHERE state = 'queued'" in sql for name, sql in found.items()} == {
        "idx_frontier_due": False,
        "idx_frontier_lane": True,
        "idx_frontier_next": True,
        "idx_frontier_scope": False,
        "idx_frontier_scope_next": True,
    }


@given(st.lists(st.tuples(st.integers(0, 2), CHANGES), max_size=8), st.integers(0, 8))
def test_changes_put_together_are_saved_as_one_after_the_other(steps: list[tuple[int, dict[str, Any]]], cut: int) -> None:
    held: dict[int, FrontierRow] = {}
    pieces: list[RowChanges] = []
    for n, columns in steps:
        was = held.get(n)
        held[n] = evolve(was or row(n, "queued"), **columns)
        pieces.append(RowChanges({held[n].key: (was, held[n])}))
    first, second = RowChanges({}), RowChanges({})
    for piece in pieces[:cut]:
        first.then(piece)
    for piece in pieces[cut:]:
        second.then(piece)
    with TemporaryDirectory() as folder, Index.open(Path(folder) / "index.db") as index:
        for changes in (first, second):
            with index.atomic():
                changes(index.conn)
        assert {n: of(index, n) for n in held} == held


HOSTS = st.lists(st.text(max_size=6) | st.sampled_from(['"', "\\", "\x7f", "a.example", "é"]), max_size=3).map(tuple)


@given(HOSTS, HOSTS, CHANGES)
def test_differences_are_those_of_the_columns_values(tried: tuple[str, ...], answered: tuple[str, ...], columns: dict[str, Any]) -> None:
    was, now = row(1, "queued", tried=answered), row(1, **columns | {"tried": tried, "answered": answered})
    before, after = values_of(was), values_of(now)
    assert (json.loads(str(after["tried"])), after["answered"]) == (list(tried), json.dumps(answered))
    names, values = changed_columns(was, now)
    assert dict(zip(names, values, strict=True)) == {
        name: value for name, value in after.items() if value != before[name] or name in ("state", "record_id", "changed")
    }
