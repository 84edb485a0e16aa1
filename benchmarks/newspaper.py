"""Pages of a generated newspaper: the same bytes for the same number of articles."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import accumulate, islice

SECTIONS = ("politics", "economy", "culture", "science", "sport", "region")
PER_SECTION_PAGE = 50
_COMMON = """
    the of and to in a is that for it was on are as with his they at be this from have or by one had not but what all were when we there
    can an your which their said if do will each about how up out them then she many some so these would other into has more her two
""".split()  # noqa: SIM905 - words read better as text
_SYLLABLES = "ba cor den el fin gar hol is jun kel lo mar nor op per quin ros sal tor un ver wes yar zen".split()  # noqa: SIM905


class Newspaper:
    """A newspaper of so many articles, with front page, paged sections and a sitemap.

    Args:
        articles: Number of articles.
        small: Articles of about 1 kB, so that only the number of addresses counts.
    """

    def __init__(self, articles: int, *, small: bool = False) -> None:
        self.articles, self.small = articles, small
        draw = random.Random(20260101)
        words = sorted({"".join(draw.choices(_SYLLABLES, k=draw.randint(2, 4))) for _ in range(4000)})
        self._words = [*_COMMON * 4, *words]
        # The n-th word is 1/n times as frequent as the first, as in any language.
        self._weights = list(accumulate(1 / (n + 8) for n in range(len(self._words))))

    def pages(self) -> Iterator[tuple[str, str, str]]:
        """Yield path, media type and text of every page."""
        yield "/", "text/html", self._list("The Gazette", range(0, self.articles, max(1, self.articles // 40)), self._section_links())
        for number, section in enumerate(SECTIONS):
            mine = range(number, self.articles, len(SECTIONS))
            for page in range(-(-len(mine) // PER_SECTION_PAGE)):
                shown = mine[page * PER_SECTION_PAGE : (page + 1) * PER_SECTION_PAGE]
                further = [f"/{section}/page-{page + 2}.html"] if (page + 1) * PER_SECTION_PAGE < len(mine) else []
                yield f"/{section}/page-{page + 1}.html", "text/html", self._list(f"{section.title()}, page {page + 1}", shown, further)
        for number in range(self.articles):
            yield self.path(number), "text/html", self._article(number)

    def count(self) -> int:
        """Number of pages."""
        sections = sum(-(-len(range(n, self.articles, len(SECTIONS))) // PER_SECTION_PAGE) for n in range(len(SECTIONS)))
        return 1 + sections + self.articles

    def path(self, number: int) -> str:
        """The path of an article."""
        return f"/{SECTIONS[number % len(SECTIONS)]}/2026/{1 + number % 12:02}/{1 + number % 28:02}/story-{100000 + number}.html"

    # -- text

    def _draw(self, number: int) -> random.Random:
        return random.Random(number * 7919 + 13)

    def _sentence(self, draw: random.Random, length: int = 0) -> str:
        words = draw.choices(self._words, cum_weights=self._weights, k=length or draw.randint(9, 24))
        return " ".join(words).capitalize() + "."

    def _headline(self, number: int) -> str:
        return self._sentence(self._draw(number), 8)[:-1]

    # -- pages

    def _section_links(self) -> list[str]:
        return [f"/{section}/page-1.html" for section in SECTIONS]

    def _list(self, title: str, numbers: range, further: list[str]) -> str:
        teasers = "\n".join(
            f'<div class="teaser"><h3><a href="{self.path(number)}">{self._headline(number)}</a></h3></div>' for number in numbers
        )
        links = "\n".join(f'<a class="more" href="{path}">More</a>' for path in further)
        return _page(title, f'{self._menu()}<div class="list">{teasers}</div>{links}{self._footer()}', None if self.small else "")

    def _menu(self) -> str:
        places = "".join(
            f'<li class="menu-item depth-1"><a class="menu-link" href="/{section}/page-1.html">{section.title()} {n}</a></li>'
            for section in SECTIONS for n in range(18)
        )  # fmt: skip
        return f'<nav class="site-menu" role="navigation"><ul class="menu">{places}{"".join(map(_section_item, SECTIONS))}</ul></nav>'

    def _footer(self) -> str:
        links = "".join(f'<li><a href="/">About us, part {n}</a></li>' for n in range(50))
        return f'<footer class="site-footer"><ul>{links}</ul><p>The Gazette is printed for benchmarks only.</p></footer>'

    def _article(self, number: int) -> str:
        draw, headline = self._draw(number), self._headline(number)
        draw.random()
        if self.small:
            return _page(headline, f'<article class="story"><h1>{headline}</h1><div class="text"><p>{self._sentence(draw)}</p></div>'
                         f"{self._near(number, 5)}</article>", None)  # fmt: skip
        paragraphs = [" ".join(self._sentence(draw) for _ in range(draw.randint(2, 6))) for _ in range(draw.randint(12, 30))]
        figures = [self._figure(draw, number, n) for n in range(draw.randint(1, 3))]
        body = "\n".join(f"<p>{text}</p>{figures[n - 2] if 2 <= n < 2 + len(figures) else ''}" for n, text in enumerate(paragraphs))
        author, day = f"{self._name(draw)}", f"2026-{1 + number % 12:02}-{1 + number % 28:02}T08:{number % 60:02}:00Z"
        comments = "".join(
            f'<li class="comment" id="comment-{n}"><div class="comment-author">{self._name(draw)}</div><p>{self._sentence(draw)}</p></li>'
            for n in range(draw.randint(5, 25))
        )
        data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": headline, "datePublished": day,
                "author": {"@type": "Person", "name": author}, "articleSection": SECTIONS[number % len(SECTIONS)]}  # fmt: skip
        head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
        related, flags = [self._headline(number + n) for n in range(40)], list(range(draw.randint(900, 5000)))
        state = json.dumps({"id": number, "related": related, "flags": flags})
        main = (
            f'{self._menu()}<main><article class="story" data-id="{100000 + number}"><h1 class="headline">{headline}</h1>'
            f'<p class="standfirst">{self._sentence(draw)}</p>'
            f'<div class="meta">By <span class="byline">{author}</span> <time datetime="{day}">{day[:10]}</time></div>'
            f'<div class="text">{body}</div></article>{self._near(number, 18)}'
            f'<section class="comments"><ol>{comments}</ol></section></main>'
            f"{self._footer()}<script>window.STATE = {state};</script>"
        )
        return _page(headline, main, head)

    def _near(self, number: int, most: int) -> str:
        near = [(number + n) % self.articles for n in range(1, most + 1)]
        links = "".join(f'<li class="related-item"><a href="{self.path(n)}">{self._headline(n)}</a></li>' for n in near)
        return f'<aside class="related"><h2>Read on</h2><ul>{links}</ul></aside>'

    def _figure(self, draw: random.Random, number: int, n: int) -> str:
        caption, maker = self._sentence(draw, 12), self._name(draw)
        return (
            f'<figure class="picture"><img src="/pictures/{number}-{n}.jpg" alt="{self._sentence(draw, 5)}" width="960" height="640">'
            f'<figcaption><span class="caption">{caption}</span> <span class="credit">Photo: {maker}</span></figcaption></figure>'
        )

    def _name(self, draw: random.Random) -> str:
        return " ".join(word.title() for word in islice(draw.choices(self._words[-2000:], k=2), 2))


def _section_item(section: str) -> str:
    return f'<li><a href="/{section}/page-1.html">{section.title()}</a></li>'


def _page(title: str, body: str, head: str | None) -> str:
    """Lay a page out; without a head it has no style sheet either."""
    style = "".join(f".c{n}{{margin:{n}px;padding:{n % 7}px;color:#{n:03x}{n:03x}}}" for n in range(256, 860))
    style_and_head = "" if head is None else f"<style>{style}</style>{head}"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title} - The Gazette</title>'
        f'<meta name="viewport" content="width=device-width">{style_and_head}</head>\n<body>{body}</body></html>\n'
    )
