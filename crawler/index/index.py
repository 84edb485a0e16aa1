"""Index: `index.db`, by table.

One thread writes (the collection's writer), in transactions of `Index.atomic`. Readers open an `Index` of their own with `readonly=True`
and see the last commit, also while a transaction is open.
"""

from __future__ import annotations

from crawler.fulltext.checks import full_text_faults
from crawler.index import article_pages, cut, denials, images, integrity, statistics, stories
from crawler.index.captures import CaptureTables
from crawler.index.reader_version import reader_version as version_of_readers
from crawler.index.rows import WHOLE_VERSION, Sighting, Story, clean, moment, version_of
from crawler.index.runs import RunTables
from crawler.index.stories import MAX_DIGITS, Filed
from crawler.items import Article, Capture, Imprint, Version
from crawler.schema.story_events import picture_came

__all__ = ["Filed", "Index", "Sighting", "Story"]


class Index(CaptureTables, RunTables):
    """An open `index.db`: stories here, captures and runs in the base classes."""

    # -- writing, inside `atomic`

    def file_article(self, capture: Capture, article: Article, *, reader_version: str | None = None, further: int = 0) -> Filed:
        """File an article read from a capture: its story, version, sighting, images and full text.

        The order of filing does not matter (see `stories`). Another article of the same capture replaces the first.
        """
        return article_pages.file_page(self.conn, self.reader_names, capture, article, further, reader_version or version_of_readers())

    def forget(self, row: int) -> None:
        """Remove what was filed of the capture with a row number; the capture stays."""
        article_pages.forget_page(self.conn, self.reader_names, row)

    def give_way(self, capture: Capture) -> bool:
        """Withdraw lesser attempts of a capture's series; False if another attempt is better."""
        return cut.give_way(self.conn, self.reader_names, capture)

    def series_of(self, capture: Capture) -> list[cut.Attempt]:
        """List the captures of the series of attempts of a capture, by date."""
        return cut.series_of(self.conn, capture)

    def sight_again(self, capture: Capture, of: str) -> Filed | None:
        """File a capture (a 304, a repeat) that shows the same as an earlier one.

        Args:
            of: record_id of that one.

        Returns:
            None if that one was not filed as an article; then this one must be parsed itself.
        """
        return article_pages.page_again(self.conn, self.reader_names, capture, of) or stories.sight_again(self.conn, capture, of)

    def link_image(self, capture: Capture) -> None:
        """Link an archived picture to the images of its key: the earliest good capture counts."""
        images.link_images(self.conn, clean(capture.key))
        picture_came(self.conn, clean(capture.key), clean(capture.url), capture.payload_digest)

    def add_imprint(self, capture: Capture, imprint: Imprint) -> None:
        """Add the maker named in an archived picture's file, for its capture and its images."""
        images.add_imprint(self.conn, capture, imprint)

    def deny(self, capture: Capture, told: str) -> None:
        """File a capture that says that its story is not there (`told`: gone or moved).

        A story that was asked for as one is known from then on; a page is none until it is read as one.
        """
        if capture.role == "story":
            stories.know_story(self.conn, clean(capture.story or ""))
        denials.deny(self.conn, capture, told)

    # -- reading

    def story(self, story_id: str) -> Story | None:
        """Look up a story; None if it is unknown."""
        rows = self.query(
            "SELECT id, site, number, canonical_url, published, section, language, first_seen, last_seen, state, versions"
            " FROM stories WHERE id = ?",
            [clean(story_id)],
        )
        for row in rows:
            times = {name: moment(row[name]) if row[name] else None for name in ("first_seen", "last_seen")}
            return Story(**{**dict(row), **times})
        return None

    def find_story(self, words: str) -> list[str]:
        """Find story ids by id, number, captured address or canonical address."""
        words = clean(words.strip())
        sql = (
            "SELECT id FROM stories WHERE id = ?1 UNION SELECT v.story_id FROM captures c JOIN sightings s ON s.capture_id = c.id"
            " JOIN versions v ON v.id = s.version_id WHERE c.url = ?1"
        )
        found = {row[0] for row in self.query(sql, [words])}
        if words.isascii() and words.isdecimal() and len(words) <= MAX_DIGITS:
            numbered = self.query("SELECT id, number FROM stories WHERE number = ?", [int(words)])
            found |= {row[0] for row in numbered if str(row[1]) == words}
        if "//" in words:
            # No index: only an address is looked for here, and that through all stories.
            found |= {row[0] for row in self.query("SELECT id FROM stories WHERE canonical_url = ?", [words])}
        return sorted(found)

    def versions(self, story_id: str) -> list[Version]:
        """List the versions of a story, oldest first."""
        rows = self.query(
            f"SELECT {WHOLE_VERSION}, c.url FROM versions v JOIN captures c ON c.id = v.capture_id WHERE v.story_id = ? ORDER BY v.n",
            [clean(story_id)],
        )
        return [version_of(row, self.query("SELECT * FROM images WHERE version_id = ? ORDER BY n", [row["id"]])) for row in rows]

    def shown_by(self, record_id: str) -> tuple[Version, bool] | None:
        """The version that a capture shows, and whether its values are from this capture."""
        rows = self.query(
            f"SELECT {WHOLE_VERSION}, c.url, v.capture_id = s.capture_id AS first FROM captures c JOIN sightings s ON s.capture_id = c.id"
            " JOIN versions v ON v.id = s.version_id WHERE c.record_id = ?",
            [clean(record_id)],
        )
        for row in rows:
            return version_of(row, self.query("SELECT * FROM images WHERE version_id = ? ORDER BY n", [row["id"]])), bool(row["first"])
        return None

    def sightings(self, story_id: str) -> list[Sighting]:
        """List the captures that showed the versions of a story, by date."""
        rows = self.query(
            "SELECT v.n, s.host, s.date, c.record_id, c.url, c.via, c.date AS captured"
            " FROM versions v JOIN sightings s ON s.version_id = v.id"
            " JOIN captures c ON c.id = s.capture_id WHERE v.story_id = ? ORDER BY s.date, c.record_id",
            [clean(story_id)],
        )
        return [Sighting(**{**dict(row), "date": moment(row["date"]), "captured": moment(row["captured"])}) for row in rows]

    def counts(self) -> dict[str, int]:
        """Number of rows of each table."""
        return statistics.counts(self.query)

    def stats(self) -> dict[str, object]:
        """Figures of the index, as `scrapy stats --json` prints them."""
        return statistics.stats(self.query)

    def integrity(self) -> list[str]:
        """List faults of the file, with those of the full text if it is writable."""
        return integrity.integrity(self.conn) + ([] if self.readonly else self.full_text_faults())

    def full_text_faults(self) -> list[str]:
        """List differences of the full text from its rows; needs a writable index."""
        return full_text_faults(self.conn)
