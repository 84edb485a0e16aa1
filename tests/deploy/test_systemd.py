"""The systemd units: understood, hardened, and a failure is told with the report of its run."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer
from typing import Any

import pytest
from stands import ROOT, outer

from crawler.errors import EXIT_LOCKED, EXIT_SETUP, EXIT_SIGNAL, EXIT_USAGE, EXIT_WRITE_FAILED

UNITS = ROOT / "deploy" / "systemd"
CHECKOUT = "/srv/news-archive"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
MOST_EXPOSED = 3.0
REPORT = 'Run report: courier -> /var/lib\n\tsays "so" \\ naïve \x1b[1m\nINCOMPLETE (exit code 10)'


def options(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (UNITS / name).read_text().splitlines():
        if re.match(r"[A-Za-z]+=", line):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units as installed, for this checkout."""
    folder = tmp_path_factory.mktemp("units")
    program = folder / "scrapy"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in [*UNITS.glob("*.service"), *UNITS.glob("*.timer")]:
        text = unit.read_text().replace(f"{CHECKOUT}/.venv/bin/scrapy", str(program)).replace(CHECKOUT, str(ROOT))
        (folder / unit.name).write_text(text)
    return folder


@pytest.mark.outer
@pytest.mark.parametrize("name", sorted(path.name for path in [*UNITS.glob("*.service"), *UNITS.glob("*.timer")]))
def test_systemd_understands_the_unit(installed: Path, name: str) -> None:
    analyze = outer("systemd-analyze")
    done = subprocess.run([analyze, "verify", "--man=no", str(installed / name)], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.outer
@pytest.mark.parametrize("name", SERVICES)
def test_the_service_is_hardened(installed: Path, name: str) -> None:
    analyze = outer("systemd-analyze")
    done = subprocess.run([analyze, "security", "--offline=true", "--no-pager", str(installed / name)], capture_output=True, text=True)
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert exposure is not None, done.stderr
    assert float(exposure[1]) <= MOST_EXPOSED


def test_only_a_failure_is_told_and_a_timer_is_enabled_as_the_readme_says() -> None:
    readme = (UNITS / "README.md").read_text()
    assert "systemctl enable --now news-archive@presstv.timer" in readme
    for name in SERVICES:
        if "failed" in name or "work" in name:
            continue
        found = options(name)
        assert found["SuccessExitStatus"] == ["11"]
        assert found["OnFailure"] == ["news-archive-failed@%n.service"]
        assert found["After"] == ["network-online.target"] == found["Wants"]
        timer = options(name.replace(".service", ".timer"))
        assert timer["WantedBy"] == ["timers.target"]
    assert "OnFailure" not in options("news-archive-failed@.service")


def test_a_worker_is_started_again_unless_a_person_must_look() -> None:
    found = options("news-archive-work.service")
    assert found["Restart"] == ["on-failure"]
    assert found["SuccessExitStatus"] == [str(EXIT_SIGNAL)]
    assert found["RestartPreventExitStatus"] == [f"{EXIT_SETUP} {EXIT_USAGE} {EXIT_LOCKED} {EXIT_WRITE_FAILED}"]
    assert found["OnFailure"] == ["news-archive-failed@%n.service"]
    assert found["WantedBy"] == ["multi-user.target"]
    assert int(found["TimeoutStopSec"][0]) >= 60
    hardened = {key: value for key, value in options("news-archive@.service").items() if key.startswith(("Protect", "Private", "Restrict", "SystemCall"))}
    assert {key: found[key] for key in hardened} == hardened


class Mailbox(TCPServer):
    """A mail server on loopback, as far as curl talks to it."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: list[str] = []


class _Session(StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                for text in iter(self.rfile.readline, b".\r\n"):
                    lines.append(text)
                assert isinstance(self.server, Mailbox)
                self.server.mails.append(b"".join(lines).decode())
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


class Hook(HTTPServer):
    """A chat's webhook on loopback."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.bodies: list[Any] = []
        self.status = 200


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Hook)
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(params=[Mailbox, Hook])
def server(request: pytest.FixtureRequest) -> Iterator[Mailbox | Hook]:
    with request.param() as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()


def tell(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Tell of a failure with a journal that holds `REPORT`; the words it was asked with go to a file."""
    if shutil.which("curl") is None:
        outer("curl")
    journal = tmp_path / "journalctl"
    (tmp_path / "held").write_text(REPORT)
    journal.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\ncat {tmp_path}/held\n')
    journal.chmod(0o755)
    given = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "MONITOR_EXIT_STATUS": "10", "MONITOR_SERVICE_RESULT": "exit-code"} | environment
    return subprocess.run([UNITS / "tell-failure", "news-archive@courier.service"], capture_output=True, text=True, env=given, timeout=60)


@pytest.mark.outer
def test_a_failure_is_told_once_by_each_way(tmp_path: Path, server: Mailbox | Hook) -> None:
    port = server.server_address[1]
    ways = {"FAILURE_MAIL": "archive@example.org", "FAILURE_SMTP": f"smtp://127.0.0.1:{port}"}
    if isinstance(server, Hook):
        ways = {"FAILURE_WEBHOOK": f"http://127.0.0.1:{port}/hooks/secret"}
    done = tell(tmp_path, MONITOR_INVOCATION_ID="0af3", **ways)
    assert done.returncode == 0, done.stderr
    assert "_SYSTEMD_INVOCATION_ID=0af3" in (tmp_path / "asked").read_text(), "that run, not the last of the unit"
    assert all(line.startswith("<3>") for line in done.stdout.splitlines())
    assert "INCOMPLETE (exit code 10)" in done.stdout
    assert "secret" not in done.stdout + done.stderr
    if isinstance(server, Hook):
        (body,) = server.bodies
        assert list(body) == ["text"]
        assert body["text"].startswith("news-archive@courier: exit code 10 (exit-code)")
        assert 'says "so" \\ naïve [1m\nINCOMPLETE (exit code 10)' in body["text"]
    else:
        (mail,) = server.mails
        head, _, text = mail.partition("\r\n\r\n")
        assert "Subject: news-archive@courier: exit code 10" in head
        assert "INCOMPLETE (exit code 10)" in text


@pytest.mark.outer
def test_what_cannot_be_told_is_in_the_journal_all_the_same(tmp_path: Path) -> None:
    with Hook() as hook:
        hook.status = 500
        thread = threading.Thread(target=hook.handle_request, daemon=True)
        thread.start()
        done = tell(tmp_path, FAILURE_WEBHOOK=f"http://127.0.0.1:{hook.server_address[1]}/hooks/secret")
    assert done.returncode == 1
    assert "INCOMPLETE (exit code 10)" in done.stdout
    assert "the webhook failed" in done.stderr
    assert "secret" not in done.stdout + done.stderr
    assert "--unit=news-archive@courier.service" in (tmp_path / "asked").read_text()


def _calls(analyze: str, *groups: str) -> set[str]:
    """The system calls of groups, those of groups in them too."""
    found = set[str]()
    for group in groups:
        told = subprocess.run([analyze, "syscall-filter", "--no-pager", group], capture_output=True, text=True, check=True).stdout
        names = [line.strip() for line in told.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
        found |= {name for name in names if not name.startswith("@")}
        found |= _calls(analyze, *(name for name in names if name.startswith("@")))
    return found


@pytest.mark.outer
def test_a_crawl_makes_only_system_calls_that_the_service_may(tmp_path: Path) -> None:
    analyze, strace = outer("systemd-analyze"), outer("strace")
    allowed = set[str]()
    for line in options("news-archive@.service")["SystemCallFilter"]:
        groups = [word for word in line.lstrip("~").split() if word.startswith("@")]
        calls = _calls(analyze, *groups) | {word for word in line.lstrip("~").split() if not word.startswith("@")}
        if line.startswith("~"):
            allowed -= calls
        else:
            allowed |= calls
    environment = os.environ | {
        "ARCHIVE_DIR": str(tmp_path / "archives"),
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("COVERAGE_PROCESS_START", None)
    command = [strace, "-f", "-c", "-U", "name,calls,errors", "-o", str(tmp_path / "calls"), sys.executable, "-m", "scrapy", "demo"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    made = {line.split()[0] for line in (tmp_path / "calls").read_text().splitlines()[2:] if re.match(r"[a-z_0-9]+ +\d", line)} - {"total"}
    assert len(made) > 40
    assert made <= allowed, sorted(made - allowed)
