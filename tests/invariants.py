"""What holds in a collection after every crawl, replay, reindex and repair, whatever it met: checked behind each one of the suite.

`stands` calls `check` when such a command has ended; a test does not ask for it. The tables are read as SQLite gives them and the WARCs
by warcio, so that what the crawler says of itself is not judged by the code that says it.

    COLLECTION: [check] what is wrong and where
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import define, frozen
from warc_records import Found, by_ours, by_warcio, entity, facts, sealed_warcs, sha1

from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, REASONS
from crawler.index.store import Index
from crawler.index.versions import text_digest

KNOWN_MISSING: dict[str, str] = {}
"""Checks that are not held to yet, with the reason. Empty where the product keeps its word."""

WHOLE = (EXIT_COMPLETE, EXIT_INCOMPLETE)
"""Exit codes of a run that came to its own end."""
FINAL = ("done", "failed", "refused")
READ_STATES = ("unread", "read", "unreadable", "not-a-story")
REDIRECTS = "(301, 302, 303, 307, 308)"
MOST = 5
"""Complaints of one check that are shown."""


@frozen
class Complaint:
    """One broken promise."""

    check: str
    what: str


@define
class Collection:
    """A closed collection, and what is known of the command that closed it.

    Args:
        command: `crawl`, `reindex`, `repair`; `open` where a test opened and closed the collection itself.
        code: Its exit code.
        out: What it printed.
        document: What `--report-json` wrote.
    """

    path: Path
    db: sqlite3.Connection
    command: str = "open"
    code: int | None = None
    out: str = ""
    document: Mapping[str, Any] | None = None

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """The rows of a SELECT."""
        return self.db.execute(sql, values).fetchall()

    def one(self, sql: str, *values: object) -> Any:
        """The only value of a SELECT."""
        return self.db.execute(sql, values).fetchone()[0]

    @cached_property
    def files(self) -> dict[str, Path]:
        """Every WARC that is not being written, also those that lie elsewhere, by the name that captures use."""
        listed = self.path / "elsewhere.txt"
        lines = [line for line in listed.read_text().splitlines() if line.strip()] if listed.exists() else []
        others = [Path(json.loads(line)["path"] if line.startswith("{") else line) for line in lines]
        files = {file.name: file for file in [*others, *sealed_warcs(self.path)]}
        files |= {row["name"]: file for row in self.rows("SELECT name, path FROM warcs") if (file := self.path / row["path"]).exists()}
        return {name: file for name, file in sorted(files.items()) if file.exists()}

    @cached_property
    def warcs(self) -> dict[str, list[Found]]:
        """The records of every file that warcio can read."""
        return {name: by_warcio(file) for name, file in self.files.items() if re.search(r"\.warc(\.gz)?$", file.name)}

    @cached_property
    def run(self) -> sqlite3.Row | None:
        """The run that has just ended, where it was one."""
        rows = self.rows("SELECT * FROM runs ORDER BY id DESC LIMIT 1") if self.command == "crawl" and self.code is not None else []
        return rows[0] if rows else None

    @property
    def stats(self) -> dict[str, Any]:
        """The counters of the run."""
        found: dict[str, Any] = json.loads((self.run and self.run["stats"]) or "{}")
        return found

    @property
    def whole(self) -> bool:
        """Whether a crawl came to its own end."""
        return self.run is not None and self.code in WHOLE and "ended early" not in (self.run["reason"] or "")

    @property
    def arguments(self) -> dict[str, str]:
        """The spider arguments of the run."""
        found: dict[str, str] = json.loads((self.run and self.run["arguments"]) or "{}")
        return found


CHECKS: dict[str, Callable[[Collection], Iterator[str]]] = {}


def invariant(function: Callable[[Collection], Iterator[str]]) -> Callable[[Collection], Iterator[str]]:
    """Register a check under its name."""
    CHECKS[function.__name__.replace("_", "-")] = function
    return function


def complaints(path: Path, *, skip: Container[str] = KNOWN_MISSING, **known: Any) -> list[Complaint]:
    """What is wrong with a collection; see `Collection` for what may be known of the command that closed it.

    Args:
        skip: Names of checks that are not made.
    """
    with closing(_copy(path / "index.db")) as db:
        collection = Collection(path, db, **known)
        return [Complaint(name, what) for name, found in CHECKS.items() if name not in skip for what in found(collection)]


def check(path: Path, **known: Any) -> None:
    """Raise where a promise is broken.

    Raises:
        AssertionError: Names each check, what is wrong and where.
    """
    found, shown = complaints(path, **known), Counter[str]()
    lines = []
    for one in found:
        shown[one.check] += 1
        if shown[one.check] <= MOST:
            lines.append(f"{path}: [{one.check}] {one.what}")
    if found:
        words = f"{len(found)} invariants are broken after {known.get('command', 'open')} (exit {known.get('code')}):"
        raise AssertionError("\n".join([words, *lines]))


def _copy(path: Path) -> sqlite3.Connection:
    """The index in memory: nothing is written beside the one on disk, and full text can be compared."""
    log = path.with_name(f"{path.name}-wal")
    mode = "mode=ro" if log.exists() and log.stat().st_size else "immutable=1"
    memory = sqlite3.connect(":memory:", isolation_level=None)
    memory.row_factory = sqlite3.Row
    with closing(sqlite3.connect(f"file:{path}?{mode}", uri=True)) as source:
        source.backup(memory)
    return memory


# -- the file itself


@invariant
def database(c: Collection) -> Iterator[str]:
    """The file is sound, and every reference leads to a row."""
    yield from (f"index.db: {row[0]}" for row in c.rows("PRAGMA integrity_check") if row[0] != "ok")
    yield from (f"{row[0]} row {row[1]} refers to a row of {row[2]} that is not there" for row in c.rows("PRAGMA foreign_key_check"))


@invariant
def full_text(c: Collection) -> Iterator[str]:
    """Full text is that of the rows."""
    for table in ("versions", "images"):
        try:
            c.db.execute(f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            yield f"{table}_fts differs from table {table}: {error}"
        for row in c.rows(f"SELECT id FROM {table} EXCEPT SELECT id FROM {table}_fts_docsize"):
            yield f"{table} row {row[0]} has no full text"


# -- frontier


@invariant
def frontier_final(c: Collection) -> Iterator[str]:
    """A run that came to its end leaves nothing leased or captured, and nothing queued that was due, but what its report tells of."""
    for row in c.rows("SELECT url, state FROM frontier WHERE state NOT IN ('queued', 'leased', 'captured', 'done', 'failed', 'refused')"):
        yield f"{row['url']}: state {row['state']!r}"
    if not c.whole or c.run is None:
        return
    mine = "" if not {"story", "url", "max_stories"} & c.arguments.keys() else f" AND run_id = {c.run['id']}"
    for row in c.rows(f"SELECT url, state FROM frontier WHERE state IN ('leased', 'captured'){mine}"):
        yield f"{row['url']}: still {row['state']} after a run that ended ({c.run['reason']})"
    left = c.rows(f"SELECT url, due FROM frontier WHERE state = 'queued' AND coalesce(due, '') <= ?{mine} LIMIT {MOST}", c.run["ended"])
    if left and not (_beyond(c.stats) or {"max_stories", "max_pages"} & c.arguments.keys()):
        yield from (f"{row['url']}: still queued, due {row['due']}, and the report tells of no limit" for row in left)


def _beyond(stats: Mapping[str, Any]) -> list[str]:
    """What a report says was left in the queue."""
    return [reason for reason in stats.get("omitted", {}) if "queue" in reason or "max_" in reason or "beyond" in reason]


@invariant
def frontier_reason(c: Collection) -> Iterator[str]:
    """What failed or was refused has a reason, in our words."""
    for row in c.rows("SELECT url, state, reason FROM frontier WHERE state IN ('failed', 'refused') OR reason IS NOT NULL"):
        if row["reason"] not in REASONS:
            yield f"{row['url']}: {row['state']} for reason {row['reason']!r}"


@invariant
def frontier_outcome(c: Collection) -> Iterator[str]:
    """What is done has a capture of its key, or a reason; what failed after an attempt has a row of failures."""
    for row in c.rows(
        "SELECT url, key, record_id FROM frontier f WHERE state = 'done' AND reason IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM captures c WHERE c.record_id = f.record_id AND c.key = f.key AND c.state = 'ok')"
    ):
        yield f"{row['url']}: done, without reason, and no capture {row['record_id']} of key {row['key']}"
    for row in c.rows(
        "SELECT url, key, reason FROM frontier f WHERE state IN ('failed', 'refused') AND attempts > 0 AND NOT EXISTS"
        " (SELECT 1 FROM failures x WHERE x.key = f.key)"
    ):
        yield f"{row['url']}: {row['reason']} after an attempt, and no row of failures for key {row['key']}"


# -- captures and WARCs


@invariant
def warc_files(c: Collection) -> Iterator[str]:
    """Each row of warcs is a file of that size and digest; none stays open."""
    for row in c.rows("SELECT * FROM warcs"):
        file = c.path / row["path"]
        if not file.exists():
            yield f"warcs: {row['name']}: {row['path']} is not there"
            continue
        if row["bytes"] is not None and row["bytes"] != file.stat().st_size:
            yield f"warcs: {row['name']}: {file.stat().st_size} bytes on disk, {row['bytes']} in the table"
        if row["sha256"] is not None and row["sha256"] != hashlib.sha256(file.read_bytes()).hexdigest():
            yield f"warcs: {row['name']}: sha256 differs from the file's"
    yield from (f"{file.name}: left open" for file in (c.path / "archive").glob("*.open"))


@invariant
def warcs_rows(c: Collection) -> Iterator[str]:
    """Each file has a row, and each row of a file of ours says when it was sealed and by which digest to know it again."""
    rows = {row["name"]: row for row in c.rows("SELECT * FROM warcs")}
    yield from (f"{name}: no row in warcs" for name in sorted(c.files) if name not in rows)
    for name, row in rows.items():
        if row["sha256"] is None or row["bytes"] is None:
            yield f"warcs: {name}: bytes {row['bytes']}, sha256 {row['sha256']}"
        if row["sealed"] is None and (c.path / "archive") in (c.path / row["path"]).parents:
            yield f"warcs: {name}: not sealed"
        if not _cdxj_of(c, name).exists():
            yield f"{name}: no CDXJ"


@invariant
def captures_are_the_records(c: Collection) -> Iterator[str]:
    """Each HTTP response and revisit has one row, each row a record of a kind that may be a capture, at its place."""
    places = {
        (row["warc"], row["offset"]): row
        for row in c.rows("SELECT record_id, written_id, warc, offset, length, record_type FROM captures WHERE state = 'ok'")
    }
    if len(places) != c.one("SELECT count(*) FROM captures WHERE state = 'ok'"):
        yield "two captures have one place"
    for warc, records in c.warcs.items():
        for record in records:
            row = places.pop((warc, record.offset), None)
            where = f"{warc} offset {record.offset}"
            if row is None:
                if record.type in ("response", "revisit") and record.url.startswith(("http://", "https://")):
                    yield f"{where}: {record.type} of {record.url[:80]} has no row in captures"
                continue
            if record.type not in ("response", "revisit", "resource", "conversion"):
                yield f"{where}: capture {row['record_id']} is a {record.type} record"
            if (row["written_id"] or row["record_id"]) != record.record_id:
                yield f"{where}: record {record.record_id}, in captures {row['written_id'] or row['record_id']}"
            if row["length"] != record.length:
                yield f"{where}: length {record.length}, in captures {row['length']}"
    known = set(c.warcs)
    for warc, offset in places:
        if warc in known or not warc.endswith((".arc", ".arc.gz", ".zst")):
            yield f"{warc} offset {offset}: capture {places[warc, offset]['record_id']} has no record there"


@invariant
def record_types(c: Collection) -> Iterator[str]:
    """A capture knows of what kind its record is."""
    rows = {(row["warc"], row["offset"]): row["record_type"] for row in c.rows("SELECT warc, offset, record_type FROM captures")}
    for warc, records in c.warcs.items():
        for one in records:
            if (kind := rows.get((warc, one.offset), one.type)) != one.type:
                yield f"{warc} offset {one.offset}: a {one.type} record, in captures a {kind}"


@invariant
def readers_agree(c: Collection) -> Iterator[str]:
    """Our reader finds the records that warcio finds."""
    for warc, records in c.warcs.items():
        ours, theirs = by_ours(c.files[warc]), [(one.type, one.record_id, one.offset, one.length) for one in records]
        if ours != theirs:
            first = next((pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]), (len(ours), len(theirs)))
            yield f"{warc}: read differently by our reader and warcio: {first[0]} and {first[1]}"


@invariant
def record_ids(c: Collection) -> Iterator[str]:
    """No two records that this crawler wrote share an id."""
    ours = {row[0] for row in c.rows("SELECT record_id FROM captures WHERE run_id IS NOT NULL")}
    seen = Counter(record.record_id for records in c.warcs.values() for record in records)
    yield from (f"record id {one} occurs {count} times" for one, count in seen.items() if count > 1 and one in ours)


@invariant
def digests(c: Collection) -> Iterator[str]:
    """Digests taken anew are those of the record and of the row."""
    sql = "SELECT warc, offset, payload_digest, block_digest, problem, truncated, status FROM captures WHERE state = 'ok'"
    rows = {(row["warc"], row["offset"]): row for row in c.rows(sql)}
    for warc, records in c.warcs.items():
        for record in records:
            if record.block is None:
                continue
            where, block = f"{warc} offset {record.offset}", sha1(record.block)
            written = record.block_digest or ""
            if written.startswith("sha1:") and len(written) == len(block) and written != block:
                yield f"{where}: WARC-Block-Digest {written}, of the block {block}"
            row = rows.get((warc, record.offset))
            if row is None:
                continue
            if row["block_digest"] and row["block_digest"] != block:
                yield f"{where}: captures.block_digest {row['block_digest']}, of the block {block}"
            if record.type == "response" and record.is_http and not (row["problem"] or row["truncated"]) and row["status"]:
                yield from _payload(where, record, row)


def _payload(where: str, record: Found, row: sqlite3.Row) -> Iterator[str]:
    assert record.block is not None
    try:
        digest = sha1(entity(record.block))
    except ValueError:
        return  # its head says chunked and its body is not: whoever wrote it took the framing off
    if row["payload_digest"] != digest:
        yield f"{where}: captures.payload_digest {row['payload_digest']}, of the entity body {digest}"


@invariant
def cdxj(c: Collection) -> Iterator[str]:
    """Each sealed file has its CDXJ: sorted by bytes, one line a capture, each with its place."""
    for name in c.files:
        place = _cdxj_of(c, name)
        if not place.exists():
            continue
        lines = place.read_bytes().splitlines()
        if lines != sorted(lines):
            yield f"{place.name}: not sorted"
        told = Counter((one["offset"], one["length"], one.get("digest")) for one in (json.loads(line.split(b" ", 2)[2]) for line in lines))
        sql = "SELECT offset, length, payload_digest FROM captures WHERE warc = ? AND state = 'ok'"
        want = Counter((str(one[0]), str(one[1]), one[2]) for one in c.rows(sql, name))
        if told != want:
            odd = next(iter((told - want) or (want - told)))
            yield f"{place.name}: {told.total()} lines, {want.total()} captures; first that differs: offset {odd[0]}, length {odd[1]}"


def _cdxj_of(c: Collection, name: str) -> Path:
    return c.path / "indexes" / f"{re.sub(r'([.]warc)?([.]gz)?$', '', name)}.cdxj"


@invariant
def revisits(c: Collection) -> Iterator[str]:
    """A revisit leads to a capture that holds the bytes, or says that there is none."""
    for row in c.rows(
        "SELECT warc, offset, revisit_of, status FROM captures c WHERE state = 'ok' AND (revisit_of IS NOT NULL OR record_type = 'revisit')"
        " AND NOT EXISTS (SELECT 1 FROM captures o WHERE o.record_id = c.revisit_of AND o.record_type != 'revisit' AND o.revisit_of IS NULL)"
        " AND NOT EXISTS (SELECT 1 FROM failures f WHERE f.capture_id = c.id AND f.reason = 'no-original')"
    ):
        yield f"{row['warc']} offset {row['offset']}: revisit of {row['revisit_of']}, which is no capture that holds bytes"


@invariant
def capture_states(c: Collection) -> Iterator[str]:
    """States are of our words, and a run that reads leaves nothing unread."""
    for row in c.rows("SELECT url, state, read_state FROM captures"):
        if row["state"] not in ("ok", "lost") or row["read_state"] not in READ_STATES:
            yield f"{row['url']}: state {row['state']!r}, read_state {row['read_state']!r}"
    if c.command in ("crawl", "reindex") and (c.whole or (c.command == "reindex" and c.code == 0)) and c.arguments.get("read") != "later":
        mine = f" AND run_id = {c.run['id']}" if c.run else ""
        for row in c.rows(f"SELECT url, role, status FROM captures WHERE read_state = 'unread' AND state = 'ok'{mine}"):
            yield f"{row['url']}: {row['role']}, status {row['status']}: unread"


# -- failures


@invariant
def failure_words(c: Collection) -> Iterator[str]:
    """A failure has a reason of our words, an attempt of its own, and at most one row a capture."""
    yield from (
        f"{r['url']}: failure for reason {r['reason']!r}" for r in c.rows("SELECT url, reason FROM failures") if r[1] not in REASONS
    )
    for row in c.rows(
        "SELECT url, count(*) AS n, group_concat(reason) AS reasons FROM failures GROUP BY coalesce('c' || capture_id, key || date || attempt)"
        " HAVING n > 1"
    ):
        yield f"{row['url']}: one attempt, {row['n']} rows of failures ({row['reasons']})"


@invariant
def failures_of_captures(c: Collection) -> Iterator[str]:
    """A capture without a usable answer has a failure; one that was read has none."""
    bad = (
        "(c.status >= 400 AND (c.role != 'robots' OR c.status >= 500 OR c.status = 429)) OR c.truncated IS NOT NULL OR (c.status IS NULL AND c.revisit_of IS NULL)"
        " OR (c.status = 200 AND c.read_state != 'read' AND c.role IN ('story', 'feed', 'sitemap', 'section', 'seed'))"
    )
    if c.command == "crawl" and not c.whole:
        return  # what was stopped is read by the next run
    for row in c.rows(
        f"SELECT url, status, truncated, problem FROM captures c WHERE state = 'ok' AND read_state != 'unread' AND ({bad}) AND record_type"
        " IN ('response', 'revisit') AND NOT EXISTS (SELECT 1 FROM failures f WHERE f.capture_id = c.id)"
    ):
        yield f"{row['url']}: status {row['status']}, truncated {row['truncated']}, problem {row['problem']}: no row of failures"
    for row in c.rows(
        "SELECT c.url, f.reason FROM captures c JOIN failures f ON f.capture_id = c.id WHERE c.read_state = 'read' AND c.state = 'ok'"
    ):
        yield f"{row['url']}: read, and a failure for {row['reason']}"


@invariant
def failures_without_a_byte(c: Collection) -> Iterator[str]:
    """Each attempt of which no byte came is one metadata record and one row."""
    written: Counter[tuple[str, str, str]] = Counter()
    for records in c.warcs.values():
        for one in records:
            if one.type == "metadata" and not one.concurrent and one.block is not None:
                said = facts(one.block)
                if {"site", "role", "key", "reason"} <= said.keys():
                    written[said["key"], said["reason"], said.get("attempt", "1")] += 1
    rows = Counter(
        (r["key"], r["reason"], str(r["attempt"])) for r in c.rows("SELECT key, reason, attempt FROM failures WHERE capture_id IS NULL")
    )
    for one, count in ((written - rows) + (rows - written)).items():
        yield f"{one[0]}: {one[1]}, attempt {one[2]}: {written[one]} metadata records, {rows[one]} rows of failures ({count} differ)"


@invariant
def redirects(c: Collection) -> Iterator[str]:
    """A redirect was followed, or it is a failure: one of them."""
    if c.run is None or not c.whole:
        return
    for row in c.rows(
        "SELECT c.url, c.status, (SELECT f.reason FROM failures f WHERE f.capture_id = c.id) AS reason,"
        " EXISTS (SELECT 1 FROM captures n WHERE n.key = c.key AND n.attempt = c.attempt AND n.run_id = c.run_id AND n.id > c.id)"
        " OR EXISTS (SELECT 1 FROM failures n WHERE n.key = c.key AND n.attempt = c.attempt AND n.run_id = c.run_id AND n.date >= c.date"
        " AND n.capture_id IS NOT c.id) AS followed"
        f" FROM captures c WHERE c.status IN {REDIRECTS} AND c.truncated IS NULL AND c.run_id = ?", c.run["id"]
    ):  # fmt: skip
        if bool(row["reason"]) == bool(row["followed"]):
            yield f"{row['url']}: a {row['status']} that {'was followed and' if row['followed'] else 'nothing followed, and'} has" + (
                f" a failure for {row['reason']}" if row["reason"] else " no row of failures"
            )


# -- stories


@invariant
def versions(c: Collection) -> Iterator[str]:
    """Versions are numbered 1 to n by date, and each was seen."""
    for row in c.rows("SELECT s.id, s.versions, count(v.id) AS n, min(v.n) AS low, max(v.n) AS high, count(DISTINCT v.n) AS distinct_n FROM stories s"
                      " LEFT JOIN versions v ON v.story_id = s.id GROUP BY s.id"):  # fmt: skip
        if row["versions"] != row["n"]:
            yield f"story {row['id']}: stories.versions {row['versions']}, rows of versions {row['n']}"
        if row["n"] and (row["low"], row["high"], row["distinct_n"]) != (1, row["n"], row["n"]):
            yield f"story {row['id']}: {row['n']} versions are numbered {row['low']} to {row['high']}"
    for row in c.rows("SELECT story_id, n FROM versions v WHERE NOT EXISTS (SELECT 1 FROM sightings s WHERE s.version_id = v.id)"):
        yield f"{row['story_id']} version {row['n']}: no sighting"
    for row in c.rows(
        "SELECT a.story_id, a.n FROM versions a JOIN versions b ON b.story_id = a.story_id AND b.n = a.n + 1 WHERE b.first_seen < a.first_seen"
    ):
        yield f"{row['story_id']} version {row['n'] + 1} was seen before version {row['n']}"


@invariant
def spans(c: Collection) -> Iterator[str]:
    """First and last seen are those of the sightings, for versions and for stories; a sighting has its capture's date and host."""
    for row in c.rows(
        "SELECT v.story_id, v.n, v.first_seen, v.last_seen, min(s.date) AS low, max(s.date) AS high FROM versions v"
        " JOIN sightings s ON s.version_id = v.id GROUP BY v.id HAVING (v.first_seen, v.last_seen) IS NOT (low, high)"
    ):
        yield f"{row['story_id']} version {row['n']}: seen {row['first_seen']} to {row['last_seen']}, sightings {row['low']} to {row['high']}"
    for row in c.rows(
        "SELECT t.id, t.first_seen, t.last_seen, min(v.first_seen) AS low, max(v.last_seen) AS high FROM stories t"
        " JOIN versions v ON v.story_id = t.id GROUP BY t.id HAVING (t.first_seen, t.last_seen) IS NOT (low, high)"
    ):
        yield f"story {row['id']}: seen {row['first_seen']} to {row['last_seen']}, versions {row['low']} to {row['high']}"
    for row in c.rows(
        "SELECT c.url FROM sightings s JOIN captures c ON c.id = s.capture_id WHERE (s.date, s.host) IS NOT (c.date, c.host)"
    ):
        yield f"{row['url']}: its sighting has another date or host than its capture"


@invariant
def sightings(c: Collection) -> Iterator[str]:
    """What shows a version is a capture that was read, of that story."""
    for row in c.rows(
        "SELECT v.story_id, v.n, c.url, c.story_id AS other, c.read_state FROM sightings s JOIN versions v ON v.id = s.version_id"
        " LEFT JOIN captures c ON c.id = s.capture_id WHERE c.id IS NULL OR c.read_state != 'read'"
        " OR (c.story_id IS NOT NULL AND c.story_id != v.story_id)"
    ):
        yield f"{row['story_id']} version {row['n']}: seen in {row['url']}, a capture of {row['other']} ({row['read_state']})"
    for row in c.rows(
        "SELECT story_id, n FROM versions v WHERE NOT EXISTS (SELECT 1 FROM sightings s WHERE s.version_id = v.id AND s.capture_id = v.capture_id)"
    ):
        yield f"{row['story_id']} version {row['n']}: its values are from a capture that does not show it"


@invariant
def texts(c: Collection) -> Iterator[str]:
    """A version's digest and body are those of its row."""
    index = Index(c.path / "index.db", _Connected(c.db), readonly=True)  # type: ignore[arg-type]
    for (story,) in c.rows("SELECT DISTINCT story_id FROM versions"):
        for version in index.versions(story):
            if text_digest(version.article) != version.text_digest:
                yield f"{story} version {version.n}: text_digest is not that of its text"
    for row in c.rows("SELECT story_id, n, body, blocks FROM versions"):
        pieces = [one["text"] for one in json.loads(row["blocks"]) if one["text"] and one["kind"] not in ("picture", "related")]
        if "\n".join(pieces) != (row["body"] or ""):
            yield f"{row['story_id']} version {row['n']}: body is not its blocks joined"


@frozen
class _Connected:
    """As much of a database as `Index` needs to read."""

    conn: sqlite3.Connection


@invariant
def images(c: Collection) -> Iterator[str]:
    """Pictures are numbered from 0, and lead to a picture that was archived whole."""
    for row in c.rows(
        "SELECT i.url, c.role, c.status, c.truncated FROM images i LEFT JOIN captures c ON c.id = i.capture_id"
        " WHERE i.capture_id IS NOT NULL AND (c.id IS NULL OR c.role != 'requisite' OR c.status != 200 OR c.truncated IS NOT NULL)"
    ):
        yield f"{row['url']}: its capture is a {row['role']}, status {row['status']}, truncated {row['truncated']}"
    for row in c.rows(
        "SELECT version_id, count(*) AS total, min(n) AS low, max(n) AS high FROM images GROUP BY version_id HAVING low != 0 OR high != total - 1"
    ):
        yield f"version {row['version_id']}: {row['total']} pictures are numbered {row['low']} to {row['high']}"


# -- the run and its report


@invariant
def run_ended(c: Collection) -> Iterator[str]:
    """The row of the run says how it ended, as the exit code does."""
    if c.run is None:
        return
    if c.run["ended"] is None or c.run["stats"] is None:
        yield f"run {c.run['id']}: no end and no stats, exit code {c.code}"
    if c.run["exit_code"] != c.code:
        yield f"run {c.run['id']}: exit code {c.code}, in table runs {c.run['exit_code']}"
    printed = re.findall(r"^([A-Z ]+) \(exit code (\d+)\): ", c.out, re.MULTILINE)
    if printed and [int(code) for _, code in printed] != [c.code]:
        yield f"run {c.run['id']}: exit code {c.code}, printed {printed}"
    if printed and (printed[-1][0] == "COMPLETE") != (c.code == EXIT_COMPLETE):
        yield f"run {c.run['id']}: exit code {c.code} is called {printed[-1][0]}"


@invariant
def run_counts(c: Collection) -> Iterator[str]:
    """What the report counts is what the tables hold of that run."""
    if c.run is None or not c.whole:
        return
    run, stats = c.run["id"], c.stats
    of_run = "FROM captures WHERE run_id = ?"
    told: dict[str, Any] = {name: stats.get(name) for name in ("captures", "revisits", "failures")}
    held: dict[str, Any] = {
        "captures": c.one(f"SELECT count(*) {of_run}", run),
        "revisits": c.one(f"SELECT count(revisit_of) {of_run}", run),
        "failures": dict(map(tuple, c.rows("SELECT reason, count(*) FROM failures WHERE run_id = ? GROUP BY reason", run))),
    }
    told["addresses"] = {name: count for name, count in stats.get("frontier", {}).items() if count}
    states = dict(map(tuple, c.rows("SELECT state, count(*) FROM frontier WHERE run_id = ? GROUP BY state", run)))
    if healed := told["addresses"].pop("given by another mirror", 0):
        told["addresses"]["failed"] = told["addresses"].get("failed", 0) + healed
    held["addresses"] = states
    stories = stats.get("stories", {})
    told["stories"] = {name: stories.get(name, 0) for name in ("new", "changed", "unchanged")}
    held["stories"] = _stories(c, run)
    if c.run["site"] == "replay":
        del told["captures"], told["revisits"], told["stories"], told["failures"]
    elif c.one("SELECT count(*) FROM runs WHERE id < ? AND coalesce(exit_code, -1) NOT IN (0, 10)", run) or c.one(
        "SELECT count(*) FROM captures WHERE run_id IS NULL"
    ):
        # What an earlier run captured and did not live to read is read, and counted, by this one; so is what a lost index knew was read.
        del told["stories"], told["failures"]
    for name, count in told.items():
        if count != held[name]:
            yield f"run {run}: {name}: {count} in the report, {held[name]} in the tables"


def _stories(c: Collection, run: int) -> dict[str, int]:
    """How many texts of a run were new, changed, unchanged."""
    new, changed = (
        c.one(f"SELECT count(*) FROM versions v JOIN captures c ON c.id = v.capture_id WHERE c.run_id = ? AND v.n {which}", run)
        for which in ("= 1", "> 1")
    )
    seen = c.one("SELECT count(*) FROM sightings s JOIN captures c ON c.id = s.capture_id WHERE c.run_id = ?", run)
    return {"new": new, "changed": changed, "unchanged": seen - new - changed}


@invariant
def run_verdict(c: Collection) -> Iterator[str]:
    """What is called complete has nothing that failed and nothing due that was left out; what was left out is counted, with a reason."""
    if c.run is None:
        return
    for reason, one in c.stats.get("omitted", {}).items():
        if not reason.strip() or one["count"] < 1:
            yield f"left out: {one['count']} for reason {reason!r}"
        if one["incomplete"] and c.code == EXIT_COMPLETE:
            yield f"COMPLETE, and {one['count']} {reason} were due ({one['example']})"
    if c.code != EXIT_COMPLETE:
        return
    if c.stats.get("failed_urls"):
        yield f"COMPLETE, and {c.stats['failed_urls'][0]} failed"
    failed = c.rows("SELECT key, host, url FROM frontier WHERE state = 'failed' AND run_id = ?", c.run["id"])
    for row in failed:
        like = f"{row['key'].rpartition('@')[0]}@%"
        if not row["host"] or not c.one(
            "SELECT count(*) FROM frontier WHERE state = 'done' AND run_id = ? AND key LIKE ?", c.run["id"], like
        ):
            yield f"COMPLETE, and {row['url']} failed"


@invariant
def report_document(c: Collection) -> Iterator[str]:
    """What `--report-json` wrote is what the table holds."""
    if c.document is None or c.run is None:
        return
    said = (c.document.get("exit_code"), c.document.get("reason"), c.document.get("stats"))
    if said != (c.run["exit_code"], c.run["reason"], c.stats):
        yield f"run {c.run['id']}: --report-json says {said[:2]}, the table {(c.run['exit_code'], c.run['reason'])}"
