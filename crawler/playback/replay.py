"""Replay of captures by pywb, as a child process or one that runs already."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Protocol
from urllib.parse import quote

from crawler.collection.layout import PATHS, PYWB_CONFIG
from crawler.errors import SetupError

HOW_TO_INSTALL = (
    "python3 -m venv --without-pip .venv-pywb && python3 -m pip --python .venv-pywb/bin/python install 'pywb>=2.10' 'setuptools<81'"
)
"""In the project's folder; elsewhere ARCHIVE_PYWB names its `wayback`."""
LOOPBACK = "127.0.0.1"
PATIENCE = 60.0
"""Seconds in which pywb has to answer: it starts in two, and in twenty on a busy machine."""
_ATTEMPTS = 3
"""Ports that are tried: another program may take a free one first."""
_LAST_WORDS = 300
_PLAIN = "/:?&=+$,;@!*'()[]~|%-._"
"""Characters of an address that are not escaped once more."""


class Settings(Protocol):
    """Scrapy's settings, as far as they matter here."""

    def get(self, name: str, default: Any = None) -> Any:
        """One setting."""


class Replay:
    """A pywb that serves the collections of one folder; a context manager.

    Args:
        base: Its address, without a slash at the end.
        program: `wayback`, where it was started by us.
    """

    def __init__(self, base: str, process: subprocess.Popen[bytes] | None = None, program: Path | None = None) -> None:
        self.base, self.program = base, program
        self.process = process
        """The child that runs it; None where it was running already."""

    def address(self, collection: str, date: str, url: str, *, mark: str = "") -> str:
        """Return the address at which a capture is shown.

        Args:
            date: As in `captures.date`; digits alone count.
            url: The address in its WARC record: `via`, else `url`.
            mark: `mp_` without frame and banner, `id_` as it was sent.

        >>> Replay("http://127.0.0.1:8080").address("demo", "2026-11-24T02:03:04.123456Z", "https://a.example/ä b#c")
        'http://127.0.0.1:8080/demo/20261124020304/https://a.example/%C3%A4%20b%23c'
        """
        digits = "".join(filter(str.isdigit, date))[:14]
        return f"{self.base}/{quote(collection, safe='')}/{digits}{mark}/{quote(url, safe=_PLAIN)}"

    def close(self) -> None:
        """End the child; one that was running already goes on."""
        if self.process is not None:
            assert self.process.stdin is not None
            self.process.stdin.close()
            self.process.wait()
            if self.process.stderr is not None:
                self.process.stderr.close()
            self.process = None

    def __enter__(self) -> Replay:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def open_replay(settings: Settings, folder: Path, *, start: bool) -> Replay | None:
    """Find or start pywb for the collections of a folder.

    Args:
        folder: An ARCHIVE_DIR: what holds the collections.
        start: Start one, unless ARCHIVE_REPLAY_URL names one that runs.
    Returns:
        None where none runs and none is to be started.
    Raises:
        SetupError: pywb is not installed, or does not come up.
    """
    if running := str(settings.get("ARCHIVE_REPLAY_URL") or "").rstrip("/"):
        return Replay(running)
    return start_own(settings, folder) if start else None


def open_all(settings: Settings, paths: Iterable[Path], stack: ExitStack, *, start: bool) -> dict[str, str]:
    """Find or start the pywb of each folder of collections, as `open_replay`.

    Args:
        stack: Closes them.
    Returns:
        Its address by the name of a collection.
    """
    paths, found = list(paths), dict[Path, str]()
    for folder in dict.fromkeys(path.parent for path in paths):
        if (replay := open_replay(settings, folder, start=start)) is not None:
            found[folder] = stack.enter_context(replay).base
    return {path.name: found[path.parent] for path in paths if path.parent in found}


def start_own(settings: Settings, folder: Path) -> Replay:
    """Start the pywb that settings name or that is found; errors as `open_replay`."""
    return start_pywb(find_wayback(settings.get("ARCHIVE_PYWB")), folder)


def find_wayback(named: str | None) -> Path:
    """Find pywb's command `wayback`: as named, in the project's `.venv-pywb`, or on the PATH.

    Raises:
        SetupError: It is nowhere; says the commands that install it.
    """
    if named:
        path = Path(named).expanduser()
        path = path / "bin" / "wayback" if (path / "bin").is_dir() else path
        if not os.access(path, os.X_OK) or path.is_dir():
            raise SetupError(f"ARCHIVE_PYWB: {path}: no program; name pywb's `wayback`, or the environment that holds it")
        return path.absolute()
    ours = Path(__file__).resolve().parents[2] / ".venv-pywb" / "bin" / "wayback"
    found = str(ours) if ours.exists() else shutil.which("wayback")
    if found is None:
        raise SetupError(f"pywb is not installed; to look at captures type: {HOW_TO_INSTALL}")
    return Path(found)


def start_pywb(wayback: Path, folder: Path, *, port: int = 0, patience: float = PATIENCE) -> Replay:
    """Start pywb over a folder of collections on loopback, and wait until it answers.

    It ends with `close`, and when this process ends in whatever way.

    Args:
        port: 0 for a free one.
    Raises:
        SetupError: It ended, or did not answer in time; holds its last words.
    """
    check_boto3(wayback, folder)
    for attempt in range(_ATTEMPTS):
        replay = _started(wayback, folder, port or _free_port())
        try:
            words = _wait(replay, patience)
        except BaseException:
            replay.close()
            raise
        if words is None:
            return replay
        replay.close()
        if "in use" not in words or port or attempt == _ATTEMPTS - 1:
            break
    raise SetupError(f"{wayback}: did not start in {folder}: {words}")


def _started(wayback: Path, folder: Path, port: int) -> Replay:
    """Start a keeper process that runs pywb."""
    keeper = [sys.executable, "-I", str(Path(__file__).with_name("keeper.py"))]
    command = [*keeper, str(wayback), "--bind", LOOPBACK, "--port", str(port)]
    environment = dict(os.environ)
    if (text := config_of(folder)) is not None:
        environment["PYWB_CONFIG_FILE"] = _own_config(text).name
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, stdin=pipe, stdout=nothing, stderr=pipe, env=environment, start_new_session=True)
    return Replay(f"http://{LOOPBACK}:{port}", process, wayback)


_configs: list[IO[str]] = []
"""Files of this process for folders without one; they are removed as it ends."""


def config_of(folder: Path) -> str | None:
    """pywb's configuration for a folder of collections; None for its own.

    One that somebody has changed stands; else the places of WARCs in stores are added.
    """
    own, stored = folder / "config.yaml", sorted(folder.glob(f"*/{PATHS}"))
    if own.exists() and (not stored or own.read_text(errors="replace") != PYWB_CONFIG):
        return None
    places = "".join(f"- file://{file.absolute()}\n" for file in stored)
    return PYWB_CONFIG.replace("- elsewhere\n", f"- elsewhere\n{places}")


def check_boto3(wayback: Path, folder: Path) -> None:
    """Refuse to start a pywb that could not read the stores of a folder's collections.

    Raises:
        SetupError: boto3 is not installed beside it.
    """
    libraries = list((wayback.parent.parent / "lib").glob("python*/site-packages"))
    if any(folder.glob(f"*/{PATHS}")) and libraries and not any((one / "boto3").is_dir() for one in libraries):
        raise SetupError(
            f"{wayback}: WARCs in {folder} lie in a store, which pywb reads by boto3; to install it beside pywb type:"
            f" python3 -m pip --python {wayback.parent / 'python'} install boto3"
        )


def _own_config(text: str) -> IO[str]:
    """Make a configuration file for a folder that may not be writable."""
    file = NamedTemporaryFile("w", prefix="pywb-", suffix=".yaml")  # noqa: SIM115 - pywb reads it after this function
    file.write(text)
    file.flush()
    _configs.append(file)
    return file


def _free_port() -> int:
    """Find a port of loopback that is free now."""
    with socket.create_server((LOOPBACK, 0)) as server:
        return int(server.getsockname()[1])


def _wait(replay: Replay, patience: float) -> str | None:
    """Wait until a started pywb answers; return its last words if it does not."""
    assert replay.process is not None
    assert replay.process.stderr is not None
    until = time.monotonic() + patience
    while replay.process.poll() is None:
        if answers(replay.base, seconds=2):
            return None
        if time.monotonic() > until:
            return f"no answer in {patience:g} s"
        time.sleep(0.1)
    said = replay.process.stderr.read().decode(errors="replace").split("\n")
    return " ".join(said).strip()[-_LAST_WORDS:] or f"exit code {replay.process.returncode}"


def answers(base: str, *, seconds: float) -> bool:
    """Tell whether a web server answers at an address, past any proxy of the environment."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{base}/", timeout=seconds) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False

