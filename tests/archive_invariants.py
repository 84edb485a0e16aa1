"""Invariants of captures, WARC files and failures: each byte has its row, each row its bytes."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from closed import Collection, invariant
from warc_records import Found, by_ours, entity, facts, sha1

from crawler.errors import REASONS

READ_STATES = ("unread", "read", "unreadable", "not-a-story")
REDIRECTS = "(301, 302, 303, 307, 308)"


@invariant
def warc_files(c: Collection) -> Iterator[str]:
    """Each row of warcs is a file of that size and digest; none stays open."""
    for row in c.rows("SELECT * FROM warcs"):
        file = c.place(row)
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
    rows = c.rows("SELECT record_id, written_id, warc, offset, length, block_digest FROM captures WHERE state = 'ok'")
    places = {(row["warc"], row["offset"]): row for row in rows}
    held = {(row["written_id"] or row["record_id"], row["block_digest"]) for row in rows}
    if len(places) != len(rows):
        yield "two captures have one place"
    for warc, records in c.warcs.items():
        ours = _ours(records)
        for record in records:
            row = places.pop((warc, record.offset), None)
            where = f"{warc} offset {record.offset}"
            if row is None:
                # A record that another file holds too, with its id and its bytes, is one capture.
                twice = record.block is not None and (record.record_id, sha1(record.block)) in held
                if record.type in ("response", "revisit") and record.url.startswith(("http://", "https://")) and not twice:
                    yield f"{where}: {record.type} of {record.url[:80]} has no row in captures"
                continue
            if record.type not in ("response", "revisit", "resource", "conversion"):
                yield f"{where}: capture {row['record_id']} is a {record.type} record"
            if (row["written_id"] or row["record_id"]) != record.record_id:
                yield f"{where}: record {record.record_id}, in captures {row['written_id'] or row['record_id']}"
            if row["length"] != record.length and ours:
                yield f"{where}: length {record.length}, in captures {row['length']}"
    yield from _without_record(c, places)


def _ours(records: list[Found]) -> bool:
    """Whether this crawler wrote a file; of others' warcio counts what lies between records to another one of them."""
    return any(one.type == "warcinfo" and b"news-archive-crawler" in (one.block or b"") for one in records)


def _without_record(c: Collection, places: Mapping[tuple[str, int], sqlite3.Row]) -> Iterator[str]:
    known: dict[str, set[int]] = {}
    for (warc, offset), row in places.items():
        if warc in c.warcs and not _ours(c.warcs[warc]) and warc not in known:
            known[warc] = {place for _, _, place, _ in by_ours(c.files[warc])}
        if offset not in known.get(warc, ()) and (warc in c.warcs or not warc.endswith((".arc", ".arc.gz", ".zst"))):
            yield f"{warc} offset {offset}: capture {row['record_id']} has no record there"


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
        if not _ours(records):
            continue
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


UNUSED = "c.found_on IS 'about:numbers' AND c.truncated IS NULL AND (c.status < 500 AND c.status != 429)"
"""SQL: an answer that a number asked for in a backfill is no story's, which is neither a failure nor a story that is gone."""


@invariant
def failures_of_captures(c: Collection) -> Iterator[str]:
    """A capture without a usable answer has a failure; one that was read has none, but where its answer was cut off."""
    # Of a robots.txt over the limit its beginning is obeyed (RFC 9309 2.5); of a foreign file that ends within a record what is there is read.
    bad = (
        "(c.status >= 400 AND (c.role != 'robots' OR c.status >= 500 OR c.status = 429))"
        " OR (c.truncated IS NOT NULL AND c.truncated != 'torn' AND NOT (c.role = 'robots' AND c.truncated = 'length')"
        " AND NOT c.status BETWEEN 300 AND 499)"
        " OR (c.status IS NULL AND c.revisit_of IS NULL)"
        " OR (c.status = 200 AND c.read_state != 'read' AND c.role IN ('story', 'feed', 'sitemap', 'section', 'seed'))"
    )
    if c.command == "crawl" and not c.whole:
        return  # what was stopped is read by the next run
    for row in c.rows(
        f"SELECT url, status, truncated, problem FROM captures c WHERE state = 'ok' AND read_state != 'unread' AND ({bad}) AND record_type"
        " IN ('response', 'revisit') AND NOT EXISTS (SELECT 1 FROM failures f WHERE f.capture_id = c.id)"
        f" AND NOT ({UNUSED})"
    ):
        yield f"{row['url']}: status {row['status']}, truncated {row['truncated']}, problem {row['problem']}: no row of failures"
    for row in c.rows(
        "SELECT c.url, f.reason FROM captures c JOIN failures f ON f.capture_id = c.id WHERE c.read_state = 'read' AND c.state = 'ok'"
        " AND c.truncated IS NULL"
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
    """A redirect was followed, or it is a failure: one of them; or its host has had its requests of the day, and it waits for the next."""
    if c.run is None or not c.whole:
        return
    for row in c.rows(
        "SELECT c.url, c.status, (SELECT f.reason FROM failures f WHERE f.capture_id = c.id) AS reason,"
        " EXISTS (SELECT 1 FROM captures n WHERE n.key = c.key AND n.attempt = c.attempt AND n.run_id = c.run_id AND n.id > c.id)"
        " OR EXISTS (SELECT 1 FROM failures n WHERE n.key = c.key AND n.attempt = c.attempt AND n.run_id = c.run_id AND n.date >= c.date"
        " AND n.capture_id IS NOT c.id) AS followed,"
        " EXISTS (SELECT 1 FROM frontier f WHERE f.key = c.key AND f.state = 'queued') AS waits"
        f" FROM captures c WHERE c.status IN {REDIRECTS} AND c.run_id = ? AND NOT ({UNUSED} AND c.read_state = 'not-a-story')", c.run["id"]
    ):  # fmt: skip
        if bool(row["reason"]) == bool(row["followed"]) and not (row["waits"] and not row["reason"]):
            yield f"{row['url']}: a {row['status']} that {'was followed and' if row['followed'] else 'nothing followed, and'} has" + (
                f" a failure for {row['reason']}" if row["reason"] else " no row of failures"
            )
