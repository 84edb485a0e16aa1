"""Versions with what other rows or columns say held once, under view `versions`.

That is captions and credits, which their images have; a canonical address that the story's id ends with; a version seen once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from crawler.schema.reader_names import SHOWN_READ_BY, ReaderNames

Value = str | int | float | bytes | None

_DIGEST = "sha256:"
OF_STORY = "substr(v.story_id, instr(v.story_id, '/') + 1)"
"""SQL: what stands behind the site in the id of a story."""


def lines_of_images(name: str) -> str:
    """SQL: a text of the images of a version `v`, one a line."""
    texts = f"SELECT i.{name} FROM stored_images i WHERE i.version_id = v.id AND i.{name} != '' ORDER BY i.n"
    return f"(SELECT coalesce(group_concat({name}, char(10)), '') FROM ({texts}))"


_ORIGIN = f"substr({OF_STORY}, 1, instr(substr({OF_STORY}, 9), '/') + 8)"
_STANDING_FOR = ('{"text":"', '","url":"', '"},{"text":"')
"""What stands between the texts and addresses of a list; a character each from U+0001, which JSON escapes."""
_FOR_ORIGIN = len(_STANDING_FOR) + 1


def _shown_addresses(name: str) -> str:
    shown = f"v.{name}"
    for number, text in enumerate((*(f"'{text}'" for text in _STANDING_FOR), _ORIGIN), 1):
        shown = f"replace({shown}, char({number}), {text})"
    return shown


SHOWN = {
    "text_digest": f"iif(typeof(v.text_digest) = 'blob', '{_DIGEST}' || lower(hex(v.text_digest)), v.text_digest)",
    "captions": f"coalesce(v.captions, {lines_of_images('caption')})",
    "credits": f"coalesce(v.credits, {lines_of_images('credit')})",
    "breadcrumb": _shown_addresses("breadcrumb"),
    "related": _shown_addresses("related"),
    "canonical_url": f"iif(typeof(v.canonical_url) = 'blob', {OF_STORY}, v.canonical_url)",
    "read_by": SHOWN_READ_BY,
    "last_seen": "iif(v.last_seen = '', v.first_seen, v.last_seen)",
}
"""SQL: columns of view `versions` that are not as a row `v` of `stored_versions` holds them; `blocks` is another."""


def packed_version(
    conn: sqlite3.Connection, names: ReaderNames, story_id: str, values: Mapping[str, Value], read_by: Mapping[str, str]
) -> dict[str, Value]:
    """Pack values of a version whose images are filed too."""
    packed = {**values, "captions": None, "credits": None, "read_by": names.pack(conn, read_by, str(values["read_by"]))}
    for name in ("breadcrumb", "related"):
        packed[name] = packed_addresses(packed[name], story_id)
    if "text_digest" in packed:
        packed["text_digest"] = packed_digest(str(packed["text_digest"]))
    if packed["canonical_url"] == story_id.partition("/")[2]:
        packed["canonical_url"] = b""
    return packed


def packed_addresses(listed: Value, story_id: str) -> Value:
    """Pack a JSON list of texts and addresses."""
    if not isinstance(listed, str) or listed == "[]":
        return listed
    for number, text in reversed(list(enumerate(_STANDING_FOR, 1))):
        listed = listed.replace(text, chr(number))
    rest = story_id.partition("/")[2]
    slash = rest.find("/", 8)
    return listed.replace(rest[: slash + 1], chr(_FOR_ORIGIN)) if slash > 0 and rest.startswith("http") else listed


def packed_digest(digest: str) -> bytes | str:
    """Pack a digest to its 32 bytes; one of another form stays."""
    try:
        packed = bytes.fromhex(digest.removeprefix(_DIGEST))
    except ValueError:
        return digest
    return packed if _DIGEST + packed.hex() == digest else digest
