"""`scrapy edit SITE`: the file of a site, in your editor."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
from pathlib import Path

import crawler
from crawler.cli import ArchiveCommand
from crawler.errors import EXIT_COMPLETE, EXIT_SETUP, SetupError, UnknownSite, Usage


class Command(ArchiveCommand):
    """Open a site file."""

    usage = "SITE"
    summary = "Open the file of a site in your editor (VISUAL, EDITOR, or the setting EDITOR)"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Start the editor; return its exit code, 1 if it cannot be started."""
        if len(args) != 1:
            raise Usage("name one site; `scrapy list` shows them")
        place = self._file_of(args[0])
        assert self.settings is not None
        words = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or str(self.settings.get("EDITOR") or "vi"))
        try:
            return EXIT_SETUP if subprocess.run([*words, os.path.relpath(place)], check=False).returncode else EXIT_COMPLETE
        except OSError as error:
            raise SetupError(f"{words[0]}: cannot be started: {error.strerror or error}; the file is {place}") from error

    def _file_of(self, name: str) -> Path:
        """Find a site file by its own name, else by its site's.

        By its own first: a broken one cannot be asked for its site.

        Raises:
            UnknownSite
        """
        from crawler.sites import NO_SITES, shelf

        assert self.settings is not None
        folders = [Path(crawler.__file__).parent / "sites", *map(Path, map(str, self.settings.getlist("ARCHIVE_SITES")))]
        for folder in folders:
            if name.isidentifier() and name not in NO_SITES and (place := folder / f"{name}.py").is_file():
                return place
        sites = shelf(folders[1:])
        if name not in sites:
            raise UnknownSite(name, sorted(sites))
        return sites[name].file
