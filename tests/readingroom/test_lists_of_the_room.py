"""Lists of the room: pages and their JSON over the demo and over an empty collection."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from index_makers import BEGIN, capture
from rooms import Room

from crawler.index.index import Index
from crawler.readingroom.lists import LISTS

ATOM = "{http://www.w3.org/2005/Atom}"
PAGES = [route.pattern for route in LISTS if route.json and "(" not in route.pattern]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A collection of nothing."""
    path = tmp_path / "nothing"
    path.mkdir()
    Index.open(path / "index.db").close()
    return path


async def document(datasette: Any, page: str, collection: str = "demo") -> Any:
    answer = await datasette.client.get(f"/{collection}/-/{page}")
    assert answer.status_code == 200, answer.text
    return json.loads(answer.content)


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_of_nothing_says_so(room: Room, empty: Path, page: str) -> None:
    datasette = room(empty)
    answer = await datasette.client.get(f"/nothing/-/{page}")
    assert answer.status_code == 200, answer.text
    assert "<h1" in answer.text
    assert (await document(datasette, f"{page}.json", "nothing"))["collection"] == "nothing"


@pytest.mark.parametrize("feed", ["events.atom", "stories.atom"])
async def test_a_feed_of_nothing_is_a_feed(room: Room, empty: Path, feed: str) -> None:
    answer = await room(empty).client.get(f"/nothing/-/{feed}")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert ElementTree.fromstring(answer.text).findall(f"{ATOM}entry") == []


@pytest.mark.parametrize("page", [*PAGES, "run/1", "events?kind=headline_changed", "events?since=2020-01-01&until=2100-01-01", "coverage?missing=yes"])
async def test_pages_of_the_demo(room: Room, _demo: Path, page: str) -> None:
    datasette = room(_demo / "demo")
    answer = await datasette.client.get(f"/demo/-/{page}")
    assert answer.status_code == 200, answer.text
    assert len(answer.content) < 100_000
    name, _, query = page.partition("?")
    assert await document(datasette, f"{name}.json?{query}")
    assert "style=" not in answer.text
    assert not re.search(r"\son\w+=", answer.text)


@pytest.mark.parametrize(
    "page",
    [
        "events?kind=nosuch", "events?since=yesterday", "events?before=x", "runs?before=x", "coverage?until=2026-13-01", "divergences?before=~",
    ],
)  # fmt: skip
async def test_an_argument_that_means_nothing_is_refused(room: Room, empty: Path, page: str) -> None:
    assert (await room(empty).client.get(f"/nothing/-/{page}")).status_code == 400


@pytest.mark.parametrize("page", ["run/99", "divergences?story=no/1"])
async def test_what_is_not_there_is_not_found(room: Room, empty: Path, page: str) -> None:
    assert (await room(empty).client.get(f"/nothing/-/{page}")).status_code == 404


async def test_events_are_paged_to_their_end(room: Room, _demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.readingroom.event_list.SHOWN", 7)
    datasette = room(_demo / "demo")
    page, seen = "/demo/-/events", []
    while page:
        name, _, query = page.partition("?")
        found = json.loads((await datasette.client.get(f"{name}.json?{query}")).content)
        seen += [(one["event"]["story_id"], one["event"]["kind"], one["event"]["record_id"]) for one in found["events"]]
        assert bool(found["paging"]["first"]) == ("before" in query)
        page = found["paging"]["further"]
    with Index.open(_demo / "demo" / "index.db", readonly=True) as index:
        expected = [tuple(row) for row in index.query("SELECT story_id, kind, record_id FROM events ORDER BY date DESC, id DESC")]
    assert seen == expected
    assert len(seen) > 14


async def test_events_are_counted_by_kind_and_chosen(room: Room, _demo: Path) -> None:
    datasette = room(_demo / "demo")
    kinds = (await document(datasette, "events.json"))["kinds"]["options"]
    for one in kinds:
        page, _, query = one["address"].partition("/-/")[2].partition("?")
        chosen = await document(datasette, f"{page}.json?{query}")
        assert {event["event"]["kind"] for event in chosen["events"]} == {one["label"]}
        assert len(chosen["events"]) == min(one["count"], 25)


async def test_the_feed_of_stories_names_each_once(room: Room, _demo: Path) -> None:
    answer = await room(_demo / "demo").client.get("/demo/-/stories.atom")
    feed = ElementTree.fromstring(answer.text)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) >= 19
    dates = [entry.findtext(f"{ATOM}updated") or "" for entry in feed.findall(f"{ATOM}entry")]
    assert dates == sorted(dates, reverse=True)
    links = [link.get("href") or "" for link in feed.iter(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert all(link.startswith("http://localhost/demo/-/") for link in links)


async def test_feeds_are_found_from_the_pages(room: Room, _demo: Path) -> None:
    datasette = room(_demo / "demo")
    page = (await datasette.client.get("/demo/-/events?kind=removed")).text
    found = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]+)"', page)
    assert found == ["/demo/-/stories.atom", "/demo/-/events.atom?kind=removed"]
    for address in found:
        assert (await datasette.client.get(address)).status_code == 200


async def test_both_texts_of_a_divergence_stand_side_by_side(room: Room, _demo: Path) -> None:
    datasette = room(_demo / "demo")
    (first, *_) = [one for one in (await document(datasette, "divergences.json"))["divergences"] if one["kind"] == "different"]
    shown = await document(datasette, f"divergences.json?story={first['story_id']}")
    (pair, *_) = shown["sides"][0]["pairs"]
    assert pair["text"] != pair["other_text"]
    assert "".join(piece["new"] for piece in pair["pieces"]) == pair["text"]
    page = (await datasette.client.get(f"/demo/-/divergences?story={first['story_id']}")).text
    assert re.search(r"<(?:ins|del)>", page)


async def test_many_hosts_leave_the_page_of_mirrors_light(room: Room, tmp_path: Path) -> None:
    path = tmp_path / "many"
    path.mkdir()
    with Index.open(path / "index.db") as index, index.atomic():
        for n in range(24):
            index.add_capture(capture(n, date=BEGIN + timedelta(days=31 * n), url=f"https://a.example/{n}", story=None, key=f"x{n}"))
        for n in range(150):
            index.save_mirror("harbour", f"m{n}.example", state="well", successes=1, failures=0)
    answer = await room(path).client.get("/many/-/mirrors")
    assert (answer.status_code, len(answer.content) < 100_000, answer.text.count("m149.example")) == (200, True, 2)
