"""Authors and dates in microdata of other things than the article: comments, rivers, teasers, pictures, second stories."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.document.structured_data import meta_values
from crawler.parsers.template import parse

TEXT = (
    "<p>Die Fähre zwischen den beiden Ufern ist am Freitag nach neunzig Jahren bei jedem Wetter außer Dienst gestellt worden.</p>"
    "<p>Eine neue Brücke, doppelt so breit wie die eingestürzte, soll bis zum Ende des Jahres eröffnet werden, teilte das Ministerium mit.</p>"
    "<p>Die Anwohner hatten sich lange für den Erhalt der Fähre eingesetzt und wollen nun einen Verein gründen, der sie übernimmt.</p>"
)


def read(*, above: str = "", below: str = "", outside: str = "", before: str = "", item: str = "", box: str = "article") -> Article:
    html = (
        f"<html lang=de><head><title>Fähre macht ihre letzte Fahrt</title></head><body>{before}<main><{box} {item}><h1>Fähre macht ihre letzte Fahrt</h1>{above}"
        f"<div class=text>{TEXT}</div>{below}</{box}></main>{outside}<footer><p>Impressum</p></footer></body></html>"
    )
    return parse(Page.from_text("https://www.talpost.example/a", datetime(2026, 3, 2, tzinfo=UTC), html))


OTHERS = [
    '<div class=k itemscope itemtype="https://schema.org/Comment"><span itemprop=author itemscope itemtype="https://schema.org/Person"><b itemprop=name>Bernd Filz</b></span> Schön.</div>',
    '<div itemprop="comment" itemscope itemtype="http://schema.org/UserComments"><span itemprop="author">Bernd Filz</span><p>Schön war es.</p></div>',
    '<section id="comments"><article class="x"><p itemprop="author">Bernd Filz</p><p>Schön.</p></article></section>',
    '<ol class="commentlist"><li><a rel="author" href="/u/7">Bernd Filz</a> Schön.</li></ol>',
    '<div class="komm"><article><a rel="author" href="/u/7">Bernd Filz</a><p>Schön.</p></article></div>',
    '<div class="strom"><div><a href="/autor/filz" rel="author">Bernd Filz</a><h4><a href="/2/410">Schule gewinnt Preis</a></h4></div></div>',
    '<div class="strom"><a href="/2/410"><h3>Schule gewinnt Preis</h3></a><span itemprop="author">Bernd Filz</span></div>',
    '<div class="related"><span itemprop="author">Bernd Filz</span> Schule gewinnt Preis</div>',
    '<article itemscope itemtype="https://schema.org/NewsArticle"><h2 itemprop="headline">Schule gewinnt Preis</h2><span itemprop="author">Bernd Filz</span><p>Kurz.</p></article>',
    '<figure itemscope itemtype="https://schema.org/ImageObject"><img src="/a.jpg"><figcaption itemprop="caption">Am Ufer</figcaption><span itemprop="author">Bernd Filz</span></figure>',
    '<div itemscope itemtype="https://schema.org/Comment"><meta itemprop="author" content="Bernd Filz"><p itemprop="text">Schön.</p></div>',
    '<div itemscope itemtype="https://schema.org/Comment"><time itemprop="datePublished" datetime="2026-02-27T09:00:00Z">27.2.</time><span itemprop="author">Bernd Filz</span></div>',
]  # fmt: skip


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("place", ["below", "outside"])
def test_the_author_of_another_thing_is_not_the_article_s(other: str, place: str) -> None:
    assert "Bernd Filz" not in read(**{place: other}).authors
    assert "Bernd Filz" not in read(**{place: other}, box="div").authors  # type: ignore[arg-type]
    named = read(above='<div class="byline">Von Anna Moor</div>', **{place: other})  # type: ignore[arg-type]
    assert named.authors == ("Anna Moor",)


@pytest.mark.parametrize("other", OTHERS[:5] + OTHERS[6:])
def test_nor_where_it_stands_before_the_article(other: str) -> None:
    assert "Bernd Filz" not in read(before=other).authors


@pytest.mark.parametrize(
    "byline",
    [
        '<p>Text: <span itemprop="author">Anna Moor</span></p>',
        '<span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Anna Moor</span></span>',
        '<a rel="author" href="/autor/moor">Anna Moor</a>',
        '<aside><a rel="author" href="/autor/moor">Anna Moor</a></aside>',
        '<footer><span itemprop="author">Anna Moor</span></footer>',
        '<div><h4><a rel="author" href="/autor/moor">Anna Moor</a></h4></div>',
        '<div><a rel="author" href="/autor/moor">Anna Moor</a><h4><a href="/autor/moor">Anna Moor</a></h4></div>',
        '<div class="author-card"><span itemprop="author">Anna Moor</span></div>',
    ],
)
@pytest.mark.parametrize("item", ["", 'itemscope itemtype="https://schema.org/NewsArticle"'])
def test_the_article_s_own_author_is_found_over_and_under_the_text(byline: str, item: str) -> None:
    for other in ("", OTHERS[0], OTHERS[5]):
        assert read(above=byline, outside=other, item=item).authors == ("Anna Moor",)
        assert read(below=byline, outside=other, item=item).authors == ("Anna Moor",)


def test_an_item_beside_the_text_may_stand_for_the_article() -> None:
    item = (
        '<div itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="headline" content="Fähre macht ihre letzte Fahrt">'
        '<meta itemprop="datePublished" content="2026-02-27T09:00:00+01:00"><meta itemprop="author" content="Anna Moor"></div>'
    )
    found = read(outside=item)
    assert (found.authors, found.published) == (("Anna Moor",), "2026-02-27T09:00:00+01:00")


def test_dates_of_comments_and_second_stories_are_not_the_article_s() -> None:
    for kind in ("Comment", "NewsArticle", "VideoObject"):
        other = f'<article itemscope itemtype="https://schema.org/{kind}"><h2><a href="/2">Zwei</a></h2><b itemprop="datePublished" content="2026-02-20">x</b></article>'
        assert read(outside=other).published is None
    other = (
        '<div itemprop=video itemscope itemtype="https://schema.org/VideoObject"><meta itemprop="datePublished" content="2026-02-20"></div>'
    )
    assert read(below=other).published is None


def test_a_film_that_is_the_page_is_believed() -> None:
    html = '<div itemscope itemtype="http://schema.org/VideoObject"><meta itemprop="datePublished" content="2026-02-20"></div><h1>Ein Film</h1>'
    assert meta_values(Page.from_text("", datetime(2026, 3, 2, tzinfo=UTC), html))["datepublished"] == ["2026-02-20"]
