"""Blocks of a body as places in it, so that its text is stored once.

A packed list has one JSON element a block:

    63                   a paragraph: the next 63 characters of the body (behind its line break)
    ["heading", 12]      another kind, the next 12 characters
    ["picture", null, 0] no text, and the image's number
    ["related", "More"]  a text that is not in the body
    {...}                the block itself, where it is none of these
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

Block = Mapping[str, object]

_FIELDS = {"kind", "text", "image"}
_NOT_IN_BODY = ("picture", "related")


def pack_blocks(blocks: Sequence[Block], body: str) -> str:
    """Pack blocks over the body in which their texts stand; `UNPACKED_BLOCKS` reverses it."""
    packed: list[object] = []
    at = 0
    for block in blocks:
        packed.append(_packed(block, body, at))
        if (length := _length(packed[-1])) is not None:
            at += length + 1
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":"))


def _packed(block: Block, body: str, at: int) -> object:
    text, kind, image = block.get("text"), block.get("kind"), block.get("image")
    if set(block) != _FIELDS or not isinstance(kind, str) or isinstance(text, int):
        return block
    if isinstance(text, str) and text and kind not in _NOT_IN_BODY and body.startswith(text, at):
        if kind == "paragraph" and image is None:
            return len(text)
        text_or_place: object = len(text)
    else:
        text_or_place = text
    return [kind, text_or_place] if image is None else [kind, text_or_place, image]


def _length(packed: object) -> int | None:
    """Characters of the body that a packed block takes up."""
    place = packed[1] if isinstance(packed, list) else packed
    return place if isinstance(place, int) else None


def _place(i: str) -> str:
    """SQL: characters of the body that block number `i` takes up; NULL for none."""
    return f"""CASE json_type(v.blocks, '$[' || ({i}) || ']') WHEN 'integer' THEN json_extract(v.blocks, '$[' || ({i}) || ']')
          WHEN 'array' THEN iif(json_type(v.blocks, '$[' || ({i}) || '][1]') = 'integer',
            json_extract(v.blocks, '$[' || ({i}) || '][1]'), NULL) END"""


def _part(n: int) -> str:
    return f"json_extract(v.blocks, '$[' || i || '][{n}]')"


UNPACKED_BLOCKS = f"""(WITH RECURSIVE b(i, at, n) AS (
      SELECT 0, 1, {_place("0")} WHERE json_array_length(v.blocks) > 0
      UNION ALL SELECT i + 1, at + coalesce(n + 1, 0), {_place("i + 1")} FROM b WHERE i + 1 < json_array_length(v.blocks))
    SELECT json_group_array(CASE json_type(v.blocks, '$[' || i || ']')
      WHEN 'object' THEN json_extract(v.blocks, '$[' || i || ']')
      WHEN 'integer' THEN json_object('image', NULL, 'kind', 'paragraph', 'text', substr(v.body, at, n))
      ELSE json_object('image', {_part(2)}, 'kind', {_part(0)}, 'text', iif(n IS NULL, {_part(1)}, substr(v.body, at, n))) END) FROM b)"""
"""SQL: the JSON list of {{image, kind, text}} of a row `v` with packed `blocks` and its `body`.

It goes without table-valued functions such as `json_each`, which FTS5 does not allow in a view that holds its content.
"""
