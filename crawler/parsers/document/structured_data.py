"""Meta tags and JSON-LD of a page, read with tolerance."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from crawler.parsers.document.elements import tagged
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import squeeze

MAX_JSON_CHARACTERS = 2_000_000
MAX_NODES = 5_000

ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "backgroundnewsarticle",
        "reviewnewsarticle",
        "blogposting",
        "liveblogposting",
        "socialmediaposting",
        "advertisercontentarticle",
        "techarticle",
        "scholarlyarticle",
        "report",
        "satiricalarticle",
    ]
)

_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING = re.compile(r",\s*([}\]])")
_COMMENT = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$"
)


def title_of(page: Page) -> str:
    """The text of the first title, or empty."""
    return next(("".join(title.itertext()) for title in tagged(page, "title")), "")


def canonical_href(page: Page) -> str | None:
    """The address of the first `link rel=canonical` that has one, as written."""
    links = (link for link in tagged(page, "link") if link.get("rel") == "canonical")
    return next((href for link in links if (href := link.get("href")) is not None), None)


def meta_values(page: Page) -> dict[str, list[str]]:
    """Contents of `meta` tags by name, property or itemprop in lower case."""
    if "meta" not in page.memo:
        out: dict[str, list[str]] = {}
        for node in tagged(page, "meta"):
            name = node.get("property") or node.get("name") or node.get("itemprop") or node.get("http-equiv")
            # Some archivers' copies hold the text in `value`.
            content = squeeze(html.unescape(node.get("content") or node.get("value") or ""))
            if name and content:
                out.setdefault(name.strip().lower(), []).append(content)
        page.memo["meta"] = out
    found: dict[str, list[str]] = page.memo["meta"]
    return found


@frozen(kw_only=True)
class LinkedData:
    """The JSON-LD of a page."""

    article: dict[str, Any] = field(factory=dict)
    """The node that is the article itself, or an empty one."""
    nodes: tuple[dict[str, Any], ...] = ()
    """Every object that has a type, outer ones first."""
    by_id: dict[str, dict[str, Any]] = field(factory=dict)

    def of_type(self, *types: str) -> Iterator[dict[str, Any]]:
        """The nodes of any of these types (lower case)."""
        return (node for node in self.nodes if types_of(node) & set(types))

    def resolved(self, value: Any) -> Any:
        """The node a bare `{"@id": ...}` points to, else the value."""
        if isinstance(value, dict) and "@id" in value and len(value) <= 2:
            return self.by_id.get(str(value["@id"]), value)
        return value


def types_of(node: dict[str, Any]) -> set[str]:
    """Types of a JSON-LD node, lower case, without their vocabulary."""
    value = node.get("@type")
    return {str(t).rsplit("/", 1)[-1].lower() for t in (value if isinstance(value, list) else [value]) if t}


def texts(value: Any) -> list[str]:
    """The texts in a JSON-LD value: itself, its entries, or the names of its nodes."""
    if isinstance(value, str):
        line = squeeze(html.unescape(value))
        return [line] if line else []
    if isinstance(value, list):
        return [t for one in value for t in texts(one)]
    if isinstance(value, dict):
        return texts(value.get("name") or value.get("@value")) or texts(
            " ".join([*texts(value.get("givenName")), *texts(value.get("familyName"))])
        )
    return []


def linked_data(page: Page) -> LinkedData:
    """The JSON-LD of a page, read once; broken scripts are skipped."""
    if "jsonld" not in page.memo:
        nodes: list[dict[str, Any]] = []
        for script in tagged(page, "script"):
            if "ld+json" in (script.get("type") or "").lower() and script.text:
                nodes += _nodes(_loaded(script.text[:MAX_JSON_CHARACTERS]))
        by_id: dict[str, dict[str, Any]] = {}
        for node in nodes:
            if "@id" in node and len(node) > len(by_id.get(str(node["@id"]), {})):
                by_id[str(node["@id"])] = node
        page.memo["jsonld"] = LinkedData(article=_article(nodes), nodes=tuple(nodes), by_id=by_id)
    found: LinkedData = page.memo["jsonld"]
    return found


def _loaded(text: str) -> Any:
    text = _COMMENT.sub("", text.strip())
    for attempt in (text, _CONTROL.sub(" ", text), _TRAILING.sub(r"\1", _CONTROL.sub(" ", text))):
        try:
            return json.loads(attempt, strict=False)
        except ValueError:
            continue
        except RecursionError:
            return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _nodes(data: Any) -> list[dict[str, Any]]:
    """Every object with a type, breadth first, so that outer ones come first; without recursion."""
    out: list[dict[str, Any]] = []
    queue: list[Any] = [data]
    at = 0
    while at < len(queue) and at < MAX_NODES:
        value = queue[at]
        at += 1
        if isinstance(value, list):
            queue += value
        elif isinstance(value, dict):
            if "@type" in value:
                out.append(value)
            queue += [v for v in value.values() if isinstance(v, (dict, list))]
    return out


def _article(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The article's own node: of an article type, with a headline, the fullest of those."""
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES]
    full = [node for node in articles if node.get("headline") or node.get("articleBody")]
    return max(full or articles, key=lambda node: ("datePublished" in node) * 100 + len(node), default={})
