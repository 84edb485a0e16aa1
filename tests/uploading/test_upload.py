"""Sealed WARCs go to the store whole, are read back, and only then leave the disk."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from exchange_makers import exchange, lease
from s3_store import KEY_ID, SECRET, Spoiled, Store
from small_collections import change, twelve, warc_of
from typed_commands import Answer, Typed, typed

from crawler.collection.collection import Collection
from crawler.errors import Damaged, SetupError, Unreachable, Usage, WriteFailed
from crawler.storage import putting
from crawler.uploading import upload as uploads
from crawler.uploading.upload import AtRest, Upload, gravest
from crawler.uploading.uploader import Uploader, check_settings

__all__ = ["typed"]
SHELF = "s3://news/shelf"
SITE = """from crawler.sites.site import Feed, Mirror, Site
SITE = Site(
    name="demo", title="Demo", language="en", mirrors=(Mirror("a.example"),), stories=(r"^/(?P<id>[0-9]+)$",),
    seeds=(Feed("/rss.xml"),), templates=(),
)
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.storage.reading._WAIT_SECONDS", 0.0)
    monkeypatch.setattr("crawler.storage.client.ATTEMPTS", 1)
    monkeypatch.setattr("crawler.uploading.uploader.FIRST_WAIT", 0.05)
    monkeypatch.setattr("crawler.uploading.uploader._LOOK_SECONDS", 0.02)


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    return twelve(tmp_path / "twelve")


def row(path: Path) -> tuple[str | None, str | None]:
    with closing(sqlite3.connect(path / "index.db")) as db:
        found: tuple[str | None, str | None] = db.execute("SELECT safety, address FROM warcs").fetchone()
    return found


def all_of(upload: Upload) -> list[str]:
    return [one.name for one in upload.some(at_once=True)]


def test_a_warc_goes_up_with_its_index_and_its_proofs_and_each_step_is_told(collection: Path, store: Store) -> None:
    file, steps = warc_of(collection), list[tuple[str, str, str]]()
    upload = Upload(AtRest(collection), SHELF, told=lambda *step: steps.append(step))
    assert all_of(upload) == [file.name]
    upload.beside()
    where = f"{SHELF}/twelve/archive/{file.name}"
    assert steps == [(file.name, "stored", where), (file.name, "verified", where)]
    assert row(collection) == ("verified", where)
    assert store.get(f"shelf/twelve/archive/{file.name}") == file.read_bytes()
    lines = file.name.removesuffix(".warc.gz") + ".cdxj"
    assert set(store.keys()) >= {
        f"shelf/twelve/archive/{file.name}", f"shelf/twelve/indexes/{lines}", "shelf/twelve/manifest-sha256.txt",
        "shelf/twelve/proofs/chain.txt", "shelf/twelve/metadata.yaml",
    }  # fmt: skip
    assert all_of(upload) == []
    assert file.exists()


def test_the_sha256_and_the_condition_are_sent_in_one_put(collection: Path, spoiled: Store) -> None:
    seen: list[dict[str, str]] = []

    def note(method: str, path: str, headers: dict[str, str]) -> Spoiled | None:
        if method == "PUT" and "/archive/" in path:
            seen.append({name.lower(): value for name, value in headers.items()})
        return None

    spoiled.spoil = note
    all_of(Upload(AtRest(collection), SHELF))
    (put,) = seen
    import base64

    digest = hashlib.sha256(warc_of(collection).read_bytes()).digest()
    assert put["x-amz-checksum-sha256"] == base64.b64encode(digest).decode()
    assert put["if-none-match"] == "*"
    assert put["content-length"] == str(warc_of(collection).stat().st_size)


def test_a_store_without_conditional_puts_is_asked_before(collection: Path, spoiled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(putting, "_unconditional", set())
    spoiled.spoil = lambda method, path, headers: Spoiled(status=501) if method == "PUT" and "If-None-Match" in headers else None
    name = warc_of(collection).name
    assert all_of(Upload(AtRest(collection), SHELF)) == [name]
    change(collection, "UPDATE warcs SET safety = 'written', address = NULL")
    spoiled.put(f"shelf/twelve/archive/{name}", b"another")
    upload = Upload(AtRest(collection), SHELF)
    assert all_of(upload) == []
    assert "another content" in str(upload.faults[name])
    assert spoiled.get(f"shelf/twelve/archive/{name}") == b"another"


def test_an_object_of_equal_content_is_taken_for_ours_and_another_is_never_overwritten(collection: Path, store: Store) -> None:
    file = warc_of(collection)
    store.put(f"shelf/twelve/archive/{file.name}", file.read_bytes())
    assert all_of(Upload(AtRest(collection), SHELF)) == [file.name]
    change(collection, "UPDATE warcs SET safety = 'written', address = NULL")
    store.put(f"shelf/twelve/archive/{file.name}", b"another")
    upload = Upload(AtRest(collection), SHELF, keep_local=False)
    assert all_of(upload) == []
    (fault,) = upload.faults.values()
    assert "another content lies there" in str(fault)
    assert isinstance(fault, Damaged)
    assert store.get(f"shelf/twelve/archive/{file.name}") == b"another"
    assert file.exists()
    assert row(collection) == ("written", None)


def test_a_flipped_byte_is_found_before_the_local_copy_goes(collection: Path, spoiled: Store) -> None:
    file = warc_of(collection)
    spoiled.spoil = lambda method, path, headers: Spoiled(flip=777) if method == "GET" and "/archive/" in path else None
    upload = Upload(AtRest(collection), SHELF, keep_local=False)
    assert all_of(upload) == []
    assert "reads back otherwise" in str(upload.faults[file.name])
    assert file.exists()
    assert row(collection)[0] == "stored"
    spoiled.spoil = lambda method, path, headers: None
    assert all_of(Upload(AtRest(collection), SHELF, keep_local=False)) == [file.name]
    assert not file.exists()


def test_a_byte_spoilt_once_on_the_way_back_is_no_fault(collection: Path, spoiled: Store) -> None:
    count = 0

    def once(method: str, path: str, headers: dict[str, str]) -> Spoiled | None:
        nonlocal count
        count += method == "GET"
        return Spoiled(flip=5) if method == "GET" and count == 1 else None

    spoiled.spoil = once
    assert all_of(Upload(AtRest(collection), SHELF)) == [warc_of(collection).name]


@pytest.mark.parametrize("what", [Spoiled(cut_request=True), Spoiled(lose_answer=True), Spoiled(status=503)])
def test_an_upload_that_is_cut_is_done_again(what: Spoiled, collection: Path, spoiled: Store) -> None:
    count = 0

    def first_two(method: str, path: str, headers: dict[str, str]) -> Spoiled | None:
        nonlocal count
        count += method == "PUT" and "/archive/" in path
        return what if method == "PUT" and count < 3 and "/archive/" in path else None

    spoiled.spoil = first_two
    assert all_of(Upload(AtRest(collection), SHELF, keep_local=False)) == [(name := spoiled.keys()[0].rpartition("/")[2])]
    assert not (collection / "archive" / name).exists()
    assert row(collection)[0] == "verified"


def test_a_file_that_rotted_here_is_not_uploaded(collection: Path, store: Store) -> None:
    file = warc_of(collection)
    data = bytearray(file.read_bytes())
    data[100] ^= 1
    file.write_bytes(data)
    upload = Upload(AtRest(collection), SHELF)
    assert all_of(upload) == []
    assert "has changed since it was sealed" in str(upload.faults[file.name])
    assert not [key for key in store.keys() if "/archive/" in key]  # noqa: SIM118


def test_what_lies_in_the_store_alone_is_found_by_its_name_and_kept_by_a_reindex(collection: Path, store: Store, typed: Typed) -> None:
    all_of(Upload(AtRest(collection), SHELF, keep_local=False))
    assert not list((collection / "archive").iterdir())
    before = row(collection)
    assert before[0] == "verified"
    done = typed("verify", "twelve")
    assert done.code == 0, done.out + done.err
    assert "manifest" not in done.out


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[Collection]:
    collection = Collection.open(tmp_path / "growing")
    yield collection
    collection.close()


def record(collection: Collection, n: int) -> None:
    async def one() -> None:
        await collection.record(exchange(n, b"<p>page %d" % n), lease(n))

    asyncio.run(one())
    collection.seal()


def test_files_go_up_as_they_are_sealed(growing: Collection, store: Store) -> None:
    uploader = Uploader(growing, store=SHELF, keep_local=False)
    growing.on_sealed = uploader.sealed
    uploader.start()
    record(growing, 1)
    until = time.monotonic() + 20
    while not store.keys() and time.monotonic() < until:
        time.sleep(0.02)
    assert store.keys(), "without a flush"
    record(growing, 2)
    uploader.flush(20)
    assert uploader.waiting == 0
    uploader.close()
    assert not list((growing.path / "archive").iterdir())
    assert len([key for key in store.keys() if "/archive/" in key]) == 2  # noqa: SIM118


def test_a_store_that_is_away_is_waited_for_and_told(growing: Collection, spoiled: Store) -> None:
    spoiled.spoil = lambda method, path, headers: Spoiled(status=503)
    uploader = Uploader(growing, store=SHELF, keep_local=False)
    uploader.start()
    record(growing, 1)
    with pytest.raises(Unreachable, match="1 sealed WARCs wait here"):
        uploader.flush(0.5)
    assert len(list((growing.path / "archive").iterdir())) == 1
    spoiled.spoil = lambda method, path, headers: None
    uploader.flush(20)
    uploader.close()
    assert not list((growing.path / "archive").iterdir())


def test_a_store_that_refuses_is_told_at_once(growing: Collection, spoiled: Store) -> None:
    spoiled.spoil = lambda method, path, headers: Spoiled(status=403)
    uploader = Uploader(growing, store=SHELF)
    uploader.start()
    record(growing, 1)
    began = time.monotonic()
    with pytest.raises(SetupError, match="403"):
        uploader.flush(60)
    assert time.monotonic() - began < 20
    uploader.close()


def test_too_large_files_are_refused_by_setting_and_by_size(collection: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Settings(dict[str, int]):
        def getint(self, name: str, default: int = 0) -> int:
            return int(self.get(name, default))

        def getbool(self, name: str, default: bool = False) -> bool:
            return bool(self.get(name, default))

    with pytest.raises(Usage, match="ARCHIVE_WARC_MAX_BYTES=5368709120: with ARCHIVE_STORE"):
        check_settings(Settings(ARCHIVE_WARC_MAX_BYTES=5 * 1024**3, ARCHIVE_MAX_MEDIA_BYTES=1, ARCHIVE_STORE=SHELF))  # type: ignore[arg-type]
    check_settings(Settings(ARCHIVE_WARC_MAX_BYTES=5 * 1024**3))
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    upload = Upload(AtRest(collection), SHELF)
    all_of(upload)
    assert "one PUT takes 100 at most" in str(next(iter(upload.faults.values())))
    assert putting.MOST_BYTES == 5 * 1024**3


def test_maintain_uploads_what_was_left_and_reads_back_what_it_checks(
    collection: Path, store: Store, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def maintained() -> Answer:
        change(collection, "UPDATE fixity SET verified = '2020-01-01T00:00:00Z'", "UPDATE warcs SET sealed = '2020-01-01T00:00:00Z'")
        return typed("maintain", "twelve", "-s", f"ARCHIVE_STORE={SHELF}", "-s", "ARCHIVE_FRONTIER_WAIT=0.1")

    done = maintained()
    assert done.code == 0, done.out + done.err
    assert "store: 1 WARC uploaded and read back" in done.out
    done = maintained()
    assert "read back from the store" in done.out
    key = next(key for key in store.keys() if "/archive/" in key)  # noqa: SIM118
    store.put(key, b"rotten")
    done = maintained()
    assert done.code == 13
    assert "reads back otherwise" in done.out
    store.client.delete_object(Bucket="news", Key=key)
    done = maintained()
    assert done.code == 13
    assert "is not there any more: uploaded again" in done.out
    assert store.get(key) == warc_of(collection).read_bytes()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    change(collection, "UPDATE warcs SET safety = 'written'")
    from crawler.storage import client

    client._client.cache_clear()
    done = maintained()
    assert done.code == 15, done.out + done.err
    assert "1 sealed WARC" in done.out
    assert SECRET not in done.out + done.err
    assert KEY_ID not in done.out + done.err


def test_a_lost_folder_is_restored_from_the_store(collection: Path, store: Store, typed: Typed) -> None:
    (sites := collection.parent / "sites").mkdir()
    (sites / "demo.py").write_text(SITE)
    upload = Upload(AtRest(collection), SHELF, keep_local=False)
    all_of(upload)
    upload.beside()
    with closing(sqlite3.connect(collection / "index.db")) as db:
        before = db.execute("SELECT record_id, url, warc, offset, payload_digest FROM captures ORDER BY record_id").fetchall()
    shutil.rmtree(collection)
    done = typed("reindex", "twelve", "--from-store", "-s", f"ARCHIVE_STORE={SHELF}", "-s", f"ARCHIVE_SITES={sites}")
    assert done.code == 0, done.out + done.err
    with closing(sqlite3.connect(collection / "index.db")) as db:
        assert db.execute("SELECT record_id, url, warc, offset, payload_digest FROM captures ORDER BY record_id").fetchall() == before
        assert db.execute("SELECT path, safety FROM warcs").fetchone()[0].startswith("archive/")
    done = typed("verify", "twelve")
    assert done.code == 0, done.out + done.err
    done = typed("reindex", "none", "--from-store", "-s", f"ARCHIVE_STORE={SHELF}")
    assert done.code == 1
    assert "no WARC of a collection 'none'" in done.err


def test_the_gravest_of_what_went_wrong_is_told(collection: Path, store: Store) -> None:
    upload = Upload(AtRest(collection), SHELF)
    assert gravest(upload, None, 0) is None
    slow = gravest(upload, None, 2)
    assert isinstance(slow, Unreachable)
    assert "it is slow; 2 sealed WARCs wait here" in str(slow)
    away = gravest(upload, Unreachable("s3://news", "no answer"), 1)
    assert "no answer; 1 sealed WARCs wait here" in str(away)
    full = WriteFailed(collection / "index.db", OSError(28, "No space left on device"))
    assert gravest(upload, full, 1) is full
    refused = SetupError("refused")
    assert gravest(upload, refused, 1) is refused
    upload.faults["a"] = Damaged(collection / "a", 7, "rotten")
    upload.faults["b"] = Damaged(collection / "b", 0, "rotten too")
    worst = gravest(upload, refused, 1)
    assert isinstance(worst, Damaged)
    assert (worst.path, worst.offset, worst.what) == (collection / "a", 7, "rotten (and 1 more)")


async def test_a_fault_of_ours_in_the_thread_is_told_and_not_waited_for(growing: Collection, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("never thought of")

    monkeypatch.setattr(Upload, "some", broken)
    uploader = Uploader(growing, store=SHELF)
    uploader.start()
    await asyncio.to_thread(growing.seal)
    began = time.monotonic()
    error = await asyncio.to_thread(uploader.settled, 30.0)
    uploader.close()
    assert isinstance(error, SetupError)
    assert "RuntimeError: never thought of" in str(error)
    assert time.monotonic() - began < 10


def test_a_warc_whose_lines_are_not_there_yet_goes_up_without_them(collection: Path, store: Store) -> None:
    for lines in (collection / "indexes").iterdir():
        lines.unlink()
    assert all_of(Upload(AtRest(collection), SHELF)) == [warc_of(collection).name]
    assert row(collection)[0] == "verified"
    assert not [key for key in store.keys() if key.endswith(".cdxj")]  # noqa: SIM118
