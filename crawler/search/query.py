"""Typed queries as trees of words, filters, exclusions and alternatives; any text is one.

words  "a phrase"  begin*  -word  a OR b  (brackets)  headline:word  section:"two words"  since:2016-05  is:removed
"""

from __future__ import annotations

import re
from collections.abc import Callable

from attrs import field, frozen

from crawler.errors import Usage
from crawler.index.rows import clean

MAX_QUERY_CHARACTERS = 1000
MAX_TERMS = 32
MAX_DEPTH = 8
"""Brackets within brackets."""
COLUMNS = {
    "headline": "headline",
    "title": "headline",
    "deck": "deck",
    "body": "body",
    "text": "body",
    "caption": "captions",
    "captions": "captions",
    "credit": "credits",
    "credits": "credits",
    "author": "authors",
    "by": "authors",
}
"""Fields of words, with their columns in `versions_fts`."""
FILTERS = {
    "section": "section",
    "agency": "agency",
    "site": "site",
    "lang": "language",
    "language": "language",
    "since": "since",
    "until": "until",
    "year": "year",
    "is": "is",
}
"""Fields that are compared, not searched as words."""
STATES = ("removed", "gone", "moved", "live", "edited", "newest", "superseded", "pictured")
"""Words after `is:`."""


@frozen
class Words:
    """Words that must stand together, in some column or any."""

    text: str
    column: str | None = None
    begins: bool = False
    """The last one is only the beginning of a word."""


@frozen
class Filter:
    """A comparison of what is known of a version."""

    name: str
    value: str


@frozen
class Not:
    """An exclusion."""

    what: Node


@frozen
class All:
    """Everything that must be."""

    parts: tuple[Node, ...]


@frozen
class Any:
    """Some of what may be."""

    parts: tuple[Node, ...]


Node = Words | Filter | Not | All | Any


@frozen(kw_only=True)
class Query:
    """A typed query as it is understood."""

    text: str
    tree: Node | None
    """None if it holds nothing that can be found, such as `?!`."""
    notes: tuple[str, ...] = ()
    """What was not understood, or taken otherwise than typed."""


_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TOKEN = re.compile(
    r"""(?P<open>(?<![^\s(-])-?(?:(?P<of>[^\W\d_]{2,12}):)?\() | (?P<close>\))
    | (?P<minus>(?<![^\s(])[-\u2212](?=[^\s)]))?
      (?:(?P<field>[^\W\d_]{2,12}):(?=[^\s)(]))?
      (?: "(?P<phrase>[^"]*)"(?P<starred>\*)? | (?P<word>(?:[^\s"()]|(?<=\w)"(?=\w)|(?<=[^\s"()])\()+) )
    | (?P<other>.)""",
    re.VERBOSE,
)
_HAS_WORD = re.compile(r"[^\W_]|[\ue000-\uf8ff]")


@frozen
class _Parser:
    """Parsing of one query."""

    tokens: list[re.Match[str]]
    notes: list[str] = field(factory=list)
    at: list[int] = field(factory=lambda: [0])

    def alternatives(self, depth: int) -> Node | None:
        """Parse up to a closing bracket or the end."""
        parts: list[Node] = []
        one: list[Node] = []
        while self.at[0] < len(self.tokens):
            token = self.tokens[self.at[0]]
            if token["close"] and depth:
                break
            self.at[0] += 1
            if _is(token, "OR") and one and self._more():
                parts.append(_all(one))
                one = []
            elif not (_is(token, "AND") and one and self._more()):
                self._take(token, one, depth)
        if one:
            parts.append(_all(one))
        return None if not parts else parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _more(self) -> bool:
        """Test if a word or bracket comes that an operator can stand before."""
        following = self.tokens[self.at[0]] if self.at[0] < len(self.tokens) else None
        return following is not None and not following["close"] and not following["other"] and not _is(following, "OR")

    def _take(self, token: re.Match[str], into: list[Node], depth: int) -> None:
        if token["open"]:
            inner = None
            if depth < MAX_DEPTH:
                inner = self.alternatives(depth + 1)
                self.at[0] += self.at[0] < len(self.tokens)  # the closing bracket
            if inner is not None:
                if token["of"]:
                    inner = self._each(inner, token["of"])
                into.append(Not(inner) if token["open"][0] == "-" else inner)
        elif not token["close"] and not token["other"]:
            node = self._term(token)
            if node is not None:
                into.append(Not(node) if token["minus"] else node)

    def _each(self, node: Node, name: str) -> Node:
        """Look for each of some words in a field."""
        if isinstance(node, Words) and node.column is None:
            return self._field(name, node.text, node.begins) or node
        if isinstance(node, Not):
            return Not(self._each(node.what, name))
        return type(node)(tuple(self._each(part, name) for part in node.parts)) if isinstance(node, All | Any) else node

    def _term(self, token: re.Match[str]) -> Node | None:
        phrase, word = token["phrase"], token["word"]
        text = phrase if phrase is not None else word
        begins = bool(token["starred"]) or (word is not None and word.endswith("*") and _HAS_WORD.search(word) is not None)
        return self._field(token["field"] or "", text, begins)

    def _field(self, typed: str, text: str, begins: bool) -> Node | None:
        """Words of a field, a filter, or plain words for an unknown field."""
        name = typed.lower()
        if name in FILTERS and _HAS_WORD.search(text):
            taken = FILTER_CHECKS.get(FILTERS[name], _whatever)(text.rstrip("*"))
            if taken is not None:
                return Filter(FILTERS[name], taken)
            self.notes.append(f"{name}:{text[:40]} is not understood ({_EXPECTED[FILTERS[name]]}): searched as words")
        elif name and name not in COLUMNS:
            if not text.startswith("//"):
                self.notes.append(f"no field is named {name}: {name}:{text[:40]} is searched as words")
        elif name:
            return Words(text, COLUMNS[name], begins) if _HAS_WORD.search(text) else None
        text = f"{typed}:{text}" if name else text
        return Words(text, None, begins) if _HAS_WORD.search(text) else None


def _is(token: re.Match[str], word: str) -> bool:
    return token["word"] == word and not token["field"] and not token["minus"]


def _all(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


_DATE = re.compile(r"([12]\d{3})(?:[-/.]?(0[1-9]|1[0-2])(?:[-/.]?(0[1-9]|[12]\d|3[01]))?)?")


def _date(text: str) -> str | None:
    found = _DATE.fullmatch(_western(text))
    return None if found is None else "-".join(part for part in found.groups() if part)


def _western(text: str) -> str:
    """Write digits of other scripts as 0 to 9."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def _state(text: str) -> str | None:
    return text.lower() if text.lower() in STATES else None


def _whatever(text: str) -> str:
    return text


FILTER_CHECKS: dict[str, Callable[[str], str | None]] = {"since": _date, "until": _date, "year": _date, "is": _state}
_EXPECTED = {
    "since": "a date: 2016, 2016-05 or 2016-05-04",
    "until": "a date: 2016, 2016-05 or 2016-05-04",
    "year": "a year",
    "is": ", ".join(STATES),
}


def read_query(text: str) -> Query:
    """Parse a typed query.

    Raises:
        Usage: It is blank.

    >>> read_query('iran "nuclear deal" -vienna').tree
    All(parts=(Words(text='iran', column=None, begins=False), Words(text='nuclear deal', column=None, begins=False), Not(what=Words(text='vienna', column=None, begins=False))))
    """  # noqa: E501
    notes = [f"only the first {MAX_QUERY_CHARACTERS} characters of the query are read"] if len(text) > MAX_QUERY_CHARACTERS else []
    text = clean(_CONTROL.sub(" ", text[:MAX_QUERY_CHARACTERS])).translate(_QUOTES)
    if not text.strip():
        raise Usage("an empty query: name at least one word to look for")
    tokens = [token for token in _TOKEN.finditer(text) if not (token["other"] and token["other"].isspace())]
    if len(tokens) > MAX_TERMS:
        notes.append(f"only the first {MAX_TERMS} words and signs of the query are read")
    parser = _Parser(tokens[:MAX_TERMS], notes)
    tree = parser.alternatives(0)
    if tree is None:
        notes.append("nothing in the query is a word that can be found")
    elif not _is_positive(tree):
        notes.append("nothing but exclusions: what was to be excluded is looked for")
        tree = _turned(tree)
    return Query(text=text, tree=tree, notes=tuple(notes))


def _is_positive(node: Node) -> bool:
    """Test if it says what is wanted, in some alternative at least."""
    if isinstance(node, All):
        return any(map(_is_positive, node.parts))
    return all(map(_is_positive, node.parts)) if isinstance(node, Any) else not isinstance(node, Not)


def _turned(node: Node) -> Node:
    """Take away the exclusions."""
    if isinstance(node, Not):
        return _turned(node.what)
    if isinstance(node, All | Any):
        return type(node)(tuple(map(_turned, node.parts)))
    return node
