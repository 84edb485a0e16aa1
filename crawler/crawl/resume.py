"""Reading from the WARC during a crawl: unread captures of earlier runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from crawler.errors import ArchiveError
from crawler.failpoints import failpoint
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.index.index import Index
from crawler.items import LeasedRequest, Outcome, Redirect, Unusable, Usable
from crawler.processing.parse_again import bytes_of
from crawler.processing.received import Options, Received
from crawler.processing.truncated import cut_off
from crawler.sites.site import Site


class Interpreter(Protocol):
    """Interpreter of captures: `Readers`, or the pool of an event loop for its threads."""

    def interpret(self, site: Site, received: Received, options: Options = ...) -> Usable | Unusable:
        """Interpret a capture."""


def read_left_over(path: Path, row: FrontierRow, site: Site, arguments: CrawlArguments, readers: Interpreter) -> Outcome | None:
    """Read the capture of a `captured` row; None if it must be fetched again.

    It must if it is a redirect's hop, or no longer readable.

    Args:
        arguments: Of the run that fetched it.
    """
    from crawler.collection.parse_tasks import tasks

    failpoint("resume:before")
    with Index.open(path / "index.db", readonly=True) as index:
        capture = index.capture(row.record_id or "")
        if capture is None:
            return None
        lease = LeasedRequest(target=row.target.at(capture.url), attempt=capture.attempt, record_id=row.record_id)
        # One that was read and filed, and not settled any more, is read again: its row of failures does not say whether it was an answer.
        sql = (
            "SELECT f.reason, f.detail FROM failures f JOIN captures c ON c.id = f.capture_id"
            " WHERE c.record_id = ? AND c.read_state != 'not-a-story'"
        )
        cut = index.failure_at(capture.record_id) if capture.is_cut else None
        for noted in () if cut else index.query(sql, [capture.record_id]):
            return Unusable(
                lease=lease, capture=capture, reason=noted["reason"], detail=noted["detail"] or "", noted=True, read_state="unreadable"
            )
        (task,) = tasks(index, path, [capture])
    try:
        capture, headers, payload = bytes_of(task)
    except (ArchiveError, OSError):
        return None
    options = Options(parse=arguments.read == "yes", requisites=arguments.with_files)
    outcome = readers.interpret(site, Received(lease, capture, headers, payload), options)
    failpoint("resume:read")
    if cut is not None:
        return cut_off(outcome, *cut)
    return None if isinstance(outcome, Redirect) else outcome


def arguments_of(path: Path, run_id: int | None) -> Mapping[str, str]:
    """The spider arguments of an earlier run; empty if it is unknown."""
    with Index.open(path / "index.db", readonly=True) as index:
        rows = index.query("SELECT arguments FROM runs WHERE id = ?", [run_id])
    found = json.loads(rows[0]["arguments"] or "{}") if rows else {}
    return {str(name): str(value) for name, value in found.items()}
