"""Time SQL that people ask of `index.db`: processor milliseconds of each statement, the least of some turns.

    python -m benchmarks.index_queries INDEX [INDEX ...]

With more than one index each statement is asked of all in turns, as of one before and one after a change of the schema.
"""

from __future__ import annotations

import argparse
import sqlite3
import time
from contextlib import ExitStack, closing
from pathlib import Path

TURNS = 5
_SOME = "(SELECT {} FROM {} LIMIT 1 OFFSET (SELECT count(*) / 2 FROM {}))"
_URL = _SOME.format("url", "captures", "captures")
_STORY = _SOME.format("id", "stories", "stories")
_CAPTURE = _SOME.format("id", "captures", "captures")
QUERIES = {
    "captures of an address": f"SELECT date, status, warc, offset FROM captures WHERE url = {_URL} ORDER BY date",
    "captures of a story": f"SELECT c.* FROM captures c WHERE c.story_id = {_STORY}",
    "the story that a capture shows": "SELECT v.story_id, v.n, v.headline FROM captures c LEFT JOIN sightings s ON s.capture_id = c.id"
    f" LEFT JOIN versions v ON v.id = s.version_id WHERE c.url = {_URL}",
    "versions of a story, whole": f"SELECT * FROM versions WHERE story_id = {_STORY} ORDER BY n",
    "pictures of a story with their files": "SELECT i.*, c.warc, c.offset FROM versions v JOIN images i ON i.version_id = v.id"
    f" LEFT JOIN captures c ON c.id = i.capture_id WHERE v.story_id = {_STORY}",
    "links of a page": f"SELECT position, url, text FROM links WHERE capture_id = {_CAPTURE}",
    "newest twenty stories": "SELECT story_id, headline, published FROM latest ORDER BY published DESC LIMIT 20",
    "captures a day": "SELECT substr(date, 1, 10), count(*) FROM captures GROUP BY 1 ORDER BY 1",
    "pages without a credit": "SELECT count(*) FROM versions WHERE credits = ''",
    "a word by LIKE in all bodies": "SELECT count(*) FROM versions WHERE body LIKE '%harbour%'",
    "readers of headlines": "SELECT json_extract(read_by, '$.headline'), count(*) FROM versions GROUP BY 1",
    "full text with headlines": "SELECT v.headline, snippet(versions_fts, -1, '[', ']', '...', 12) FROM versions_fts"
    " JOIN versions v ON v.id = versions_fts.rowid WHERE versions_fts MATCH 'and' ORDER BY rank LIMIT 20",
}
"""SQL by what is asked."""


def ask(db: sqlite3.Connection, statement: str) -> float:
    """Processor milliseconds of a statement with all its rows."""
    began = time.process_time()
    for _ in db.execute(statement):
        pass
    return 1000 * (time.process_time() - began)


def measure(paths: list[Path], turns: int = TURNS) -> dict[str, list[float]]:
    """The least milliseconds of each statement, for each index."""
    with ExitStack() as opened:
        dbs = [opened.enter_context(closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True))) for path in paths]
        least = {name: [ask(db, sql) for db in dbs] for name, sql in QUERIES.items()}
        for _ in range(turns - 1):
            for name, sql in QUERIES.items():
                least[name] = [min(one, ask(db, sql)) for one, db in zip(least[name], dbs, strict=True)]
    return least


def main(words: list[str] | None = None) -> None:
    """Print a table of statements by index."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.index_queries", description=__doc__.split("\n")[0])
    options.add_argument("indexes", nargs="+", type=Path, metavar="INDEX")
    for name, took in measure(options.parse_args(words).indexes).items():
        print("".join(f"{one:10.2f}" for one in took), f" {name}")


if __name__ == "__main__":
    main()
