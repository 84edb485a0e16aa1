"""The browser of the check: found, or one line that says what to type."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from crawler.errors import SetupError
from crawler.playback import browser as module
from crawler.playback.browser import check_installed, find_chromium, launch, playing


def test_a_named_browser_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n")
    with pytest.raises(SetupError, match=f"ARCHIVE_CHROMIUM: {program}: no program"):
        find_chromium(str(program))
    program.chmod(0o755)
    assert find_chromium(str(program)) == str(program)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium(None) == str(program)
    monkeypatch.setenv("PATH", "")
    assert find_chromium(None) is None


def test_without_the_extra_one_line_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    with pytest.raises(SetupError, match=r"-e '\.\[replay\]'"):
        check_installed()


def test_a_program_that_is_no_browser_is_one_line(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)

    async def try_it() -> None:
        async with playing() as playwright:
            await launch(playwright, str(program), "http://127.0.0.1:1")

    with pytest.raises(SetupError, match="cannot be started") as told:
        asyncio.run(try_it())
    assert "\n" not in str(told.value)
    assert module.HOW_TO_INSTALL
