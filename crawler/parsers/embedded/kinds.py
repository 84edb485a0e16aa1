"""Words by which editors and content systems call the kinds of blocks and nodes."""

from __future__ import annotations

import re
from typing import Any

KIND_KEYS = ("type", "_type", "nodeType", "blockName", "blockType", "kind", "style", "tag", "component", "__typename", "name")
CONTENT = (
    "content_elements", "content", "children", "blocks", "innerBlocks", "elements", "nodes", "leaves", "spans", "paragraphs", "body",
    "data", "attributes", "attrs", "fields", "json", "document", "richText", "value", "text", "html", "innerHTML", "markup", "rendered",
    "copy", "raw", "props",
)  # fmt: skip
"""Names of what a block holds, the first with something in it counts."""
SKIPPED = frozenset(
    (
        "ad", "ads", "advert", "advertisement", "promo", "newsletter", "related", "recommended", "recommendations", "teaser",
        "interstitial", "cta", "subscribe", "paywall", "divider", "delimiter", "separator", "spacer", "script", "readmore",
    )
)  # fmt: skip
HEADINGS = frozenset(("heading", "header", "headline", "subheading", "subhead", "subtitle", "crosshead", "intertitle", "title", "h"))
LISTS = frozenset(("list", "ul", "ol", "unordered", "ordered", "bulleted", "numbered"))
ORDERED = frozenset(("ordered", "ol", "numbered"))
QUOTES = frozenset(("quote", "blockquote", "pullquote", "pull", "quotation", "citation"))
PICTURES = frozenset(("image", "picture", "photo", "figure", "img", "bild", "foto"))
EMBEDS = frozenset(
    ("embed", "oembed", "tweet", "twitter", "youtube", "instagram", "facebook", "tiktok", "iframe", "social", "video", "vimeo")
)  # fmt: skip
PARAGRAPHS = frozenset(("paragraph", "p", "unstyled", "normal", "item", "li", "para", "absatz"))
INLINE = frozenset(
    ("link", "a", "hyperlink", "span", "strong", "em", "bold", "italic", "mention", "mark", "anchor", "underline", "asset")
)  # fmt: skip
BREAKS = frozenset(("break", "br", "linebreak", "hardbreak"))
RANKS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

_WORDS = re.compile(r"[a-z]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ADDRESSES = ("url", "slug", "href", "link", "permalink", "canonical_url", "website_url")


def kind_words(node: dict[str, Any]) -> frozenset[str]:
    """The words of a block's kind."""
    told = (v for k in KIND_KEYS if isinstance(v := node.get(k), str) and len(v) < 60 and (k != "name" or v.startswith("core/")))
    words = " ".join(told)
    return frozenset(_WORDS.findall(_CAMEL.sub(" ", words).lower() + " " + words.lower()))


def rank_of(kind: frozenset[str]) -> int | None:
    """The rank in a kind like `h2`, `heading-3` or `header-two`; None of no heading."""
    if not kind & HEADINGS:
        return None
    told = [int(word) for word in kind if word.isdecimal() and len(word) == 1] + [RANKS[word] for word in kind if word in RANKS]
    return min(6, max(2, told[0])) if told else 2


def is_teaser(node: dict[str, Any]) -> bool:
    """Test for a link to another story: a headline and an address."""
    titled = any(isinstance(node.get(key), (str, dict)) and node[key] for key in ("headline", "headlines", "title"))
    led = any(isinstance(node.get(key), str) and node[key] for key in _ADDRESSES)
    return titled and led and not kind_words(node) & (PICTURES | EMBEDS)


def is_element(value: list[Any]) -> bool:
    """Test for an element of React as it is streamed: `["$", tag, key, props]`."""
    return len(value) >= 4 and value[0] == "$" and isinstance(value[3], dict)


def inner(node: dict[str, Any], *names: str) -> dict[str, Any]:
    """A node with the properties of the objects it holds under some names."""
    return {**node, **{k: v for name in names if isinstance(held := node.get(name), dict) for k, v in held.items()}}
