"""`scrapy reindex` with options: which captures are read again, what is refused and by which exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from exchange_makers import exchange, lease
from small_collections import change, recorded

from crawler.index.index import Index
from crawler.terminal.progress import Steps

Typed = Callable[..., Any]
WORDS = b"".join(
    b"<p>The council of the harbour town talked about the %s storm of the winter, and went home." % word
    for word in (b"first", b"second", b"third", b"last")
)


@pytest.fixture
def demo(tmp_path: Path, typed: Typed) -> Path:
    """Six stories, captured a second apart on 24 November 2026 and read; their index says another headline."""
    pages = [b"<html><title>Page %d</title><article><h1>Page %d</h1>%s" % (n, n, WORDS) for n in range(6)]
    leases = [lease(n, site="web", role="page", story=f"web/{n}") for n in range(6)]
    path = recorded(tmp_path / "demo", [(exchange(n, page), leases[n]) for n, page in enumerate(pages)])
    assert typed("reindex", "demo", "--unread").out == f"{path}: 6 captures read\n"
    change(
        path, "UPDATE versions SET section = 'of old readers'", "UPDATE versions SET template = 'old' WHERE story_id IN ('web/1', 'web/4')"
    )
    return path


def stale(path: Path) -> list[str]:
    with Index.open(path / "index.db", readonly=True) as index:
        return [row[0] for row in index.query("SELECT story_id FROM versions WHERE section = 'of old readers' ORDER BY 1")]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (("--since", "2026-11-24"), ""),
        (("--since", "2026-11-24T13:00:03+01:00"), "012"),
        (("--since", "2026-11-25"), "012345"),
        (("--story", "web/3"), "01245"),
        (("--story", "https://a.example/3"), "01245"),
        (("--template", "old"), "0235"),
        (("--template", "old", "--since", "2026-11-24T12:00:02"), "01235"),
        (("--unread", "--since", "2026-11-24"), "012345"),
    ],
)
def test_what_is_named_is_read_again(typed: Typed, demo: Path, words: tuple[str, ...], left: str) -> None:
    told = typed("reindex", "demo", *words)
    assert told.code == 0
    count = 6 - len(left)
    assert told.out == f"{demo}: {count} capture{'' if count == 1 else 's'} read{'' if '--unread' in words else ' again'}\n"
    assert stale(demo) == [f"web/{n}" for n in left]


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("--since", "yesterday"), 2, "reindex: --since yesterday: no date; write it as 2026-11-24, or 2026-11-24T12:30"),
        (("--since", "2026-02-30"), 2, "reindex: --since 2026-02-30: no date; write it as 2026-11-24, or 2026-11-24T12:30"),
        (("--story", "web/99"), 1, "reindex: web/99: no such story in demo; `scrapy search` finds stories by their words"),
        (("--template", "new"), 1, "reindex: nothing was read with template 'new'; there are: generic, old"),
    ],
)
def test_what_is_not_there_is_said(typed: Typed, demo: Path, words: tuple[str, ...], code: int, line: str) -> None:
    told = typed("reindex", "demo", *words)
    assert (told.code, told.out, told.err) == (code, "", line + "\n")
    assert len(stale(demo)) == 6


def test_what_is_cut_short_goes_on(typed: Typed, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []

    def interrupted(line: Steps, what: str, count: int, share: float) -> None:
        told.append((what, count, share))
        if len(told) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("crawler.maintenance.reread._TOGETHER", 2)
    with monkeypatch.context() as patch:
        patch.setattr(Steps, "tell", interrupted)
        assert typed("reindex", "demo", "--since", "2026-11-24").code == 14
    assert told == [("captures read", 2, 2 / 6), ("captures read", 4, 4 / 6)]
    assert stale(demo) == ["web/4", "web/5"]
    again = typed("reindex", "demo", "--since", "2026-11-24")
    assert again.out.splitlines() == [
        "  gone on with a re-reading that had been cut short: 4 captures were read already",
        f"{demo}: 2 captures read again",
    ]
    assert stale(demo) == []
    assert typed("reindex", "demo", "--since", "2026-11-24").out == f"{demo}: 6 captures read again\n"


@pytest.mark.parametrize("words", [("--since", "2026-11-24"), ("--story", "web/3"), ("--template", "old"), ("--unread",)])
def test_without_its_file_nothing_is_changed(typed: Typed, demo: Path, words: tuple[str, ...]) -> None:
    if words == ("--unread",):
        change(demo, "UPDATE captures SET read_state = 'unread'")
    (file,) = (demo / "archive").glob("*.gz")
    file.rename(demo / "away")
    told = typed("reindex", "demo", *words)
    assert (told.code, told.out) == (1, "")
    assert f" in {file.name}, which is not there: put it back; nothing was changed\n" in told.err
    assert len(stale(demo)) == 6
    (demo / "away").rename(file)
    assert typed("reindex", "demo", *words).code == 0
