"""pywb as a child process: found, started, waited for, ended; a script stands in for it where its start is what matters."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from textwrap import dedent

import pytest

from crawler.errors import SetupError
from crawler.playback import replay as module
from crawler.playback.replay import Replay, find_wayback, open_replay, start_pywb

SERVER = """
    import http.server, os, pathlib, sys
    port = int(sys.argv[sys.argv.index("--port") + 1])
    pathlib.Path("started").write_text(f"{os.getpid()} {os.environ.get('PYWB_CONFIG_FILE', '')}")
    http.server.ThreadingHTTPServer(("127.0.0.1", port), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def program(folder: Path, source: str, name: str = "wayback") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable} -I\n{dedent(source)}")
    path.chmod(0o755)
    return path


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ends(pid: int, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(pid)


def started(folder: Path) -> int:
    return int((folder / "started").read_text().split()[0])


def test_it_answers_when_it_has_started_and_has_ended_when_closed(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("")
    with start_pywb(program(tmp_path, SERVER), tmp_path) as replay:
        with urllib.request.urlopen(f"{replay.base}/started", timeout=5) as answer:
            assert answer.read().decode().split() == [str(started(tmp_path))]
        assert alive(started(tmp_path))
    assert ends(started(tmp_path))
    replay.close()


def test_a_folder_without_a_configuration_is_served_by_one_of_ours(tmp_path: Path) -> None:
    with start_pywb(program(tmp_path, SERVER), tmp_path):
        config = (tmp_path / "started").read_text().split()[1]
        assert "archive_paths" in Path(config).read_text()
    assert not (tmp_path / "config.yaml").exists()


def test_it_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    code = f"""
        import time
        from pathlib import Path
        from crawler.playback.replay import start_pywb
        replay = start_pywb(Path({str(program(tmp_path, SERVER))!r}), Path({str(tmp_path)!r}))
        print("up", flush=True)
        time.sleep(60)
    """
    with subprocess.Popen([sys.executable, "-c", dedent(code)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        assert alive(started(tmp_path))
        process.send_signal(signal.SIGKILL)
    assert ends(started(tmp_path))


def test_it_ends_when_its_keeper_is_killed(tmp_path: Path) -> None:
    replay = start_pywb(program(tmp_path, SERVER), tmp_path)
    assert replay.process is not None
    replay.process.kill()
    assert ends(started(tmp_path))
    replay.close()


def test_one_that_does_not_heed_the_request_to_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler.playback import keeper

    source = Path(keeper.__file__).read_text().replace("GRACE = 5.0", "GRACE = 0.2")
    monkeypatch.setattr(module, "__file__", str(program(tmp_path / "copy", source, "keeper.py")))
    stubborn = f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n{dedent(SERVER)}"
    start_pywb(program(tmp_path, stubborn), tmp_path).close()
    assert ends(started(tmp_path), 0.5)


def test_what_it_said_is_told_where_it_does_not_start(tmp_path: Path) -> None:
    path = program(tmp_path, "import sys; print('no such module: gevent', file=sys.stderr); sys.exit(3)")
    with pytest.raises(SetupError, match=r"did not start in .*: no such module: gevent"):
        start_pywb(path, tmp_path)
    with pytest.raises(SetupError, match=r"exit code 4"):
        start_pywb(program(tmp_path, "import sys; sys.exit(4)"), tmp_path)


def test_one_that_never_answers_is_given_up(tmp_path: Path) -> None:
    path = program(tmp_path, "import os, pathlib, time; pathlib.Path('started').write_text(str(os.getpid())); time.sleep(60)")
    with pytest.raises(SetupError, match=r"no answer in 1 s"):
        start_pywb(path, tmp_path, patience=1)
    assert ends(started(tmp_path))


def test_another_port_is_tried_where_one_was_taken_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port, free = taken.getsockname()[1], module._free_port()
        ports = [port, free]
        monkeypatch.setattr(module, "_free_port", lambda: ports.pop(0))
        monkeypatch.setattr(module, "answers", lambda base, seconds: base.endswith(f":{free}") and ours(base, seconds=seconds))
        with start_pywb(program(tmp_path, SERVER), tmp_path) as replay:
            assert replay.base.endswith(f":{free}")
        with pytest.raises(SetupError, match="in use"):
            start_pywb(program(tmp_path, SERVER), tmp_path, port=port)


ours = module.answers


def test_an_interrupt_while_it_starts_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(base: str, seconds: float) -> bool:
        while not (tmp_path / "started").exists() or not (tmp_path / "started").read_text():
            time.sleep(0.05)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "answers", interrupted)
    with pytest.raises(KeyboardInterrupt):
        start_pywb(program(tmp_path, SERVER), tmp_path)
    assert ends(started(tmp_path))


def test_a_named_program_or_environment_is_taken(tmp_path: Path) -> None:
    path = program(tmp_path / "env" / "bin", SERVER)
    assert find_wayback(str(path)) == find_wayback(str(tmp_path / "env")) == path
    (tmp_path / "config.yaml").write_text("")
    with open_replay({"ARCHIVE_PYWB": str(path)}, tmp_path, start=True) or pytest.fail("none") as replay:
        assert module.answers(replay.base, seconds=5)
    for wrong in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(SetupError, match="ARCHIVE_PYWB"):
            find_wayback(str(wrong))


def test_it_is_found_on_the_path_or_the_commands_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "__file__", str(tmp_path / "crawler" / "playback" / "replay.py"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(SetupError, match=r"python3 -m venv .* && python3 -m pip .*pywb>=2.10") as told:
        find_wayback(None)
    assert "\n" not in str(told.value)
    path = program(tmp_path / "bin", SERVER)
    assert find_wayback(None) == path
    own = program(tmp_path / ".venv-pywb" / "bin", SERVER)
    assert find_wayback(None) == own


def test_one_that_runs_already_is_linked_to_and_left_running(tmp_path: Path) -> None:
    settings = {"ARCHIVE_REPLAY_URL": "http://replay.example/pywb/"}
    for start in (False, True):
        replay = open_replay(settings, tmp_path, start=start)
        assert replay is not None
        address = replay.address("press", "2026-11-24T02:03:04Z", "https://a.example/1?b=c")
        assert address == "http://replay.example/pywb/press/20261124020304/https://a.example/1?b=c"
        replay.close()
    assert open_replay({}, tmp_path, start=False) is None


def test_addresses_can_end_no_attribute_and_begin_no_other_scheme() -> None:
    address = Replay("http://127.0.0.1:1").address("a b", "2026-11-24", "javascript:alert(\"1\")<'>\n#x", mark="mp_")
    assert address.startswith("http://127.0.0.1:1/a%20b/20261124mp_/")
    assert not set(address) & set('"<>\n #')


def test_a_server_that_refuses_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not module.answers(f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=0.2)
    assert not module.answers("http://[::1", seconds=0.2)
