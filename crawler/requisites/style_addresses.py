"""Addresses in CSS, by the tokens of CSS Syntax Level 3.

A small scanner: a whole tokenizer in Python takes ten times as long for the sheets of one page. It is held against one in the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from attrs import define, evolve, field, frozen

StyleKind = Literal["style", "font", "picture"]

MAX_CHARACTERS = 4_000_000
"""Of one style sheet."""
SHORT = 4000
"""Characters of a text of which many are remembered."""
_MAY_NAME = re.compile(r"url|import|image-set|src\(|\\", re.IGNORECASE)
"""Without one of these a sheet names nothing."""
_NEWLINES = re.compile(r"\r\n?|\f")
_ESCAPED = r"\\(?:[0-9a-fA-F]{1,6}[ \t\n]?|[^\n])"
_IDENT = rf"(?:[\w\-\u0080-\U0010ffff]|{_ESCAPED})"
_TOKEN = re.compile(
    r"""[^"'@(){}\[\];/\\]*+(?:
    (?P<sign>[(){}\[\];])
    |/\*(?:[^*]++|\*(?!/))*+(?:\*/)?+
    |"(?P<double>(?:[^"\\\n]++|\\(?:.|\Z))*+)(?P<end2>"|\Z|(?=\n))
    |'(?P<single>(?:[^'\\\n]++|\\(?:.|\Z))*+)(?P<end1>'|\Z|(?=\n))
    |@(?P<rule>IDENT++)
    |\\.?|.)""".replace("IDENT", _IDENT),
    re.VERBOSE | re.DOTALL,
)
_LAST_NAME = re.compile(rf"(?:{_IDENT})+\Z")
LONGEST = 24
"""More characters than the functions have whose names matter."""
_RAW = re.compile(rf"[ \t\n]*+(?P<raw>(?:[^\"'()\\ \t\n\x00-\x08\x0b\x0e-\x1f\x7f]++|{_ESCAPED})*+)[ \t\n]*+(?P<end>\)|\Z)", re.DOTALL)
"""The inside of `url(` without quotes."""
_REMNANTS = re.compile(r"(?:[^)\\]++|\\.|\\\Z)*+\)?+", re.DOTALL)
"""What is skipped of a `url(` that is none."""
_QUOTE = re.compile(r"[ \t\n]*+[\"']")
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\n]?|(\n)|(.)|\Z)", re.DOTALL)
_BLANK = re.compile(r"(?:[ \t\n]|/\*(?:[^*]++|\*(?!/))*+\*/|<!--|-->)*+")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@frozen
class StyleAddress:
    """One address in a style sheet, as written."""

    kind: StyleKind
    address: str


def addresses_in_style(text: str, *, declarations: bool = False) -> tuple[StyleAddress, ...]:
    """The addresses that a style sheet has browsers ask for; never raises.

    `@import`, fonts, and pictures by `url()` and in `image-set()`. Addresses in selectors, `@namespace` and conditions load nothing, nor
    does an `@import` behind the first rule, or an address that is only a fragment.

    Args:
        declarations: Whether the text is that of a `style` attribute.

    >>> addresses_in_style("@import 'a.css' print; b { background: u\\\\72l( c.png ) }")
    (StyleAddress(kind='style', address='a.css'), StyleAddress(kind='picture', address='c.png'))
    """
    if not _MAY_NAME.search(text, 0, MAX_CHARACTERS):
        return ()
    remembered = _found_in_short if len(text) <= SHORT else _found_in_long
    return remembered(text[:MAX_CHARACTERS], declarations)


def _found(text: str, declarations: bool) -> tuple[StyleAddress, ...]:
    """As `addresses_in_style`."""
    text = _NEWLINES.sub("\n", text).replace("\0", "\ufffd")
    return tuple(_Scan(text, declarations).addresses())


# All pages of a site have the same `<style>` and the same attributes.
_found_in_short = lru_cache(maxsize=1024)(_found)
_found_in_long = lru_cache(maxsize=16)(_found)


@frozen
class _Open:
    """A function, parenthesis or block that is open."""

    closing: str
    name: str = ""
    """Of a function."""
    block: bool = False
    """Whether it is a block of rules or declarations, or within one."""
    font: bool = False
    """Whether the innermost block is that of a font."""


_SHEET, _DECLARATIONS = _Open(""), _Open("", block=True)


@define
class _Scan:
    """One pass over a sheet."""

    text: str
    declarations: bool
    open: list[_Open] = field(factory=list)
    began: int = 0
    """Where the rule or declaration begins that is read."""
    rule: str | None = None
    """The at-rule whose prelude is read."""
    imported: bool = False
    """Whether its address was read."""
    ruled: bool = False
    """Whether a rule with a block stood at the top: no `@import` counts behind it."""

    @property
    def _top(self) -> _Open:
        return _DECLARATIONS if self.declarations else _SHEET

    def addresses(self) -> Iterator[StyleAddress]:
        """Yield the addresses in their order."""
        at, text = 0, self.text
        while token := _TOKEN.match(text, at):
            at, last = token.end(), token.lastgroup
            if last == "sign":
                sign = token["sign"]
                if sign != "(":
                    self._sign(sign, at)
                elif (name := self._name_before(at - 1)) == "url" and not _QUOTE.match(text, at):
                    at, address = _unquoted(text, at)
                    yield from self._address(address)
                else:
                    self._push(")", name)
            elif last == "rule":
                self._begin(plain(token["rule"]).lower(), token.start("rule") - 1)
            elif last in ("end1", "end2"):
                yield from self._string(token["double" if last == "end2" else "single"], ended=bool(token[last]) or at == len(text))

    def _name_before(self, at: int) -> str:
        """The name before a parenthesis; empty for none, and for a long one."""
        start = self.text[max(0, at - LONGEST) : at]
        if "\\" in start:
            start = self.text[max(0, at - 8 * LONGEST) : at]
        if not (found := _LAST_NAME.search(start)):
            return ""
        before, name = start[: found.start()], plain(found[0]).lower()
        if before.endswith("<!"):
            return name.removeprefix("--")
        return "" if before[-1:] in ("#", "@") else name

    @property
    def _around(self) -> _Open:
        return self.open[-1] if self.open else self._top

    @property
    def _in_list(self) -> bool:
        """True where rules or declarations stand, not values in parentheses."""
        return not self.open or self.open[-1].closing == "}"

    def _push(self, closing: str, name: str = "") -> None:
        around = self._around
        self.open.append(_Open(closing, name, around.block, around.font))

    def _sign(self, sign: str, at: int) -> None:
        if sign == ";":
            # Above all blocks a semicolon ends at-rules only.
            if self._in_list and (self.open or self.rule is not None):
                self.rule, self.began = None, at
        elif sign == "{" and self._in_list:
            self.ruled = self.ruled or not self.open
            self.open.append(_Open("}", "", True, self.rule == "font-face"))
            self.rule, self.began = None, at
        elif sign in _CLOSING:
            self._push(_CLOSING[sign])
        elif self.open and self.open[-1].closing == sign:
            self.open.pop()
            if sign == "}" and self._in_list:
                self.rule, self.began = None, at

    def _begin(self, rule: str, at: int) -> None:
        """Begin an at-rule, if nothing stands before it."""
        if self._in_list and _BLANK.fullmatch(self.text, self.began, at):
            self.rule, self.imported = rule, False

    def _string(self, written: str, *, ended: bool) -> Iterator[StyleAddress]:
        if not ended:
            return
        function = self.open[-1].name if self.open else ""
        if function in ("url", "src"):
            self.open[-1] = evolve(self.open[-1], name="")
            yield from self._address(plain(written))
        elif function in ("image-set", "-webkit-image-set") or (self.rule == "import" and not self.open):
            yield from self._address(plain(written))

    def _address(self, address: str | None) -> Iterator[StyleAddress]:
        kind: StyleKind = "font" if self._around.font else "picture"
        if self.rule is not None:
            if self.rule != "import" or len(self.open) > 1 or self.imported or self.ruled or self.declarations:
                return
            kind, self.imported = "style", True
        elif not self._around.block:
            return
        if address and not _inside_itself(address):
            yield StyleAddress(kind, address)


def _inside_itself(address: str) -> bool:
    """Test for an address that loads nothing: data, or a fragment of the sheet."""
    start = address.lstrip()[:5].lower()
    return not start or start.startswith(("#", "data:"))


def _unquoted(text: str, at: int) -> tuple[int, str | None]:
    """Read the inside of a `url(` without quotes; None for one that is no address."""
    if raw := _RAW.match(text, at):
        return raw.end(), plain(raw["raw"])
    remnants = _REMNANTS.match(text, at)
    assert remnants is not None
    return remnants.end(), None


def plain(written: str) -> str:
    """Take off the escapes of a name, string or address.

    >>> plain("a\\\\26 b\\\\\\nc\\\\)")
    'a&bc)'
    """
    return _ESCAPE.sub(_unescaped, written) if "\\" in written else written


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        code = int(found[1], 16)
        return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
    return "" if found[2] else found[3] or ""
