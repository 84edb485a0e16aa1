"""Values that a page holds for its scripts: JSON, JavaScript objects, packed and streamed states."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from crawler.parsers.document.elements import tagged
from crawler.parsers.document.page import Page
from crawler.parsers.linked_data.lenient_json import first_value, values

MIN_HELD = 500
"""Characters below which a script or attribute holds no article."""
MAX_SCRIPT_CHARACTERS = 2_000_000
MAX_ASSIGNED = 40
"""Assignments of one script that are looked at."""

_JSON = re.compile(r"\s*[\[{]")
_ASSIGNED = re.compile(r"(?:=|\(|:)\s{0,9}(?=[{\[]|[\"'`][{\[])|JSON\.parse\(\s{0,9}(?=[\"'`])")
_WRAPPED = re.compile(r"\(function\s{0,9}\(([\w$,\s]{0,20000})\)\s{0,9}\{")
_RETURNED = re.compile(r"\breturn\s{0,9}(?=[{\[])")
_PUSHED = re.compile(r"__next_f\.push\(\s{0,9}(?=\[)")
_ROW = re.compile(rb"([0-9a-f]{1,8}):(?:T([0-9a-f]{1,8}),)?")
_LETTERS = re.compile(r"[A-Z]{0,3}")
_attributes = etree.XPath("//@*[string-length(.) >= 500 and (starts-with(., '{') or starts-with(., '['))]", smart_strings=False)


def held_values(page: Page) -> Iterator[Any]:
    """Read the values in the scripts and attributes of a page, one after the other."""
    streamed: list[str] = []
    for node in tagged(page, "script"):
        text, kind = node.text or "", (node.get("type") or "").lower()
        if "ld+json" in kind or len(text) > MAX_SCRIPT_CHARACTERS:
            continue
        if "__next_f.push" in text:
            streamed += _pushed(text)
            continue
        if len(text) >= MIN_HELD:
            yield from _of_script(text)
    if streamed:
        yield from _streamed("".join(streamed))
    for text in _attributes(page.root):
        if len(text) <= MAX_SCRIPT_CHARACTERS:
            yield from parsed(text)


def parsed(text: str) -> list[Any]:
    """Read a text that is JSON, unpacked; an empty list if it is none."""
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return []
    return (
        [resolved(unpacked(value))]
        if isinstance(value, (dict, list))
        else parsed(value)
        if isinstance(value, str) and _JSON.match(value)
        else []
    )


def _of_script(text: str) -> Iterator[Any]:
    """The values in one script: the whole of it, or those it assigns."""
    if _JSON.match(text):
        found = parsed(text)
        yield from found or values(text)
        return
    if wrapped := _WRAPPED.search(text):
        yield from _called(text, wrapped)
    at = 0
    for _ in range(MAX_ASSIGNED):
        if (found_at := _ASSIGNED.search(text, at)) is None:
            return
        at = found_at.end()
        if text[at] in "\"'`":
            held = values(f"[{_quoted(text, at)}]")
            yield from parsed(held[0][0]) if held and held[0] and isinstance(held[0][0], str) else []
            continue
        value, end = first_value(text, at)
        if end - at >= MIN_HELD:
            yield resolved(unpacked(value))
            at = max(at, end)


def _quoted(text: str, at: int) -> str:
    """The string literal that begins at a place."""
    quote, end = text[at], at + 1
    while end < len(text) and text[end] != quote:
        end += 2 if text[end] == "\\" else 1
    return text[at : end + 1]


def _called(text: str, wrapped: re.Match[str]) -> Iterator[Any]:
    """The value that a function returns, with the arguments it is called with."""
    returned = _RETURNED.search(text, wrapped.end())
    if returned is None:
        return
    end = first_value(text, returned.end())[1]
    given = text.find("(", end)
    if given < 0 or given - end > 20:
        return
    arguments = values("[" + text[given + 1 :])
    names = [name.strip() for name in wrapped[1].split(",")]
    told = dict(zip(names, arguments[0], strict=False)) if arguments and isinstance(arguments[0], list) else {}
    yield first_value(text, returned.end(), told)[0]


# -- streamed


def _pushed(text: str) -> Iterator[str]:
    """The texts that a script adds to a stream."""
    at = 0
    while found := _PUSHED.search(text, at):
        value, at = first_value(text, found.end())
        at = max(at, found.end())
        if isinstance(value, list):
            yield from (one for one in value if isinstance(one, str))


def _streamed(text: str) -> Iterator[Any]:
    """The values of a stream: numbered rows of JSON or text."""
    if _JSON.match(text):
        yield from parsed(text)
        return
    data, rows, at = text.encode("utf-8", "replace"), dict[str, Any](), 0
    while row := _ROW.match(data, at):
        name, start = row[1].decode(), row.end()
        if row[2] is not None:
            at = start + int(row[2], 16)
            rows[name] = data[start:at].decode("utf-8", "replace")
            continue
        end = data.find(b"\n", start)
        line = data[start : end if end >= 0 else len(data)].decode("utf-8", "replace")
        at = end + 1 if end >= 0 else len(data)
        letters = _LETTERS.match(line)
        found = parsed(line[letters.end() if letters else 0 :])
        rows[name] = found[0] if found else None
    yield _referred([*rows.values()], rows)


def _referred(value: Any, rows: dict[str, Any]) -> Any:
    """Put rows in place of the references to them, each container once."""
    stack, seen = [value], set[int]()
    while stack:
        one = stack.pop()
        if not isinstance(one, (dict, list)) or id(one) in seen:
            continue
        seen.add(id(one))
        for key, held in [*(one.items() if isinstance(one, dict) else enumerate(one))]:
            if isinstance(held, str) and held[:1] == "$" and (name := held.lstrip("$L@")) in rows:
                one[key] = rows[name]
            stack.append(one[key])
    return value


def resolved(value: Any) -> Any:
    """Put the objects of a store in place of the references to them (`{"__ref": "Article:1"}`)."""
    stored: dict[str, Any] = {}
    referring: list[tuple[Any, Any, str]] = []
    stack, seen = [value], set[int]()
    while stack:
        one = stack.pop()
        if not isinstance(one, (dict, list)) or id(one) in seen:
            continue
        seen.add(id(one))
        for key, held in one.items() if isinstance(one, dict) else enumerate(one):
            if isinstance(held, dict) and isinstance(name := held.get("__ref"), str):
                referring.append((one, key, name))
            elif isinstance(held, (dict, list)):
                if isinstance(key, str) and ":" in key:
                    stored.setdefault(key, held)
                stack.append(held)
    for one, key, name in referring:
        one[key] = stored.get(name, one[key])
    return value


# -- packed


def unpacked(value: Any) -> Any:
    """Unpack a list whose values refer to each other by place (devalue).

    Returns:
        The value itself, where it is none.
    """
    if not isinstance(value, list) or len(value) < 3 or not _refers(value[0]):
        return value
    made: list[Any] = [{} if isinstance(one, dict) else [] if isinstance(one, list) else one for one in value]
    for place, one in enumerate(value):
        if isinstance(one, dict):
            made[place].update((key, _made(held, made)) for key, held in one.items())
        elif isinstance(one, list):
            # The first of ["Reactive", 1] and ["Date", "2024-..."] is a tag.
            tagged_value = bool(one) and isinstance(one[0], str)
            made[place] += [_made(held, made) for held in one[tagged_value:]]
    return made[0]


def _made(held: Any, made: list[Any]) -> Any:
    """The value at a place; a value that is no place as it is."""
    if type(held) is not int:
        return held
    return made[held] if 0 <= held < len(made) else None


def _refers(value: Any) -> bool:
    """Test for a container that holds places only."""
    if isinstance(value, dict):
        return bool(value) and all(type(held) is int for held in value.values())
    tag = isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)
    return bool(tag and type(value[1]) is int)
