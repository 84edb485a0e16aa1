"""`scrapy completion SHELL`: a script that completes commands, options and arguments."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crawler.cli import ArchiveCommand, UnusedCommand
from crawler.errors import EXIT_COMPLETE, Usage
from crawler.terminal.completion import SHELLS

if TYPE_CHECKING:
    from crawler.terminal.completion import CommandShape, Kind, OptionShape

_KINDS: dict[str, Kind] = {"COLLECTION": "collection", "SITE": "site", "FILE": "file", "DIR": "file", "FOLDER": "file", "WARC": "file"}
"""What words of capitals stand for, in usages and as values of options."""


class Command(ArchiveCommand):
    """Print a completion script."""

    usage = "bash | zsh | fish"
    summary = "Print a script by which the shell completes commands, options, sites, collections and spider arguments"
    details = (
        f"{summary}: `source <(scrapy completion bash)` in ~/.bashrc, the same with zsh in ~/.zshrc,"
        " `scrapy completion fish | source` in config.fish. It serves `scrapy` and `news-archive`."
    )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print the script."""
        from crawler.sites import load_sites
        from crawler.spiders.argument_help import VALUES, arguments_of
        from crawler.terminal.completion import Vocabulary, script

        assert self.settings is not None
        if len(args) != 1 or args[0] not in SHELLS:
            raise Usage(f"name one shell: {', '.join(SHELLS)}")
        sites = tuple(sorted(load_sites(self.settings.getlist("ARCHIVE_SITES"))))
        arguments = {
            spider: tuple(f"{name}={value}" for name in arguments_of(spider) for value in VALUES.get(name, ("",)))
            for spider in ("SITE", "web", "replay")
        }
        settings = tuple(sorted(name for name in self.settings if name.startswith("ARCHIVE_") or name in ("DOWNLOAD_DELAY", "USER_AGENT")))
        words = Vocabulary(
            commands=tuple(self._shapes()), sites=(*sites, "web", "replay"), arguments=arguments, settings=settings,
            archives=str(self.archive_dir()),
        )  # fmt: skip
        print(script(args[0], words), end="")
        return EXIT_COMPLETE

    def _shapes(self) -> Iterator[CommandShape]:
        """Yield the commands that do something, as they declare themselves."""
        from importlib import import_module

        from crawler.commands._entry import summaries
        from crawler.terminal.completion import CommandShape

        for name, about in summaries().items():
            place = "scrapy.commands" if name == "settings" else __package__
            command = import_module(f"{place}.{name}").Command()
            assert not isinstance(command, UnusedCommand)
            command.settings = self.settings
            parser = argparse.ArgumentParser(conflict_handler="resolve")
            command.add_options(parser)
            named = re.findall(r"[A-Z]{3,}", re.sub(r"\[?--?[a-z-]+ [A-Z]+\]?", "", command.syntax()))
            kinds = tuple(dict.fromkeys(_KINDS[word] for word in named if word in _KINDS))
            more = SHELLS if name == "completion" else ("all",) if name == "crawl" else ()
            yield CommandShape(
                name=name, about=about, options=tuple(map(_shape, parser._actions)), arguments=(*kinds, *(("word",) if more else ())),
                words=more,
            )  # fmt: skip


def _shape(action: argparse.Action) -> OptionShape:
    """Describe an option by its names, and by what its value is."""
    from crawler.terminal.completion import OptionShape

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
