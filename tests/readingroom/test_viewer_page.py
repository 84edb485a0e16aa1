"""The way from the room to ReplayWeb.page, and the WACZ files that are made for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from foreign_warcs import answer, record, story, write
from stands import Scrapy

from crawler.playback.viewer import FILES, VERSION
from crawler.readingroom import viewer as module
from crawler.readingroom.viewer import WaczFiles

STORY = "web/http://courier.example/2024/02/20/1/bridge"


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One story, read out of another program's WARC."""
    folder = tmp_path_factory.mktemp("viewer")
    write(folder / "in.warc.gz", record(answer(story("the bridge")), "/2024/02/20/1/bridge"))
    scrapy = Scrapy(folder / "archives")
    scrapy("crawl", "replay", "-a", f"warcs={folder / 'in.warc.gz'}", "-a", "collection=others")
    return scrapy.archives / "others"


@pytest.fixture
def fetched(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).write_text(name)
    (tmp_path / "VERSION").write_text(VERSION)
    return tmp_path


async def shown(room: Callable[..., Any], collection: Path, viewer: Path, address: str, **options: Any) -> Any:
    return await got(room(collection, viewer=viewer, **options), "127.0.0.1", address)


async def got(datasette: Any, name: str, address: str, **headers: str) -> Any:
    return await datasette.client.get(address, headers={"host": f"{name}:8001", **headers})


async def test_a_story_is_linked_to_on_a_name_of_its_own(room: Callable[..., Any], collection: Path, fetched: Path) -> None:
    page = await shown(room, collection, fetched, f"/others/-/viewer.json?story={STORY}")
    data = page.json()
    assert page.status_code == 200, page.text
    assert data["open"].startswith("http://viewer.localhost:8001/page/others?story=web%2Fhttp")
    assert "date=2024-03-01" in data["open"]
    html = (await shown(room, collection, fetched, f"/others/-/viewer?story={STORY}")).text
    assert "Open in ReplayWeb.page" in html
    assert "scrapy export others --wacz" in html
    whole = (await shown(room, collection, fetched, "/others/-/viewer.json")).json()
    assert (whole["open"], whole["story"]) == ("http://viewer.localhost:8001/page/others", None)
    assert (await shown(room, collection, fetched, "/others/-/viewer?story=no/1")).status_code == 404


async def test_where_it_is_not_fetched_the_command_is_told(room: Callable[..., Any], collection: Path, tmp_path: Path) -> None:
    html = (await shown(room, collection, tmp_path / "none", "/others/-/viewer")).text
    assert "<code>scrapy viewer</code>" in html
    assert "viewer.localhost" not in html


async def test_from_another_machine_it_is_told_that_browsers_refuse(room: Callable[..., Any], collection: Path, fetched: Path) -> None:
    datasette = room(collection, viewer=fetched, host="0.0.0.0")
    html = (await got(datasette, "archive.example", "/others/-/viewer")).text
    assert "on the machine that serves it" in html
    assert (await got(datasette, "viewer.localhost", "/ui.js")).status_code == 404


async def test_a_large_collection_is_not_packed_while_one_waits(
    room: Callable[..., Any], collection: Path, fetched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    assert "too large" in (await shown(room, collection, fetched, "/others/-/viewer")).text
    answer = await shown(room, collection, fetched, "/others/-/front")
    assert answer.status_code == 200
    wacz = await got(room(collection, viewer=fetched), "viewer.localhost", "/wacz/others/all.wacz")
    assert (wacz.status_code, "scrapy export others --wacz" in wacz.text) == (404, True)


async def test_the_room_serves_scripts_and_wacz_on_that_name_only(room: Callable[..., Any], collection: Path, fetched: Path) -> None:
    datasette = room(collection, viewer=fetched)
    assert (await got(datasette, "viewer.localhost", "/ui.js")).text == "ui.js"
    assert (await got(datasette, "viewer.localhost", "/others/-/front")).status_code == 404
    assert (await got(datasette, "127.0.0.1", "/ui.js")).status_code == 404
    wacz = await got(datasette, "viewer.localhost", f"/wacz/others/story/{quote(STORY, safe='')}.wacz", range="bytes=0-3")
    assert (wacz.status_code, wacz.content) == (206, b"PK\x03\x04")


def test_a_file_is_made_once_and_stays_while_it_is_read(room: Callable[..., Any], collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = WaczFiles(room(collection))
    first = files("others", STORY)
    made = first.read_bytes()
    change = "UPDATE captures SET date = '2031-01-01T00:00:00.000000Z' WHERE id = (SELECT max(id) FROM captures)"
    with closing(sqlite3.connect(collection / "index.db")) as db, db:
        db.execute(change)
    try:
        assert files("others", STORY) == first
        assert first.read_bytes() == made
        monkeypatch.setattr(module, "IN_USE", -1.0)
        assert files("others", STORY) != first
    finally:
        with closing(sqlite3.connect(collection / "index.db")) as db, db:
            db.execute("UPDATE captures SET date = '2024-03-01T12:00:00.000000Z'")
    monkeypatch.setattr(module, "KEPT", 1)
    whole = files("others", None)
    assert [file.name for file in whole.parent.glob("*.wacz")].count(whole.name) == 1
    for wrong in (("nope", None), ("others", "no/1")):
        with pytest.raises(LookupError):
            files(*wrong)
