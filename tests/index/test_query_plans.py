"""Each index serves a query of the product, and no lookup of a single thing reads through a large table."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_makers import BEGIN, article, capture

from crawler.frontier_reads.known_pages import LANDED
from crawler.frontier_reads.queries import SETTLED
from crawler.history.divergences import divergences_of
from crawler.history.events import Wanted, events
from crawler.index import imports, originals
from crawler.index.index import Index
from crawler.index.known import KnownStories
from crawler.items import Failure, Imprint, Link
from crawler.maintenance.sample import together
from crawler.schema.compare_stories import compare_story
from crawler.search.answers import search

BY_OTHERS = {"idx_frontier_next", "idx_frontier_due", "idx_frontier_lane", "idx_frontier_scope", "idx_frontier_scope_next"}
"""Of the frontier's own queries, tested in its room."""
LARGE = {
    "captures",
    "c",
    "o",
    "stored_versions",
    "v",
    "stories",
    "s",
    "sightings",
    "images",
    "i",
    "links",
    "link_lists",
    "l",
    "failures",
    "f",
    "story_events",
    "e",
}
"""Tables that grow with the captures, and the names they have in statements."""
WHOLE = (
    "INSERT INTO captures", "canonical_url = ", "GROUP BY payload_digest", "record_type = 'revisit' AND", "read_state = 'unread' ORDER BY",
    "ORDER BY id LIMIT", "IN ()", "mirror_timeline",
    "ORDER BY published DESC LIMIT", "ORDER BY first_seen DESC LIMIT",
)  # fmt: skip
"""Statements of which a scan is right: checks of references that SQLite skips while none is open, and questions about everything; an empty list finds nothing."""


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[tuple[sqlite3.Connection, set[str]]]:
    """An index and every statement that the product sent to it: for one page and for one story."""
    statements: set[str] = set()
    with Index.open(tmp_path / "index.db") as index:
        index.conn.set_trace_callback(statements.add)
        with index.atomic():
            write(index)
        read(index)
        index.conn.set_trace_callback(None)
        told = {one.strip() for one in statements}
        yield index.conn, {one for one in told if re.match(r"(SELECT|INSERT|UPDATE|DELETE|WITH) ", one)}


def write(index: Index) -> None:
    shots = [capture(n, payload_digest=f"sha1:{n % 3}", etag="e") for n in range(1, 7)]
    for shot in shots:
        index.add_capture(shot)
        index.add_links(shot.record_id, [Link(url="https://a.example/")])
        index.file_article(shot, article(f"Headline {shot.offset}"), further=int(shot.offset == 2000))
        index.set_read_state(shot.record_id, "read", "x")
    index.add_links(shots[0].record_id, [])
    picture = capture(8, role="requisite", key="a.jpg", url="https://pics.example/a.jpg", story=None)
    index.add_capture(picture)
    index.link_image(picture)
    index.add_imprint(picture, Imprint(byline="Ada"))
    revisit = capture(
        9,
        record_type="revisit",
        revisit_of=shots[0].record_id,
        payload_digest="sha1:1",
        refers_to_url=shots[0].url,
        refers_to_date=shots[0].date,
    )
    index.add_capture(revisit)
    index.sight_again(revisit, shots[0].record_id)
    index.add_failure(Failure(target=shots[0].target, date=BEGIN, reason="dns", record_id=shots[1].record_id))
    index.add_capture(capture(216, status=404))
    index.deny(capture(216), "gone")
    index.give_way(capture(5, truncated="length", cut_at=9))
    index.rename_capture(shots[5].record_id, "urn:uuid:other")
    index.move_capture(shots[4].record_id, capture(5, offset=9))
    index.mark_lost(shots[3].record_id)


def read(index: Index) -> None:
    shot = capture(1, payload_digest="sha1:1")
    index.came_before(shot, "2027")
    index.failure_at(shot.record_id)
    index.capture(shot.record_id)
    index.captures_of_id(shot.record_id)
    index.is_lost(shot.record_id)
    index.capture_of_payload("sha1:1")
    index.places(shot.warc)
    index.reach(shot.warc)
    index.links_of(shot.url)
    index.story("harbour/1000")
    index.versions("harbour/1000")
    index.sightings("harbour/1000")
    index.series_of(shot)
    for words in ("harbour/1000", "1000", shot.url):
        index.find_story(words)
    list(index.unread())
    index.stats()
    search(index, "headline")
    list(events(index, Wanted(since=BEGIN, limit=9)))
    list(events(index, Wanted(story="harbour/1000")))
    for number in index.query("SELECT id FROM captures ORDER BY id LIMIT 9"):
        originals.original_of(index.conn, number[0])
    revisits = list(originals.open_revisits(index.conn))
    originals.unsighted(index.conn)
    originals.candidates(index.conn, [1, *revisits], warcs=[shot.warc])
    originals.other_digests(index.conn, [1])
    imports.to_parse(index, shot.warc)
    imports.last_usable(index, shot.key)
    together(index, shot.key)
    compare_story(index.conn, "harbour/1000")
    divergences_of(index.query, "harbour/1000")
    index.query("SELECT 1 FROM common_sightings WHERE capture_id = 1")
    index.query("SELECT host FROM mirror_timeline")
    index.query("SELECT headline FROM latest_versions ORDER BY published DESC LIMIT 9")
    index.query("SELECT headline FROM stories ORDER BY first_seen DESC LIMIT 9")
    index.query("SELECT caption FROM pictures ORDER BY published DESC LIMIT 9")
    index.query("SELECT section, count(*) FROM pictures GROUP BY 1")
    index.query("SELECT headline FROM headline_changes ORDER BY date DESC LIMIT 9")
    for kind in ("credit", "agency"):
        index.query(f"SELECT {kind} FROM pictures_by_{kind}")
    known = KnownStories(index.path)
    known.versions("harbour/1000")
    known.close()


def plan(conn: sqlite3.Connection, statement: str) -> list[str]:
    return [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {statement}")]


def test_every_index_serves_a_query(asked: tuple[sqlite3.Connection, set[str]]) -> None:
    conn, statements = asked
    used = {name for one in statements for step in plan(conn, one) for name in re.findall(r"idx_\w+", step)}
    there = {
        row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND name GLOB 'idx_[a-z]*'")
    }
    assert not there - used - BY_OTHERS - UNIQUE


UNIQUE = {"idx_failures_attempt", "idx_images_place"}
"""They say what is one row."""


def test_nothing_single_is_found_by_reading_a_large_table(asked: tuple[sqlite3.Connection, set[str]]) -> None:
    conn, statements = asked
    scans = [
        (step, one)
        for one in statements
        for step in plan(conn, one)
        if (found := re.match(r"SCAN (\w+)(?! VIRTUAL)", step)) and found[1] in LARGE and not any(words in one for words in WHOLE)
    ]
    assert not scans


@pytest.mark.parametrize("statement", [LANDED.replace("?1", "'x'"), f"SELECT t.key FROM frontier t WHERE {SETTLED}"])
def test_captures_are_found_by_key(tmp_path: Path, statement: str) -> None:
    """Most keys are addresses and in no index of keys: a comparison with `key` alone reads every capture."""
    with Index.open(tmp_path / "index.db") as index:
        assert not [step for step in plan(index.conn, statement) if re.match(r"SCAN (c|captures)\b", step)]
