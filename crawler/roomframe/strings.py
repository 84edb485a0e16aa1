"""Texts of the room's pages, read from `strings.toml`."""

from __future__ import annotations

import tomllib
from importlib import resources

_TABLES = tomllib.loads((resources.files("crawler.roomframe") / "strings.toml").read_text(encoding="utf-8"))

NAVIGATION: dict[str, str] = _TABLES["navigation"]
"""Pages named in the navigation, in this order, where there are such."""
WORDS: dict[str, dict[str, str]] = _TABLES["words"]
"""Words for values of the index, by kind; templates have them as `words`."""
TEXTS: dict[str, str] = {
    key: text for name, table in _TABLES.items() if name not in ("navigation", "words") for key, text in table.items()
} | {f"nav_{name}": text for name, text in NAVIGATION.items()}  # fmt: skip
"""All other texts; templates have them as `t`."""
