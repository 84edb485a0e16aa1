"""Captures read again in place have the rows that a rebuild gives, whatever other readers had made of them before."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from drawn_site import MISSING, PICTURE
from foreign_warcs import HEAD, NOT_MODIFIED, answer, record, revisit, story, uid, write
from hypothesis import given, settings
from hypothesis import strategies as st
from played import HTML, LINE, PAGE, START, crawl, said, sent_on, spoilt

from crawler.collection.collection import Collection
from crawler.index.index import Index
from crawler.items import Listing, Outcome, Parsed, Unusable
from crawler.maintenance.choice import Choice
from crawler.maintenance.reindex import rebuild
from crawler.maintenance.reread import reread
from crawler.processing import parse_again
from crawler.processing.interpret import ALL, interpret
from crawler.processing.parse_again import Readers
from crawler.processing.reading_stats import ReadingStats
from crawler.processing.received import Options, Received
from crawler.sites.site import Site
from crawler.workers.pool import InThisProcess, JobLimits

READERS = Readers(workers=InThisProcess(JobLimits(workers=0)))
Reading = Callable[[Site, Received, Options], Any]


def read_otherwise(seed: int, of: Callable[[str], bool] = lambda record_id: True) -> Reading:
    """Readers that make of a capture what they like; what it is follows from the seed and the capture.

    Args:
        of: Record ids of captures that are read so; the others are read as they are.
    """

    def other(site: Site, received: Received, options: Options = ALL) -> Any:
        outcome, capture = interpret(site, received, options), received.capture
        dice, lease = random.Random(f"{seed} {capture.record_id}"), received.lease
        if not of(capture.record_id) or isinstance(outcome, Unusable) or capture.role == "requisite" or capture.status == 304:
            return outcome
        how = dice.randrange(7)
        if how == 0:
            return Unusable(lease=lease, capture=capture, reason="soft-404", detail="drawn", answer=True, links=outcome.links)
        if how == 1:
            return Unusable(lease=lease, capture=capture, reason="malformed", detail="drawn", answer=True, read_state="unreadable")
        if how == 2:
            return Listing(lease=lease, capture=capture, links=outcome.links[:1])
        if isinstance(outcome, Parsed) and how in (3, 4, 5):
            article = outcome.article
            changed = (
                evolve(article, headline=dice.choice(["Another", "Yet another"]), template="old"), evolve(article, section="drawn", images=()),
                evolve(article, blocks=article.blocks[:1], published=None, template="old"),
            )[how - 3]  # fmt: skip
            return evolve(outcome, article=changed, links=())
        return outcome

    return other


def page(title: str, words: str = "", picture: str = "") -> bytes:
    text = f"<title>{title}</title></head><body><article><h1>{title}</h1><p>{words}</p>{LINE * 6}{picture}</article><a href=/p1>one</a> <a href=/p2>two</a>"
    return f"<html><head>{text}</body></html>".encode()


FIGURE = "<figure><img src='http://news.example/ship.jpg' width=600><figcaption>A ship. Photo: Ida Loewe</figcaption></figure>"


def crawled(path: Path) -> Path:
    """Stories with edits, mirrors, gone and moved ones, attempts that were cut off, a picture, redirects, lists, damage on the wire."""
    one, two = page("One", "alpha", FIGURE), page("Two", "beta")
    cut = {"truncated": "disconnect"}
    missing = MISSING.encode()
    return crawl(path, [
        said("/p1", body=one), said("/p2", body=two), said("/ship.jpg", "image/jpeg", PICTURE, role="requisite"), said("/p1", body=page("One", "gamma")),
        said("/p3", body=page("Three")), said("/p3", HTML, missing), said("/p3", HTML, b"<p>gone", 404), said("/p4", HTML, b"<p>gone", 410),
        said("/p1", body=one), said("/p5", body=PAGE.encode()[:500], reason="disconnect", **cut), said("/p5", body=PAGE.encode(), attempt=2),
        said("/p6", body=PAGE.encode()[:700], reason="disconnect", **cut), said("/p6", body=PAGE.encode()[:300], reason="disconnect", attempt=2, **cut),
        sent_on("/old", "http://news.example/p1"), said("http://news.example/p1", body=one), said("/bad", HTML, b"", 500, "malformed"),
        said("/none", status=0, reason="dns"), said("/p2", body=two), said("/p7", body=missing), said("/p7", body=page("Seven")), said("/robots.txt", "text/plain", b"User-agent: *\n", role="robots"),
    ])  # fmt: skip


def brought_in(path: Path) -> Path:
    """Records of another crawler: repeats, 304s of the same story and of another's, a revisit without its original."""
    at = [f"2024-03-{n:02}T12:00:00Z" for n in range(1, 20)]
    refers = "WARC-Refers-To: <{}>".format
    write(
        path / "archive" / "a.warc.gz", record(answer(story("ship a")), "/a", n=1, date=at[0]), record(answer(story("ship b")), "/b", n=2, date=at[1]),
        revisit(3, "/a", refers(uid(1)), date=at[2]), record(answer(story("ship a, edited")), "/a", n=4, date=at[3]),
        revisit(5, "/a", refers(uid(4)), NOT_MODIFIED, head=b"HTTP/1.1 304 Not Modified\r\n\r\n", date=at[4]),
        revisit(6, "/b", refers(uid(1)), NOT_MODIFIED, head=b"HTTP/1.1 304 Not Modified\r\n\r\n", date=at[5]),
        record(answer(story("ship a")), "/b", n=7, date=at[6]), revisit(8, "/c", refers(uid(99)), head=HEAD + b"\r\n", date=at[7]),
        record(answer(b"gone", b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n"), "/b", n=9, date=at[8]),
    )  # fmt: skip
    rebuild(path, READERS)
    return path


def dump(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the index says, without row numbers."""
    tables = {
        "captures": "SELECT record_id, read_state, revisit_of FROM captures",
        "stories": "SELECT * FROM stories",
        "versions": "SELECT v.story_id, v.n, c.record_id, v.template, v.headline, v.body, v.section, v.published, v.first_seen, v.last_seen FROM versions v JOIN captures c ON c.id = v.capture_id",
        "sightings": "SELECT c.record_id, v.story_id, v.n, s.shown FROM sightings s JOIN captures c ON c.id = s.capture_id JOIN versions v ON v.id = s.version_id",
        "images": "SELECT v.story_id, v.n, i.n, i.url, i.caption, i.credit, i.file_byline, c.record_id FROM images i JOIN versions v ON v.id = i.version_id LEFT JOIN captures c ON c.id = i.capture_id",
        "failures": "SELECT f.url, f.date, f.reason, f.detail, f.attempt, c.record_id FROM failures f LEFT JOIN captures c ON c.id = f.capture_id",
        "links": "SELECT c.record_id, l.position, l.url, l.text FROM links l JOIN captures c ON c.id = l.capture_id",
        "imprints": "SELECT c.record_id, i.byline FROM imprints i JOIN captures c ON c.id = i.capture_id",
    }  # fmt: skip
    with closing(sqlite3.connect(path / "index.db")) as db:
        return {name: sorted(db.execute(sql).fetchall(), key=repr) for name, sql in tables.items()}


def read_again(path: Path, choice: Choice) -> int:
    with closing(Collection.open(path)) as collection:
        return reread(collection, READERS, choice, stats=ReadingStats())


@pytest.fixture(scope="module", params=[crawled, brought_in], ids=lambda make: str(make.__name__))
def collection(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = request.param(tmp_path_factory.mktemp("made") / "web")
    return path


def differ(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> list[str]:
    return [
        f"{table}: {sign} {row}"
        for table in one
        for sign, a, b in (("-", one, other), ("+", other, one))
        for row in a[table]
        if row not in b[table]
    ]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_all_read_again_is_what_a_rebuild_gives(collection: Path, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse_again, "interpret", read_otherwise(seed))
        rebuild(collection, READERS)
    read_again(collection, Choice(since=datetime(2000, 1, 1, tzinfo=UTC)))
    again = dump(collection)
    assert spoilt(collection) == []
    rebuild(collection, READERS)
    assert differ(again, dump(collection)) == []


@given(seed=st.integers(0, 10_000), part=st.integers(0, 30))
@settings(max_examples=8, deadline=None)
def test_a_part_read_again_is_what_a_rebuild_by_both_readers_gives(collection: Path, seed: int, part: int) -> None:
    with Index.open(collection / "index.db", readonly=True) as index:
        first = min(capture.date for capture in index.captures())
    step = timedelta(hours=1) if first == START else timedelta(hours=12)
    read: set[str] = set()

    def noted(site: Site, received: Received, options: Options = ALL) -> Outcome:
        read.add(received.capture.record_id)
        return interpret(site, received, options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse_again, "interpret", read_otherwise(seed))
        rebuild(collection, READERS)
        patch.setattr(parse_again, "interpret", noted)
        read_again(collection, Choice(since=first + part * step))
        again = dump(collection)
        patch.setattr(parse_again, "interpret", read_otherwise(seed, lambda record_id: record_id not in read))
        rebuild(collection, READERS)
    assert differ(again, dump(collection)) == []


class Killed(BaseException):
    """In place of the signal: nothing on the way may catch it."""


def read_till_killed(path: Path, choice: Choice, *, after: int) -> tuple[int, bool]:
    """Read again until the n-th batch is filed; the number of captures that an earlier call had read, and whether it was killed."""
    taken_up, left = list[int](), after

    def tell(what: str, count: int, share: float) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Killed

    with closing(Collection.open(path)) as collection, suppress(Killed):
        reread(collection, READERS, choice, stats=ReadingStats(), tell=tell, taken_up=taken_up.append)
    return sum(taken_up), left <= 0


@given(seed=st.integers(0, 10_000), template=st.booleans(), kills=st.lists(st.integers(1, 5), min_size=1, max_size=3))
@settings(max_examples=6, deadline=None)
def test_a_killed_one_goes_on_where_it_was(collection: Path, seed: int, template: bool, kills: list[int]) -> None:
    read: list[str] = []

    def noted(site: Site, received: Received, options: Options = ALL) -> Outcome:
        read.append(received.capture.record_id)
        return interpret(site, received, options)

    choice = Choice(template="old") if template else Choice(since=datetime(2000, 1, 1, tzinfo=UTC))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crawler.maintenance.reread._TOGETHER", 2)
        patch.setattr(parse_again, "interpret", read_otherwise(seed))
        rebuild(collection, READERS)
        patch.setattr(parse_again, "interpret", noted)
        died = sum(read_till_killed(collection, choice, after=after)[1] for after in kills)
        if died == len(kills):
            read_again(collection, choice)
        again = dump(collection)
        with closing(sqlite3.connect(collection / "index.db")) as db:
            assert not db.execute("SELECT name FROM sqlite_master WHERE name LIKE 'reread%'").fetchall()
        patch.setattr(parse_again, "interpret", read_otherwise(seed, lambda record_id: record_id not in read))
        rebuild(collection, READERS)
    assert differ(again, dump(collection)) == []
    if died == len(kills):
        assert len(read) == len(set(read)), "what was filed is not read again"


def test_what_other_readers_began_is_read_from_the_beginning(tmp_path: Path) -> None:
    collection = crawled(tmp_path / "web")
    with Index.open(collection / "index.db", readonly=True) as index:
        (story_id,) = index.query("SELECT story_id FROM versions ORDER BY 1 LIMIT 1")[0]
    every = Choice(since=datetime(2000, 1, 1, tzinfo=UTC))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crawler.maintenance.reread._TOGETHER", 2)
        read_till_killed(collection, every, after=3)
        assert read_till_killed(collection, every, after=1) == (6, True), "the same readers go on"
        patch.setattr("crawler.maintenance.reread.readers_named", lambda readers: "others")
        assert read_till_killed(collection, Choice(story=story_id), after=99) == (0, False)
    assert spoilt(collection) == []
