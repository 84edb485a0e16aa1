"""Entry point `news-archive`: the commands of `scrapy`, from any folder."""

from __future__ import annotations

import difflib
import os
import pkgutil
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import crawler
from crawler import __version__
from crawler.errors import EXIT_COMPLETE, EXIT_USAGE
from crawler.terminal.program import ENTRY_POINT, as_typed

if TYPE_CHECKING:
    from scrapy.settings import Settings

COMMANDS = "crawler.commands"
_SCRAPYS = {"settings": "Show the value of a setting"}
"""Commands of Scrapy that we take as they are."""


def main() -> None:
    """Run the command that is named; end the process with its exit code."""
    import_module(COMMANDS)  # answers signals from then on
    name = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    if name is None:
        _answer_without_command(sys.argv[1:])
    if name not in (known := command_names()):
        near = difflib.get_close_matches(str(name), known, 1)
        hint = f"did you mean `{ENTRY_POINT} {near[0]}`?" if near else f"`{ENTRY_POINT} -h` lists them"
        print(f"{ENTRY_POINT}: no command {name!r}; {hint}", file=sys.stderr)
        sys.exit(EXIT_USAGE)
    from scrapy import cmdline

    settings = our_settings()
    if name not in _SCRAPYS:
        # The one command: importing all of them takes longer than most take to run.
        settings.set("COMMANDS_MODULE", f"{COMMANDS}.{name}", priority="cmdline")
    cmdline.execute(sys.argv, settings)


def command_names() -> list[str]:
    """List the names of the commands, unused ones too: they say what to type instead."""
    modules = [one.name for one in pkgutil.iter_modules([str(Path(crawler.__file__).parent / "commands")])]
    return sorted([*(name for name in modules if not name.startswith("_")), *_SCRAPYS])


def our_settings() -> Settings:
    """Return the settings of a project that builds on ours, else our own."""
    from scrapy.utils.project import get_project_settings

    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
    settings = get_project_settings()
    if settings.get("COMMANDS_MODULE") != COMMANDS:
        os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
        settings = get_project_settings()
    if editor := os.environ.get("EDITOR"):
        settings.set("EDITOR", editor, priority="project")
    return settings


def summaries() -> dict[str, str]:
    """Map the names of the commands that do something to a line on each."""
    from crawler.cli import UnusedCommand

    found = dict(_SCRAPYS)
    for name in command_names():
        if name not in found and not issubclass(command := import_module(f"{COMMANDS}.{name}").Command, UnusedCommand):
            found[name] = command.summary
    return dict(sorted(found.items()))


def _answer_without_command(words: list[str]) -> None:
    """Answer `--version`, else list the commands; end the process."""
    if "--version" in words or "-V" in words:
        print(f"{ENTRY_POINT} {__version__}")
        sys.exit(EXIT_COMPLETE)
    listed = summaries()
    width = max(map(len, listed))
    print(f"Archive newspapers: exact captures in WARC files, and an index of what they say. {__version__}\n")
    print(f"usage: {ENTRY_POINT} COMMAND [options] [arguments]\n")
    print("\n".join(f"  {name:<{width}}  {as_typed(summary)}" for name, summary in listed.items()))
    print(f"\n`{ENTRY_POINT} COMMAND -h` tells more. Collections lie in {our_settings().get('ARCHIVE_DIR')} (ARCHIVE_DIR).")
    sys.exit(EXIT_COMPLETE if {"-h", "--help"}.intersection(words) or not words else EXIT_USAGE)
