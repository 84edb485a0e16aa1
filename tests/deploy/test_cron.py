"""The job of cron: silent if all is well, else one mail with the report of that run."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from stands import ROOT

CRON = ROOT / "deploy" / "cron"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A PATH with a `mail` that writes down what it was given."""
    mail = tmp_path / "bin" / "mail"
    mail.parent.mkdir()
    mail.write_text(f'#!/bin/sh\n[ ! -e {tmp_path}/no-mail ] || exit 1\necho "$@" >> {tmp_path}/mail.words\ncat >> {tmp_path}/mail.text\n')
    mail.chmod(0o755)
    return tmp_path


def job(
    folder: Path, *command: str, mail: str = "archive@example.org", wait: bool = True, name: str = "courier"
) -> "subprocess.Popen[str]":
    environment = os.environ | {"PATH": f"{folder}/bin:{os.environ['PATH']}", "JOB_DIR": str(folder / "jobs"), "JOB_MAIL": mail}
    started = subprocess.Popen(
        [CRON / "run-job", name, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    if wait:
        started.wait(60)
    return started


def printed(done: "subprocess.Popen[str]") -> str:
    assert done.stdout is not None
    return done.stdout.read()


@pytest.mark.parametrize("code", [0, 11])
def test_a_good_run_says_nothing(folder: Path, code: int) -> None:
    done = job(folder, "sh", "-c", f"echo the report; echo the log >&2; exit {code}")
    assert (done.returncode, printed(done)) == (code, "")
    assert not (folder / "mail.words").exists()
    assert (folder / "jobs" / "courier.report").read_text() == "the report\n"


@pytest.mark.parametrize("code", [1, 2, 10, 12, 13, 14, 137])
def test_a_bad_run_is_one_mail_with_its_own_report(folder: Path, code: int) -> None:
    job(folder, "sh", "-c", "echo an earlier report; exit 10", mail="")
    done = job(folder, "sh", "-c", f"echo the report; seq 1000 >&2; exit {code}")
    assert (done.returncode, printed(done)) == (code, "")
    assert re.fullmatch(rf"-s courier: exit code {code} on \S+ archive@example.org\n", (folder / "mail.words").read_text())
    text = (folder / "mail.text").read_text()
    assert text.startswith("the report\n")
    assert "earlier" not in text
    assert text.endswith("\n1000\n")
    assert "\n950\n" not in text, "the last lines of the log only"


def test_without_mail_it_is_printed_for_cron_to_mail(folder: Path) -> None:
    done = job(folder, "sh", "-c", "echo the report; exit 10", mail="")
    assert "courier: exit code 10" in (out := printed(done))
    assert "the report" in out
    (folder / "no-mail").touch()
    assert "mail could not be sent" in (out := printed(job(folder, "sh", "-c", "echo the report; exit 12")))
    assert "the report" in out


def test_a_command_that_is_not_there_is_told(folder: Path) -> None:
    done = job(folder, str(folder / "no-such-program"))
    assert done.returncode == 127
    assert "no-such-program" in (folder / "mail.text").read_text()


def test_a_job_never_runs_twice_and_hands_a_signal_on(folder: Path) -> None:
    sealed = "trap 'sleep 0.3; echo sealed; exit 14' TERM; echo begun; while :; do sleep 0.1; done"
    first = job(folder, "sh", "-c", sealed, wait=False)
    report = folder / "jobs" / "courier.report"
    deadline = time.monotonic() + 30
    while not (report.exists() and "begun" in report.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    second = job(folder, "sh", "-c", "echo overwritten")
    assert (second.returncode, printed(second)) == (11, "")
    first.send_signal(signal.SIGTERM)
    assert first.wait(30) == 14
    assert report.read_text() == "begun\nsealed\n", "what was in flight was finished, and the second run touched nothing"
    assert "exit code 14" in (folder / "mail.words").read_text()


def test_the_demo_is_silent_and_a_refused_crawl_is_mailed(folder: Path) -> None:
    environment = f"ARCHIVE_DIR={folder}/archives"
    scrapy = ["env", environment, sys.executable, "-m", "scrapy"]
    done = job(folder, *scrapy, "demo", "--report-json", str(folder / "report.json"), name="demo")
    assert (done.returncode, printed(done)) == (0, "")
    assert "COMPLETE (exit code 0)" in (folder / "jobs" / "demo.report").read_text()
    assert job(folder, *scrapy, "crawl", "no-such-site").returncode == 2
    assert "no site named 'no-such-site'" in (folder / "mail.text").read_text()


def test_lines_of_the_crontab_are_of_their_form() -> None:
    lines = [line for line in (CRON / "crontab").read_text().splitlines() if line and not line.startswith("#")]
    jobs = [line for line in lines if not re.match(r"[A-Z_]+=", line)]
    assert jobs
    for line in jobs:
        *times, user, command = line.split(None, 6)[:5] + line.split(None, 6)[5:]
        assert all(re.fullmatch(r"[\d*/,-]+", time) for time in times), line
        assert user == "archive"
        assert command.startswith("cd /srv/news-archive && deploy/cron/run-job ")
        assert "%" not in command, "cron takes it for a line end"
