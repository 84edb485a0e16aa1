"""Ends of pywb's keeper, looks that cannot be noted, and a pywb that runs already."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TextIO

import pytest
from small_collections import twelve

from crawler.collection.collection import Collection
from crawler.errors import CollectionLocked, SetupError
from crawler.playback import check, keeper
from crawler.playback.qa_table import note_looks
from crawler.playback.replay import Replay, open_all
from crawler.playback.run import manner_of

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[TextIO]:
    """The other end of this process's standard input: closing it ends what a keeper keeps."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin, os.fdopen(writing, "w") as other:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield other


def test_a_server_that_ends_by_itself_leaves_its_last_words_and_code(held: TextIO, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code = keeper.keep([sys.executable, "-c", "print('port in use'); raise SystemExit(3)"])
    held.close()
    assert code == 3
    assert b"port in use" in capfdbinary.readouterr().err


def test_a_server_ends_with_its_starter(held: TextIO) -> None:
    held.close()
    assert keeper.keep([sys.executable, "-c", SLEEPER]) != 0


def test_a_server_that_will_not_end_is_killed(held: TextIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "GRACE", 0.2)
    ignoring = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    held.close()
    assert keeper.keep([sys.executable, "-c", ignoring]) != 0


def test_looks_that_cannot_be_noted_are_told(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    note_looks(path, [])
    row = {"record_id": "urn:uuid:1"}
    with closing(Collection.hold(path)), pytest.raises(CollectionLocked):
        note_looks(path, [row], patience=0.3)
    with pytest.raises(SetupError, match="cannot write there"):
        note_looks(tmp_path / "nowhere", [row])


def test_a_pywb_that_runs_already_is_used_for_each_folder_and_left_running(tmp_path: Path) -> None:
    paths = [tmp_path / "one" / "a", tmp_path / "one" / "b", tmp_path / "two" / "c"]
    with ExitStack() as stack:
        found = open_all({"ARCHIVE_REPLAY_URL": "http://127.0.0.1:9/"}, paths, stack, start=False)
        assert set(found) == {"a", "b", "c"}
        assert open_all({}, paths, stack, start=False) == {}


def test_a_pywb_that_does_not_answer_is_told() -> None:
    with pytest.raises(SetupError, match="no pywb answers there"):
        check.version_of(Replay(base="http://127.0.0.1:9"))


def test_a_folder_of_screenshots_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="--screenshots"):
        manner_of({}, seconds=1.0, screenshots=str(tmp_path / "file" / "folder"))
