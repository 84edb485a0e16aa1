"""`scrapy enqueue`, `jobs` and `report`, over a store whose worker is played."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from typed_commands import Answer, Typed

from crawler import clock
from crawler.jobs.rows import JobReport, LaneState, Part
from crawler.jobs.sqlite_store import SqliteJobStore

OMITTED = {"link out of scope": {"count": 3, "example": "https://x.example/", "incomplete": False}}
CHECKS = [
    {"name": "fixity", "passed": True, "level": "ok", "detail": "3 of 3", "advice": ""},
    {"name": "news came", "passed": False, "level": "fail", "detail": "no feed answered", "advice": "look at the feed"},
]


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[SqliteJobStore]:
    with closing(SqliteJobStore(tmp_path / "jobs.db")) as store:
        yield store


def played(store: SqliteJobStore, exit_code: int | None, **stats: Any) -> Part:
    """Do one part of the job that waits longest; None: die in it."""
    claims = store.claim("work", 8, lease=60)
    job = claims[0].jobs[0]
    part = Part(id=f"{clock.now().timestamp()}", job=job.id, worker="work", lanes=tuple(claim.lane for claim in claims), run_id=4, started=clock.now())
    store.begin_part(part)
    if exit_code is not None:
        store.end_part(attrs.evolve(part, ended=clock.now(), exit_code=exit_code, reason="because", stats=stats))
        for claim in claims:
            store.release("work", claim.lane, LaneState())
    return part


def document(answer: Answer) -> dict[str, Any]:
    assert not answer.err
    found: dict[str, Any] = json.loads(answer.out)
    return found


# -- enqueue


def test_what_is_enqueued_is_told_and_lies_in_the_store(typed: Typed, worker: SqliteJobStore) -> None:
    answer = typed("enqueue", "presstv", "https://www.presstv.ir/x", "https://a.example/", "-a", "requisites=none")
    assert answer.code == 0
    assert not answer.err
    jobs = {job.id[:8]: job for job in worker.jobs()}
    assert [job.site for job in jobs.values()] == ["web", "presstv", "presstv"]
    assert all(id in answer.out for id in jobs)
    assert "note: https://www.presstv.ir/x: of the site presstv, and crawled as such" in answer.out
    assert answer.out.endswith("for what is there now\n")
    assert "no worker is at work" in answer.out


def test_one_json_document_names_the_jobs(typed: Typed, worker: SqliteJobStore) -> None:
    told = document(typed("enqueue", "https://a.example/", "-a", "max_pages=5", "--json"))
    (job,) = worker.jobs()
    (one,) = told["jobs"]
    assert (one["id"], one["site"], one["arguments"], one["again"]) == (job.id, "web", {"max_pages": "5", "seeds": "https://a.example/"}, False)
    assert told["schedules"] == []


def test_a_job_that_is_open_is_not_made_twice(typed: Typed, worker: SqliteJobStore) -> None:
    first = document(typed("enqueue", "presstv", "--json"))["jobs"][0]
    again = document(typed("enqueue", "presstv", "rt", "--json"))["jobs"]
    assert [(one["site"], one["again"]) for one in again] == [("presstv", True), ("rt", False)]
    assert again[0]["id"] == first["id"]
    assert "open already" in typed("enqueue", "presstv").out
    played(worker, 0)
    assert document(typed("enqueue", "presstv", "--json"))["jobs"][0]["id"] != first["id"]


def test_a_schedule_told_twice_is_one_and_can_be_removed(typed: Typed, worker: SqliteJobStore) -> None:
    typed("enqueue", "presstv", "--every", "30m")
    told = document(typed("enqueue", "presstv", "--every", "1h", "--json"))["schedules"]
    (schedule,) = worker.schedules()
    assert (schedule.every, told[0]["id"], told[0]["every"]) == (3600.0, schedule.id, 3600.0)
    assert len(worker.fire(clock.now())) == 1
    answer = typed("enqueue", "--remove", schedule.id[:6])
    assert (answer.code, answer.out) == (0, f"schedule {schedule.id[:8]} of presstv removed\n")
    assert worker.schedules() == []
    assert typed("enqueue", "--remove", schedule.id).code == 2


@pytest.mark.parametrize("words", [
    (), ("nosuch",), ("presstv", "-a", "foo=1"), ("presstv", "-a", "foo"), ("presstv", "--every", "5x"), ("--remove", "1", "presstv"),
    ("--remove", ""), ("--remove", "ff"), ("web",), ("presstv", "--frob"), ("https://a.example/", "-a", "max_pages=x"),
])  # fmt: skip
def test_what_means_nothing_is_refused_in_one_line_and_leaves_no_store(typed: Typed, tmp_path: Path, words: tuple[str, ...]) -> None:
    answer = typed("enqueue", *words)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert not (tmp_path / "jobs.db").exists()


@pytest.mark.parametrize("words", [("enqueue", "presstv"), ("jobs",), ("report", "1"), ("enqueue", "--remove", "1")])
def test_a_file_that_is_no_job_store_is_told_in_one_line(typed: Typed, tmp_path: Path, words: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(tmp_path / "jobs.db")) as conn:
        conn.execute("CREATE TABLE captures (id)")
    answer = typed(*words)
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert "another program's database" in answer.err


# -- jobs


def test_without_jobs_it_says_so_and_makes_nothing(typed: Typed, tmp_path: Path) -> None:
    answer = typed("jobs")
    assert (answer.code, answer.out) == (0, "no jobs, no schedules\n")
    assert document(typed("jobs", "--json")) == {"jobs": [], "schedules": [], "workers": [], "lanes": []}
    assert list(tmp_path.iterdir()) == []


def test_jobs_schedules_workers_and_lanes_are_shown(typed: Typed, worker: SqliteJobStore) -> None:
    typed("enqueue", "presstv")
    typed("enqueue", "rt", "--every", "2h")
    assert "no worker is at work" in typed("jobs").out
    worker.beat("work", {"pages": 7})
    job = played(worker, None).job
    out = typed("jobs").out
    for words in (job[:8], "running", "Schedules", "2 h", "Workers", "at work", "pages 7", "Lanes", "presstv  work"):
        assert words in out
    assert "no worker is at work" not in out
    told = document(typed("jobs", "--json"))
    assert [(one["id"], one["state"], one["verdict"], one["open_lanes"], one["parts"]) for one in told["jobs"]] == [(job, "running", "", 1, 1)]
    assert [one["every"] for one in told["schedules"]] == [7200.0]
    assert [(one["name"], one["alive"], one["lanes"]) for one in told["workers"]] == [("work", True, 1)]
    assert [(one["lane"], one["owner"], one["running"]) for one in told["lanes"]] == [("presstv", "work", 1)]


def test_open_jobs_and_the_newest_ones_can_be_asked_for(typed: Typed, worker: SqliteJobStore) -> None:
    typed("enqueue", "presstv")
    played(worker, 10)
    typed("enqueue", "rt,mehr")
    assert [one["site"] for one in document(typed("jobs", "--json"))["jobs"]] == ["mehr", "rt", "presstv"]
    assert [one["site"] for one in document(typed("jobs", "--json", "--open"))["jobs"]] == ["mehr", "rt"]
    assert [one["site"] for one in document(typed("jobs", "--json", "--most", "1"))["jobs"]] == ["mehr"]
    assert "INCOMPLETE" in typed("jobs").out


def test_many_lanes_and_schedules_are_cut_for_people(typed: Typed, worker: SqliteJobStore) -> None:
    typed("enqueue", *(f"https://h{n}.example/" for n in range(40)))
    for n in range(30):
        typed("enqueue", f"https://h{n}.example/", "--every", "1d")
    out = typed("jobs").out
    assert "and 25 more lanes; all: --json" in out
    assert "and 10 more schedules; all: --json" in out
    assert max(map(len, out.splitlines())) < 200


def test_a_worker_that_is_lost_leaves_its_lanes(typed: Typed, worker: SqliteJobStore) -> None:
    typed("enqueue", "presstv")
    worker.beat("work", {})
    played(worker, None)
    refused = typed("jobs", "--lost", "work")
    assert refused.code == 11
    assert "in use by worker work" in refused.err
    worker.close()
    answer = typed("jobs", "--lost", "work")
    assert answer.code == 0
    assert answer.out.startswith("worker work is declared lost: 1 ")
    assert document(typed("jobs", "--lost", "work", "--json")) == {"lost": "work", "again": 0}
    assert typed("jobs", "--lost", "wrk").code == 2


@pytest.mark.parametrize("words", [("x",), ("--most", "0"), ("--lost", "w", "--open"), ("--frob",)])
def test_jobs_refuses_what_means_nothing(typed: Typed, words: tuple[str, ...]) -> None:
    answer = typed("jobs", *words)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)


# -- report


def test_a_complete_job_ends_with_0(typed: Typed, worker: SqliteJobStore) -> None:
    id = document(typed("enqueue", "presstv", "--json"))["jobs"][0]["id"]
    answer = typed("report", id[:6])
    assert answer.code == 10
    assert "NOT ENDED" in answer.out
    played(worker, 0, frontier={"done": 1234, "refused": 2}, captures=1240, bytes=2048, omitted=OMITTED, checks=CHECKS[:1])
    answer = typed("report", id)
    assert answer.code == 0
    assert not answer.err
    assert answer.out.splitlines()[-1] == "COMPLETE (exit code 0)"
    for words in ("1,234 done, 2 refused", "1,240, 2.0 KiB", "3 x link out of scope (https://x.example/)", "presstv; worker work, run 4"):
        assert words in answer.out
    told = document(typed("report", id, "--json"))
    assert (told["complete"], told["ended"], told["verdict"], told["exit_code"], told["open_lanes"]) == (True, True, "COMPLETE", 0, 0)
    assert (told["rows"], told["captures"], told["omitted"]) == ({"done": 1234, "refused": 2}, 1240, OMITTED)
    (part,) = told["parts"]
    assert (part["verdict"], part["worker"], part["run"], part["last"], part["checks"]) == ("COMPLETE", "work", 4, True, CHECKS[:1])


def test_a_part_that_failed_ends_with_10_and_says_why(typed: Typed, worker: SqliteJobStore) -> None:
    id = document(typed("enqueue", "presstv", "--json"))["jobs"][0]["id"]
    played(worker, 10, checks=CHECKS)
    answer = typed("report", id)
    assert answer.code == 10
    for words in ("INCOMPLETE (exit code 10): presstv", "because", "NOT news came: no feed answered", "look at the feed", "1 part of 1 did not end well"):
        assert words in answer.out
    assert "fixity" not in answer.out


def test_a_part_whose_worker_died_is_done_again_and_told(typed: Typed, worker: SqliteJobStore, tmp_path: Path) -> None:
    id = document(typed("enqueue", "presstv", "--json"))["jobs"][0]["id"]
    played(worker, None)
    worker.close()
    assert "NOT ENDED" in typed("report", id).out
    with closing(SqliteJobStore(tmp_path / "jobs.db")) as following:
        played(following, 0)
    told = document(typed("report", id, "--json"))
    assert [(part["verdict"], part["last"]) for part in told["parts"]] == [("DIED", False), ("COMPLETE", True)]
    assert told["complete"]


def test_an_unknown_or_ambiguous_job_is_refused(typed: Typed, worker: SqliteJobStore) -> None:
    for n in range(17):
        typed("enqueue", f"https://h{n}.example/")
    initials = [job.id[0] for job in worker.jobs()]
    twice = next(initial for initial in initials if initials.count(initial) > 1)
    answer = typed("report", twice)
    assert answer.code == 2
    assert "several jobs begin with" in answer.err
    assert typed("report", "x").code == typed("report").code == typed("report", "").code == typed("report", "1", "2").code == 2


def test_what_others_wrote_cannot_forge_lines(typed: Typed, worker: SqliteJobStore) -> None:
    id = document(typed("enqueue", "presstv", "--json"))["jobs"][0]["id"]
    evil = "x\n\x1b[31mCOMPLETE"
    worker.beat(evil, {"of": evil})
    played(worker, 10, checks=[{**CHECKS[1], "name": evil, "detail": evil}], omitted={evil: {"count": 1, "example": evil, "incomplete": True}})
    for out in (typed("report", id).out, typed("jobs").out):
        assert "\x1b" not in out
        assert "\nCOMPLETE" not in out


def test_only_the_last_part_in_a_lane_counts(worker: SqliteJobStore) -> None:
    now = clock.now()
    parts = tuple(
        Part(id=str(n), job="j", worker="w", lanes=lanes, started=now + timedelta(seconds=n), exit_code=code, ended=now)
        for n, (lanes, code) in enumerate([(("a", "b"), None), (("a",), 0), (("b", "c"), 0)])
    )
    report = JobReport(job=None, parts=parts, states={}, open_lanes=0)  # type: ignore[arg-type]
    assert [part.id for part in report.last_parts] == ["1", "2"]
    assert report.complete
