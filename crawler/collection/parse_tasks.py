"""Captures to be parsed, each with the place of its payload in the WARCs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from crawler.archive_files.captures import TORN
from crawler.collection.ingest import lease_for
from crawler.collection.layout import find_warc
from crawler.index.index import Index
from crawler.items import Capture
from crawler.processing.parse_again import Task


def tasks(index: Index, path: Path, captures: Iterable[Capture]) -> Iterator[Task]:
    """Yield the parse tasks of captures; the payload of a revisit is its original's."""
    for capture in captures:
        source = (index.capture(capture.revisit_of) if capture.revisit_of and capture.status != 304 else None) or capture
        place, own = find_warc(path, source.warc), source is capture
        redirects = own and capture.record_type == "revisit"
        yield Task(
            capture=capture, lease=lease_for(capture), warc=place, offset=source.offset, status=source.status,
            torn=source.truncated == TORN, failure=index.failure_at(capture.record_id) if capture.is_cut else None,
            head=None if own and not redirects else (place if redirects else find_warc(path, capture.warc), capture.offset),
        )  # fmt: skip
