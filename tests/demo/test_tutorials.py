"""The lines of docs/tutorials, typed in turn over the demo's collection; what the pages show is what they print."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stands import ROOT
from typed_commands import Typed, typed

__all__ = ["typed"]

TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
BLOCK = re.compile(r"^```sh\n(?P<lines>.*?)^```\n(?:\n```text\n(?P<shown>.*?)^```\n)?", re.MULTILINE | re.DOTALL)
BEFORE = {".venv/bin/scrapy demo", ".venv/bin/scrapy demo --keep"}
"""Lines by which the collection of this test was made."""
ALIKE = [
    (r"no faults; [\d.]+ m?s\b.*", "no faults; SECONDS"),
    (r"demo-\d{17}-\d{5}-[\w.-]+?\.warc\.gz", "WARC"),
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?", "DATE"),
    (r"urn:uuid:[\da-f-]{36}", "ID"),
    (r"\b[\da-f]{64}\b", "SHA-256"),
    (r"\(stood [^)]*\)", "(stood)"),
    (r"[\d.,]+ ([KM]iB|ms|s|captures?|records|revisits|further pages)\b", r"N \1"),
    (r"captures +\d+", "captures N"),
    (r"\b\d{3,}$", "BYTES"),
]
"""What differs from one demo to the next: dates, sizes, counts of requests that wait for a broken mirror."""


@pytest.mark.parametrize("page", TUTORIALS, ids=[page.stem for page in TUTORIALS])
def test_each_line_prints_what_the_page_shows(
    page: Path, typed: Typed, demo_archives: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = list(BLOCK.finditer(page.read_text()))
    assert len(blocks) >= 5
    _clone(demo_archives, tmp_path)
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        printed = "".join(_printed(line, typed, tmp_path) for line in block["lines"].splitlines() if line not in BEFORE)
        if block["shown"] is not None:
            assert _same(block["shown"], printed.replace(f"{tmp_path}/", "")), printed


def test_no_command_stands_outside_these_blocks() -> None:
    for page in TUTORIALS:
        rest = BLOCK.sub("", page.read_text())
        assert not re.findall(r"^(?:    |\$ |```)\S.*$", rest, re.MULTILINE), page.name


def test_another_output_is_told_from_the_one_shown() -> None:
    shown = "3 files, 1.2 MiB, no faults; ...\n"
    assert _same(shown, "3 files, 1.3 MiB, no faults; 1.4 s, 346.1 KiB of WARC a second\n")
    assert not _same(shown, "3 files, 1.3 MiB, 1 fault; 1.4 s, 346.1 KiB of WARC a second\n")


def _clone(archives: Path, folder: Path) -> None:
    """Make a folder that looks like a clone after the demo."""
    shutil.copytree(archives, folder / "archives", symlinks=True)
    (folder / ".venv").symlink_to(sys.prefix)
    for name in ("examples", "crawler"):
        (folder / name).symlink_to(ROOT / name)


def _printed(line: str, typed: Typed, folder: Path) -> str:
    """What a line prints; it must succeed. A crawl needs a process of its own, and `$(...)` a shell."""
    words = shlex.split(line)
    if words[0] == ".venv/bin/scrapy" and words[1] not in ("crawl", "work") and "&&" not in words and "$(" not in line:
        answer = typed(*words[1:], archives=folder / "archives")
        assert answer.code == 0, (line, answer)
        return answer.out
    more = {
        "PYTHONPATH": str(ROOT),
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
        "ARCHIVE_DIR": str(folder / "archives"),
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=os.environ | more, timeout=120, check=False)
    assert done.returncode == 0, (line, done.stdout, done.stderr)
    return done.stdout


def _same(shown: str, printed: str) -> bool:
    """Tell whether both say the same; `...` in what is shown stands for anything."""
    return doctest.OutputChecker().check_output(_masked(shown), _masked(printed), doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)


def _masked(text: str) -> str:
    for pattern, word in ALIKE:
        text = re.sub(pattern, word, text, flags=re.MULTILINE)
    return text
