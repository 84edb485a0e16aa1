"""Parse captures again from their WARCs, in worker processes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from attrs import evolve, field, frozen

from crawler.archive_files.reader import payload_at, revisit_head
from crawler.errors import ArchiveError, Damaged, Unreadable
from crawler.items import Capture, Headers, LeasedRequest, Outcome, Unusable, Usable, with_limit
from crawler.parsers.encoding.content_coding import LIMITS
from crawler.parsers.limits import ReadLimits
from crawler.processing.interpret import ALL, interpret
from crawler.processing.parse_failures import faulty, given_up
from crawler.processing.reading_stats import UNREAD_RECORD
from crawler.processing.received import Options, Received
from crawler.processing.redirects import is_redirect
from crawler.processing.truncated import cut_off
from crawler.processing.workers import Workers
from crawler.sites.known import site_of
from crawler.sites.site import Site

logger = logging.getLogger(__name__)
AnyOutcome = TypeVar("AnyOutcome", bound=Outcome)

PATIENCE = 4
"""How many times ARCHIVE_PARSE_SECONDS a page may take in a second attempt, if it is read from a file: on a busy machine processor
seconds stretch, and what is read must not depend on that."""
SECOND_ATTEMPT = "reading, done in a second attempt"


@frozen(kw_only=True)
class Task:
    """One capture to be read again, and where its payload and its head lie."""

    capture: Capture
    lease: LeasedRequest
    warc: Path
    offset: int
    head: tuple[Path, int] | None = None
    """File and offset of the capture's own record, where the payload is another's."""
    status: int | None = None
    """Of the record that holds the payload, for a revisit without a head of its own."""
    torn: bool = False
    """Whether the file is known to end within the record that holds the payload."""
    failure: tuple[str, str] | None = None
    """Reason and detail that are noted for it: of an answer of the wire that was cut off."""
    patience: int = PATIENCE
    """How many times the limit of time a second attempt may take; 1: there is none."""


def interpret_again(task: Task, folders: tuple[str, ...] = (), limits: ReadLimits = LIMITS) -> Outcome:
    """Interpret a capture from its WARC, as the live crawl did."""
    capture, site = task.capture, site_of(task.capture.site, folders)
    try:
        capture, headers, payload = bytes_of(task)
    except (Damaged, OSError) as error:
        return Unusable(
            lease=task.lease, capture=capture, noted=True, reason="malformed", detail=str(error), read_state="unreadable",
            left_out=((UNREAD_RECORD, 1),),
        )  # fmt: skip
    return _of_task(interpret(site, Received(task.lease, capture, headers, payload), Options(limits=limits)), task)


def _of_task(outcome: Usable | Unusable, task: Task) -> Outcome:
    return cut_off(outcome, *task.failure) if task.failure else outcome


def bytes_of(task: Task) -> tuple[Capture, Headers, bytes]:
    """A capture as it is to be read, its HTTP header fields and its payload.

    A revisit is read with its own head and the payload of the record that it repeats; one without a head with that record's head.

    Raises:
        Damaged, OSError: A record cannot be read.
    """
    capture = task.capture
    if capture.status == 304:
        return capture, Headers(), b""
    own = revisit_head(*task.head) if task.head else None
    if own is not None and is_redirect(*own):
        return capture, own[1], b""
    headers, payload = payload_at(task.warc, task.offset, torn=task.torn)
    if own is not None and own[0] is not None:
        return capture, own[1], payload
    if capture.status is None and task.status is not None:
        capture = evolve(capture, status=task.status)
    return capture, headers, payload


@frozen(kw_only=True)
class Readers:
    """Worker processes that interpret captures; a page over a limit is unreadable.

    Args:
        folders: With site files beside our own: a worker loads a site by its name.
    """

    workers: Workers = field(factory=Workers)
    folders: tuple[str, ...] = ()
    limits: ReadLimits = LIMITS
    _lock: threading.Lock = field(factory=threading.Lock, init=False, eq=False)
    _second: dict[int, Workers] = field(factory=dict, init=False, eq=False)

    def interpret(self, site: Site, received: Received, options: Options = ALL) -> Usable | Unusable:
        """Interpret a capture in a worker; unreadable if it exceeds a limit."""
        lease, capture, size = received.lease, received.capture, len(received.payload)
        try:
            return logged(self.workers.call(_interpret, site.name, self.folders, received, evolve(options, limits=self.limits)))
        except Unreadable as error:
            return given_up(lease, capture, str(error), size)
        except ArchiveError:
            raise
        except Exception as error:  # noqa: BLE001 - logged by `logged`
            return logged(faulty(lease, capture, error, size))

    def interpret_again(self, job: Task) -> Outcome:
        """Interpret a capture from its WARC, with a second, longer attempt."""
        try:
            return logged(self.workers.call(interpret_again, job, self.folders, self.limits))
        except Unreadable as error:
            if job.patience > 1:
                with suppress(Unreadable):
                    outcome = logged(self._patient(job.patience).call(interpret_again, job, self.folders, self.limits))
                    return with_limit(outcome, SECOND_ATTEMPT)
            return _of_task(given_up(job.lease, job.capture, str(error), _size(job)), job)
        except ArchiveError:
            raise
        except Exception as error:  # noqa: BLE001 - logged by `logged`
            return _of_task(logged(faulty(job.lease, job.capture, error, 0)), job)

    def _patient(self, times: int) -> Workers:
        """One worker with a multiple of the time; made when first needed."""
        with self._lock:
            if times not in self._second:
                limits = self.workers.limits
                self._second[times] = Workers(evolve(limits, seconds=limits.seconds * times, workers=1))
            return self._second[times]

    def interpret_all(self, jobs: Iterable[Task]) -> Iterator[Outcome]:
        """Interpret many captures from their WARCs, on all cores; in the order given."""
        return self.workers.map(self.interpret_again, jobs)

    def close(self) -> None:
        """End the workers."""
        self.workers.close()
        for workers in self._second.values():
            workers.close()


def logged(outcome: AnyOutcome) -> AnyOutcome:
    """Log a fault of our own parser, once, with its traceback."""
    if isinstance(outcome, Unusable) and outcome.fault is not None:
        logger.error("parser-fault url=%s role=%s detail=%s\n%s", outcome.url, outcome.lease.role, outcome.detail, outcome.fault)
    return outcome


def _size(job: Task) -> int:
    """Bytes of the payload to read; 0 if it cannot be read."""
    try:
        return len(bytes_of(job)[2])
    except (Damaged, OSError):
        return 0


def _interpret(name: str, folders: tuple[str, ...], received: Received, options: Options) -> Usable | Unusable:
    """In a worker: interpret a capture of the site of that name."""
    return interpret(site_of(name, folders), received, options)
