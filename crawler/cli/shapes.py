"""Shapes of the commands for shell completion, from their own declarations."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from crawler.cli.entry import COMMANDS, summaries
from crawler.terminal.completion import CommandShape, Kind, OptionShape
from crawler.terminal.program import SHELLS

if TYPE_CHECKING:
    from scrapy.settings import Settings

_KINDS: dict[str, Kind] = {"COLLECTION": "collection", "SITE": "site", "FILE": "file", "DIR": "file", "FOLDER": "file", "WARC": "file"}
"""What words of capitals stand for, in usages and as values of options."""


def shapes_of_commands(settings: Settings) -> Iterator[CommandShape]:
    """Yield the commands that do something, as they declare themselves."""
    for name, about in summaries().items():
        place = "scrapy.commands" if name == "settings" else COMMANDS
        command = import_module(f"{place}.{name}").Command()
        command.settings = settings
        parser = argparse.ArgumentParser(conflict_handler="resolve")
        command.add_options(parser)
        named = re.findall(r"[A-Z]{3,}", re.sub(r"\[?--?[a-z-]+ [A-Z]+\]?", "", command.syntax()))
        kinds = tuple(dict.fromkeys(_KINDS[word] for word in named if word in _KINDS))
        more = SHELLS if name == "completion" else ("all",) if name in ("crawl", "enqueue") else ()
        yield CommandShape(
            name=name, about=about, options=tuple(map(_shape, parser._actions)), arguments=(*kinds, *(("word",) if more else ())),
            words=more,
        )  # fmt: skip


def _shape(action: argparse.Action) -> OptionShape:
    """Describe an option by its names, and by what its value is."""
    words: tuple[str, ...] = tuple(map(str, action.choices or ()))
    value: Kind | None = None
    if action.nargs != 0:
        by_name: dict[str, Kind] = {"-a": "argument", "-s": "setting"}
        value = next((by_name[name] for name in action.option_strings if name in by_name), None)
        value = value or ("word" if words else _KINDS.get(str(action.metavar or ""), "none"))
        if "-L" in action.option_strings:
            value, words = "word", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
    about = (action.help or "").partition(";")[0] % {"default": action.default, "prog": "", "metavar": action.metavar}
    return OptionShape(names=tuple(action.option_strings), about=about, value=value, words=words)
