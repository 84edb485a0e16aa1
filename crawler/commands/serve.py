"""`scrapy serve`: the reading room, a server that only reads."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from crawler.cli import ArchiveCommand, option
from crawler.errors import EXIT_COMPLETE, SetupError, Usage

PORT = 8001


class Command(ArchiveCommand):
    """Serve the reading room."""

    usage = "[options] [COLLECTION ...]"
    summary = "Serve collections as a reading room: stories, pictures, versions, captures and their proof"
    details = (
        "Serve collections as web pages on this machine, read-only, until Ctrl-C: by name or path, or all under ARCHIVE_DIR. A crawl may"
        " write them meanwhile. Needs the extra `browse`."
    )
    options = (
        option("--port", metavar="N", default=str(PORT), help=f"port to listen on; 0 for any that is free (default: {PORT})"),
        option("--host", metavar="ADDRESS", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)"),
        option("--replay", action="store_true", help="start pywb beside it, to look at captures as they were (docs/replay.md)"),
        option("--open", action="store_true", help="open the room in a browser"),
    )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what is no port."""
        if not (opts.port.isascii() and opts.port.isdecimal() and len(opts.port) < 6 and int(opts.port) < 65536):
            raise Usage(f"--port {opts.port[:40]}: must be a number from 0 to 65535")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Serve until a signal comes."""
        from crawler.playback.replay import open_all
        from crawler.playback.viewer import viewer_folder
        from crawler.readingroom.server import reading_room, serve

        self.check(args, opts)
        assert self.settings is not None
        viewer, paths = viewer_folder(self.settings), self._named(args) if args else self._all()
        with ExitStack() as stack:
            replay, folders = open_all(self.settings, paths, stack, start=opts.replay), self.settings.getlist("ARCHIVE_SITES")
            authority = self.settings.get("ARCHIVE_FEED_AUTHORITY")
            room = reading_room(
                paths, host=opts.host, replay=replay, sites=list(map(str, folders)), authority=authority, viewer=viewer
            )
            serve(room, host=opts.host, port=int(opts.port), ready=lambda address: _tell(address, opts))
        return EXIT_COMPLETE

    def _named(self, names: list[str]) -> list[Path]:
        """The collections that are named, each with an index that can be read."""
        from crawler.printed.read_index import read_index

        paths = list(dict.fromkeys(self.collection_path(name) for name in names))
        for path in paths:
            read_index(path).close()
        return paths

    def _all(self) -> list[Path]:
        """The collections under ARCHIVE_DIR; those that cannot be read are told and left out."""
        from crawler.printed.read_index import read_index

        good: list[Path] = []
        for path in self.collections():
            try:
                read_index(path).close()
                good.append(path)
            except SetupError as error:
                print(f"{self.name}: left out: {error}", file=sys.stderr)
        if not good:
            raise SetupError(f"no collection under {self.archive_dir()} can be read: crawl first, or name one")
        return good


def _tell(address: str, opts: argparse.Namespace) -> None:
    print(f"Reading room: {address}   (Ctrl-C ends it)", flush=True)
    if opts.open:
        import webbrowser

        webbrowser.open(address)
