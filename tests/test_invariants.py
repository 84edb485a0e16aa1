"""Each invariant can fail: a collection that is in order is spoilt in one way, and the check of that name says so."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Container
from contextlib import closing
from pathlib import Path

import pytest
from invariants import CHECKS, KNOWN_MISSING, check, complaints
from warc_records import entity

pytestmark = pytest.mark.slow

OK_CAPTURE = "(SELECT id FROM captures WHERE role = 'story' AND read_state = 'read' ORDER BY id LIMIT 1)"
PICTURE = "(SELECT id FROM captures WHERE role = 'requisite' ORDER BY id LIMIT 1)"
VERSION = "(SELECT min(id) FROM versions)"
SEEN = f"(SELECT capture_id FROM sightings WHERE version_id = {VERSION})"
FAILED = "(SELECT min(id) FROM failures WHERE capture_id IS NOT NULL AND role != 'robots')"
MISSED = "(SELECT min(id) FROM failures WHERE capture_id IS NULL)"
SPOILT = [
    ("database", f"UPDATE versions SET capture_id = 999999 WHERE id = {VERSION}"),
    ("full-text", f"UPDATE versions SET headline = 'Another' WHERE id = {VERSION}"),
    ("full-text", "INSERT INTO images_fts(images_fts, rowid, caption, credit) SELECT 'delete', id, caption, credit FROM images LIMIT 1"),
    ("frontier-final", "UPDATE frontier SET state = 'leased' WHERE key LIKE 'courier/%'"),
    ("frontier-final", "UPDATE frontier SET state = 'captured' WHERE key LIKE 'courier/%'"),
    ("frontier-final", "UPDATE frontier SET state = 'lost' WHERE key LIKE 'courier/%'"),
    ("frontier-final", "UPDATE frontier SET state = 'queued', due = '2020-01-01T00:00:00.000000Z' WHERE key LIKE 'courier/%'"),
    ("frontier-final", "UPDATE frontier SET state = 'queued', due = '' WHERE key LIKE 'courier/%'"),
    ("frontier-reason", "UPDATE frontier SET state = 'failed', reason = NULL WHERE key LIKE 'courier/%'"),
    ("frontier-reason", "UPDATE frontier SET state = 'refused', reason = 'because' WHERE key LIKE 'courier/%'"),
    ("frontier-outcome", "UPDATE frontier SET record_id = 'urn:uuid:none' WHERE role = 'story' AND reason IS NULL"),
    ("frontier-outcome", f"UPDATE captures SET key = 'other' WHERE id = {OK_CAPTURE}"),
    ("frontier-outcome", f"UPDATE captures SET state = 'lost' WHERE id = {OK_CAPTURE}"),
    ("frontier-outcome", "DELETE FROM failures WHERE key IN (SELECT key FROM frontier WHERE state = 'failed')"),
    ("warc-files", "UPDATE warcs SET path = 'archive/elsewhere.warc.gz'"),
    ("warc-files", "UPDATE warcs SET bytes = bytes + 1"),
    ("warc-files", "UPDATE warcs SET sha256 = 'f00'"),
    ("warcs-rows", "DELETE FROM warcs"),
    ("warcs-rows", "UPDATE warcs SET sha256 = NULL"),
    ("warcs-rows", "UPDATE warcs SET sealed = NULL"),
    ("captures-are-the-records", f"UPDATE captures SET offset = offset + 1 WHERE id = {OK_CAPTURE}"),
    ("captures-are-the-records", f"UPDATE captures SET length = length + 1 WHERE id = {OK_CAPTURE}"),
    ("captures-are-the-records", f"UPDATE captures SET record_id = 'urn:uuid:other' WHERE id = {OK_CAPTURE}"),
    ("captures-are-the-records", f"UPDATE captures SET warc = 'other.warc.gz' WHERE id = {OK_CAPTURE}"),
    ("captures-are-the-records", f"DELETE FROM captures WHERE id = {PICTURE}"),
    ("captures-are-the-records", f"UPDATE captures SET state = 'lost' WHERE id = {PICTURE}"),
    ("digests", f"UPDATE captures SET payload_digest = 'sha1:{'A' * 32}' WHERE id = {OK_CAPTURE}"),
    ("digests", f"UPDATE captures SET block_digest = 'sha1:{'A' * 32}' WHERE id = {OK_CAPTURE}"),
    ("cdxj", f"UPDATE captures SET payload_digest = 'sha1:{'A' * 32}' WHERE id = {OK_CAPTURE}"),
    ("revisits", "UPDATE captures SET revisit_of = 'urn:uuid:none' WHERE revisit_of IS NOT NULL"),
    ("revisits", "UPDATE captures SET revisit_of = record_id WHERE revisit_of IS NOT NULL"),
    ("revisits", "UPDATE captures SET revisit_of = NULL, record_type = 'revisit' WHERE revisit_of IS NOT NULL"),
    ("record-types", f"UPDATE captures SET record_type = 'resource' WHERE id = {OK_CAPTURE}"),
    ("capture-states", f"UPDATE captures SET read_state = 'unread' WHERE id = {OK_CAPTURE}"),
    ("capture-states", f"UPDATE captures SET read_state = 'seen' WHERE id = {OK_CAPTURE}"),
    ("capture-states", f"UPDATE captures SET state = 'gone' WHERE id = {OK_CAPTURE}"),
    ("failure-words", "UPDATE failures SET reason = 'because'"),
    ("failure-words", "INSERT INTO failures (url, host, site, role, key, date, reason, attempt, bytes, capture_id)"
     f" SELECT url, host, site, role, key, date, 'limit', attempt, 0, capture_id FROM failures WHERE id = {FAILED}"),
    ("failures-of-captures", f"DELETE FROM failures WHERE id = {FAILED}"),
    ("failures-of-captures", "DELETE FROM failures WHERE reason = 'status'"),
    ("failures-of-captures", f"UPDATE failures SET capture_id = {OK_CAPTURE} WHERE id = {FAILED}"),
    ("failures-without-a-byte", f"DELETE FROM failures WHERE id = {MISSED}"),
    ("failures-without-a-byte", f"UPDATE failures SET reason = 'dns' WHERE id = {MISSED}"),
    ("redirects", "INSERT INTO failures (url, host, site, role, key, date, reason, attempt, bytes, capture_id)"
     " SELECT url, host, site, role, key, date, 'redirect', attempt, 0, id FROM captures WHERE status = 301"),
    ("redirects", "UPDATE captures SET key = 'other' WHERE status = 301"),
    ("versions", f"UPDATE versions SET n = 3 WHERE id = {VERSION}"),
    ("versions", "UPDATE stories SET versions = versions + 1"),
    ("versions", f"DELETE FROM sightings WHERE version_id = {VERSION}"),
    ("spans", f"UPDATE versions SET first_seen = '2020-01-01T00:00:00.000000Z' WHERE id = {VERSION}"),
    ("spans", "UPDATE stories SET last_seen = '2030-01-01T00:00:00.000000Z'"),
    ("spans", "UPDATE sightings SET host = 'other.example'"),
    ("sightings", f"UPDATE captures SET story_id = 'courier/1' WHERE id = {SEEN}"),
    ("sightings", f"UPDATE captures SET read_state = 'unreadable' WHERE id = {SEEN}"),
    ("sightings", f"UPDATE versions SET capture_id = {PICTURE} WHERE id = {VERSION}"),
    ("texts", f"UPDATE versions SET text_digest = 'sha256:f00' WHERE id = {VERSION}"),
    ("texts", f"UPDATE versions SET deck = 'Other words' WHERE id = {VERSION}"),
    ("texts", f"UPDATE versions SET body = body || ' more' WHERE id = {VERSION}"),
    ("images", f"UPDATE images SET capture_id = {OK_CAPTURE} WHERE id = 1"),
    ("images", "UPDATE images SET n = 7 WHERE id = 1"),
    ("events", "DELETE FROM story_events WHERE rowid = (SELECT min(rowid) FROM story_events)"),
    ("rebuilt", "UPDATE stories SET section = 'another' WHERE id = 'courier/1003'"),
    ("run-ended", "UPDATE runs SET exit_code = 10"),
    ("run-ended", "UPDATE runs SET ended = NULL"),
    ("run-counts", f"UPDATE captures SET run_id = NULL WHERE id = {PICTURE}"),
    ("run-counts", f"UPDATE failures SET run_id = NULL WHERE id = {MISSED}"),
    ("run-counts", "UPDATE frontier SET run_id = NULL WHERE key LIKE 'courier/%'"),
    ("run-counts", "UPDATE runs SET stats = json_set(stats, '$.stories.new', 20)"),
    ("run-counts", "UPDATE runs SET stats = json_set(stats, '$.revisits', 0)"),
    ("run-verdict", "UPDATE runs SET stats = json_set(stats, '$.omitted', json('{\"file not read\":{\"count\":1,\"example\":\"x\",\"incomplete\":true}}'))"),
    ("run-verdict", "UPDATE runs SET stats = json_set(stats, '$.omitted', json('{\" \":{\"count\":1,\"example\":\"x\",\"incomplete\":false}}'))"),
    ("run-verdict", "UPDATE runs SET stats = json_set(stats, '$.omitted', json('{\"link\":{\"count\":0,\"example\":\"\",\"incomplete\":false}}'))"),
    ("run-verdict", "UPDATE frontier SET state = 'failed', reason = 'dns', host = NULL WHERE key LIKE 'courier/%'"),
]  # fmt: skip


@pytest.fixture(scope="module")
def sound(_demo: Path) -> Path:
    """The demo's collection, as a crawl that was COMPLETE left it: with revisits, a redirect, pages that are gone, attempts in vain."""
    return _demo / "demo"


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "demo")
    return tmp_path / "demo"


QUICK = ("rebuilt",)
"""Not made where another check is to be shown: reads every page again."""


def broken(path: Path, *, skip: Container[str] = QUICK, **known: object) -> set[str]:
    """The names of the checks that complain after a crawl."""
    return {one.check for one in complaints(path, skip=skip, **{"command": "crawl", "code": 0, **known})}


def test_a_sound_collection_is_in_order(sound: Path) -> None:
    check(sound, command="crawl", code=0, out="COMPLETE (exit code 0): all that was due is here\n")


@pytest.mark.parametrize(("name", "sql"), SPOILT, ids=lambda value: value[:60])
def test_a_table_that_is_spoilt_is_told(copy: Path, name: str, sql: str) -> None:
    with closing(sqlite3.connect(copy / "index.db")) as db:
        db.execute(sql)
        assert db.total_changes, "nothing was spoilt"  # rows changed through a view are not in `rowcount`
        db.commit()
    assert name in broken(copy, skip=() if name in QUICK else QUICK)


def _flip(path: Path) -> None:
    (file,) = (path / "archive").iterdir()
    with closing(sqlite3.connect(path / "index.db")) as db:
        offset, length = db.execute("SELECT offset, length FROM captures WHERE role = 'requisite' ORDER BY length DESC").fetchone()
    data = bytearray(file.read_bytes())
    data[offset + length // 2] ^= 1
    file.write_bytes(data)


def _twice(path: Path) -> None:
    (file,) = (path / "archive").iterdir()
    file.with_name(f"again-{file.name}").write_bytes(file.read_bytes())


def _cdxj(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        (file,) = (path / "indexes").iterdir()
        file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))

    return spoil


FILES: list[tuple[str, Callable[[Path], object]]] = [
    ("warc-files", _flip),
    ("warc-files", lambda path: next((path / "archive").iterdir()).unlink()),
    ("warc-files", lambda path: (path / "archive" / "demo-1.warc.gz.open").touch()),
    ("warcs-rows", _twice),
    ("record-ids", _twice),
    ("warcs-rows", lambda path: next((path / "indexes").iterdir()).unlink()),
    ("cdxj", _cdxj(lambda lines: lines[::-1])),
    ("cdxj", _cdxj(lambda lines: lines[1:])),
    ("cdxj", _cdxj(lambda lines: [lines[0], *lines])),
]


@pytest.mark.parametrize(("name", "spoil"), FILES, ids=[f"{name}-{n}" for n, (name, _) in enumerate(FILES)])
def test_files_that_are_spoilt_are_told(copy: Path, name: str, spoil: Callable[[Path], object]) -> None:
    spoil(copy)
    assert name in broken(copy)


def test_words_that_do_not_fit_the_exit_code_are_told(sound: Path) -> None:
    assert broken(sound, skip={*KNOWN_MISSING, *QUICK}, out="INCOMPLETE (exit code 10): something\n") == {"run-ended"}
    assert broken(sound, skip={*KNOWN_MISSING, *QUICK}, out="COMPLETE (exit code 0): all\n") == set()
    assert broken(sound, skip={*KNOWN_MISSING, *QUICK}, document={"exit_code": 0, "reason": "other", "stats": {}}) == {"report-document"}


def test_readers_that_differ_are_told(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive_invariants.by_ours", lambda path: [])
    assert broken(sound, skip={*KNOWN_MISSING, *QUICK}) == {"readers-agree"}


def test_every_check_can_fail() -> None:
    """A check that is spoilt by none of these tests is none."""
    told = {name for name, _ in [*SPOILT, *FILES]} | {"run-ended", "report-document", "readers-agree"}
    assert told == set(CHECKS)
    assert KNOWN_MISSING.keys() <= CHECKS.keys()


def test_a_complaint_says_what_and_where(copy: Path) -> None:
    with closing(sqlite3.connect(copy / "index.db")) as db:
        db.execute("UPDATE captures SET length = length + 1")
        db.commit()
    with pytest.raises(AssertionError) as told:
        check(copy, command="crawl", code=0)
    lines = str(told.value).splitlines()
    assert "invariants are broken after crawl (exit 0)" in lines[0]
    assert f"{copy}: [captures-are-the-records] demo-" in lines[1]
    assert len([line for line in lines if "captures-are-the-records" in line]) == 5


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_the_body_of_a_record_is_found_behind_any_line_ends(end: bytes) -> None:
    head = end.join([b"HTTP/1.1 200 OK", b"Content-Length: -1", b"", b""])
    assert entity(head + b"one\n\ntwo\r\n\r\nthree") == b"one\n\ntwo\r\n\r\nthree"
    assert entity(head) == b""
    assert entity(head.replace(b"Content-Length: -1", b"Transfer-Encoding: chunked") + b"3\r\none\r\n0\r\n\r\n") == b"one"
