"""`scrapy prove STORY --out DIR`: the proof of one story as a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from crawler.cli import COLLECTION, ArchiveCommand, option
from crawler.errors import EXIT_COMPLETE, EXIT_DAMAGED, Usage
from crawler.formatting import counted, one_line
from crawler.printed.stories import find_story


class Command(ArchiveCommand):
    """Write the proof of one story."""

    usage = "[options] STORY --out DIR"
    summary = "Write the proof of a story: its records, their ways to a root over all records, timestamps, and how to check them"
    details = (
        "STORY is an id (presstv/459588), a number, or an address of the story. DIR is made anew; its README.txt tells how to check it with"
        " sha256sum and openssl alone. A root is made at once for WARCs that none covers, and stamped if ARCHIVE_TSA_URL is set."
    )
    options = (
        COLLECTION,
        option("--out", metavar="DIR", required=False, help="the folder to be made"),
        option("--version", metavar="N", type=int, help="only version N; else all"),
        option("--all", action="store_true", dest="every", help="every capture that shows it, not only the first of each version"),
    )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Find the captures, cover them by a root, write the folder."""
        from crawler.collection.layout import find_warc
        from crawler.evidence.bundle import captures_to_prove, write_proof
        from crawler.housekeeping.daily_root import cover
        from crawler.printed.read_index import read_index

        assert self.settings is not None
        if len(args) != 1 or not opts.out:
            raise Usage("name one story and the folder: prove STORY --out DIR")
        path, out = self.collection_path(opts.collection), Path(opts.out)
        if out.exists():
            raise Usage(f"--out {out}: is there already; name a new folder")
        with read_index(path) as index:
            story = find_story(index, args[0], collection=path.name, folders=map(str, self.settings.getlist("ARCHIVE_SITES")))
            wanted = captures_to_prove(index, story.id, opts.version, every=opts.every)
            faults = cover(path, [find_warc(path, one.capture.warc) for one in wanted], tsa_url=self.settings.get("ARCHIVE_TSA_URL"))
            authority = self.settings.get("ARCHIVE_TSA_CA_FILE")
            write_proof(index, path, story.id, wanted, out, authority=Path(authority) if authority else None)
        for fault in faults:
            print(f"{self.name}: {one_line(fault)}")
        print(f"{counted(len(wanted), 'capture')} of {one_line(story.id)} -> {out}")
        print(f"{out / 'README.txt'} tells how to check it; `sh check.sh` in there does")
        return EXIT_DAMAGED if faults else EXIT_COMPLETE
