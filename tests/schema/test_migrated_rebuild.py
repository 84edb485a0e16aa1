"""An index that was brought up to date equals one that is made anew from the WARCs, row for row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from foreign_warcs import answer, record, revisit, sha1, story, uid, write
from index_makers import rebuilt_rows
from old_indexes import made_old, made_plain

from crawler.coverage.writing import catch_up_all
from crawler.index.index import Index
from crawler.maintenance.reindex import rebuild
from crawler.processing.parse_again import Readers

LINKS = b"<nav>" + b"".join(b'<a href="/part/%d?q=\xc3\xbc">Part %d</a>' % (n, n) for n in range(40)) + b"</nav></html>"
PICTURE = (
    b'<figure><img src="/pier-%d.jpg" alt="The pier at %d"><figcaption>The pier at %d. Photo: Ada Quill</figcaption></figure></article>'
)


def page(title: str, n: int) -> bytes:
    """A page that is read as a story, with a picture and a menu."""
    return answer(story(title).replace(b"</article>", PICTURE % (n, n, n)).replace(b"</html>", LINKS))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection with an edited story, a repeated one, and others, whose index is of today."""
    path = tmp_path_factory.mktemp("collection")
    (path / "quarantine").mkdir()
    pages = [record(page(f"ship {n}", n), f"/ship/{n}", n=n) for n in range(8)]
    edited = record(page("ship 3 has sailed", 3), "/ship/3", n=20, date="2024-03-05T12:00:00Z")
    payload = page("ship 4", 4).partition(b"\r\n\r\n")[2]
    told = (f"WARC-Refers-To: <{uid(4)}>", f"WARC-Payload-Digest: {sha1(payload)}")
    again = revisit(21, "/ship/4", *told, date="2024-03-06T12:00:00Z")
    gone = record(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "/ship/5", n=22, date="2024-03-07T12:00:00Z")
    write(path / "archive" / "a.warc.gz", *pages, edited, again, gone)
    rebuild(path, Readers())
    return path


@pytest.mark.parametrize("older", [made_old, made_plain])
def test_migrated_is_as_made_anew(made: Path, tmp_path: Path, older: Callable[[Path, Path], Path]) -> None:
    path = tmp_path / "collection"
    (path / "quarantine").mkdir(parents=True)
    (path / "archive").symlink_to(made / "archive")
    older(made / "index.db", path / "index.db")
    with Index.open(path / "index.db") as index:
        catch_up_all(index)
        migrated = rebuilt_rows(index)
        assert index.integrity() == []
    rebuild(path, Readers())
    with Index.open(path / "index.db", readonly=True) as index:
        anew = rebuilt_rows(index)
    assert [table for table in anew if anew[table] != migrated[table]] == []
    assert {table for table, rows in anew.items() if rows} >= {"captures", "stories", "versions", "sightings", "images", "links"}
    assert len(anew["versions"]) == 9
