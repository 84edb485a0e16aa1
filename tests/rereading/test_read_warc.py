"""The function that reads one WARC: what it imports, forms of files, order, memory."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from foreign_warcs import HEAD, SAME, answer, record, revisit, sha1, story, uid, write
from pyarrow import parquet
from rereading_makers import parts_of
from stands import ROOT
from warc_makers import zst

from crawler.errors import CollectionLocked
from crawler.rereading import parts
from crawler.rereading.parts import held, remove_leftovers
from crawler.rereading.places import places_of
from crawler.rereading.read_warc import Tally, close_readers, read_warc

HEAVY = ("scrapy", "twisted", "sqlite3", "sqlite_utils", "crawler.index.index", "crawler.index.connection", "pyarrow", "boto3", "distributed", "ray")


@pytest.fixture(autouse=True)
def _closed() -> object:
    yield
    close_readers()


def test_the_module_has_neither_scrapy_nor_an_index() -> None:
    code = f"import sys, crawler.rereading.read_warc; print([name for name in {HEAVY!r} if name in sys.modules])"
    plain = {name: value for name, value in os.environ.items() if name != "COVERAGE_PROCESS_START"}  # what measures coverage imports sqlite3
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=plain).stdout.strip() == "[]"


def test_a_warc_by_itself_with_its_own_revisits(tmp_path: Path) -> None:
    body = story("the old pier")
    file = write(
        tmp_path / "a.warc.gz", record(answer(body), "/pier", f"WARC-Payload-Digest: {sha1(body)}", n=1),
        revisit(2, "/again", SAME, f"WARC-Refers-To: <{uid(1)}>"), revisit(3, "/elsewhere", SAME, f"WARC-Refers-To: <{uid(77)}>"),
    )  # fmt: skip
    tally = Tally()
    rows = list(read_warc(file, tally=tally))
    assert Counter(row.table for row in rows)["versions"] == 2
    captures = {row.values["record_id"]: row.values for row in rows if row.table == "captures"}
    assert captures[uid(2)]["revisit_of"] == uid(1)
    assert captures[uid(3)]["read_state"] == "unreadable"
    assert [row.values["told_by"] for row in rows if row.table == "failures"] == ["revisit"]
    assert tally.faults == []


@pytest.mark.parametrize("form", ["warc", "warc.gz", "warc.zst", "one-member.warc.gz", "arc"])
def test_forms_of_files(tmp_path: Path, form: str) -> None:
    records = [record(answer(story(f"ship {n}")), f"/{n}", n=n) for n in (1, 2)]
    file = tmp_path / f"a.{form}"
    if form == "arc":
        head = b"filedesc://a.arc 0.0.0.0 20240301120000 text/plain 69\n1 0 crawler\nURL IP-address Archive-date Content-type Archive-length\n\n"
        blocks = [answer(story(f"ship {n}")) for n in (1, 2)]
        lines = [b"http://courier.example/%d 1.2.3.4 20240301120000 text/html %d\n" % (n, len(block)) for n, block in enumerate(blocks, 1)]
        file.write_bytes(head + b"".join(line + block + b"\n" for line, block in zip(lines, blocks, strict=True)))
    elif form == "warc.zst":
        file.write_bytes(zst(*records))
    elif form == "one-member.warc.gz":
        file.write_bytes(gzip.compress(b"".join(records)))
    else:
        file.write_bytes(b"".join(gzip.compress(one) if form == "warc.gz" else one for one in records))
    rows = [row for row in read_warc(file) if row.table == "versions"]
    assert [row.values["headline"] for row in rows] == ["ship 1", "ship 2"]


def test_captures_are_sorted_through_files_and_begin_with_common_crawls_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_GROUP_ROWS", 3)
    file = write(tmp_path / "a.warc.gz", *(record(answer(b"x", HEAD), f"/{(7 * n) % 10}", n=n) for n in range(1, 11)))
    parts_of([file], tmp_path / "out")
    table = parquet.read_table(tmp_path / "out" / "captures" / "a.warc.gz.parquet")
    keys = table.column("url_surtkey").to_pylist()
    assert keys == sorted(keys)
    assert len(keys) == 10
    assert table.column_names[:2] == ["url_surtkey", "url"]
    assert {"fetch_time", "fetch_status", "content_digest", "warc_filename", "warc_record_offset", "warc_record_length"} <= set(table.column_names)
    assert list((tmp_path / "out").rglob("*.tmp")) == []


def test_files_of_one_name_get_parts_of_their_own(tmp_path: Path) -> None:
    for folder in ("x", "y"):
        write(tmp_path / folder / "a.warc.gz", record(answer(story(folder)), f"/{folder}", n=1))
    places, left_out = places_of([str(tmp_path / "x"), str(tmp_path / "y"), str(tmp_path / "nothing*")], tmp_path)
    assert len({place.name for place in places}) == 2
    assert len(left_out) == 1


def test_two_calls_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(CollectionLocked), held(tmp_path):
        pass
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / ".a.1.tmp").touch()
    remove_leftovers(tmp_path)
    assert list((tmp_path / "captures").iterdir()) == []


def test_the_questions_of_the_docs_can_be_asked(tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.warc.gz", *(record(answer(story(title)), f"/{at}", n=n) for n, (at, title) in enumerate([(1, "a"), (1, "b"), (2, "a")], 1)),
        revisit(9, "/nowhere", SAME, f"WARC-Refers-To: <{uid(77)}>"),
    )  # fmt: skip
    parts_of([file], tmp_path / "parts")
    text = (ROOT / "docs" / "reread-at-scale.md").read_text().partition("## Asking the parts")[2].partition("\n## ")[0]
    asked = [one for one in text.replace("'parts/", f"'{tmp_path}/parts/").split(";") if "SELECT" in one]
    statements = ["\n".join(line for line in one.splitlines() if line.startswith("    ")) for one in asked]
    with duckdb.connect() as db:
        versions, credits, failures = (db.execute(one).fetchall() for one in statements)
    assert [(row[3], row[4]) for row in versions if "courier" in row[0]] == [(1, "a"), (1, "b"), (1, "a")]
    assert credits == []
    assert failures == [("no-original", "revisit", 1)]


def test_a_record_that_names_the_digest_of_another_page_is_read_from_its_bytes(tmp_path: Path) -> None:
    named = f"WARC-Payload-Digest: {sha1(story('the old pier'))}"
    file = write(
        tmp_path / "a.warc.gz", record(answer(story("the old pier")), "/pier", named, n=1),
        record(answer(story("a boat")), "/pier", named, n=2, date="2024-03-05T09:00:00Z"),
    )  # fmt: skip
    assert [row.values["headline"] for row in read_warc(file) if row.table == "versions"] == ["the old pier", "a boat"]
