"""What `reindex --compare` tells of each kind of change."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.items import Capture, Target
from crawler.maintenance.judge_readers import Judgement
from crawler.printed.judgement import report

URL = "https://a.example/p"


def judged(*pairs: tuple[str, str, str], story: str | None = None) -> Judgement:
    """A judgement of one capture for each field with its old and new text."""
    told = Judgement()
    for n, (name, old, new) in enumerate(pairs):
        target = Target(key=URL, url=URL, site="web", role="page", story=story)
        day = datetime(2026, 11, n + 1, tzinfo=UTC)
        shot = Capture(target=target, record_id=f"urn:uuid:{n}", host="a.example", date=day, warc="w", offset=n, length=1)
        told.add(shot, story, {name: (old, new)}, most=2)
    return told


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        ("headline", "The old one", "The new one", "The [-old-]{+new+} one"),
        ("deck", "", "Come", "(none) -> Come"),
        ("deck", "Gone", "", "Gone -> (none)"),
        ("links", "/a\n/b", "/b\n/c", "1 gone, 1 new: [-/a-] {+/c+}"),
        ("links", "/a\n/b", "/b\n/a", "in another order"),
        ("body", "x" * 15_000, "y" * 15_000, "x" * 399 + "… -> " + "y" * 399 + "…"),
    ],
)
def test_a_change_is_told_in_one_line(name: str, old: str, new: str, line: str) -> None:
    told = report(Path("web"), judged((name, old, new)))
    assert f"\n{name}: 1 of 1\n  {URL}  2026-11-01 00:00\n    {line}" in told


def test_a_template_is_told_by_its_pairs_of_names() -> None:
    told = report(Path("web"), judged(("template", "", "new"), ("template", "", "new"), ("template", "old", "")))
    assert "  2 captures: (no article) -> new\n  1 capture: old -> (no article)\n" in told


def test_a_story_is_named_beside_its_address_unless_it_is_the_address() -> None:
    for story, place in ((None, URL), (f"web/{URL}", URL), ("demo/7", f"demo/7  {URL}")):
        assert f"\n  {place}  2026-11-01" in report(Path("web"), judged(("headline", "A", "B"), story=story))


def test_the_summary_counts_readers_and_what_was_left_out() -> None:
    told = judged(("headline", "A", "A"))
    told.before, told.now = Counter({"1": 2, "0": 1}), Counter({"2": 3})
    told.left_out, told.damaged = Counter({"given up for time": 1_200, "no reason": 0}), ["w:7: no record"]
    assert report(Path("web"), told).splitlines() == [
        "web: 1 capture read again and compared; nothing was written",
        "  0 would change (0.0%), 1 stay as they are",
        "  read now by 2; in the index by 1 (2), 0 (1)",
        "  not compared: 1,200 given up for time",
        "  damaged: w:7: no record",
    ]


def test_without_a_capture_no_share_and_no_reader_is_told() -> None:
    assert report(Path("web"), Judgement()).splitlines()[1:] == ["  0 would change, 0 stay as they are"]
