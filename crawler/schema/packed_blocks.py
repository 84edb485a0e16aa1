"""Blocks of a body as places in it, so that its text is stored once.

A packed list has one JSON element a block:

    -5                   five paragraphs: the next five lines of the body
    63                   a paragraph: the next 63 characters of the body (behind its line break)
    ["heading", 12]      another kind, the next 12 characters
    ["picture", null, 0] no text, and the image's number
    ["related", "More"]  a text that is not in the body
    ["embed", 12, null, "https://..."]  one with an address
    {...}                the block itself, where it is none of these
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Block = Mapping[str, object]

_FIELDS = {"kind", "text", "image"}
_NOT_IN_BODY = ("picture", "related", "entry")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def pack_blocks(blocks: Sequence[Block], body: str) -> str:
    """Pack blocks over the body in which their texts stand; `UNPACKED_BLOCKS` reverses it."""
    packed: list[object] = []
    at = 0
    for block in blocks:
        one = _packed(block, body, at)
        length = _length(one)
        _append(packed, one, body, at)
        if length is not None:
            at += length + 1
    return _encode(packed)


def unpack_blocks(packed: str | None, body: str | None) -> list[Any]:
    """Unpack blocks as `UNPACKED_BLOCKS` does, in time linear in the body.

    SQL begins at the front of the body for each block: with a hundred thousand of them it does not end in minutes.
    """
    body = body or ""
    blocks: list[Any] = []
    at = 0
    for one in json.loads(packed) if packed else ():
        for _ in range(-one if isinstance(one, int) and one < 0 else 1):
            length = ((body.find("\n", at) + 1) or len(body) + 1) - 1 - at if isinstance(one, int) and one < 0 else _length(one)
            text = None if length is None else body[at : at + length]
            blocks.append(_unpacked(one, text))
            at += 0 if length is None else length + 1
    return blocks


def _unpacked(packed: Any, text: str | None) -> Any:
    if isinstance(packed, int):
        return {"image": None, "kind": "paragraph", "text": text}
    if not isinstance(packed, list):
        return packed
    kind, place, image, url = (*packed, None, None)[:4]
    block = {"image": image, "kind": kind, "text": place if text is None else text}
    return block if url is None else block | {"url": url}


def packed_again(packed: str | None, body: str | None) -> str | None:
    """Pack blocks anew that were packed without runs of lines."""
    if packed is None:
        return None
    body = body or ""
    shorter: list[object] = []
    at = 0
    for one in json.loads(packed):
        if isinstance(one, int) and one < 0:
            shorter.append(one)
            for _ in range(-one):
                at = (body.find("\n", at) + 1) or len(body) + 1
            continue
        length = _length(one)
        _append(shorter, one, body, at)
        if length is not None:
            at += length + 1
    return _encode(shorter)


def _append(packed: list[object], one: object, body: str, at: int) -> None:
    """Append a block, or lengthen a run of paragraphs by one."""
    if isinstance(one, int) and body.find("\n", at, at + one) < 0 and body[at + one : at + one + 1] in ("", "\n"):
        if packed and isinstance(packed[-1], int) and packed[-1] < 0:
            packed[-1] -= 1
            return
        one = -1
    packed.append(one)


def _packed(block: Block, body: str, at: int) -> object:
    text, kind, image, url = block.get("text"), block.get("kind"), block.get("image"), block.get("url")
    known = isinstance(kind, str) and not isinstance(text, int) and set(block) - {"url"} == _FIELDS
    if not known or isinstance(url, str) is not ("url" in block):
        return block
    if isinstance(text, str) and text and kind not in _NOT_IN_BODY and body.startswith(text, at):
        if kind == "paragraph" and image is None and url is None:
            return len(text)
        text_or_place: object = len(text)
    else:
        text_or_place = text
    if url is not None:
        return [kind, text_or_place, image, url]
    return [kind, text_or_place] if image is None else [kind, text_or_place, image]


def _length(packed: object) -> int | None:
    """Characters of the body that a packed block takes up."""
    place = packed[1] if isinstance(packed, list) else packed
    return place if isinstance(place, int) else None


def _element(i: str, inner: str = "") -> str:
    """SQL: path of block number `i`, or of a part of it."""
    return f"v.blocks, '$[' || ({i}) || ']{inner}'"


def _lines_left(i: str) -> str:
    """SQL: lines of the run at block number `i` behind its first."""
    return f"iif(json_type({_element(i)}) = 'integer', max(-1 - json_extract({_element(i)}), 0), 0)"


_LENGTH = f"""CASE json_type({_element("i")})
        WHEN 'integer' THEN iif(json_extract({_element("i")}) > 0, json_extract({_element("i")}),
          instr(substr(v.body || char(10), at), char(10)) - 1)
        WHEN 'array' THEN iif(json_type({_element("i", "[1]")}) = 'integer', json_extract({_element("i", "[1]")}), NULL) END"""
"""SQL: characters of the body that a block takes up; NULL for none."""

_PARTS = f"""'image', json_extract({_element("i", "[2]")}), 'kind', json_extract({_element("i", "[0]")}), 'text',
        iif(n IS NULL, json_extract({_element("i", "[1]")}), substr(v.body, at, n))"""
"""SQL: keys and values of a block that a list holds."""

UNPACKED_BLOCKS = f"""(WITH RECURSIVE b(i, more, at) AS (
      SELECT 0, {_lines_left("0")}, 1 WHERE json_array_length(v.blocks) > 0
      UNION ALL SELECT i + (more = 0), iif(more > 0, more - 1, {_lines_left("i + 1")}), at + coalesce(1 + {_LENGTH}, 0)
        FROM b WHERE more > 0 OR i + 1 < json_array_length(v.blocks)),
    p(i, at, n) AS (SELECT i, at, {_LENGTH} FROM b)
    SELECT json_group_array(CASE json_type({_element("i")})
      WHEN 'object' THEN json_extract({_element("i")})
      WHEN 'integer' THEN json_object('image', NULL, 'kind', 'paragraph', 'text', substr(v.body, at, n))
      ELSE CASE json_type({_element("i", "[3]")}) WHEN 'text' THEN json_object({_PARTS}, 'url', json_extract({_element("i", "[3]")}))
        ELSE json_object({_PARTS}) END END) FROM p)"""
"""SQL: the JSON list of {{image, kind, text}}, and `url` where there is one, of a row `v` with packed `blocks` and its `body`.

It goes without table-valued functions such as `json_each`, which FTS5 does not allow in a view that holds its content.
"""
