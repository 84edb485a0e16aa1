"""Measure the commands that read `index.db` on one of very many captures, made up for it.

    python -m benchmarks.index_scale --captures 1000000 --dir FOLDER

Articles are made by the product's own code once, then multiplied with SQL. The folder keeps the index, and a rerun takes it again.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.index.index import Index
from crawler.items import Article, Block, Capture, Image, Link, Target
from crawler.search.answers import search

MADE = 1000
"""Captures made by the product's own code."""
WORDS = 200
_BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_TABLES = ("captures", "stories", "stored_versions", "sightings", "stored_images", "link_lists")


def make(path: Path, captures: int) -> None:
    """Make an index of so many captures, nine of ten the only ones of their story."""
    with Index.open(path) as index:
        index.conn.execute("PRAGMA synchronous = OFF")
        if not index.stats()["captures"]:
            with index.atomic():
                for n in range(MADE):
                    _add(index, n)
        have = int(str(index.stats()["captures"]))
        for first in range(have, captures, MADE):
            with index.atomic():
                _copy(index.conn, first)
        index.tidy()


def _add(index: Index, n: int) -> None:
    draw = random.Random(n)
    story = f"gazette/{n - n % 10 if n % 10 == 1 else n}"
    url = f"https://www.gazette.example/2020/01/{story.partition('/')[2]}/some-headline-of-a-story"
    capture = Capture(
        target=Target(key=story, url=url, site="gazette", role="story", story=story), record_id=f"urn:uuid:{n}", host="www.gazette.example",
        date=_BEGAN + timedelta(minutes=n), warc=f"gazette-{n // 500}.warc.gz", offset=n * 50_000, length=50_000, status=200,
        mime="text/html", payload_digest=f"sha1:{n:032}", block_digest=f"sha1:{n:032}",
    )  # fmt: skip
    text = [f"w{int(draw.paretovariate(0.7)) % 50_000}" for _ in range(WORDS)]
    paragraphs = [" ".join(text[at : at + 40]) for at in range(0, WORDS, 40)]
    article = Article(
        url=url, story=story, headline=" ".join(text[:8]), blocks=tuple(Block(kind="paragraph", text=one) for one in paragraphs),
        images=(Image(url=f"{url}/{n}.jpg", key=f"{n}.jpg", caption=" ".join(text[8:16]), credit="Ada Quill"),),
    )  # fmt: skip
    index.add_capture(capture)
    index.set_read_state(capture.record_id, "read")
    index.add_links(capture.record_id, [Link(url=f"https://www.gazette.example/part/{m}", text=f"Part {m}") for m in range(100)])
    index.file_article(capture, article)


def _copy(conn: sqlite3.Connection, first: int) -> None:
    """Add the rows of the made captures again, under numbers and names of their own."""
    changes = {
        "id": "id + {first}", "capture_id": "capture_id + {first}", "version_id": "version_id + {first}", "offset": "offset + {first}",
        "record_id": "record_id || ':{first}'", "story_id": "story_id || ':{first}'", "key": "key || ':{first}'",
        "url": "url || '/{first}'", "payload_digest": "payload_digest || '{first}'",
    }  # fmt: skip
    for table in _TABLES:
        names = [row[0] for row in conn.execute("SELECT name FROM pragma_table_info(?)", [table])]
        values = [changes.get(name, name).format(first=first) for name in names]
        if table == "stories":
            values[names.index("id")] = f"id || ':{first}'"
        number = "rowid" if table == "stories" else "capture_id" if "capture_id" in names and "id" not in names else "id"
        conn.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} WHERE {number} <= {MADE}")
    for table, search_columns in (("versions", "headline, deck, body, captions, credits"), ("images", "caption, credit")):
        where = f"id > {first} AND id <= {first + MADE}"
        conn.execute(f"INSERT INTO {table}_fts(rowid, {search_columns}) SELECT id, {search_columns} FROM {table} WHERE {where}")


def measure(path: Path) -> dict[str, float]:
    """Processor milliseconds of what commands ask of an index, each over a connection of its own."""
    some = "gazette/500"
    asked: dict[str, Callable[[Index], object]] = {
        "stats": lambda index: index.stats(),
        "search, a rare word": lambda index: search(index, "w4321"),
        "search, a word of one article in a hundred": lambda index: search(index, "w150"),
        "search, a word of nearly all": lambda index: search(index, "w1"),
        "versions of a story": lambda index: (index.find_story(some), index.versions(some), index.sightings(some)),
    }
    found = {}
    for name, ask in asked.items():
        began = time.process_time()
        with Index.open(path, readonly=True) as index:
            ask(index)
        found[name] = 1000 * (time.process_time() - began)
    return found


def main(words: list[str] | None = None) -> None:
    """Make the index if it is not there, and print the times."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.index_scale", description=__doc__.split("\n")[0])
    options.add_argument("--captures", type=int, default=100_000)
    options.add_argument("--dir", type=Path, required=True)
    given = options.parse_args(words)
    given.dir.mkdir(parents=True, exist_ok=True)
    path = given.dir / "index.db"
    make(path, given.captures)
    print(f"{given.captures:,} captures, {path.stat().st_size / 1e9:.2f} GB; processor time, ms")
    for name, took in measure(path).items():
        print(f"{took:10.1f}  {name}")


if __name__ == "__main__":
    main()
