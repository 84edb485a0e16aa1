"""kill -9 anywhere: what was acknowledged is there, every record has its row, every row its record, and nothing stays open."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from newsroom import Newspaper, Tear, committed, judge, write

from crawler.collection.collection import Collection
from crawler.failpoints import POINTS
from crawler.warc.gzip_members import members
from crawler.warc.records import Fault, scan

IN_A_WRITER = [p for p in POINTS if p.partition(":")[0] in ("create", "append", "sync", "commit", "acknowledge", "seal")]
IN_A_RECOVERY = [p for p in POINTS if p.startswith("recover")]
IN_A_CRAWL = ["read:after", "found:after", "filed:after", "settled:after", "resume:before", "resume:read"]
IN_A_REBUILD = [p for p in POINTS if p.startswith("rebuild")]
IN_AN_UPLOAD = [p for p in POINTS if p.startswith("upload")]  # see test_uploads.py
IN_A_GATHERING = [p for p in POINTS if p.startswith("gather")]  # see tests/gathering/test_gather_demo.py
IN_A_REREADING = [p for p in POINTS if p.startswith("reread")]  # see tests/rereading/test_reread_processes.py
IN_AN_UPDATE = [p for p in POINTS if p.startswith("migrate")]  # an old index is killed there in tests/schema/test_old_indexes.py


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Newspaper]:
    newspaper = Newspaper(tmp_path, pages=12)
    yield newspaper
    newspaper.close()


def acknowledged(writer: subprocess.Popen[str]) -> set[str]:
    """What the writer was told is on disk; a line that was cut short by the kill is no word."""
    out, err = writer.communicate(timeout=60)
    assert writer.returncode == -signal.SIGKILL, f"it came through without meeting the fault\n{err[-2000:]}"
    return {line for line in out.split("\n")[:-1] if line}


def test_every_point_is_met_by_some_test() -> None:
    elsewhere = IN_AN_UPDATE + IN_AN_UPLOAD + IN_A_GATHERING + IN_A_REREADING
    assert set(IN_A_WRITER + IN_A_RECOVERY + IN_A_CRAWL + IN_A_REBUILD + elsewhere) == set(POINTS)


@pytest.mark.parametrize("point", IN_A_WRITER)
def test_killed_at_every_step_of_writing(tmp_path: Path, point: str) -> None:
    # Six are written at once, and one exchange may pass a point three times: by the 30th append something has been told.
    nth = 2 if point.startswith(("create", "seal")) else 30 if point.startswith("append") else 9
    told = acknowledged(write(tmp_path / "demo", 60, fault=f"{point}=kill@{nth}"))
    assert told or nth == 2
    assert judge(tmp_path / "demo", told) == []


@pytest.mark.parametrize("point", IN_A_RECOVERY)
def test_killed_at_every_step_of_recovery_and_again(tmp_path: Path, point: str) -> None:
    path = tmp_path / "demo"
    told = acknowledged(write(path, 60, fault="append:middle=kill@50", max_bytes=10**9))
    assert told
    for _ in range(2):
        # The second time there may be nothing left to do at that point.
        writer = write(path, 0, fault=f"{point}=kill")
        writer.communicate(timeout=60)
        assert writer.returncode in (-signal.SIGKILL, 0, 1)
    assert judge(path, told) == []


def test_killed_fifty_times_while_mending(tmp_path: Path) -> None:
    """At any moment, not only at the points; a few of them end in the last instructions of a mending that is done."""
    path, crashed = tmp_path / "demo", tmp_path / "crashed"
    told = acknowledged(write(crashed, 60, fault="append:middle=kill@90", max_bytes=20_000))
    assert len(told) > 10
    dice, kills, times, began = random.Random(2), 0, 0, time.monotonic()
    while kills < 50:
        if not list((path / "archive").glob("*.open")):
            # It came to its end: from the beginning again.
            shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(crashed, path)
        times += 1
        child = os.fork()
        if not child:
            Collection.open(path)
            os._exit(0)
        time.sleep(dice.uniform(0.001, 0.03))
        os.kill(child, signal.SIGKILL)
        kills += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        if times % 10 == 0:
            shutil.copytree(path, tmp_path / "copy")
            assert judge(tmp_path / "copy", told) == []
            shutil.rmtree(tmp_path / "copy")
        assert time.monotonic() - began < 120
    assert judge(path, told) == []


@pytest.mark.parametrize("what", ["empty", "warcinfo only", "half a warcinfo"])
def test_an_open_file_that_holds_no_capture(tmp_path: Path, what: str) -> None:
    path = tmp_path / "demo"
    told = acknowledged(write(path, 20, fault="seal:before=kill", max_bytes=10**9))
    (file,) = (path / "archive").glob("*.open")
    with file.open("rb") as source:
        length = next(members(source)).length
    data = file.read_bytes()[: {"empty": 0, "warcinfo only": length, "half a warcinfo": length // 2}[what]]
    other = file.with_name(file.name.replace("-00001-", "-00002-"))
    other.write_bytes(data)
    with closing(Collection.open(path)) as collection:
        assert [one.name for one in collection.recovered] == sorted(f.name.removesuffix(".open") for f in (file, other))
    assert judge(path, told) == []
    kept = [*(path / "archive").iterdir(), *(path / "quarantine").iterdir()]
    assert data in [one.read_bytes() for one in kept], "nothing is deleted"


def killed(paper: Newspaper, fault: str) -> None:
    """Crawl until a fault kills it, as each of these must, and look at a copy of what it left.

    Nothing that the collection held when it was killed may be asked for again, the seed aside: what was in flight may, as it was lost.
    """
    held = paper.held() if (paper.collection / "index.db").exists() else set()
    asked = len(paper.asked())
    crawl = paper.crawl(at_once=2, fault=fault)
    _, err = crawl.communicate(timeout=60)
    assert crawl.returncode == -signal.SIGKILL, f"it came through without meeting {fault}\n{err[-2000:]}"
    copy = paper.folder / "copy"
    shutil.copytree(paper.collection, copy)
    assert judge(copy) == []
    shutil.rmtree(copy)
    assert not (held - {"/"}).intersection(paper.asked()[asked:])


def gone_on_with(paper: Newspaper, *, more: int) -> None:
    """Crawl to the end: all is there, and beyond each page once no more was asked for than that."""
    held, asked = paper.held() - {"/"}, len(paper.asked())
    crawl = paper.crawl(at_once=2)
    out, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 0, out + err
    assert paper.held() == paper.wanted()
    assert not held.intersection(paper.asked()[asked:])
    assert len(paper.asked()) <= paper.pages + more
    assert judge(paper.collection, again=False) == []


def test_killed_between_reading_a_page_and_its_end_no_link_is_lost(paper: Newspaper) -> None:
    """At each step once, one after the other; what was captured is read from the WARC, only the seed and what was in flight are asked for."""
    for point in IN_A_CRAWL[:4]:
        killed(paper, f"{point}=kill")
    gone_on_with(paper, more=paper.asked().count("/") + 4 * 2)


def test_killed_while_reading_what_was_left_over(paper: Newspaper) -> None:
    for fault in ("found:after=kill@2", *(f"{point}=kill" for point in IN_A_CRAWL[4:])):
        killed(paper, fault)
    gone_on_with(paper, more=3 * 2)


def test_killed_while_the_index_is_made_anew(paper: Newspaper) -> None:
    paper.crawl().communicate(timeout=60)
    (paper.collection / "index.db").unlink()
    for point in IN_A_REBUILD:
        killed(paper, f"{point}=kill")
    gone_on_with(paper, more=2)


def test_killed_at_random_moments_of_a_crawl_until_it_is_done(tmp_path: Path) -> None:
    """The lean version; `python tests/durability/full.py kills` does it two hundred times."""
    dice = random.Random(4)
    newspaper = Newspaper(tmp_path, pages=60)
    try:
        for pages in (4, 25, 20):
            assert newspaper.kill(newspaper.crawl(), pages, dice.uniform(0, 0.05))
            assert judge(newspaper.collection, committed(newspaper.collection)) == []
        last = newspaper.crawl()
        out, err = last.communicate(timeout=60)
        assert last.returncode == 0, out + err
        assert newspaper.held() == newspaper.wanted()
        pages = [page for page in newspaper.asked() if page != "/"]
        assert len(pages) - len(set(pages)) <= 3 * 8, "at most those in flight are asked for again"
        assert judge(newspaper.collection, again=False) == []
    finally:
        newspaper.close()


def test_a_tail_torn_at_every_byte_of_the_last_member(tmp_path: Path) -> None:
    """Every byte by the walk, every 397th by opening the whole collection; `full.py torn` opens it at each."""
    path = tmp_path / "demo"
    acknowledged(write(path, 3, max_bytes=10**9, fault="seal:before=kill"))
    tear = Tear(path)
    for at in range(tear.last.offset + 1, tear.last.offset + tear.last.length):
        tear.file.write_bytes(tear.whole[:at])
        assert [type(found) for found in scan(tear.file, start=tear.last.offset)] == [Fault], at
    for at in range(tear.last.offset + 1, tear.last.offset + tear.last.length, 397):
        assert tear.at(at) == []
