"""Words of bylines that are no people, and people who are named like a place, a month or a day."""

from __future__ import annotations

import pytest

from crawler.parsers.authors.people import authors, full_name
from crawler.parsers.names.no_names import is_no_name, is_place, known_given_name


@pytest.mark.parametrize(
    "text",
    [
        # clocks and zones
        "Pm Edt", "Am Pst", "PM GMT", "p.m. ET", "Uhr", "BST", "Pm Ist", "Hrs Ist", "Wib", "мск",
        # days and months
        "Tue", "Tuesday", "Mittwoch", "Freitag", "mercredi", "Lunes", "sexta-feira", "Środa", "понедельник", "Pazartesi", "الخميس", "March", "Août",
        # places
        "New Delhi", "São Paulo", "Washington", "WASHINGTON D.C.", "Frankfurt am Main", "Kuala Lumpur", "Москва", "北京", "東京", "서울", "القاهرة",
        "Cape Town South Africa", "Paris France", "Londres", "Varsovie", "Nueva Delhi",
        # sections
        "World News", "Politik", "Breaking News", "Middle East", "Deportes", "Top Stories", "Новости", "UK News", "Local News",
        # labels and numbers
        "By", "Author", "Updated", "Published", "Share", "Follow Us", "Min Read", "Read More", "Photo", "105092", "2909", "更新时间", "字体放大",
        "编辑", "Lesezeit", "Compartir", "Comments", "…", "- -", "입력", "記事", "Visit the Store", "All rights reserved", "Haberin Devamı",
    ],
)  # fmt: skip
def test_what_is_no_name(text: str) -> None:
    assert is_no_name(text)
    assert authors([text], printed=True) == ()


@pytest.mark.parametrize(
    "name",
    [
        "Paris Hilton", "April Jones", "May Britt", "Theresa May", "June Carter", "Jordan Blake", "Jack London", "Chad Smith", "Israel Rosa",
        "Sydney Pollack", "Virginia Roe", "Georgia Hale", "Austin Reeve", "Mark Twain", "Will Grant", "Sofia Lund", "Florence Vane", "Isaiah Berlin",
        "Joe Washington", "August Strind", "Dakota Roe", "Kim Min-seo", "Tuesday Weld", "Frank Sinclair", "Carolina Paz", "Марина Москвина", "Art Buchwald",
    ],
)  # fmt: skip
def test_people_named_like_a_place_or_a_month(name: str) -> None:
    assert full_name(name)
    assert authors([f"By {name}"], printed=True) == (name,)


def test_what_machine_words_say_is_taken_as_it_is() -> None:
    assert not is_no_name("TIME", printed=False)
    assert not is_no_name("新华社", printed=False)
    assert is_no_name("105092", printed=False)
    assert is_no_name("No Author", printed=False)


def test_places_and_given_names() -> None:
    assert is_place("Łódź")
    assert not is_place("Paris Hilton")
    assert known_given_name("Henrike Stolz")
    assert known_given_name("Élodie Martin")
    assert not known_given_name("Machine Learning")
