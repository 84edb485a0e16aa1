"""The end of a text that was cut off: nothing is shown that the whole would not show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.document.cut import is_cut_off, whole_characters, whole_markup


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_utf8_cut_anywhere_ends_with_a_whole_character(text: str) -> None:
    data = text.encode()
    for end in range(len(data) + 1):
        left = whole_characters(data[:end])
        assert text.startswith(left.decode())
        assert end - len(left) < 4


@pytest.mark.parametrize("data", [b"\xff\xfe", b"\x80\x80", b"abc\xf8", b"\xe9t\xe9 caf\xe9"])
def test_bytes_of_another_charset_are_left_as_they_are(data: bytes) -> None:
    assert whole_characters(data) == data


def test_a_last_byte_that_may_begin_a_character_goes_where_all_before_it_is_utf8() -> None:
    assert whole_characters(b"caf\xe9") == b"caf"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("bridge<", "bridge"), ("bridge</", "bridge"), ("bridge<!", "bridge"), ("bridge<?", "bridge"), ("it&#", "it"), ("it&#x", "it"), ("it&#x20", "it"),
        ("it&#82", "it"), ("it&#8217;", "it&#8217;"), ("it&amp", "it&amp"), ("a < b", "a < b"), ("\ufffd", ""), ("<p", "<p"), ("", ""), ("a<\n", "a<\n"),
    ],
)  # fmt: skip
def test_half_a_tag_or_reference_is_left_out(text: str, left: str) -> None:
    assert whole_markup(text) == left


@pytest.mark.parametrize(
    ("problems", "cut"), [((), False), (("gzip stream cut off",), True), (("cut off early",), False), (("charset unknown", "br stream cut off"), True)]
)
def test_problems_of_a_cut_stream(problems: tuple[str, ...], cut: bool) -> None:
    assert is_cut_off(problems) is cut
