"""Start `scrapy` commands in little time: a process that has imported everything forks, and each child runs a whole command.

    python work_nursery.py MODULES          # names, one a line, as `modules_of` finds them

Reads `start NAME LOG JSON` lines (JSON: `{"words": [...], "environment": {...}}`) and answers `started NAME PID`; tells each end as
`ended PID CODE`. A child is a process like any other: its own process group, its own files, to be killed and stopped.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from attrs import define, field

ROOT = Path(__file__).resolve().parents[2]
_LEFT_OUT = ("twisted.internet.reactor", "__main__")
"""Not before the fork: the reactor's descriptors must not be shared."""

_DIE_WITH_PARENT = 1


@define
class Child:
    """A command that runs in a fork; as much of Popen as the tests need."""

    pid: int
    returncode: int | None = None
    _ended: threading.Event = field(factory=threading.Event)

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired("scrapy", timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def end(self, code: int) -> None:
        """Note its end."""
        self.returncode = code
        self._ended.set()


@define
class Nursery:
    """The process that forks, seen from the test."""

    process: subprocess.Popen[str]
    _children: dict[int, Child] = field(factory=dict, init=False)
    _begun: dict[str, Child] = field(factory=dict, init=False)
    _news: threading.Condition = field(factory=threading.Condition, init=False)

    @classmethod
    def open(cls, modules: Path, command: Sequence[str] = ()) -> Nursery:
        """Start it.

        Args:
            command: What stands before the command line (`ip netns exec NAME`).
        """
        words = [*command, sys.executable, __file__, str(modules)]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
        process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment)
        made = cls(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        threading.Thread(target=made._listen, daemon=True).start()
        return made

    def start(self, name: str, words: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> Child:
        """Run `scrapy WORDS` in a child."""
        with self._news:
            self._begun.pop(name, None)
            assert self.process.stdin is not None
            self.process.stdin.write(f"start {name} {log} {json.dumps({'words': list(words), 'environment': dict(environment)})}\n")
            self.process.stdin.flush()
            assert self._news.wait_for(lambda: name in self._begun, timeout=30)
            return self._begun[name]

    def close(self) -> None:
        """End it and every child."""
        for pid, child in self._children.items():
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait(10)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            what, first, second = line.split()
            with self._news:
                if what == "started":
                    self._children[int(second)] = self._begun[first] = Child(int(second))
                elif int(first) in self._children:
                    self._children[int(first)].end(int(second))
                self._news.notify_all()


def modules_of(words: Sequence[str], environment: Mapping[str, str], to: Path) -> None:
    """Run a command once, and write the names of all modules that it imported."""
    ask = f"import atexit, sys\natexit.register(lambda: open({str(to)!r}, 'w').write(chr(10).join(sys.modules)))\n"
    run = f"sys.argv = ['scrapy', *{list(words)!r}]\nfrom scrapy.cmdline import execute\nexecute()"
    subprocess.run([sys.executable, "-c", ask + run], cwd=ROOT, env=os.environ | environment, check=False, timeout=120, capture_output=True)


def _fork(log: str, given: Mapping[str, object]) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setpgid(0, 0)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    for number in (signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    out, nothing = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.closerange(3, 64)
    os.environ.update(given["environment"])  # type: ignore[call-overload]
    _read_again()
    sys.argv = ["scrapy", *given["words"]]  # type: ignore[misc]
    code = 1
    try:
        from scrapy.cmdline import execute

        execute()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _read_again() -> None:
    """Load the modules anew that read the environment when they are imported."""
    for name in ("crawler.shared_settings", "crawler.settings"):
        if name in sys.modules:
            importlib.reload(sys.modules[name])


def main() -> None:
    """Import, then fork on request until stdin ends."""
    for name in Path(sys.argv[1]).read_text().split():
        if not name.startswith(_LEFT_OUT):
            with suppress(Exception):
                importlib.import_module(name)
    assert "twisted.internet.reactor" not in sys.modules
    assert threading.active_count() == 1
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    print("ready", flush=True)
    data = b""
    while True:
        ready, _, _ = select.select([0, reader], [], [], 1)
        if reader in ready:
            os.read(reader, 4096)
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                print("ended", ended[0], os.waitstatus_to_exitcode(ended[1]), flush=True)
        if 0 in ready:
            piece = os.read(0, 65536)
            if not piece:
                return
            *lines, data = (data + piece).split(b"\n")
            for line in lines:
                _, name, log, text = line.decode().split(" ", 3)
                print("started", name, _fork(log, json.loads(text)), flush=True)


if __name__ == "__main__":
    main()
