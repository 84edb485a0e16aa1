"""The day of today in the head of a page is no day of publication."""

from __future__ import annotations

import pytest
from small_pages import page

from crawler.parsers.generic.generic import read_generic

TEXT = "The reservoir above the town will be emptied this autumn so that engineers can look at a crack in its wall, the company said."


@pytest.mark.parametrize(
    "top",
    [
        '<span class="today">Friday, 20 November 2026</span> <a href="/">The Paper</a>',
        '<a href="/">The Paper</a> | <b id="current-date">20.11.2026</b>',
        '<font class="dateToday">November 20, 2026</font> <a href="/weather">Weather</a>',
    ],
)
def test_the_day_of_today_is_not_taken(top: str) -> None:
    body = f"<div id=top>{top}</div><div class=post><h1>Reservoir to be emptied</h1>{f'<p>{TEXT}</p>' * 2}<p>It is empty now.</p></div>"
    found = read_generic(
        page(f"<html lang=en><title>Reservoir to be emptied</title><body>{body}</body></html>", url="https://paper.example/a")
    )
    assert (found.published, found.modified) == (None, None)
