"""Search page of the room."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rooms import Room


async def found(datasette: Any, query: str) -> Any:
    answer = await datasette.client.get(f"/demo/-/search.json?{query}")
    assert answer.status_code == 200, answer.text
    return json.loads(answer.content)


async def test_without_a_query_the_page_explains_how_to_ask(room: Room, _demo: Path) -> None:
    page = (await room(_demo / "demo").client.get("/demo/-/search")).text
    assert '<input type="search" name="q"' in page
    assert "credit:reuters" in page
    assert "<mark>" not in page


async def test_hits_have_their_words_marked_and_lead_to_stories(room: Room, _demo: Path) -> None:
    datasette = room(_demo / "demo")
    page = (await datasette.client.get("/demo/-/search?q=ferry")).text
    assert re.search(r"<mark>[Ff]erry</mark>", page)
    (story, *_) = re.findall(r'<h2[^>]*><a href="(/demo/-/story/[^"]+)"', page)
    assert (await datasette.client.get(story)).status_code == 200


async def test_facets_lead_to_as_many_hits_as_they_say(room: Room, _demo: Path) -> None:
    datasette = room(_demo / "demo")
    groups = (await found(datasette, "q=the"))["groups"]
    assert {"section", "year"} <= {group["name"] for group in groups}
    for group in groups:
        for option in group["options"][:3]:
            narrowed = await found(datasette, option["address"].partition("?")[2])
            assert narrowed["answer"]["total"] == option["count"], option


async def test_replaced_texts_are_left_out_and_told(room: Room, _demo: Path) -> None:
    datasette = room(_demo / "demo")
    (change, *_) = json.loads((await datasette.client.get("/demo/-/headlines.json")).content)["changes"]
    query = f"q={quote(chr(34) + change['headline_before'] + chr(34))}"
    newest = await found(datasette, query)
    assert newest["answer"]["superseded"] == 1
    assert all(hit["n"] == hit["versions"] for hit in newest["answer"]["hits"])
    everything = await found(datasette, f"{query}&versions=all")
    (hit,) = [hit for hit in everything["answer"]["hits"] if hit["n"] < hit["versions"]]
    page = (await datasette.client.get(f"/demo/-/search?{query}&versions=all")).text
    assert f"version {hit['n']} of {hit['versions']}" in page
    assert f"?v={hit['n']}" in page


async def test_pages_go_on_without_a_gap(room: Room, _demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.readingroom.search_page.SHOWN", 4)
    datasette, query, seen = room(_demo / "demo"), "q=the", []
    first = await found(datasette, query)
    while query:
        shown = await found(datasette, query)
        seen += [hit["story_id"] for hit in shown["answer"]["hits"]]
        query = (shown["further"] or "").partition("?")[2]
    assert len(seen) == len(set(seen)) == first["answer"]["total"] > 8
    assert (await datasette.client.get("/demo/-/search?q=the&page=49")).status_code == 400


@pytest.mark.parametrize("query", ["q=ferry&sort=random", "q=ferry&versions=no", "q=ferry&page=0", "q=ferry&page=x", "q=ferry&page=9999"])
async def test_arguments_that_mean_nothing_are_refused(room: Room, _demo: Path, query: str) -> None:
    assert (await room(_demo / "demo").client.get(f"/demo/-/search?{query}")).status_code == 400


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60) | st.lists(st.sampled_from(['"*()-:', 'OR', 'AND', 'headline:', 'is:', 'since:', '<b>', "'", 'ferry']), max_size=12).map(" ".join))
async def test_any_text_is_answered(room: Room, _demo: Path, text: str) -> None:
    answer = await room(_demo / "demo").client.get(f"/demo/-/search?q={quote(text.encode('utf-8', 'replace'))}")
    assert answer.status_code == 200, (text, answer.text)
    assert "<h1>" in answer.text
