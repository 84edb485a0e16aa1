"""`scrapy completion SHELL`: a script that completes commands, options and arguments."""

from __future__ import annotations

import argparse

from crawler.cli import ArchiveCommand
from crawler.errors import EXIT_COMPLETE, Usage
from crawler.terminal.program import SHELLS


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
        from crawler.cli.shapes import shapes_of_commands
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
            commands=tuple(shapes_of_commands(self.settings)), sites=(*sites, "web", "replay"), arguments=arguments, settings=settings,
            archives=str(self.archive_dir()),
        )  # fmt: skip
        print(script(args[0], words), end="")
        return EXIT_COMPLETE
