"""The index deleted, overwritten, its log removed, its WARC cut: found out, made good, and nothing goes unsaid."""

from __future__ import annotations

import json
import random
import subprocess
import time
from pathlib import Path

import pytest
from newsroom import Newspaper, judge, write
from stands import Scrapy

from crawler.index.index import Index
from crawler.maintenance.verify import verify_collection


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of twelve pages."""
    folder = tmp_path_factory.mktemp("crawled")
    newspaper = Newspaper(folder, pages=12)
    out, err = newspaper.crawl().communicate(timeout=60)
    newspaper.close()
    assert "COMPLETE" in out, err
    return folder / "paper"


@pytest.fixture
def paper(crawled: Path, scrapy: Scrapy) -> Path:
    """A copy of it, to be spoilt."""
    scrapy.archives.mkdir()
    subprocess.run(["cp", "-a", str(crawled), str(scrapy.archives)], check=True)
    return scrapy.archives / "paper"


def facts(path: Path) -> list[tuple[object, ...]]:
    with Index.open(path / "index.db", readonly=True) as index:
        return [tuple(r) for r in index.query("SELECT record_id, payload_digest, warc, offset, length, state FROM captures ORDER BY 1")]


def test_nothing_to_mend(paper: Path, scrapy: Scrapy) -> None:
    assert "nothing to repair" in scrapy("repair", "paper").stdout


def test_index_deleted(paper: Path, scrapy: Scrapy) -> None:
    before = facts(paper)
    for file in paper.glob("index.db*"):
        file.unlink()
    done = scrapy("repair", "paper")
    assert "the index is missing" in done.stdout
    assert facts(paper) == before
    assert json.loads(scrapy("stats", "paper", "--json").stdout)["stories"] == 12
    scrapy("verify", "paper")


@pytest.mark.parametrize("how", ["pages", "head", "zeros"])
def test_index_overwritten(paper: Path, scrapy: Scrapy, how: str) -> None:
    before, file = facts(paper), paper / "index.db"
    data = bytearray(file.read_bytes())
    if how == "pages":
        dice = random.Random(7)
        for page in dice.sample(range(1, len(data) // 4096), len(data) // 4096 // 3):
            data[page * 4096 : (page + 1) * 4096] = dice.randbytes(4096)
    elif how == "head":
        data[:100] = b"x" * 100
    else:
        data = bytearray(len(data))
    file.write_bytes(data)
    scrapy("verify", "paper", exits=13)
    if how != "pages":
        refused = scrapy("crawl", "web", "-a", "seeds=http://paper.example/", "-s", "ARCHIVE_COLLECTION=paper", "-L", "WARNING", exits=1)
        assert "repair" in refused.stderr
    done = scrapy("repair", "paper")
    assert "moved to quarantine/index-" in done.stdout
    (aside,) = (paper / "quarantine").glob("index-*.db")
    assert aside.read_bytes()[4096:] == bytes(data)[4096:]
    assert facts(paper) == before
    scrapy("verify", "paper")


def test_log_removed_after_a_crash(tmp_path: Path) -> None:
    writer = write(tmp_path / "demo", 60, fault="commit:after=kill@25", max_bytes=60_000)
    told = set(writer.communicate(timeout=60)[0].split("\n")[:-1])
    assert len(told) > 10
    for name in ("index.db-wal", "index.db-shm"):
        (tmp_path / "demo" / name).unlink()
    assert judge(tmp_path / "demo", told) == []


def test_a_sealed_file_cut_short(paper: Path, scrapy: Scrapy) -> None:
    file = max((paper / "archive").glob("*.warc.gz"), key=lambda f: f.stat().st_size)
    with Index.open(paper / "index.db", readonly=True) as index:
        last = max(index.captures(warc=file.name), key=lambda c: c.offset)
    file.write_bytes(file.read_bytes()[: last.offset + 10])
    scrapy("verify", "paper", exits=13)
    done = scrapy("repair", "paper", unchecked="the file is not the one that was sealed, and warcs goes on saying so")
    assert "1 capture lies behind the end of their file: marked lost" in done.stdout
    with Index.open(paper / "index.db", readonly=True) as index:
        assert index.query("SELECT state FROM captures WHERE record_id = ?", [last.record_id])[0][0] == "lost"
        assert [row[0] for row in index.query("SELECT state FROM frontier WHERE key = ?", [last.key])] in (["queued"], [])
    file.rename(file.with_name("elsewhere"))
    done = scrapy("repair", "paper", exits=13)
    assert "which is not there: put it back" in done.stdout


def test_a_byte_flipped_in_the_middle(paper: Path, scrapy: Scrapy) -> None:
    file = max((paper / "archive").glob("*.warc.gz"), key=lambda f: f.stat().st_size)
    with Index.open(paper / "index.db", readonly=True) as index:
        captures = sorted(index.captures(warc=file.name), key=lambda c: c.offset)
    middle = captures[len(captures) // 2]
    data = bytearray(file.read_bytes())
    dice = random.Random(3)
    for at in dice.sample(range(middle.offset + 12, middle.offset + middle.length - 8), 5):
        spoilt = bytearray(data)
        spoilt[at] ^= 1 << dice.randrange(8)
        file.write_bytes(spoilt)
        report = json.loads(scrapy("verify", "paper", "--json", exits=13).stdout)
        faults = [f for one in report["files"] for f in one["faults"] if one["path"] == str(file)]
        assert any(f["offset"] == middle.offset for f in faults), (at, faults)
        assert len(file.read_bytes()) == len(data)


def test_repair_of_nothing(scrapy: Scrapy) -> None:
    assert "no collection 'nosuch'" in scrapy("repair", "nosuch", exits=1).stderr
    scrapy("repair", "a", "b", exits=2)


def test_nothing_is_blamed_while_a_crawl_writes(tmp_path: Path) -> None:
    path = tmp_path / "demo"
    writer = write(path, 500, max_bytes=100_000)
    while not (path / "index.db").exists() or not list((path / "archive").glob("*.gz")):
        time.sleep(0.01)
    looks, growing = 0, 0
    while writer.poll() is None:
        reports = verify_collection(path, lambda _: lambda _: None)
        if writer.poll() is None:
            looks, growing = looks + 1, growing + any(report.growing for report in reports)
            assert [f"{fault.path.name} {fault.offset}: {fault.what}" for report in reports for fault in report.faults] == []
    writer.communicate()
    assert looks
    assert growing
