"""Archived pictures: shown by their bytes, with limits, never as a page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from newspaper import newspaper
from pictures_made import HTML, SVG, png
from rooms import Room
from small_collections import change

from crawler.index.index import Index
from crawler.readingroom import pictures


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newspaper(tmp_path_factory.mktemp("archives") / "paper")


def record_of(path: Path, name: str) -> str:
    with Index.open(path / "index.db", readonly=True) as index:
        return str(index.query("SELECT record_id FROM captures WHERE key = ?", [name])[0][0]).rpartition(":")[2]


@pytest.mark.parametrize(
    ("name", "size"), [("quay.png", (320, 200)), ("zipped.png", (64, 48)), ("lies.jpg", (30, 20)), ("again.png", (320, 200))]
)
async def test_a_picture_is_what_its_bytes_are(room: Room, paper: Path, name: str, size: tuple[int, int]) -> None:
    answer = await room(paper).client.get(f"/paper/-/picture/{record_of(paper, name)}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.content == png(*size)
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_a_picture_that_the_browser_has_is_not_sent_again(room: Room, paper: Path) -> None:
    datasette, address = room(paper), f"/paper/-/picture/{record_of(paper, 'quay.png')}"
    etag = (await datasette.client.get(address)).headers["etag"]
    again = await datasette.client.get(address, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_drawing_is_a_download_only(room: Room, paper: Path) -> None:
    answer = await room(paper).client.get(f"/paper/-/picture/{record_of(paper, 'drawing.svg')}")
    assert answer.status_code == 200
    assert answer.content == SVG
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_page_is_never_sent_as_a_picture(room: Room, paper: Path) -> None:
    answer = await room(paper).client.get(f"/paper/-/picture/{record_of(paper, 'page.jpg')}")
    assert answer.status_code == 404
    assert HTML not in answer.content
    assert "text/html" in answer.text


@pytest.mark.parametrize("name", ["00000000-0000-0000-0000-000000000000", "x", "~2E~2E~2Fetc~2Fpasswd", "%3Cscript%3E"])
async def test_no_such_capture_is_a_page_that_says_so(room: Room, paper: Path, name: str) -> None:
    answer = await room(paper).client.get(f"/paper/-/picture/{name}")
    assert answer.status_code == 404
    assert "<script>" not in answer.text


async def test_a_picture_without_its_file_is_a_placeholder(room: Room, tmp_path: Path, paper: Path) -> None:
    path = Path(shutil.copytree(paper, tmp_path / "paper"))
    for file in (path / "archive").iterdir():
        file.rename(file.with_name(f"{file.name}.away"))
    datasette = room(path)
    answer = await datasette.client.get(f"/paper/-/picture/{record_of(path, 'quay.png')}")
    assert answer.status_code == 500
    assert "not there" in answer.text
    page = (await datasette.client.get("/paper/-/story/paper/1")).text
    assert "<img" not in page
    assert page.count('class="missing"') == 7
    for file in (path / "archive").iterdir():
        file.rename(file.with_name(file.name.removesuffix(".away")))
    assert "<img" in (await datasette.client.get("/paper/-/story/paper/1")).text, "what was missing is back"


async def test_a_repeat_whose_original_is_lost_is_told(room: Room, tmp_path: Path, paper: Path) -> None:
    path = Path(shutil.copytree(paper, tmp_path / "paper"))
    again = record_of(path, "again.png")
    change(path, "UPDATE captures SET revisit_of = NULL WHERE record_type = 'revisit'")
    answer = await room(path).client.get(f"/paper/-/picture/{again}")
    assert answer.status_code == 404
    assert "does not hold" in answer.text


async def test_a_picture_beyond_the_limit_is_cut(room: Room, paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures.entity_of, "__kwdefaults__", {"limit": 100})
    answer = await room(paper).client.get(f"/paper/-/picture/{record_of(paper, 'quay.png')}")
    assert len(answer.content) == 100


def test_sizes_are_read_once(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Index.open(paper / "index.db", readonly=True) as index:
        record = f"urn:uuid:{record_of(paper, 'quay.png')}"
        assert pictures.looked_at(index, paper, record).size == (320, 200)
        monkeypatch.setattr(pictures, "entity_of", None)
        assert pictures.looked_at(index, paper, record).size == (320, 200)
