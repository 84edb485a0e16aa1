"""Tell a page that lists stories (a front page, a section, search results, an archive by day) from a story.

Judged by what a page is, not by its address or the words on it: how its prose is shared out among links to other pages, whether one
headline with a date stands over a text of its own, and what the page says of itself in machine words. In doubt a page is a story.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from crawler.errors import Unreadable
from crawler.items import Article
from crawler.parsers.classify.headline_links import MIN_PROSE
from crawler.parsers.classify.link_density import SHORT_HEADLINE, Shape, shape_of
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import words
from crawler.parsers.document.structured_data import ARTICLE_TYPES, linked_data, meta_values, texts, types_of

LOOKS_LIKE_A_LIST = "looks-like-a-list"
"""The problem of an article that was asked for and read off a page that lists stories."""
LONG_HEADLINE = 30
"""Letters that a story's headline mostly has, and a section's name does not."""
TEXT = 3
"""Paragraphs that are a story's rather than an introduction."""
MUCH_ELSE = 300
"""Letters that are no links of a page without a body, by which it shows something else (a film, a picture) than links."""
NEXT_TO_NOTHING = 100
"""Letters of a text without a headline below which it is no story."""
LISTING = -0.6
"""Below this weight a page is a list."""
MARKED_UP = 2
"""Weight of a text that is marked up as an article's."""
SAYS_STORY = 2
"""From this weight on the page's machine words speak for a story."""
SHORTEST = 2
"""Letters of a link in a list of names or figures."""
SURE = 4
"""From this weight on the page's machine words need no look at its shape."""

_LIST_TYPES = frozenset(("collectionpage", "searchresultspage", "profilepage"))


def is_listing(page: Page, article: Article) -> bool:
    """Whether a page lists stories, or has next to nothing to be read, and is none; what cannot be told is a story.

    Args:
        article: What the readers made of the page.
    """
    try:
        told = declared(page)
        if told >= SURE:
            return False
        shape = shape_of(page, article)
        if told < SAYS_STORY and not article.authors and _names_a_list(shape):
            shape = shape_of(page, article, shortest=SHORTEST)  # names, dates, figures: the rows of a list have short links, too
    except Unreadable:
        return False
    if len(article.body) > max(200, 2 * (shape.linked + shape.unlinked)):
        return False  # the text is held in a script: the mark-up says nothing
    if not article.blocks and not article.images and not article.videos:
        titled = shape.headline >= LONG_HEADLINE and shape.unlinked - shape.headline > MUCH_ELSE
        named = told > 0 or len(article.headline or "") >= SHORT_HEADLINE
        if not titled and (not named or shape.linked > shape.unlinked):
            return True  # nothing to be read: a list of links, a form, a stub
    if article.headline is None and told <= 0 and len(article.body) < NEXT_TO_NOTHING:
        return True
    found = told + weight(shape, article)
    # Looked for only where it can turn the balance: it costs a walk through the whole tree.
    return found < LISTING and (found + MARKED_UP < LISTING or not _marked_up(page))


def weight(shape: Shape, article: Article) -> float:
    """How much the shape of a page speaks for a story; below zero: for a list."""
    section = 0 < shape.headline < SHORT_HEADLINE and not shape.dated and not article.authors and shape.paragraphs < TEXT
    if _tells_nothing(shape):
        # Nothing but links; or a teaser under a section's name.
        if shape.text >= MIN_PROSE or shape.dated or article.authors or article.images or article.videos:
            return 1.0
        return -1.0 if shape.linked > 2 * shape.unlinked or (section and shape.cards) else 0.5 if shape.cards else 1.0
    total = shape.text + shape.teased
    share = shape.text / total if total else 0.0
    found = 1.5 * shape.dated + 0.5 * (shape.headed and bool(article.authors)) + bool(article.videos)
    found += 0.5 * ((shape.headline >= LONG_HEADLINE) - (shape.headline < SHORT_HEADLINE))
    found -= 0.5 * section
    if shape.text < MIN_PROSE:
        found -= 1.5
    elif share >= 0.3:
        found += 3 if shape.text >= 1500 else 2 if shape.text >= 600 else 1 if share >= 0.5 and (shape.near or not shape.headed) else 0
        found += shape.paragraphs >= TEXT and not shape.cards
    # Under a dated headline with a text of its own, boxes of others are comments or further reading.
    own = shape.dated and shape.near >= (MIN_PROSE if shape.headline >= LONG_HEADLINE else 400)
    if shape.cards >= 3:
        found -= 1.5 if own else 1 + 3 * (1 - share)
    elif shape.cards == 2 and share < 0.5:
        found -= 2
    if shape.text < (1500 if section else 700) and not own:
        found -= 2 if shape.heads >= (8 if section else 20) else 1 if shape.heads >= 8 else 0
    return found


def _tells_nothing(shape: Shape) -> bool:
    return shape.heads < 3 and shape.cards < 2


def _names_a_list(shape: Shape) -> bool:
    """Whether a page says nothing by the links of some length on it, and its headline is short and without a date: a section's name."""
    return _tells_nothing(shape) and 0 < shape.headline < SHORT_HEADLINE and not shape.dated


def declared(page: Page) -> float:
    """How much the machine words of a page speak for a story; below zero: for a list."""
    meta, nodes = meta_values(page), linked_data(page).nodes
    articles = {words(headline): node for node in nodes if types_of(node) & ARTICLE_TYPES for headline in texts(node.get("headline"))[:1]}
    found = 0.0
    if 1 <= len(articles) <= 2:
        own = [_is_own(node, page) for node in articles.values()]
        found += 5 if True in own else 3 if None in own else 0
    elif len(articles) > 2:
        found -= 2
    if "article:published_time" in meta:
        found += 2
    kind = next(iter(meta.get("og:type", ())), "").lower()
    found += 2 if kind.startswith("video") else 1 if "article" in kind else -0.5 if kind in ("website", "profile") else 0
    if not articles and any(types_of(node) & _LIST_TYPES for node in nodes):
        found -= 3
    elif not articles and any(_is_long_list(node) for node in nodes):
        found -= 2
    parts = urlsplit(page.url)
    if parts.hostname and parts.path in ("", "/") and not parts.query:
        found -= 1.5
    return found


def _is_own(node: dict[str, Any], page: Page) -> bool | None:
    """Whether an article in JSON-LD names this page as its own; None where it names none, or the page none."""
    main = node.get("mainEntityOfPage")
    told = [node.get("url"), node.get("@id"), main.get("@id") if isinstance(main, dict) else main]
    named = {path for url in told if isinstance(url, str) and (path := _path(url))}
    if _path(page.url) in named or any(_path(url) in named for url in meta_values(page).get("og:url", ())):
        return True
    return _path(page.xpath("string(//link[@rel='canonical']/@href)").get("")) in named if named else None


def _path(url: str) -> str:
    try:
        return urlsplit(url.strip()).path.rstrip("/")
    except ValueError:
        return ""


def _marked_up(page: Page) -> bool:
    """Whether one text, article or film, and one only, is marked up as such in the page's elements."""
    things = page.xpath("//*[contains(@itemtype, 'Article') or contains(@itemtype, 'VideoObject')]")
    return len(things) == 1 or len(page.xpath("//*[@itemprop='articleBody']")) == 1


def _is_long_list(node: dict[str, Any]) -> bool:
    items = node.get("itemListElement")
    return "itemlist" in types_of(node) and isinstance(items, list) and len(items) >= 3
