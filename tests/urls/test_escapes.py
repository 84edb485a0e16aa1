"""Signs that are percent-encoded in each part of an address, against the sets of the URL Standard."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.urls.escapes import escaped_fragment, escaped_path, escaped_query, escaped_user

C0_CONTROL = {*range(0x20), *range(0x7F, 0x110000)} - set(range(0xD800, 0xE000))
FRAGMENT = C0_CONTROL | set(map(ord, ' "<>`'))
QUERY = C0_CONTROL | set(map(ord, " \"#<>'"))
PATH = QUERY - {ord("'")} | set(map(ord, "?^`{}"))
USER = PATH | set(map(ord, "/:;=@[\\]|"))
SIGNS = [*range(0x3000), *range(0xD700, 0xD800), *range(0xE000, 0xE100), *range(0xFF00, 0x10200), *range(0x10FF00, 0x110000)]


@pytest.mark.parametrize(
    ("escape", "escaped"),
    [
        (escaped_fragment, FRAGMENT), (escaped_query, QUERY), (escaped_path, PATH),
        (lambda sign: escaped_user(f"a{sign}").removeprefix("a"), USER - {ord(":")}),
    ],
    ids=["fragment", "query", "path", "user"],
)  # fmt: skip
def test_the_signs_of_each_set_are_escaped(escape: Callable[[str], str], escaped: set[int]) -> None:
    signs = [sign for sign in SIGNS if not (escape is not escaped_query and sign == ord(":"))]
    assert [sign for sign in signs if (escape(chr(sign)) != chr(sign)) != (sign in escaped)] == []
