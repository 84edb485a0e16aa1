"""Rows of one shard for Parquet tables, without those of other shards' WARCs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from attrs import frozen

from crawler.gathering.shard import Shard
from crawler.index.rows import WHOLE_VERSION
from crawler.items import READ_FROM_CUT
from crawler.schema.link_lists import links_at
from crawler.schema.packed_blocks import unpack_blocks
from crawler.urls import surt

Row = dict[str, Any]
_STEP = 500
_CAPTURES = "SELECT c.*, ? AS collection FROM captures c WHERE c.id > ? AND c.state = 'ok' ORDER BY c.id LIMIT ?"
_FAILURES = (
    "SELECT f.*, c.record_id, c.warc FROM failures f LEFT JOIN captures c ON c.id = f.capture_id WHERE f.id > ? ORDER BY f.id LIMIT ?"
)
_VERSIONS = (
    f"SELECT v.id AS row, {WHOLE_VERSION}, c.record_id, c.url, c.host, c.warc, c.offset, c.length,"
    " coalesce(c.memento_date, c.date) AS taken FROM versions v JOIN captures c ON c.id = v.capture_id WHERE v.id > ? ORDER BY v.id LIMIT ?"
)
_PICTURES = (
    "SELECT c.id, c.key, c.record_id, c.warc, c.offset, c.length, c.via IS NOT NULL AS copied, c.truncated IS NOT NULL AS cut, c.cut_at,"
    " c.date, i.byline AS file_byline, i.credit AS file_credit, i.copyright AS file_copyright FROM captures c"
    " LEFT JOIN imprints i ON i.capture_id = c.id WHERE c.id > ? AND c.role = 'requisite' AND c.status = 200 AND c.state = 'ok'"
    " AND c.cut_at IS NOT 0 AND (c.via IS NULL OR c.memento_date IS NOT NULL) ORDER BY c.id LIMIT ?"
)
_IMAGES = (
    "SELECT n, url, key, caption, credit, agency, alt, raw FROM images WHERE version_id = ? ORDER BY n"
)


@frozen
class ShardRows:
    """Rows of a shard, as values that JSON can hold."""

    shard: Shard
    others: Collection[str] = ()
    """Names of WARCs that are another shard's here."""

    def captures(self) -> Iterator[tuple[str, Row]]:
        """Yield captures with their sort key: SURT, date, record id."""
        after, sealed = 0, self.shard.sealed().keys() - set(self.others)
        while rows := self.shard.index.query(_CAPTURES, [self.shard.path.name, after, _STEP]):
            for row in rows:
                if row["warc"] in sealed:
                    yield f"{surt(row['url'])}\t{row['date']}\t{row['record_id']}", dict(row)
            after = rows[-1]["id"]

    def links(self) -> Iterator[Row]:
        """Yield the links of the captures, in page order."""
        for _, capture in self.captures():
            facts = {"record_id": capture["record_id"], "page_url": capture["url"], "date": capture["date"]}
            for _, position, url, text in links_at(self.shard.index.conn, [capture["id"]]):
                yield {**facts, "position": position, "url": url, "text": text}

    def failures(self) -> Iterator[Row]:
        """Yield the failures."""
        after = 0
        while rows := self.shard.index.query(_FAILURES, [after, _STEP]):
            yield from (dict(row) for row in rows if row["warc"] not in self.others or row["warc"] is None)
            after = rows[-1]["id"]

    def versions(self) -> Iterator[tuple[str, Row]]:
        """Yield versions with their images, and their sort key: story, text, date."""
        after, index = 0, self.shard.index
        while rows := index.query(_VERSIONS, [after, _STEP]):
            for found in rows:
                row = dict(found)
                row["blocks"] = json.dumps(unpack_blocks(row.pop("packed_blocks"), row["body"]), ensure_ascii=False, separators=(",", ":"))
                row["images"] = [dict(image) for image in index.query(_IMAGES, [row["row"]])]
                row["cut"] = READ_FROM_CUT in json.loads(row["problems"])
                yield f"{row['story_id']}\t1\t{row['text_digest']}\t{int(row['cut'])}\t{row['taken']}\t{row['record_id']}", row
            after = rows[-1]["row"]

    def pictures(self) -> Iterator[tuple[str, Row]]:
        """Yield archived pictures with their sort key: key, then rank as in `index.images`."""
        after = 0
        while rows := self.shard.index.query(_PICTURES, [after, _STEP]):
            for row in rows:
                longest = 10**15 - (row["cut_at"] or 0)
                order = f"{row['copied']}{row['cut']}\t{longest if row['cut_at'] is not None else 10**15:016}"
                yield f"{row['key']}\t0\t{order}\t{row['date']}\t{row['record_id']}", dict(row)
            after = rows[-1]["id"]

    def stories(self) -> Iterator[tuple[str, Row]]:
        """Yield stories with their sort key: before their versions."""
        for row in self.shard.index.rows("SELECT * FROM stories"):
            yield f"{row['id']}\t0\t{row['state_date'] or ''}\t{row['state'] or ''}", dict(row)
