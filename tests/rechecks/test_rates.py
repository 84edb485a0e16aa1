"""Checks and rates of change, counted from the sightings of a real index, and again from one made anew."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from index_makers import article, capture, file_all
from played import crawl, said
from rebuild_invariants import made_anew

from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.rechecks import rates
from crawler.rechecks.rates import Check, experienced, newest_checks, seen_of
from crawler.rechecks.schedule import Schedule

BORN = datetime(2026, 3, 1, 9, tzinfo=UTC)
"""As the pages print it."""


def checks(index: Index, now: datetime = BORN + timedelta(days=400)) -> list[Check]:
    return list(newest_checks(index, "harbour", iso(now)))


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.open(tmp_path / "index.db")


def seen(index: Index, *looks: tuple[float, str], story: str = "harbour/1000", first: int = 0, **more: object) -> None:
    """File what a story showed, hours after it was published."""
    filed = []
    for n, (hours, headline) in enumerate(looks, first):
        shot = capture(n, **({"date": BORN + timedelta(hours=hours), "story": story, "key": story} | more))
        filed.append((shot, article(headline, story=story)))
    file_all(index, *filed)


def test_each_sighting_after_the_first_is_a_check(index: Index) -> None:
    seen(index, (1, "One"), (4, "One"), (8, "Two"), (30, "One"), (130, "Three"))
    assert checks(index) == [
        Check(age=30, hours=100, changed=True), Check(age=8, hours=22, changed=False), Check(age=4, hours=4, changed=True),
        Check(age=1, hours=3, changed=False),
    ]  # fmt: skip


def test_an_unchanged_answer_counts_by_its_revisit(index: Index) -> None:
    seen(index, (1, "One"))
    with index.atomic():
        again = capture(9, date=BORN + timedelta(hours=5), status=304, revisit_of=capture(0).record_id)
        index.add_capture(again)
        index.sight_again(again, capture(0).record_id)
    assert checks(index) == [Check(age=1, hours=4, changed=False)]


def test_further_mirrors_archives_other_sites_and_times_to_come_are_no_checks(index: Index) -> None:
    seen(index, (1, "One"), (1.1, "One"))
    seen(index, (7, "One"), first=10, key="harbour/1000@b.example", host="b.example")
    seen(index, (8, "One"), first=20, via="https://archive.example/2026/")
    seen(index, (9, "One"), (19, "One"), story="quay/1", first=30, site="quay")
    seen(index, (99, "Two"), first=40)
    assert checks(index, BORN + timedelta(hours=50)) == []
    assert [check.changed for check in checks(index)] == [True]


def test_only_the_newest_are_looked_at(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(index, *((float(hours), "One") for hours in range(1, 9)))
    monkeypatch.setattr(rates, "_SIGHTINGS", rates._SIGHTINGS.replace(str(rates.NEWEST), "3"))
    assert [check.age for check in checks(index)] == [7, 6, 5]


def test_checks_move_the_interval_of_their_age_class_alone(index: Index) -> None:
    for story in range(60):
        name = f"harbour/{story}"
        seen(index, *((3.0 * look + 1, f"{story} {look}") for look in range(6)), story=name, first=100 * story)
        seen(index, (200, f"{story} 6"), (368, f"{story} 6"), (536, f"{story} 6"), story=name, first=100 * story + 50)
    young, day, week, *older = experienced(Schedule(), index, "harbour", BORN + timedelta(days=60)).rates()
    assert (young.checks, young.changes, week.checks, week.changes) == (360, 360, 120, 0)
    assert (young.interval, week.interval) == (3 * 0.25, 168 * 2)
    assert young.rate > 0.3
    assert (day.checks, day.interval) == (0, pytest.approx(24))
    assert [round(rate.interval) for rate in older] == [1440, 8760]
    assert [rate.interval for rate in experienced(Schedule(), index, "quay", BORN).rates()] == pytest.approx([3, 24, 168, 1440, 8760])


def test_an_index_made_anew_tells_the_same_rates(tmp_path: Path) -> None:
    def page(number: int, words: str, status: int = 200) -> object:
        url = f"http://www.courier.example/2024/02/20/{number}/"
        html = (
            f"<html lang=en><head><title>{words}</title><link rel=canonical href='{url}'></head><body><article class=story data-number={number}>"
            f"<h1 class=headline>{words}</h1><div class=dateline><span class=byline>By Ada Quill</span></div><div class=body><p>{words} of old. {'Long ago. ' * 40}</p></div></article></body></html>"
        )
        return said(url, status=status, body=html.encode(), role="story")

    answers = [page(1001, "Harbour"), page(1002, "Bridge"), page(1001, "Harbour"), page(1001, "Harbour, mended"), page(1002, "Bridge"), page(1002, "", 404), page(1001, "Harbour")]
    path = crawl(tmp_path / "courier", answers, site="courier")  # type: ignore[arg-type]
    plain, never = Schedule(), iso(datetime(2100, 1, 1, tzinfo=UTC))
    with pytest.MonkeyPatch.context() as patch, made_anew(path, path / "index.db", {}) as fresh:
        patch.setattr(rates, "SHORTEST", 0.0)
        found = []
        for file in (path / "index.db", fresh):
            with Index.open(file, readonly=True) as index:
                found.append([*newest_checks(index, "courier", never)])
        assert [(check.changed) for check in found[0]] == [False, False, True, False]
        assert found[0] == found[1]
    counts = [seen_of(iter(one), plain) for one in found]
    assert counts[0] == counts[1]
    assert sum(one.checks for one in counts[0].values()) == 4
    assert not math.isinf(min(counts[0]))
