"""`scrapy serve`: which collections, one line where it cannot, a quiet end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from small_collections import twelve
from typed_commands import Typed

from crawler.collection.collection import Collection
from crawler.playback.replay import Replay
from crawler.roomframe.room import options_of


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_comes(tmp_path: Path, number: signal.Signals) -> None:
    twelve(tmp_path / "a")
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "crawler.settings", "ARCHIVE_DIR": str(tmp_path)}
    words = [sys.executable, "-m", "scrapy", "serve", "--port", "0"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Reading room: http://127.0.0.1:"), process.stderr.read() if process.stderr else ""
        with urllib.request.urlopen(line.split()[2]) as answer:
            assert b"<h1>" in answer.read()
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")
    assert not (tmp_path / "a" / "index.db-shm").exists()


def test_a_port_in_use_is_one_line(typed: Typed, tmp_path: Path) -> None:
    twelve(tmp_path / "a")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = typed("serve", "--port", str(port))
    assert answer.code == 1
    assert answer.err == f"serve: --port {port}: in use by another program; --port names another, --port 0 takes any\n"


@pytest.mark.parametrize("words", [("--port", "x"), ("--port", "65536"), ("--port", "-1"), ("--nonsense",)])
def test_what_means_nothing_is_refused(typed: Typed, words: tuple[str, ...]) -> None:
    answer = typed("serve", *words)
    assert answer.code == 2
    assert answer.err


def test_an_address_of_another_machine_is_one_line(typed: Typed, tmp_path: Path) -> None:
    twelve(tmp_path / "a")
    for host in ("192.0.2.1", "no.such.host.invalid"):
        answer = typed("serve", "--port", "0", "--host", host)
        assert answer.code == 1
        assert answer.err.startswith("serve: --host " + host)
        assert answer.err.count("\n") == 1


def test_no_such_collection_is_one_line(typed: Typed, tmp_path: Path) -> None:
    assert typed("serve").code == 1
    answer = typed("serve", "nope")
    assert answer.code == 1
    assert "no collection 'nope'" in answer.err
    (tmp_path / "empty" / "archive").mkdir(parents=True)
    answer = typed("serve", "empty")
    assert answer.code == 1
    assert "scrapy reindex" in answer.err


def test_collections_that_cannot_be_read_are_left_out_by_name(typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Collection.open(tmp_path / "good").close()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "index.db").write_bytes(b"nonsense" * 1000)
    served: list[str] = []
    monkeypatch.setattr("crawler.readingroom.server.serve", lambda room, **_: served.extend(room.databases))
    answer = typed("serve")
    assert answer.code == 0
    assert answer.err.startswith("serve: left out: ")
    assert "bad" in answer.err
    assert [name for name in served if not name.startswith("_")] == ["good"]


def test_without_the_extra_one_line_says_what_to_type(typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Collection.open(tmp_path / "a").close()
    monkeypatch.setitem(sys.modules, "datasette.app", None)
    answer = typed("serve")
    assert answer.code == 1
    assert "-e '.[browse]'" in answer.err
    assert answer.err.count("\n") == 1


def test_replay_is_started_for_each_folder_and_linked_to(typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [twelve(tmp_path / "a"), twelve(tmp_path / "b"), twelve(tmp_path / "elsewhere" / "c")]
    opened: list[tuple[Path, bool]] = []
    closed: list[str] = []

    class Started(Replay):
        def close(self) -> None:
            closed.append(self.base)

    def opening(settings: object, folder: Path, *, start: bool) -> Replay | None:
        opened.append((folder, start))
        return Started(f"http://127.0.0.1:{8000 + len(opened)}") if start else None

    served: list[object] = []

    def serving(room: Any, **_: object) -> None:
        served.append((options_of(room)["replay"], tuple(closed)))

    monkeypatch.setattr("crawler.playback.replay.open_replay", opening)
    monkeypatch.setattr("crawler.readingroom.server.serve", serving)
    assert places
    assert typed("serve", "a", "b", str(tmp_path / "elsewhere" / "c"), "--replay").code == 0
    assert served == [({"a": "http://127.0.0.1:8001", "b": "http://127.0.0.1:8001", "c": "http://127.0.0.1:8002"}, ())]
    assert closed == ["http://127.0.0.1:8002", "http://127.0.0.1:8001"]
    assert typed("serve", "a").code == 0
    assert served[1][0] == {}
    assert opened[-1] == (tmp_path, False)


def test_without_pywb_one_line_says_the_two_commands(typed: Typed, tmp_path: Path) -> None:
    twelve(tmp_path / "a")
    answer = typed("serve", "--replay", "-s", f"ARCHIVE_PYWB={tmp_path / 'none'}")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "ARCHIVE_PYWB" in answer.err
