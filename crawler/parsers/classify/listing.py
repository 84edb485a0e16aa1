"""Detection of pages that list stories: front pages, sections, search results, daily archives.

Judged by what a page is, not by its address or the words on it: how its prose is shared out among links to other pages, whether one
headline with a date stands over a text of its own, and what the page says of itself in machine words. In doubt a page is a story.
"""

from __future__ import annotations

from crawler.errors import Unreadable
from crawler.items import Article
from crawler.parsers.classify.declared import declared, marked_up
from crawler.parsers.classify.headline_links import MIN_PROSE
from crawler.parsers.classify.link_density import SHORT_HEADLINE, Shape, shape_of
from crawler.parsers.document.page import Page

LOOKS_LIKE_A_LIST = "looks-like-a-list"
"""The problem of an article that was asked for and read off a page that lists stories."""
LONG_HEADLINE = 30
"""Letters that a story's headline mostly has, and a section's name does not."""
TEXT = 3
"""Paragraphs that are a story's rather than an introduction."""
MUCH_ELSE = 300
"""Letters outside links of a page without a body, by which it shows something else (a film, a picture) than links."""
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


def is_listing(page: Page, article: Article) -> bool:
    """Test for a page that lists stories or has next to no text.

    Args:
        article: What the readers made of the page.
    """
    try:
        told = declared(page)
        if told >= SURE:
            return False
        shape = _shape(page, article, told)
    except Unreadable:
        return False
    if _is_held_in_script(article, shape):
        return False
    if _holds_nothing(article, shape, told):
        return True
    found = told + weight(shape, article)
    # Looked for only if it can turn the balance: it costs a walk through the whole tree.
    return found < LISTING and (found + MARKED_UP < LISTING or not marked_up(page))


def _shape(page: Page, article: Article, told: float) -> Shape:
    """Measure the shape, with short links if it may list names, dates or figures."""
    shape = shape_of(page, article)
    if told < SAYS_STORY and not article.authors and _names_a_list(shape):
        return shape_of(page, article, shortest=SHORTEST)
    return shape


def _is_held_in_script(article: Article, shape: Shape) -> bool:
    """Test for a text longer than all mark-up shows: then the mark-up says nothing."""
    return len(article.body) > max(200, 2 * (shape.linked + shape.unlinked))


def _holds_nothing(article: Article, shape: Shape, told: float) -> bool:
    """Test for a list of links, a form or a stub."""
    if not article.blocks and not article.images and not article.videos:
        titled = shape.headline >= LONG_HEADLINE and shape.unlinked - shape.headline > MUCH_ELSE
        named = told > 0 or len(article.headline or "") >= SHORT_HEADLINE
        if not titled and (not named or shape.linked > shape.unlinked):
            return True
    return article.headline is None and told <= 0 and len(article.body) < NEXT_TO_NOTHING


def weight(shape: Shape, article: Article) -> float:
    """Weigh the shape of a page: positive for a story, negative for a list."""
    if _has_few_links(shape):
        return _of_few_links(shape, article)
    return sum(rule(shape, article) for rule in WEIGHTS)


def _of_few_links(shape: Shape, article: Article) -> float:
    """Weigh a page of nothing but links, or with a teaser under a section's name."""
    if shape.text >= MIN_PROSE or shape.dated or article.authors or article.images or article.videos:
        return 1.0
    if shape.linked > 2 * shape.unlinked or (_is_section(shape, article) and shape.cards):
        return -1.0
    return 0.5 if shape.cards else 1.0


def _by_headline(shape: Shape, article: Article) -> float:
    """Weigh date, authors, film and the length of the headline."""
    found = 1.5 * shape.dated + 0.5 * (shape.headed and bool(article.authors)) + bool(article.videos)
    found += 0.5 * ((shape.headline >= LONG_HEADLINE) - (shape.headline < SHORT_HEADLINE))
    return found - 0.5 * _is_section(shape, article)


def _by_text(shape: Shape, article: Article) -> float:
    """Weigh the page's own text, by its length and its share of all prose."""
    if shape.text < MIN_PROSE:
        return -1.5
    share = _share(shape)
    if share < 0.3:
        return 0.0
    long = shape.paragraphs >= TEXT and not shape.cards
    if shape.text >= 1500:
        return 3.0 + long
    if shape.text >= 600:
        return 2.0 + long
    most = share >= 0.5 and (shape.near > 0 or not shape.headed)
    return float(most) + long


def _by_cards(shape: Shape, article: Article) -> float:
    """Weigh teasers; under a dated headline with a text they are comments."""
    share = _share(shape)
    if shape.cards >= 3:
        return -1.5 if _has_own_text(shape) else -(1 + 3 * (1 - share))
    return -2.0 if shape.cards == 2 and share < 0.5 else 0.0


def _by_links(shape: Shape, article: Article) -> float:
    """Weigh headlines of other pages beside a short text."""
    section = _is_section(shape, article)
    if shape.text >= (1500 if section else 700) or _has_own_text(shape):
        return 0.0
    return -2.0 if shape.heads >= (8 if section else 20) else -1.0 if shape.heads >= 8 else 0.0


WEIGHTS = (_by_headline, _by_text, _by_cards, _by_links)


def _is_section(shape: Shape, article: Article) -> bool:
    """Test for a short headline without date, authors or text: the name of a section."""
    short = 0 < shape.headline < SHORT_HEADLINE
    return short and not shape.dated and not article.authors and shape.paragraphs < TEXT


def _has_own_text(shape: Shape) -> bool:
    """Test for a dated headline with a text near it."""
    return shape.dated and shape.near >= (MIN_PROSE if shape.headline >= LONG_HEADLINE else 400)


def _share(shape: Shape) -> float:
    """The share of the page's own text in all prose."""
    total = shape.text + shape.teased
    return shape.text / total if total else 0.0


def _has_few_links(shape: Shape) -> bool:
    return shape.heads < 3 and shape.cards < 2


def _names_a_list(shape: Shape) -> bool:
    """Test for few links of some length under a short headline without a date."""
    return _has_few_links(shape) and 0 < shape.headline < SHORT_HEADLINE and not shape.dated
