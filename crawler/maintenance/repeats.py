"""Outcomes of pages whose bytes were read before; nothing is parsed.

The rows are those that reading would give. A version holds the values of the earliest capture that shows it, so of a later one only its
links and its sighting count; they are the same where address, header fields that are read, seasons of the layouts and readers are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from crawler.archive_files.reader import of_this_crawler, record_at, revisit_head
from crawler.collection.layout import find_warc
from crawler.errors import ArchiveError
from crawler.index.reader_version import reader_version
from crawler.index.rows import CAPTURE_COLUMNS, WHOLE_VERSION, capture_of, clean, iso, version_of
from crawler.index.text_digest import text_digest
from crawler.items import Article, Capture, Headers, LeasedRequest, Link, Parsed
from crawler.parsers.encoding.content_coding import LIMITS
from crawler.parsers.limits import ReadLimits
from crawler.schema.link_lists import links_at
from crawler.sites.known import site_of
from crawler.sites.site import Site
from crawler.warc.digest import algorithm_of, split_digest
from crawler.warc.payload import digests_of

if TYPE_CHECKING:
    from crawler.index.index import Index
    from crawler.processing.parse_again import Task

FIELDS_READ = (
    "cf-mitigated", "content-encoding", "content-range", "content-type", "location", "refresh", "x-amzn-waf-action",
)  # fmt: skip
"""Header fields of a usable answer by which it is read; `set-cookie` is read too, but not what it says."""
_EARLIER = (
    f"SELECT {', '.join(f'c.{name}' for name in CAPTURE_COLUMNS)}, c.id AS row, s.version_id AS version FROM captures c"
    " JOIN sightings s ON s.capture_id = c.id JOIN stored_versions v ON v.id = s.version_id JOIN captures o ON o.id = v.capture_id"
    " WHERE c.payload_digest = ?1 AND c.url = ?2 AND c.role = ?3 AND c.site = ?4 AND c.story_id IS ?5 AND c.language IS ?6"
    " AND c.state = 'ok' AND c.status = 200 AND c.truncated IS NULL AND c.read_state = 'read' AND c.reader_version = ?7"
    " AND c.via IS NULL AND o.via IS NULL"
    " AND v.reader_version = ?7 AND s.shown IS NULL AND s.face IS NULL AND o.truncated IS NULL AND (c.date, c.record_id) < (?8, ?9)"
    " AND (o.date, o.record_id) < (?8, ?9)"
    " AND NOT EXISTS (SELECT 1 FROM article_pages p WHERE p.capture_id IN (c.id, o.id)) ORDER BY c.date DESC, c.record_id DESC LIMIT 3"
)


@frozen
class Repeats:
    """Outcomes of pages whose bytes were read before, by an index.

    Args:
        path: Of the collection.
        folders: With site files beside our own.
    """

    _index: Index
    _path: Path
    _folders: tuple[str, ...] = ()
    _limits: ReadLimits = LIMITS

    def among(self, tasks: Iterable[Task]) -> Iterator[Task | Parsed]:
        """Put the outcome in the place of each task that needs no reading."""
        for task in tasks:
            yield self._of_task(task) or task

    def _of_task(self, task: Task) -> Parsed | None:
        if task.failure is not None:
            return None
        place = task.head or (task.warc, task.offset)
        return self.outcome(task.capture, task.lease, lambda: revisit_head(*place)[1])

    def outcome(self, capture: Capture, lease: LeasedRequest, headers: Callable[[], Headers]) -> Parsed | None:
        """The outcome of a capture, if the same bytes were read before.

        Args:
            headers: Gives the header fields of its answer.
        """
        if capture.role not in ("story", "page") or capture.status != 200 or not capture.payload_digest or capture.truncated:
            return None
        if capture.via is not None:  # read with its rewriting undone
            return None
        try:
            site = site_of(capture.site, self._folders)
            version = reader_version(site.file, self._limits)
            rows = self._index.query(_EARLIER, _sought(capture, version))
            found = next((row for row in rows if self._is_alike(capture_of(row), capture, site, headers)), None)
        except (ArchiveError, OSError):
            return None
        article = self._article(found["version"]) if found is not None else None
        if found is None or article is None:
            return None
        links = tuple(Link(url=url, text=text or "") for _, _, url, text in links_at(self._index.conn, [found["row"]]))
        return Parsed(lease=lease, capture=capture, article=article, links=links, reader_version=version)

    def _is_alike(self, earlier: Capture, capture: Capture, site: Site, headers: Callable[[], Headers]) -> bool:
        """Test if two captures of one payload are read alike."""
        if _seasons(site, earlier.date.date()) != _seasons(site, capture.date.date()):
            return False
        _, before = revisit_head(find_warc(self._path, earlier.warc), earlier.offset)
        return _read_of(before) == _read_of(headers()) and all(map(self._is_of_its_bytes, (earlier, capture)))

    def _is_of_its_bytes(self, capture: Capture) -> bool:
        """Test if the payload digest is that of the bytes."""
        holder = self._index.capture(capture.revisit_of or "") if capture.record_type == "revisit" else capture
        if holder is None:
            return False
        record = record_at(find_warc(self._path, holder.warc), holder.offset)
        if of_this_crawler(record):
            return capture.payload_digest == holder.payload_digest
        algorithm = algorithm_of(split_digest(capture.payload_digest or "")[0])
        return algorithm is not None and capture.payload_digest in digests_of(record, [algorithm])

    def _article(self, version: int) -> Article | None:
        """The article of a version, if its text can be made again of its rows."""
        sql = f"SELECT {WHOLE_VERSION}, c.url FROM versions v JOIN captures c ON c.id = v.capture_id WHERE v.id = ?"
        row = self._index.query(sql, [version])[0]
        article = version_of(row, self._index.query("SELECT * FROM images WHERE version_id = ? ORDER BY n", [version])).article
        return article if text_digest(article) == row["text_digest"] else None


def _sought(capture: Capture, version: str) -> list[str | None]:
    story = None if capture.story is None else clean(capture.story)
    digest = clean(capture.payload_digest or "")
    return [digest, clean(capture.url), capture.role, capture.site, story, capture.language, version, iso(capture.date), capture.record_id]


def _seasons(site: Site, day: date) -> list[bool]:
    """Tell for each layout of a site whether it was in use on a day."""
    return [template.holds(day) for template in site.templates]


def _read_of(headers: Headers) -> tuple[object, ...]:
    """The parts of a head that are read."""
    return headers.has("set-cookie"), *(headers.all(name) for name in FIELDS_READ)
