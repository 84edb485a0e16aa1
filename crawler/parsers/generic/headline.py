"""Headlines: which of the wordings a page gives its headline is the one meant, and where it is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import field, frozen

from crawler.parsers.document.segments import Piece, squeeze, words
from crawler.parsers.document.structured_data import ARTICLE_TYPES, texts
from crawler.parsers.generic.candidates import Witness, Witnesses

ALONE = 1 / 3
"""Below this share of common words two wordings were written apart, not edited from one another."""

MIN_WORDING = 16
"""Letters a wording needs to speak against the printed one: shorter ones are labels."""


MAX_WORDING = 100
"""Characters from which machine words are likely cut short (110 are asked for)."""


@frozen(kw_only=True)
class Headline:
    """The headline found."""

    text: str | None = None
    others: tuple[str, ...] = ()
    """The other wordings the page has."""
    at: int = -1
    """Its place in the flow; -1 where it is not printed."""
    by: str = ""


def headline(said: Witnesses) -> Headline:
    """The headline of a page: the printed one, unless the machine words show that another one is meant."""
    return _Choice(said=said).made()


@frozen(kw_only=True, slots=False)
class _Choice:
    said: Witnesses
    told: list[Witness] = field(factory=list)

    def made(self) -> Headline:
        self.told.extend((squeeze(text), by) for text, by in self.said.told_headlines() if text)
        piece = self.named_in_title(self.printed())
        if piece is None:
            if not self.told:
                return Headline()
            text, by = self.told[0]
            text = self.said.without_house(text)
            place = next((p.n for p in self.said.pieces if p.key == words(text)), -1)
            return Headline(text=text, others=self.others(text, self.told), at=place, by=by)
        line = piece.line
        by = "h1" if piece.inside("h1") is not None else "heading"
        if (meant := self.meant(line)) is not None:
            return Headline(text=meant[0], others=self.others(meant[0], [(line, by), *self.told]), at=piece.n, by=meant[1])
        return Headline(text=line, others=self.others(line, self.told), at=piece.n, by=by)

    # -- the printed one

    def printed(self) -> Piece | None:
        """The heading that agrees best with the machine words."""
        pieces = self.said.pieces
        tops = [p for p in self.said.tops if len(p.line) > 5]
        chosen: Piece | None = max(tops, key=lambda p: (self.agreement(p.line), p.linked < 0.5, -p.n), default=None)
        if chosen is not None and len(tops) > 1 and self.agreement(chosen.line) < 0.2:
            chosen = next((p for p in tops if p.linked < 0.5), chosen)
        if chosen is None or (self.told and self.agreement(chosen.line) < 0.15):
            keys = {words(text) for text, _ in self.told}
            same = (p for p in pieces if p.text and p.inside("h1", "h2", "h3") is not None and p.key in keys)
            return next(same, chosen if chosen is not None and _word_count(chosen.line) > 2 else None)
        return chosen

    def named_in_title(self, chosen: Piece | None) -> Piece | None:
        """The heading a title names behind the chosen one, if longer: then the first was the name of the blog or column."""
        if chosen is None:
            return None
        first = words(chosen.line)
        rests = {words(t)[len(first) :] for t in (self.said.title, *self.said.meta.get("og:title", ())[:1]) if words(t).startswith(first)}
        rests = {rest for rest in rests if len(rest) > len(first) and _long(rest)}
        named = (p for p in self.said.pieces if rests and p.text and p.inside("h1", "h2", "h3") is not None and p.key in rests)
        return next(named, chosen)

    # -- the one meant

    def meant(self, printed: str) -> Witness | None:
        """The wording meant in place of the printed one, or None.

        JSON-LD and `og:title` are written by the same hands as the page. Where both have other words, those are the headline. Where one
        has words of its own, somebody took the trouble: an `og:title` that nothing else repeats (the `title` neither, which is for
        search engines) is the editor's choice, since the others are filled from one field; a headline in JSON-LD of its own counts
        only where it is no variant of the printed line.
        """
        spoken = next((w for w in self.told if w[1] == "jsonld headline"), None)
        shared = next((w for w in self.told if w[1] == "meta og:title"), None)
        if shared is None or self.cut(shared[0], printed):
            shared = (printed, "")
        if spoken is not None and self.cut(spoken[0], printed):
            spoken = (printed, "")
        if spoken is None:
            return shared if self.kicked(printed, shared[0]) else None
        key, said, og = words(printed), words(spoken[0]), words(shared[0])
        if said == og:
            return spoken if said != key and not said.startswith(key) else None
        if said == key:
            own = _long(og) and key not in og and og != words(self.told[-1][0]) and not self.said.is_house(shared[0])
            return shared if own else None
        apart = og == key and _long(said) and key not in said and _common(printed, spoken[0]) < ALONE
        return spoken if apart and self.one_article() else None

    @staticmethod
    def cut(text: str, printed: str) -> bool:
        """Tell whether a wording is the beginning of the printed one, cut short.
        """
        start = text.rstrip(" .…")
        if not words(printed).startswith(words(start)):
            return False
        return start != text.rstrip() or len(text) >= MAX_WORDING or printed[len(text) :].lstrip()[:1] in ('"', "'")

    def kicked(self, printed: str, shared: str) -> bool:
        """Tell whether the printed line is a kicker in a box of its own, and then the shared wording."""
        key, og = words(printed), words(shared)
        if key == og or not og or not key.endswith(og):
            return False
        heads = (e for e in self.said.page.root.iter("h1") if words("".join(e.itertext())) == key)
        return any(words("".join(part.itertext())) == key.removesuffix(og) for head in heads for part in head.iter() if part is not head)

    def one_article(self) -> bool:
        """Tell whether JSON-LD tells of one article only: else its headline may be another story's."""
        nodes = self.said.linked.of_type(*ARTICLE_TYPES)
        return len({words(t) for node in nodes for t in texts(node.get("headline"))[:1]}) == 1

    # -- comparing

    def agreement(self, text: str) -> float:
        return max((_common(text, other) for other, _ in self.told), default=0.0)

    @staticmethod
    def others(headline: str, told: Sequence[Witness]) -> tuple[str, ...]:
        out = {words(text): text for text, _ in reversed(told)}
        out.pop(words(headline), None)
        return tuple(reversed(out.values()))


_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")


_KANA = re.compile("[\u3040-\u30ff\u0e00-\u0e7f]")
_NO_BLANKS = re.compile("[\u3400-\u9fff]")


def _long(key: str) -> bool:
    """Tell whether a wording is long enough to replace the printed one; an ideograph counts two."""
    return len(key) + sum(1 for c in key if c > "\u2fff") >= MIN_WORDING


def _word_count(line: str) -> int:
    """Words of a line; of Han, Kana and Thai, which part them by no blank, about as many."""
    kana, others = len(_KANA.findall(line)), len(_NO_BLANKS.findall(line))
    return max(len(line.split()), (2 * kana + 3 * others) // 6)


def _common(text: str, other: str) -> float:
    """Share of the words of two texts that both have."""
    a, b = set(_WORD.findall(text.casefold())), set(_WORD.findall(other.casefold()))
    return len(a & b) / len(a | b) if a and b else 0.0
