"""Images with what they say twice held once.

That is a key that ends the address, and texts that begin with the caption.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from crawler.schema.tables import TABLES
from crawler.schema.view_triggers import write_through

KEY = "CAST(iif(typeof(key) = 'blob', substr(url, CAST(CAST(key AS TEXT) AS INTEGER)), key) AS TEXT)"
"""SQL: the key of a row of `stored_images`, a text so that other columns can be compared with it."""


def _rest(name: str) -> str:
    return f"iif(typeof({name}) = 'blob', caption || CAST({name} AS TEXT), {name})"


_SHOWN = {"key": KEY, "alt": _rest("alt"), "raw": _rest("raw")}
_TABLE = next(statement for statement in TABLES if "CREATE TABLE images " in statement)
_LINES = [line.strip().partition(" -- ") for line in _TABLE.strip().splitlines()[1:-1]]
IMAGE_COLUMNS = tuple((before.split()[0], text) for before, _, text in _LINES)
_NAMES = tuple(name for name, _ in IMAGE_COLUMNS)

STORED_IMAGES = (
    _TABLE.replace("CREATE TABLE images ( -- One editorial picture of a version, with its caption and credit apart.",
                   "CREATE TABLE stored_images ( -- What view `images` shows, with what is there twice held once.")
    .replace("-- What stays the same when the picture's host or size changes.", "-- A BLOB is the place in `url` at which the key begins.")
    .replace("-- The alternative text.", "-- A BLOB is what stands behind the caption.")
    .replace("-- The caption as printed, credit included.", "-- A BLOB is what stands behind the caption.")
)  # fmt: skip
"""Table `stored_images` as it is described; a migration makes it of table `images`."""

IMAGES_VIEW = (
    "\nCREATE VIEW images AS SELECT -- One editorial picture of a version, with its caption and credit apart.\n"
    + "\n".join(f"    {_SHOWN.get(name, name)} AS {name}{',' if name != _NAMES[-1] else ''} -- {text}" for name, text in IMAGE_COLUMNS)
    + "\nFROM stored_images"
)
PACKED_IMAGES = (
    "DROP INDEX idx_images_key",
    "ALTER TABLE images RENAME TO stored_images",
    "UPDATE stored_images SET key = CAST(CAST(length(url) - length(key) + 1 AS TEXT) AS BLOB)"
    " WHERE key != '' AND substr(url, -length(key)) = key",
    *(
        f"UPDATE stored_images SET {name} = CAST(substr({name}, length(caption) + 1) AS BLOB)"
        f" WHERE caption != '' AND substr({name}, 1, length(caption)) = caption"
        for name in ("alt", "raw")
    ),
    f"CREATE INDEX idx_images_key ON stored_images({KEY})",
    IMAGES_VIEW,
    *write_through("images", _NAMES),
)

IMAGE_KEY_HASH = """
ALTER TABLE stored_images
    ADD key_hash INTEGER -- CRC-32 of the key less 2147483648; null where an image was added with SQL.
"""
KEY_HASHES = (
    "ALTER TABLE stored_images ADD key_hash INTEGER",
    f"UPDATE stored_images SET key_hash = key_hash({KEY})",
    "DROP INDEX idx_images_key",
    "CREATE INDEX idx_images_key ON stored_images(key_hash)",
)
"""SQL of the migration by which images are found by a hash of their key; it needs the function `key_hash`."""


def of_key(hashed: str, key: str) -> str:
    """SQL: whether an image has a key.

    Args:
        hashed: SQL of the hash of the key.
        key: SQL of the key.
    """
    return f"(key_hash = {hashed} OR key_hash IS NULL) AND {KEY} = {key}"


def key_hash(key: str) -> int:
    """Hash a key for its index: four bytes in place of an address."""
    return zlib.crc32(key.encode(errors="surrogatepass")) - 2**31


def packed_image(values: Mapping[str, str | int | float | bytes | None]) -> dict[str, str | int | float | bytes | None]:
    """Pack the values of an image; view `images` shows them as they were."""
    url, key, caption = str(values["url"]), str(values["key"]), values["caption"]
    packed = {**values, "key_hash": key_hash(key)}
    if key and url.endswith(key):
        packed["key"] = str(len(url) - len(key) + 1).encode()
    for name in ("alt", "raw"):
        text = values[name]
        if isinstance(text, str) and isinstance(caption, str) and caption and text.startswith(caption):
            packed[name] = text[len(caption) :].encode()
    return packed
