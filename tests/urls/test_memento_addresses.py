"""Addresses of mementos: as archives write them, and what is none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls.memento_address import MementoAddress, date_of_timestamp, timestamp_of

FORMS = {
    "https://web.archive.org/web/20190203040506/http://a.example/x": ("https://web.archive.org/web/", "20190203040506", "", "http://a.example/x"),
    "https://web.archive.org/web/20190203040506id_/https://a.example/": ("https://web.archive.org/web/", "20190203040506", "id_", "https://a.example/"),
    "http://localhost:8080/coll/20190203mp_/http://a.example/?q=1/2": ("http://localhost:8080/coll/", "20190203", "mp_", "http://a.example/?q=1/2"),
    "http://b.example/20190203040506/http:/a.example/x": ("http://b.example/", "20190203040506", "", "http://a.example/x"),
    "https://b.example/w/2019/www.a.example/x": ("https://b.example/w/", "2019", "", "http://www.a.example/x"),
    "https://b.example/w/20190203040506/https://c.example/w/20200203040506/http://a.example/": (
        "https://b.example/w/", "20190203040506", "", "https://c.example/w/20200203040506/http://a.example/",
    ),
}  # fmt: skip


@pytest.mark.parametrize("url", FORMS)
def test_an_address_of_a_memento_is_taken_apart(url: str) -> None:
    found = MementoAddress.of(url)
    assert found is not None
    assert (found.prefix, found.timestamp, found.modifier, found.original) == FORMS[url]


@pytest.mark.parametrize(
    "url", ["http://a.example/", "http://a.example/2019/05/03/7/horn", "http://a.example/20190503/", "https://a.example/web/timemap/link/http://b.example/"],
)  # fmt: skip
def test_other_addresses_are_none(url: str) -> None:
    assert MementoAddress.of(url) is None


def test_the_raw_form_says_so() -> None:
    found = MementoAddress.of("https://b.example/w/20190203040506mp_/http://a.example/")
    assert found is not None
    assert found.raw().url == "https://b.example/w/20190203040506id_/http://a.example/"
    assert found.raw().is_raw
    assert found.date == datetime(2019, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_timestamps_that_archives_pad_give_the_nearest_time() -> None:
    assert date_of_timestamp("20190231996199") == datetime(2019, 2, 28, 23, 59, 59, tzinfo=UTC)
    assert date_of_timestamp("20190000000000") is None
    assert date_of_timestamp("1066") is None
    assert date_of_timestamp("２０１９") is None


@given(st.datetimes(datetime(1991, 1, 1), datetime(2999, 1, 1)))  # noqa: DTZ001
def test_a_time_survives_its_timestamp(when: datetime) -> None:
    moment = when.replace(microsecond=0, tzinfo=UTC)
    assert date_of_timestamp(timestamp_of(moment)) == moment


@given(st.text(max_size=80))
def test_any_text_is_taken_or_left(text: str) -> None:
    MementoAddress.of(f"http://a.example/{text}")
    date_of_timestamp(text)
