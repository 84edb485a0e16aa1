"""Records that name each other as concurrent, and ids that come twice."""

from __future__ import annotations

from typing import Protocol

from crawler.warc.headers import bare
from crawler.warc.payload import form_of
from crawler.warc.records import Record


class Findings(Protocol):
    """Sink for findings."""

    def fault(self, offset: int, what: str, length: int = 0) -> None:
        """Note damage."""

    def odd(self, offset: int, kind: str, what: str) -> None:
        """Note an oddity."""


class ConcurrentRecords:
    """Check of records that name each other: partners present, one date, a request a response.

    The standard asks for none of that but for one id a record; a habit of our writer is odd if it is missing.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._known: dict[str, tuple[str, str]] = {}
        self._captures: dict[str, int] = {}
        self._awaited: dict[str, list[tuple[int, str, str]]] = {}
        self._lonely: dict[str, int] = {}
        self._requests = 0

    def note(self, record: Record) -> None:
        """Take note of the next record."""
        me, date, kind = record.record_id, record.fields.first("warc-date") or "", record.type
        if not me:
            return
        self._twice(record)
        self._known[me] = (date, kind)
        self._requests += kind == "request"
        if kind in ("response", "revisit") and record.is_http:
            self._lonely[me] = record.offset
        for offset, other_date, other_kind in self._awaited.pop(me, ()):
            self._meet(offset, other_date, other_kind, me, date, kind)
        for value in record.fields.all("warc-concurrent-to"):
            partner = bare(value) or ""
            if partner in self._known:
                self._meet(record.offset, date, kind, partner, *self._known[partner])
                if self._known[partner][1] == "request":
                    self._lonely.pop(me, None)
            else:
                self._awaited.setdefault(partner, []).append((record.offset, date, kind))

    def _twice(self, record: Record) -> None:
        """Note an id used twice.

        Two captures with one id are damage: one is found in place of the other. A record repeated, or one that is no capture, is not.
        """
        me, known = record.record_id, record.record_id in self._known
        if form_of(record) is not None:
            same = hash((record.target_uri, record.fields.first("warc-date"), record.block_length, record.start))
            if self._captures.setdefault(me, same) != same:
                self._findings.fault(record.offset, f"record id {me} a second time")
                return
        if known:
            self._findings.odd(record.offset, "record ids used twice", f"record id {me} a second time")

    def _meet(self, offset: int, date: str, kind: str, partner: str, other_date: str, other_kind: str) -> None:
        """Compare the record at an offset with the partner it names."""
        if kind == "request":
            self._lonely.pop(partner, None)
        if date != other_date:
            what = f"WARC-Date {date}, but {other_date} in the {other_kind} of the same capture"
            self._findings.odd(offset, "dates of a pair that differ", what)

    def settle(self) -> None:
        """Note missing partners, at the end of the file."""
        for partner, waiting in self._awaited.items():
            for offset, _, kind in waiting:
                what = f"the {kind} names {partner} as concurrent, which is not in this file"
                self._findings.odd(offset, "records that name one as concurrent which is not in this file", what)
        if self._requests:
            for me, offset in self._lonely.items():
                self._findings.odd(offset, "responses without a request", f"no request beside response {me}")
