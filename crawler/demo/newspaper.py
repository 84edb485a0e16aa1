"""The newspaper as a child process; it ends when its parent ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from crawler.errors import SetupError

SITES = Path(__file__).parent / "sites"
"""A folder for ARCHIVE_SITES: holds the newspaper's site file."""
_START_SECONDS = 30.0
_STOP_SECONDS = 5.0


class Newspaper:
    """A running newspaper; a context manager."""

    def __init__(self, process: subprocess.Popen[str], told: dict[str, Any]) -> None:
        self._process = process
        self.connect_to: str = told["connect_to"]
        """A value for ARCHIVE_CONNECT_TO."""
        self.stories: int = told["stories"]
        """How many stories a full crawl can find, all languages."""
        self.hosts: dict[str, str] = {host: facts["is"] for host, facts in told["hosts"].items()}
        """Host to what it is, in a few words; mirrors first, in the order of the site file."""
        self.mirrors: list[dict[str, str]] = [{"host": host, "about": self.hosts[host]} for host in told["mirrors"]]
        """`host` and `about` of the four mirrors."""
        self.ports: dict[str, int] = {host: facts["port"] for host, facts in told["hosts"].items()}
        self.archives: str = told["archives"]
        """A value for ARCHIVE_MEMENTO_ENDPOINTS."""
        self.pid: int = told["pid"]

    def close(self) -> None:
        """End the process; calling it again does nothing."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Newspaper:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def start(*, edition: int = 1) -> Newspaper:
    """Start the newspaper and wait until it answers.

    Args:
        edition: 1 for a first crawl; 2 for a later one, in which one story has been corrected and one renamed.
    Raises:
        SetupError: The process ended or said nothing sensible.
    """
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.demo.server", "--edition", str(edition)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert process.stdout is not None
    alarm = threading.Timer(_START_SECONDS, process.kill)
    alarm.start()
    try:
        told = json.loads(process.stdout.readline())
    except ValueError as error:
        process.kill()
        raise SetupError(f"the embedded newspaper did not start (exit code {process.wait()}); its own message is above") from error
    finally:
        alarm.cancel()
    return Newspaper(process, told)
