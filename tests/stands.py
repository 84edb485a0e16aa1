"""What stands ready for the tests: `scrapy` as a user runs it, Press TV's stand-in, tools from outside.

Behind every command that changes a collection the invariants of `invariants.py` are checked, without a test asking for it.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import invariants
import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


WRITERS = {"crawl": "crawl", "demo": "crawl", "reindex": "reindex", "repair": "repair"}
"""Commands that leave a collection behind, and what `invariants` calls them."""
CLOSED = {"crawl": (0, 10, 14), "reindex": (0,), "repair": (0,)}
"""Exit codes after which the invariants hold. Not after a kill, a stop by two signals or before the run began, a failed write (12) or a refusal: there they do after the next whole run."""


class Command(subprocess.Popen[str]):
    """A `scrapy` command as a child process; once it has ended, the collections that it changed are checked.

    Args:
        words: What stands behind `scrapy` on its command line.
        archives: Its ARCHIVE_DIR.
        unchecked: Why the collections are not checked, where the test leaves one broken on purpose.
    """

    def __init__(self, command: Sequence[str], *, words: Sequence[str], archives: Path, unchecked: str = "", **more: Any) -> None:
        self._words, self._archives, self._looked, self._out = tuple(words), archives, bool(unchecked), ""
        self._before = {path: _stamp(path) for path in self._collections()}
        super().__init__(command, text=True, **more)

    def communicate(self, input: str | None = None, timeout: float | None = None) -> tuple[str, str]:
        """As Popen's; what was printed is checked too."""
        looked, self._looked = self._looked, True
        out, err = super().communicate(input, timeout)
        self._looked, self._out = looked, out or ""
        self._look()
        return out, err

    def wait(self, timeout: float | None = None) -> int:
        """As Popen's."""
        code = super().wait(timeout)
        self._look()
        return code

    def _collections(self) -> list[Path]:
        named = (Path(word) for word in self._words if "/" in word and "=" not in word)
        folders = [*self._archives.glob("*/index.db"), *(path / "index.db" for path in named)]
        return [file.parent for file in folders if file.exists()]

    def _look(self) -> None:
        if self._looked:
            return
        self._looked = True
        command = WRITERS.get(self._words[0])
        if command is None or self.returncode not in CLOSED[command]:
            return
        for path in self._collections():
            if _stamp(path) != self._before.get(path) and not (self.returncode == 14 and _cut_short(path)):
                invariants.check(path, command=command, code=self.returncode, out=self._out, document=self._document(), settings=self._settings())

    def _settings(self) -> dict[str, str]:
        """The settings that were named on the command line."""
        pairs = zip(self._words, self._words[1:], strict=False)
        return dict(value.split("=", 1) for word, value in pairs if word == "-s")

    def _document(self) -> Any:
        """What `--report-json` wrote."""
        file = next((Path(name) for word, name in zip(self._words, self._words[1:], strict=False) if word == "--report-json"), None)
        return json.loads(file.read_text()) if file is not None and file.exists() else None


def _stamp(path: Path) -> tuple[int, ...]:
    """When the files of a collection last changed."""
    return tuple(file.stat().st_mtime_ns for file in (path / "index.db", path / "archive") if file.exists())


def _cut_short(path: Path) -> bool:
    """Whether a signal ended the process before its run began or came to an end: as after a kill, the next whole run mends it."""
    with closing(sqlite3.connect(f"file:{path / 'index.db'}?mode=ro", uri=True)) as db:
        ended = db.execute("SELECT ended FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    return ended is None or ended[0] is None


class Scrapy:
    """Runs `scrapy` as a user does, with its own ARCHIVE_DIR."""

    def __init__(self, archives: Path) -> None:
        self.archives = archives

    def start(self, *arguments: str, unchecked: str = "", **more: Any) -> Command:
        environment = os.environ | {
            "ARCHIVE_DIR": str(self.archives),
            "SCRAPY_SETTINGS_MODULE": "crawler.settings",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "scrapy", *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
        return Command(command, words=arguments, archives=self.archives, unchecked=unchecked, env=environment, cwd=ROOT, **pipes)

    def __call__(
        self, *arguments: str, exits: int | None = 0, stdin: str | None = None, unchecked: str = ""
    ) -> subprocess.CompletedProcess[str]:
        with self.start(*arguments, unchecked=unchecked, stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL) as process:
            out, err = process.communicate(stdin, timeout=180)
        if exits is not None:
            assert process.returncode == exits, f"exit {process.returncode}, not {exits}\n{out[-3000:]}\n{err[-3000:]}"
        assert "Traceback" not in err, err[-3000:]
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)


class Mirrors:
    """Press TV's hosts on loopback: the stand-in of ../shared, as a child process."""

    def __init__(self, shared: Path, *arguments: str) -> None:
        command = [sys.executable, str(shared / "eval" / "presstv_mirrors.py"), "--port", "0", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.ready: dict[str, Any] = json.loads(self.process.stdout.readline())

    def control(self, what: str, **query: object) -> Any:
        """Ask the control port; JSON back."""
        arguments = "&".join(f"{name}={value}" for name, value in query.items())
        with urllib.request.urlopen(f"{self.ready['control']}/control/{what}?{arguments}", timeout=10) as answer:
            text = answer.read().decode()
        return [json.loads(line) for line in text.splitlines()] if what == "log" else json.loads(text)

    @property
    def settings(self) -> list[str]:
        """Command-line settings that lead a crawl here, without the pauses that real hosts are given."""
        values = {
            "ARCHIVE_CONNECT_TO": self.ready["connect_to"], "ARCHIVE_CA_FILE": self.ready["ca_file"] or "", "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 4, "ARCHIVE_RETRY_DELAY": 0.1, "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0,
        }  # fmt: skip
        return [word for name, value in values.items() for word in ("-s", f"{name}={value}")]

    def close(self) -> None:
        """Stop the stand-in."""
        self.process.terminate()
        self.process.wait(10)


def outer(name: str, *places: Path) -> str:
    """The path of a tool from outside Python's registry; not run where it is absent, failed where CI requires it."""
    found = shutil.which(name) or next((str(place) for place in places if place.exists()), None)
    if found is None:
        if os.environ.get("ARCHIVE_OUTER") == "required":
            pytest.fail(f"{name} is required here and is not installed")
        pytest.skip(f"outer: {name} is not installed")
    return found
