"""Captions, credits and addresses of pictures by kind of mark-up: each kind in several variants, none of a real site."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

PROSE = [
    "The harbour of the old town was closed on Monday after a storm had torn three barges from their moorings, the port office said in a statement.",
    "Nobody was hurt, but two of the barges carried grain and now lie across the channel that the ferries use, so travellers have to go by bus.",
    "Salvage crews from the north of the country are expected on Wednesday, and the work could take until the end of the week, officials told reporters.",
    "Fishermen said they had warned of the rotten piles for years and asked the town council to meet before the next tide came in.",
]
LEAD = "https://img.paper.example/2026/05/harbour-8841207.jpg"
FERRY = "https://img.paper.example/2026/05/ferry-8841311.jpg"
MOLE = "https://img.paper.example/2026/05/mole-8841555.jpg"


def page(fig: str, lang: str = "en", head: str = "", above: str = "", after: str = "") -> str:
    return f'<!doctype html><html lang="{lang}"><head><meta charset=utf-8><title>Storm closes harbour | The Paper</title><meta property="og:site_name" content="The Paper">{head}</head><body><header><a href="/">The Paper</a><nav><a href="/w">World</a></nav></header><main><article><h1>Storm closes harbour</h1>{above}<p class="by">By Jane Miller</p><div class="text"><p>{PROSE[0]}</p><p>{PROSE[1]}</p>{fig}<p>{PROSE[2]}</p><p>{PROSE[3]}</p></div>{after}</article></main><footer><p>Copyright</p></footer></body></html>'


def img(url: str = LEAD) -> str:
    return f'<img src="{url}" width="1200" height="800">'


SAID = "Barges lie across the channel after the storm."
BY = "Ida Boone/AFP"
ONE = [(LEAD, SAID, BY)]
KINDS: dict[str, tuple[str, list[tuple[str, str | None, str | None]]]] = {
    "share-text-before-caption": (
        page(
            f'<div class=pic>{img()}<div class="copy-link">Copy link to paste in your message</div><p class=imageCaption>{SAID} Photo: {BY}</p></div>'
        ),
        ONE,
    ),
    "player-controls": (
        page(f'<div>{img()}<div class="jw-controls"><span>Settings QualityAuto SpeedNormal</span></div></div>'),
        [(LEAD, None, None)],
    ),
    "address-in-microdata": (
        page(
            f'<figure><div itemscope itemtype="http://schema.org/ImageObject"><meta itemprop="url" content="{LEAD}"><img class=lazyimg alt=x></div><figcaption>{SAID} <cite>{BY}</cite></figcaption></figure>'
        ),
        ONE,
    ),
    "said-twice": (page(f"<figure>{img()}<figcaption>{SAID} <span class=credit>Photo: {BY}</span> {SAID}</figcaption></figure>"), ONE),
    "name-of-a-button": (page(f"<figure>{img()}<figcaption>ALT</figcaption></figure>"), [(LEAD, None, None)]),
    "parentheses-in-a-credit-element": (
        page(
            f'<figure>{img()}<figcaption class="photo__credit">Presiden di pelabuhan. (Biro Pers Sekretariat)</figcaption></figure>',
            lang="id",
        ),
        [(LEAD, "Presiden di pelabuhan.", "Biro Pers Sekretariat")],
    ),
    "cap-above": (page(f'<div class="photo"><p class="caption">{SAID} Photo: {BY}</p>{img()}</div>'), ONE),
    "cap-left-table": (page(f'<table><tr><td class="txt"><font size=1>{SAID} Photo: {BY}</font></td><td>{img()}</td></tr></table>'), ONE),
    "table-2005": (
        page(
            f'<table align=left width=200><tr><td>{img()}</td></tr><tr><td><font size="-2"><b>{SAID}</b><br>Photo: {BY}</font></td></tr></table>'
        ),
        ONE,
    ),
    "table-2005-caption-right-of": (
        page(
            f'<table border=0><tr><td>{img()}<br><span class="fotobyline">FOTO: {BY}</span></td></tr><tr><td class=billedtekst>{SAID}</td></tr></table>'
        ),
        ONE,
    ),
    "p-em": (page(f"<p>{img()}<br><em>{SAID} Photo: {BY}</em></p>"), ONE),
    "p-em-next": (page(f"<p>{img()}</p><p><em>{SAID} Photo: {BY}</em></p>"), ONE),
    "p-center-next": (page(f'<p style="text-align:center">{img()}</p><p style="text-align:center">{SAID} (Photo: {BY})</p>'), ONE),
    "h-heading": (page(f'<div class="box">{img()}<h2>{SAID}</h2><p>Photo: {BY}</p></div>'), ONE),
    "h-heading4": (page(f'<div class="pic">{img()}<h4>{SAID}</h4><span>© {BY}</span></div>'), ONE),
    "sr-only-label": (
        page(
            f'<figure>{img()}<figcaption><span class="sr-only">Image caption: </span>{SAID} <span class="credit"><span class="sr-only">Image credit: </span>{BY}</span></figcaption></figure>'
        ),
        ONE,
    ),
    "sr-only-block": (
        page(f'<div><span class="screen-reader-text">Skip advertisement</span><div>{img()}</div></div>'),
        [(LEAD, None, None)],
    ),
    "buttons": (
        page(f"<figure>{img()}<figcaption>{SAID} <span class=cr>Photo: {BY}</span> <button>Enlarge</button></figcaption></figure>"),
        ONE,
    ),
    "buttons2": (page(f"<figure>{img()}<button>Open image in gallery</button><figcaption>{SAID} ({BY})</figcaption></figure>"), ONE),
    "buy": (
        page(f'<figure>{img()}<figcaption>{SAID} <i>Photo: {BY}</i> <a href="javascript:void(0)">Order print</a></figcaption></figure>'),
        ONE,
    ),
    "buy-de": (
        page(f'<figure>{img()}<figcaption>{SAID} <i>Foto: {BY}</i> <a href="#">Bild kaufen</a></figcaption></figure>', lang="de"),
        ONE,
    ),
    "unclosed": (
        page(
            f"<figure>{img()}<figcaption>{SAID} Photo: {BY}</figcaption><p>Salvage went on for the whole of the afternoon, as the wind fell off and the tide turned in the end.</p><figure>{img(FERRY)}<figcaption>The ferry. Photo: Jo Lee</figcaption></figure>"
        ),
        [(LEAD, SAID, BY), (FERRY, "The ferry.", "Jo Lee")],
    ),
    "two-in-figure": (
        page(
            f"<figure>{img()}<figcaption>{SAID} Photo: {BY}</figcaption>{img(FERRY)}<figcaption>The ferry. Photo: Jo Lee</figcaption></figure>"
        ),
        [(LEAD, SAID, BY), (FERRY, "The ferry.", "Jo Lee")],
    ),
    "two-in-figure-caption-first": (
        page(
            f"<figure><figcaption>{SAID} Photo: {BY}</figcaption>{img()}<figcaption>The ferry. Photo: Jo Lee</figcaption>{img(FERRY)}</figure>"
        ),
        [(LEAD, SAID, BY), (FERRY, "The ferry.", "Jo Lee")],
    ),
    "slides": (
        page(
            '<div class="slideshow">'
            + "".join(
                f'<div class="slide">{img(url)}<div class="text">{c} <b>{k}</b></div></div>'
                for url, c, k in (
                    (LEAD, SAID, "Photo: " + BY),
                    (FERRY, "The ferry at noon.", "Photo: Jo Lee"),
                    (MOLE, "The mole.", "Photo: Al Ray"),
                )
            )
            + "</div>"
        ),
        [(LEAD, SAID, BY), (FERRY, "The ferry at noon.", "Jo Lee"), (MOLE, "The mole.", "Al Ray")],
    ),
    "ul-gallery": (
        page(
            '<ul class="gallery">'
            + "".join(
                f'<li><a href="{url}"><img src="{url.replace(".jpg", "-150x150.jpg")}"></a><p>{c} (Photo: {k})</p></li>'
                for url, c, k in ((LEAD, SAID, BY), (FERRY, "The ferry at noon.", "Jo Lee"))
            )
            + "</ul>"
        ),
        [(LEAD, SAID, BY), (FERRY, "The ferry at noon.", "Jo Lee")],
    ),
    "amp-carousel": (
        page(
            "<amp-carousel type=slides>"
            + "".join(
                f'<div class="slide"><amp-img src="{url}" width=600 height=400 layout=responsive></amp-img><div class="caption">{c} (Photo: {k})</div></div>'
                for url, c, k in ((LEAD, SAID, BY), (FERRY, "The ferry at noon.", "Jo Lee"))
            )
            + "</amp-carousel>"
        ),
        [(LEAD, SAID, BY), (FERRY, "The ferry at noon.", "Jo Lee")],
    ),
    "amp-lightbox": (
        page(
            f'<figure><amp-img lightbox="g" on="tap:l" src="{LEAD}" width=600 height=400><amp-img placeholder src="/tiny.jpg"></amp-img><noscript><img src="{LEAD}?w=400"></noscript></amp-img><figcaption>{SAID} (Photo: {BY})</figcaption></figure><amp-image-lightbox id=l layout=nodisplay></amp-image-lightbox>'
        ),
        ONE,
    ),
    "background": (
        page(f'<div class="article-image" style="background-image:url({LEAD})"></div><p class="caption">{SAID} Photo: {BY}</p>'),
        ONE,
    ),
    "bg-figure": (
        page(
            f'<figure><div class="img" role="img" aria-label="x" style="background-image:url(\'{LEAD}\')"></div><figcaption>{SAID} Photo: {BY}</figcaption></figure>'
        ),
        ONE,
    ),
    "link-page": (
        page(f'<figure><a href="/photo/5464774.html"><img src="{LEAD}"></a><figcaption>{SAID} Photo: {BY}</figcaption></figure>'),
        ONE,
    ),
    "link-large": (
        page(
            f'<a href="https://img.paper.example/big/8841207.jpg"><img src="https://img.paper.example/thumbs/8841207.jpg" width=300></a><p class=caption>{SAID} Photo: {BY}</p>'
        ),
        [("https://img.paper.example/big/8841207.jpg", SAID, BY)],
    ),
    "thumb-wins": (
        page(f'<a href="{LEAD}"><img src="{LEAD.replace(".jpg", "-300x200.jpg")}" alt="x"></a><p class=caption>{SAID} Photo: {BY}</p>'),
        ONE,
    ),
    "div-data-src": (
        page(
            f'<div class="js-image-replace" data-src="{LEAD}" data-alt="x" data-width="976"></div><div class="caption">{SAID} Photo: {BY}</div>'
        ),
        ONE,
    ),
    "attr-caption": (page(f'<a data-caption="{SAID} Photo: {BY}" href="{LEAD}"><img src="{LEAD}"></a>'), ONE),
    "attr-subhtml": (
        page(
            f'<div data-src="{LEAD}" data-sub-html="&lt;p&gt;{SAID}&lt;/p&gt;&lt;span&gt;Photo: {BY}&lt;/span&gt;"><img src="{LEAD}"></div>'
        ),
        ONE,
    ),
    "house-above": (
        page(f'<div class="img">{img()}<p class="c1">The Paper</p><p class="c2">{SAID}</p></div>'),
        [(LEAD, SAID, "The Paper")],
    ),
    "initials": (page(f'<div class="sc-a">{img()}<div class="sc-b">{SAID}</div><div class="sc-c">MR</div></div>'), [(LEAD, SAID, "MR")]),
    "initials-not": (
        page(f"<figure>{img()}<figcaption>Leaders of the <span>EU</span></figcaption></figure>"),
        [(LEAD, "Leaders of the EU", None)],
    ),
    "cite": (page(f"<figure>{img()}<figcaption>{SAID} <cite>jane doe</cite></figcaption></figure>"), [(LEAD, SAID, "jane doe")]),
    "cite-only": (
        page(f"<figure>{img()}<figcaption><cite>jane - stock.adobe.com</cite></figcaption></figure>"),
        [(LEAD, None, "jane - stock.adobe.com")],
    ),
    "small-name": (page(f"<figure>{img()}<figcaption>{SAID}<small>Ida Boone</small></figcaption></figure>"), [(LEAD, SAID, "Ida Boone")]),
    "fullwidth": (
        page(f"<figure>{img()}<figcaption>港で座礁したはしけ（写真：共同通信社）</figcaption></figure>", lang="ja"),
        [(LEAD, "港で座礁したはしけ", "共同通信社")],
    ),
    "comma-attr": (
        page(
            f'<figure><img src="{LEAD}" alt="Anna Holm" width=1200 height=800><figcaption>Anna Holm, Bürgermeisterin von Sundsee. Foto: Karl Uhl/dpa</figcaption></figure>',
            lang="de",
        ),
        [(LEAD, "Anna Holm, Bürgermeisterin von Sundsee.", "Karl Uhl/dpa")],
    ),
    "title-tail": (
        page(f'<div class="media"><img src="{LEAD}" title="{SAID} | Foto: {BY}" width=1200></div><p class="info__text">{SAID}</p>'),
        ONE,
    ),
    "alt-credit-fr": (
        page(f'<img src="{LEAD}" alt="Le port | Jean Roux / AFP" width=1200 height=700>', lang="fr"),
        [(LEAD, "Le port", "Jean Roux / AFP")],
    ),
    "bn-noscript": (
        page(
            f'<figure><img class="lazy" src="/img/loading.gif" data-src="{LEAD}"><noscript><img src="{LEAD}?w=1200"></noscript><figcaption>{SAID} Photo: {BY}</figcaption></figure>'
        ),
        ONE,
    ),
    "twin-wrapped": (
        page(
            f'<figure><span class="lazy"><img src="/img/grey.png" alt=""></span><noscript><img src="{LEAD}"></noscript><figcaption>{SAID} Photo: {BY}</figcaption></figure>'
        ),
        ONE,
    ),
    "img-in-aside": (page(f'<aside class="pull-left"><figure>{img()}<figcaption>{SAID} Photo: {BY}</figcaption></figure></aside>'), ONE),
    "figure-in-related-named": (
        page(f'<div class="related-media"><figure>{img()}<figcaption>{SAID} Photo: {BY}</figcaption></figure></div>'),
        ONE,
    ),
    "dl": (page(f'<dl class="wp-caption"><dt>{img()}</dt><dd class="wp-caption-dd">{SAID} Photo: {BY}</dd></dl>'), ONE),
    "shared-label": (
        page(
            "".join(
                f"<figure>{img(url)}<figcaption>{c} Fotis: {k}</figcaption></figure>"
                for url, c, k in ((LEAD, SAID, "Jan Novak"), (FERRY, "The ferry at noon.", "Eva Nova"))
            )
        ),
        [(LEAD, SAID, "Jan Novak"), (FERRY, "The ferry at noon.", "Eva Nova")],
    ),
    "handout": (page(f"<figure>{img()}<figcaption>{SAID} HANDOUT/AFP</figcaption></figure>"), [(LEAD, SAID, "HANDOUT/AFP")]),
    "ai": (page(f"<figure>{img()}<figcaption>{SAID} | Illustration: Midjourney</figcaption></figure>"), [(LEAD, SAID, "Midjourney")]),
}


@pytest.mark.parametrize("name", KINDS)
def test_kind(name: str) -> None:
    html, want = KINDS[name]
    found = parse(Page.from_text("https://www.paper.example/2026/05/11/storm", datetime(2026, 11, 24, tzinfo=UTC), html))
    assert [(image.url, image.caption, image.credit) for image in found.images] == want
