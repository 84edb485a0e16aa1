"""A page whose bytes were read before is not read again, and the rows are those of reading it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from foreign_warcs import answer, record, revisit, sha1, story, uid, write

from crawler.collection.ingest import lease_for
from crawler.index.index import Index
from crawler.maintenance import fill_index, repeats
from crawler.maintenance.reindex import rebuild
from crawler.maintenance.repeats import FIELDS_READ, Repeats
from crawler.parsers.limits import ReadLimits
from crawler.processing.parse_again import Readers, Task
from crawler.sites.known import WEB
from crawler.workers.pool import InThisProcess
from crawler.workers.worker import JobLimits

SHIP, QUAY = story("the ship"), story("the quay")
LINKED = SHIP.replace(b"</body>", b'<p><a href="/elsewhere">Elsewhere</a> <a href="next">Next</a></p></body>')
TYPED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=koi8-r\r\n"
COUNTED = b"HTTP/1.1 200 OK\r\nX-Request: 7\r\nDate: Sat, 02 Mar 2024 12:00:00 GMT\r\nContent-Type: text/html; charset=utf-8\r\n"


def day(n: int) -> str:
    return f"2024-03-{n:02d}T12:00:00Z"


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Captures of which some repeat others: as revisits and in full, at one address and at two, with heads that differ in what matters or not."""
    refers = f"WARC-Refers-To: <{uid(1)}>"
    first = [
        record(answer(LINKED), "/1", n=1, date=day(1)), record(answer(QUAY), "/2", n=2, date=day(1)), revisit(3, "/1", refers, f"WARC-Payload-Digest: {sha1(LINKED)}", date=day(2)),
        record(answer(LINKED), "/1", n=4, date=day(3)), record(answer(LINKED), "/3", n=5, date=day(3)), record(answer(LINKED, TYPED), "/1", n=6, date=day(4)),
        record(answer(LINKED, COUNTED), "/1", n=7, date=day(5)), record(answer(QUAY), "/1", n=8, date=day(6)), record(answer(LINKED), "/1", n=9, date=day(7)),
        record(answer(b"gone", b"HTTP/1.1 404 Not Found\r\n"), "/1", n=10, date=day(8)),
    ]  # fmt: skip
    write(tmp_path / "archive" / "a.warc.gz", *first)
    write(tmp_path / "archive" / "b.warc.gz", record(answer(QUAY), "/2", n=20, date="2024-02-01T12:00:00Z"), record(answer(LINKED), "/1", n=21, date=day(9)))
    return tmp_path


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Readers:
    monkeypatch.setattr(fill_index, "_READINGS", 1)
    return Readers(workers=InThisProcess(JobLimits(workers=0)))


def rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(path / "index.db")) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY 1")]
        kept = [name for name in names if "_fts_" not in name and not name.startswith(("sqlite_", "_sqlite", "unpacked")) and name not in ("runs",)]
        return {name: sorted(map(repr, db.execute(f"SELECT * FROM {name}"))) for name in kept}  # type: ignore[misc]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, bool]]:
    """Address and day of each capture that was to be read, and whether it was."""
    found: list[tuple[str, str, bool]] = []
    before = Repeats.among

    def among(self: Repeats, tasks: Iterable[Task]) -> Any:
        for one in before(self, tasks):
            found.append((one.capture.url.rpartition("/")[2], f"{one.capture.date:%m-%d}", isinstance(one, Task)))
            yield one

    monkeypatch.setattr(Repeats, "among", among)
    return found


def test_the_rows_are_those_of_reading_all(collection: Path, readers: Readers, asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    rebuild(collection, readers)
    short = rows(collection)
    unread = [(page, when) for page, when, read in asked if not read]
    assert sorted(unread) == [("1", "03-02"), ("1", "03-03"), ("1", "03-05"), ("1", "03-07"), ("1", "03-09"), ("2", "03-01")]
    monkeypatch.setattr(Repeats, "among", lambda self, tasks: iter(tasks))
    rebuild(collection, readers)
    assert rows(collection) == short


def test_a_page_whose_pictures_are_not_its_versions_own_is_read(tmp_path: Path, readers: Readers) -> None:
    """A version has the pictures of its earliest capture; of a later one its sighting tells them, however often its bytes come again."""
    pages = [SHIP.replace(b"<p>", b'<figure><img src="/pictures/%s.jpg" width="640" height="400"><figcaption>A ship</figcaption></figure><p>' % name, 1) for name in (b"a", b"b")]
    bodies = (pages[0], pages[1], pages[1], pages[0])
    write(tmp_path / "archive" / "a.warc.gz", *(record(answer(body), "/1", n=n, date=day(n)) for n, body in enumerate(bodies, 1)))
    rebuild(tmp_path, readers)
    with Index.open(tmp_path / "index.db", readonly=True) as index:
        faces = [row["face"] for row in index.query("SELECT face FROM sightings ORDER BY date")]
    assert faces[0] is faces[3] is None
    assert "/b" in faces[1]
    assert faces[1] == faces[2]


def test_a_digest_that_is_not_that_of_the_bytes_is_not_believed(tmp_path: Path, readers: Readers, asked: list[Any]) -> None:
    """Of another program: the page whose digest is another's is read, whichever of the two comes first."""
    told = f"WARC-Payload-Digest: {sha1(SHIP)}"
    write(
        tmp_path / "archive" / "a.warc.gz", record(answer(SHIP), "/1", told, n=1, date=day(1)), record(answer(QUAY), "/1", told, n=2, date=day(2)),
        record(answer(QUAY), "/2", told, n=3, date=day(1)), record(answer(SHIP), "/2", told, n=4, date=day(2)), record(answer(SHIP), "/1", told, n=5, date=day(3)),
        revisit(6, "/1", f"WARC-Refers-To: <{uid(2)}>", told, date=day(4)),
    )  # fmt: skip
    rebuild(tmp_path, readers)
    with Index.open(tmp_path / "index.db", readonly=True) as index:
        sql = "SELECT c.record_id, v.headline FROM sightings s JOIN captures c ON c.id = s.capture_id JOIN versions v ON v.id = s.version_id ORDER BY 1"
        shown = {row[0][-1]: row[1] for row in index.query(sql)}
    assert shown == {"1": "the ship", "2": "the quay", "3": "the quay", "4": "the ship", "5": "the ship", "6": "the quay"}
    assert [(page, when) for page, when, read in asked if not read] == [("1", "03-03")]


def test_other_readers_read_it_again(collection: Path, readers: Readers, asked: list[Any]) -> None:
    rebuild(collection, readers)
    with Index.open(collection / "index.db", readonly=True) as index:
        for limits, repeated in ((readers.limits, True), (ReadLimits(links=3), False)):
            capture = index.capture(uid(9))
            assert capture is not None
            task = repeats_of(index, collection, limits).outcome(capture, lease_for(capture), lambda: headers_of(collection, index, uid(9)))
            assert (task is not None) == repeated


def repeats_of(index: Index, path: Path, limits: ReadLimits) -> Repeats:
    return Repeats(index, path, (), limits)


def headers_of(path: Path, index: Index, record_id: str) -> Any:
    capture = index.capture(record_id)
    assert capture is not None
    return repeats.revisit_head(path / "archive" / capture.warc, capture.offset)[1]


def test_layouts_of_other_seasons_cut_answers_and_lost_files_are_read(
    collection: Path, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(collection, readers)
    with Index.open(collection / "index.db", readonly=True) as index:
        capture, known = index.capture(uid(9)), repeats_of(index, collection, readers.limits)
        assert capture is not None
        head = headers_of(collection, index, uid(9))
        assert known.outcome(capture, lease_for(capture), lambda: head) is not None
        for other in (
            evolve(capture, truncated="length"), evolve(capture, status=304), evolve(capture, payload_digest=None), evolve(capture, date=datetime.fromisoformat("2023-01-01T00:00:00+00:00")),
            evolve(capture, target=evolve(capture.target, role="requisite")), evolve(capture, target=evolve(capture.target, story="web/other")),
        ):  # fmt: skip
            assert known.outcome(other, lease_for(other), lambda: head) is None

        class Season:
            def holds(self, day: date) -> bool:
                return day >= date(2024, 3, 6)

        with monkeypatch.context() as patch:
            patch.setattr(repeats, "site_of", lambda name, folders: evolve(WEB, templates=(Season(),)))
            latest = evolve(capture, date=datetime.fromisoformat("2024-03-08T13:00:00+00:00"))
            earlier = evolve(capture, date=datetime.fromisoformat("2024-03-06T11:00:00+00:00"))
            assert known.outcome(latest, lease_for(latest), lambda: head) is not None
            assert known.outcome(earlier, lease_for(earlier), lambda: head) is None, "the capture before it is of the other season"
        (collection / "archive" / "a.warc.gz").rename(collection / "a.warc.gz")
        assert known.outcome(capture, lease_for(capture), lambda: head) is None


def test_the_header_fields_that_are_read_are_compared() -> None:
    house = Path(repeats.__file__).parents[1]
    named = {"date", "retry-after"}  # of refusals, which are no repeats
    for file in [*(house / "parsers").rglob("*.py"), *(house / "processing").rglob("*.py"), house / "urls"]:
        if file.suffix == ".py" and "robotstxt" not in str(file):
            named |= set(re.findall(r"""headers\)?\.(?:first|all|joined|elements|has)\(["']([\w-]+)["']\)""", file.read_text()))
    of_archives = {"link", "memento-datetime"}  # of answers of web archives, which are no repeats either
    assert named <= {*FIELDS_READ, *of_archives, "set-cookie", "date", "retry-after"}
