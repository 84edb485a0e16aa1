"""Choice of the page's own article in JSON-LD, by address, headline and place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from attrs import frozen

Node = dict[str, Any]

MAX_NODES = 5_000
ELSEWHERE = 0.2
"""Share of common letters below which a headline is another one than a wording of the page."""
SAME = 0.75
"""Share from which two wordings are the same headline."""
MIN_HEADLINE = 8
"""Letters below which a headline tells nothing."""

_PARTS = frozenset(
    (
        "itemListElement", "hasPart", "mentions", "comment", "citation", "isBasedOn", "liveBlogUpdate", "blogPost", "blogPosts", "about",
        "relatedLink", "isRelatedTo", "isSimilarTo", "subjectOf", "review", "associatedMedia", "significantLink", "dataFeedElement",
        "exampleOfWork", "workExample", "significantLinks",
    )
)  # fmt: skip
"""Properties that lead to other things than the page's own."""
_TRACKED = re.compile(r"^(?:utm_\w+|fbclid|gclid|amp|outputtype|ref|cmp\w*|share|s|src|source)$", re.IGNORECASE)
_AMP = re.compile(r"(?:/amp|\.amp|/index\.html?|\.html?)$|^/amp(?=/)", re.IGNORECASE)


@frozen(kw_only=True)
class About:
    """The words by which a page tells its own address and headline."""

    addresses: frozenset[str] = frozenset()
    """By `address_key`: its own, the canonical one, that of `og:url`."""
    headlines: tuple[str, ...] = ()
    """By `words`: its `h1`, its title, that of `og:title`."""

    def is_told_elsewhere(self, node: Node) -> bool | None:
        """Tell whether the addresses of a node are another page's; None if it tells none."""
        told = {key for url in _addresses(node) if (key := address_key(url))}
        return not told & self.addresses if told and self.addresses else None

    def likeness(self, key: str) -> float | None:
        """The likeness to the most alike wording of the page; None if either is silent."""
        if len(key) < MIN_HEADLINE or not self.headlines:
            return None
        return max(likeness(key, other) for other in self.headlines)


def address_key(url: str) -> str:
    """Name the page an address leads to, whatever its host.

    Empty for a front page, and for a text that is no address.
    """
    try:
        parts = urlsplit(url.strip())
        query = sorted((k, v) for k, v in parse_qsl(parts.query) if not _TRACKED.match(k))
    except ValueError:
        return ""
    path = _AMP.sub("", unquote(parts.path).rstrip("/").casefold()).rstrip("/")
    return path + "".join(f"?{k}={v}" for k, v in query) if path or query else ""


def likeness(key: str, other: str) -> float:
    """The share of the letter triples of the shorter text that both have.

    >>> likeness("theoldbridge", "theoldbridgecourier")
    1.0
    """
    a, b = ({text[n : n + 3] for n in range(len(text) - 2)} for text in (key, other))
    return len(a & b) / min(len(a), len(b)) if a and b else float(key == other)


def nodes_of(data: Any) -> list[tuple[Node, bool]]:
    """Every object with a type, outer ones first.

    Returns:
        Each with whether it is a part of a list, or another thing that is mentioned.
    """
    out: list[tuple[Node, bool]] = []
    queue: list[tuple[Any, bool]] = [(data, False)]
    at = 0
    while at < len(queue) and at < MAX_NODES:
        value, part = queue[at]
        at += 1
        if isinstance(value, list):
            queue += [(one, part) for one in value]
        elif isinstance(value, dict):
            if "@type" in value:
                out.append((value, part))
            queue += [(v, part or k in _PARTS) for k, v in value.items() if isinstance(v, (dict, list))]
    return out


def own_article(articles: Sequence[tuple[Node, bool, str]], about: About) -> Node:
    """Choose the page's own article, an empty node if all are of other pages.

    Args:
        articles: Nodes of an article type, whether each is a part, and its headline for comparing.
    """
    scored = [(_score(node, part, headline, about), node) for node, part, headline in articles if len(node) > 1]
    own = [(score, node) for score, node in scored if score > -2]
    return max(own, key=lambda one: (one[0], *_fullness(one[1])), default=(0, {}))[1]


def _score(node: Node, part: bool, headline: str, about: About) -> int:
    """Weigh a node by address, headline and place."""
    elsewhere, alike = about.is_told_elsewhere(node), about.likeness(headline)
    score = -1 if part else 0
    if elsewhere is not None:
        score += -1 if elsewhere else 2
    if alike is not None:
        score += 2 if alike >= SAME else -1 if alike < ELSEWHERE else 0
    return score


def _fullness(node: Node) -> tuple[bool, int]:
    """Order of nodes alike: with headline or text, dated, fuller."""
    return bool(node.get("headline") or node.get("articleBody")), ("datePublished" in node) * 100 + len(node)


def _addresses(node: Node) -> Iterable[str]:
    """The addresses that a node calls its own."""
    main = node.get("mainEntityOfPage")
    told = [node.get("url"), node.get("@id"), *(main if isinstance(main, list) else [main])]
    for one in told:
        url = one.get("@id") or one.get("url") if isinstance(one, dict) else one
        if isinstance(url, str) and ("/" in url or "?" in url):
            yield url
