"""Runs with verdicts, sites, mirrors by month, coverage by day."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from index_makers import BEGIN, article, capture, file_all

from crawler.catalogue.coverage_days import coverage_span
from crawler.catalogue.mirror_months import timeline
from crawler.catalogue.publishers import publishers
from crawler.catalogue.run_list import run_report, runs
from crawler.index.index import Index
from crawler.index.rows import insert, iso
from crawler.sites import load_sites
from crawler.urls import host_of


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as made:
        yield made


def fail(index: Index, url: str, reason: str, run_id: int | None) -> None:
    values = {
        "run_id": run_id, "url": url, "host": host_of(url), "site": "harbour", "role": "story", "key": url, "date": iso(BEGIN), "reason": reason,
        "attempt": 1, "bytes": 0,
    }  # fmt: skip
    insert(index.conn, "failures", values)


def run(index: Index, code: int | None, **stats: object) -> int:
    with index.atomic():
        number = index.start_run("harbour", {"story": "<b>1</b>"}, BEGIN)
        if code is not None:
            index.end_run(number, ended=BEGIN + timedelta(seconds=90), exit_code=code, reason="why", stats=stats)
    return number


@pytest.mark.parametrize(
    ("code", "stats", "verdict", "good"),
    [
        (0, {}, "complete", True), (0, {"left": {"held": "its budget"}}, "postponed", True), (10, {}, "incomplete", False),
        (12, {}, "write failed", False), (14, {}, "stopped", False), (1, {}, "failed", False), (None, {}, "unfinished", None),
        (0, {"left": None, "stories": [], "failures": 7, "captures": "x"}, "complete", True),
    ],
)  # fmt: skip
def test_a_run_has_a_verdict_in_words(index: Index, code: int | None, stats: dict[str, object], verdict: str, good: bool | None) -> None:
    number = run(index, code, **stats)
    ((line,), further) = runs(index)
    assert (line.id, line.verdict, line.good, further) == (number, verdict, good, None)
    assert line.arguments == {"story": "<b>1</b>"}
    assert line.seconds == (None if code is None else 90.0)
    report = run_report(index, number)
    assert report is not None
    assert (report.line, report.checks) == (line, None)


def test_runs_are_listed_from_the_newest_back(index: Index) -> None:
    numbers = [run(index, 0) for _ in range(5)]
    first, further = runs(index, most=2)
    assert ([line.id for line in first], further) == (numbers[:2:-1], numbers[3])
    rest, further = runs(index, before=numbers[3], most=3)
    assert ([line.id for line in rest], further) == (numbers[2::-1], None)
    report = run_report(index, numbers[2])
    assert report is not None
    assert (report.earlier, report.later) == (numbers[1], numbers[3])
    assert run_report(index, 99) is None


def test_a_run_reports_checks_and_failures_with_addresses(index: Index) -> None:
    other, number = run(index, 0), run(
        index, 10, failures={"dns": 2, "status": 5}, failing_hosts={"dns": {"a.example": 2}}, omitted={"too far": 3},
        checks=[{"name": "all came", "level": "fail", "detail": "two did not", "advice": None}, "no check"],
    )  # fmt: skip
    with index.atomic():
        for n, (reason, of) in enumerate([("dns", number), ("dns", other), ("status", number)]):
            fail(index, f"https://a.example/{n}", reason, of)
    report = run_report(index, number)
    assert report is not None
    assert report.checks is not None
    assert [(one.name, one.level, one.advice) for one in report.checks] == [("all came", "fail", "")]
    assert [(one.reason, one.count, one.hosts, one.examples) for one in report.failures] == [
        ("status", 5, {}, ["https://a.example/2"]), ("dns", 2, {"a.example": 2}, ["https://a.example/0"]),
    ]  # fmt: skip
    assert (report.omitted, "checks" in report.stats) == ({"too far": 3}, False)


def test_stats_that_are_no_json_are_no_error(index: Index) -> None:
    number = run(index, 0)
    with index.atomic():
        index.conn.execute("UPDATE runs SET stats = '[', arguments = '[]'")
    report = run_report(index, number)
    assert report is not None
    assert (report.stats, report.line.arguments) == ({}, {})


def test_a_site_is_described_by_its_file_and_by_what_is_held(index: Index) -> None:
    shelf = load_sites()
    file_all(index, (capture(0, site="presstv", story="presstv/1000", key="presstv/1000"), article(story="presstv/1000")))
    file_all(index, (capture(1), article()), (capture(2), article("Another headline")))
    with index.atomic():
        index.start_run("replay", {}, BEGIN)
        index.start_run("presstv", {}, BEGIN)
    harbour, press = sorted(publishers(index, shelf), key=lambda one: one.name)
    assert (harbour.name, harbour.title, harbour.file, harbour.mirrors, harbour.held.changed) == ("harbour", "harbour", None, (), 1)
    assert (press.title, press.file, press.held.stories, press.held.runs) == ("Press TV", "presstv.py", 1, 1)
    assert {one.host: str(one.until) for one in press.mirrors if one.until}["www.presstv.com"] == "2021-06-22"
    assert {one.kind for one in press.seeds} <= {"feed", "sitemap", "section"}
    assert "modern" in {one.name for one in press.templates}


def test_a_site_without_stories_is_there_by_its_run(index: Index) -> None:
    run(index, 10)
    (only,) = publishers(index, {})
    assert (only.name, only.held.stories, only.held.runs, only.held.first_seen) == ("harbour", 0, 1, None)


def test_mirrors_have_a_place_for_each_month(index: Index) -> None:
    assert timeline(index).lines == []
    file_all(index, (capture(0), article()), (capture(24 * 70), article("Later")))
    with index.atomic():
        index.save_mirror("harbour", "www.harbour.example", state="well", successes=2, failures=1)
        index.save_mirror("harbour", "dead.harbour.example", state="dead", successes=0, failures=9)
        fail(index, "https://dead.harbour.example/", "dns", None)
    found = timeline(index)
    assert found.months == ["2026-03", "2026-04", "2026-05"]
    dead, well = found.lines
    assert [one.sign for one in dead.months] == ["failing", "quiet", "quiet"]
    assert (dead.months[0].failures, dead.months[0].failed) == ({"dns": 1}, 1)
    assert [one.sign for one in well.months] == ["quiet", "quiet", "quiet"]
    assert well.health is not None
    assert well.health.state == "well"
    assert timeline(index, months=1).months == ["2026-05"]
    assert timeline(index, site="other").lines == []


def test_coverage_of_an_empty_index_is_empty(index: Index) -> None:
    span = coverage_span(index, missing=True)
    assert (span.days, span.gaps, span.earlier, span.total.announced) == ([], [], None, 0)
    with pytest.raises(ValueError, match="tomorrow"):
        coverage_span(index, until="tomorrow")


def test_coverage_goes_back_span_by_span(index: Index) -> None:
    file_all(index, (capture(1), article()))
    with index.atomic():
        for n, days in enumerate((0, 0, 40)):
            front = capture(100 + n, date=BEGIN + timedelta(days=days), role="seed", story=None, key=f"front{n}", url="https://www.harbour.example/")
            index.add_capture(front)
            row = index.query("SELECT id FROM captures WHERE record_id = ?", [front.record_id])[0][0]
            index.conn.execute("INSERT INTO announced VALUES (?, ?, ?)", (f"harbour/{1000 + n}", row, f"https://www.harbour.example/detail/{1000 + n}"))
    newest = coverage_span(index, missing=True)
    assert (newest.until, newest.earlier, newest.total.announced, newest.total.missing) == ("2026-04-10", "2026-03-10", 1, 1)
    assert [gap.story_id for gap in newest.gaps] == ["harbour/1002"]
    older = coverage_span(index, until=newest.earlier)
    assert [(one.day, one.counts.announced, one.counts.held) for one in older.days] == [("2026-03-01", 2, 1)]
    assert (older.earlier, older.gaps, json.dumps(older.since)) == (None, [], '"2026-02-08"')


def test_months_are_counted_as_the_view_counts_them(_demo: Path) -> None:
    names = ("compared", "equal", "lagging", "different", "missing")
    with Index.open(_demo / "demo" / "index.db", readonly=True) as index:
        view = {(row["host"], row["month"]): (*(row[name] for name in names), row["says"]) for row in index.query("SELECT * FROM mirror_timeline")}
        found = {
            (line.host, one.month): (one.compared, one.equal, one.lagging, one.different, one.missing, one.says)
            for line in timeline(index).lines for one in line.months if one.compared
        }  # fmt: skip
    assert found
    assert {key: view[key] for key in found} == found
