"""What two mirrors said at the same time, derived from looks in any order."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from crawler.timeline.mirror_comparisons import WINDOW, Compared, Look, compared, diverged

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)


def looks(*told: str) -> list[Look]:
    """Looks written as `MINUTE HOST VERSION`: version `-` for a denial, `!` behind it where it was asked for comparison."""
    made = []
    for n, one in enumerate(told):
        minute, host, version = one.split()
        date = f"{(BEGIN + timedelta(minutes=float(minute))).isoformat(timespec='microseconds')[:-6]}Z"
        shown = None if version.startswith("-") else int(version.rstrip("!"))
        made.append(Look(date=date, record_id=f"urn:{n:03}", capture=n, host=host, version=shown, compared=version.endswith("!")))
    return made


def told(one: Compared) -> str:
    """One comparison in short: result, the side that differs, the other side."""
    return f"{one.result} {one.mine.host}:{one.mine.version} {one.other.host}:{one.other.version}"


def results(*told_looks: str) -> list[str]:
    return [told(one) for one in compared(looks(*told_looks))]


def runs(*told_looks: str) -> list[tuple[str, str, int, bool]]:
    return [(d.first.result, d.first.mine.host, len(d.looks), d.ended is not None) for d in diverged(compared(looks(*told_looks)))]


def test_equal_texts_need_no_further_look() -> None:
    assert results("0 a 1", "1 b 1") == ["equal b:1 a:1"]


def test_captures_at_other_times_are_not_compared() -> None:
    minutes = WINDOW.total_seconds() / 60
    assert results("0 a 1", f"{minutes + 1} b 2") == []
    assert results("0 a 1", f"{minutes} b 1") == ["equal b:1 a:1"]


def test_a_difference_without_a_third_look_is_unsettled() -> None:
    assert results("0 a 1", "1 b 2") == ["unsettled b:2 a:1"]
    assert runs("0 a 1", "1 b 2") == []


def test_a_difference_counts_if_the_first_says_the_same_again() -> None:
    (one,) = compared(looks("0 a 1", "1 b 2", "2 a 1"))
    assert told(one) == "different b:2 a:1"
    assert (one.mine.capture, one.other.capture, one.again and one.again.capture) == (1, 0, 2)


def test_an_edit_between_the_requests_is_no_divergence() -> None:
    assert results("0 a 1", "1 b 2", "2 a 2") == ["equal b:2 a:2"]
    assert runs("0 a 1", "1 b 2", "2 a 2") == []
    assert results("0 a 1", "1 b 2", "2 a 3") == ["unsettled b:2 a:1"]


def test_the_third_look_too_has_to_be_in_time() -> None:
    assert results("0 a 1", "20 b 2", "61 a 1") == ["unsettled b:2 a:1", "unsettled a:1 b:2"]


def test_an_older_text_of_the_other_mirror_is_a_stale_copy() -> None:
    day = 24 * 60
    assert results("0 a 1", "1 b 1", f"{day} a 2", f"{day + 1} b 1", f"{day + 2} a 2")[-1] == "stale b:1 a:2"
    # Never looked at on b before: what a showed earlier tells it.
    assert results("0 a 1", f"{day} a 2", f"{day + 1} b 1", f"{day + 2} a 2") == ["stale b:1 a:2"]


def test_the_first_asked_may_be_the_one_that_lags() -> None:
    day = 24 * 60
    edited = ("0 a 1", "1 b 1", f"{day} a 1", f"{day + 1} b 2", f"{day + 2} a 1")
    assert results(*edited)[-1] == "different b:2 a:1"
    # It lagged if it shows the new text later; else b changed the story by itself.
    assert results(*edited, f"{2 * day} a 2")[1] == "stale a:1 b:2"


def test_a_text_of_its_own_stays_different_whatever_the_other_edits() -> None:
    day = 24 * 60
    own = ("0 a 1", "1 b 9", "2 a 1", f"{day} a 2", f"{day + 1} b 9", f"{day + 2} a 2")
    assert results(*own) == ["different b:9 a:1", "different b:9 a:2"]
    assert runs(*own) == [("different", "b", 2, False)]


def test_a_missing_story() -> None:
    assert results("0 a 1", "1 b -!", "2 a 1") == ["missing b:None a:1"]
    # Edited meanwhile: it was there all the time.
    assert results("0 a 1", "1 b -!", "2 a 2") == ["missing b:None a:1"]
    assert results("0 a 1", "1 b -!", "2 a -!") == ["equal b:None a:None"]
    assert results("0 a -", "1 b 1", "2 a -!") == ["missing a:None b:1"]
    assert results("0 a -", "1 b 1", "2 a 1!") == ["equal b:1 a:1"]
    assert results("0 a 1", "1 b -!") == ["unsettled b:None a:1"]


def test_a_mirror_of_another_language_lacks_nothing() -> None:
    assert results("0 a 1", "1 fr -", "2 a 1") == []


def test_three_mirrors_are_compared_in_pairs() -> None:
    assert results("0 a 1", "1 b 2", "2 a 1", "3 c 1") == ["different b:2 a:1", "equal c:1 a:1", "unsettled c:1 b:2"]


def test_a_divergence_grows_and_ends() -> None:
    day = 24 * 60
    days = [f"{n * day + m} {h} {v}" for n in range(3) for m, h, v in ((0, "a", 1), (1, "b", 2), (2, "a", 1))]
    agreed = [f"{3 * day} a 1", f"{3 * day + 1} b 1"]
    again = [f"{4 * day} a 1", f"{4 * day + 1} b 2", f"{4 * day + 2} a 1"]
    assert runs(*days) == [("different", "b", 3, False)]
    assert runs(*days, *agreed) == [("different", "b", 3, True)]
    assert runs(*days, *agreed, *again) == [("different", "b", 3, True), ("different", "b", 1, False)]


def test_a_divergence_ends_when_both_lack_the_story() -> None:
    day = 24 * 60
    assert runs("0 a 1", "1 b -!", "2 a 1", f"{day} a -", f"{day + 1} b -!") == [("missing", "b", 1, True)]


def test_asked_more_than_once_in_between() -> None:
    assert results("0 a 1", "1 a 1", "2 b 2", "3 b 2", "4 a 1", "5 a 1") == ["different b:2 a:1"]


def test_the_sides_stay_when_each_is_asked_in_turn() -> None:
    assert set(results("0 a 1", "1 b 2", "2 a 1", "3 b 2", "4 a 1")) == {"different b:2 a:1"}
    assert runs("0 a 1", "1 b 2", "2 a 1", "3 b 2", "4 a 1") == [("different", "b", 2, False)]


def test_mirrors_that_agree_again_within_the_hour() -> None:
    minutes = ("0 a 1", "1 b 1", "2 a 2", "3 b 1", "4 a 2", "5 a 2", "6 b 1", "7 a 2", "8 a 2", "9 b 2")
    assert results(*minutes) == ["equal b:1 a:1", "stale b:1 a:2", "stale b:1 a:2", "equal b:2 a:2"]
    assert runs(*minutes) == [("stale", "b", 2, True)]


@pytest.mark.parametrize("seed", range(40))
def test_order_does_not_matter(seed: int) -> None:
    chance = random.Random(seed)
    some = looks(*(f"{chance.randrange(0, 400)} {chance.choice('abc')} {chance.choice(('1', '2', '3', '-', '-!'))}" for _ in range(25)))
    first = compared(some)
    for _ in range(5):
        chance.shuffle(some)
        assert compared(some) == first
    for one in first:
        assert one.mine.host != one.other.host
        assert (one.again is not None) == (one.result in ("different", "stale", "missing"))
        seen = [look.when for look in (one.mine, one.other, one.again) if look]
        assert max(seen) - min(seen) <= WINDOW
    assert sum(len(d.looks) for d in diverged(first)) == sum(one.result in ("different", "stale", "missing") for one in first)
