"""Write exchanges to WARC files: one group of gzip members each.

Request and facts stand before the response: wherever a crash cuts the file, no response is without its facts.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from time import monotonic

from attrs import frozen

from crawler import clock
from crawler.errors import WriteFailed
from crawler.failpoints import failpoint
from crawler.items import Capture, Exchange, Failure, LeasedRequest, Lookup, SpooledBytes
from crawler.warc import cdxj
from crawler.warc.algorithms import Algorithm, Digests, measure
from crawler.warc.builder import Block, RecordBuilder, capture, pieces, plan
from crawler.warc.headers import write_fields
from crawler.warc.output_file import OpenFile, new_file, set_aside

CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


@frozen(kw_only=True)
class Sealed:
    """A WARC that is finished: one row of table `warcs`."""

    name: str
    path: Path
    bytes: int
    sealed: datetime
    sha256: str
    """Lower-case hex, of the whole file."""


class WarcWriter:
    """Writer of WARC files; opens one at the first record, rolls over when full.

    For one thread. Every writing method raises `WriteFailed`; whole records already appended stay whole, and after a failed
    sync everything is refused.

    Args:
        folder: For the files.
        indexes: For the CDXJ of each sealed file.
        quarantine: For a file that nothing could be written to.
        prefix: First part of file names; characters unfit for a name become hyphens.
        hostname: Last part of file names, and in warcinfo; None for this machine's.
        max_bytes: A file that has passed this is sealed before the next exchange.
        max_seconds: Likewise a file that was begun so long ago; 0: however old it is.
        part_of_site: Name the site in the facts of each record (`isPartOf`): the file holds captures of several.
        chunked_digest: `spec`, or `omit`: chunked responses carry no WARC-Payload-Digest, since common validators reject the one the
            standard asks for.
        algorithm: Digests of blocks and payloads.
        lines_of: Reads the CDXJ lines of a finished file again, if those kept beside it could not be written.
        on_seal: Called with each finished file.
    """

    def __init__(
        self, *, folder: Path, indexes: Path, quarantine: Path, prefix: str, software: str, lines_of: Callable[[Path], Iterable[str]],
        hostname: str | None = None, user_agent: str | None = None, operator: str | None = None, is_part_of: str | None = None,
        robots: str | None = "obey", max_bytes: int = 1_000_000_000, max_seconds: float = 0.0, part_of_site: bool = False,
        chunked_digest: str = "spec", algorithm: Algorithm = "sha1", on_seal: Callable[[Sealed], None] | None = None,
        now: Callable[[], datetime] = clock.now,
    ) -> None:  # fmt: skip
        hostname = hostname or platform.node()
        self._folder, self._indexes, self._quarantine = folder, indexes, quarantine
        self._prefix, self._hostname = _name_part(prefix), _name_part(hostname)
        self._max_bytes, self._chunked_digest, self._on_seal, self._now = max_bytes, chunked_digest, on_seal, now
        self._algorithm, self._lines_of = algorithm, lines_of
        self._max_seconds, self._part_of_site, self._begun = max_seconds, part_of_site, 0.0
        self._about = write_fields(
            (name, value or None)
            for name, value in (
                ("software", software), ("format", "WARC File Format 1.1"), ("conformsTo", CONFORMS_TO), ("operator", operator),
                ("hostname", hostname), ("isPartOf", is_part_of), ("robots", robots), ("http-header-user-agent", user_agent),
                ("chunkedPayloadDigest", chunked_digest), ("digestAlgorithm", None if algorithm == "sha1" else algorithm),
            )
        )  # fmt: skip
        self._file: OpenFile | None = None
        self._builder: RecordBuilder | None = None
        self._lines, self._listed = SpooledBytes(folder=folder), True

    @property
    def name(self) -> str | None:
        """Final name of the file being written, or None."""
        return self._file.name if self._file else None

    @property
    def good_offset(self) -> int:
        """Bytes of whole records in the file being written."""
        return self._file.good_offset if self._file else 0

    @property
    def usable(self) -> bool:
        """True if a failed write may be tried again: no sync has failed."""
        return self._file is None or self._file.usable

    @property
    def is_old(self) -> bool:
        """True if the file being written is to be sealed for its age."""
        return bool(self._max_seconds and self.good_offset) and monotonic() - self._begun >= self._max_seconds

    def digests(self, exchange: Exchange) -> Digests:
        """Digests of an exchange's payload, for `write_exchange`."""
        return measure(pieces(exchange.payload), self._algorithm)

    def write_exchange(
        self,
        exchange: Exchange,
        lease: LeasedRequest,
        *,
        record_id: str | None = None,
        original: Capture | None = None,
        payload: Digests | None = None,
        reason: str | None = None,
        detail: str = "",
    ) -> Capture:
        """Append request, facts and response or revisit of an exchange; `sync` makes it durable.

        Args:
            record_id: `urn:uuid:...` for the response; else the lease's, else a new one.
            original: The capture that holds the same payload, or whose validators a 304 confirms. If a revisit may not refer to it
                (it is one itself, its digest differs, the payload is empty or cut off) a response is written.
            payload: Digests of `exchange.payload`, if they are already known.
            reason, detail: Why the answer is known to be unusable.
        """
        planned = plan(
            exchange, record_id=record_id or lease.record_id, original=original, payload=payload, algorithm=self._algorithm,
            chunked_digest=self._chunked_digest,
        )  # fmt: skip
        file, builder = self._current()
        members = builder.exchange(exchange, lease, planned, reason=reason, detail=detail)
        offset = self._append(file, builder, members)
        written = capture(exchange, lease, planned, warc=file.name, offset=offset, length=len(members[-1]))
        self._list(written)
        return written

    def _list(self, written: Capture) -> None:
        try:
            self._lines.write(f"{cdxj.line(written)}\n".encode())
        except OSError:
            # The record stands, and must not be written twice for its line; the file itself will be read for its list.
            self._listed = False

    def write_failure(self, failure: Failure) -> None:
        """Append the metadata record of a failed attempt; `sync` makes it durable."""
        file, builder = self._current()
        self._append(file, builder, [builder.failure(failure)])

    def write_lookup(self, lookup: Lookup) -> None:
        """Append the resource record of a name look-up; `sync` makes it durable."""
        file, builder = self._current()
        self._append(file, builder, [builder.lookup(lookup)])

    def sync(self) -> None:
        """Bring everything appended so far to disk; a failure is final."""
        if self._file:
            self._file.sync()

    def seal(self) -> Sealed | None:
        """Finish the current file, if any: CDXJ, final name, `on_seal`."""
        file = self._file
        if file is None or not file.good_offset:
            return None
        failpoint("seal:before")
        file.sync()
        cdxj.write(self._indexes, file.name, self._lines.read().decode().splitlines() if self._listed else self._lines_of(file.path))
        failpoint("seal:listed")
        sealed = Sealed(name=file.name, path=file.seal(), bytes=file.good_offset, sealed=self._now(), sha256=file.sha256)
        self._forget()
        if self._on_seal:
            self._on_seal(sealed)
        failpoint("seal:after")
        return sealed

    def close(self) -> Sealed | None:
        """Seal the current file; if a write fails, leave it for recovery and raise."""
        try:
            return self.seal()
        finally:
            if self._file:
                self._file.release()
                if not self._file.good_offset:
                    set_aside(self._file.path, self._quarantine)
                self._forget()

    def _forget(self) -> None:
        self._file = self._builder = None
        self._lines.close()
        self._lines, self._listed = SpooledBytes(folder=self._folder), True

    def _current(self) -> tuple[OpenFile, RecordBuilder]:
        """The file for the next group and its builder; new ones when full."""
        if self._file and (self._file.good_offset >= self._max_bytes or self.is_old):
            self.seal()
        if self._file is None or self._builder is None:
            try:
                self._file = new_file(self._folder, self._prefix, self._hostname, self._now())
            except OSError as error:
                raise WriteFailed(self._folder, error) from error
            self._begun = monotonic()
            self._builder = RecordBuilder(folder=self._folder, algorithm=self._algorithm, part_of_site=self._part_of_site)
        return self._file, self._builder

    def _append(self, file: OpenFile, builder: RecordBuilder, members: list[Block]) -> int:
        """Append a group, the first behind warcinfo; returns the offset of its last member."""
        before = [] if file.good_offset else [builder.warcinfo(file.name, self._about, self._now())]
        try:
            file.append([*before, *members])
        finally:
            for member in members:
                if isinstance(member, SpooledBytes):
                    member.close()
        return file.good_offset - len(members[-1])


def _name_part(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip(".-") or "archive"
