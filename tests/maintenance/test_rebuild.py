"""A rebuild keeps what only the old index knew, and never makes a smaller index without saying so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from foreign_warcs import answer, record, story, write

from crawler.collection.parse_tasks import tasks
from crawler.errors import SetupError, Unreadable
from crawler.index.index import Index
from crawler.items import Unusable, content_of
from crawler.maintenance.fill_index import open_old_index
from crawler.maintenance.reindex import rebuild
from crawler.maintenance.verify import verify_collection
from crawler.processing.parse_again import PATIENCE, SECOND_ATTEMPT, Readers, Task
from crawler.workers.job_map import Call
from crawler.workers.pool import JobLimits, Workers
from crawler.workers.worker import Worker


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(workers=Workers(JobLimits(workers=1)))
    yield readers
    readers.close()


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    (tmp_path / "quarantine").mkdir()
    for name in ("a", "b"):
        write(tmp_path / "archive" / f"{name}.warc.gz", record(answer(story(f"ship {name}")), f"/{name}", n=ord(name)))
    return tmp_path


def faults(path: Path) -> list[str]:
    return [fault.what for report in verify_collection(path, lambda _: lambda _: None) for fault in report.faults]


def test_dates_of_sealing_and_digests_are_kept_and_a_byte_outside_all_digests_is_still_found(collection: Path, readers: Readers) -> None:
    rebuild(collection, readers)
    assert not any("SHA-256" in what for what in faults(collection))
    with Index.open(collection / "index.db", readonly=True) as index:
        told = index.warcs()
    assert all(row["sealed"] and row["sha256"] for row in told)
    file = collection / "archive" / "a.warc.gz"
    data = bytearray(file.read_bytes())
    data[4] ^= 1  # the time in the gzip head: no digest covers it
    file.write_bytes(data)
    rebuild(collection, readers)
    with Index.open(collection / "index.db", readonly=True) as index:
        assert index.warcs() == told
    assert any("SHA-256" in what for what in faults(collection))


def test_an_index_that_knows_of_a_file_that_is_not_there_is_kept(collection: Path, readers: Readers) -> None:
    rebuild(collection, readers)
    (collection / "archive" / "b.warc.gz").rename(collection / "b")
    with pytest.raises(SetupError, match=r"1 capture lies in b\.warc\.gz, which is not there"):
        rebuild(collection, readers)
    with Index.open(collection / "index.db", readonly=True) as index:
        assert index.counts()["captures"] == 2
    done = rebuild(collection, readers, keep_old=True)
    assert done.captures == 1
    assert any("b.warc.gz" in problem for problem in done.problems)


def test_a_file_that_holds_less_than_before_is_told(collection: Path, readers: Readers) -> None:
    rebuild(collection, readers)
    write(collection / "archive" / "b.warc.gz", record(b"software: x\r\n", "/b", kind="warcinfo", n=9))
    assert any("2 captures, 1 are left" in problem for problem in rebuild(collection, readers).problems)


def test_a_page_that_was_read_before_gets_more_time_and_one_that_was_given_up_no_more(collection: Path, readers: Readers) -> None:
    rebuild(collection, readers)
    with Index.open(collection / "index.db") as index, index.atomic():
        ids = [capture.record_id for capture in index.captures()]
        index.set_read_state(ids[0], "unreadable")
        index.conn.execute(
            "INSERT INTO failures (url, host, site, role, key, date, reason, detail, attempt, bytes, capture_id)"
            " SELECT url, host, site, role, key, date, 'malformed', 'reading took over 5 s', 1, 0, id FROM captures WHERE record_id = ?",
            [ids[0]],
        )
    with open_old_index(collection / "index.db") as old:
        assert old is not None
        assert old.patience(ids[0]) == 1
        assert old.patience(ids[1]) > PATIENCE
        assert old.patience("urn:uuid:unknown") == PATIENCE


class Hurried(Workers):
    """Workers that give every page up, as on a machine that is busy."""

    patient = True
    """Whether a second attempt is done."""

    def begin(self, worker: Worker, call: Call) -> None:
        if call.times == 1 or not self.patient:
            raise Unreadable("reading took over 5 s and was given up")
        super().begin(worker, call)


class Hopeless(Hurried):
    """Workers that give up a second attempt too."""

    patient = False


def test_a_page_that_takes_too_long_is_tried_once_more_with_more_time(collection: Path) -> None:
    with closing(Readers(workers=Hurried(JobLimits(workers=1)))) as hurried:
        rebuild(collection, hurried)
        limited = [content_of(outcome).limited for outcome in hurried.interpret_all(tasks_of(collection))]
    with Index.open(collection / "index.db", readonly=True) as index:
        assert [tuple(row) for row in index.query("SELECT read_state, count(*) FROM captures GROUP BY 1")] == [("read", 2)]
    assert limited == [(SECOND_ATTEMPT,)] * 2


def tasks_of(collection: Path) -> list[Task]:
    with Index.open(collection / "index.db", readonly=True) as index:
        return list(tasks(index, collection, index.captures()))


def test_a_page_given_up_has_one_failure_whichever_limit_it_met(collection: Path) -> None:
    found = set()
    with closing(Readers(workers=Hurried(JobLimits(workers=1)))) as hurried:
        rebuild(collection, hurried)
    with closing(Readers(workers=Hopeless(JobLimits(workers=1)))) as hopeless:
        for task in tasks_of(collection)[:1]:
            first, second = hopeless.interpret_all([task, task])
            assert isinstance(first, Unusable)
            found.add((first.detail, content_of(second).bytes > 0))
    assert found == {("reading took too much time or memory and was given up", True)}
