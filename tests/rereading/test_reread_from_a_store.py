"""WARCs of an S3-compatible store are re-read as those on a disk, revisits between objects included."""

from __future__ import annotations

from pathlib import Path

import pytest
from foreign_warcs import SAME, answer, record, revisit, sha1, story, uid, write
from pyarrow import parquet
from rereading_makers import parts_of
from s3_store import Store
from stands import Scrapy

BODY = story("the old pier")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    digest = f"WARC-Payload-Digest: {sha1(BODY)}"
    first = write(tmp_path / "b.warc.gz", record(answer(BODY), "/pier", digest, n=1), record(answer(story("a boat")), "/boat", n=2))
    again = write(tmp_path / "a.warc.gz", revisit(11, "/pier", SAME, f"WARC-Refers-To: <{uid(1)}>", digest))
    return [first, again]


def test_a_prefix_is_read_as_the_files_are(files: list[Path], store: Store, tmp_path: Path) -> None:
    for file in files:
        store.put(f"shelf/archive/{file.name}", file.read_bytes())
    store.put("shelf/archive/notes.txt", b"no WARC")
    parts_of(files, tmp_path / "disk")
    result = parts_of(["s3://news/shelf"], tmp_path / "parts")
    assert [one["exit_code"] for one in result.results] == [0, 0]
    for table in ("captures", "versions", "links", "failures", "records"):
        for file in files:
            disk, read = (parquet.read_table(tmp_path / where / table / f"{file.name}.parquet") for where in ("disk", "parts"))
            assert read.to_pylist() == disk.to_pylist(), (table, file.name)
    assert parquet.read_table(tmp_path / "parts" / "versions" / "a.warc.gz.parquet").num_rows == 1


def test_what_has_not_changed_is_not_read_again(files: list[Path], store: Store, tmp_path: Path) -> None:
    where = [store.put(f"shelf/{file.name}", file.read_bytes()) for file in files]
    parts_of(where, tmp_path / "parts")
    assert [one["skipped"] for one in parts_of(where, tmp_path / "parts").results] == [True, True]
    store.put("shelf/b.warc.gz", write(tmp_path / "c.warc.gz", record(answer(story("other")), "/x", n=5)).read_bytes())
    assert [one["skipped"] for one in parts_of(where, tmp_path / "parts").results] == [False, False], "an original is away"


def test_a_store_that_is_not_there_is_told_by_exit_code_15(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    done = Scrapy(tmp_path / "archives")("reread", "s3://news/a.warc.gz", "--out", str(tmp_path / "out"), exits=15)
    assert "cannot be reached" in done.stdout + done.stderr
