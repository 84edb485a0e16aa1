"""The front page: figures, newest stories with pictures, the calendar as picture and table."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from newspaper import newspaper
from rooms import Room
from small_collections import change


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newspaper(tmp_path_factory.mktemp("archives") / "paper")


async def test_the_calendar_is_a_picture_with_words_and_a_table(room: Room, paper: Path) -> None:
    page = (await room(paper).client.get("/?year=2026")).text
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert svg.count("<rect") == 365
    assert 'role="img"' in svg
    assert 'aria-labelledby="calendar-name calendar-words"' in svg
    assert "<title>2026-03-01: 1</title>" in svg
    assert "2 stories on 2 days; 1 on the fullest day" in svg
    assert "style=" not in svg
    table = page[page.index('<table class="days"') :]
    assert '<th scope="row">2026-03</th><td class="n">2</td><td class="n">1</td><td class="n">1</td>' in table


async def test_a_year_is_chosen_and_others_are_linked(room: Room, paper: Path) -> None:
    page = (await room(paper).client.get("/paper/-/front?year=2019")).text
    assert "Stories published in 2019" in page
    assert 'href="/paper/-/front?year=2026#calendar"' in page
    for year in ("0", "x", "10000", "-1"):
        assert (await room(paper).client.get(f"/paper/-/front?year={year}")).status_code == 400


async def test_the_newest_stories_have_pictures_and_their_own_direction(room: Room, paper: Path) -> None:
    page = (await room(paper).client.get("/")).text
    newest = page[page.index('class="newest"') : page.index("</ul>", page.index('class="newest"'))]
    assert re.findall(r'href="/paper/-/story/([^"]+)"', newest)[:2] == ["paper/2", "paper/1"]
    assert '<li lang="fa" dir="rtl">' in newest
    assert '<img src="/paper/-/picture/' in newest
    assert "<script" not in page
    document = (await room(paper).client.get("/.json")).json()
    assert document["newest"][1]["headline"] == "Ferry sails again, edition 3"
    assert document["calendar"]["months"][2]["stories"] == 2
    assert "_picture" not in document


async def test_the_page_is_small(room: Room, paper: Path) -> None:
    assert len((await room(paper).client.get("/")).content) <= 100_000


async def test_runs_mirrors_and_announcements_are_told_in_words(room: Room, paper: Path, tmp_path: Path) -> None:
    path = Path(shutil.copytree(paper, tmp_path / "paper"))
    change(
        path,
        "INSERT INTO runs (site, started, ended, exit_code, reason, stats) VALUES ('paper', '2026-11-24T12:00:00Z', '2026-11-24T12:01:00Z', 10, '<b>left', '{}')",
        "INSERT INTO mirrors (site, host, state, since, last_ok, last_error, successes, failures) VALUES ('paper', 'a.example', 'seized', NULL, NULL, 'seized', 3, 4)",
        "INSERT INTO mirrors (site, host, state, since, last_ok, last_error, successes, failures) VALUES ('paper', 'b.example', 'newword', NULL, NULL, NULL, 3, 4)",
        "INSERT INTO announced (story_id, capture_id, url) SELECT 'paper/1', min(id), 'https://a.example/1' FROM captures",
        "INSERT INTO announced (story_id, capture_id, url) SELECT 'paper/77', min(id), 'https://a.example/77' FROM captures",
    )
    page = (await room(path).client.get("/")).text
    for words in ("Incomplete", "&lt;b&gt;left", "newword", "announced 2 stories; 1 of them are held, 1 are missing"):
        assert words in page
    assert 'href="/paper/-/runs"' in page
    assert 'href="/paper/-/events"' in page
