"""Read-only view of a collection for notebooks and programs: index and archived bytes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from crawler.collection.layout import is_collection
from crawler.collection.parse_tasks import tasks
from crawler.errors import SetupError
from crawler.index.index import Index, Story
from crawler.index.rows import Value
from crawler.items import Capture, Version
from crawler.parsers.document.page import Page
from crawler.parsers.timemaps.rewriting import unrewritten
from crawler.processing.parse_again import bytes_of
from crawler.search.answers import RECENCY, Answer, Sort, answer
from crawler.search.hits import Hit


class CollectionReader:
    """An open collection that is only read; a crawl may write it meanwhile.

    Use it in the thread that opened it. Each call sees the state of the last commit.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.index = Index.open(path / "index.db", readonly=True)

    def close(self) -> None:
        """Close the index; calling it again does nothing."""
        self.index.close()

    def __enter__(self) -> CollectionReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # -- the index

    def latest(self) -> Iterator[Version]:
        """Yield the latest version of each story, by story id."""
        for row in self.index.query("SELECT id FROM stories WHERE versions > 0 ORDER BY id"):
            yield self.index.versions(row["id"])[-1]

    def story(self, story_id: str) -> Story | None:
        """Look up a story, such as `presstv/459588`; None if it is unknown."""
        return self.index.story(story_id)

    def versions(self, story_id: str) -> list[Version]:
        """List the versions of a story, oldest first."""
        return self.index.versions(story_id)

    def search(self, query: str, *, limit: int = 20, offset: int = 0, sort: Sort = "relevance", all_versions: bool = False) -> list[Hit]:
        """Search texts, captions, credits and authors, best first; docs/search.md tells the queries.

        Raises:
            Usage: The query is blank, or a number is out of range.
        """
        return list(self.answer(query, limit=limit, offset=offset, sort=sort, all_versions=all_versions).hits)

    def answer(
        self, query: str, *, limit: int = 20, offset: int = 0, sort: Sort = "relevance", all_versions: bool = False, facets: bool = False,
        recency: float = RECENCY,
    ) -> Answer:  # fmt: skip
        """Search, with total, facets, and notes on what was not understood.

        Args:
            recency: Days, as setting ARCHIVE_SEARCH_RECENCY.
        Raises:
            Usage: As `search`.
        """
        return answer(
            self.index, query, limit=limit, offset=offset, sort=sort, all_versions=all_versions, facets=facets, recency=recency
        )

    def query(self, sql: str, values: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """Run a SELECT; the tables are described in docs/schema.md."""
        return self.index.query(sql, values)

    # -- the WARCs

    def captures(self, *, state: str | None = "ok", **where: Value) -> Iterator[Capture]:
        """Yield captures by date.

        Args:
            state: `ok`, `lost`, or None for both.
            where: Columns of table `captures` and their values.
        """
        return self.index.captures(state=state, **where)

    def payload(self, capture: Capture) -> bytes:
        """Read the entity body of a capture or of a revisit's original, content coding kept.

        Raises:
            Damaged, OSError: The record cannot be read.
        """
        return self._bytes(capture)[2]

    def page(self, capture: Capture) -> Page:
        """Read a capture as a decoded page: `text`, `css()`, `xpath()`.

        Raises:
            Damaged, OSError: The record cannot be read.
        """
        capture, headers, payload = self._bytes(capture)
        page = Page.from_payload(url=capture.url, date=capture.shown, headers=headers, payload=payload, cut=capture.is_cut)
        if capture.via is not None:
            page.text = unrewritten(page.text, capture.via)
        return page

    def _bytes(self, capture: Capture) -> tuple[Capture, Sequence[tuple[str, str]], bytes]:
        """Read head and payload of a capture."""
        (task,) = tasks(self.index, self.path, [capture])
        return bytes_of(task)


def open_collection(name: str | Path) -> CollectionReader:
    """Open a collection for reading.

    Args:
        name: Path of its folder, or its name under ARCHIVE_DIR.
    Raises:
        SetupError: There is none, or its index cannot be read.
    """
    from crawler.settings import ARCHIVE_DIR

    path = Path(name).expanduser()
    if not path.is_dir() and os.sep not in str(name) and ARCHIVE_DIR:
        path = Path(ARCHIVE_DIR).expanduser() / name
    if not is_collection(path):
        raise SetupError(f"no collection {str(name)!r}: {path} holds neither index.db nor archive/")
    return CollectionReader(path.absolute())
