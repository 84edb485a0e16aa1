"""Probes of a worker whose place cannot be had, or is lost meanwhile."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import SetupError
from crawler.work.health import HealthFile, HealthServer, health_of


def well() -> dict[str, Any]:
    return {"ok": True}


def test_nothing_is_asked_for() -> None:
    assert health_of(None, well) is None


async def test_an_address_in_use_is_refused_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        one = health_of(place, well)
        assert isinstance(one, HealthServer)
        with pytest.raises(SetupError, match=f"ARCHIVE_HEALTH={place}: cannot listen there"):
            await one.start()
        await one.close()


async def test_a_file_that_cannot_be_written_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    one = health_of(str(tmp_path / "file" / "health.json"), well)
    assert isinstance(one, HealthFile)
    with pytest.raises(SetupError, match="ARCHIVE_HEALTH"):
        await one.start()
    (tmp_path / "file").unlink()
    await one.close()


async def test_a_file_is_written_again_and_a_fault_of_it_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("crawler.work.health.FILE_SECONDS", 0.01)
    facts, folder = {"ok": True}, tmp_path / "run"
    folder.mkdir()
    one = HealthFile(str(folder / "health.json"), lambda: facts)
    await one.start()
    facts["ok"] = False
    async with asyncio.timeout(10):
        while json.loads((folder / "health.json").read_text())["ok"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        (folder / "health.json").unlink()
        folder.rmdir()
        folder.touch()
        while "health-unwritten" not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        folder.unlink()
        folder.mkdir()
        while not (folder / "health.json").exists():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await one.close()
    assert not (folder / "health.json").exists()
