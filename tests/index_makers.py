"""Captures and articles made up for the tests of the index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from targets import made

from crawler.index.index import Index
from crawler.items import Article, Block, Capture, Image
from crawler.timeline.event_tables import COMPARED

BEGIN = datetime(2026, 3, 1, 8, 30, 15, 250001, tzinfo=UTC)
REBUILT = (
    "captures", "stories", "versions", "sightings", "images", "denials", "imprints", "failures", "links", "comparisons", "divergences",
    "listed", "announced", "search_facets",
)  # fmt: skip


def capture(n: int, **changes: Any) -> Capture:
    """The n-th capture: of story 1000, n hours after the beginning."""
    values: dict[str, Any] = {
        "record_id": f"urn:uuid:{n:08d}",
        "url": f"https://www.harbour.example/detail/1000?c={n}",
        "host": "www.harbour.example",
        "site": "harbour",
        "date": BEGIN + timedelta(hours=n),
        "role": "story",
        "key": "harbour/1000",
        "warc": "harbour-1.warc.gz",
        "offset": 1000 * n,
        "length": 900,
        "status": 200,
        "mime": "text/html",
        "story": "harbour/1000",
    }
    return made(Capture, {**values, **changes})


def article(headline: str = "Ferry runs again", body: str = "The ferry runs again.\nIt had been idle.", **changes: Any) -> Article:
    """An article of story 1000 with one picture."""
    values: dict[str, Any] = {
        "url": "https://www.harbour.example/detail/1000",
        "story": "harbour/1000",
        "template": "plain",
        "headline": headline,
        "deck": "After nine days.",
        "blocks": (*(Block(kind="paragraph", text=line) for line in body.split("\n")), Block(kind="picture", image=0)),
        "images": (Image(url="https://pics.example/a.jpg", key="a.jpg", caption="The ferry at its pier", credit="Photo by Ada Berg"),),
        "published": "2026-03-01T09:00:00.000000Z",
        "language": "en",
    }
    return Article(**{**values, **changes})


def file_all(index: Index, *filings: tuple[Capture, Article]) -> None:
    """Add captures and file their articles, in the order given."""
    with index.atomic():
        for shot, read in filings:
            index.add_capture(shot)
            index.file_article(shot, read)


def rebuilt_rows(index: Index) -> dict[str, list[tuple[object, ...]]]:
    """The tables that a rebuild must bring back, without row numbers and run_id, references spelled out."""
    spelled = {
        "capture_id": "(SELECT record_id FROM captures c WHERE c.id = t.capture_id)",
        "version_id": "(SELECT story_id || ' ' || text_digest FROM versions v WHERE v.id = t.version_id)",
    }
    for name in ("other_capture_id", "again_capture_id", "other_version_id"):
        spelled[name] = spelled["_".join(name.split("_")[1:])].replace("t.", f"t.{name.split('_')[0]}_")
    tables = {}
    for table in REBUILT:
        names = [row[0] for row in index.query("SELECT name FROM pragma_table_info(?)", [table])]
        kept = [spelled.get(n, f"t.{n}") for n in names if n != "run_id" and (n != "id" or table == "stories")]
        tables[table] = sorted((tuple(row) for row in index.query(f"SELECT {', '.join(kept)} FROM {table} t")), key=repr)
    tables["events"] = sorted((tuple(row) for row in index.query(f"SELECT {', '.join(COMPARED)} FROM events")), key=repr)
    return tables
