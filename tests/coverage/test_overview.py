"""Figures and bars of `scrapy stats --coverage`, made from invented rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from histories import SITE, at, file, page_of, shot
from hypothesis import given
from hypothesis import strategies as st

from crawler.coverage.bars import ASCII, BLOCKS, bar, by_day, signs_for, told
from crawler.coverage.figures import Counts, Day, days, gaps, total, unannounced
from crawler.coverage.overview import document, overview, text
from crawler.frontier.changes import save
from crawler.frontier.rows import FrontierRow
from crawler.index.index import Index
from crawler.items import Target


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as opened:
        yield opened


def row(index: Index, number: int, state: str, **columns: object) -> None:
    target = Target(
        key=f"gazette/{number}", url=f"https://a.example/story/{number}", site="gazette", role="story", story=f"gazette/{number}"
    )
    with index.atomic():
        save(index.conn, FrontierRow(target=target, state=state, added="2026", **columns))  # type: ignore[arg-type]


@pytest.fixture
def filled(index: Index) -> Index:
    """Two days of a feed and a front page, and what became of what they announced."""
    file(index, page_of(shot(1, "feed", at(0)), [1, 2, 3, 4]), page_of(shot(2, "seed", at(24), host="b.example"), [4, 5, 6, 7, 8]))
    file(index, *(page_of(shot(10 + n, "story", at(25), story=n), [20] if n == 1 else []) for n in (1, 2, 9)))
    file(index, page_of(shot(30, "story", at(26), story=8), [], reason="malformed", read_state="unreadable"))
    row(index, 3, "failed", reason="tls", detail="handshake")
    row(index, 4, "refused", reason="robots", detail="Disallow: /story/4")
    row(index, 5, "done", reason="status", detail="404")
    row(index, 6, "queued")
    row(index, 7, "queued", attempts=2, reason="timeout", detail="30 s")
    row(index, 8, "done")
    return index


def test_each_story_is_in_one_state_and_the_days_add_up(filled: Index) -> None:
    found = days(filled.query)
    assert [(one.day, one.host, one.counts.announced) for one in found] == [
        ("2026-03-02", "a.example", 4),
        ("2026-03-03", "a.example", 1),
        ("2026-03-03", "b.example", 4),
    ]
    assert total(found) == Counts(announced=9, held=2, gone=1, refused=1, failed=1, unread=1, waiting=2, never_asked=1, missing=5)
    assert unannounced(filled.query) == 1
    assert days(filled.query, since="2026-03-04") == []


def test_each_gap_has_its_reason(filled: Index) -> None:
    why = {gap.story_id.rpartition("/")[2]: (gap.state, gap.why) for gap in gaps(filled.query)}
    assert why["3"] == ("failed", "tls: handshake")
    assert why["4"] == ("refused", "robots: Disallow: /story/4")
    assert why["5"] == ("gone", "status: 404")
    assert why["6"] == ("waiting", "queued and not asked for yet: beyond a limit of the run (max_stories=, hours, a host's budget), or it was stopped")
    assert why["7"] == ("waiting", "queued again after timeout: 30 s")
    assert why["8"] == ("unread", "captured, unreadable: no headline or text was read")
    assert why["20"] == ("never-asked", "named on a page of the files that were read, and itself in none of them")
    assert set(why) == {"3", "4", "5", "6", "7", "8", "20"}


@pytest.mark.parametrize(
    ("place", "arguments", "words"),
    [
        ("sitemap", {}, "only in a sitemap"),
        ("seed", {"since": "2026-03-01"}, "left out by the run that saw it: since=2026-03-01"),
        ("section", {}, "seen by run 1, which did not queue it"),
        ("story", {}, "only linked by a story that no list shows"),
    ],
)
def test_what_a_run_left_out_has_the_runs_reason(index: Index, place: str, arguments: dict[str, str], words: str) -> None:
    with index.atomic():
        run = index.start_run("gazette", arguments, at(0))
    file(index, page_of(shot(1, place, at(0), story=50 if place == "story" else None), [7]))
    with index.atomic():
        index.conn.execute("UPDATE captures SET run_id = ?", [run])
    (gap,) = gaps(index.query)
    assert gap.why.startswith(words)


def test_the_text_and_the_document_say_the_same(filled: Index) -> None:
    found = overview(filled, {"gazette": SITE}, missing=True)
    shown = "\n".join(text(found, width=70, signs=ASCII))
    assert shown.isascii()
    assert max(map(len, shown.partition("failed: ")[0].splitlines())) <= 70
    assert "9 stories announced: 2 held (22.2 %)" in shown
    assert "  2026-03-02          4     2        1  " in shown
    assert "1 stories are here" not in shown
    assert "1 story is here that no list or page here names." in shown
    assert "failed: 1 story" in shown
    told_of = json.loads(json.dumps(document(found)))
    assert told_of["total"]["missing"] == 5
    assert [gap["story_id"] for gap in told_of["missing"]] == [gap.story_id for gap in gaps(filled.query, since=found.since)]
    assert told_of["numbers"]["gazette"]["unseen"] == 0


def test_without_announcements(index: Index) -> None:
    assert list(text(overview(index, {}), width=80, signs=BLOCKS)) == ["No story was announced."]
    assert list(text(overview(index, {}, since="2026-01-01", missing=True), width=80, signs=BLOCKS)) == [
        "No story was announced since 2026-01-01."
    ]
    assert told(Counts()) == "0 stories announced: none"
    assert document(overview(index, {}))["days"] == []


def test_lists_not_looked_through_are_told(filled: Index) -> None:
    with filled.atomic():
        filled.conn.execute("INSERT INTO lists_to_announce VALUES (1)")
    assert "1 list is not looked through yet" in "\n".join(text(overview(filled, {}), width=80, signs=BLOCKS))


def test_signs_are_those_that_the_output_can_show() -> None:
    assert (signs_for("utf-8"), signs_for("latin-1"), signs_for(None), signs_for("no such")) == (BLOCKS, ASCII, ASCII, ASCII)


COUNTS = st.builds(lambda held, gone, missing: Counts(announced=held + gone + missing, held=held, gone=gone, missing=missing, failed=missing),
                   st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000))  # fmt: skip


@given(all_days=st.lists(COUNTS, min_size=1, max_size=8), width=st.integers(40, 200))
def test_no_bar_is_too_long_and_nothing_there_is_left_out(all_days: list[Counts], width: int) -> None:
    drawn = by_day(
        [Day(site="a", host="h", day=f"2026-03-{n + 1:02d}", counts=one) for n, one in enumerate(all_days)], width=width, signs=ASCII
    )
    assert max(map(len, drawn.splitlines())) <= max(width, 52)
    most = max(one.announced for one in all_days)
    for one in all_days:
        signs = bar(one, 20, most, ASCII)
        assert [sign in signs for sign in "#=."] == [one.held > 0, one.gone > 0, one.missing > 0]
        assert len(signs) <= 20
