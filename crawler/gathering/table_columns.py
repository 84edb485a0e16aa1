"""Columns of the Parquet tables of a gathering, beside those of an export."""

from __future__ import annotations

from crawler.columns.column import Column, text, time, value
from crawler.columns.tables import CAPTURES, IMAGES, LINKS, VERSIONS

FAILURES = (
    *(text(name, f"As failures.{name} of index.db.") for name in (
        "url", "host", "site", "story_id", "role", "key", "language", "found_on", "reason", "detail", "record_id",
    )),
    time("date", "When the attempt began."),
    *(Column(name, "number", value(name), f"As failures.{name} of index.db.") for name in ("attempt", "elapsed_ms")),
    Column("bytes", "long", value("bytes"), "Bytes received."),
)  # fmt: skip
STORIES = (
    text("story_id", "The story.", of="id"),
    *(text(name, f"As stories.{name} of index.db.") for name in (
        "site", "canonical_url", "published", "section", "language", "headline", "state",
    )),
    Column("number", "long", value("number"), "The publisher's number."),
    Column("versions", "number", value("versions"), "How many distinct texts are known."),
    *(time(name, f"As stories.{name} of index.db.") for name in ("first_seen", "last_seen", "state_date", "missing_since")),
)  # fmt: skip
OF_SHARDS = {"captures": CAPTURES, "links": LINKS, "failures": FAILURES}
"""Tables of a part a shard."""
OF_STORIES = {"stories": STORIES, "versions": VERSIONS, "images": IMAGES}
"""Tables in which the shards are merged, sorted by story."""
