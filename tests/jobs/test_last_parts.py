"""A job's verdict goes by the part of each lane that ended last."""

from datetime import UTC, datetime, timedelta

from crawler.jobs.rows import Job, JobReport, Part

BEGAN = datetime(2026, 11, 29, tzinfo=UTC)


def _part(name: str, lanes: str, started: float, ended: float | None, code: int | None) -> Part:
    end = None if ended is None else BEGAN + timedelta(seconds=ended)
    return Part(id=name, job="j", worker=name, lanes=tuple(lanes), started=BEGAN + timedelta(seconds=started), ended=end, exit_code=code)


def _report(*parts: Part) -> JobReport:
    return JobReport(job=Job(id="j", site="web", created=BEGAN), parts=parts, states={"done": 2}, open_lanes=0)


def test_a_lane_that_was_lost_to_a_part_begun_earlier_is_that_parts_business() -> None:
    report = _report(_part("lost", "b", 5, 6, 10), _part("took", "ab", 1, 9, 0))
    assert [part.id for part in report.last_parts] == ["took"]
    assert report.complete


def test_a_killed_part_counts_only_where_nobody_else_ended_its_lane() -> None:
    killed = _part("killed", "ab", 3, None, None)
    assert _report(killed, _part("a", "a", 1, 2, 0), _part("b", "b", 4, 5, 0)).complete
    assert not _report(killed, _part("a", "a", 4, 5, 0)).complete


def test_a_failed_part_counts_if_it_was_the_last_of_any_of_its_lanes() -> None:
    assert not _report(_part("failed", "ab", 1, 2, 10), _part("a", "a", 3, 4, 0)).complete
    assert _report(_part("failed", "ab", 1, 2, 10), _part("a", "a", 3, 4, 0), _part("b", "b", 3, 4, 0)).complete
