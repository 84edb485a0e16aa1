"""The beginning of an article for subscribers is told as one, and a whole article is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from small_pages import page

from crawler.items import Article
from crawler.parsers.generic.generic import read_generic

FIRST = "The council of Port Ellery has voted to keep the old swing bridge open for the whole of the winter, after four hours of debate."
SECOND = (
    "It will be greased every week, said the mayor, who had asked for the vote herself in autumn, and lorries will go round by the mill."
)
THIRD = "The figures are to be looked at again on the second Thursday of January, when the contractor has named a new price for the gear."
REST = "".join(
    f"<p>Witness number {n} told the hall that the bridge had never been greased in all the years since the mill was shut.</p>"
    for n in range(45)
)


def read(behind: str = "", *, rest: str = "", told: dict[str, Any] | None = None, above: str = "", last: str = THIRD) -> Article:
    head = (
        f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": "Bridge stays open for the winter", **told})}</script>'
        if told
        else ""
    )
    text = f'<div class="text"><p>{FIRST}</p><p>{SECOND}</p><p>{last}</p>{rest}</div>{behind}'
    footer = "<footer><p>Subscribe to our newsletter. Already a subscriber? Log in.</p></footer>"
    return read_generic(
        page(f"<html><head>{head}</head><body>{above}<main><h1>Bridge stays open for the winter</h1>{text}</main>{footer}</body></html>")
    )


PAID = {"isAccessibleForFree": False}
STUBS = [
    {"behind": '<div class="x"><h3>Subscribe to continue reading</h3><a href="/s">Subscribe</a></div>'},
    {"behind": "<div><p>Um weiterzulesen, testen Sie jetzt unser Angebot.</p></div>"},
    {"behind": "<p>Il vous reste 72.4% de cet article à lire. La suite est réservée aux abonnés.</p>"},
    {"behind": "<section><p>Este contenido es exclusivo para suscriptores</p></section>"},
    {"behind": "<div><strong>Contenuto riservato agli abbonati</strong></div>"},
    {"behind": "<div><p>Conteúdo exclusivo para assinantes. Entre ou assine.</p></div>"},
    {"behind": "<div><p>Dit artikel is exclusief voor abonnees</p></div>"},
    {"behind": "<div><p>Материал доступен по подписке</p></div>"},
    {"behind": "<div><p>この記事は有料会員限定です。残り1234文字</p></div>"},
    {"behind": "<div><p>هذا المحتوى للمشتركين</p></div>"},
    {"behind": '<div class="paywall-offer"><p>Nur 1 Euro im ersten Monat, danach 9,99</p></div>'},
    {"behind": '<div id="piano-inline"><p>Read on from two pounds a week</p></div>'},
    {"told": PAID},
    {"told": {"isAccessibleForFree": "False", "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paid"}}},
    {"told": {"isAccessibleForFree": "http://schema.org/False"}, "last": THIRD[:60] + "…"},
    {"told": {"wordCount": 900}, "last": THIRD[:60] + "..."},
    {"told": {"wordCount": "900", "isAccessibleForFree": False}},
    {"rest": "<p>To continue reading, create a free account.</p>"},
]  # fmt: skip


@pytest.mark.parametrize("how", STUBS, ids=[str(n) for n in range(len(STUBS))])
def test_a_beginning_is_told(how: dict[str, Any]) -> None:
    article = read(**how)
    assert "stub" in article.problems
    assert FIRST in article.body
    assert SECOND in article.body
    assert "create a free account" not in article.body


WHOLE = [
    {},
    {"behind": '<aside class="newsletter"><p>Sign up for our newsletter and never miss a story</p></aside>'},
    {"behind": "<p>Support us: subscribe now for five pounds a month.</p>"},
    {"rest": REST, "told": PAID},
    {"rest": REST, "behind": '<div class="paywall"><p>Subscribe to continue reading</p></div>'},
    {"told": {"isAccessibleForFree": True, "wordCount": 80}},
    {"told": {"isAccessibleForFree": False, "hasPart": [{"isAccessibleForFree": False, "cssSelector": ".text"}]}},
    {"above": '<div class="subscribe-box"><p>For subscribers only: our new podcast</p></div>'},
    {"told": {"wordCount": "many"}},
    {"told": {"isAccessibleForFree": False, "wordCount": 75}},
    {"told": {"isAccessibleForFree": False, "hasPart": {"isAccessibleForFree": False, "cssSelector": "##["}}},
]  # fmt: skip


@pytest.mark.parametrize("how", WHOLE, ids=[str(n) for n in range(len(WHOLE))])
def test_a_whole_article_is_none(how: dict[str, Any]) -> None:
    assert "stub" not in read(**how).problems
