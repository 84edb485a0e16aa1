"""`scrapy reread` on this machine: bad pages, dead processes, kills, signals, what is up to date."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest
from foreign_warcs import answer, record, story, write
from rereading_makers import harmful
from stands import Scrapy


@pytest.fixture
def scrapy(tmp_path: Path) -> Scrapy:
    return Scrapy(tmp_path / "archives")


def table(out: Path, name: str) -> list[tuple[Any, ...]]:
    """All rows of a table, in one order."""
    with duckdb.connect() as db:
        return sorted(db.execute(f"SELECT * FROM read_parquet('{out}/{name}/*.parquet')").fetchall(), key=repr)


def leftovers(out: Path) -> list[Path]:
    return list(out.rglob("*.tmp"))


def children(pid: int) -> list[int]:
    """Processes of the engine that a command has started."""
    words = subprocess.run(["pgrep", "-P", str(pid), "-f", "task_process"], capture_output=True, text=True, check=False).stdout
    return [int(word) for word in words.split()]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Four WARCs of 40 pages."""
    folder = tmp_path / "many"
    for n in range(4):
        write(folder / f"{n}.warc.gz", *(record(answer(story(f"ship {n} {at}")), f"/{n}/{at}", n=100 * n + at) for at in range(40)))
    return folder


def test_a_page_that_ends_its_process_or_takes_all_memory_costs_that_page_only(tmp_path: Path, scrapy: Scrapy) -> None:
    sites, warcs = harmful(tmp_path)
    settings = ("-s", f"ARCHIVE_SITES={sites}", "--workers", "2", "--json")
    done = json.loads(scrapy("reread", *map(str, warcs), "--out", str(tmp_path / "out"), *settings, exits=None).stdout)
    assert done["rows"]["captures"] == 6
    with duckdb.connect() as db:
        rows = db.execute(f"SELECT url_path, outcome, detail FROM read_parquet('{tmp_path}/out/captures/*.parquet') ORDER BY 1").fetchall()
    assert [row[1] for row in rows] == ["article", "unusable", "article", "unusable", "article", "article"]
    assert rows[1][2] == rows[3][2] == "reading took too much time or memory and was given up"
    assert done["exit_code"] == 10, "a third of the stories could not be read"
    assert [one["error"] for one in done["files"]] == [None] * 3


def test_what_is_up_to_date_is_not_read_again_and_what_has_changed_is(many: Path, tmp_path: Path, scrapy: Scrapy) -> None:
    out = tmp_path / "out"
    scrapy("reread", str(many), "--out", str(out))
    before = table(out, "captures")
    write(many / "0.warc.gz", record(answer(story("only one")), "/0/0", n=1))
    write(many / "2.warc.gz", *(record(answer(story(f"ship {at}")), f"/2/{at}", n=200 + at) for at in range(40)))
    done = scrapy("reread", str(many), "--out", str(out), "--workers", "1")
    assert "2 files up to date" in done.stdout
    assert "41 captures of 2 WARC files read, 41 articles" in done.stdout
    assert len(table(out, "captures")) == len(before) - 39
    assert "4 WARC files read" in scrapy("reread", str(many), "--out", str(out), "--again").stdout


def test_a_process_killed_in_the_middle_of_a_part_is_replaced(many: Path, tmp_path: Path, scrapy: Scrapy) -> None:
    out = tmp_path / "out"
    with scrapy.start("reread", str(many), "--out", str(out), "--workers", "1", "--json") as command:
        until = time.monotonic() + 120
        while not list((out / "captures").glob("0.warc.gz.parquet")) and time.monotonic() < until:
            time.sleep(0.02)
        killed = children(command.pid)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        written, errors = command.communicate(timeout=180)
    assert killed
    assert command.returncode == 0, errors
    assert json.loads(written)["rows"]["captures"] == 160
    assert len(table(out, "versions")) == 160
    assert leftovers(out) == []


def test_a_command_killed_at_any_point_and_run_again_gives_the_same_parts(many: Path, tmp_path: Path, scrapy: Scrapy, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    scrapy("reread", str(many), "--out", str(whole))
    for parts in (1, 3):
        with scrapy.start("reread", str(many), "--out", str(out), "--workers", "2") as command:
            until = time.monotonic() + 120
            while len(list((out / "versions").glob("*.parquet"))) < parts and time.monotonic() < until:
                time.sleep(0.01)
            command.kill()
            command.wait()
    for fault in ("reread:row=kill@3", "reread:replaced=kill@3"):
        monkeypatch.setenv("ARCHIVE_FAULT", fault)
        scrapy("reread", str(many), "--out", str(out), "--workers", "1", "--again", exits=10)
    monkeypatch.delenv("ARCHIVE_FAULT")
    scrapy("reread", str(many), "--out", str(out), "--workers", "2")
    for name in ("captures", "versions", "images", "links", "failures", "records"):
        assert table(out, name) == table(whole, name), name
    assert leftovers(out) == []


def test_a_signal_leaves_whole_parts_only_and_says_14(many: Path, tmp_path: Path, scrapy: Scrapy) -> None:
    out = tmp_path / "out"
    with scrapy.start("reread", str(many), "--out", str(out), "--workers", "1") as command:
        until = time.monotonic() + 120
        while not list((out / "captures").glob("*.parquet")) and time.monotonic() < until:
            time.sleep(0.02)
        command.send_signal(signal.SIGTERM)
        command.communicate(timeout=60)
    assert command.returncode == 14
    assert leftovers(out) == []
    assert 1 <= len(list((out / "captures").glob("*.parquet"))) <= 4
    assert len(table(out, "captures")) % 40 == 0


def test_damage_gives_what_is_readable_and_a_row_of_the_fault(many: Path, tmp_path: Path, scrapy: Scrapy) -> None:
    file = many / "1.warc.gz"
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    file.write_bytes(data)
    done = scrapy("reread", str(file), "--out", str(tmp_path / "out"), exits=13)
    assert "damaged: 1.warc.gz: offset" in done.stdout
    assert 30 <= len(table(tmp_path / "out", "captures")) < 40
    assert table(tmp_path / "out", "faults")
    assert "damaged" in scrapy("reread", str(file), "--out", str(tmp_path / "out"), exits=13).stdout, "told each time"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--out", "x"), 2, "name WARC files"), (("a.warc",), 2, "--out DIR"), (("a", "--out", "x", "--on", "spark"), 2, "must be local"),
        (("a", "--out", "x", "--workers", "0"), 2, "from 1 on"), (("nowhere", "--out", "x"), 1, "no WARC file"),
        (("http://a.example/b.warc.gz", "--out", "x"), 2, "no address of a store"),
    ],
)  # fmt: skip
def test_refusals(words: tuple[str, ...], code: int, told: str, scrapy: Scrapy) -> None:
    assert told in scrapy("reread", *words, exits=code).stderr


def test_a_file_that_is_no_web_archive_is_not_read_and_the_others_are(many: Path, tmp_path: Path, scrapy: Scrapy) -> None:
    (many / "odd.warc.gz").write_bytes(b"GIF89a")
    done = scrapy("reread", str(many), "--out", str(tmp_path / "out"), exits=10)
    assert "NOT read: " in done.stdout
    assert "odd.warc.gz: no WARC" in done.stdout
    assert len(table(tmp_path / "out", "captures")) == 160
