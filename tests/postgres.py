"""A PostgreSQL server of a test: made in a folder of its own, on loopback and a socket, stopped by its own process id."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from stands import outer

USER, PASSWORD = "archive", "not-to-be-shown"
"""Who owns the databases; the password is looked for in logs by tests."""
_UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_GONE = (ProcessLookupError, FileNotFoundError)
_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name), reverse=True)


class PostgresServer:
    """One server.

    Args:
        durable: With fsync, for tests that kill it; without, it is faster.
        listen: Addresses besides loopback, as `listen_addresses` names them; `networks` may then log in.
        options: Further `name=value` of postgresql.conf.
    """

    def __init__(self, *, durable: bool = False, listen: str = "127.0.0.1", networks: Sequence[str] = ("127.0.0.1/32",), options: Sequence[str] = ()) -> None:
        self.programs = _PLACES[0] if _PLACES else Path(outer("postgres")).resolve().parent
        self.folder = Path(tempfile.mkdtemp(prefix="archive-postgres-", dir="/tmp"))
        self.listen, self.options = listen, [*(() if durable else _UNSAFE), *options]
        self.user = _unprivileged()
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.data, self.log = self.folder / "data", self.folder / "log"
        if self.user:
            shutil.chown(self.folder, self.user)
        secret = self.folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        made = ["initdb", "-D", str(self.data), "-U", USER, "--pwfile", str(secret), "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
        subprocess.run(self._as_user(made), check=True, capture_output=True, timeout=120, cwd=self.folder)
        with (self.data / "pg_hba.conf").open("a") as file:
            file.writelines(f"host all all {network} scram-sha-256\n" for network in networks)

    def start(self) -> None:
        """Start it, and return when it answers; it ends with this process."""
        settings = {
            "port": self.port, "listen_addresses": self.listen, "unix_socket_directories": str(self.folder), "max_connections": 60,
            "shared_buffers": "64MB", "log_line_prefix": "%m [%p] ",
        }  # fmt: skip
        words = [f"{name}={value}" for name, value in settings.items()] + self.options
        line = self._as_user(["postgres", "-D", str(self.data), *(word for setting in words for word in ("-c", setting))])
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(line, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder, start_new_session=True)
        until = time.monotonic() + 60
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it at once, cleanly."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
        self.process = None

    def kill(self) -> None:
        """Kill it and its children with SIGKILL, as a machine does that loses its power (but for the page cache)."""
        assert self.process is not None
        for pid in (self.process.pid, *self._children()):
            with suppress(*_GONE):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(60)
        self.process = None

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Have it stand still meanwhile, with its children: it is there, and answers nothing."""
        pids = [self.pid, *self._children()]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                with suppress(*_GONE):
                    os.kill(pid, signal.SIGCONT)

    @property
    def pid(self) -> int:
        """Process id of the server, while it runs."""
        assert self.process is not None
        return self.process.pid

    def processor_seconds(self) -> float:
        """Processor time of the server and its children that live or were waited for."""
        assert self.process is not None
        ticks = 0
        for pid in (self.process.pid, *self._children()):
            with suppress(*_GONE):
                words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += sum(map(int, words[11:15] if pid == self.process.pid else words[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def url(self, database: str = "postgres", *, host: str = "127.0.0.1", password: bool = True) -> str:
        """The address of a database, as ARCHIVE_FRONTIER takes it."""
        return f"postgresql://{USER}{':' + PASSWORD if password else ''}@{host}:{self.port}/{database}"

    def run(self, sql: str, database: str = "postgres") -> str:
        """Run SQL by psql as the owner; return what it prints, unaligned."""
        line = [str(self.programs / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), "-c", sql]
        done = subprocess.run(line, check=False, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def new_database(self) -> str:
        """Make an empty database; return its address."""
        name = f"test_{time.monotonic_ns()}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def close(self) -> None:
        """Stop it and delete its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _children(self) -> list[int]:
        assert self.process is not None
        with suppress(*_GONE):
            return [int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]
        return []

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1):
                pass
        except OSError:
            return False
        line = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(line, check=False, timeout=20).returncode == 0

    def _as_user(self, line: list[str]) -> list[str]:
        """A program of the server, run as a user that it takes; it is told when this process dies."""
        program = [str(self.programs / line[0]), *line[1:]]
        user = ["--reuid", self.user, "--regid", str(pwd.getpwnam(self.user).pw_gid), "--clear-groups"] if self.user else []
        return ["setpriv", *user, "--pdeathsig", "QUIT", "--", *program]


def _unprivileged() -> str | None:
    """The user to run the server as, which root cannot; None for this one."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody", getpass.getuser()) if name in known)


def _free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


@contextmanager
def postgres_server(*, durable: bool = False, listen: str = "127.0.0.1", networks: Sequence[str] = ("127.0.0.1/32",), options: Sequence[str] = ()) -> Iterator[PostgresServer]:
    """A running server, removed at the end."""
    server = PostgresServer(durable=durable, listen=listen, networks=networks, options=options)
    try:
        server.start()
        yield server
    finally:
        server.close()
