"""Page lists of WACZ files: kept in the collection, and in table `offered_pages`."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from crawler.archive_files import wacz
from crawler.collection.layout import PACKAGES
from crawler.importing.warc_names import name_in_collection
from crawler.index.imports import PageListed, add_page_list
from crawler.index.index import Index


def keep_pages(file: Path, pages: list[wacz.PageEntry], collection: Path) -> None:
    """Write the page list of a WACZ beside the WARCs, which do not hold it."""
    folder = collection / PACKAGES
    text = "".join(
        json.dumps({"url": page.url, "title": page.title, "ts": page.date.isoformat() if page.date else None}) + "\n" for page in pages
    )
    stem = name_in_collection(file.name, "")
    kept = folder / f"{stem}.jsonl"
    if kept.exists() and kept.read_text() != text:
        kept = folder / f"{stem}-{hashlib.sha256(text.encode()).hexdigest()[:8]}.jsonl"
    if pages:
        folder.mkdir(exist_ok=True)
        kept.write_text(text)


def add_page_lists(index: Index, collection: Path) -> None:
    """Fill table `offered_pages` from the lists of a collection, inside a transaction."""
    for file in sorted((collection / PACKAGES).glob("*.jsonl")):
        with file.open() as lines:
            add_page_list(index, file.name.removesuffix(".jsonl"), (_listed(json.loads(line)) for line in lines))


def _listed(values: dict[str, str | None]) -> PageListed:
    when = values.get("ts")
    date = datetime.fromisoformat(when).astimezone(UTC) if when else None
    return PageListed(url=values["url"] or "", title=values.get("title"), date=date)
