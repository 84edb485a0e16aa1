"""Articles as JSON lines: the answer of `scrapy read`, with provenance."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.interchange.articles import Exported, articles, unread_note
from crawler.parsers.json import as_json
from crawler.subsets.outcome import Outcome, Tell
from crawler.subsets.selection import Selection


def write_jsonl(out: BinaryIO, index: Index, selection: Selection, outcome: Outcome, tell: Tell) -> None:
    """Write one line a version."""
    for one, share in articles(index, selection):
        # ASCII escapes keep line separators of other scripts from breaking a line.
        out.write(json.dumps(document(one), ensure_ascii=True, separators=(",", ":")).encode() + b"\n")
        outcome.counts["articles"] += 1
        tell("articles", outcome.counts["articles"], share)
    outcome.notes += unread_note(index, selection)


def document(one: Exported) -> dict[str, Any]:
    """One version as a JSON object: fields of `scrapy read`, then where it comes from."""
    version = one.version
    values = as_json(version.article)
    for image, record_id in zip(values["images"], one.pictures, strict=True):
        image["record_id"] = record_id
    return {
        "id": f"{version.story}#{version.n}",
        **values,
        "version": version.n,
        "newest": one.newest,
        "text_digest": version.text_digest,
        "first_seen": iso(version.first_seen),
        "last_seen": iso(version.last_seen),
        "capture": one.capture,
    }
