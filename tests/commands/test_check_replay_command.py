"""`scrapy check-replay`: what is refused, what is looked at, which rows are kept. A browser and pywb are in the group `outer`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from small_collections import twelve
from typed_commands import Typed

from crawler.collection.collection import Collection
from crawler.playback.check import Checked, Manner
from crawler.playback.judgement import Judged, judge
from crawler.playback.replay import Replay
from crawler.playback.sample import Target
from crawler.playback.seen import Answered, Look
from crawler.requisites.needs import Requisites

NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "told"),
    [(("--sample", "-1"), "whole number"), (("--sample", "x"), "--sample x: must be a whole number"), (("--threshold", "2"), "a number from 0 to 1"),
     (("--threshold", "nan"), "a number from 0 to 1"), (("--seconds", "0"), "a number from 1 to 3600"), (("--seconds", "soon"), "from 1 to 3600"), (("--nonsense",), "")],
)  # fmt: skip
def test_what_means_nothing_is_refused(typed: Typed, words: tuple[str, ...], told: str) -> None:
    answer = typed("check-replay", *words)
    assert answer.code == 2
    assert told in answer.err


def test_a_named_browser_is_taken_at_its_word(typed: Typed, tmp_path: Path) -> None:
    twelve(tmp_path / "a")
    answer = typed("check-replay", "-s", f"ARCHIVE_CHROMIUM={tmp_path / 'none'}")
    assert (answer.code, answer.err) == (1, f"check-replay: ARCHIVE_CHROMIUM: {tmp_path / 'none'}: no program\n")


def test_a_collection_without_pages_is_one_line(typed: Typed, tmp_path: Path) -> None:
    Collection.open(tmp_path / "a").close()
    answer = typed("check-replay")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "none was captured" in answer.err
    answer = typed("check-replay", "--story", "nope")
    assert (answer.code, answer.err.count("\n")) == (1, 1)


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Stands in for browser and pywb: what was to be looked at, and how; the lead of each look is set by the test."""
    seen: list[Any] = [lambda target: Look(document=Answered(url=target.url, kind="frame", sent=False, archived=NOW))]

    def check(
        reader: object, replay: Replay, targets: Sequence[Target], manner: Manner, checked: Checked, tell: Callable[[Judged], None]
    ) -> None:
        seen.append((replay.base, targets, manner))
        checked.browser, checked.replay = "chromium 1", "pywb 2"
        for target in targets:
            one = judge(target, seen[0](target), Requisites(), {}, now=NOW)
            checked.judged.append(one)
            tell(one)

    monkeypatch.setattr("crawler.playback.run.check_pages", check)
    twelve(tmp_path / "a")
    return seen


RUNNING = ("-s", "ARCHIVE_REPLAY_URL=http://127.0.0.1:9")


def rows(path: Path) -> list[Any]:
    with closing(sqlite3.connect(path / "index.db")) as db:
        return db.execute("SELECT record_id, date, score_resources, browser FROM qa ORDER BY 1").fetchall()


def test_pages_are_looked_at_and_rows_kept(typed: Typed, tmp_path: Path, looking: list[Any]) -> None:
    answer = typed("check-replay", "a", "--sample", "5", "--seconds", "7", "--screenshots", str(tmp_path / "shots"), *RUNNING)
    base, targets, manner = looking[1]
    assert (answer.code, answer.err) == (0, "")
    assert (base, len(targets), manner.seconds, manner.screenshots) == ("http://127.0.0.1:9", 5, 7.0, tmp_path / "shots")
    assert manner.screenshots.is_dir()
    assert "5 pages of 12 looked at" in answer.out
    assert rows(tmp_path / "a") == sorted((one.record_id, "2026-11-29T00:00:00.000000Z", 1.0, "chromium 1") for one in targets)
    assert typed("verify", "a").code == 0


def test_a_bad_page_is_exit_code_10(typed: Typed, tmp_path: Path, looking: list[Any]) -> None:
    looking[0] = lambda target: Look()
    answer = typed("check-replay", "--sample", "0", "--json", *RUNNING)
    document = json.loads(answer.out)
    assert (answer.code, document["exit_code"], document["bad"], len(rows(tmp_path / "a"))) == (10, 10, 12, 12)


def test_a_signal_keeps_what_was_seen(typed: Typed, tmp_path: Path, looking: list[Any]) -> None:
    left = [3]

    def interrupted(target: Target) -> Look:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return Look()

    looking[0] = interrupted
    answer = typed("check-replay", "--sample", "0", *RUNNING)
    assert (answer.code, len(rows(tmp_path / "a"))) == (14, 3)
    assert "stopped by a signal" in answer.out


def test_while_a_crawl_writes_the_report_is_told_and_no_row_kept(
    typed: Typed, tmp_path: Path, looking: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.playback.qa_table.note_looks.__kwdefaults__", {"patience": 0.3})
    with closing(Collection.hold(tmp_path / "a")):
        answer = typed("check-replay", *RUNNING)
    assert answer.code == 11
    assert "12 pages looked at" in answer.out
    assert rows(tmp_path / "a") == []


def test_captures_that_are_not_sealed_are_counted(typed: Typed, tmp_path: Path, looking: list[Any]) -> None:
    for file in (tmp_path / "a" / "indexes").glob("*.cdxj"):
        file.unlink()
    answer = typed("check-replay", *RUNNING)
    assert answer.code == 1
    assert "not sealed yet" in answer.err


def test_a_folder_for_pictures_that_cannot_be_made_is_one_line(typed: Typed, tmp_path: Path, looking: list[Any]) -> None:
    (tmp_path / "file").write_text("")
    answer = typed("check-replay", "--screenshots", str(tmp_path / "file" / "shots"), *RUNNING)
    assert (answer.code, answer.err.count("\n")) == (1, 1)


def test_a_row_of_no_capture_is_a_fault(typed: Typed, tmp_path: Path, looking: list[Any]) -> None:
    assert typed("check-replay", "--sample", "0", *RUNNING).code == 0
    with closing(sqlite3.connect(tmp_path / "a" / "index.db")) as db, db:
        db.execute("INSERT INTO qa SELECT 'urn:uuid:gone', date, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, '[]', '[]', 'b', 'r' FROM qa LIMIT 1")
    answer = typed("verify", "a")
    assert answer.code == 13
    assert "qa, row unnumbered: refers to a row of captures that is not there" in answer.out


def test_rows_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    twelve(tmp_path / "a")
    with closing(sqlite3.connect(tmp_path / "a" / "index.db")) as db:
        for values in ("2, 1, 0, 0, 0", "1, 1, 3, 1, 1", "1, -1, 0, 0, 0"):
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(f"INSERT INTO qa SELECT record_id, date, {values}, 0, 0, 0, 0, 0, 0, 0, 1, '[]', '[]', 'b', 'r' FROM captures LIMIT 1")


def test_a_running_pywb_that_does_not_answer_is_one_line(typed: Typed, tmp_path: Path) -> None:
    twelve(tmp_path / "a")
    answer = typed("check-replay", *RUNNING)
    assert (answer.code, answer.err) == (1, "check-replay: ARCHIVE_REPLAY_URL: http://127.0.0.1:9: no pywb answers there\n")
