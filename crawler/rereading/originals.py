"""Originals of revisits over many files, found as a rebuild finds them.

The rows that revisits may refer to go into a temporary index, where the rules of `crawler.index.originals` are asked: there is no second
set of them. Only revisits and what they name are held there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from crawler.archive_files.captures import TORN
from crawler.archive_files.reader import Archived
from crawler.collection.ingest import add_archived
from crawler.collection.layout import refer
from crawler.collection.revisits import resolve_revisits
from crawler.index.index import Index
from crawler.index.rows import moment
from crawler.items import Capture, LeasedRequest, Target
from crawler.rereading.read_warc import Original
from crawler.storage.store_path import place_of
from crawler.urls import canonical_url
from crawler.warc.digest import split_digest

_RESOLVED = (
    "SELECT c.warc AS warc, c.offset AS offset, c.written_digest, o.record_id, o.warc AS other, o.offset AS place, o.status, o.truncated"
    " FROM captures c JOIN captures o ON o.record_id = c.revisit_of WHERE c.record_type = 'revisit' AND o.record_type != 'revisit'"
)
Values = Mapping[str, Any]


@frozen
class _Named:
    """Ids, addresses and digests that revisits name."""

    ids: set[str] = field(factory=set)
    urls: set[str] = field(factory=set)
    digests: set[str] = field(factory=set)
    other_algorithms: list[str] = field(factory=list)

    def add(self, values: Values) -> None:
        """Add what one revisit names."""
        self.ids.update(filter(None, [values["refers_to"]]))
        for url in (values["refers_to_url"], values["url"]):
            if url:
                self.urls.update((url, canonical_url(url)))
        for digest in filter(None, (values["payload_digest"], values["written_digest"])):
            self.digests.add(digest)
            if split_digest(digest)[0] != "sha1":
                self.other_algorithms.append(digest)

    def may_be(self, values: Values) -> bool:
        """Test if a record may be an original, or lead to one."""
        if values["record_type"] == "revisit" or self.other_algorithms:
            return True
        named = (values["record_id"], self.ids), (values["written_id"], self.ids), (values["url"], self.urls)
        digests = (values["payload_digest"], self.digests), (values["written_digest"], self.digests)
        return any(value in among for value, among in (*named, *digests) if value)


def originals_of(parts: Mapping[str, Path], where: Mapping[str, str]) -> dict[str, dict[int, Original]]:
    """Find the originals of the revisits in the `records` parts of many files.

    Args:
        parts: By name of the WARC, the path of its part.
        where: By name, where the WARC lies.
    """
    named, any_revisit = _Named(), False
    for part in parts.values():
        for values in part_rows(part):
            if values["record_type"] == "revisit":
                named.add(values)
                any_revisit = True
    if not any_revisit:
        return {}
    return _resolved((values for part in parts.values() for values in part_rows(part) if named.may_be(values)), where)


def originals_among(rows: Iterable[Values], where: Mapping[str, str]) -> dict[str, dict[int, Original]]:
    """Find the originals of revisits among rows of `records`; as `originals_of`."""
    return _resolved(rows, where)


def part_rows(part: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a part by the names of the index, batch after batch."""
    from pyarrow import parquet

    with parquet.ParquetFile(part) as file:
        for batch in file.iter_batches(batch_size=2000):
            for values in batch.to_pylist():
                for other, name in _NAMES.items():
                    if other in values:
                        values[name] = values.pop(other)
                yield values


_NAMES = {"warc_filename": "warc", "warc_record_offset": "offset", "warc_record_length": "length"}


def _resolved(rows: Iterable[Values], where: Mapping[str, str]) -> dict[str, dict[int, Original]]:
    found: dict[str, dict[int, Original]] = {}
    with tempfile.TemporaryDirectory(prefix="originals-") as folder:
        path = Path(folder)
        for name, place in where.items():
            refer(path, name, place_of(place))
        with Index.open(path / "index.db") as index:
            index.conn.execute("PRAGMA synchronous = OFF")
            with index.atomic():
                for values in rows:
                    capture = recorded_capture(values)
                    add_archived(index, Archived(lease=LeasedRequest(target=capture.target), capture=capture))
            resolve_revisits(index, path)
            for row in index.rows(_RESOLVED):
                found.setdefault(row["warc"], {})[row["offset"]] = Original(
                    record_id=row["record_id"], where=where[row["other"]], offset=row["place"], status=row["status"],
                    torn=row["truncated"] == TORN, sha1=row["written_digest"],
                )  # fmt: skip
    return found


def recorded_capture(values: Values) -> Capture:
    """The capture that a row of `records` tells of."""
    target = Target(key=values["key"], url=values["url"], site=values["site"], role=values["role"], story=values["story_id"])
    names = (
        "record_id", "host", "warc", "offset", "length", "written_id", "record_type", "status", "attempt", "truncated", "payload_digest",
        "written_digest", "refers_to_url", "block_digest", "via",
    )  # fmt: skip
    times = {name: _moment(values[name]) if values[name] else None for name in ("date", "refers_to_date", "memento_date")}
    others: dict[str, Any] = {name: values[name] for name in names} | times
    return Capture(target=target, revisit_of=values["refers_to"], **others)


def _moment(value: Any) -> Any:
    return moment(value) if isinstance(value, str) else value
