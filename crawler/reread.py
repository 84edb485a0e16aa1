"""From WARCs back to readings: what replay adopts, what a rebuild or a crash has still to read."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from crawler.accounting import UNREAD_RECORD, count_fault, count_reading
from crawler.collection import Collection
from crawler.errors import ArchiveError, Damaged, SetupError, Unreadable
from crawler.filing import file_reading, lease_for
from crawler.frontier.changes import answered_in_vain
from crawler.frontier.row import stamp
from crawler.index.imports import last_usable, left_behind
from crawler.index.store import Index
from crawler.items import Capture, Lease, Reading, Role
from crawler.limits import ReadLimits
from crawler.parsers.decode import LIMITS, content_decoded
from crawler.parsers.sniff import HEADER_BYTES, sniffed
from crawler.place import find_warc
from crawler.reader_version import reader_version
from crawler.reading import Headers, faulty, given_up, of_cut, read, web_story
from crawler.redirects import is_redirect
from crawler.sites import load_sites
from crawler.sites._site import Feed, Site, Sitemap
from crawler.tally import Tally
from crawler.urls import canonical_url, page_key, path_of
from crawler.warc.captures import TORN
from crawler.warc.reader import Archived, payload_at, revisit_head
from crawler.workers import Workers

logger = logging.getLogger(__name__)

DEMO_SITES = Path(__file__).parent / "demo" / "sites"
"""So that the demo's collection can be rebuilt like any other."""
PATIENCE = 4
"""How many times ARCHIVE_PARSE_SECONDS a page may take in a second attempt, where it is read from a file: on a busy machine processor
seconds stretch, and what is read must not depend on that."""
SECOND_ATTEMPT = "reading, done in a second attempt"
_REQUISITES = (
    "image/", "video/", "audio/", "font/", "text/css", "text/javascript", "application/javascript", "application/x-javascript",
    "application/font", "application/vnd.ms-fontobject",
)  # fmt: skip
"""Types of what a page needs to be shown."""
_LISTS: dict[str, Role] = {
    "application/xml": "sitemap", "application/rss+xml": "feed", "application/atom+xml": "feed", "application/rdf+xml": "feed",
}  # fmt: skip
"""Role of a list of a site, by the type that its bytes tell."""
WEB = Site(name="web", title="Any site", language="", mirrors=(), stories=())


# -- foreign records


def adopt(entry: Archived, sites: Mapping[str, Site], *, warc: str) -> Archived:
    """Give a record that another crawler wrote its place in ours: site, role, story, key; told by its bytes, too."""
    capture = entry.capture
    if capture is None:
        return entry
    if entry.ours:
        return entry if capture.warc == warc else evolve(entry, capture=evolve(capture, warc=warc))
    site = next((s for s in sites.values() if s.owns(capture.url) or s.language_of(capture.host)), WEB)
    role, story, key = _place(site, capture, _start_of(entry))
    language = site.language_of(capture.host)
    return evolve(
        entry,
        capture=evolve(capture, story_id=story, warc=warc, site=site.name, role=role, key=key, language=language),
        lease=evolve(entry.lease, story=story, site=site.name, role=role, key=key, language=language),
        reader_version=reader_version(site.file),
    )


def _start_of(entry: Archived) -> bytes:
    """The first bytes of a payload, content coding removed; empty where the record holds none."""
    data = entry.payload(HEADER_BYTES) or b""
    return content_decoded(data, entry.headers)[0][:HEADER_BYTES] if data else b""


def _place(site: Site, capture: Capture, start: bytes) -> tuple[Role, str | None, str]:
    """Role, story and key of a capture: what it is, its bytes tell; the type that the server named only where they do not."""
    url, path = capture.url, path_of(capture.url)
    if path == "/robots.txt":
        return "robots", None, canonical_url(url)
    if sniffed(capture.mime, start).startswith(_REQUISITES):
        return "requisite", None, site.key_of_picture(url)
    if story := site.story_id(url):
        return "story", story, story
    for seed in site.seeds:
        if site.owns(url) and seed.path == path and isinstance(seed, Feed | Sitemap):
            return ("feed" if isinstance(seed, Feed) else "sitemap"), None, canonical_url(url)
    if site.owns(url) and path != "/" and (kind := _LISTS.get(sniffed(None, start))):
        return kind, None, canonical_url(url)
    if site.owns(url):
        return ("seed" if path == "/" else "section"), None, canonical_url(url)
    return "page", web_story(url), page_key(url)


# -- reading again


@cache
def sites_known(folders: tuple[str, ...]) -> dict[str, Site]:
    """Every site on the shelf, in these folders, and the demo's; a file in one of the folders stands before the demo's of its name."""
    return load_sites([DEMO_SITES]) | load_sites(folders)


def site_of(name: str, folders: Sequence[str] = ()) -> Site:
    """The site of a capture.

    Raises:
        SetupError: It is not on the shelf: read without its templates, the index would come out another.
    """
    if name == WEB.name:
        return WEB
    try:
        return sites_known(tuple(folders))[name]
    except KeyError:
        raise SetupError(f"no site file for {name!r}, whose captures are to be read: name its folder in ARCHIVE_SITES") from None


@frozen(kw_only=True)
class Task:
    """One capture to be read again, and where its payload and its head lie."""

    capture: Capture
    lease: Lease
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


def read_again(task: Task, folders: tuple[str, ...] = (), limits: ReadLimits = LIMITS) -> Reading:
    """Read a capture from its WARC, as the live crawl did."""
    capture, site = task.capture, site_of(task.capture.site, folders)
    try:
        capture, headers, payload = bytes_of(task)
    except (Damaged, OSError) as error:
        return Reading(
            lease=task.lease, capture=capture, noted=True, reason="malformed", detail=str(error), read_state="unreadable",
            left_out=((UNREAD_RECORD, 1),),
        )  # fmt: skip
    return _of_task(read(site, task.lease, capture, headers, payload, limits=limits), task)


def _of_task(reading: Reading, task: Task) -> Reading:
    return of_cut(reading, *task.failure) if task.failure else reading


def bytes_of(task: Task) -> tuple[Capture, Headers, bytes]:
    """A capture as it is to be read, its HTTP header fields and its payload.

    A revisit is read with its own head and the payload of the record that it repeats; one without a head with that record's head.

    Raises:
        Damaged, OSError: A record cannot be read.
    """
    capture = task.capture
    if capture.status == 304:
        return capture, (), b""
    own = revisit_head(*task.head) if task.head else None
    if own is not None and is_redirect(*own):
        return capture, own[1], b""
    headers, payload = payload_at(task.warc, task.offset, torn=task.torn)
    if own is not None and own[0] is not None:
        return capture, own[1], payload
    if capture.status is None and task.status is not None:
        capture = evolve(capture, status=task.status)
    return capture, headers, payload


def tasks(index: Index, path: Path, captures: Iterable[Capture]) -> Iterator[Task]:
    """What is to be read of some captures; a revisit is read from the record it repeats."""
    for capture in captures:
        source = (index.capture(capture.revisit_of) if capture.revisit_of and capture.status != 304 else None) or capture
        place, own = find_warc(path, source.warc), source is capture
        redirects = own and capture.record_type == "revisit"
        yield Task(
            capture=capture, lease=lease_for(capture), warc=place, offset=source.offset, status=source.status,
            torn=source.truncated == TORN, failure=index.failure_at(capture.record_id) if capture.is_cut else None,
            head=None if own and not redirects else (place if redirects else find_warc(path, capture.warc), capture.offset),
        )  # fmt: skip


@frozen(kw_only=True)
class Readers:
    """Pages read in workers; one that takes too long or too much is unreadable, and nothing else happens.

    Args:
        folders: With site files beside our own: a worker loads a site by its name.
    """

    workers: Workers = field(factory=Workers)
    folders: tuple[str, ...] = ()
    limits: ReadLimits = LIMITS
    _lock: threading.Lock = field(factory=threading.Lock, init=False, eq=False)
    _second: dict[int, Workers] = field(factory=dict, init=False, eq=False)

    def read(self, site: Site, lease: Lease, capture: Capture, headers: Headers, payload: bytes, **options: Any) -> Reading:
        """What `reading.read` makes of a capture's bytes."""
        page = (lease, capture, tuple(headers), payload)
        try:
            return told(self.workers.call(_read_page, site.name, self.folders, page, options | {"limits": self.limits}))
        except Unreadable as error:
            return given_up(lease, capture, str(error), len(payload))
        except ArchiveError:
            raise
        except Exception as error:  # noqa: BLE001 - logged by `told`
            return told(faulty(lease, capture, error, len(payload)))

    def read_again(self, job: Task) -> Reading:
        """The same from the capture's WARC; one that takes too long is tried once more, alone and with more time."""
        try:
            return told(self.workers.call(read_again, job, self.folders, self.limits))
        except Unreadable as error:
            if job.patience > 1:
                with suppress(Unreadable):
                    reading = told(self._patient(job.patience).call(read_again, job, self.folders, self.limits))
                    return evolve(reading, limited=(*reading.limited, SECOND_ATTEMPT))
            return _of_task(given_up(job.lease, job.capture, str(error), _size(job)), job)
        except ArchiveError:
            raise
        except Exception as error:  # noqa: BLE001 - logged by `told`
            return _of_task(told(faulty(job.lease, job.capture, error, 0)), job)

    def _patient(self, times: int) -> Workers:
        """One worker with a multiple of the time; made when first needed."""
        with self._lock:
            if times not in self._second:
                effort = self.workers.effort
                self._second[times] = Workers(evolve(effort, seconds=effort.seconds * times, workers=1))
            return self._second[times]

    def read_all(self, jobs: Iterable[Task]) -> Iterator[Reading]:
        """Read many captures from their WARCs, on all cores; in the order given."""
        return self.workers.map(self.read_again, jobs)

    def close(self) -> None:
        """End the workers."""
        self.workers.close()
        for workers in self._second.values():
            workers.close()


def told(reading: Reading) -> Reading:
    """Log the fault of our own parser that a reading met, wherever it was read: one event, with its traceback."""
    if reading.fault is not None:
        url = reading.capture.url if reading.capture is not None else reading.lease.url
        logger.error("parser-fault url=%s role=%s detail=%s\n%s", url, reading.lease.role, reading.detail, reading.fault)
    return reading


def _size(job: Task) -> int:
    """Bytes of the payload that was to be read; 0 where it cannot be had."""
    try:
        return len(bytes_of(job)[2])
    except (Damaged, OSError):
        return 0


def _read_page(name: str, folders: tuple[str, ...], page: tuple[Any, ...], options: dict[str, Any]) -> Reading:
    """In a worker: read a page of the site of that name."""
    return read(site_of(name, folders), *page, **options)


def account(tally: Tally, reading: Reading) -> None:
    """Count what became of a capture that was read again."""
    count_reading(tally, reading)
    if reading.reason == "parser-fault":
        count_fault(tally, reading)
    if reading.article is not None:
        tally.templates[reading.article.template] += 1


def read_unread(
    collection: Collection, readers: Readers, *, warc: str | None = None, site: str | None = None, tally: Tally | None = None
) -> int:  # fmt: skip
    """Read and file every capture that is not read yet; how many.

    Args:
        warc: Only what lies in the file of that name.
        site: Only what runs of this site were to read and did not live to.
        tally: Where what was read, and what could not be, is counted.
    """
    count = 0
    with collection.reader() as index:
        captures = index.unread() if warc is None else index.captures(read_state="unread", warc=warc)
        if site is not None:
            captures = index.captures_at(left_behind(index, site))
        for reading in readers.read_all(tasks(index, collection.path, captures)):
            collection.now(partial(_file_late, reading=reading))
            count += 1
            if tally is not None:
                account(tally, reading)
    return count


def _file_late(index: Index, reading: Reading) -> None:
    """File a reading of a capture whose request was settled before it was read; one that is no usable answer is asked for again."""
    file_reading(index, reading)
    if reading.reason is not None and reading.capture is not None:
        due = None if reading.answer else stamp(datetime.now(UTC))
        answered_in_vain(index.conn, reading.capture.record_id, last_usable(index, reading.capture.key), due)
