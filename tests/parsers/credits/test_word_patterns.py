"""Patterns of many words, against the plain alternatives."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.authors.leads import LEADS
from crawler.parsers.credits.agencies import AGENCIES
from crawler.parsers.credits.credit_words import CAPTION_LABELS, COMMA_LABELS, LABELS, PHRASES
from crawler.parsers.credits.word_patterns import any_of
from crawler.parsers.dates.month_names import MONTHS

VOCABULARIES = {
    "labels": (*LABELS, *PHRASES), "captions": CAPTION_LABELS, "commas": COMMA_LABELS, "months": tuple(MONTHS),
    "agencies": tuple(spelling for spellings in AGENCIES.values() for spelling in spellings),
}  # fmt: skip


def plain(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


@given(st.lists(st.text("abA(.|é", min_size=1, max_size=4), min_size=1, max_size=12), st.text("abA(.|é ", max_size=30))
def test_a_pattern_finds_the_words_that_plain_alternatives_find(words: list[str], line: str) -> None:
    found = [(m.start(), m[0]) for m in re.finditer(any_of(words), line)]
    assert found == [(m.start(), m[0]) for m in re.finditer(plain(words), line)]


@pytest.mark.parametrize("name", VOCABULARIES)
@pytest.mark.parametrize("shape", ["{}", r"(?<!\w){}(?!\w)", r"^(?:{})\s*[:,]", r"(?:{}[\s/]+)+$"])
def test_the_vocabularies_are_found_as_before(name: str, shape: str) -> None:
    words = VOCABULARIES[name]
    new, old = (re.compile(shape.replace("{}", pattern), re.IGNORECASE) for pattern in (any_of(words), plain(words)))

    @given(st.lists(st.sampled_from(words).map(str.upper) | st.sampled_from(words) | st.sampled_from((" ", ": ", ", ", "/", "Jane", "s")), max_size=8))
    def check(parts: list[str]) -> None:
        line = "".join(parts)
        assert [m.span() for m in new.finditer(line)] == [m.span() for m in old.finditer(line)]

    check()


def test_a_byline_needs_a_lead() -> None:
    assert re.match(LEADS, "") is None
