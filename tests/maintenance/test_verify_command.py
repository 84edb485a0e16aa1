"""`scrapy verify`, as typed, over a collection as a crawl leaves it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from scrapy import cmdline
from scrapy.utils.project import get_project_settings
from warc_makers import chunked, exchange, lease, warc_file, warc_record

from crawler.collection.collection import Collection

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A collection of three captures, one a revisit."""

    async def crawl() -> None:
        collection = Collection.open(tmp_path / "harbour")
        await collection.record(exchange(), lease())
        await collection.record(exchange(), lease())
        await collection.record(exchange(chunked(b"another page")), lease())
        collection.close()

    asyncio.run(crawl())
    return tmp_path / "harbour"


@pytest.fixture
def run(harbour: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "crawler.settings")

    def verify(*words: str | Path) -> tuple[int, str, str]:
        settings = get_project_settings()
        settings.set("ARCHIVE_DIR", str(harbour.parent), priority="cmdline")
        settings.set("COMMANDS_MODULE", "crawler.commands.verify", priority="cmdline")
        with pytest.raises(SystemExit) as ended:
            cmdline.execute(["scrapy", "verify", *map(str, words)], settings)
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return verify


def change(collection: Path, sql: str) -> None:
    with sqlite3.connect(collection / "index.db") as db:
        db.execute(sql)


def warc(collection: Path) -> Path:
    return next((collection / "archive").iterdir())


def test_a_sound_collection_is_well(run: Run, harbour: Path) -> None:
    code, out, err = run("harbour")
    assert (code, err) == (0, "")
    assert "no faults" in out
    assert "10 records" in out
    code, out, _ = run("--json", "harbour", warc(harbour))
    found = json.loads(out)
    assert (code, found["ok"], [file["records"] for file in found["files"]]) == (0, True, [10, 10, 3])


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("DELETE FROM captures WHERE revisit_of IS NOT NULL", "has no row in the index"),
        ("UPDATE captures SET offset = offset + 1 WHERE revisit_of IS NOT NULL", "the index has it at"),
        ("UPDATE captures SET payload_digest = 'sha1:x' WHERE revisit_of IS NOT NULL", "in the index sha1:x"),
        ("UPDATE captures SET record_id = 'urn:uuid:x' WHERE revisit_of IS NOT NULL", "the index has capture urn:uuid:x here"),
        ("UPDATE captures SET warc = 'gone.warc.gz'", "3 captures lie in gone.warc.gz, which is not there"),
        ("UPDATE warcs SET sha256 = 'x'", "not the one that was sealed"),
    ],
)
def test_index_and_files_are_compared_both_ways(run: Run, harbour: Path, sql: str, what: str) -> None:
    change(harbour, sql)
    code, out, _ = run("harbour")
    assert code == 13
    assert what in out


def test_damage_is_named_with_file_offset_and_advice(run: Run, harbour: Path) -> None:
    path = warc(harbour)
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    code, out, _ = run("--json", path)
    (file,) = json.loads(out)["files"]
    with sqlite3.connect(harbour / "index.db") as db:
        last = db.execute("SELECT max(offset) FROM captures").fetchone()[0]
    assert (code, [fault["offset"] for fault in file["faults"]]) == (13, [last])
    code, out, _ = run("harbour")
    assert code == 13
    assert f"offset {last}: bad gzip member: incorrect checksum found; put back this file from a copy" in out


def test_a_fault_of_the_index_has_no_offset(run: Run, harbour: Path) -> None:
    change(harbour, "UPDATE captures SET warc = 'gone.warc.gz'")
    _, out, _ = run("harbour")
    assert "\n    3 captures lie in gone.warc.gz, which is not there; `scrapy" in out


def test_an_index_that_is_gone_or_broken_is_damage_and_the_files_are_still_checked(run: Run, harbour: Path) -> None:
    (harbour / "index.db").write_bytes(b"not a database" * 1000)
    code, out, _ = run("harbour")
    assert code == 13
    assert "10 records" in out
    assert "scrapy reindex" in out


def test_a_single_file_is_not_blamed_for_what_lies_in_others(run: Run, harbour: Path, tmp_path: Path) -> None:
    whole = warc(harbour).read_bytes()
    with sqlite3.connect(harbour / "index.db") as db:
        (first,) = db.execute("SELECT offset + length FROM captures ORDER BY offset LIMIT 1").fetchone()
    (warcinfo,) = (whole[: whole.index(b"\x1f\x8b\x08", 3)],)
    part = tmp_path / "part.warc.gz"
    part.write_bytes(warcinfo + whole[first:])
    code, out, _ = run(part)
    assert code == 0, out
    assert "note: 1 revisits refer to records" in out


def test_bad_arguments_and_bad_files(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    (tmp_path / "folder").mkdir()
    assert run(text)[0] == 13
    for word in ("nothing.warc.gz", "nothing", tmp_path / "folder"):
        code, out, err = run(word)
        assert (code, out) == (1, "")
        assert len(err.splitlines()) == 1
    assert run("--nonsense", text)[0] == 2


def test_a_file_left_open_is_a_fault_and_one_being_written_is_not(run: Run, harbour: Path) -> None:
    path = warc(harbour)
    path.rename(path.with_name(path.name + ".open"))
    code, out, _ = run("harbour")
    assert code == 13
    assert "left open by a crash; the next crawl of the collection, or `scrapy repair`, mends" in out
    collection = Collection.open(harbour)
    asyncio.run(collection.record(exchange(chunked(b"third page")), lease()))
    code, out, _ = run("harbour")
    collection.close()
    assert code == 0, out
    assert "note: being written" in out


def test_a_file_that_another_writer_left_with_the_name_of_an_open_one_is_sound(run: Run, tmp_path: Path) -> None:
    path = warc_file(tmp_path / "x.warc.gz.open", warc_record("response", b"HTTP/1.1 200 OK\r\n\r\n<p>hi"))
    code, out, _ = run(path)
    assert (code, "note: 1 file without warcinfo first" in out) == (0, True)
    code, out, _ = run("--strict", path)
    assert (code, "unusual, not damaged" in out) == (13, True)
