"""Make a collection of very many versions, captures and pictures, of invented words, to measure how it is searched and shown.

    python -m benchmarks.big_index --versions 100000 --captures 1000000 FOLDER

The same numbers make the same rows. Only `index.db` is made, by SQL in bulk: no WARC lies beside it, so that nothing can be replayed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sqlite3
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import field, frozen

from benchmarks.invented_texts import TONGUES, Vocabulary, vocabularies
from crawler.collection import layout
from crawler.index.full_text import index_texts
from crawler.index.index import Index
from crawler.index.rows import Value, iso
from crawler.schema.packed_blocks import pack_blocks
from crawler.schema.packed_images import packed_image
from crawler.schema.totals import COUNT, TALLY
from crawler.views.credit_folding import fold_credit
from crawler.views.gallery import KNOW_FORM

SECTIONS = ("World", "Harbour", "Economy", "Culture", "Sport", "Science", "Weather", "Letters", "Courts", "Roads", "Theatre", "Gardens")
AGENCIES = ("Norda", "Altair Press", "Quill & Sons", "Dockside", "Meridian", "Fathom", "Lantern", "Estuary")
MIRRORS = 3
WORDS = 240
"""Of a body."""
BATCH = 2000
"""Stories filed in one transaction."""
_FIRST, _LAST = datetime(2008, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
Row = dict[str, Value]
_TEXT_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%UPDATE totals%' OR name LIKE '%tallied'"
_CAPTURE_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'captures' AND sql IS NOT NULL"


@frozen(kw_only=True)
class Size:
    """How much is made."""

    versions: int
    captures: int
    words: int = WORDS


@frozen
class Rows:
    """Rows of some stories, by table."""

    captures: list[Row] = field(factory=list)
    stories: list[Row] = field(factory=list)
    stored_versions: list[Row] = field(factory=list)
    sightings: list[Row] = field(factory=list)
    stored_images: list[Row] = field(factory=list)
    denials: list[Row] = field(factory=list)


class Maker:
    """The rows of one collection, story by story."""

    def __init__(self, size: Size, read_by: Value) -> None:
        self.size, self.read_by = size, read_by
        self.languages: list[Vocabulary] = vocabularies()
        self.shares = [one.share for one in TONGUES]
        self.capture = self.version = self.image = self.story = 0

    def stories(self) -> Iterator[Rows]:
        """Make all of them, so many at a time."""
        while self.version < self.size.versions:
            rows = Rows()
            while len(rows.stories) < BATCH and self.version < self.size.versions:
                self._story(rows)
            yield rows

    def _story(self, rows: Rows) -> None:
        self.story += 1
        draw = random.Random(self.story)
        (language,) = draw.choices(self.languages, self.shares)
        code = language.tongue.code
        site = "gazette" if code == "en" else f"gazette-{code}"
        story_id, section = f"{site}/{self.story}", SECTIONS[min(int(draw.expovariate(0.3)), len(SECTIONS) - 1)]
        # Each year has more stories than the one before.
        published = _FIRST + (_LAST - _FIRST) * draw.random() ** 0.5
        wanted = 1 if draw.random() < 0.9 else draw.choice((2, 2, 3))
        count = min(wanted, self.size.versions - self.version)
        url = f"/{published:%Y/%m/%d}/{self.story}/story"
        seen = published + timedelta(minutes=draw.randrange(5, 300))
        body, last = language.paragraphs(draw, self.size.words), seen
        row: Row = {}
        for n in range(1, count + 1):
            body = [language.text(draw, 30), *body[1:]] if n > 1 else body
            row = {"story_id": story_id, "n": n, "headline": language.text(draw, 8).capitalize(), "deck": language.text(draw, 18),
                   "published": iso(published), "section": section, "language": code, "newest": int(n == count)}  # fmt: skip
            last = self._version(rows, draw, language, row, body, site, url, seen)
            seen = last + timedelta(hours=draw.randrange(1, 200))
        story: Row = {
            "id": story_id, "site": site, "number": self.story, "canonical_url": f"https://www.{site}.example{url}",
            "published": iso(published), "section": section, "language": code,
            "first_seen": rows.stored_versions[-count]["first_seen"], "last_seen": iso(last), "state": "live",
            "state_date": iso(last), "versions": count,
        }  # fmt: skip
        if draw.random() < 0.02:
            gone = last + timedelta(days=draw.randrange(1, 400))
            self._capture(rows, site, 0, url, gone, story_id, {"status": 404, "read_state": "not-a-story", "confirms": 1})
            rows.denials.append({"capture_id": self.capture, "story_id": story_id, "host": f"www.{site}.example", "date": iso(gone),
                                 "told": "gone", "confirms": 1})  # fmt: skip
            story |= {"state": "gone", "state_date": iso(gone), "missing_since": iso(gone)}
        rows.stories.append(story)

    def _version(
        self, rows: Rows, draw: random.Random, language: Vocabulary, row: Row, body: list[str], site: str, url: str, seen: datetime
    ) -> datetime:
        """Make a version with its pictures and sightings; date of the last."""
        self.version += 1
        story_id, text = str(row["story_id"]), "\n".join(body)
        self._capture(rows, site, draw.randrange(MIRRORS), url, seen, story_id, {})
        first, first_seen = self.capture, seen
        pictures = draw.choice((1, 1, 1, 2, 3))
        self._pictures(rows, draw, language, site, url, seen, story_id, pictures)
        sighted = [(first, rows.captures[-pictures - 1])]
        for _ in range(max(0, self.size.captures * self.version // self.size.versions - self.capture)):
            seen += timedelta(minutes=draw.randrange(20, 4000))
            self._capture(rows, site, draw.randrange(MIRRORS), url, seen, story_id, {"revisit_of": sighted[0][1]["record_id"]})
            sighted.append((self.capture, rows.captures[-1]))
        rows.sightings.extend(
            {"capture_id": number, "version_id": self.version, "host": one["host"], "date": one["date"]} for number, one in sighted
        )
        blocks = [{"kind": "paragraph", "text": one, "image": None} for one in body]
        rows.stored_versions.append(row | {
            "id": self.version, "text_digest": hashlib.sha256(b"%d" % self.version).digest(), "capture_id": first, "template": "story",
            "reader_version": "made", "headline_alternatives": "[]", "body": text, "blocks": pack_blocks(blocks, text),
            "authors": json.dumps([f"Ada {language.words[draw.randrange(200)].capitalize()}"], ensure_ascii=False),
            "breadcrumb": "[]", "tags": "[]", "videos": "[]", "related": "[]", "alternates": "[]",
            "canonical_url": f"https://www.{site}.example{url}", "read_by": self.read_by, "problems": "[]", "first_seen": iso(first_seen),
            "last_seen": iso(seen) if seen > first_seen else "",
        })  # fmt: skip
        return seen

    def _pictures(
        self, rows: Rows, draw: random.Random, language: Vocabulary, site: str, url: str, seen: datetime, story_id: str, count: int
    ) -> None:  # fmt: skip
        for n in range(count):
            self.image += 1
            address = f"https://www.{site}.example/pictures{url}/{self.image}.jpg"
            self._capture(rows, site, 0, address, seen + timedelta(seconds=n + 1), story_id,
                          {"role": "requisite", "key": address, "mime": "image/jpeg", "read_state": "not-a-story"})  # fmt: skip
            agency = draw.choice(AGENCIES) if draw.random() < 0.8 else None
            caption, by = language.text(draw, 10), f"Photo by {agency}" if agency else f"{language.words[draw.randrange(50)].capitalize()}"
            image: Row = {"n": n, "url": address, "key": address, "caption": caption, "credit": by, "agency": agency, "alt": caption,
                          "raw": f"{caption} ({by})"}  # fmt: skip
            rows.stored_images.append({
                "id": self.image, "version_id": self.version, **packed_image(image), "capture_id": self.capture,
            })  # fmt: skip

    def _capture(self, rows: Rows, site: str, mirror: int, path: str, when: datetime, story_id: str, more: Row) -> None:
        self.capture += 1
        host = f"www.{site}.example" if mirror == 0 else f"m{mirror}.{site}.example"
        url = path if path.startswith("https://") else f"https://{host}{path}"
        rows.captures.append({
            "id": self.capture, "record_id": f"urn:uuid:00000000-0000-4000-8000-{self.capture:012x}", "url": url, "host": host,
            "site": site, "story_id": story_id, "role": "story", "key": story_id, "attempt": 1, "date": iso(when), "method": "GET",
            "status": 200, "mime": "text/html", "payload_digest": f"sha1:{self.capture:032}", "block_digest": f"sha1:{self.capture:032}",
            "warc": f"{site}-{self.capture // 20_000:05}.warc.gz", "offset": self.capture % 20_000 * 50_000, "length": 50_000,
            "revisit_of": None, "ip": "203.0.113.7", "protocol": "http/1.1", "elapsed_ms": 120, "read_state": "read", "confirms": None,
            "record_type": "revisit" if "revisit_of" in more else "response", "reader_version": "made", **more,
        })  # fmt: skip


def make(folder: Path, size: Size) -> None:
    """Make the collection, unless its index is there."""
    path = folder / "index.db"
    if path.exists():
        return
    layout.make_folders(folder)
    layout.write_layout(folder, folder.name)
    with Index.open(path) as index:
        conn = index.conn
        for pragma in ("synchronous = OFF", "cache_size = -400000", "journal_mode = MEMORY", "foreign_keys = OFF"):
            conn.execute(f"PRAGMA {pragma}").fetchall()
        with index.atomic():
            fields = dict.fromkeys(("headline", "deck", "body", "published", "section", "language", "images"), "story")
            read_by = index.reader_names.pack(conn, fields, json.dumps(fields))
        with _Without(conn, _TEXT_TRIGGERS, _CAPTURE_INDEXES):
            for rows in Maker(size, read_by).stories():
                _file(index, rows)
        with index.atomic():
            conn.execute("DELETE FROM totals")
            conn.execute("DELETE FROM tallies")
            conn.execute(COUNT)
            conn.execute(TALLY)
        stories = [story for (story,) in conn.execute("SELECT id FROM stories ORDER BY rowid")]
        for first in range(0, len(stories), BATCH):
            with index.atomic():
                conn.executemany("INSERT INTO temp.events_due VALUES (?)", ((one,) for one in stories[first : first + BATCH]))
        conn.execute("INSERT INTO versions_fts(versions_fts) VALUES ('optimize')")
        conn.execute("INSERT INTO images_fts(images_fts) VALUES ('optimize')")
        conn.execute("PRAGMA journal_mode = WAL").fetchall()


class _Without:
    """Drop triggers or indexes for a while: all rows at once are counted and sorted in less time."""

    def __init__(self, conn: sqlite3.Connection, *which: str) -> None:
        self.conn, self.dropped = conn, [row for sql in which for row in conn.execute(sql).fetchall()]

    def __enter__(self) -> None:
        for name, sql in self.dropped:
            self.conn.execute(f"DROP {sql.split()[1] if sql.split()[1] != 'UNIQUE' else 'INDEX'} {name}")

    def __exit__(self, *_: object) -> None:
        for _name, sql in self.dropped:
            self.conn.execute(sql)


def _file(index: Index, rows: Rows) -> None:
    """File the rows of some stories, with full text."""
    conn = index.conn
    with index.atomic():
        forms = {(kind, str(row[kind])) for row in rows.stored_images for kind in ("credit", "agency") if row[kind]}
        conn.executemany(KNOW_FORM, ((kind, printed, fold_credit(printed)) for kind, printed in sorted(forms)))
        for table in ("captures", "stories", "stored_versions", "stored_images", "sightings", "denials"):
            _insert(conn, table, getattr(rows, table))
        for table, images in (("versions", rows.stored_versions), ("images", rows.stored_images)):
            conn.executemany("INSERT INTO temp.unindexed VALUES (?, ?)", ((table, row["id"]) for row in images))
        index_texts(conn)
        # Their events are derived when all is there.
        conn.execute("DELETE FROM temp.events_due")


def _insert(conn: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    by_names: dict[tuple[str, ...], list[tuple[Value, ...]]] = {}
    for row in rows:
        by_names.setdefault(tuple(row), []).append(tuple(row.values()))
    for names, values in by_names.items():
        conn.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", values)


def main(words: list[str] | None = None) -> None:
    """Make a collection and say how long it took."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.big_index", description=(__doc__ or "").split("\n")[0])
    options.add_argument("--versions", type=int, default=100_000)
    options.add_argument("--captures", type=int, help="pages, pictures and repeats together (default: ten a version)")
    options.add_argument("--words", type=int, default=WORDS, help=f"of a body (default: {WORDS})")
    options.add_argument("folder", type=Path, metavar="FOLDER")
    given = options.parse_args(words)
    began = time.process_time()
    make(given.folder, Size(versions=given.versions, captures=given.captures or 10 * given.versions, words=given.words))
    bytes_ = (given.folder / "index.db").stat().st_size
    print(f"{given.folder}: {given.versions:,} versions, {bytes_ / 1e9:.2f} GB, {time.process_time() - began:.0f} s of processor time")


if __name__ == "__main__":
    main()
