"""Work outside ARCHIVE_HOURS, or beyond a day's requests, is put off, and goes on at the time that is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from work_sites import office, told, until

pytestmark = pytest.mark.slow


def at(folder: Path, moment: str) -> None:
    """Set the clock of the commands that are started with `clocks=folder`."""
    (folder / "new").write_text(moment)
    (folder / "new").replace(folder / "time")


def test_a_part_outside_the_hours_goes_on_when_they_begin(tmp_path: Path) -> None:
    with office(tmp_path, sites=1, stories=3) as one:
        (job,) = one.enqueue()
        soon = datetime.fromisoformat(one.report(job).job.created.isoformat()) + timedelta(days=1)
        begins = soon.replace(hour=22, minute=0, second=0, microsecond=0)
        at(tmp_path, (begins - timedelta(minutes=5)).isoformat())
        worker = one.start("work", "--until-idle", "--json", clocks=tmp_path, ARCHIVE_HOURS="22:00-23:00 UTC")
        until(lambda: one.report(job).parts and one.report(job).parts[-1].ended, 60)
        at(tmp_path, (begins - timedelta(seconds=2)).isoformat())
        out, err = worker.communicate(timeout=60)
        assert worker.returncode == 0, err
        first, second = told(out)["parts"]
        assert (first["verdict"], first["exit_code"], first["stats"]["captures"]) == ("POSTPONED", 0, 0)
        assert first["again"].startswith(f"{begins:%Y-%m-%dT%H:%M:%S}")
        assert second["verdict"] == "COMPLETE"
        assert second["started"] >= first["again"]
        assert second["stats"]["stories"]["new"] == 3
        report = one.report(job)
        assert (report.complete, len(report.parts)) == (True, 2)


def test_a_part_whose_host_has_had_its_requests_goes_on_the_next_day(tmp_path: Path) -> None:
    with office(tmp_path, sites=1, stories=4) as one:
        (job,) = one.enqueue()
        day = one.report(job).job.created.replace(hour=12, minute=30, second=0, microsecond=0) + timedelta(days=1)
        at(tmp_path, day.isoformat())
        worker = one.start("work", "--until-idle", clocks=tmp_path, ARCHIVE_HOST_REQUESTS_PER_DAY=4)
        until(lambda: (one.archives / "jobs.db").exists() and one.report(job).parts and one.report(job).parts[-1].ended)
        worker.terminate()
        out, err = worker.communicate(timeout=60)
        assert out.startswith("POSTPONED"), out + err
        assert f"goes on {day + timedelta(days=1):%Y-%m-%d} 13:00 UTC" in out
        assert len(one.papers.asked) == 4
        assert not one.report(job).ended
        at(tmp_path, (day + timedelta(hours=23)).isoformat())
        worker = one.start("work", clocks=tmp_path, ARCHIVE_HOST_REQUESTS_PER_DAY=4)
        until(lambda: bool(one.rows("SELECT 1 FROM runs WHERE ended IS NOT NULL")))
        worker.terminate()
        worker.communicate(timeout=60)
        assert len(one.papers.asked) == 4, "not before"
        at(tmp_path, (day + timedelta(hours=24, minutes=30)).isoformat())
        code, out, err = one.run("work", "--until-idle", clocks=tmp_path, ARCHIVE_HOST_REQUESTS_PER_DAY=9)
        assert code == 0, out + err
        assert one.report(job).complete
        assert one.rows("SELECT count(*) FROM stories") == [(4,)]
