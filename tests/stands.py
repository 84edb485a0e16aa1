"""What stands ready for the tests: `scrapy` as a user runs it, Press TV's stand-in, tools from outside."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


class Scrapy:
    """Runs `scrapy` as a user does, with its own ARCHIVE_DIR."""

    def __init__(self, archives: Path) -> None:
        self.archives = archives

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[str]:
        environment = os.environ | {
            "ARCHIVE_DIR": str(self.archives),
            "SCRAPY_SETTINGS_MODULE": "crawler.settings",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "scrapy", *arguments]
        return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, **more)

    def __call__(self, *arguments: str, exits: int | None = 0, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        with self.start(*arguments, stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL) as process:
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
