"""Lists of mementos in every form that archives serve, and what is none."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.memento.timemap import Held, json_format, link_format, make_timemap
from crawler.parsers.timemaps.memento_list import MAX_CHARACTERS, MAX_MEMENTOS, http_date, original_of, read_memento_list

URL = "http://www.courier.example/2019/05/03/7/horn"
AT = "https://archive.example/web/timemap/link/" + URL
FIRST, LAST = datetime(2019, 5, 3, 4, 5, 6, tzinfo=UTC), datetime(2021, 1, 2, 3, 4, 5, tzinfo=UTC)
LINKS = f"""<{URL}>; rel="original",
<{AT}>; rel="self"; type="application/link-format"; from="Fri, 03 May 2019 04:05:06 GMT",
<https://archive.example/web/{URL}>; rel="timegate",
<https://archive.example/web/timemap/link/2/{URL}>; rel="timemap"; type="application/link-format",
<https://archive.example/web/20210102030405/{URL}>; rel="last memento"; datetime="Sat, 02 Jan 2021 03:04:05 GMT",
<https://archive.example/web/20190503040506/{URL}>; rel="first memento"; datetime="Fri, 03 May 2019 04:05:06 GMT",
<https://archive.example/web/undated/{URL}>; rel="memento"
"""


def test_link_format_gives_mementos_by_date_and_further_pages() -> None:
    found = read_memento_list(LINKS, AT)
    assert [(one.date, original_of(one)) for one in found.mementos] == [(FIRST, URL), (LAST, URL)]
    assert found.pages == (f"https://archive.example/web/timemap/link/2/{URL}",)
    assert (found.recognised, found.passed_over) == (True, 1)


ROW = ["example,courier)/x", "20190503040506", URL, "text/html", "200", "AAAA", "1234"]
HEADER = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
PYWB = {"urlkey": "x", "timestamp": "20190503040506", "url": URL, "mime": "text/html", "status": "200", "digest": "AAAA"}
FORMS = {
    "Wayback JSON": json.dumps([HEADER, ROW]),
    "Wayback JSON in another order of fields": json.dumps([HEADER[::-1], ROW[::-1]]),
    "Wayback text": " ".join(ROW) + "\n",
    "CDX with its header, 11 fields": " CDX N b a m s k r M S V g\n" + " ".join([*ROW[:6], "-", "-", "12", "34", "a.warc.gz"]),
    "pywb lines of JSON": json.dumps(PYWB) + "\n",
    "CDXJ": f"example,courier)/x 20190503040506 {json.dumps({k: v for k, v in PYWB.items() if k not in ('urlkey', 'timestamp')})}\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_cdx_in_each_form_gives_the_same(form: str) -> None:
    (one,) = read_memento_list(FORMS[form], "https://archive.example/cdx").mementos
    assert (one.date, one.timestamp, one.original, one.status, one.mime, one.digest) == (
        FIRST, "20190503040506", URL, 200, "text/html", "AAAA",
    )  # fmt: skip


def test_the_json_of_memgator_is_read() -> None:
    text = json.dumps(
        {"original_uri": URL, "mementos": {"list": [{"datetime": "2019-05-03T04:05:06Z", "uri": "http://b.example/m"}, {"x": 1}, 7]}}
    )
    found = read_memento_list(text, AT)
    assert [(one.date, one.address, one.original) for one in found.mementos] == [(FIRST, "http://b.example/m", URL)]
    assert found.passed_over == 2


@pytest.mark.parametrize("text", ["", "\n", "[]", json.dumps([HEADER])])
def test_nothing_held_is_a_list_without_mementos(text: str) -> None:
    found = read_memento_list(text, AT)
    assert (found.mementos, found.recognised) == ((), True)


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE html><p>Not archived</p>", "<html><a href='x'>y</a>", "Service busy, try again", "{", "[1, 2", '{"error": 1}', '["a"]'],
)  # fmt: skip
def test_what_is_no_list_is_told_from_an_empty_one(text: str) -> None:
    assert not read_memento_list(text, AT).recognised


def test_dates_that_mean_nothing_are_passed_over() -> None:
    rows = [[*ROW[:1], stamp, *ROW[2:]] for stamp in ("20190503040506", "19720101000000", "2019", "99", "2019-05-03", "201913")]
    found = read_memento_list(json.dumps([HEADER, *rows]), AT)
    assert [one.date.year for one in found.mementos] == [2019, 2019]
    assert found.passed_over == 4
    assert http_date("Thu, 01 Jan 1970 00:00:00 GMT") is None
    assert http_date("soon") is None


def test_an_endless_list_is_cut_and_told() -> None:
    found = read_memento_list("\n".join(" ".join(ROW) for _ in range(MAX_MEMENTOS + 10)), AT)
    assert len(found.mementos) == MAX_MEMENTOS
    assert found.passed_over
    assert read_memento_list(LINKS + " " * MAX_CHARACTERS, AT).passed_over == 2


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    read_memento_list(text, AT)


HELD = st.lists(
    st.builds(
        Held,
        address=st.integers(0, 10**6).map(lambda n: f"http://localhost:8080/demo/{n:014d}/{URL}?a=b,c;d"),
        original=st.just(URL),
        date=st.datetimes(datetime(1996, 1, 1), datetime(2099, 1, 1)).map(lambda when: when.replace(microsecond=0, tzinfo=UTC)),  # noqa: DTZ001
    ),
    max_size=8, unique_by=lambda one: one.address,
)  # fmt: skip


@given(HELD)
def test_our_own_timemaps_are_read_again_in_both_forms(held: list[Held]) -> None:
    timemap = make_timemap(URL, held, base="http://localhost:8080/demo/", address="http://localhost:8080/t")
    want = sorted((one.date, one.address) for one in held)
    for text in (link_format(timemap), json_format(timemap)):
        assert [(one.date, one.address) for one in read_memento_list(text, AT).mementos] == want
