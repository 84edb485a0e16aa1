"""Idle connections: as many as the limit, the oldest closed first, each found again by its endpoint."""

from __future__ import annotations

from typing import cast

import pytest

from crawler.http import connection as module
from crawler.http.connection import Connection, Key, Pool


class Idle:
    """A connection that nothing happens on."""

    def __init__(self) -> None:
        self.idle_until, self.quiet, self.open = 0.0, True, True

    def abort(self) -> None:
        self.open = False


def key(n: int) -> Key:
    return "https", f"h{n}.example", 443, None


def pool(monkeypatch: pytest.MonkeyPatch, most: int) -> Pool:
    monkeypatch.setattr(module, "FEW_IDLE", most)
    monkeypatch.setattr(module, "MAX_IDLE", most)
    return Pool()


async def test_the_oldest_is_closed_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, some = pool(monkeypatch, 3), [Idle() for _ in range(5)]
    for n, one in enumerate(some):
        kept.put(key(n), cast(Connection, one), None)
    assert [one.open for one in some] == [False, False, True, True, True]
    assert kept.take(key(0)) is None
    assert kept.take(key(4)) is cast(Connection, some[4])
    kept.put(key(9), cast(Connection, Idle()), None)
    assert [one.open for one in some] == [False, False, True, True, True]
    kept.close()
    assert [one.open for one in some] == [False, False, False, False, True]


async def test_what_is_taken_and_kept_again_ends_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, (first, second) = pool(monkeypatch, 10), (Idle(), Idle())
    kept.put(key(1), cast(Connection, first), None)
    kept.put(key(1), cast(Connection, second), 0.5)  # ended already
    assert kept.take(key(1)) is cast(Connection, first)
    assert not second.open
    first.idle_until = 0.0
    kept.put(key(1), cast(Connection, first), 20.0)
    assert first.idle_until > 0
    assert kept.take(key(1)) is cast(Connection, first)
    assert kept.take(key(1)) is None


async def test_more_are_kept_where_more_files_may_be_open(monkeypatch: pytest.MonkeyPatch) -> None:
    for files, most in ((256, 64), (1024, 128), (1 << 20, 512)):
        monkeypatch.setattr(module.resource, "getrlimit", lambda _, files=files: (files, files))
        assert Pool()._most == most
