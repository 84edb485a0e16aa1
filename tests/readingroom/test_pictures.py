"""Archived pictures: shown by their bytes, with limits, never as a page."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from newspaper import HTML, SVG, newspaper, png
from rooms import Room
from small_collections import change

from crawler.index.index import Index
from crawler.readingroom import archived, pictures
from crawler.readingroom.picture_size import picture_size, picture_type


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
    import shutil

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
    import shutil

    path = Path(shutil.copytree(paper, tmp_path / "paper"))
    again = record_of(path, "again.png")
    change(path, "UPDATE captures SET revisit_of = NULL WHERE record_type = 'revisit'")
    answer = await room(path).client.get(f"/paper/-/picture/{again}")
    assert answer.status_code == 404
    assert "does not hold" in answer.text


async def test_a_picture_beyond_the_limit_is_cut(room: Room, paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archived, "MOST_BYTES", 100)
    monkeypatch.setattr(archived.entity_of, "__kwdefaults__", {"limit": 100})
    answer = await room(paper).client.get(f"/paper/-/picture/{record_of(paper, 'quay.png')}")
    assert len(answer.content) == 100


def test_sizes_are_read_once(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Index.open(paper / "index.db", readonly=True) as index:
        record = f"urn:uuid:{record_of(paper, 'quay.png')}"
        assert pictures.looked_at(index, paper, record).size == (320, 200)
        monkeypatch.setattr(pictures, "entity_of", None)
        assert pictures.looked_at(index, paper, record).size == (320, 200)


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xff\xc0\x00\x11\x08\x00\xc8\x01\x40\x03\x01\x22\x00\x02\x11\x01"
VP8X = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + (319).to_bytes(3, "little") + (199).to_bytes(3, "little")
VP8 = b"RIFF\x00\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 320, 200)
VP8L = b"RIFF\x00\x00\x00\x00WEBPVP8L\x0a\x00\x00\x00\x2f" + (319 | 199 << 14).to_bytes(4, "little")
AVIF = b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00" + b"ispe\x00\x00\x00\x00" + struct.pack(">II", 32, 20) + b"ispe\x00\x00\x00\x00" + struct.pack(">II", 320, 200)
BMP = b"BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00" + struct.pack("<ii", 320, -200)
OLD_BMP = b"BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x0c\x00\x00\x00" + struct.pack("<HH", 320, 200)


@pytest.mark.parametrize(
    "data", [png(320, 200), b"GIF89a" + struct.pack("<HH", 320, 200) + b"\0\0", JPEG, VP8X, VP8, VP8L, AVIF, BMP, OLD_BMP],
    ids=["png", "gif", "jpeg", "vp8x", "vp8", "vp8l", "avif", "bmp", "bmp of OS/2"],
)  # fmt: skip
def test_the_head_of_a_file_tells_its_size(data: bytes) -> None:
    assert picture_size(data) == (320, 200)
    for end in range(len(data)):
        assert picture_size(data[:end]) in (None, (320, 200), (32, 20))


def test_an_icon_of_the_largest_size_says_zero() -> None:
    assert picture_size(b"\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00") == (256, 256)


@pytest.mark.parametrize("data", [b"", HTML, SVG, b"\xff\xd8\xff\xd8\xff\xd9", png(0, 5), b"\x89PNG\r\n\x1a\n" + b"x" * 20, png(1, 1)[:16] + b"\xff" * 8])
def test_a_head_that_makes_no_sense_tells_none(data: bytes) -> None:
    assert picture_size(data) is None


def test_pillow_finds_the_same_sizes() -> None:
    from io import BytesIO

    from PIL import Image

    picture = Image.new("RGB", (37, 23), (200, 10, 10))
    for kind in ("png", "gif", "jpeg", "webp", "avif", "bmp"):
        out = BytesIO()
        try:
            picture.save(out, kind)
        except (KeyError, OSError, ValueError):
            continue
        assert picture_size(out.getvalue()) == (37, 23), kind
        assert picture_type(out.getvalue()) == f"image/{kind}"
