"""Rows of a shard that tell what was read of one capture."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import OrderedDict

from attrs import define, field, frozen

from crawler.gathering.shard import Shard
from crawler.index.beginnings import Text
from crawler.index.rows import WHOLE_VERSION, version_of
from crawler.index.text_digest import text_digest
from crawler.items import Article, Capture, Imprint, Link, ReadState, article_of
from crawler.schema.link_lists import links_at

_FACTS = """
SELECT c.id, c.read_state, c.reader_version, c.revisit_of, s.version_id, s.shown, s.face, i.capture_id AS imprint, i.byline, i.credit,
    i.copyright, l.stories, d.told, w.capture_id AS web_list, p.further, p.article
FROM captures c LEFT JOIN sightings s ON s.capture_id = c.id LEFT JOIN imprints i ON i.capture_id = c.id
    LEFT JOIN listed l ON l.capture_id = c.id LEFT JOIN denials d ON d.capture_id = c.id LEFT JOIN web_lists w ON w.capture_id = c.id
    LEFT JOIN article_pages p ON p.capture_id = c.id
WHERE c.warc = ? AND c.offset = ? AND c.state = 'ok'"""
_VERSION = f"SELECT {WHOLE_VERSION}, c.url FROM versions v JOIN captures c ON c.id = v.capture_id WHERE v.id = ?"
_KEPT = 64
"""Versions kept in memory: the next captures often show the same."""


@frozen(kw_only=True)
class ShownVersion:
    """A version as a shard has it."""

    article: Article
    text: Text
    reader_version: str
    whole: bool
    """Its text can be made again of its rows."""


@frozen
class Facts:
    """Rows of one capture."""

    _shard: Shard
    _row: sqlite3.Row
    version: ShownVersion | None
    failures: tuple[sqlite3.Row, ...]

    @property
    def read_state(self) -> ReadState:
        """As `captures.read_state`."""
        return self._row["read_state"]  # type: ignore[no-any-return]

    @property
    def reader_version(self) -> str | None:
        """As `captures.reader_version`."""
        return self._row["reader_version"]  # type: ignore[no-any-return]

    @property
    def shown(self) -> str | None:
        """As `sightings.shown`."""
        return self._row["shown"]  # type: ignore[no-any-return]

    @property
    def face(self) -> str | None:
        """As `sightings.face`."""
        return self._row["face"]  # type: ignore[no-any-return]

    @property
    def told(self) -> str | None:
        """Of a denial: `gone` or `moved`."""
        return self._row["told"]  # type: ignore[no-any-return]

    @property
    def listed(self) -> int | None:
        """Number of stories that a list led to."""
        return self._row["stories"]  # type: ignore[no-any-return]

    @property
    def is_web_list(self) -> bool:
        """A feed or sitemap without a site file."""
        return self._row["web_list"] is not None

    @property
    def imprint(self) -> Imprint | None:
        """The maker that a picture file names."""
        row = self._row
        return Imprint(byline=row["byline"], credit=row["credit"], copyright=row["copyright"]) if row["imprint"] is not None else None

    @property
    def page(self) -> tuple[Article, int] | None:
        """Of an article of several pages: what this one says, and how many follow."""
        return (article_of(json.loads(self._row["article"])), self._row["further"]) if self._row["article"] is not None else None

    def is_read_of(self, original: Capture | None) -> bool:
        """Test if the shard read the same original; ids may be used twice."""
        there = self._shard.index.capture(self._row["revisit_of"]) if self._row["revisit_of"] is not None else None
        return _bytes_of(there) == _bytes_of(original)

    def links(self) -> tuple[Link, ...]:
        """The links of the page, in page order."""
        return tuple(Link(url=url, text=text or "") for _, _, url, text in links_at(self._shard.index.conn, [self._row["id"]]))

    @property
    def may_replace(self) -> bool:
        """Something was read of it; of a page that only leads elsewhere links are."""
        return any(self._row[name] is not None for name in ("version_id", "imprint", "stories", "article"))

    def series(self, capture: Capture) -> set[str]:
        """Dates of the attempts that the shard has in the series of the capture."""
        there = next(self._shard.index.captures_at(array("q", [self._row["id"]])), capture)
        return {one.date for one in self._shard.index.series_of(there)}


def _bytes_of(original: Capture | None) -> tuple[object, ...] | None:
    """Values that tell the original of a revisit from others."""
    return (original.url, original.date, original.payload_digest, original.block_digest) if original is not None else None


@define
class ShardFacts:
    """Reads what a shard has of captures."""

    shard: Shard
    _versions: OrderedDict[int, ShownVersion] = field(factory=OrderedDict)

    def of(self, warc: str, offset: int) -> Facts | None:
        """Rows of the capture at a place; None if there is none."""
        rows = self.shard.index.query(_FACTS, [warc, offset])
        if not rows:
            return None
        row = rows[0]
        failures = self.shard.index.query("SELECT * FROM failures WHERE capture_id = ?", [row["id"]])
        version = self._version(row["version_id"]) if row["version_id"] is not None else None
        return Facts(self.shard, row, version, tuple(failures))

    def _version(self, number: int) -> ShownVersion:
        found = self._versions.get(number)
        if found is None:
            found = self._versions[number] = self._read(number)
        self._versions.move_to_end(number)
        if len(self._versions) > _KEPT:
            self._versions.popitem(last=False)
        return found

    def _read(self, number: int) -> ShownVersion:
        index = self.shard.index
        row = index.query(_VERSION, [number])[0]
        article = version_of(row, index.query("SELECT * FROM images WHERE version_id = ? ORDER BY n", [number])).article
        return ShownVersion(
            article=article, text=Text.of(dict(row)), reader_version=row["reader_version"], whole=text_digest(article) == row["text_digest"]
        )
