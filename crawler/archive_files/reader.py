"""Read WARCs: payloads by offset, whole files as captures and failures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from crawler.archive_files.captures import Archived, archived_of, derived_id, passed_over
from crawler.errors import Damaged
from crawler.items import Failure, Headers, Omissions
from crawler.urls import canonical_url
from crawler.warc import cdxj
from crawler.warc.fetch_metadata import lease_of, read_facts, tells_ours
from crawler.warc.headers import bare
from crawler.warc.payload import MAX_PAYLOAD_BYTES, form_of, head_of, payload_of, scheme_of
from crawler.warc.records import Fault, Record, record_at, records, scan

__all__ = [
    "Archived", "Fault", "Record", "archived", "derived_id", "failed_attempt", "payload_at", "payload_of", "record_at", "records",
    "revisit_head", "scan",
]  # fmt: skip

_MAX_PENDING = 16


def payload_at(path: Path, offset: int, *, limit: int = MAX_PAYLOAD_BYTES, torn: bool = False) -> tuple[Headers, bytes]:
    """Headers and payload of the record at an offset, dechunked, content coding kept.

    Args:
        torn: Take the beginning of a record within which the file ends.
        limit: Of the payload, in bytes.
    Raises:
        Damaged: There is no whole record that holds one.
    """
    record = record_at(path, offset, torn=torn)
    if record.type == "revisit" or form_of(record) is None:
        raise Damaged(path, offset, f"a {record.type or 'nameless'} record, not a response: it holds no payload")
    return payload_of(record, limit, wire=of_this_crawler(record))


def of_this_crawler(record: Record) -> bool:
    """True if this crawler wrote a record: it names its file's warcinfo, which is ours."""
    named = bare(record.fields.first("warc-warcinfo-id"))
    return bool(named) and named == _own_warcinfo(record.path, record.path.stat().st_ino)


@lru_cache(maxsize=64)
def _own_warcinfo(path: Path, inode: int) -> str | None:
    """The id of the warcinfo that begins a file of this crawler, else None.

    Args:
        inode: Tells files of one name apart in the cache.
    """
    first = next(scan(path), None)
    ours = isinstance(first, Record) and first.type == "warcinfo" and tells_ours(read_facts(first.block()))
    return first.record_id if ours and isinstance(first, Record) else None


def revisit_head(path: Path, offset: int) -> tuple[int | None, Headers]:
    """Status and fields of the HTTP head at an offset; (None, ()) without one.

    Raises:
        Damaged: There is no whole record.
    """
    return head_of(record_at(path, offset))


def archived(
    path: Path,
    *,
    start: int = 0,
    site: str = "",
    key: Callable[[str], str] = canonical_url,
    faults: list[Fault] | None = None,
    passed: Omissions | None = None,
) -> Iterator[Archived]:
    """Every capture and failed attempt of a file, in file order.

    Args:
        site, key: Defaults for files without our metadata; their role is `page`.
        faults: If given, damage is noted there and passed over.
        passed: If given, counts records of which no capture is made, by type.
    Raises:
        NotAWarc, Damaged: As `records`.
    """
    noted: list[Fault] = [] if faults is None else faults
    gatherer = ExchangeGatherer(site=site, key=key, faults=noted, passed=passed)
    for found in scan(path, start=start, torn=True):
        if isinstance(found, Fault):
            noted.append(found)
        else:
            yield from gatherer.take(found)
        if noted and faults is None:
            break
    yield from gatherer.flush()
    if noted and faults is None:
        raise Damaged(path, noted[0].offset, noted[0].what)


class ExchangeGatherer:
    """Gathers the records of one exchange.

    In our files request and facts stand before their response, in others also behind it.

    Args:
        faults: Takes responses that are no captures for damage.
        passed: Counts records of other types.
    """

    def __init__(
        self,
        *,
        site: str = "",
        key: Callable[[str], str] = canonical_url,
        faults: list[Fault] | None = None,
        passed: Omissions | None = None,
    ) -> None:
        self._site, self._key = site, key
        self._faults: list[Fault] = [] if faults is None else faults
        self._passed = Omissions() if passed is None else passed
        self._companions: list[Record] = []
        self._response: Record | None = None
        self._warcinfo_date: datetime | None = None
        self._ours = False

    def take(self, record: Record) -> Iterator[Archived]:
        """Take the next record in file order; yields an exchange completed by it.

        A record within which the file ends is taken only if it holds part of a page of another writer: a crash leaves ours so, and
        they are requested again.
        """
        if record.torn and not _holds_page(record):
            return
        if form_of(record) is not None:
            yield from self._take_response(record)
        elif record.type == "metadata" and not record.fields.all("warc-concurrent-to"):
            yield from self.flush()
            yield from self._alone(record)
        elif record.type in ("request", "metadata"):
            if len(self._companions) >= _MAX_PENDING or (self._response and not _together(record, self._response)):
                yield from self.flush()
            self._companions.append(record)
        elif record.type == "warcinfo":
            self._warcinfo_date, self._ours = record.date or self._warcinfo_date, tells_ours(read_facts(record.block()))
        elif not self._is_own_lookup(record):
            self._pass(record)

    def _take_response(self, record: Record) -> Iterator[Archived]:
        """Take a record with a capture; complete if its facts stand before it."""
        yield from self.flush(keep=record)
        if any(companion.type == "metadata" for companion in self._companions):
            mine, self._companions = self._companions, []
            yield from self._archived(record, mine)
        else:
            self._response = record

    def _is_own_lookup(self, record: Record) -> bool:
        """True if a record is a name look-up of this crawler, which is no capture."""
        return self._ours and record.type == "resource" and scheme_of(record.target_uri) == "dns"

    def flush(self, keep: Record | None = None) -> Iterator[Archived]:
        """Yield the response at hand, if any; companions of `keep` stay."""
        response, companions = self._response, self._companions
        self._response = None
        self._companions = _of(companions, keep)
        mine = _of(companions, response)
        self._pass_alone([c for c in companions if c not in mine and c not in self._companions], response, keep)
        if response is not None:
            yield from self._archived(response, mine)

    def _archived(self, response: Record, companions: list[Record]) -> Iterator[Archived]:
        """The capture of a response with its companions; a fault without one."""
        try:
            found = archived_of(response, companions, self._site, self._key, self._warcinfo_date)
        except Damaged as error:
            self._faults.append(Fault(path=response.path, offset=response.offset, what=error.what))
            return
        if not (response.torn and found.ours):
            yield found

    def _alone(self, record: Record) -> Iterator[Archived]:
        """Take a metadata record that names no exchange: a failure of ours or another's."""
        failed = list(failed_attempt(record))
        if not failed and not record.target_uri.lower().startswith("filedesc:"):
            self._pass(record)
        yield from failed

    def _pass_alone(self, companions: Iterable[Record], *beside: Record | None) -> None:
        """Count requests and metadata without a response, unless one beside has their address."""
        near = {record.target_uri for record in beside if record is not None}
        for record in companions:
            if record.target_uri not in near:
                self._pass(record)

    def _pass(self, record: Record) -> None:
        self._passed.add(passed_over(record), f"{record.path.name} offset {record.offset}")


def _holds_page(record: Record) -> bool:
    """True if the beginning of a record holds part of a page."""
    form = form_of(record)
    if form is None or record.type == "revisit" or (form == "http" and head_of(record)[0] is None):
        return False
    return bool(payload_of(record, 1)[1])


def _together(companion: Record, response: Record) -> bool:
    def names(one: Record, other: Record) -> bool:
        return any(bare(value) == other.record_id for value in one.fields.all("warc-concurrent-to"))

    return names(companion, response) or names(response, companion)


def _of(companions: list[Record], response: Record | None) -> list[Record]:
    """The companions that belong to a response."""
    return [] if response is None else [companion for companion in companions if _together(companion, response)]


def failed_attempt(record: Record) -> Iterator[Archived]:
    """The failed attempt in a metadata record of ours that stands beside no exchange.

    Raises:
        Damaged: It has no date.
    """
    facts = read_facts(record.block())
    reason = facts.text("reason")
    if not facts.ours or reason is None:
        return
    date = record.date
    if date is None:
        raise Damaged(record.path, record.offset, f"WARC-Date {(record.fields.first('warc-date') or '(none)')[:40]!r}")
    lease = lease_of(facts, facts.text("url") or record.target_uri)
    yield Archived(
        lease=lease,
        failure=Failure(
            target=lease.target,
            date=date,
            reason=reason,
            detail=facts.text("detail") or "",
            attempt=lease.attempt,
            bytes=facts.number("bytes") or 0,
            elapsed_ms=facts.number("fetchTimeMs"),
        ),
    )


def cdxj_lines(path: Path) -> Iterator[str]:
    """The lines of every response and revisit in a file, in file order.

    Raises:
        NotAWarc, Damaged: As `reader.records`.
    """
    for item in archived(path):
        if item.capture is not None:
            yield cdxj.line(item.capture)
