"""Revisits find their original by id, by address and date, by digest, over all files of a collection, in whatever order."""

from __future__ import annotations

import hashlib
from base64 import b32encode, b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from foreign_warcs import HEAD, HOST, NOT_MODIFIED, SAME, answer, record, revisit, sha1, story, uid, write

from crawler.archive_files.reader import archived
from crawler.collection.foreign_records import assign_site
from crawler.collection.ingest import add_archived, file_outcome
from crawler.collection.parse_tasks import tasks
from crawler.collection.revisits import file_out_of_order
from crawler.index.index import Index
from crawler.maintenance.reindex import Rebuilt, rebuild
from crawler.processing.parse_again import Readers
from crawler.workers.pool import JobLimits, Workers

BODY = story("the crane")
PLACE = (f"WARC-Refers-To-Target-URI: {HOST}/orig", "WARC-Refers-To-Date: 2024-03-01T12:00:00Z")
DIGEST = f"WARC-Payload-Digest: {sha1(BODY)}"
ORIGINAL = record(answer(BODY), "/orig", DIGEST, n=1)
LATIN = HEAD.replace(b"utf-8", b"iso-8859-1")
REVISITS = (
    revisit(2, "/by-id", SAME, DIGEST, f"WARC-Refers-To: <{uid(1)}>"),
    revisit(3, "/by-place", SAME, *PLACE),
    revisit(4, "/by-digest", SAME, DIGEST),
    revisit(5, "/headless", SAME, DIGEST, *PLACE, head=b""),
    revisit(6, "/orig", NOT_MODIFIED, head=b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    revisit(7, "/of-revisit", SAME, f"WARC-Refers-To: <{uid(4)}>"),
    revisit(8, "/wrong-id", SAME, DIGEST, f"WARC-Refers-To: <{uid(99)}>"),
)
ROWS = (
    "SELECT record_id, url, date, status, record_type, payload_digest, revisit_of, refers_to, written_id, read_state FROM captures ORDER BY 1",
    "SELECT c.record_id, v.story_id, v.n, v.text_digest FROM sightings s JOIN captures c ON c.id = s.capture_id"
    " JOIN versions v ON v.id = s.version_id ORDER BY 1",
    "SELECT c.record_id, f.reason, f.detail FROM failures f JOIN captures c ON c.id = f.capture_id ORDER BY 1, 2",
)


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(workers=Workers(JobLimits(workers=1)))
    yield readers
    readers.close()


def rows(path: Path) -> list[list[tuple[object, ...]]]:
    with Index.open(path / "index.db", readonly=True) as index:
        return [[tuple(row) for row in index.query(sql)] for sql in ROWS]


def made(path: Path, readers: Readers) -> Rebuilt:
    (path / "quarantine").mkdir(exist_ok=True)
    return rebuild(path, readers)


@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
def test_every_kind_of_reference_is_followed_whatever_the_order(tmp_path: Path, readers: Readers, first: str, second: str) -> None:
    write(tmp_path / "archive" / f"{first}.warc.gz", *REVISITS)
    write(tmp_path / "archive" / f"{second}.warc.gz", ORIGINAL)
    assert made(tmp_path, readers).unresolved == 0
    captures, sightings, failures = rows(tmp_path)
    assert len(sightings) == len(captures) == len(REVISITS) + 1
    assert {row[6] for row in captures if row[4] == "revisit"} == {uid(1)}
    assert {row[9] for row in captures} == {"read"}
    assert failures == []


def test_what_has_no_original_is_told_and_is_read_when_the_original_comes(tmp_path: Path, readers: Readers) -> None:
    write(tmp_path / "archive" / "a.warc.gz", *REVISITS)
    assert made(tmp_path, readers).unresolved == len(REVISITS)
    captures, sightings, failures = rows(tmp_path)
    assert {row[9] for row in captures} == {"unreadable"}
    assert sightings == []
    assert {row[1] for row in failures} == {"no-original"}
    write(tmp_path / "archive" / "b.warc.gz", ORIGINAL)
    made(tmp_path, readers)
    assert len(rows(tmp_path)[1]) == len(REVISITS) + 1


def test_the_same_address_is_preferred_and_any_order_gives_one_index(tmp_path: Path, readers: Readers) -> None:
    other = record(answer(BODY), "/copy", DIGEST, n=10, date="2024-02-01T12:00:00Z")
    late = record(answer(BODY), "/late", DIGEST, n=12, date="2024-03-01T18:00:00Z")
    records = [other, ORIGINAL, late, *REVISITS, revisit(11, "/copy", SAME, DIGEST), revisit(13, "/late", SAME, DIGEST)]
    found = []
    for name, order in (("up", records), ("down", records[::-1])):
        path = tmp_path / name
        for n, one in enumerate(order):
            write(path / "archive" / f"{n:02}.warc.gz", one)
        made(path, readers)
        found.append(rows(path))
    assert found[0] == found[1]
    assert {row[1]: row[6] for row in found[0][0] if row[0] in (uid(11), uid(13))} == {f"{HOST}/copy": uid(10), f"{HOST}/late": uid(12)}


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("named", ["md5", "sha256", "sha512"])
@pytest.mark.parametrize("label", ["sha1", "sha256", "md5", None])
def test_a_digest_with_which_no_capture_is_labelled_is_found_by_the_bytes(
    tmp_path: Path, readers: Readers, first: bool, named: str, label: str | None
) -> None:
    body = answer(BODY) if label else HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    more = [f"WARC-Payload-Digest: {label}:{hashlib.new(label, BODY).hexdigest()}"] if label else []
    file = tmp_path / "archive" / ("a.warc.gz" if first else "c.warc.gz")
    write(file, record(answer(story("another")), "/other", n=8), record(body, "/orig", *more, n=1))
    write(
        tmp_path / "archive" / "b.warc.gz",
        revisit(2, "/far", SAME, f"WARC-Payload-Digest: {named}:{b32encode(hashlib.new(named, BODY).digest()).decode()}"),
        revisit(3, "/orig", SAME, f"WARC-Payload-Digest: {named.upper()}:{b64encode(hashlib.new(named, BODY).digest()).decode()}"),
        revisit(4, "/none", SAME, f"WARC-Payload-Digest: {named}:{hashlib.new(named, b'none').hexdigest()}"),
        revisit(5, "/unknown", SAME, "WARC-Payload-Digest: quick:0123456789abcdef"),
    )
    assert made(tmp_path, readers).unresolved == 2
    assert {row[0]: row[6] for row in rows(tmp_path)[0] if row[4] == "revisit"} == {
        uid(2): uid(1),
        uid(3): uid(1),
        uid(4): None,
        uid(5): None,
    }
    assert {row[0] for row in rows(tmp_path)[2]} == {uid(4), uid(5)}


def test_a_revisit_is_read_with_its_own_head(tmp_path: Path, readers: Readers) -> None:
    body = "<p>Straße</p>".encode("latin-1").join([b"", story("the bridge")])
    digest = f"WARC-Payload-Digest: {sha1(body)}"
    write(
        tmp_path / "archive" / "a.warc.gz",
        record(answer(body, HEAD.replace(b"text/html", b"text/plain")), "/plain", digest, n=1),
        revisit(2, "/page", SAME, digest, head=LATIN + b"\r\n"),
        revisit(3, "/moved", SAME, digest, head=b"HTTP/1.1 301 Moved\r\nLocation: /moved\r\n\r\n"),
        revisit(4, "/astray", SAME, head=b"HTTP/1.1 302 Found\r\nLocation: /page\r\n\r\n"),
    )
    assert made(tmp_path, readers).unresolved == 0
    captures, sightings, failures = rows(tmp_path)
    assert [row[0] for row in sightings] == [uid(2)]
    assert [(row[0], row[2]) for row in failures] == [(uid(3), "redirects to itself")]
    assert {row[0]: row[9] for row in captures}[uid(4)] == "not-a-story"


def test_not_modified_is_a_sighting_of_the_page_itself_not_of_another_with_the_same_payload(tmp_path: Path, readers: Readers) -> None:
    write(
        tmp_path / "archive" / "a.warc.gz",
        record(answer(BODY), "/a", DIGEST, n=1),
        revisit(2, "/b", SAME, f"WARC-Refers-To: <{uid(1)}>"),
        revisit(
            3, "/b", NOT_MODIFIED, f"WARC-Refers-To: <{uid(1)}>", head=b"HTTP/1.1 304 Not Modified\r\n\r\n", date="2024-03-03T12:00:00Z"
        ),
        revisit(
            4, "/c", NOT_MODIFIED, f"WARC-Refers-To: <{uid(1)}>", head=b"HTTP/1.1 304 Not Modified\r\n\r\n", date="2024-03-03T12:00:00Z"
        ),
    )
    made(tmp_path, readers)
    seen = {row[0]: row[1] for row in rows(tmp_path)[1]}
    assert seen[uid(3)] == seen[uid(2)] != seen[uid(1)]
    assert uid(4) not in seen


@pytest.mark.parametrize("name", ["sha1", "md5"])
def test_the_digest_of_no_bytes_says_nothing_of_what_is_not_modified(tmp_path: Path, readers: Readers, name: str) -> None:
    empty = f"WARC-Payload-Digest: {name}:{hashlib.new(name, b'').hexdigest()}"
    write(
        tmp_path / "archive" / "a.warc.gz",
        record(answer(b""), "/a", empty, n=1, date="2024-02-01T12:00:00Z"),
        record(answer(BODY), "/a", n=2),
        revisit(3, "/a", NOT_MODIFIED, empty, head=b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    )
    assert made(tmp_path, readers).unresolved == 0
    assert {row[0]: row[6] for row in rows(tmp_path)[0]}[uid(3)] == uid(2)


# -- one id on several records


def test_records_that_share_or_lack_an_id_are_each_a_capture(tmp_path: Path, readers: Readers) -> None:
    shared = [record(answer(story(f"boat {n}")), f"/{n}", n=1) for n in range(4)]
    nameless = [record(answer(story(f"barge {n}")), f"/barge/{n}", n=None) for n in range(3)]
    reference = revisit(2, "/again", SAME, f"WARC-Refers-To: <{uid(1)}>", f"WARC-Refers-To-Target-URI: {HOST}/2")
    found = []
    for name, order in (("up", [*shared, *nameless, reference]), ("down", [reference, *nameless, *shared[::-1]])):
        path = tmp_path / name
        write(path / "archive" / "x.warc.gz", *order)
        write(path / "archive" / "again.warc.gz", *order[::-1])
        result = made(path, readers)
        assert (result.captures, result.problems) == (8, ())
        found.append(rows(path))
    assert found[0] == found[1]
    captures = found[0][0]
    assert [row[8] for row in captures].count(uid(1)) == 4
    assert {row[1] for row in captures if row[6] or row[0] in {row[6] for row in captures}} == {f"{HOST}/again", f"{HOST}/2"}


def test_of_a_record_in_two_files_all_is_taken_from_the_first_by_name(tmp_path: Path) -> None:
    facts = record(b"fetchTimeMs: 47\r\nvia: http://courier.example/\r\n", "/orig", f"WARC-Concurrent-To: <{uid(1)}>", n=2, kind="metadata",
                   content="application/warc-fields")  # fmt: skip
    files = [write(tmp_path / "a.warc.gz", ORIGINAL, facts), write(tmp_path / "b.warc.gz", ORIGINAL)]
    found = []
    for name, order in (("up", files), ("down", files[::-1])):
        (tmp_path / name).mkdir()
        with Index.open(tmp_path / name / "index.db") as index, index.atomic():
            added = [add_archived(index, entry) for file in order for entry in archived(file)]
            found.append([tuple(row)[1:] for row in index.query("SELECT * FROM captures")])
        assert added == [True, False]
    assert found[0] == found[1]
    assert {"a.warc.gz", 47} <= set(found[0][0])


def test_a_page_that_was_gone_before_it_was_known_for_a_story_is_missing(tmp_path: Path, readers: Readers) -> None:
    gone = record(
        answer(b"<p>no such page", b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n"), "/orig", n=2, date="2024-05-01T12:00:00Z"
    )
    states = []
    for name, order in (("up", [ORIGINAL, gone]), ("down", [gone, ORIGINAL])):
        with Index.open(tmp_path / f"{name}.db") as index:
            for n, one in enumerate(order):
                file = write(tmp_path / "archive" / f"{name}{n}.warc.gz", one)
                with index.atomic():
                    added = [assign_site(entry, {}, warc=file.name) for entry in archived(file)]
                    assert [add_archived(index, entry) for entry in added] == [True]
                readings = list(readers.interpret_all(tasks(index, tmp_path, index.unread())))
                with index.atomic():
                    for reading in readings:
                        file_outcome(index, reading)
                    file_out_of_order(index)
            states.append([tuple(row) for row in index.query("SELECT id, state, missing_since FROM stories")])
    assert states[0] == states[1]
    assert states[0][0][1:] == ("live", "2024-05-01T12:00:00.000000Z"), "asked once only"
