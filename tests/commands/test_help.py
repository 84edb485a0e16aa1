"""Help of every command: whole lines, no heading that is none, spider arguments where they belong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from crawler.cli import entry
from crawler.spiders.argument_help import REPLAY_ARGUMENTS, SITE_ARGUMENTS, VALUES, WEB_ARGUMENTS, argument_lines
from crawler.spiders.arguments import _READERS

Typed = Callable[..., Any]
OURS = [name for name in entry.command_names() if name != "settings"]


@pytest.mark.parametrize("name", OURS)
def test_help_is_plain(typed: Typed, name: str) -> None:
    told = typed(name, "-h")
    assert told.code == 0
    lines = told.out.splitlines()
    assert lines[0].startswith(f"usage: scrapy {name}")
    assert not [line for line in lines if re.fullmatch(r"[=-]{3,}", line)], "Scrapy takes a colon for the end of a heading"
    assert ".." not in told.out.replace("...", "")


def test_every_spider_argument_has_its_line(typed: Typed) -> None:
    out = typed("crawl", "-h").out
    for name in {*SITE_ARGUMENTS, *WEB_ARGUMENTS, *REPLAY_ARGUMENTS}:
        assert re.search(rf"^    {name}=\S+ +\w", out, re.MULTILINE), name
    assert set(_READERS) == {*SITE_ARGUMENTS, *WEB_ARGUMENTS, *REPLAY_ARGUMENTS}
    assert set(VALUES) <= set(_READERS)
    assert "spider arguments" not in typed("stats", "-h").out


@pytest.mark.parametrize("width", [60, 80, 200])
def test_lines_on_arguments_fit_the_terminal(width: int) -> None:
    assert max(len(line) for line in argument_lines(width)) <= width


@pytest.mark.parametrize("name", ["genspider", "startproject", "check", "bench", "fetch", "view", "runspider"])
def test_what_cannot_work_here_names_another_command_and_writes_nothing(typed: Typed, name: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = typed(name, "foo", "foo.example")
    assert told.code == 2
    (line,) = told.err.splitlines()
    assert line.startswith(f"{name}: not used here, since ")
    assert "`scrapy " in line or "ARCHIVE_SITES" in line
    assert not list(tmp_path.iterdir())


def test_a_site_file_is_opened_in_the_editor(typed: Typed, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, sites = tmp_path / "shown", tmp_path / "sites"
    sites.mkdir()
    (sites / "broken.py").write_text("SITE = (\n")
    editor = tmp_path / "editor.sh"
    editor.write_text(f'#!/bin/sh\nfor last; do :; done\necho "$last" > {shown}\n[ "$1" = --wait ]\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", f"{editor} --wait")
    assert typed("edit", "presstv").code == 0
    assert shown.read_text().strip().endswith("crawler/sites/presstv.py")
    assert typed("edit", "broken", "-s", f"ARCHIVE_SITES={sites}").code == 0
    assert shown.read_text().strip().endswith("sites/broken.py")
    monkeypatch.setenv("VISUAL", str(editor))
    assert typed("edit", "presstv").code == 1
    monkeypatch.setenv("VISUAL", "/nosuch/editor")
    assert "cannot be started" in typed("edit", "presstv").err
    told = typed("edit", "nosuch")
    assert (told.code, told.err.startswith("edit: no site named 'nosuch'; there are: abendblatt")) == (2, True)
    assert typed("edit").code == 2


def test_versions_of_ours_and_of_scrapy(typed: Typed) -> None:
    assert typed("version").out.splitlines()[0].startswith("news-archive-crawler ")
    assert "Python " in typed("version", "-v").out
    assert typed("version", "x").code == 2


def test_colours_only_where_they_are_asked_for(typed: Typed) -> None:
    assert "\x1b[31m" in typed("stats", "nosuch", "--color", "always").err
    assert "\x1b" not in typed("stats", "nosuch").err
