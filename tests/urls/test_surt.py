"""SURT keys by a pattern: whatever it takes for plain, the parser makes the same of it."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from crawler.urls.keys import _PLAIN, _parsed_surt, surt
from tests.urls.test_plain import addresses


@given(addresses | st.from_regex(_PLAIN, fullmatch=True))
@example("http://www2.a.example:80/A//b/./C/")
@example("https://www.a.example:443/X/..")
@example("https://www.A.example/X?b=2&a=1")
@example("http://a.example./")
@example("http://a.example:0099/a:b")
@example("http://a.example/x\n")
def test_a_key_is_the_same_by_pattern_and_by_parser(url: str) -> None:
    assert surt(url) == _parsed_surt(url)


def test_the_pattern_knows_the_addresses_of_articles() -> None:
    assert _PLAIN.fullmatch("https://www.presstv.ir/Detail/2016/04/07/459588/Iran-nuclear_deal")
    assert surt("https://www.presstv.ir/Detail/2016/04/07/459588/X/") == "ir,presstv)/detail/2016/04/07/459588/x"
