"""Jobs over seeds of no known site: one run for all lanes that are held, further hosts as they come."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
from work_sites import Office, office, told, until

pytestmark = pytest.mark.slow


def enqueued(one: Office, hosts: int, *words: str) -> str:
    """Enqueue the front pages of some hosts; the id of the job."""
    code, out, err = one.run("enqueue", *(f"http://h{n}.example/" for n in range(hosts)), "--json", *words)
    assert code == 0, err
    (job,) = json.loads(out)["jobs"]
    return str(job["id"])


def test_hosts_of_a_job_are_crawled_by_one_run_as_their_lanes_are_claimed(tmp_path: Path) -> None:
    with office(tmp_path, sites=1, stories=4) as one:
        job = enqueued(one, 6)
        code, _, err = one.work("--json", ARCHIVE_WORK_LANES=2)
        assert code == 0, err
        report = one.report(job)
        assert report.complete, report
        assert one.rows("SELECT host, count(*) FROM captures WHERE role = 'page' GROUP BY 1") == [(f"h{n}.example", 5) for n in range(6)]
        assert one.rows("SELECT state, count(*) FROM frontier GROUP BY 1") == [("done", 30)]
        assert one.run("verify", "work")[0] == 0


def test_pages_of_a_job_are_limited_over_all_its_parts(tmp_path: Path) -> None:
    with office(tmp_path, sites=1, stories=30, wait=0.05) as one:
        job = enqueued(one, 3, "-a", "max_pages=40")
        first = one.start("work", "--until-idle")
        until(lambda: len(one.papers.asked) > 15)
        first.send_signal(signal.SIGTERM)
        assert first.wait(30) == 14
        code, out, err = one.work("--json")
        assert code == 0, err
        pages = {(host, path) for _, host, path in one.papers.asked if path != "/robots.txt"}
        assert 25 <= len(pages) <= 40, "up to ten may be lost to a part that was stopped"
        assert one.report(job).ended
        assert told(out)["exit_code"] == 0


def test_a_host_of_a_known_site_waits_for_the_run_of_its_site(tmp_path: Path) -> None:
    with office(tmp_path, sites=1, stories=5, wait=0.05) as one:
        one.enqueue("paper0")
        code, _, err = one.run("enqueue", "--web", "http://paper0.example/", "http://h1.example/", "--json")
        assert code == 0, err
        code, _, err = one.work("--json")
        assert code == 0, err
        assert one.rows("SELECT site, count(*) FROM captures WHERE role IN ('page', 'story') GROUP BY 1") == [("paper0", 5), ("web", 12)]


@pytest.mark.parametrize("places", [1, 2, 3])
def test_a_seed_that_did_not_come_leaves_its_job_incomplete(tmp_path: Path, places: int) -> None:
    with office(tmp_path, sites=1, stories=1) as one:
        answer = one.papers.answer
        one.papers.answer = lambda host, path: (404, "text/html", b"gone") if host == "h1.example" else answer(host, path)  # type: ignore[method-assign]
        job = enqueued(one, 5)
        code, out, err = one.work("--json", ARCHIVE_WORK_LANES=places)
        asked = {host for _, host, path in one.papers.asked if path == "/"}
        assert asked == {f"h{n}.example" for n in range(5)}, "each seed, whatever lanes are held"
        assert code == 10, out + err
        report = one.report(job)
        assert report.ended
        assert not report.complete, report
        (told_of,) = [part for part in report.last_parts if part.exit_code]
        assert "http://h1.example/" in str(told_of.reason) + str(told_of.stats)
        assert "h1.example" in told_of.lanes
        assert one.run("report", job)[0] == 10
