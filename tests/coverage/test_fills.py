"""Fields and layouts that are read no more, with small numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from math import comb

import pytest
from histories import BEGIN, at, shot
from hypothesis import given
from hypothesis import strategies as st

from crawler.coverage.fills import FillTally, RunFills, falls, fields_filled, fisher, has_fallen, layouts_known
from crawler.items import Article, Block, Image
from crawler.parsers.document.selectors import NOTHING, css, first
from crawler.parsers.template import Template

PLAIN = Template(name="plain", mark=css("h1"), headline=first(css("h1"), css("title")), blocks=NOTHING)
WHOLE = {
    "articles": 5,
    "headline": 5,
    "body": 5,
    "date": 5,
    "authors": 3,
    "pictures": 4,
    "captions": 4,
    "credits": 2,
    "headline by its first rule": 5,
}


def runs(count: int, *, last: float = 0, step: float = 2, **changes: int) -> list[RunFills]:
    """Earlier runs, newest first, hours before the beginning."""
    counts = {**WHOLE, **{name.replace("_", " "): value for name, value in changes.items()}}
    return [RunFills(started=at(-last - step * (n + 1)), counts={"plain": counts}) for n in range(count)]


def found(now: Mapping[str, int], earlier: list[RunFills]) -> list[str]:
    return [str(one) for one in falls({"plain": {**WHOLE, **now}}, earlier, started=BEGIN)]


def test_what_a_tally_counts() -> None:
    tally, text = FillTally(), (Block(kind="paragraph", text="It runs."),)
    image = Image(url="https://a.example/a.jpg", caption="The pier")
    whole = Article(
        url="u",
        template="plain",
        headline="A",
        blocks=text,
        images=(image,),
        published="2026-03-02",
        read_by={"headline": PLAIN.headline.best or ""},
    )
    tally.count(whole, PLAIN, shot(1, "story", BEGIN, story=1))
    tally.count(Article(url="u", template="plain", blocks=text, problems=("out-of-season",)), PLAIN, shot(2, "story", BEGIN, story=2))
    tally.count(Article(url="u", template="generic", headline="B"), None, shot(3, "story", BEGIN, story=3))
    tally.count(Article(url="u", template="plain", published="2012-05-06"), PLAIN, shot(4, "story", BEGIN, story=4))
    assert tally.document() == {
        "generic": {"articles": 1, "headline": 1},
        "plain": {
            "articles": 2, "headline": 1, "body": 2, "date": 1, "pictures": 1, "captions": 1, "headline by its first rule": 1, "out-of-season": 1
        },
    }  # fmt: skip
    assert tally.unknown == ["https://a.example/story/2", "https://a.example/story/3"]


def test_a_headline_that_is_no_more_is_told_by_three_stories() -> None:
    assert found({"articles": 8, "headline": 0}, runs(12)) == ["headline: 0 of 8 articles of template plain, 60 of 60 before"]
    three = {"articles": 3, **{name: min(3, count) for name, count in WHOLE.items() if name != "articles"}, "headline": 0}
    assert [str(one).split(":")[0] for one in falls({"plain": three}, runs(12, last=170, step=90), started=BEGIN)] == ["headline"]


def test_a_first_rule_that_finds_nothing_any_more_is_told_though_the_field_is_there() -> None:
    (told,) = found(
        {"articles": 8, "headline": 8, "body": 8, "date": 8, "pictures": 6, "captions": 6, "credits": 4, "headline by its first rule": 0},
        runs(12),
    )
    assert told == "headline by its first rule: 0 of 8 articles of template plain, 60 of 60 before"


def test_small_runs_are_judged_together() -> None:
    one = dict.fromkeys(WHOLE, 1) | {"headline": 0}
    bad = [RunFills(started=at(-n), counts={"plain": one}) for n in range(1, 8)]
    assert found(one, [*bad[:1], *runs(12, last=8)]) == []
    assert [line.split(":")[0] for line in found(one, [*bad, *runs(12, last=8)])] == ["headline"]


def test_what_differs_by_chance_is_not_told() -> None:
    assert (
        found({"articles": 8, "headline": 8, "body": 8, "date": 8, "authors": 2, "pictures": 4, "captions": 3, "credits": 0}, runs(12))
        == []
    )


def test_credits_are_a_share_of_the_articles_with_pictures() -> None:
    many = {
        "articles": 30,
        "headline": 30,
        "body": 30,
        "date": 30,
        "authors": 18,
        "captions": 0,
        "credits": 0,
        "headline by its first rule": 30,
    }
    assert [line.split(":")[0] for line in found({**many, "pictures": 0}, runs(12))] == ["pictures"]
    assert [line.split(":")[0] for line in found({**many, "pictures": 24}, runs(12))] == ["captions", "credits"]


def test_an_alarm_lasts_two_weeks_and_then_is_the_new_usual() -> None:
    zero = {**WHOLE, "headline": 0}
    fallen = [
        RunFills(started=at(-24 * n), counts={"plain": {**WHOLE, "headline": 0}}, fallen=frozenset({"plain headline"}))
        for n in range(1, 41)
    ]
    old = runs(12, last=41 * 24)
    assert len(found(zero, [*fallen[:10], *old])) == 1
    assert found(zero, [*fallen, *old]) == []


def test_too_few_are_not_judged() -> None:
    assert found({"articles": 8, "headline": 0}, runs(3)) == []
    assert list(falls({"generic": {"articles": 50}, "new": {"articles": 9}, "none": {}}, runs(12), started=BEGIN)) == []
    assert fields_filled([]).good


def strange(known: int, unknown: int) -> FillTally:
    tally = FillTally()
    for n in range(known + unknown):
        template = PLAIN if n < known else None
        tally.count(Article(url="u", template="plain" if template else "generic"), template, shot(n, "story", BEGIN, story=n))
    return tally


@pytest.mark.parametrize(
    ("known", "unknown", "earlier", "good"),
    [(9, 1, 12, True), (4, 5, 12, False), (0, 3, 12, False), (0, 2, 12, True), (3, 4, 0, False), (5, 4, 0, True), (0, 1, 0, True)],
)
def test_stories_that_fit_no_template(known: int, unknown: int, earlier: int, good: bool) -> None:
    one = layouts_known(strange(known, unknown), runs(earlier), started=BEGIN)
    assert one is not None
    assert one.good is good
    assert ("https://a.example/" in one.detail) is not good


def test_few_stories_a_run_that_fit_no_template_add_up_and_the_alarm_does_not_wear_itself_out() -> None:
    """Two stories a day are too few to judge; those of four days are not, and it is told until they are read again."""
    earlier, told = runs(12), []
    for hours in range(0, 240, 24):
        tally, begin = strange(0, 2), at(hours)
        one = layouts_known(tally, earlier, started=begin)
        assert one is not None
        told.append(one.good)
        earlier.insert(0, RunFills(started=begin, counts=tally.document(), fallen=frozenset() if one.good else frozenset({"layouts"})))
    assert told[0]
    assert not any(told[3:])
    again = layouts_known(strange(2, 0), earlier, started=at(240))
    assert again is not None
    assert again.good


def test_a_new_layout_is_told_in_each_run_that_meets_it_and_no_more_once_it_is_read() -> None:
    good = [RunFills(started=at(-100), counts={"plain": {"articles": 77}})]
    first = RunFills(started=at(-72), counts={"generic": {"articles": 4}}, fallen=frozenset({"template"}))
    second = RunFills(started=at(-24), counts={"generic": {"articles": 2}}, fallen=frozenset({"template"}))
    for tally, earlier in (
        (strange(0, 4), good),
        (strange(0, 2), [first, *good]),
        (strange(0, 1), [second, first, *good]),
        (strange(0, 5), [second, first, *good]),
    ):
        one = layouts_known(tally, earlier, started=BEGIN)
        assert one is not None
        assert not one.good, one.detail
    mended = layouts_known(strange(3, 0), [second, first, *good], started=BEGIN)
    assert mended is not None
    assert mended.good


def test_a_field_that_is_there_again_is_not_told_for_the_runs_before() -> None:
    bad = [RunFills(started=at(-n), counts={"plain": {**WHOLE, "headline": 0}}) for n in (1, 2)]
    assert found({}, [*bad, *runs(12, last=8)]) == []


def test_without_a_story_nothing_is_said_of_layouts() -> None:
    assert layouts_known(FillTally(), runs(12), started=BEGIN) is None
    assert runs(1)[0].started == BEGIN - timedelta(hours=2)


@given(of=st.integers(1, 12), of_before=st.integers(1, 30), data=st.data())
def test_fishers_test_is_the_sum_of_the_chances(of: int, of_before: int, data: st.DataObject) -> None:
    now, before = data.draw(st.integers(0, of)), data.draw(st.integers(0, of_before))
    having, whole = now + before, of + of_before
    exact = sum(comb(having, k) * comb(whole - having, of - k) for k in range(now + 1) if of - k <= whole - having) / comb(whole, of)
    assert fisher(now, of, before, of_before) == pytest.approx(exact, abs=1e-9)
    assert not (has_fallen(now, of, before, of_before) and now / of >= before / of_before)
