"""Headline, authors and times in the objects around a body held as data."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from crawler.parsers.dates.dates import moment
from crawler.parsers.embedded.rich_text import plain

Chain = tuple[dict[str, Any], ...]
"""An object and those around it, inside out."""

MAX_PEOPLE = 12
MAX_DEPTH = 5

_HEADLINES = ("headline", "headlines", "title", "titel", "titulo", "titre", "baslik", "name")
_WORDINGS = ("basic", "rendered", "default", "text", "value")
_AUTHORS = re.compile(
    r"(?:authors?|author_?names?|by_?lines?|writers?|written_?by|creators?|contributors?|journalists?|reporters?|credits|autor(?:en|es|i)?|auteurs?|"
    r"yazar|muhabir|penulis|forfatter|författare|redakteure?)",
    re.IGNORECASE,
)
_NAMES = ("name", "fullname", "full_name", "fullName", "display_name", "displayName", "title", "label", "value")
_FIRST, _LAST = ("firstName", "first_name", "givenName", "first"), ("lastName", "last_name", "familyName", "last")
_INNER = ("by", "data", "attributes", "fields", "node", "nodes", "edges", "items", "person", "profile", "author")
_ROLES = ("type", "role", "_type", "__typename", "jobTitle")
_NO_AUTHOR = re.compile(r"photo|illustrat|organi[sz]ation|publisher|video|camera", re.IGNORECASE)
_NO_NAME = re.compile(r"https?:|@|\d{3}|[{}<>_]")
_PUBLISHED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        "first_?publi",
        "publi",
        "release|deploy",
        "display",
        "issued|posted|veroeffentlich|erschein|yayin|fecha",
        "creat|pubblic|cree",
        "^date|date$|time$",
    )
)
_MODIFIED = re.compile(r"updat|modif|last_?(?:edit|change|publ)|re_?deploy|aktualis|guncel", re.IGNORECASE)
_NO_TIME = re.compile(
    r"expir|unpubli|schedul|embargo|deadline|birth|event|archiv|paper|print|edition|^(?:build|render|fetch|server|current|request|start|end)",
    re.IGNORECASE,
)
"""Times of other things: the printed paper, an event, the server."""
_DATES = ("dates", "date", "timestamps", "attributes", "publishing")


def headline_in(chain: Chain) -> str:
    """The headline of the nearest object that has one, or empty."""
    found = (_wording(one.get(key), named=key == "name") for one in chain for key in _HEADLINES)
    return next(filter(None, found), "")


def _wording(value: Any, *, named: bool) -> str:
    """The text of a headline; a name must have two words."""
    if isinstance(value, dict):
        value = next((text for key in (*_WORDINGS, *value) if isinstance(text := value.get(key), str)), None)
    text = plain(value) if isinstance(value, str) else ""
    return text if len(text) > 7 and (" " in text or not named) else ""


def authors_in(chain: Chain) -> list[str]:
    """The authors that the nearest object names."""
    told = ([name for key, value in one.items() if _AUTHORS.fullmatch(key) for name in names_in(value)] for one in chain)
    return [*dict.fromkeys(next(filter(None, told), []))]


def names_in(value: Any, depth: int = 0) -> list[str]:
    """The names of people in a value: texts, objects with a name, lists of them."""
    if isinstance(value, str):
        return _name(plain(value))
    if isinstance(value, list) and depth < MAX_DEPTH:
        return [name for one in value[:MAX_PEOPLE] for name in names_in(one, depth + 1)]
    return _names_of(value, depth) if isinstance(value, dict) and depth < MAX_DEPTH else []


def _names_of(person: dict[str, Any], depth: int) -> list[str]:
    """The name of a person, or of those an object holds."""
    if _NO_AUTHOR.search(" ".join(str(person.get(key) or "") for key in _ROLES)):
        return []
    parts = [next((str(person[key]) for key in keys if person.get(key)), "") for keys in (_FIRST, _LAST)]
    told = [person[key] for key in _NAMES if isinstance(person.get(key), str)]
    told += [" ".join(parts)] if all(parts) else []
    told += [person[key] for key in _INNER if key in person]
    return next((found for one in told if (found := names_in(one, depth + 1))), [])


def _name(text: str) -> list[str]:
    """A text alone that can be a name."""
    is_name = 2 < len(text) <= 80 and _NO_NAME.search(text) is None and (" " in text or not text.islower())
    return [text] if is_name else []


def published_in(chain: Chain) -> str | None:
    """The best of the times that are not of a change, the nearest object's first."""
    told = [(key, time) for one in chain for key, time in _times(one) if not _MODIFIED.search(key)]
    return next((time for word in _PUBLISHED for key, time in told if word.search(key)), None)


def modified_in(chain: Chain) -> str | None:
    """The time of the last change that the nearest object tells."""
    return next((time for one in chain for key, time in _times(one) if _MODIFIED.search(key)), None)


def _times(one: dict[str, Any]) -> list[tuple[str, str]]:
    """The properties of an object that are times, and what they tell."""
    inner = [pair for key in _DATES if isinstance(held := one.get(key), dict) for pair in held.items()]
    return [(key, time) for key, value in (*one.items(), *inner) if not _NO_TIME.search(key) and (time := _time(value))]


def _time(value: Any) -> str | None:
    """A time as text: written, or in seconds or milliseconds since 1970."""
    if isinstance(value, str):
        return value if 8 <= len(value) <= 40 and value.strip()[:1].isdecimal() and moment(value) is not None else None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = value / 1000 if value > 1e11 else value
        return datetime.fromtimestamp(seconds, UTC).isoformat() if 8e8 < seconds < 4e9 else None
    return None
