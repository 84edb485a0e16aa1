"""Outputs of ended crawls, in this process: each place is told once, and one that fails keeps no other from it."""

import json
from pathlib import Path
from typing import Any

import pytest
from test_metrics import ending
from test_webhook import Hook
from test_webhook import hook as hook

from crawler.errors import SetupError
from crawler.monitoring.endings import Ending
from crawler.monitoring.outputs import Outputs, check_places


def outputs(tmp_path: Path, **settings: Any) -> Outputs:
    values = {"ARCHIVE_DIR": str(tmp_path / "archives"), "ARCHIVE_WEBHOOK_ON": "changed", "ARCHIVE_WEBHOOK_SECONDS": 5} | settings
    return Outputs(report_json=str(tmp_path / "r.json"), metrics=tmp_path / "m.prom", settings=values, sites=["courier"])


def test_every_place_is_told_and_changed_is_by_the_metrics(tmp_path: Path, hook: Hook) -> None:
    for code in (10, 10, 0):
        assert outputs(tmp_path, ARCHIVE_WEBHOOK=hook.url).tell([ending(code)]) == []
        assert json.loads((tmp_path / "r.json").read_text())["exit_code"] == code
    assert [body["exit_code"] for body in hook.bodies] == [10, 0], "the second 10 was no change"
    assert "every address settled" in hook.bodies[0]["text"]


def test_an_error_is_told_once_and_in_a_log_of_its_own(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    told = outputs(tmp_path, LOG_FILE="crawl.log")
    assert told.tell_error(SetupError("not mounted")) == []
    assert told.tell_error(SetupError("again")) == []
    assert json.loads((tmp_path / "r.json").read_text()) == {
        "site": "courier",
        "verdict": "FAILED",
        "exit_code": 1,
        "reason": "not mounted",
    }
    assert "not-crawled not mounted" in caplog.text
    assert Ending(site="a", path=None, outcome=SetupError("x")).text() == "a: FAILED (exit code 1): x"


def test_places_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    made = Outputs(report_json=str(tmp_path / "no" / "r"), metrics=tmp_path / "no" / "m", settings={}, sites=["a"])
    assert [str(fault).split(":")[0] for fault in made.tell([ending(0)])] == ["--report-json", "--metrics"]
    with pytest.raises(SetupError, match="--report-json"):
        made.begin()
    with pytest.raises(SetupError, match="--metrics"):
        check_places(None, tmp_path / "no" / "m")
    check_places(str(tmp_path / "r"), tmp_path / "m")
