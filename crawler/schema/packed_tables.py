"""Tables that hold links and versions packed, and the views that show them unpacked.

The views can be changed with SQL as the tables could that they stand for; what was changed is then held as plain JSON.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from itertools import groupby

from crawler.failpoints import failpoint
from crawler.schema.link_lists import LinkLists
from crawler.schema.link_words import LINK_WORDS
from crawler.schema.packed_blocks import UNPACKED_BLOCKS, pack_blocks
from crawler.schema.packed_links import Pair, unpacked
from crawler.schema.tables import TABLES
from crawler.schema.view_triggers import write_through

PACKED_TABLES = (
    """
CREATE TABLE link_bases ( -- Lists of links to which those of other pages of the host refer, such as its menu.
    id INTEGER PRIMARY KEY, -- Row number.
    host TEXT NOT NULL, -- The host of the pages.
    part INTEGER NOT NULL, -- For which part of their lists: 0, 1, ...
    words INTEGER NOT NULL DEFAULT 0, -- 1 where the LZ4 block has table `link_words` for its dictionary.
    list BLOB NOT NULL -- JSON of [url, text] in page order: an LZ4 block, or plain where many pages refer to it.
)""",
    """
CREATE TABLE link_words ( -- Words that links of all hosts have; never changed.
    id INTEGER PRIMARY KEY, -- Always 1.
    list BLOB NOT NULL -- As they stand in lists of links.
)""",
    """
CREATE TABLE link_lists ( -- The links of a page, packed; view `links` shows them.
    capture_id INTEGER NOT NULL REFERENCES captures(id), -- The page.
    position INTEGER NOT NULL, -- Place on the page of the first link of this part.
    links INTEGER NOT NULL, -- Number of links.
    base INTEGER REFERENCES link_bases(id), -- The list to which this one refers, as the dictionary of its LZ4 block.
    list BLOB NOT NULL, -- JSON of [url, text] in page order, as an LZ4 block; plain JSON where it was changed with SQL.
    PRIMARY KEY (capture_id, position)
) WITHOUT ROWID""",
)
PACKED_INDEXES = ("CREATE INDEX idx_link_bases_host ON link_bases(host, part)",)

VERSIONS = next(statement for statement in TABLES if "CREATE TABLE versions " in statement)
_STORED = {
    "versions ( --": "stored_versions ( -- What view `versions` shows, with what is there twice held once.",
    "blocks TEXT, --": "blocks TEXT, -- The body piece by piece, as places in `body`.",
    "text_digest TEXT NOT NULL, --": "text_digest TEXT NOT NULL, -- A BLOB is the 32 bytes of the digest.",
    "captions TEXT, --": "captions TEXT, -- Null where the images say it.",
    "credits TEXT, --": "credits TEXT, -- Null where the images say it.",
    "breadcrumb TEXT, --": "breadcrumb TEXT, -- Characters below U+0005 stand for what `versions` shows in their place.",
    "related TEXT, --": "related TEXT, -- As breadcrumb.",
    "canonical_url TEXT, --": "canonical_url TEXT, -- A BLOB stands for what is behind the site in `story_id`.",
    "read_by TEXT, --": "read_by TEXT, -- A character for each row of reader_names, or a JSON object.",
    "last_seen TEXT NOT NULL --": "last_seen TEXT NOT NULL -- Empty where it is `first_seen`.",
}
STORED_VERSIONS = re.sub(
    "|".join(f"{re.escape(begin)} .*" for begin in _STORED),
    lambda found: next(text for begin, text in _STORED.items() if found[0].startswith(begin)), VERSIONS,
)  # fmt: skip
"""Table `stored_versions` as it is described; a migration makes it of table `versions`."""
_COLUMN = re.compile(r"^    (\w+) .*?(?:,)? -- (.*)$", re.MULTILINE)
VERSION_COLUMNS: tuple[tuple[str, str], ...] = tuple((found[1], found[2]) for found in _COLUMN.finditer(VERSIONS))
"""Names and descriptions of the columns of view `versions`."""
_NAMES = tuple(name for name, _ in VERSION_COLUMNS)


def _shown(name: str) -> str:
    return f"iif(v.blocks IS NULL, NULL, {UNPACKED_BLOCKS})" if name == "blocks" else f"v.{name}"


def with_comments(columns: tuple[tuple[str, str, str], ...]) -> str:
    """List columns of a view, one a line: expression, name, description."""
    last = len(columns) - 1
    return "\n".join(f"    {sql} AS {name}{',' if n < last else ''} -- {text}" for n, (sql, name, text) in enumerate(columns))


_WORDS = "iif(l.words, (SELECT w.list FROM link_words w WHERE w.id = 1), x'')"
PACKED_VIEWS = (
    f"""
CREATE VIEW versions AS SELECT -- One distinct text of a story; a change of headline, deck, body, captions or credits makes another.
{with_comments(tuple((_shown(name), name, text) for name, text in VERSION_COLUMNS))}
FROM stored_versions v""",
    f"""
CREATE VIEW unpacked_bases AS SELECT -- The shared lists of links, unpacked.
    l.id AS id, -- Row number in link_bases.
    CAST({unpacked(_WORDS)} AS BLOB) AS list -- JSON of [url, text] in page order.
FROM link_bases l""",
    f"""
CREATE VIEW unpacked_lists AS SELECT -- The lists of links of pages, unpacked.
    l.capture_id AS capture_id, -- The page.
    l.position AS position, -- Place on the page of the first link of this part.
    {unpacked("coalesce((SELECT u.list FROM unpacked_bases u WHERE u.id = l.base), x'')")} AS list -- JSON of [url, text] in page order.
FROM link_lists l""",
    """
CREATE VIEW links AS SELECT -- The addresses on a page, in page order.
    l.capture_id AS capture_id, -- The page.
    l.position + j.key AS position, -- 0, 1, ... from the top.
    json_extract(j.value, '$[0]') AS url, -- Where it leads.
    json_extract(j.value, '$[1]') AS text -- Its words.
FROM unpacked_lists l, json_each(l.list) j WHERE j.type = 'array'""",
)

VIEW_OF = {VERSIONS: PACKED_VIEWS[0], next(statement for statement in TABLES if "CREATE TABLE links " in statement): PACKED_VIEWS[-1]}
"""The view that stands in the place of a table of the first migration."""

_PART = "l.capture_id = OLD.capture_id AND l.position <= OLD.position ORDER BY l.position DESC LIMIT 1"
_EDIT = """
CREATE TRIGGER {name} INSTEAD OF {event} ON links BEGIN
    UPDATE link_lists SET links = links - {fewer}, base = NULL, list = (SELECT json_set(l.list, '$[' || (OLD.position - l.position) || ']',
        {value}) FROM unpacked_lists l WHERE {part})
    WHERE capture_id = OLD.capture_id AND position = (SELECT l.position FROM link_lists l WHERE {part});
END"""

PACKED_TRIGGERS = (
    _EDIT.format(name="links_update", event="UPDATE OF url, text", fewer=0, value="json_array(NEW.url, NEW.text)", part=_PART),
    _EDIT.format(name="links_delete", event="DELETE", fewer=1, value="NULL", part=_PART),
    """
CREATE TRIGGER links_insert INSTEAD OF INSERT ON links BEGIN
    INSERT INTO link_lists (capture_id, position, links, list)
        VALUES (NEW.capture_id, NEW.position, 1, json_array(json_array(NEW.url, NEW.text)));
END""",
    *write_through(
        "versions",
        _NAMES,
        lambda name: "blocks = iif(NEW.blocks IS OLD.blocks, blocks, NEW.blocks)" if name == "blocks" else f"{name} = NEW.{name}",
    ),
)


def pack_tables(conn: sqlite3.Connection) -> None:
    """Turn tables `links` and `versions` into packed tables under views of those names."""
    conn.create_function("pack_blocks", 2, _pack, deterministic=True)
    conn.execute("ALTER TABLE versions RENAME TO stored_versions")
    conn.execute("UPDATE stored_versions SET blocks = pack_blocks(blocks, body) WHERE blocks IS NOT NULL")
    for statement in (*PACKED_TABLES, *PACKED_INDEXES):
        conn.execute(statement.strip())
    conn.execute("INSERT INTO link_words VALUES (1, ?)", [LINK_WORDS])
    lists = LinkLists()
    for capture_id, host, first, pairs in _runs(conn):
        lists.add(conn, capture_id, host, pairs, first=first)
    failpoint("migrate:middle")
    conn.execute("DROP TABLE links")
    for statement in (*PACKED_VIEWS, *PACKED_TRIGGERS):
        conn.execute(statement.strip())


def _pack(blocks: str, body: str | None) -> str:
    return pack_blocks(json.loads(blocks), body or "")


def _runs(conn: sqlite3.Connection) -> Iterator[tuple[int, str, int, list[Pair]]]:
    """Yield capture, host, first position and links of each run of positions."""
    rows = conn.execute(
        "SELECT l.capture_id, c.host, l.position, l.url, l.text FROM links l JOIN captures c ON c.id = l.capture_id"
        " ORDER BY l.capture_id, l.position"
    )
    for (capture_id, host), of_page in groupby(rows, key=lambda row: (row[0], row[1])):
        for _, run in groupby(enumerate(of_page), key=lambda numbered: numbered[1][2] - numbered[0]):
            links = [row for _, row in run]
            yield capture_id, host, links[0][2], [(row[3], row[4]) for row in links]
