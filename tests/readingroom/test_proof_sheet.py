"""Proof sheets: sealed and open files, repeats, records that cannot be read, downloads."""

from __future__ import annotations

import asyncio
import gzip
import shutil
from pathlib import Path

import pytest
from exchange_makers import exchange, lease
from newspaper import newspaper
from rooms import Room
from small_collections import change

from crawler.collection.collection import Collection
from crawler.collection.layout import find_warc
from crawler.index.index import Index
from crawler.items import Capture
from crawler.roomframe.addresses import Addresses

TO = Addresses("/paper")


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newspaper(tmp_path_factory.mktemp("archives") / "paper")


def captures(path: Path, where: str = "1") -> list[Capture]:
    with Index.open(path / "index.db", readonly=True) as index:
        ids = [row[0] for row in index.query(f"SELECT record_id FROM captures WHERE {where} ORDER BY id")]
        return [found for one in ids if (found := index.capture(one))]


async def test_every_capture_has_a_sheet(room: Room, paper: Path) -> None:
    datasette = room(paper)
    for capture in captures(paper):
        page = await datasette.client.get(TO.proof(capture.record_id))
        assert page.status_code == 200
        assert len(page.content) < 100_000
        assert "measured just now: equal" in page.text
        assert "measured just now: sha1" not in page.text
        for words in (capture.record_id, f"offset {capture.offset}, {capture.length} bytes", "sha256sum", "dd if=archive/"):
            assert words in page.text
        sheet = (await datasette.client.get(TO.proof(capture.record_id) + ".json")).json()
        assert [one["type"] for one in sheet["own"]["records"]] == ["request", "metadata", capture.record_type]
        assert sheet["facts"]["warc"]["sha256"] == sheet["own"]["checks"][-1]["expected"]


async def test_a_repeat_shows_both_records(room: Room, paper: Path) -> None:
    (again,) = captures(paper, "record_type = 'revisit'")
    datasette = room(paper)
    sheet = (await datasette.client.get(TO.proof(again.record_id) + ".json")).json()
    assert sheet["own"]["records"][-1]["type"] == "revisit"
    assert sheet["original"]["records"][-1]["type"] == "response"
    assert sheet["original"]["record_id"] == again.revisit_of
    assert [one["step"] for one in sheet["original"]["checks"]] == ["cut", "head", "block", "payload", "file"]
    assert again.revisit_of is not None
    first = (await datasette.client.get(TO.proof(again.revisit_of) + ".json")).json()
    assert first["facts"]["repeated_by"] == [again.record_id]


async def test_the_record_comes_as_it_stands_in_the_file(room: Room, paper: Path) -> None:
    datasette = room(paper)
    for capture in captures(paper):
        answer = await datasette.client.get(TO.record(capture.record_id))
        assert answer.headers["content-type"] == "application/warc"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]
        file = find_warc(paper, capture.warc).read_bytes()
        assert answer.content == file[capture.offset : capture.offset + capture.length]
        assert gzip.decompress(answer.content).startswith(b"WARC/1.1")


async def test_a_file_that_is_still_written_is_said_to_be(room: Room, tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "paper")
    try:
        capture = await collection.record(exchange(1, b"<p>now"), lease(1))
        datasette = room(tmp_path / "paper")
        page = (await datasette.client.get(TO.proof(capture.record_id))).text
        assert "still being written" in page
        assert ".warc.gz.open" in page
        assert "sha256sum archive" not in page
        assert (await datasette.client.get(TO.record(capture.record_id))).status_code == 200
    finally:
        collection.close()
    assert "sha256sum archive" in (await datasette.client.get(TO.proof(capture.record_id))).text


async def test_what_cannot_be_read_is_told_beside_what_the_index_knows(room: Room, paper: Path, tmp_path: Path) -> None:
    path = Path(shutil.copytree(paper, tmp_path / "paper"))
    first, second, third, *_ = captures(path)
    file = find_warc(path, first.warc)
    data = bytearray(file.read_bytes())
    data[second.offset + 40 : second.offset + 60] = b"x" * 20
    file.write_bytes(data)
    change(path, f"UPDATE captures SET state = 'lost' WHERE record_id = '{third.record_id}'")
    datasette = room(path)
    assert "cannot be read" in (await datasette.client.get(TO.proof(second.record_id))).text
    assert "no WARC holds it any more" in (await datasette.client.get(TO.proof(third.record_id))).text
    file.write_bytes(data[: first.offset + 10])
    assert (await datasette.client.get(TO.record(first.record_id))).status_code == 500
    file.unlink()
    page = await datasette.client.get(TO.proof(first.record_id))
    assert page.status_code == 200
    assert "the WARC is not there" in page.text


async def test_tls_facts_and_a_change_of_a_byte_are_shown(room: Room, tmp_path: Path) -> None:
    path = tmp_path / "paper"
    collection = Collection.open(path)
    capture = await collection.record(exchange(1, b"<p>now"), lease(1))
    await asyncio.to_thread(collection.close)
    tls = '{"version": "TLSv1.3", "verified": false, "reason": "<b>self-signed", "subject": "CN=a.example", "new": 1}'
    change(path, f"UPDATE captures SET tls = '{tls}'", "UPDATE captures SET payload_digest = 'sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'")
    page = (await room(path).client.get(TO.proof(capture.record_id))).text
    for words in ("TLSv1.3", "CN=a.example", "&lt;b&gt;self-signed", "public logs of certificates"):
        assert words in page


async def test_the_last_check_of_a_replay_is_told(room: Room, paper: Path, tmp_path: Path) -> None:
    path = Path(shutil.copytree(paper, tmp_path / "paper"))
    (capture,) = captures(path, "story_id = 'paper/2'")
    for date, missing in (("2026-11-25T00:00:00.000000Z", 5), ("2026-11-26T00:00:00.000000Z", 1)):
        values = f"'{capture.record_id}', '{date}', {1 - missing / 10}, 0.5, 10, {10 - missing}, {missing}, 0, 0, 4, 4, 2, 0, 0, 1.5, '[]', '[]', 'Chromium 150', 'pywb'"
        change(path, f"INSERT INTO qa VALUES ({values})")
    datasette = room(path)
    page = (await datasette.client.get(TO.proof(capture.record_id))).text
    assert "9 of 10 resources came, 2 of 4 words could be read" in page
    assert "(checked: 50 %)" in (await datasette.client.get(TO.story("paper/2"))).text
