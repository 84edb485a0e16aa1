"""A collection that a command has closed, as the checks of `invariants` look at it, and the list of these checks."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import define, field
from warc_records import Found, by_warcio, sealed_warcs

from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE

WHOLE = (EXIT_COMPLETE, EXIT_INCOMPLETE)
"""Exit codes of a run that came to its own end."""


_fetched = TemporaryDirectory(prefix="closed-")


def local(where: str) -> Path:
    """The file of an address, fetched from the store by the SDK alone."""
    if not where.startswith("s3://"):
        return Path(where)
    import boto3

    bucket, _, key = where.removeprefix("s3://").partition("/")
    folder = Path(_fetched.name) / sha256(f"{os.environ.get('AWS_ENDPOINT_URL_S3')} {where}".encode()).hexdigest()
    folder.mkdir(exist_ok=True)
    with suppress(boto3.session.botocore.exceptions.ClientError):
        boto3.session.Session().client("s3").download_file(bucket, key, str(folder / Path(key).name))
    return folder / Path(key).name


@define
class Collection:
    """A closed collection, and what is known of the command that closed it.

    Args:
        command: `crawl`, `reindex`, `repair`; `open` where a test opened and closed the collection itself.
        code: Its exit code.
        out: What it printed.
        document: What `--report-json` wrote.
        settings: Of the command, beside the project's own.
    """

    path: Path
    db: sqlite3.Connection
    command: str = "open"
    code: int | None = None
    out: str = ""
    document: Mapping[str, Any] | None = None
    settings: Mapping[str, str] = field(factory=dict)

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
        others = [local(json.loads(line)["path"] if line.startswith("{") else line) for line in lines]
        files = {file.name: file for file in [*others, *sealed_warcs(self.path)]}
        for row in self.rows("SELECT name, path FROM warcs"):
            file = local(row["path"]) if row["path"].startswith("s3://") else self.path / row["path"]
            files |= {row["name"]: file} if file.exists() else {}
        return {name: file for name, file in sorted(files.items()) if file.exists()}

    def place(self, row: sqlite3.Row) -> Path:
        """The file of a row of warcs, on this disk: fetched if it lies in a store alone."""
        own = self.path / row["path"]
        return own if own.exists() or not (row["address"] or row["path"].startswith("s3://")) else self.files.get(row["name"], own)

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
