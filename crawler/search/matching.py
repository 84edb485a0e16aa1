"""Typed queries as SQL: words for FTS5, comparisons for the narrow rows beside it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from attrs import evolve, field, frozen

from crawler.fulltext.fold import UNSPACED_RUN, ZWNJ, folded, letters_folded
from crawler.index.index import Index
from crawler.index.rows import Value
from crawler.search.query import Any, Filter, Node, Not, Words

_HAS_WORD = re.compile(r"[^\W_]|[\ue000-\uf8ff]")
_FOUND = "r.id IN (SELECT rowid FROM versions_fts WHERE versions_fts MATCH ?)"


@frozen
class Group:
    """A row of `search_groups`."""

    id: int
    site: str
    """The site; of a story without a site file the host."""
    language: str
    section: str
    agencies: tuple[str, ...]


def groups_of(index: Index) -> dict[int, Group]:
    """The groups of an index by number."""
    rows = index.query("SELECT id, iif(host = '', site, host), language, section, agencies FROM search_groups")
    return {row[0]: Group(row[0], row[1], row[2], row[3], _agencies(row[4])) for row in rows}


@lru_cache(maxsize=4096)
def _agencies(listed: str) -> tuple[str, ...]:
    return tuple(json.loads(listed))


@frozen
class Matched:
    """Conditions on a version: words for FTS5, and SQL on its row `r` of `search_rows`."""

    words: str | None = None
    sql: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()

    @property
    def condition(self) -> tuple[str, tuple[Value, ...]]:
        """All of it as one SQL condition."""
        if self.words is None:
            return (" AND ".join(self.sql) or "1"), self.values
        return " AND ".join((_FOUND, *self.sql)), (self.words, *self.values)


@frozen
class Compiler:
    """Translation of one query."""

    groups: dict[int, Group]
    notes: list[str] = field(factory=list)

    def compile(self, node: Node) -> Matched:
        """Translate a tree."""
        if isinstance(node, Words):
            words = words_match(node)
            return Matched() if words is None else Matched(words)
        if isinstance(node, Filter):
            return self._compare(node)
        if isinstance(node, Not):
            sql, values = self.compile(node.what).condition
            return Matched(None, (f"NOT ({sql})",), values)
        if isinstance(node, Any):
            return self._any(tuple(map(self.compile, node.parts)))
        return self._all(node.parts)

    def _all(self, nodes: tuple[Node, ...]) -> Matched:
        parts = [self.compile(node) for node in nodes if not isinstance(node, Not)]
        words = " AND ".join(f"({part.words})" for part in parts if part.words is not None) or None
        result = Matched(words, tuple(one for part in parts for one in part.sql), tuple(one for part in parts for one in part.values))
        for node in nodes:
            if isinstance(node, Not):
                result = _without(result, self.compile(node.what))
        return result

    def _any(self, parts: tuple[Matched, ...]) -> Matched:
        parts = tuple(part for part in parts if part != Matched()) or (Matched(),)
        if all(part.words is not None and not part.sql for part in parts):
            return Matched(" OR ".join(f"({part.words})" for part in parts))
        conditions = [part.condition for part in parts]
        return Matched(
            None, (f"({' OR '.join(f'({sql})' for sql, _ in conditions)})",), tuple(one for _, values in conditions for one in values)
        )

    def _compare(self, node: Filter) -> Matched:
        if node.name in ("since", "until", "year"):
            digits = node.value.replace("-", "")
            least, most = int(digits.ljust(12, "0")), int(digits.ljust(12, "9"))
            if node.name == "year":
                return Matched(None, ("r.date BETWEEN ? AND ?",), (least, most))
            return Matched(None, ("r.date >= ?",), (least,)) if node.name == "since" else Matched(None, ("r.date <= ?",), (most,))
        if node.name == "is":
            return Matched(None, (_STATES[node.value],))
        numbers = _fitting(self.groups.values(), node)
        if not numbers:
            self.notes.append(f"no story here has the {node.name} {node.value[:40]}")
        return Matched(None, ("r.group_id IN (SELECT value FROM json_each(?))",), (json.dumps(numbers),))


def _without(wanted: Matched, excluded: Matched) -> Matched:
    """Take versions away."""
    if excluded == Matched():
        return wanted
    if excluded.words is not None and not excluded.sql and wanted.words is not None:
        # FTS5 takes words away only from others.
        return evolve(wanted, words=f"({wanted.words}) NOT ({excluded.words})")
    sql, values = excluded.condition
    return evolve(wanted, sql=(*wanted.sql, f"NOT ({sql})"), values=(*wanted.values, *values))


_STATES = {
    "removed": "r.gone",
    "gone": "r.gone",
    "moved": "r.moved",
    "live": "NOT (r.gone OR r.moved)",
    "edited": "r.edited",
    "newest": "r.newest",
    "superseded": "NOT r.newest",
    "pictured": "r.pictures > 0",
}


def _fitting(groups: Iterable[Group], node: Filter) -> list[int]:
    """Groups with the value, else those whose value holds its words."""
    wanted, groups = _plain(node.value), tuple(groups)
    if node.name == "language":
        language = node.value.lower().replace("_", "-")
        return [one.id for one in groups if f"{one.language.lower().replace('_', '-')}-".startswith(f"{language}-")]
    exact = [one.id for one in groups if any(_plain(value) == wanted for value in _values(one, node.name))]
    return exact or [one.id for one in groups if any(_holds(_plain(value), wanted) for value in _values(one, node.name))]


def _values(group: Group, name: str) -> tuple[str, ...]:
    return group.agencies if name == "agency" else (group.section,) if name == "section" else (group.site,)


@lru_cache(maxsize=16384)
def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", folded(text)))


def _holds(text: str, wanted: str) -> bool:
    return bool(wanted) and f" {wanted} " in f" {text} "


def words_match(words: Words) -> str | None:
    """Words as FTS5 reads them; None if they have no letter or digit.

    >>> words_match(Words("Café", "headline")), words_match(Words("北京")), words_match(Words("fer*", begins=True))
    ('{headline} : ("cafe")', '"北京"', '"fer" *')
    """
    text = letters_folded(words.text)
    # What a non-joiner joins is in the full text as words apart and as one.
    forms = dict.fromkeys(_as_typed(form, words.begins) for form in (text.replace(ZWNJ, " "), text.replace(ZWNJ, "")))
    found = " OR ".join(form for form in forms if form)
    if not found:
        return None
    return f"{{{words.column}}} : ({found})" if words.column else found


def _as_typed(text: str, begins: bool) -> str:
    """One form as a phrase; a run of unspaced letters may go on behind it."""
    while text and unicodedata.category(text[-1])[0] not in "LNM" and unicodedata.category(text[-1]) != "Co":
        text = text[:-1]
    if not _HAS_WORD.search(text):
        return ""
    last = None
    for last in UNSPACED_RUN.finditer(text):  # noqa: B007  # the last one is wanted
        pass
    runs = UNSPACED_RUN.sub(lambda found: folded(found[0]), text)
    if last is not None and last.end() == len(text):
        runs = runs.rstrip()
        begins = begins or len(last[0]) == 1
        if len(last[0]) > 1:
            runs = runs.rpartition(" ")[0]
    quoted = " ".join(runs.replace('"', " ").split())
    return f'"{quoted}" *' if begins else f'"{quoted}"'
