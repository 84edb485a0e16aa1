"""Header fields: kept as received, looked up whatever the case of their name."""

import copy
import pickle

import pytest

from crawler.items import Headers

PAIRS = (("Set-Cookie", "a=1"), ("ETag", '"x"'), ("set-cookie", "b=2, c"), ("X-Empty", ""))


@pytest.fixture
def fields() -> Headers:
    return Headers(PAIRS)


def test_pairs_stay_as_received(fields: Headers) -> None:
    assert (tuple(fields), fields, hash(fields)) == (PAIRS, PAIRS, hash(PAIRS))
    assert Headers(fields) is fields


def test_a_name_is_found_in_any_case(fields: Headers) -> None:
    assert (fields.first("SET-COOKIE"), fields.all("Set-cookie"), fields.joined("set-Cookie")) == ("a=1", ["a=1", "b=2, c"], "a=1, b=2, c")
    assert fields.elements("set-cookie") == ["a=1", "b=2", "c"]


def test_a_field_without_a_value_is_there(fields: Headers) -> None:
    assert (fields.first("x-empty"), fields.has("x-empty"), fields.all("x-empty"), fields.elements("x-empty")) == ("", True, [""], [""])


def test_a_missing_field_has_no_value(fields: Headers) -> None:
    assert (fields.first("age"), fields.has("age"), fields.all("age"), fields.joined("age"), fields.elements("age")) == (
        None,
        False,
        [],
        "",
        [],
    )


def test_a_value_is_the_only_one_of_its_name() -> None:
    assert Headers([("A", "1"), ("B", "2")]).all("b") == ["2"]


def test_limited_keeps_the_first_fields(fields: Headers) -> None:
    assert fields.limited(9) is fields
    assert (fields.limited(2), fields.limited(2).all("set-cookie")) == (PAIRS[:2], ["a=1"])


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_finds_the_same(fields: Headers, again: object) -> None:
    other = again(fields)  # type: ignore[operator]
    assert (other, other.first("etag")) == (PAIRS, '"x"')
