"""The notebook of examples/ runs over the demo's collection, and prints what is stored in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest
from stands import ROOT
from traitlets.config import Config

FILE = ROOT / "examples" / "credits.ipynb"
IPC = Config({"KernelManager": {"transport": "ipc"}})
"""Sockets in the working folder instead of ports."""


def test_the_notebook_prints_what_it_shows(demo_archives: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARCHIVE_DIR", str(demo_archives))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    shown = nbformat.read(FILE, 4)
    ran = nbformat.read(FILE, 4)
    nbclient.NotebookClient(ran, timeout=60, kernel_name="python3", store_widget_state=False, config=IPC).execute()
    printed = [_printed(cell) for cell in ran.cells]
    assert sum(bool(text) for text in printed) >= 5
    assert printed == [_printed(cell) for cell in shown.cells]


def test_the_stored_notebook_is_sound_and_names_no_machine() -> None:
    notebook = nbformat.read(FILE, 4)
    nbformat.validate(notebook)
    assert not [cell for cell in notebook.cells if "execution" in cell.metadata]
    assert "/home/" not in FILE.read_text()
    assert f"({FILE.name})" in (FILE.parent / "README.md").read_text()


def _printed(cell: Any) -> str:
    return "".join(output["text"] for output in cell.get("outputs", ()))
