"""Addresses of modules that a script imports by a fixed name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from crawler.requisites.style_addresses import MAX_CHARACTERS

_MAY_NAME = re.compile(r"\b(?:import|from)\b")
_GAP = r"(?:\s|/\*(?:[^*]++|\*(?!/))*+\*/)*+"
_TOKEN = re.compile(
    rf"""//[^\n]*|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?+
    |(?P<keyword>(?<![\w$.#\\])(?:import|from)(?![\w$])){_GAP}(?P<call>\()?+{_GAP}
      (?:"(?P<double>[^"\\\n]{{1,2048}}+)"|'(?P<single>[^'\\\n]{{1,2048}}+)')?+
    |"(?:[^"\\\n]++|\\.)*+"?+|'(?:[^'\\\n]++|\\.)*+'?+|`(?:[^`\\]++|\\.)*+`?+""",
    re.VERBOSE | re.DOTALL,
)
_ADDRESS = re.compile(r"(?:https?:)?//|\.{0,2}/", re.IGNORECASE)
"""How an address begins; other names are looked up in an import map."""


def addresses_in_script(text: str) -> tuple[str, ...]:
    """The addresses of modules that a script imports, as written, each once; never raises.

    `import`, `export ... from` and `import()` with a string in quotes. Names without a path mean nothing without an import map.

    >>> addresses_in_script("import a from './a.js'; export*from'/b.js';const c=await import('c');// import './d.js'")
    ('./a.js', '/b.js')
    """
    if not _MAY_NAME.search(text, 0, MAX_CHARACTERS):
        return ()
    found = dict[str, None]()
    for token in _TOKEN.finditer(text, 0, MAX_CHARACTERS):
        address = token["double"] or token["single"]
        if not address or not _ADDRESS.match(address):
            continue
        if token["keyword"] == "import" or not token["call"]:
            found[address] = None
    return tuple(found)


def addresses_in_import_map(text: str) -> tuple[str, ...]:
    """The addresses of modules in an import map, as written; empty if it is none."""
    try:
        read: Any = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    maps = [read, *_values(read.get("scopes"))] if isinstance(read, dict) else []
    named = (one.get("imports", {}) if one is read else one for one in maps if isinstance(one, dict))
    found = (address for one in named for address in _values(one) if isinstance(address, str))
    return tuple(dict.fromkeys(address for address in found if _ADDRESS.match(address) and not address.endswith("/")))


def _values(mapping: Any) -> Iterator[Any]:
    return iter(mapping.values()) if isinstance(mapping, dict) else iter(())
