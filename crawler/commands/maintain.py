"""`scrapy maintain [COLLECTION ...]`: housekeeping for a timer."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import JSON, METRICS, REPORT_JSON, ArchiveCommand
from crawler.errors import EXIT_SETUP, ArchiveError, SetupError
from crawler.terminal.files import FileBars

if TYPE_CHECKING:
    from crawler.housekeeping.maintain import Upkeep


class Command(ArchiveCommand):
    """Read a share of the WARCs to their ends, and look after the index."""

    usage = "[options] [COLLECTION ...]"
    summary = "Housekeeping for a timer: check a rotating share of the WARCs, look after the index; of all collections, or those named"
    details = (
        "Housekeeping for a timer, once a month or more often: reads a share of the WARCs to their ends, so that each byte is read every"
        " ARCHIVE_FIXITY_DAYS days, makes the root of the day over the sealed WARCs (docs/proofs.md; once a day for that), uploads to"
        " ARCHIVE_STORE what no run has uploaded and reads a share back (docs/storage.md), and looks after the index (full text,"
        " statistics, log). Removes nothing, but with ARCHIVE_KEEP_LOCAL=0 what was read back. Of all collections under"
        " ARCHIVE_DIR if none is named. A running crawl is not disturbed. Exit code 13: damage; 11: in use, so that something was"
        " left for the next call; 14: stopped, and the next call goes on there; 15: the store could not be reached."
    )
    options = (JSON, REPORT_JSON, METRICS)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Maintain one collection after the other; return the gravest exit code."""
        from crawler.monitoring.outputs import check_places, write_document

        check_places(opts.report_json, Path(opts.metrics) if opts.metrics is not None else None)
        try:
            paths = [self.collection_path(name) for name in args] if args else self.collections()
            if not paths:
                raise SetupError(f"no collection under {self.archive_dir()}: crawl first, or name one")
        except ArchiveError as error:
            if opts.report_json is not None:
                write_document(opts.report_json, {"exit_code": error.exit_code, "reason": str(error), "collections": []})
            raise
        upkeeps, code = self._maintained(paths)
        return code if self._tell(upkeeps, code, opts) else code or EXIT_SETUP

    def _maintained(self, paths: list[Path]) -> tuple[list[Upkeep], int]:
        """Look after collections up to the first signal; what was done, and the exit code."""
        from crawler.housekeeping.maintain import Upkeep, gravest, maintain
        from crawler.housekeeping.store_upkeep import store_options

        assert self.settings is not None
        days, bars = float(self.settings.get("ARCHIVE_FIXITY_DAYS")), FileBars()
        store = store_options(self.settings)
        upkeeps = [Upkeep(path=path, days=days, tsa_url=self.settings.get("ARCHIVE_TSA_URL"), store=store) for path in paths]
        try:
            for upkeep in upkeeps:
                try:
                    maintain(upkeep, bars.begin)
                except ArchiveError as error:  # of this collection: the others are looked after all the same
                    upkeep.problems.append(error)
        except KeyboardInterrupt:
            for one in upkeeps:
                one.stopped = one.stopped or not one.ended
        bars.close()
        return upkeeps, gravest({upkeep.exit_code for upkeep in upkeeps})

    def _tell(self, upkeeps: list[Upkeep], code: int, opts: argparse.Namespace) -> bool:
        """Print, write and post the report; False if a file could not be written."""
        from crawler import clock
        from crawler.housekeeping.told import document_of, metrics_of, text_of_upkeep
        from crawler.monitoring.metrics import read_before
        from crawler.monitoring.outputs import write_document, write_figures
        from crawler.monitoring.webhook import body_of, webhook_of

        assert self.settings is not None
        document = {"exit_code": code, "collections": [document_of(upkeep) for upkeep in upkeeps]}
        print(json.dumps(document, ensure_ascii=True, indent=2) if opts.json else "\n\n".join(map(text_of_upkeep, upkeeps)))
        sys.stdout.flush()
        faults = write_document(opts.report_json, document) if opts.report_json is not None else []
        if opts.metrics is not None:
            place = Path(opts.metrics)
            faults += write_figures(place, metrics_of(upkeeps, now=clock.now(), before=read_before(place)))
        for fault in faults:
            print(f"{self.name}: {fault}", file=sys.stderr)
        if webhook := webhook_of(self.settings):
            webhook.post([
                (one.path.name, body_of(text_of_upkeep(one), document_of(one))) for one in upkeeps if webhook.wants(one.exit_code, None)
            ])  # fmt: skip
        return not faults
