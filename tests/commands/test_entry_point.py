"""Entry point `news-archive`: the same commands from any folder, with its own name in what they say."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen

from crawler import __version__
from crawler.cli import entry

ROOT = Path(__file__).parents[2]


@frozen
class Told:
    code: int
    out: str
    err: str


Called = Callable[..., Told]


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Called:
    """Call the entry point in a folder that is no project."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCRAPY_SETTINGS_MODULE", raising=False)

    def call(*words: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["/anywhere/bin/news-archive", *words])
        with pytest.raises(SystemExit) as ended:
            entry.main()
        out, err = capsys.readouterr()
        return Told(int(ended.value.code or 0), out, err)

    return call


def test_the_wheel_has_the_entry_point() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == {"news-archive": "crawler.cli.entry:main"}


def test_without_a_command_it_lists_those_that_do_something(called: Called) -> None:
    told = called()
    assert told.code == 0
    names = {line.split()[0] for line in told.out.splitlines() if line.startswith("  ")}
    assert {"crawl", "demo", "search", "verify", "completion", "settings", "version"} <= names
    assert not {"bench", "fetch", "genspider", "runspider", "startproject"} & names
    assert "ARCHIVE_DIR" in told.out
    assert "`scrapy" not in told.out
    assert called("-h") == told
    assert called("--version").out == f"news-archive {__version__}\n"


def test_an_unknown_command_is_one_line_with_the_nearest(called: Called) -> None:
    assert called("serach", "x") == Told(2, "", "news-archive: no command 'serach'; did you mean `news-archive search`?\n")
    assert called("qqq").err == "news-archive: no command 'qqq'; `news-archive -h` lists them\n"


def test_a_command_runs_in_any_folder_and_names_itself(called: Called) -> None:
    assert "presstv" in called("list").out.split()
    assert called("versions", "-h").out.startswith("usage: news-archive versions [options] STORY\n")
    told = called("crawl", "nosuch")
    assert told.code == 2
    assert told.err.startswith("crawl: no site named 'nosuch'")
    assert called("stats", "--nosuch").err == "stats: unknown option --nosuch; `news-archive stats -h` lists them\n"


def test_settings_of_another_project_do_not_count(called: Called, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = theirs\n")
    (tmp_path / "theirs.py").write_text("BOT_NAME = 'theirs'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "theirs")
    assert "presstv" in called("list").out.split()


def test_outside_a_checkout_collections_lie_in_the_users_data(tmp_path: Path) -> None:
    """As in a wheel: the package without the project around it."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "crawler").symlink_to(ROOT / "crawler")
    code = "import pathlib, runpy; runpy.run_path; import crawler.settings as s; print(s.ARCHIVE_DIR)"
    clean = {name: value for name, value in os.environ.items() if name not in ("ARCHIVE_DIR", "PYTHONPATH")}
    for given, want in (({"XDG_DATA_HOME": "/data"}, "/data/news-archive"), ({"HOME": "/h", "XDG_DATA_HOME": ""}, "/h/.local/share/news-archive")):
        place = tmp_path / "lib" / "settings_alone.py"
        place.write_text((ROOT / "crawler" / "settings.py").read_text())
        code = f"import runpy; print(runpy.run_path({str(place)!r})['ARCHIVE_DIR'])"
        told = subprocess.run([sys.executable, "-c", code], env={**clean, **given}, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        assert told.strip() == want


def test_the_users_data_directory_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from scrapy.settings import Settings

    from crawler.cli import base
    from crawler.commands.list import Command

    monkeypatch.setattr(base, "data_directory", tmp_path / "home" / "share")
    command = Command()
    command.settings = Settings({"ARCHIVE_DIR": str(tmp_path / "home" / "share" / "news-archive")})
    assert command.archive_dir().parent.is_dir()
    command.settings = Settings({"ARCHIVE_DIR": str(tmp_path / "disk" / "archives")})
    assert not command.archive_dir().parent.exists(), "it may be a disk that is not mounted"
