"""Search for the number of a day: few questions, holes and stories dated anew among them, and always on the safe side."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.backfill.day_search import CLOSE, MOST_PROBES, DaySearch, search_between
from crawler.backfill.number_range import Anchor, NumberRange, range_of
from crawler.items import Mirror
from crawler.sites.site import Site

FIRST = date(2020, 1, 1)
ANCHORS = ((1000, FIRST), (5000, FIRST + timedelta(days=100)), (9000, FIRST + timedelta(days=500)))
SITE = Site(
    name="paper", title="Paper", language="en", mirrors=(Mirror("paper.example"),), stories=(r"^/(?P<id>\d+)$",), numbered=ANCHORS,
    story_page="/{number}",
)  # fmt: skip


def day_of(number: int) -> date:
    """Day of a number: forty a day until 5000, ten a day after."""
    return FIRST + timedelta(days=(number - 1000) // 40 if number < 5000 else 100 + (number - 5000) // 10)


def searched(day: date, exists: set[int] | None) -> tuple[DaySearch, list[int]]:
    """The end of a search, and what it asked for; None: every number has a story."""
    search, asked = DaySearch(Anchor(*ANCHORS[0]), Anchor(*ANCHORS[2]), day), list[int]()
    while (number := search.next()) is not None:
        assert number not in asked, "nothing is asked for twice"
        asked.append(number)
        search.learn(number, day_of(number) if exists is None or number in exists else None)
    return search, asked


def test_a_day_is_found_by_few_questions() -> None:
    search, asked = searched(FIRST + timedelta(days=60), None)
    assert len(asked) <= 8
    assert search.above.number - search.below.number <= CLOSE
    assert search.below.day < FIRST + timedelta(days=60) <= search.above.day


@given(st.integers(1, 499), st.sets(st.integers(1001, 8999), max_size=3000))
def test_holes_are_searched_around_and_no_story_of_the_days_is_left_out(days: int, exists: set[int]) -> None:
    day = FIRST + timedelta(days=days)
    search, asked = searched(day, exists)
    assert len(asked) <= MOST_PROBES
    assert not any(number <= search.below.number for number in exists if day_of(number) >= day)
    assert not any(number >= search.above.number for number in exists if day_of(number) < day)


def test_a_story_of_quite_another_day_does_not_lead_astray() -> None:
    search = DaySearch(Anchor(1000, FIRST), Anchor(5000, FIRST + timedelta(days=100)), FIRST + timedelta(days=50))
    number = search.next()
    assert number is not None
    search.learn(number, date(2031, 1, 1))
    assert (search.below.number, search.above.number) == (1000, 5000)


@given(st.integers(1, 499), st.sets(st.integers(1001, 8999), min_size=30, max_size=200), st.data())
def test_known_stories_begin_the_search_though_some_were_dated_anew(days: int, numbers: set[int], data: st.DataObject) -> None:
    day, known = FIRST + timedelta(days=days), [Anchor(number, day_of(number)) for number in sorted(numbers | {1000, 9000})]
    search = search_between(known, day)
    assert search is not None
    assert search.below.day < day <= search.above.day
    assert sum(search.below.number < one.number < search.above.number for one in known) <= 2
    at = data.draw(st.integers(1, len(known) - 2))
    known[at] = Anchor(known[at].number, day - (known[at].day - day))
    again = search_between(known, day)
    assert again is not None
    assert not any(day_of(n) >= day for n in range(1000, again.below.number + 1)), "one wrong day leaves no story out"
    assert not any(day_of(n) < day for n in range(again.above.number, 9001))


def test_no_search_where_nothing_encloses_the_day() -> None:
    known = [Anchor(*one) for one in ANCHORS]
    assert search_between(known, date(2019, 1, 1)) is None
    assert search_between(known, date(2030, 1, 1)) is None
    assert search_between([], FIRST) is None


def test_the_anchors_bound_the_range() -> None:
    assert range_of(SITE, since=None, until=None) == NumberRange(first=1000, last=9000)
    assert range_of(SITE, since=None, until=None, newest=9400).last == 9400
    assert range_of(SITE, since=FIRST + timedelta(days=140), until=None).first == 5001
    assert range_of(SITE, since=FIRST + timedelta(days=130), until=None).first == 1001, "a number is given when a story is begun"
    assert range_of(SITE, since=None, until=FIRST + timedelta(days=60)).last == 4999
    assert len(range_of(SITE, since=date(2030, 1, 1), until=None)) == 0
