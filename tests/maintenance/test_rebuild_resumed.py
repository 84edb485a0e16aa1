"""A rebuild that was killed is taken up where it was, and gives what one without a break gives, row for row."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from foreign_warcs import answer, record, revisit, story, write

from crawler.errors import WriteFailed
from crawler.index.index import Index
from crawler.maintenance import fill_index, half_made
from crawler.maintenance.reindex import Rebuilt, rebuild
from crawler.parsers.limits import ReadLimits
from crawler.processing.parse_again import Readers
from crawler.workers.pool import InThisProcess, JobLimits


class Killed(BaseException):
    """In place of the signal: nothing on the way may catch it."""


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Readers:
    monkeypatch.setattr(fill_index, "_READINGS", 2)
    return Readers(workers=InThisProcess(JobLimits(workers=0)))


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Three files: stories, a revisit whose original is there and one without, a page that is gone, damage at an end."""
    for f, name in enumerate("abc"):
        pages = [
            record(answer(story(f"ship {name}{n}")), f"/{name}/{n}", n=100 * f + n, date=f"2024-03-0{n + 1}T12:00:0{f}Z") for n in range(4)
        ]
        gone = record(answer(b"gone", b"HTTP/1.1 404 Not Found\r\n"), f"/{name}/0", n=100 * f + 50, date="2024-03-09T12:00:00Z")
        again = revisit(100 * f + 60, f"/{name}/1", f"WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-{100 * f + 1:012d}>")
        lost = revisit(100 * f + 70, f"/{name}/9", f"WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-{900 + f:012d}>")
        file = write(tmp_path / "archive" / f"{name}.warc.gz", *pages, gone, again, lost)
        if name == "b":
            file.write_bytes(file.read_bytes()[:-20])
    return tmp_path


@pytest.fixture
def kill(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    """Have the process die at a point, the nth time it is there."""

    def at(point: str, nth: int) -> None:
        left = nth

        def failpoint(reached: str) -> None:
            nonlocal left
            left -= reached == point
            if reached == point and not left:
                raise Killed

        monkeypatch.setattr(fill_index, "failpoint", failpoint)

    return at


def rows(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for the storage of the full text."""
    with closing(sqlite3.connect(file)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        return {
            name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in names
            if "_fts_" not in name and not name.startswith(("sqlite_", "_sqlite"))
        }  # fmt: skip


def told(result: Rebuilt) -> tuple[object, ...]:
    return result.captures, result.readings, sorted(result.problems), result.unresolved, result.stats


@pytest.mark.parametrize(("point", "nth"), [*(("rebuild:indexed", n) for n in (1, 3)), *(("rebuild:read", n) for n in (1, 4, 8))])
def test_it_goes_on_where_it_was(collection: Path, readers: Readers, kill: Callable[[str, int], None], point: str, nth: int) -> None:
    whole = rebuild(collection, readers)
    wanted = rows(collection / "index.db")
    kill(point, nth)
    with pytest.raises(Killed):
        rebuild(collection, readers)
    assert rows(collection / "index.db") == wanted, "the old index stays in use"
    kill("", 0)
    result = rebuild(collection, readers)
    assert result.taken_up == (2 * nth if point == "rebuild:read" else 0)
    assert told(result) == told(whole)
    assert rows(collection / "index.db") == wanted
    assert not list(collection.glob("index.db.rebuild*"))


def test_it_dies_again_and_again(collection: Path, readers: Readers, kill: Callable[[str, int], None]) -> None:
    whole = rebuild(collection, readers)
    wanted = rows(collection / "index.db")
    for point in ["rebuild:indexed"] * 3 + ["rebuild:read"] * 7:
        kill(point, 1)
        with pytest.raises(Killed):
            rebuild(collection, readers)
    kill("", 0)
    assert told(rebuild(collection, readers)) == told(whole)
    assert rows(collection / "index.db") == wanted


def other_readers(readers: Readers) -> Readers:
    return Readers(workers=readers.workers, limits=ReadLimits(links=7))


def spoil(path: Path) -> None:
    file = path / "index.db.rebuild"
    data = bytearray(file.read_bytes())
    data[4096:20000] = b"\xff" * (20000 - 4096)
    file.write_bytes(data)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file has changed": lambda path: write(path / "archive" / "a.warc.gz", record(answer(story("one ship")), "/a/0", n=1)),
    "a file is away": lambda path: (path / "archive" / "a.warc.gz").unlink(),
    "the half-made index is damaged": spoil,
    "it is no index": lambda path: (path / "index.db.rebuild").write_bytes(b"nonsense" * 999),
    "it is of an earlier version, which took no notes": lambda path: forget(path / "index.db.rebuild"),
}


def forget(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("DROP TABLE rebuild")


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_begun_anew_where_it_cannot_go_on(collection: Path, readers: Readers, kill: Callable[[str, int], None], change: str) -> None:
    kill("rebuild:read", 3)
    with pytest.raises(Killed):
        rebuild(collection, readers)
    kill("", 0)
    CHANGES[change](collection)
    result = rebuild(collection, readers)
    assert result.taken_up == 0
    made = rows(collection / "index.db")
    (collection / "index.db").unlink()
    rebuild(collection, readers)
    assert rows(collection / "index.db") == made


def test_it_is_begun_anew_by_other_readers(collection: Path, readers: Readers, kill: Callable[[str, int], None]) -> None:
    kill("rebuild:read", 3)
    with pytest.raises(Killed):
        rebuild(collection, readers)
    kill("", 0)
    assert rebuild(collection, other_readers(readers)).taken_up == 0


def test_a_file_that_came_meanwhile_is_taken_in(collection: Path, readers: Readers, kill: Callable[[str, int], None]) -> None:
    kill("rebuild:read", 4)
    with pytest.raises(Killed):
        rebuild(collection, readers)
    kill("", 0)
    write(
        collection / "archive" / "d.warc.gz", record(answer(story("ship a1")), "/a/1", n=777, date="2024-02-01T12:00:00Z"),
        record(answer(story("the lost ship")), "/a/9", n=900, date="2024-02-01T12:00:00Z"),
    )  # fmt: skip
    result = rebuild(collection, readers)
    assert result.taken_up == 8
    made = sample(collection)
    (collection / "index.db").unlink()
    assert rebuild(collection, readers).taken_up == 0
    assert sample(collection) == made


@pytest.mark.parametrize("pages", [1, 6])
def test_a_full_disk_is_told_and_what_was_done_is_kept(
    collection: Path, readers: Readers, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    whole = rebuild(collection, readers)
    wanted = rows(collection / "index.db")

    def small(index: Index) -> None:
        (now,) = index.query("PRAGMA page_count")[0]
        index.conn.execute(f"PRAGMA max_page_count = {now + pages}").fetchall()

    with monkeypatch.context() as patch:
        patch.setattr(half_made, "_quicken", small)
        with pytest.raises(WriteFailed, match="disk is full"):
            rebuild(collection, readers)
    assert rows(collection / "index.db") == wanted, "the old index stays in use"
    assert told(rebuild(collection, readers)) == told(whole)
    assert rows(collection / "index.db") == wanted


def test_a_disk_that_is_full_at_the_end_does_not_cost_the_queue(
    collection: Path, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(collection, readers)
    wanted = rows(collection / "index.db")

    def full(*given: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("crawler.maintenance.reindex.copy_rows", full)
        with pytest.raises(WriteFailed):
            rebuild(collection, readers)
    assert rows(collection / "index.db") == wanted
    assert rebuild(collection, readers).queue


def sample(path: Path) -> list[list[tuple[Any, ...]]]:
    """Rows by what does not depend on the order in which they were made."""
    with closing(sqlite3.connect(path / "index.db")) as db:
        return [db.execute(sql).fetchall() for sql in (
            "SELECT record_id, read_state, revisit_of, reader_version FROM captures ORDER BY 1",
            "SELECT s.* FROM stories s ORDER BY 1",
            "SELECT v.story_id, v.n, v.text_digest, v.first_seen, v.last_seen, c.record_id FROM versions v JOIN captures c ON c.id = v.capture_id ORDER BY 1, 2",
            "SELECT c.record_id, f.reason, f.detail FROM failures f LEFT JOIN captures c ON c.id = f.capture_id ORDER BY 1, 2",
        )]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_half(collection: Path) -> Iterator[None]:
    yield
    assert not list(collection.glob("index.db.rebuild*"))
