"""`scrapy repair` and `reindex` on a small collection, typed in this process: what they say, what they change, their exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from exchange_makers import exchange, lease
from small_collections import change, recorded, warc_of

from crawler.collection.layout import lock
from crawler.index.index import Index

Typed = Callable[..., Any]


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A collection of six captures that nobody has read yet."""
    pages = [b"<html><title>Page %d</title><h1>Page %d</h1><p>words" % (n, n) for n in range(6)]
    leases = [lease(n, site="web", role="page", story=f"web/{n}") for n in range(6)]
    return recorded(tmp_path / "demo", [(exchange(n, page), leases[n]) for n, page in enumerate(pages)])


def captures(path: Path) -> list[tuple[Any, ...]]:
    with Index.open(path / "index.db", readonly=True) as index:
        return [tuple(row) for row in index.query("SELECT record_id, state, offset FROM captures ORDER BY offset")]


def test_nothing_to_repair_is_said_and_nothing_changes(typed: Typed, demo: Path) -> None:
    before = captures(demo)
    told = typed("repair", "demo")
    assert (told.code, told.out) == (0, f"{demo}: nothing to repair\n")
    assert captures(demo) == before


def test_a_missing_index_is_made_anew(typed: Typed, demo: Path) -> None:
    before = captures(demo)
    for file in demo.glob("index.db*"):
        file.unlink()
    told = typed("repair", "demo")
    assert "  the index is missing" in told.out
    assert "  index made anew: 6 captures of 1 WARC file, " in told.out
    assert "rows of runs and mirrors" in told.out
    assert told.out.splitlines()[-1] == f"{demo}: repaired"
    assert captures(demo) == before


@pytest.mark.parametrize("content", [b"no database at all" * 500, b"SQLite format 3\0" + b"\xff" * 9000])
def test_an_index_that_cannot_be_read_is_moved_away_and_made_anew(typed: Typed, demo: Path, content: bytes) -> None:
    for file in demo.glob("index.db*"):
        file.unlink()
    (demo / "index.db").write_bytes(content)
    told = typed("repair", "demo")
    assert "; moved to quarantine/" in told.out or "moved to" in told.out
    assert len(captures(demo)) == 6
    assert any(file.read_bytes() == content for file in demo.rglob("*") if file.is_file() and file.name != "index.db")


def test_a_torn_tail_is_kept_and_named(typed: Typed, demo: Path) -> None:
    file = warc_of(demo)
    left = file.rename(file.with_name(f"{file.name}.open"))
    with left.open("ab") as out:
        out.write(b"half a member")
    change(demo, "DELETE FROM warcs")
    told = typed("repair", "demo")
    assert f"  {file.name}: sealed, " in told.out
    assert " of torn tail kept as quarantine/" in told.out
    assert told.out.splitlines()[-1] == f"{demo}: repaired"
    assert typed("repair", "demo").out == f"{demo}: nothing to repair\n"


def test_a_file_that_held_no_whole_record_goes_into_the_quarantine(typed: Typed, demo: Path) -> None:
    (demo / "archive" / "demo-20270101000000000-00009-host.warc.gz.open").write_bytes(b"\x1f\x8b half")
    told = typed("repair", "demo")
    assert "held no whole record; moved to the quarantine (7 B)" in told.out


def test_captures_of_a_file_that_is_not_there_are_damage_that_remains(typed: Typed, demo: Path, tmp_path: Path) -> None:
    name = warc_of(demo).name
    warc_of(demo).rename(tmp_path / "away.warc.gz")
    told = typed("repair", "demo")
    assert told.code == 13
    assert f"  damaged: 6 captures lie in {name}, which is not there: put it back" in told.out
    assert told.out.splitlines()[-1].endswith("; damage remains, see above")
    (tmp_path / "away.warc.gz").rename(demo / "archive" / name)
    assert typed("repair", "demo").code == 0


def test_captures_behind_the_end_of_their_file_are_lost_and_told(typed: Typed, demo: Path) -> None:
    file = warc_of(demo)
    file.write_bytes(file.read_bytes()[:-900])
    told = typed("repair", "demo")
    assert "behind the end of their file: marked lost, to be fetched again" in told.out
    assert {state for _, state, _ in captures(demo)} == {"ok", "lost"}


@pytest.mark.parametrize("command", ["repair", "reindex"])
def test_a_collection_in_use_is_left_alone(typed: Typed, demo: Path, command: str) -> None:
    held = lock(demo)
    try:
        told = typed(command, "demo")
    finally:
        held.close()
    assert told.code == 11
    assert "in use by process" in told.err


def test_an_index_is_rebuilt_row_for_row(typed: Typed, demo: Path) -> None:
    before = captures(demo)
    told = typed("reindex", "demo")
    assert f"{demo}: 6 captures of 1 WARC file indexed, " in told.out
    assert captures(demo) == before


def test_a_rebuild_without_an_old_index_says_what_is_lost(typed: Typed, demo: Path) -> None:
    for file in demo.glob("index.db*"):
        file.unlink()
    told = typed("reindex", "demo")
    assert "no old index that could be read: rows of runs and mirrors are lost; the next crawl finds again what was queued" in told.out
    assert len(captures(demo)) == 6


def test_damage_in_a_file_is_told_and_the_rest_is_indexed(typed: Typed, demo: Path) -> None:
    file = warc_of(demo)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    for old in demo.glob("index.db*"):
        old.unlink()
    told = typed("reindex", "demo")
    assert told.code == 13
    assert "  damaged: " in told.out
    assert 0 < len(captures(demo)) < 6


def test_what_is_unread_is_read_when_asked_for(typed: Typed, demo: Path) -> None:
    told = typed("reindex", "demo", "--unread")
    assert told.out.splitlines()[-1] == f"{demo}: 6 captures read"
    again = typed("reindex", "demo", "--unread")
    assert again.out.splitlines()[-1] == f"{demo}: 0 captures read"
