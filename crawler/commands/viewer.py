"""`scrapy viewer`: fetch ReplayWeb.page for the reading room."""

from __future__ import annotations

import argparse
from pathlib import Path

from crawler.cli import ArchiveCommand
from crawler.errors import EXIT_COMPLETE, Usage


class Command(ArchiveCommand):
    """Fetch ReplayWeb.page."""

    usage = "[options] [FILE]"
    summary = "Fetch ReplayWeb.page, in one fixed version, for the reading room: it shows WACZ files"
    details = (
        f"{summary}. npm fetches the package from the registry that it is set up for; its SHA-512 must be the one that is written here."
        " FILE: the package's file, fetched elsewhere. It is put into ARCHIVE_VIEWER (docs/replay.md)."
        " Exit code 13: the file is another than the one that is meant."
    )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Fetch, check, lay out."""
        from crawler.playback.viewer import PACKAGE, VERSION, install, viewer_folder

        assert self.settings is not None
        if len(args) > 1:
            raise Usage("name one file, or none to have npm fetch it")
        folder = viewer_folder(self.settings)
        install(folder, Path(args[0]).expanduser() if args else None)
        print(f"{PACKAGE} {VERSION} is in {folder}; `scrapy serve` shows WACZ files with it")
        return EXIT_COMPLETE
