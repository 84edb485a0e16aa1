"""Patterns that are compiled at their first use, against `re`."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers import patterns
from crawler.parsers.patterns import later

TEXT, FLAGS = r"(?P<word>[a-c]+)|\d", re.IGNORECASE


def plainly(found: Any) -> Any:
    if isinstance(found, re.Match):
        return found.span(), found.groups()
    return found if isinstance(found, str | tuple | None) else [plainly(one) for one in found]


@pytest.mark.parametrize("method", ["search", "match", "fullmatch", "split", "findall", "finditer"])
@given(text=st.text("abcx1 "))
def test_it_finds_what_a_compiled_one_finds(method: str, text: str) -> None:
    assert plainly(getattr(later(TEXT, FLAGS), method)(text)) == plainly(getattr(re.compile(TEXT, FLAGS), method)(text))


@given(text=st.text("abcx1 "))
def test_it_replaces_what_a_compiled_one_replaces(text: str) -> None:
    assert later(TEXT, FLAGS).sub("-", text, count=1) == re.compile(TEXT, FLAGS).sub("-", text, count=1)
    assert later(TEXT, FLAGS).subn("-", text) == re.compile(TEXT, FLAGS).subn("-", text)


def test_it_is_compiled_once_and_not_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def count(text: str, flags: int) -> re.Pattern[str]:
        compiled.append(text)
        return re.compile(text, flags)

    monkeypatch.setattr(patterns, "re", type("", (), {"compile": staticmethod(count)}))
    pattern = later(TEXT, FLAGS)
    assert compiled == []
    assert pattern.search("xA") is not None
    assert pattern.sub("", "a1x") == "x"
    assert compiled == [TEXT]


def test_it_has_what_a_pattern_has_and_no_more() -> None:
    assert (later(TEXT, FLAGS).pattern, later(TEXT, FLAGS).groups) == (TEXT, 1)
    assert dict(later(TEXT, FLAGS).groupindex) == {"word": 1}
    with pytest.raises(AttributeError, match="no attribute 'seek'"):
        later(TEXT).seek  # type: ignore[attr-defined] # noqa: B018
