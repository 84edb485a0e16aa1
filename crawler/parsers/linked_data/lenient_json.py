"""Reader of JSON as pages write it: broken by hand, or as JavaScript writes objects.

A library was looked for: `json-repair` (MIT, maintained) reads most of this, but takes time with the square of the input on unclosed
braces (7.7 s on 30 kB) and guesses more than an archive may; `chompjs` and `json5` know no unescaped quotes. Here every sign is looked at
a bounded number of times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from attrs import define, field

MAX_DEPTH = 400
"""Objects and lists within one another; deeper ones are flattened."""
MAX_TOKENS = 400_000

_BLANK = re.compile(r"(?:[\s\ufeff\u200b,;()+!]|//[^\n]*|<!--|-->|<br\s{0,9}/?>|</?p>|&nbsp;)+")
_WHITE = re.compile(r"\s+")
_COLON = re.compile(r"\s*:")
_BARE = re.compile(r"[^\s,:;\[\]{}()\"'`]+")
_KEY = r"""(?:"[^"\\\n]{1,200}"|'[^'\\\n]{1,200}')\s*:"""
_BARE_KEY = r"""[A-Za-z_@$][\w$-]{0,60}\s*:\s*(?:["'{\[\d-]|true\b|false\b|null\b)"""
_NEXT_KEY = re.compile(rf"[\s,]*(?:{_KEY}|{_BARE_KEY}|[}}\]]|/[/*]|$)")
_NEXT_ITEM = re.compile(r"""\s*(?:["'{\[\d-]|true\b|false\b|null\b|[}\]]|/[/*]|$)""")
_KEY_HERE = re.compile(_KEY)
_PLAIN_KEY = re.compile(r'"[\w@:-]{1,60}"\s*:')
_LINE_END = re.compile(r",?\s*\n\s*$")
_AFTER_END = re.compile(r'[ \t]*(?:\n|$)|\s*[,}\]{\["/<;)&-]')
_SPECIAL = {quote: re.compile(rf"[{quote}\\]") for quote in "\"'`"}
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "", "\n": ""}
_VALUES = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None, "void": None}
_CALLED = frozenset(("new", "return", "await"))
_OF_ARTICLES = frozenset(("headline", "datePublished", "dateModified", "articleBody", "articleSection", "mainEntityOfPage", "author"))
_NEVER_ARTICLES = re.compile(r"(?:person|organization)$", re.IGNORECASE)
_NOTHING: Any = object()
_STRICT = json.JSONDecoder(strict=False, parse_constant=lambda _: None)


def values(text: str, names: Mapping[str, Any] | None = None, *, loose_quotes: bool = False) -> list[Any]:
    """Read the objects and lists in a text, in order; other text is passed over.

    A string that the end of the text cuts is left out.

    Args:
        names: Values of bare words (the arguments of a function).
        loose_quotes: Whether quotes inside strings may lack their backslash: for JSON that is broken, not for JavaScript.
    """
    return _Reader(text=text, names=names or {}, loose=loose_quotes).all()


def first_value(text: str, at: int, names: Mapping[str, Any] | None = None) -> tuple[Any, int]:
    """Read one object or list from its bracket on, and tell the place behind it."""
    if not names:
        try:
            # Most of what scripts hold is JSON after all, which the standard library reads fifty times as fast.
            return _STRICT.raw_decode(text, at)
        except (ValueError, RecursionError):
            pass
    reader = _Reader(text=text, names=names or {}, at=at, one=True)
    found = reader.all()
    return (found[0] if found else None), reader.at


def unescaped(text: str) -> str:
    """Decode the escapes of a string of JSON or JavaScript."""
    if "\\" not in text:
        return text
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        found = _ESCAPE.sub(_decoded, text)
        return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decoded(found: re.Match[str]) -> str:
    number = found[1] or found[2] or found[3]
    if number is None:
        return _SIMPLE.get(found[4], found[4])
    return chr(code) if (code := int(number, 16)) <= 0x10FFFF else ""


@define(slots=True)
class _Reader:
    """One pass over a text, without recursion."""

    text: str
    names: Mapping[str, Any]
    loose: bool = False
    at: int = 0
    one: bool = False
    """Whether to end behind the first whole value."""
    found: list[Any] = field(factory=list)
    stack: list[Any] = field(factory=list)
    keys: list[str | None] = field(factory=list)
    """For each open container the key whose value is awaited."""
    comments: bool = True
    """Whether a comment may still end."""

    def all(self) -> list[Any]:
        for _ in range(MAX_TOKENS):
            if not self._skip():
                break
            sign = self.text[self.at]
            if sign in "{[":
                self._open({} if sign == "{" else [])
            elif sign in "}]":
                self._close(dict if sign == "}" else list)
            elif sign in "\"'`":
                self._string(sign)
            elif sign == ":":
                self.at += 1
            else:
                self._bare()
            if self.one and self.found and not self.stack:
                break
        return self.found

    def _skip(self) -> bool:
        """Pass over blanks, commas and comments; False at the end."""
        while True:
            if blank := _BLANK.match(self.text, self.at):
                self.at = blank.end()
                if self.keys and self.keys[-1] is not None and "," in blank[0]:
                    self.keys[-1] = None  # a key without a value, as templates leave it
            if not (self.comments and self.text.startswith("/*", self.at)):
                return self.at < len(self.text)
            end = self.text.find("*/", self.at + 2)
            self.comments = end >= 0
            self.at = end + 2 if end >= 0 else self.at + 2

    def _open(self, container: Any) -> None:
        self.at += 1
        if len(self.stack) >= MAX_DEPTH:
            return
        if not self.stack:
            self.found.append(container)
        else:
            self._put(container)
        self.stack.append(container)
        self.keys.append(None)

    def _close(self, kind: type) -> None:
        """Close the innermost container of a kind, and those left open in it."""
        self.at += 1
        if any(isinstance(container, kind) for container in self.stack[-3:]):
            while not isinstance(self.stack[-1], kind):
                self._drop()
            self._drop()

    def _drop(self) -> None:
        self.stack.pop()
        self.keys.pop()

    def _put(self, value: Any) -> None:
        """Give a value to the open container."""
        if not self.stack:
            return
        top = self.stack[-1]
        if isinstance(top, list):
            top.append(value)
        elif (key := self.keys[-1]) is not None:
            top.setdefault(key, value)
            self.keys[-1] = None

    def _token(self, value: Any, name: str | None) -> None:
        """Take a string or bare word as the key it is, else as a value."""
        colon = _COLON.match(self.text, self.at) if name is not None and self.stack else None
        awaits_key = colon is not None and (isinstance(self.stack[-1], list) or self.keys[-1] is None)
        if colon is None or not awaits_key:
            if value is not _NOTHING:
                self._put(value)
            return
        while len(self.stack) > 1 and self._is_open_too_long(name):
            self._drop()
        if isinstance(self.stack[-1], dict):
            self.keys[-1] = name
        self.at = colon.end()

    def _is_open_too_long(self, key: str | None) -> bool:
        """Tell by a key whether the innermost container lacks its end.

        A list cannot hold a key, nor a person a headline.
        """
        top = self.stack[-1]
        if isinstance(top, list):
            return True
        kind = top.get("@type")
        return self.loose and key in _OF_ARTICLES and isinstance(kind, str) and _NEVER_ARTICLES.search(kind) is not None

    def _bare(self) -> None:
        word = _BARE.match(self.text, self.at)
        if word is None:
            self.at += 1
            return
        self.at = word.end()
        if word[0] not in _CALLED and not self.text.startswith("(", self.at):
            self._token(self._meant(word[0]), word[0])

    def _meant(self, word: str) -> Any:
        """The value of a bare word."""
        if word in _VALUES:
            return _VALUES[word]
        if word in self.names:
            return self.names[word]
        try:
            return float(word) if "." in word or "e" in word else int(word)
        except ValueError:
            return _NOTHING

    def _string(self, quote: str) -> None:
        start = at = self.at + 1
        special = _SPECIAL[quote]
        while found := special.search(self.text, at):
            place = found.start()
            if found[0] == "\\":
                at = place + 2
            elif not self.loose or quote != '"' or self._ends(place):
                self.at = place + 1
                return self._take(self.text[start:place])
            elif self._lacks_end(start, place):
                self.at = place
                return self._take(self.text[start:place].rstrip().removesuffix(",").rstrip())
            else:
                at = place + 1
        self.at = len(self.text)
        return None

    def _take(self, raw: str) -> None:
        value = unescaped(raw)
        self._token(value, value)

    def _lacks_end(self, start: int, place: int) -> bool:
        """Tell whether a quote begins another line's key, the string unclosed."""
        if not _PLAIN_KEY.match(self.text, place):
            return False
        return _LINE_END.search(self.text[max(start, place - 100) : place]) is not None

    def _ends(self, place: int) -> bool:
        """Tell by what follows whether a quote ends its string."""
        text, at = self.text, place + 1
        if blank := _WHITE.match(text, at):
            at = blank.end()
        if at == len(text):
            return True
        sign, top = text[at], self.stack[-1] if self.stack else None
        if sign == ":":
            return isinstance(top, list) or not self.keys or self.keys[-1] is None
        if sign in "}]":
            return _AFTER_END.match(text, at + 1) is not None
        listed = isinstance(top, list)
        if sign == ",":
            return (_NEXT_ITEM if listed else _NEXT_KEY).match(text, at + 1) is not None
        if sign == '"':
            return _KEY_HERE.match(text, at) is not None or (listed and "\n" in text[place:at])
        return sign == "/" and text[at : at + 2] in ("//", "/*")
