"""Parse captures again from their WARCs, in worker processes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from attrs import evolve, field, frozen

from crawler.errors import ArchiveError, Damaged, Unreadable
from crawler.items import Capture, Headers, LeasedRequest, Outcome, Unusable, Usable, content_of, with_limit
from crawler.parsers.encoding.content_coding import LIMITS
from crawler.parsers.limits import ReadLimits
from crawler.processing.interpreter import interpret, interpret_plainly, settings_of
from crawler.processing.parse_failures import faulty, given_up
from crawler.processing.plain_outcomes import PLAIN_OUTCOME, PlainOutcome, outcome_of, plain_of
from crawler.processing.reading_stats import UNREAD_RECORD
from crawler.processing.received import ALL, Options, Received
from crawler.processing.redirects import is_redirect
from crawler.processing.truncated import cut_off
from crawler.sites.known import site_of
from crawler.sites.site import Site
from crawler.storage.store_path import is_address
from crawler.workers.job_map import Call
from crawler.workers.pool import Workers

logger = logging.getLogger(__name__)
AnyOutcome = TypeVar("AnyOutcome", bound=Outcome)
Beside = TypeVar("Beside")

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
    held: tuple[Capture, Headers, bytes] | None = None
    """What `bytes_of` returns, where a worker cannot read it: of a WARC in a store, since workers reach no network."""
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
    from crawler.archive_files.reader import payload_at, revisit_head

    capture = task.capture
    if task.held is not None:
        return task.held
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
    _settings: dict[tuple[bool, bool], bytes] = field(init=False, factory=dict, eq=False, repr=False)
    """What jobs share, by the options in which they differ."""

    def interpret(self, site: Site, received: Received, options: Options = ALL) -> Usable | Unusable:
        """Interpret a capture in a worker; unreadable if it exceeds a limit."""
        call = self.call_for(site, received, options)
        try:
            answer = self.workers.call(call.function, *call.arguments, kind=call.kind)
        except Exception as error:  # noqa: BLE001 - `outcome` knows what it means
            return self.outcome(received, None, error)
        return self.outcome(received, answer, None)

    def call_for(self, site: Site, received: Received, options: Options = ALL) -> Call:
        """The job of interpreting a capture."""
        settings = self._settings.get((options.parse, options.requisites))
        if settings is None:
            settings = settings_of(self.folders, evolve(options, limits=self.limits))
            self._settings[options.parse, options.requisites] = settings
        arguments = (site.name, settings, received)
        return Call(function=interpret_plainly, arguments=arguments, kind=PLAIN_OUTCOME)

    def outcome(self, received: Received, answer: PlainOutcome | None, error: Exception | None) -> Usable | Unusable:
        """The outcome of a capture by the answer of a worker, or by an error.

        Raises:
            ArchiveError: Nothing of the page: a site file that is missing.
        """
        lease, capture = received.lease, received.capture
        if isinstance(error, Unreadable):
            return given_up(lease, capture, str(error), len(received.payload))
        if isinstance(error, ArchiveError):
            raise error
        if error is not None or answer is None:
            return logged(faulty(lease, capture, error or RuntimeError("no answer"), len(received.payload)))
        outcome = outcome_of(answer, lease, capture)
        return logged(content_of(outcome))

    def interpret_all(self, jobs: Iterable[Task | Outcome]) -> Iterator[Outcome]:
        """Interpret many captures from their WARCs, on all cores; in the order given.

        One that takes too long gets a second, longer attempt. An outcome among them is passed on.
        """
        return self.workers.map(self._call_again, self._outcome_again, jobs)

    def interpret_beside(self, items: Iterable[tuple[Beside, Task | None]]) -> Iterator[tuple[Beside, Outcome | None]]:
        """Interpret captures as `interpret_all`, each with a value beside it.

        A value without a task is passed on in its turn.
        """

        def begin(item: tuple[Beside, Task | None]) -> Call | tuple[Beside, Outcome | None]:
            beside, task = item
            call = None if task is None else self._call_again(task)
            return call if isinstance(call, Call) else (beside, call)

        def settle(
            item: tuple[Beside, Task | None], call: Call, answer: PlainOutcome | None, error: Exception | None
        ) -> Call | tuple[Beside, Outcome | None]:  # fmt: skip
            beside, task = item
            assert task is not None
            result = self._outcome_again(task, call, answer, error)
            return result if isinstance(result, Call) else (beside, result)

        return self.workers.map(begin, settle, items)

    def _call_again(self, job: Task | Outcome) -> Call | Outcome:
        if not isinstance(job, Task):
            return job
        if _is_stored(job):
            try:
                job = evolve(job, held=bytes_of(job))
            except (Damaged, OSError):
                return interpret_again(job, self.folders, self.limits)
        return Call(function=_interpret_again, arguments=(job, self.folders, self.limits), kind=PLAIN_OUTCOME)

    def _outcome_again(
        self, job: Task | Outcome, call: Call, answer: PlainOutcome | None, error: Exception | None
    ) -> Outcome | Call:  # fmt: skip
        assert isinstance(job, Task)
        if isinstance(error, Unreadable):
            if call.times == 1 and job.patience > 1:
                return evolve(call, times=job.patience)
            return _of_task(given_up(job.lease, job.capture, str(error), _size(job)), job)
        if isinstance(error, ArchiveError):
            raise error
        if error is not None or answer is None:
            return _of_task(logged(faulty(job.lease, job.capture, error or RuntimeError("no answer"), 0)), job)
        outcome = logged(outcome_of(answer, job.lease, job.capture))
        return with_limit(outcome, SECOND_ATTEMPT) if call.times > 1 else outcome

    def close(self) -> None:
        """End the workers."""
        self.workers.close()


def logged(outcome: AnyOutcome) -> AnyOutcome:
    """Log a fault of our own parser, once, with its traceback."""
    if isinstance(outcome, Unusable) and outcome.fault is not None:
        logger.error("parser-fault url=%s role=%s detail=%s\n%s", outcome.url, outcome.lease.role, outcome.detail, outcome.fault)
    return outcome


def _is_stored(task: Task) -> bool:
    """Test if a record that a task needs lies in a store."""
    return is_address(task.warc) or (task.head is not None and is_address(task.head[0]))


def _size(job: Task) -> int:
    """Bytes of the payload to read; 0 if it cannot be read."""
    try:
        return len(bytes_of(job)[2])
    except (Damaged, OSError):
        return 0


def _interpret_again(task: Task, folders: tuple[str, ...], limits: ReadLimits) -> PlainOutcome:
    """In a worker: interpret a capture from its WARC."""
    return plain_of(interpret_again(task, folders, limits))
