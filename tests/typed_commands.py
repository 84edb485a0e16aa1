"""Commands typed in this very process: as fast as a function, with what they print and their exit code."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen
from scrapy import cmdline
from scrapy.utils.project import get_project_settings


@frozen
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str


Typed = Callable[..., Answer]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Run `scrapy WORDS` that crawls nothing, over `archives` or the test's own folder."""
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "crawler.settings")

    def scrapy(*words: str, archives: Path = tmp_path, stdin: bytes | None = None) -> Answer:
        settings = get_project_settings()
        settings.set("ARCHIVE_DIR", str(archives), priority="cmdline")
        # Only the one command: the others would load half the house.
        settings.set("COMMANDS_MODULE", f"crawler.commands.{words[0]}", priority="cmdline")
        monkeypatch.setattr(sys, "argv", ["scrapy", *words])
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cmdline.execute(["scrapy", *words], settings)
        out, err = capsys.readouterr()
        return Answer(int(ended.value.code or 0), out, err)

    return scrapy
