"""Which addresses of a story are asked for, and which of its copies."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Link, Mirror
from crawler.memento.address_forms import address_forms, prefixes
from crawler.memento.choice import Candidate, candidates_of, in_order
from crawler.memento.endpoints import parse_endpoints
from crawler.sites.site import Site

SITE = Site(
    name="demo", title="Demo", language="en", stories=(r"^/(?:doc/)?(?P<y>\d{4})/(?P<id>\d+)(?:/.*)?$",),
    mirrors=(
        Mirror("alias.example", alias=True), Mirror("new.example", since=date(2022, 1, 1)), Mirror("old.example", until=date(2021, 1, 1)),
        Mirror("fr.example", language="fr"),
    ),
)  # fmt: skip


def test_forms_begin_with_what_is_known_and_go_on_with_the_likeliest_mirrors() -> None:
    forms = address_forms(SITE, ["https://new.example/2019/7/slug"], language="en", day=date(2019, 5, 3), most=10)
    assert forms[:3] == ["https://new.example/2019/7/slug", "https://old.example/2019/7/slug", "https://alias.example/2019/7/slug"]
    assert forms[3:] == ["http://new.example/2019/7/slug", "http://old.example/2019/7/slug", "http://alias.example/2019/7/slug"]
    assert not any("fr.example" in one for one in forms)
    assert len(address_forms(SITE, forms, language="en", day=None, most=2)) == 2


def test_forms_that_archives_take_for_the_same_are_asked_once() -> None:
    known = ["https://old.example/2019/7", "http://old.example/2019/7", "http://www.old.example/2019/7", "https://elsewhere.example/2019/7"]
    assert address_forms(SITE, known, language="en", day=None, most=1) == ["https://old.example/2019/7"]


def test_slugs_share_what_stands_up_to_the_number() -> None:
    assert prefixes(SITE, ["https://old.example/doc/2019/7/a", "https://old.example/doc/2019/7/b?c"]) == ["https://old.example/doc/2019/7"]
    named = Site(name="x", title="X", language="en", stories=(r"^/(?P<id>[a-z-]+)$",), mirrors=(Mirror("x.example"),))
    assert prefixes(named, ["https://x.example/a-slug"]) == []


def copy(year: int, **more: object) -> Candidate:
    at = f"https://archive.example/web/{year}0101000000/http://a.example/"
    values = {"address": at, "raw": at, "original": "http://a.example/", "date": datetime(year, 1, 1, tzinfo=UTC)}
    return Candidate(**values | more)  # type: ignore[arg-type]


def test_copies_are_the_first_the_last_and_then_the_farthest_between() -> None:
    years = [one.date.year for one in in_order([copy(year) for year in range(2001, 2022)])]
    assert years[:5] == [2001, 2021, 2011, 2006, 2016]


def test_one_of_each_payload_comes_first_and_errors_never() -> None:
    some = [
        copy(2001, digest="a"),
        copy(2002, digest="a"),
        copy(2003, digest="b"),
        copy(2004, status=404),
        copy(2005, status=301),
        copy(2006, status=200),
    ]
    assert [one.date.year for one in in_order(some)] == [2001, 2006, 2003, 2002, 2005]


@given(st.lists(st.integers(1996, 2026), max_size=80))
def test_no_copy_is_asked_for_twice(years: list[int]) -> None:
    found = in_order([copy(year) for year in years])
    assert len({one.address for one in found}) == len(found)


def test_copies_elsewhere_are_left_out_and_counted() -> None:
    (archive,) = parse_endpoints("https://archive.example/web/")
    when = "2019-05-03T04:05:06+00:00"
    links = [
        Link(url="https://archive.example/web/20190503040506/http://a.example/x", text="20190503040506 200 AAA", date=when),
        Link(url="https://other.example/web/20190503040506/http://a.example/x", text="20190503040506", date=when),
        Link(url="https://archive.example/map/2", listing=True), Link(url="https://archive.example/undated"),
    ]  # fmt: skip
    (one,), elsewhere = candidates_of(archive, links, "http://a.example/x")
    assert (one.raw, one.original, one.status, one.digest, elsewhere) == (
        "https://archive.example/web/20190503040506id_/http://a.example/x", "http://a.example/x", 200, "AAA", 1,
    )  # fmt: skip
