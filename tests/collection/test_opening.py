"""A collection of many sealed files is opened without a look at each."""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from exchange_makers import exchange, lease

from crawler.collection.collection import Collection
from crawler.index.index import Index

FILES = 1000


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "demo"
    Collection.open(path).close()
    with Index.open(path / "index.db") as index, index.atomic():
        for number in range(1, FILES + 1):
            file = path / "archive" / f"demo-20260101000000000-{number:05}-host.warc.gz"
            file.touch()
            index.add_warc(file.name, f"archive/{file.name}", bytes=0, sealed=datetime(2026, 1, 1, tzinfo=UTC), sha256="0" * 64)
    return path


async def test_sealed_files_are_looked_at_once_at_most(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: Counter[str] = Counter()

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *more: Any, **named: Any) -> Any:
            if str(path).endswith(".warc.gz"):
                looks[f"{function.__name__} {path}"] += 1
            return function(path, *more, **named)

        return call

    for module, name in ((os, "stat"), (os, "lstat"), (os, "open"), (fcntl, "flock")):
        monkeypatch.setattr(module, name, counted(getattr(module, name)))
    monkeypatch.setattr("builtins.open", counted(open))
    collection = Collection.open(many)
    try:
        await collection.record(exchange(1), lease(1))
    finally:
        collection.close()
    sealed = {what: count for what, count in looks.items() if "20260101" in what}
    assert len(sealed) <= FILES
    assert max(sealed.values(), default=0) <= 1
    assert sum(looks.values()) <= FILES + 20
    assert len(list((many / "archive").glob("*.warc.gz"))) == FILES + 1
