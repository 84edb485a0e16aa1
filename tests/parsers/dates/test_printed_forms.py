"""Dates as papers of the world print them: forms, languages, calendars, zones, and lines that hold none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed_dates import none_rows, rows

from crawler.parsers.dates.dates import Moment, moment, only_a_date
from crawler.parsers.dates.locale import Locale, locale_of
from crawler.parsers.dates.moments import CALENDARS_DISAGREE, ORDER_ASSUMED, ZONE_AMBIGUOUS
from crawler.parsers.dates.printed import printed_in


def told(found: Moment | None) -> str | None:
    """A moment as the rows write it."""
    if found is None or found.time is None:
        return None if found is None else found.day.isoformat()
    time = found.time.isoformat()
    return time[:16] + time[19:]


@pytest.mark.parametrize(("text", "tag", "meant"), rows())
def test_printed_dates_of_the_world(text: str, tag: str, meant: str) -> None:
    assert told(moment(text, locale=locale_of("", [tag]))) == meant


@pytest.mark.parametrize(("text", "tag"), none_rows())
def test_figures_and_words_that_are_no_date(text: str, tag: str) -> None:
    assert moment(text, locale=locale_of("", [tag])) is None


@pytest.mark.parametrize(
    ("text", "tag", "problems"),
    [
        ("3/12/24", "en-US", (ORDER_ASSUMED,)), ("03-04-2024", "en", (ORDER_ASSUMED,)), ("12/3/2024", "fr-FR", (ORDER_ASSUMED,)), ("12/12/2024", "en", ()),
        ("13/3/2024", "en-US", ()), ("12.3.2024", "de", ()), ("Monday 05/06/2024", "en-GB", ()), ("2024/03/12", "en", ()),
        ("12 Mar 2024 18:20 IST", "en", (ZONE_AMBIGUOUS,)), ("12 Mar 2024 18:20 IST", "en-IN", ()), ("12 Mar 2024 18:20 CST", "de", (ZONE_AMBIGUOUS,)),
        ("2 رمضان 1445 / 12 مارس 2024", "ar", ()), ("2 رمضان 1445 / 22 مارس 2024", "ar", (CALENDARS_DISAGREE,)),
    ],
)  # fmt: skip
def test_what_was_assumed_is_said(text: str, tag: str, problems: tuple[str, ...]) -> None:
    found = moment(text, locale=locale_of("", [tag]))
    assert found is not None
    assert found.problems == problems


def test_other_dates_of_the_page_decide_the_order() -> None:
    for month_first, day in ((True, "2024-03-12"), (False, "2024-12-03")):
        found = moment("3/12/2024", locale=Locale(language="en", month_first=month_first))
        assert found is not None
        assert (found.day.isoformat(), found.problems, found.other) == (day, (), None)


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("Updated 13 March 2024, 07:05 GMT. First published 12 March 2024, 18:20 GMT", [("modified", "2024-03-13T07:05+00:00"), ("first", "2024-03-12T18:20+00:00")]),
        ("Opublikowano: 12 marca 2024, 18:20 | Aktualizacja: 13 marca 2024, 07:05", [("published", "2024-03-12T18:20"), ("modified", "2024-03-13T07:05")]),
        ("Yayınlanma: 12.03.2024 - 18:45 Güncelleme: 13.03.2024 - 09:12", [("published", "2024-03-12T18:45"), ("modified", "2024-03-13T09:12")]),
        ("2024年3月12日 18時20分 公開 2024年3月13日 7時05分 更新", [("published", "2024-03-12T18:20"), ("modified", "2024-03-13T07:05")]),
        ("입력 2024.03.12. 오후 6:20 수정 2024.03.13. 오전 7:05", [("published", "2024-03-12T18:20"), ("modified", "2024-03-13T07:05")]),
        ("12 March 2024, updated 18:20", [("", "2024-03-12"), ("modified", "2024-03-12T18:20")]),
        ("Publié le 12 mars 2024 à 18h20, mis à jour le 13 mars 2024 à 07h05", [("published", "2024-03-12T18:20"), ("modified", "2024-03-13T07:05")]),
        ("18:20 12/03/2024 | Cập nhật: 07:05 13/03/2024", [("", "2024-03-12T18:20"), ("modified", "2024-03-13T07:05")]),
        ("Stand: 12. März 2024, 18:20 Uhr", [("status", "2024-03-12T18:20")]),
        ("A version of this article appears in print on March 13, 2024", [("other", "2024-03-13")]),
        ("© 12.03.2024", [("other", "2024-03-12")]),
    ],
)  # fmt: skip
def test_labels_tell_which_date_it_is(line: str, labels: list[tuple[str, str]]) -> None:
    assert [(one.label, told(one.moment)) for one in printed_in(line, locale_of("", ["en-GB"]))] == labels


@pytest.mark.parametrize(
    "line",
    [
        "سه‌شنبه ۲۲ اسفند ۱۴۰۲ - ۱۰:۳۰",
        "12 มีนาคม 2567 เวลา 18.20 น.",
        "12 மார்ச் 2024, 6:20 PM",
        "Aktualisiert am 12. März 2024 um 18:20 Uhr",
        "12-Mar-2024",
    ],
)
def test_date_lines_of_other_scripts(line: str) -> None:
    assert only_a_date(line, locale_of("", ["fa"]))


@given(st.text(alphabet="0123456789./-: ,年月日令和مارسмартmarchä'", max_size=300))
def test_no_line_of_these_signs_raises(line: str) -> None:
    printed_in(line, Locale(language="ja", country="JP"))


@given(st.text(max_size=120).map(lambda text: f"12 {text} 2024"))
def test_no_line_raises(line: str) -> None:
    printed_in(line, Locale(language="en"))


@pytest.mark.parametrize("line", ["❷ 12 2024", "² March 2024 12", "12 March ²024", "① 2024 3 сарын 12", "፼፼፼ 2024 12"])
def test_figures_that_are_no_decimals(line: str) -> None:
    printed_in(line, Locale(language="en"))
