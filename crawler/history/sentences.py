"""Sentences and words of a text, by rules that hold in many scripts.

The rules cut a text for comparing it, and are no grammar: a missed cut makes a longer sentence and loses nothing. Everything runs in
time linear in the length of the text.
"""

from __future__ import annotations

import re

from attrs import frozen

_CLOSERS = "\"'’”»›)\\]}」』》〉）］｣】"
_FREE = "。！？｡．।॥"
"""Signs after which no blank has to follow: CJK and Devanagari."""
_SPACED = ".!?…‽⸮؟۔։።፧፨။།"
"""Signs after which a blank or the end must follow: Latin, Arabic, Urdu, Armenian, Ethiopic, Burmese, Tibetan (Unicode: STerm)."""
_THAI = "\u0e00-\u0eff"
"""Thai and Lao have no sign: a blank stands between sentences and clauses."""
_UNSPACED = f"{_THAI}\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts without blanks between words: each letter, with its marks, is a word."""
_MARKS = "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3\ufe00-\ufe0f"
_SIGNS = "!-/:-@\\[-`{-~¡-©«-±´-¸»¿\u2010-\u2027\u2030-\u205e\u3000-\u303f\uff01-\uff0f\uff1a-\uff20،؛؟۔।॥"
_END = re.compile(
    f"[ \\t]*+\\n\\s*+|[{_FREE}]++[{_CLOSERS}]*+\\s*+|(?<![{_SPACED}])[{_SPACED}]++[{_CLOSERS}]*+(?:\\s++|$)"
    f"|(?<=[{_THAI}])[ \xa0]++(?=[{_THAI}])"
)
_LETTERS = f"[^\\s{_SIGNS}{_UNSPACED}]++"
_WORD = re.compile(f"(?:[{_UNSPACED}][{_MARKS}]*+|{_LETTERS}(?:['’.,:\\-\u2010\u2011]{_LETTERS})*+|\\S)?(\\s*+)", re.DOTALL)
_BEFORE = re.compile(r"[^\s(\[\"'“«]*$")
_TITLES = frozenset(
    re.findall(
        r"\w+",
        "Mr Mrs Ms Dr St Gen Col Lt Sgt Capt Maj Rep Sen Gov Prof Rev Hon No Nos vs Jan Feb Mar Apr Aug Sept Oct Nov Dec Inc Ltd Co"
        " Mme Mlle Hr Fr Nr",
    )
)
_LONGEST_TITLE = 12
"""Characters before a dot that are looked at."""


@frozen
class Token:
    """A sentence or a word, and the white space behind it."""

    core: str
    gap: str

    @property
    def text(self) -> str:
        """The token as it stands in its text."""
        return self.core + self.gap


def sentences(text: str) -> list[Token]:
    """Cut a text into sentences; joined they are the text.

    >>> [one.core for one in sentences("Mr. Berg left. He said: no!\\nThe U.S. waits.")]
    ['Mr. Berg left.', 'He said: no!', 'The U.S. waits.']
    """
    out, at = list[Token](), 0
    for end in _END.finditer(text):
        if end.end() > at and _is_end(text, end):
            out.append(_token(text[at : end.end()]))
            at = end.end()
    if at < len(text):
        out.append(_token(text[at:]))
    return out


def words(text: str) -> list[Token]:
    """Cut a text into words and signs; joined they are the text.

    >>> [one.core for one in words("It’s 1,000 men, not 10.")]
    ['It’s', '1,000', 'men', ',', 'not', '10', '.']
    """
    out = []
    for found in _WORD.finditer(text):
        if found[0]:
            out.append(Token(found[0][: len(found[0]) - len(found[1])], found[1]))
    return out


def _token(text: str) -> Token:
    core = text.rstrip()
    return Token(core, text[len(core) :])


def _is_end(text: str, end: re.Match[str]) -> bool:
    """Test if a sign ends a sentence: no dot of an initial, title or ordinal."""
    sign = end[0].lstrip(" \t")[:1]
    if not sign or sign == "\n" or sign not in _SPACED or end.end() == len(text):
        return True
    if "\n" in end[0]:
        return True
    if text[end.end()].islower():
        return False
    if not end[0].startswith(".") or end[0][1:2] in _SPACED:
        return True
    found = _BEFORE.search(text[max(0, end.start() - _LONGEST_TITLE) : end.start()])
    word = found[0] if found else ""
    initial = "." in word or (len(word) == 1 and word.isupper())
    return not (initial or word in _TITLES or (len(word) < 3 and word.isdecimal()))
