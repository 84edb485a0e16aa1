"""A year of a newspaper and its mirrors in one process: what the crawler says of it, held against the plan.

    python tests/year/year_play.py FOLDER [DAYS]      plays it by hand; the collection stays in FOLDER/archives/beacon
    YEAR_PLAYED=FOLDER pytest tests/year               judges that one
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import invariants
import pytest
from attrs import frozen
from beacon_stories import Change, Story, Text
from stands import Scrapy
from year_plan import DAYS, NEW_LAYOUT, NO_NETWORK, SECOND, SILENT, SPELLS, STUCK_FEED, Plan, day, make_plan

from crawler.history.sentence_diff import sentence_diff

pytestmark = pytest.mark.slow
PLAY = Path(__file__).with_name("year_play.py")
SITES = Path(__file__).with_name("sites")
(OTHER_CREDIT,) = (spell for spell in SPELLS if spell.what == "credits")
LISTS = ("feed", "sitemap", "seed", "section")


@frozen
class Year:
    """What is left of a year."""

    plan: Plan
    folder: Path
    runs: list[dict[str, Any]]
    db: sqlite3.Connection

    @property
    def collection(self) -> Path:
        return self.folder / "archives" / "beacon"

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self.db.execute(sql, values).fetchall()

    def story(self, story_id: str) -> Story:
        return self.plan.paper.stories[int(story_id.partition("/")[2])]


def play(folder: Path) -> None:
    """Play the year in a process of its own: one event loop, one clock."""
    done = subprocess.run([sys.executable, str(PLAY), str(folder), str(DAYS)], capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.fixture(scope="module")
def year() -> Iterator[Year]:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as made:  # 430 runs seal and sync
        folder = Path(os.environ.get("YEAR_PLAYED", made))
        if folder == Path(made):
            play(folder)
        with closing(sqlite3.connect(f"file:{folder / 'archives' / 'beacon' / 'index.db'}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            yield Year(make_plan(), folder, json.loads((folder / "runs.json").read_text()), db)


def words(text: Text) -> tuple[str, str, str, str]:
    """What makes a version of a text."""
    return text.headline, text.body, text.caption, text.credit


def test_every_story_is_held(year: Year) -> None:
    held = {row["id"] for row in year.rows("SELECT id FROM stories")}
    last = year.plan.visits[-1].at
    assert held == {story.id for story in year.plan.stories if story.published <= last}


def test_every_edit_is_a_version_and_nothing_else_is(year: Year) -> None:
    """Of the first mirror that shows a text; what only the mirror with other credits says is no edit (see the divergences)."""
    found: dict[str, list[tuple[str, ...]]] = {}
    sql = (
        "SELECT v.story_id, v.headline, v.body, i.caption, i.credit FROM versions v LEFT JOIN images i ON i.version_id = v.id AND i.n = 0"
        " WHERE EXISTS (SELECT 1 FROM sightings s WHERE s.version_id = v.id AND NOT (s.host = ? AND s.date BETWEEN ? AND ?))"
        " ORDER BY v.story_id, v.n"
    )
    for row in year.rows(sql, OTHER_CREDIT.host, OTHER_CREDIT.since.isoformat(), OTHER_CREDIT.until.isoformat()):
        found.setdefault(row["story_id"], []).append(tuple(str(value).rstrip(".") if n > 1 else value for n, value in enumerate(row[1:])))
    wrong = []
    for story in year.plan.stories:
        planted = list(dict.fromkeys(words(text) for _, text in story.texts))
        if story.id in found and planted != found[story.id]:
            missed = [text for text in planted if text not in found[story.id]]
            wrong.append((story.id, story.changes, "missed", missed, "false", [text for text in found[story.id] if text not in planted]))
    assert not wrong, f"{len(wrong)}: {wrong[:5]}"


EVENTS: dict[Change, str | None] = {
    "headline": "headline_changed", "sentence": "edited", "caption": "caption_changed", "credit": "credit_changed", "picture": "picture_replaced",
    # The number says which story it is; the words behind it say nothing.
    "slug": None,
}  # fmt: skip


def test_every_edit_removal_and_restoration_is_an_event_and_nothing_else_is(year: Year) -> None:
    planted = Counter((edit.story, kind) for edit in year.plan.edits if (kind := EVENTS[edit.what]))
    last = year.plan.visits[-1].at
    for story, one in year.plan.absences(everywhere=True):
        planted.update({(story.id, "removed"): 1, (story.id, "restored"): int(one.until < last)})
    rows = year.rows("SELECT story_id, kind FROM events WHERE kind NOT IN ('published', 'diverged')")
    found = Counter((row["story_id"], row["kind"]) for row in rows)
    assert not +(planted - found), "missed"
    assert not +(found - planted), "false"
    published = Counter(row["story_id"] for row in year.rows("SELECT story_id FROM events WHERE kind = 'published'"))
    assert published == Counter(row["id"] for row in year.rows("SELECT id FROM stories"))


def test_the_difference_of_an_edit_is_the_sentence_that_was_written_anew(year: Year) -> None:
    edits = [edit for edit in year.plan.edits if edit.what == "sentence"]
    assert len(edits) > 20
    for edit in edits:
        before, after = (
            [line for lines in text.paragraphs for line in lines]
            for text in (year.story(edit.story).text(when) for when in (edit.when - timedelta(seconds=1), edit.when))
        )
        planted = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
        old, new = (row["body"] for row in year.rows("SELECT body FROM versions WHERE story_id = ? GROUP BY body ORDER BY min(n)", edit.story))
        pieces = [piece for piece in sentence_diff(old, new) if piece.kind != "same"]
        assert [("".join(one.old for one in pieces).strip(), "".join(one.new for one in pieces).strip())] == planted, edit


def test_states_of_stories(year: Year) -> None:
    told = {row["id"]: row["state"] for row in year.rows("SELECT id, state FROM stories")}
    last = year.plan.visits[-1].at
    gone = {story.id for story, one in year.plan.absences(everywhere=True) if one.until > last}
    assert {story for story, state in told.items() if state == "gone"} == gone


def test_exit_codes_are_the_alarm(year: Year) -> None:
    """A run fails where no mirror answers and where the layout is a new one, and nowhere else."""
    failed = {run["at"][:10]: run["reason"] for run in year.runs if run["exit_code"]}
    network, layout = days(NO_NETWORK[0] + 1, NO_NETWORK[-1]), days(NEW_LAYOUT[0], NEW_LAYOUT[-1] + 3)
    assert network <= set(failed)
    assert layout & set(failed)
    assert set(failed) <= network | layout, {at: reason for at, reason in failed.items() if at not in network | layout}


def days(first: int, last: int) -> set[str]:
    """Days of the year as runs name them, both ends included."""
    return {f"{day(number):%Y-%m-%d}" for number in range(first, last + 1)}


@pytest.mark.parametrize(
    ("check", "planted"),
    [
        ("quiet", days(SILENT[0], SILENT[-1] + 1)),
        ("feed-stuck", days(STUCK_FEED[0], STUCK_FEED[-1] + 1)),
        ("empty-lists", set()),
        ("template|fields", days(NEW_LAYOUT[0], NEW_LAYOUT[-1] + 3)),
    ],
)
def test_silent_outages_are_told_and_quiet_days_are_none(year: Year, check: str, planted: set[str]) -> None:
    """No news, a feed that stands still, a layout nobody knows: each is told while it lasts, and weekends, holidays and nights are not."""
    told = {
        run["at"][:10]: one["detail"]
        for run in year.runs
        for one in run["checks"]
        if one["level"] != "ok" and any(f"({name})" in one["name"] for name in check.split("|"))
    }
    assert bool(set(told) & planted) == bool(planted)
    assert set(told) <= planted, {at: detail for at, detail in told.items() if at not in planted}


def test_what_a_mirror_says_differently_is_a_divergence_and_nothing_else_is(year: Year) -> None:
    rows = year.rows("SELECT story_id, kind, host, first_seen FROM divergences")
    kinds = {"credits": ("different",), "stale": ("missing", "stale", "different")}
    false = [
        tuple(row)
        for row in rows
        if not any(spell.holds(row["host"], at(row)) and row["kind"] in kinds.get(spell.what, ()) for spell in SPELLS)
        and not (row["kind"] == "missing" and any(one.host == row["host"] for one in year.story(row["story_id"]).absences))
    ]
    assert not false
    missing = {(row["story_id"], row["host"]) for row in rows if row["kind"] == "missing"}
    assert missing >= {(story.id, one.host) for story, one in year.plan.absences(everywhere=False)}
    different = {row["story_id"] for row in rows if row["kind"] == "different" and row["host"] == OTHER_CREDIT.host}
    assert different >= {
        story.id for story in year.plan.stories if OTHER_CREDIT.since <= story.published < OTHER_CREDIT.until - timedelta(days=1.5)
    }


def at(row: sqlite3.Row) -> datetime:
    """When a divergence was first seen."""
    return datetime.fromisoformat(row["first_seen"])


def test_mirrors_are_told_over_time(year: Year) -> None:
    """The mirror that lagged, changed credits and lacked stories is told as such, in the months in which it did; the others are not."""
    told = {(row["host"], row["month"]): row["says"] for row in year.rows("SELECT * FROM mirror_timeline")}
    assert told[SECOND, "2025-03"]
    assert {month for (host, month), words_ in told.items() if "credits" in words_} == {"2025-06", "2025-07"}
    assert not {key: words_ for key, words_ in told.items() if key[0] != SECOND and words_}


def test_lists_are_asked_for_once_a_run_and_pages_that_have_not_changed_are_never_sent_again(year: Year) -> None:
    lists = year.rows(f"SELECT run_id, key, count(*) n FROM captures WHERE role IN {LISTS} GROUP BY run_id, key")
    assert sum(row["n"] for row in lists) <= 1.2 * len(lists)
    sent_again, last = [], dict[str, sqlite3.Row]()
    # Of those that show the story: a page that says that it is not there is asked for again, to be sure.
    shown = "SELECT c.story_id, c.host, c.date, c.status, c.payload_digest FROM captures c JOIN sightings s ON s.capture_id = c.id"
    for row in year.rows(f"{shown} WHERE c.key = c.story_id ORDER BY c.date"):
        before = last.pop(row["story_id"], None)
        # Of another mirror nothing says that its bytes are the same before they are here.
        if before is not None and row["status"] == 200 and (row["host"], row["payload_digest"]) == (before["host"], before["payload_digest"]):
            sent_again.append(tuple(row))
        last[row["story_id"]] = row
    assert last
    assert not sent_again


def test_attempts_at_an_address(year: Year) -> None:
    attempts = year.rows(
        "SELECT run_id, url, count(*) n FROM (SELECT run_id, url FROM captures UNION ALL SELECT run_id, url FROM failures WHERE capture_id IS NULL)"
        " WHERE url NOT LIKE '%/robots.txt' GROUP BY run_id, url HAVING n > 3"
    )
    assert not [tuple(row) for row in attempts]


def test_invariants_hold(year: Year) -> None:
    invariants.check(year.collection, settings={"ARCHIVE_SITES": str(SITES)}, code=year.runs[-1]["exit_code"], command="crawl")


def test_every_capture_read_again_gives_the_same_index_and_nothing_is_to_be_repaired(year: Year) -> None:
    scrapy = Scrapy(year.folder / "archives")
    assert "no faults" in scrapy("verify", "beacon", "--deep", "-s", f"ARCHIVE_SITES={SITES}").stdout
    assert "nothing to repair" in scrapy("repair", "beacon", "-s", f"ARCHIVE_SITES={SITES}").stdout
