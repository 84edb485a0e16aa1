"""A page whose bytes came before is not parsed again, and shows the pictures it showed then."""

from __future__ import annotations

from pathlib import Path

from foreign_warcs import answer, record, story, write

from crawler.archive_files.reader import revisit_head
from crawler.collection.ingest import lease_for
from crawler.index.index import Index
from crawler.maintenance.reindex import rebuild
from crawler.maintenance.repeats import Repeats
from crawler.processing.parse_again import Readers


def page(picture: str) -> bytes:
    figure = f'<figure><img src="/{picture}.jpg" alt="" width="640" height="400"><figcaption>The pier. Photo: Ada Quill</figcaption></figure></article>'
    return answer(story("ship 3").replace(b"</article>", figure.encode()))


def test_a_repeated_page_is_no_return_to_the_pictures_of_its_version(tmp_path: Path) -> None:
    (tmp_path / "quarantine").mkdir()
    pictures = ("pier", "quay", "quay", "quay", "pier")
    pages = [record(page(one), "/ship/3", n=n, date=f"2024-03-{n + 1:02}T12:00:00Z") for n, one in enumerate(pictures)]
    write(tmp_path / "archive" / "a.warc.gz", *pages)
    rebuild(tmp_path, Readers())
    with Index.open(tmp_path / "index.db", readonly=True) as index:
        rows = [tuple(row) for row in index.query("SELECT kind, substr(date, 1, 10), version FROM events ORDER BY date, id")]
        held = list(index.captures())
        repeats = Repeats(index, tmp_path)
        again = [
            repeats.outcome(one, lease_for(one), lambda one=one: revisit_head(tmp_path / "archive" / one.warc, one.offset)[1]) for one in held
        ]
        shown = [found.article.images[0].key if found else None for found in again]
    assert shown[:4] == [None, None, None, None], "read again, or with its own picture"
    assert str(shown[4]).endswith("/pier.jpg")
    assert rows == [("published", "2024-03-01", 1), ("picture_replaced", "2024-03-02", 1), ("picture_replaced", "2024-03-05", 1)]
