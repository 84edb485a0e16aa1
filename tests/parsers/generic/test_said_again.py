"""What stands between the paragraphs again and again is a notice; a text that says the same all the time is still a text."""

from __future__ import annotations

import pytest
from small_pages import page

from crawler.parsers.generic.generic import read_generic

SAME = "Words about bridges and streets that are larger than the old ones, and some more of them for good measure."
OTHERS = [f"The council of quarter number {n} spoke for an hour about its bridge, and then for another about its streets." for n in range(6)]


@pytest.mark.parametrize("first", ["<p>alpha</p>", "", f"<p>{OTHERS[0]}</p>"])
def test_a_text_of_equal_paragraphs_is_kept(first: str) -> None:
    body = read_generic(page(f"<title>Two</title><article><h1>Two</h1>{first}{f'<p>{SAME}</p>' * 6}</article>")).body
    assert body.count(SAME) == 6


def test_what_stands_between_paragraphs_is_left_out() -> None:
    body = read_generic(page("<title>Bridges</title><article><h1>Bridges of the town</h1>" + "".join(f"<p>{t}</p><p>{SAME}</p>" for t in OTHERS[:3]) + "".join(f"<p>{t}</p>" for t in OTHERS[3:]) + "</article>")).body
    assert SAME not in body
    assert all(text in body for text in OTHERS)
