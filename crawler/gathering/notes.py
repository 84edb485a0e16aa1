"""Notes of a gathered collection, `gathered.json`: its shards, and how far each was gathered.

They only save work: rows that are gathered again change nothing. Notes that do not fit the indexes are not believed.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from attrs import asdict, define, field

from crawler.index.index import Index
from crawler.warc.output_file import write_file

NOTES = "gathered.json"


@define(kw_only=True)
class ShardNotes:
    """Progress of one shard."""

    captures_to: int = 0
    """Row number in the shard up to which captures are added."""
    failures_to: int = 0
    samples: list[list[Any]] = field(factory=list)
    """Row number, record id and reader version of some captures."""
    warcs: dict[str, str] = field(factory=dict)
    """Names of its WARCs there and here."""
    mirrors: list[dict[str, Any]] = field(factory=list)
    """Rows of its table `mirrors`."""


@define(kw_only=True)
class Notes:
    """Notes of a gathered collection."""

    whole: bool = False
    """The last gathering came to its end."""
    making: bool = False
    """What is noted lies in an index that is being made."""
    shards: dict[str, ShardNotes] = field(factory=dict)
    """By path of the shard."""

    @classmethod
    def read(cls, folder: Path) -> Notes:
        """Read the notes of a collection; empty ones if they cannot be read."""
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            values = json.loads((folder / NOTES).read_text("utf-8"))
            shards = {path: ShardNotes(**one) for path, one in values["shards"].items()}
            return cls(whole=bool(values["whole"]), making=bool(values["making"]), shards=shards)
        return cls()

    def save(self, folder: Path) -> None:
        """Write the notes, whole or not at all.

        Raises:
            WriteFailed: The disk did not take it.
        """
        write_file(folder / NOTES, [json.dumps(asdict(self), indent=1).encode() + b"\n"])

    def is_gathered(self, index: Index, path: str) -> bool:
        """Test if the captures that were noted of a shard are in an index."""
        noted = self.shards[path].samples
        return bool(noted) and all(index.captures_of_id(record_id) for _, record_id, _ in noted[-4:])
