"""The story page: read as a reader reads, all beside it, hostile texts and long stories."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from newspaper import newspaper
from rooms import Room

from crawler.index.index import Index
from crawler.roomframe.addresses import Addresses


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newspaper(tmp_path_factory.mktemp("archives") / "paper")


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


async def page_of(room: Room, path: Path, story: str, query: str = "") -> str:
    answer = await room(path).client.get(Addresses("/paper").story(story) + query)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


async def test_a_story_reads_as_it_was_printed(room: Room, paper: Path) -> None:
    page = await page_of(room, paper, "paper/1")
    body = page[page.index('<div class="read"') : page.index("<aside")]
    order = ["edition 3", "After nine days.", "Ada Quill", "Harbour", "2026-03-01 09:00 UTC", "1 March 2026", 'src="/paper/-/picture/', "It was a calm day",
             "What changes</h2>", "First boat at seven</li>", "<blockquote", "Kestrel</td>", "A film", "The Linnet"]  # fmt: skip
    places = [body.index(words) for words in order if words not in ("It was a calm day",)]
    assert "It was a calm day" in body
    assert places == sorted(places)
    assert 'width="320" height="200"' in body
    assert "Caption of quay.png" in body
    assert 'href="javascript:' not in page


async def test_pictures_that_cannot_be_shown_say_why_and_keep_their_place(room: Room, paper: Path) -> None:
    page = await page_of(room, paper, "paper/1")
    assert page.count("<img ") == 4
    assert page.count('class="missing"') == 3
    assert page.count("Download the drawing") == 1
    for words in ("A drawing (SVG)", "its bytes are text/html", "This picture is not archived"):
        assert words in page
    for tag, attributes in Elements(page).found:
        if tag == "img":
            assert attributes["alt"]
            assert attributes["width"]
            assert attributes["height"]


@pytest.mark.parametrize("n", [1, 2, 3])
async def test_each_version_can_be_read(room: Room, paper: Path, n: int) -> None:
    page = await page_of(room, paper, "paper/1", f"?v={n}")
    assert f"edition {n}" in page
    assert f"{n} of 3" in page


async def test_two_versions_stand_side_by_side(room: Room, paper: Path) -> None:
    page = await page_of(room, paper, "paper/1")
    assert "What changed from version 2 to version 3" in page
    assert "<del>2</del>" in page
    assert "<ins>3</ins>" in page
    page = await page_of(room, paper, "paper/1", "?v=3&with=1")
    assert "What changed from version 1 to version 3" in page
    page = await page_of(room, paper, "paper/1", "?v=1&with=3")
    assert "What changed from version 1 to version 3" in page
    assert "What changed" not in await page_of(room, paper, "paper/2")


async def test_the_data_stands_at_the_same_address_as_json(room: Room, paper: Path) -> None:
    answer = (await room(paper).client.get("/paper/-/story/paper/1.json?v=2")).json()
    assert answer["collection"] == "paper"
    assert answer["story"]["versions"] == 3
    assert answer["text"]["headline"] == "Ferry sails again, edition 2"
    assert answer["text"]["pictures"][0]["width"] == 320
    assert [one["n"] for one in answer["versions"]] == [3, 2, 1]
    assert {one["host"]: one["sightings"] for one in answer["mirrors"]} == {"www.a.example": 2, "mirror.a.example": 1}
    assert answer["comparison"]["older"] == 1
    assert {one["capture"]["version"] for one in answer["captures"]} == {1, 2, 3, None}


async def test_a_number_and_an_address_lead_to_the_story(room: Room, paper: Path) -> None:
    datasette = room(paper)
    for words in ("https://mirror.a.example/1", "https://www.a.example/1"):
        answer = await datasette.client.get(Addresses("/paper").story(words) + "?v=2")
        assert answer.status_code == 302
        assert answer.headers["location"] == "/paper/-/story/paper/1?v=2"


async def test_a_story_without_a_number_has_an_address_too(room: Room, paper: Path) -> None:
    assert "A page without a site file" in await page_of(room, paper, "web/https://b.example/a.json?x=1")
    answer = await room(paper).client.get(Addresses("/paper").story("web/https://b.example/a.json?x=1") + ".json")
    assert answer.json()["story"]["id"] == "web/https://b.example/a.json?x=1"


@pytest.mark.parametrize(
    ("address", "status"),
    [("paper/99", 404), ("nope", 404), ("paper/1?v=4", 404), ("paper/1?v=0", 400), ("paper/1?v=x", 400), ("paper/1?versions=9", 400),
     ("paper/1?captures=99999999999999999999", 400), ("paper/1?with=77", 400), ("paper/1?part=5", 400), ("%00", 404)],
)  # fmt: skip
async def test_what_is_not_there_is_told(room: Room, paper: Path, address: str, status: int) -> None:
    datasette = room(paper)
    answer = await datasette.client.get(f"/paper/-/story/{address}")
    assert answer.status_code == status
    assert "<h1>" in answer.text
    path, _, query = address.partition("?")
    answer = await datasette.client.get(f"/paper/-/story/{path}.json?{query}")
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_a_persian_text_runs_from_right_to_left(room: Room, paper: Path) -> None:
    found = Elements(await page_of(room, paper, "paper/2")).found
    assert ("div", {"class": "read", "lang": "fa", "dir": "rtl"}) in found
    assert ("html", {"lang": "en"}) in found


async def test_a_hostile_text_is_nothing_but_text(room: Room, paper: Path) -> None:
    page = await page_of(room, paper, "paper/3")
    for tag, attributes in Elements(page).found:
        assert tag not in ("script", "svg", "iframe", "object", "embed", "base", "style", "meta") or (tag == "meta" and "http-equiv" not in attributes)
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action"):
            assert not (attributes.get(name) or "").lower().strip().startswith(("javascript:", "data:", "vbscript:"))
        if tag == "img":
            assert (attributes["src"] or "").startswith("/paper/-/picture/")
    assert "alert(&#39;xss&#39;)" in page
    assert "49" not in page.partition("{{7*7}}")[0][-200:]
    assert "\x00" not in page
    assert "\x1b" not in page
    for place in re.finditer("\u202e", page):
        before = page[: place.start()]
        assert max(before.rfind("<bdi>"), before.rfind('dir="auto"')) > before.rfind("</bdi>"), page[place.start() - 200 : place.start()]
    title = page[page.index("<title>") : page.index("</title>")]
    assert "\u202e" not in title


async def test_a_hostile_text_is_whole_in_json(room: Room, paper: Path) -> None:
    answer = await room(paper).client.get("/paper/-/story/paper/3.json")
    assert answer.headers["content-type"].startswith("application/json")
    assert "<script>" in answer.json()["text"]["headline"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_headings_are_in_order_and_tables_have_captions(room: Room, paper: Path) -> None:
    page = await page_of(room, paper, "paper/1")
    levels = [int(tag[1]) for tag, _ in Elements(page).found if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    outside = page[page.index("</article>") :]
    assert outside.count("<caption>") + outside.count('class="diff"') == outside.count("<table")
    ids = [attributes["id"] for _, attributes in Elements(page).found if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.fixture(scope="module")
def long_story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One story with 500 versions and 10,000 captures, and a body of a megabyte."""
    from datetime import timedelta

    from exchange_makers import START
    from targets import made

    from crawler.items import Article, Block, Capture

    path = tmp_path_factory.mktemp("archives") / "paper"
    (path / "archive").mkdir(parents=True)
    with Index.open(path / "index.db") as index, index.atomic():
        for n in range(10_000):
            values = {
                "record_id": f"urn:uuid:{n:08d}", "url": "https://a.example/1", "host": "a.example", "site": "paper", "date": START + timedelta(minutes=n),
                "role": "story" if n < 500 else "requisite", "key": "paper/1", "warc": "x.warc.gz", "offset": 1000 * n, "length": 900, "status": 200,
                "mime": "text/html", "story": "paper/1",
            }  # fmt: skip
            shot = made(Capture, values)
            index.add_capture(shot)
            if n < 500:
                body = "word " * 20 if n < 499 else "A long sentence of words. " * 40_000
                blocks = (Block(kind="paragraph", text=body),)
                index.file_article(shot, Article(url="https://a.example/1", story="paper/1", headline=f"Edition {n}", blocks=blocks, language="en"))
    return path


@pytest.mark.slow
async def test_a_long_story_is_paged(room: Room, long_story: Path) -> None:
    datasette = room(long_story)
    for query in ("", "?v=250", "?versions=42", "?captures=400", "?part=18"):
        answer = await datasette.client.get(f"/paper/-/story/paper/1{query}")
        assert answer.status_code == 200
        assert len(answer.content) <= 100_000
        assert 'rel="next"' in answer.text or 'rel="prev"' in answer.text
    assert (await datasette.client.get("/paper/-/story/paper/1?captures=401")).status_code == 400


async def test_a_story_is_shown_in_a_plain_datasette_too(paper: Path) -> None:
    from datasette.app import Datasette

    from crawler.readingroom.server import reading_room

    reading_room([])
    answer = await Datasette([str(paper / "index.db")]).client.get("/index/-/story/paper/1")
    assert answer.status_code == 200
    assert 'src="/index/-/picture/' in answer.text
