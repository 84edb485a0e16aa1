"""View `versions` over packed versions, and the migration that packs them."""

from __future__ import annotations

import json
import sqlite3

from crawler.failpoints import failpoint
from crawler.schema.packed_blocks import UNPACKED_BLOCKS, packed_again
from crawler.schema.packed_images import KEY_HASHES, key_hash
from crawler.schema.packed_tables import VERSION_COLUMNS, with_comments
from crawler.schema.packed_versions import OF_STORY, SHOWN, lines_of_images, packed_addresses, packed_digest
from crawler.schema.reader_names import READER_NAMES, ReaderNames
from crawler.schema.search_tables import VIEWS
from crawler.schema.view_triggers import write_through

_ALL_SHOWN = SHOWN | {"blocks": f"iif(v.blocks IS NULL, NULL, {UNPACKED_BLOCKS})"}
_NAMES = tuple(name for name, _ in VERSION_COLUMNS)

VERSIONS_VIEW = f"""
CREATE VIEW versions AS SELECT -- One distinct text of a story; a change of headline, deck, body, captions or credits makes another.
{with_comments(tuple((_ALL_SHOWN.get(name, f"v.{name}"), name, text) for name, text in VERSION_COLUMNS))}
FROM stored_versions v"""


def _set(name: str) -> str:
    """SQL: set a column as the view was told, or leave it packed."""
    if name not in _ALL_SHOWN:
        return f"{name} = NEW.{name}"
    same = f"NEW.{name} IS OLD.{name}" + " AND NEW.story_id = OLD.story_id" * (OF_STORY in _ALL_SHOWN[name])
    return f"{name} = iif({same}, {name}, NEW.{name})"


_TRIGGERS = write_through("versions", _NAMES, _set)
_PACK = f"""
UPDATE stored_versions AS v SET captions = iif(v.captions = {lines_of_images("caption")}, NULL, v.captions),
    credits = iif(v.credits = {lines_of_images("credit")}, NULL, v.credits), text_digest = pack_digest(v.text_digest),
    canonical_url = iif(v.canonical_url = {OF_STORY}, x'', v.canonical_url), read_by = pack_read_by(v.read_by),
    last_seen = iif(v.last_seen = v.first_seen, '', v.last_seen), blocks = pack_again(v.blocks, v.body)"""


def pack_addresses(conn: sqlite3.Connection) -> None:
    """Pack the lists of addresses of versions of earlier versions."""
    conn.create_function("pack_addresses", 2, packed_addresses, deterministic=True)
    conn.execute(
        "UPDATE stored_versions SET breadcrumb = pack_addresses(breadcrumb, story_id), related = pack_addresses(related, story_id)"
        " WHERE breadcrumb != '[]' OR related != '[]'"
    )
    make_views(conn)


def make_views(conn: sqlite3.Connection) -> None:
    """Make the views of versions anew."""
    for view in ("captions", "latest", "versions"):
        conn.execute(f"DROP VIEW {view}")
    for statement in (VERSIONS_VIEW, *_TRIGGERS, *VIEWS):
        conn.execute(statement.strip())


def pack_versions(conn: sqlite3.Connection) -> None:
    """Pack the versions and the keys of images of an index of earlier versions."""
    for view in ("captions", "latest", "versions"):
        conn.execute(f"DROP VIEW {view}")
    conn.create_function("key_hash", 1, key_hash, deterministic=True)
    for statement in (*KEY_HASHES, READER_NAMES):
        conn.execute(statement.strip())
    names = ReaderNames()
    distinct = [text for (text,) in conn.execute("SELECT DISTINCT read_by FROM stored_versions WHERE read_by LIKE '{%'")]
    packed = {text: names.pack(conn, json.loads(text), text) for text in distinct}
    conn.create_function("pack_read_by", 1, lambda text: packed.get(text, text))
    conn.create_function("pack_digest", 1, packed_digest)
    conn.create_function("pack_again", 2, packed_again)
    conn.execute(_PACK.strip())
    failpoint("migrate:middle")
    for statement in (VERSIONS_VIEW, *_TRIGGERS, *VIEWS):
        conn.execute(statement.strip())
