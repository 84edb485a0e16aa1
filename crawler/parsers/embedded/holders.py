"""Choice of the page's own article among the values it holds for its scripts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import define, field, frozen

from crawler.parsers.document.segments import letters, words
from crawler.parsers.embedded.kinds import is_element, kind_words
from crawler.parsers.embedded.rich_text import markup_of
from crawler.parsers.embedded.states import parsed
from crawler.parsers.embedded.told import Chain, headline_in
from crawler.parsers.linked_data.own_node import SAME, likeness

MIN_PROSE = 300
"""Letters from which a value is a body."""
MIN_MARKUP = 500
MAX_VISITED = 200_000
MAX_DEPTH = 60
MAX_CHAIN = 4
"""Objects around a body that may tell its headline, authors and times."""
AS_MUCH = 0.9
"""Share of the prose of a wider value from which a value within it is the body itself."""

_PARAGRAPH = re.compile(r"<p\b|<br\b|<!--\s?wp:paragraph", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,2000}>")
_BODY = re.compile(r"body|content|text|article|detail|story|html|markup|copy|inhalt|texto|contenu|icerik|haber", re.IGNORECASE)
_NO_BODY = re.compile(
    r"comment|related|teaser|recommend|promo|footer|header|menu|nav|consent|cookie|privacy|terms|faq|translations|messages", re.IGNORECASE
)
_ADDRESSES = ("slug", "url", "canonical_url", "permalink", "path", "href", "id", "_id")


@frozen(kw_only=True)
class Held:
    """An article held as data."""

    markup: str
    prose: int
    """Letters of its text."""
    chain: Chain = ()
    own: int = 0
    """How surely it is the page's: by headline and address."""
    path: tuple[int, ...] = ()
    """Identities of the containers around it, outer ones first, and its own."""


@frozen(kw_only=True)
class About:
    """The page's own headlines, for comparing, and its address."""

    headlines: Sequence[str] = field(factory=tuple)
    url: str = ""

    def weigh(self, chain: Chain) -> int:
        """Weigh by headline and address whether an object is the page's article."""
        title = words(headline_in(chain))
        alike = len(title) > 7 and any(likeness(title, other) >= SAME for other in self.headlines)
        told = (one.get(key) for one in chain[:2] for key in _ADDRESSES)
        ends = (str(value).split("?")[0].rstrip("/").rpartition("/")[2] for value in told if type(value) in (str, int))
        return 2 * alike + any(len(end) >= 4 and end in self.url for end in ends)


def held_article(roots: Iterable[Any], about: About) -> Held | None:
    """Find the body with the most prose among those that are most surely the page's."""
    best: Held | None = None
    for root in roots:
        for found in _Walk(about=about, stack=[(root, (), (), "")]).bodies():
            if best is None or _is_better(found, best):
                best = found
    return best


def _is_better(found: Held, best: Held) -> bool:
    if found.own != best.own:
        return found.own > best.own
    within = bool(best.path) and best.path[-1] in found.path
    return found.prose >= AS_MUCH * best.prose if within else found.prose > best.prose


@define(kw_only=True)
class _Walk:
    """One walk over a value, outer containers first."""

    about: About
    stack: list[tuple[Any, Chain, tuple[int, ...], str]]
    """Value, objects around it, identities around it, and its name."""
    seen: set[int] = field(factory=set)

    def bodies(self) -> Iterator[Held]:
        """The values that are bodies by their shape."""
        for _ in range(MAX_VISITED):
            if not self.stack:
                return
            value, chain, path, name = self.stack.pop()
            if len(path) > MAX_DEPTH or _NO_BODY.search(name):
                continue
            if isinstance(value, str):
                markup = self._in_text(value, chain, path, name)
            else:
                markup = self._in_container(value, chain, path, name)
                path = (*path, id(value))
            if markup and (prose := letters(" ".join(_TAG.sub(" ", markup).split()))) >= MIN_PROSE:
                yield Held(markup=markup, prose=prose, chain=chain, own=self.about.weigh(chain), path=path)

    def _in_text(self, text: str, chain: Chain, path: tuple[int, ...], name: str) -> str:
        """The mark-up of a string that is a body; JSON is walked too."""
        if len(text) < MIN_MARKUP:
            return ""
        if text[0] in "{[":
            self.stack += [(inner, chain, (*path, id(text)), name) for inner in parsed(text)]
            return ""
        return _string_body(text, name)

    def _in_container(self, value: Any, chain: Chain, path: tuple[int, ...], name: str) -> str:
        """The mark-up of a list that is a body; all in it is walked too."""
        if not isinstance(value, (dict, list)) or id(value) in self.seen:
            return ""
        self.seen.add(id(value))
        inside = (*path, id(value))
        if isinstance(value, dict):
            around = (value, *chain)[:MAX_CHAIN]
            self.stack += [(held, around, inside, key) for key, held in reversed(value.items())]
            return markup_of(value) if isinstance(value.get("ops"), list) else ""
        self.stack += [(one, chain, inside, name) for one in reversed(value)]
        return markup_of(value) if _is_list_of_blocks(value) else ""


def _string_body(text: str, name: str) -> str:
    """The mark-up of a string of paragraphs, or of lines under a body's name."""
    if "&lt;p" in text[:2000]:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    if _PARAGRAPH.search(text):
        return text
    is_prose = text.count("\n") >= 2 and "{" not in text[:200] and " " in text[:80]
    return markup_of(text) if is_prose and _BODY.search(name) else ""


def _is_list_of_blocks(nodes: list[Any]) -> bool:
    """Test for a list of nodes with kinds or children, of elements, or of texts."""
    if len(nodes) < 2 or is_element(nodes):
        return False
    some = nodes[:12]
    shaped = sum(1 for one in some if (isinstance(one, dict) and _is_block(one)) or (isinstance(one, list) and is_element(one)))
    texts = sum(1 for one in some if isinstance(one, str) and len(one) > 80 and " " in one[:80] and one[0] not in "{[")
    return 2 * max(shaped, texts) >= len(some)


def _is_block(node: dict[str, Any]) -> bool:
    return bool(kind_words(node)) or isinstance(node.get("children"), list) or isinstance(node.get("text"), str)
