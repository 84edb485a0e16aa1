"""Pictures of pages in many languages and layouts, written for these tests: what stands where, no two alike."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.items import Image
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

URL = "https://gazette.example/harbour/ice"
PROSE = [
    "The harbour was closed for a second day on Monday because the ice had grown thicker than the breakers can cut, the pilots said.",
    "Some forty ships wait outside the mole, most of them with fruit, and their owners have begun to count what the delay costs them.",
    "A thaw is expected by the end of the week, when the wind turns, but nobody at the signal station wanted to promise anything.",
    "The last winter in which the harbour froze is remembered by the oldest of the pilots only, who was then a boy of nine years.",
]


def shown(inside: str, *, head: str = "", above: str = "", after: str = "") -> list[Image]:
    """The pictures of a page with something above its text, in the midst of it, and behind it."""
    text = [f"<p>{line}</p>" for line in PROSE]
    page = (
        f"<html><head><title>Harbour closed by ice</title>{head}</head><body><div id=wrap><article><h1>Harbour closed by ice</h1>{above}"
        f"{text[0]}{text[1]}{inside}{text[2]}{text[3]}</article>{after}</div></body></html>"
    )
    return list(parse(Page.from_text(URL, datetime(2026, 3, 2, tzinfo=UTC), page)).images)


def told(images: list[Image]) -> list[tuple[str, str | None, str | None]]:
    """File, caption and credit of each."""
    return [(image.url.rsplit("/", 1)[-1], image.caption, image.credit) for image in images]


LAYOUTS = {
    "turkish-utility-classes": (
        "<div class='relative w-full'><img class='object-cover' data-src='/p/liman-2026.jpg' src='data:image/gif;base64,R0'>"
        "<div class='absolute bottom-0 text-xs'>Fotoğraf: Ayşe Yılmaz / AA</div></div>",
        [("liman-2026.jpg", None, "Ayşe Yılmaz / AA")],
    ),
    "polish-block-gallery": (
        "<figure class='wp-block-gallery has-nested-images'><figure class=wp-block-image><img src=/p/port-2026-1.jpg><figcaption>Statki"
        " czekają przy molo. / Fot. Jan Kowalski</figcaption></figure><figure class=wp-block-image><img src=/p/port-2026-2.jpg><figcaption>"
        "Lodołamacz w porcie. / Fot. PAP/Adam Nowak</figcaption></figure></figure>",
        [
            ("port-2026-1.jpg", "Statki czekają przy molo.", "Jan Kowalski"),
            ("port-2026-2.jpg", "Lodołamacz w porcie.", "PAP/Adam Nowak"),
        ],
    ),
    "vietnamese-picture-table": (
        "<table class=picture align=center><tbody><tr><td class=pic><img data-original=/p/cang-2026.jpg src=/p/blank.gif></td></tr><tr>"
        "<td class=caption><p>Tàu chờ ngoài cảng. Ảnh: Nguyễn Văn An</p></td></tr></tbody></table>",
        [("cang-2026.jpg", "Tàu chờ ngoài cảng.", "Nguyễn Văn An")],
    ),
    "hindi-amp": (
        "<figure><amp-img src=/p/bandargah-2026.jpg width=1200 height=675 layout=responsive><noscript><img src=/p/bandargah-2026.jpg>"
        "</noscript></amp-img><figcaption>बंदरगाह के बाहर खड़े जहाज। (फोटो: पीटीआई)</figcaption></figure>",
        [("bandargah-2026.jpg", "बंदरगाह के बाहर खड़े जहाज।", "पीटीआई")],
    ),
    "hebrew-hashed-classes": (
        "<figure class=sc-1a2b3c><div class=sc-9z><img srcset='/p/namal-2026-w400.jpg 400w, /p/namal-2026.jpg 1600w'></div><figcaption"
        " class=sc-7y><span class=sc-4d>אוניות ממתינות מחוץ לנמל</span><span class=sc-5e>צילום: דנה כהן</span></figcaption></figure>",
        [("namal-2026.jpg", "אוניות ממתינות מחוץ לנמל", "דנה כהן")],
    ),
    "greek-drupal-fields": (
        "<div class='field field--name-field-image'><div class=field__item><img src=/sites/default/files/limani-2026.jpg></div>"
        "<div class='field field--name-field-image-caption'>Πλοία περιμένουν έξω από το λιμάνι.</div>"
        "<div class='field field--name-field-photo-credit'>Eurokinissi</div></div>",
        [("limani-2026.jpg", "Πλοία περιμένουν έξω από το λιμάνι.", "Eurokinissi")],
    ),
    "swahili-ghost": (
        "<figure class='kg-card kg-image-card kg-card-hascaption'><img class=kg-image src=/content/images/bandari-2026.jpg loading=lazy>"
        "<figcaption><span style='white-space: pre-wrap;'>Meli zikisubiri nje ya bandari. Picha: Juma Ali</span></figcaption></figure>",
        [("bandari-2026.jpg", "Meli zikisubiri nje ya bandari.", "Juma Ali")],
    ),
    "table-of-2005": (
        "<table align=right width=220 cellpadding=4><tr><td><img src=/images/2005/harbour.jpg width=210 height=140></td></tr>"
        "<tr><td><font size=1 color=#666666>Ships wait outside the mole (AP Photo/Ann Lee)</font></td></tr></table>",
        [("harbour.jpg", "Ships wait outside the mole", "AP Photo/Ann Lee")],
    ),
    "lightbox-to-the-large-file": (
        "<div class=img-box><a href=/p/mole-2026-large.jpg class=fancybox data-fancybox=g1><img src=/p/mole-2026.jpg></a>"
        "<div class=img-desc>Ships wait outside the mole. Photo: Ann Lee</div></div>",
        [("mole-2026-large.jpg", "Ships wait outside the mole.", "Ann Lee")],
    ),
    "figure-with-link-to-its-own-page": (
        "<figure><a href=/shots/8812><img src=/p/mole-2026.jpg></a><figcaption>Ships wait outside the mole. © Ann Lee</figcaption></figure>",
        [("mole-2026.jpg", "Ships wait outside the mole.", "Ann Lee")],
    ),
    "portuguese-media-description": (
        "<div class=content-media><div class=content-media__container><figure class=content-media-figure><img src=/p/porto-2026.jpg>"
        "</figure><p class=content-media__description>Navios esperam fora do porto — Foto: Ana Souza/Gazeta</p></div></div>",
        [("porto-2026.jpg", "Navios esperam fora do porto", "Ana Souza/Gazeta")],
    ),
    "russian-copyright-box": (
        "<div class=article__photo><div class=photo__open><img src=/p/port-2026.jpg></div><div class=photo__copyright>© РИА Новости / Иван"
        " Петров</div><div class=photo__desc>Суда ждут у мола</div></div>",
        [("port-2026.jpg", "Суда ждут у мола", "РИА Новости / Иван Петров")],
    ),
    "arabic-caption-under-picture": (
        "<div class=entry-media><img src=/p/mina-2026.jpg alt=''><p class=image-caption>سفن تنتظر خارج الميناء (رويترز)</p></div>",
        [("mina-2026.jpg", "سفن تنتظر خارج الميناء", "رويترز")],
    ),
    "chinese-centred-paragraphs": (
        "<p style='text-align:center'><img src=/p/gangkou-2026.jpg></p><p style='text-align: center;'>船只在港口外等待。新华社记者 王小明 摄</p>",
        [("gangkou-2026.jpg", "船只在港口外等待。", "新华社记者 王小明")],
    ),
    "japanese-equals": (
        "<figure><img src=/p/minato-2026.jpg><figcaption>港の外で待つ船＝ロイター</figcaption></figure>",
        [("minato-2026.jpg", "港の外で待つ船", "ロイター")],
    ),
    "korean-caption-box": (
        "<div class=editor-img-box><img src=/p/hanggu-2026.jpg><div class=caption><p>항구 밖에서 기다리는 배들. 연합뉴스</p></div></div>",
        [("hanggu-2026.jpg", "항구 밖에서 기다리는 배들.", "연합뉴스")],
    ),
    "element-of-the-page's-own-making": (
        "<click-enlarge><media-image-v2 data-src=/p/havn-2026.jpg data-alt=''></media-image-v2></click-enlarge><div class=image-caption>"
        "<span>Skip venter utenfor havnen.</span> <span class=photographer>Foto: Ola Nordmann</span></div>",
        [("havn-2026.jpg", "Skip venter utenfor havnen.", "Ola Nordmann")],
    ),
    "background-of-a-figure": (
        "<figure style='background-image: url(/p/satama-2026.jpg)'><figcaption>Laivat odottavat sataman ulkopuolella. KUVA: MATTI SALO"
        "</figcaption></figure>",
        [("satama-2026.jpg", "Laivat odottavat sataman ulkopuolella.", "MATTI SALO")],
    ),
    "credit-in-a-footer-of-the-figure": (
        "<figure><img src=/p/hafen-2026.jpg><figcaption>Schiffe warten vor der Mole.</figcaption><footer>Max Muster</footer></figure>",
        [("hafen-2026.jpg", "Schiffe warten vor der Mole.", "Max Muster")],
    ),
    "credit-over-the-picture": (
        "<figure><div><img src=/p/pristav-2026.jpg><span class=a1>Foto: Jan Novák</span></div><figcaption><p class=a2>Lodě čekají před"
        " molem.</p></figcaption></figure>",
        [("pristav-2026.jpg", "Lodě čekají před molem.", "Jan Novák")],
    ),
    "credit-behind-the-alternative-text": (
        "<figure><img src=/p/puerto-2026.jpg alt='Barcos esperan fuera del puerto de la ciudad'><figcaption>Barcos esperan fuera del puerto"
        " de la ciudad / Lorenzo Marina</figcaption></figure>",
        [("puerto-2026.jpg", "Barcos esperan fuera del puerto de la ciudad", "Lorenzo Marina")],
    ),
    "credit-before-the-alternative-text": (
        "<figure><img src=/p/hafen-2026.jpg alt='Schiffe warten vor der Mole der Stadt'><figcaption>BILD: SN/APA/MAX MUSTER Schiffe warten vor"
        " der Mole der Stadt</figcaption></figure>",
        [("hafen-2026.jpg", "Schiffe warten vor der Mole der Stadt", "SN/APA/MAX MUSTER")],
    ),
    "credit-printed-twice-and-a-button": (
        "<figure><img src=/p/port-2026.jpg><figcaption>Des navires attendent. <span class=credit>Jean Petit / AFP</span> <span class=copyright>"
        "Jean Petit / AFP</span> Voir plus</figcaption></figure>",
        [("port-2026.jpg", "Des navires attendent.", "Jean Petit / AFP")],
    ),
    "name-before-the-agency": (
        "<figure><img src=/p/puerto-2026.jpg><figcaption>Barcos esperan fuera del puerto, el 1 de marzo.Ana Ruiz (REUTERS)</figcaption></figure>",
        [("puerto-2026.jpg", "Barcos esperan fuera del puerto, el 1 de marzo.", "Ana Ruiz (REUTERS)")],
    ),
    "caption-of-an-outer-figure": (
        "<figure class=media><figure class=inner><img src=/p/port-2026.jpg></figure><figcaption>Des navires attendent. Photo Jean Petit"
        "</figcaption></figure>",
        [("port-2026.jpg", "Des navires attendent.", "Jean Petit")],
    ),
    "credit-line-before-the-caption": (
        "<div class=product><a href=https://shop.example/boots><img src=/p/boots-2026.jpg><p>Photograph: Ann Lee</p></a><div class=name>Boots"
        " for the ice</div><a href=https://shop.example/boots>$285 at Shop</a></div>",
        [("boots-2026.jpg", "Boots for the ice", "Ann Lee")],
    ),
    "aside-around-a-picture": (
        "<aside class=wide><a href=/p/mole-2026.jpg><img src=/p/mole-2026.jpg></a><p class=caption>Ships wait. <span class=credits>(Photo by"
        " Ann Lee)</span></p></aside>",
        [("mole-2026.jpg", "Ships wait.", "Ann Lee")],
    ),
    'caption-and-figcaption-without-figure': (
        "<div class='image image__hide-placeholder' data-component-name=image><div class=image__container><picture "
        'class=image__picture><img src=/p/a-2026.jpg class=image__dam-img></picture></div><div class=image__metadata><div '
        "itemprop=caption class='image__caption attribution'><span data-editable=metaCaption class=inline-placeholder>Ships wait "
        'outside the mole.</span></div><figcaption class=image__credit>Ann Lee/Getty Images</figcaption></div></div>',
        [('a-2026.jpg', 'Ships wait outside the mole.', 'Ann Lee/Getty Images')],
    ),
    'credit-beside-the-figcaption': (
        '<div class=enhancement><figure class=figure><img class=image src=/p/a-2026.jpg><div class=figure-content><figcaption '
        'class=figure-caption>Ships wait outside the mole.</figcaption><div class=figure-credit>(Ann Lee / Los Angeles '
        'Times)</div></div></figure></div>',
        [('a-2026.jpg', 'Ships wait outside the mole.', 'Ann Lee / Los Angeles Times')],
    ),
    'words-for-those-who-cannot-see-glued-on': (
        "<figure class='media-landscape has-caption'><span class=image-and-copyright-container><div class=js-delayed-image-load "
        'data-src=/p/a-2026.jpg data-width=976 data-alt=Ships></div><noscript><img src=/p/a-2026.jpg></noscript><span '
        'class=off-screen>Image copyright</span><span class=story-image-copyright>Getty Images</span></span><figcaption '
        'class=media-caption><span class=off-screen>Image caption</span><span class=media-caption__text>Ships wait outside the '
        'mole</span></figcaption></figure>',
        [('a-2026.jpg', 'Ships wait outside the mole', 'Getty Images')],
    ),
    'words-for-those-who-cannot-see': (
        '<figure><div><picture><img src=/p/a-2026.jpg></picture><p><span class=visually-hidden>Image source, </span>Reuters</p>'
        '</div><figcaption><span class=visually-hidden>Image caption, </span><p>Ships wait outside the mole</p></figcaption>'
        '</figure>',
        [('a-2026.jpg', 'Ships wait outside the mole', 'Reuters')],
    ),
    'label-without-colon': (
        '<figure><picture><img src=/p/a-2026.jpg></picture><figcaption><span>Schepen wachten bij de pier.</span><span>Beeld '
        '<span>Jan Jansen</span></span></figcaption></figure>',
        [('a-2026.jpg', 'Schepen wachten bij de pier.', 'Jan Jansen')],
    ),
    'heading-in-a-caption': (
        '<figure class=article-picture><img src=/p/a-2026.jpg><figcaption><p>Ships wait outside the mole.</p><h4>Photo credit: '
        'Ann Lee | Nation Media Group</h4></figcaption></figure>',
        [('a-2026.jpg', 'Ships wait outside the mole.', 'Ann Lee | Nation Media Group')],
    ),
    'figcaption-without-figure': (
        '<img src=/p/a-2026.jpg><figcaption><i>Ships wait outside the mole. [Ann Lee, Standard]</i></figcaption>',
        [('a-2026.jpg', 'Ships wait outside the mole.', 'Ann Lee, Standard')],
    ),
    'cite': (
        '<figure><div><img src=/p/a-2026.jpg></div><figcaption>Ships wait outside the mole.<cite>(<!-- -->ABC News: Ann Lee<!-- '
        '-->)</cite></figcaption></figure>',
        [('a-2026.jpg', 'Ships wait outside the mole.', 'ABC News: Ann Lee')],
    ),
    'test-ids-and-licence-links': (
        '<div data-testid=Image><div><img src=/p/a-2026.jpg></div></div><div><div data-testid=Caption><span>[1/3]</span><span>'
        'Ships wait outside the mole. REUTERS/Ann Lee/File Photo <a href=https://licensing.example>Purchase Licensing Rights, '
        'opens new tab</a></span></div></div>',
        [('a-2026.jpg', 'Ships wait outside the mole.', 'REUTERS/Ann Lee')],
    ),
    'article-around-a-picture': (
        "<article class='media media--type-image'><div class=field__item><img src=/p/a-2026.jpg></div><div class='field "
        "field--name-field-caption'>Ships wait outside the mole.</div><div class='field field--name-field-credit'>Ann Lee</div>"
        '</article>',
        [('a-2026.jpg', 'Ships wait outside the mole.', 'Ann Lee')],
    ),
    'definition-list': (
        '<dl class=photo><dt><img src=/p/a-2026.jpg></dt><dd>Ships wait outside the mole. Photo: Ann Lee</dd></dl>',
        [('a-2026.jpg', 'Ships wait outside the mole.', 'Ann Lee')],
    ),
    'floated-box-of-2005': (
        "<div style='float:right;width:300px'><img src=/p/a-2026.jpg width=300><br><small>Ships wait outside the mole "
        '(Reuters)</small></div>',
        [('a-2026.jpg', 'Ships wait outside the mole', 'Reuters')],
    ),
    'data-of-a-figure': (
        "<figure data-credit='Ann Lee / Reuters' data-caption='Ships wait outside the mole.'><img src=/p/a-2026.jpg></figure>",
        [('a-2026.jpg', 'Ships wait outside the mole.', 'Ann Lee / Reuters')],
    ),
    'data-of-a-link': (
        "<a href=/p/a-2026.jpg class=lightbox data-caption='Ships wait outside the mole. (Photo: Ann Lee)'><img "
        'src=/p/a-2026-300x200.jpg></a>',
        [('a-2026.jpg', 'Ships wait outside the mole.', 'Ann Lee')],
    ),
    'microdata': (
        '<div itemprop=image itemscope itemtype=https://schema.org/ImageObject><img itemprop=url src=/p/a-2026.jpg><meta '
        "itemprop=copyrightHolder content='Ann Lee'><p itemprop=caption>Ships wait outside the mole.</p></div>",
        [('a-2026.jpg', 'Ships wait outside the mole.', 'Ann Lee')],
    ),
    'button-in-a-caption': (
        '<figure><img src=/p/a-2026.jpg><figcaption><span class=sr-only>Open image in gallery</span><p>Ships wait outside the '
        'mole <small>(Getty)</small></p></figcaption></figure>',
        [('a-2026.jpg', 'Ships wait outside the mole', 'Getty')],
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout(layout: str) -> None:
    inside, expected = LAYOUTS[layout]
    assert told(shown(inside)) == expected


OTHERS = {
    "card": "<div class=box><a href=/other/story><img src=/p/other-2026.jpg></a><h3><a href=/other/story>Another story</a></h3></div>",
    "card-without-classes": "<div><div><img src=/p/other-2026.jpg></div><div><a href=/other/story>Another story altogether</a></div></div>",
    "nested-article": (
        "<article><figure><img src=/p/other-2026.jpg><figcaption>Another story</figcaption></figure><a href=/other/story>Read it</a></article>"
    ),
    "figure-as-a-link": (
        "<a href=/other/story><figure><img src=/p/other-2026.jpg><figcaption>Another story altogether</figcaption></figure></a>"
    ),
    "newsletter": "<div class=inline-signup><img src=/p/letter-2026.jpg><h4>Our letter</h4><form><input></form></div>",
    "tracking-pixel": "<img src=https://count.example/70c8fc80 style='position:absolute;width:1px;height:1px'>",
    "film": "<div class=video-player><img src=/p/film-2026.jpg><span>2:34</span><figcaption>How ice is cut</figcaption></div>",
    "podcast": "<div class=podcast-box><img src=/p/cover-2026.jpg alt=Cover><p>Listen to our podcast on the winter of the pilots</p></div>",
    "qr-code": "<div><img src=/p/qr-code-2026.png><p>Scan to load the app of the Gazette now</p></div>",
    "author": "<div class=author-box><img src=/p/roe-2026.jpg><p>Jane Roe writes about harbours and the sea.</p></div>",
    "film-poster": "<div><video poster=/p/film-2026.jpg controls></video><p>How ice is cut</p></div>",
    "portrait": "<div><img src=/u/jr-2026.jpg width=120 height=120><div><b>Jane Roe</b><p>Jane Roe is a reporter here.</p></div></div>",
    "promise-of-a-gallery": "<div><a href=/gallery/ice><img src=/p/gal-2026.jpg><span>12 pictures: the ice of the century</span></a></div>",
    "list-of-stories": "<ul><li><a href=/o/1><img src=/p/o1-2026.jpg></a><a href=/o/1>One more story of the ice</a></li></ul>",
    "advertisement": "<a href=https://bank.example/loan><img src=/p/loan-2026.jpg></a>",
}


@pytest.mark.parametrize("other", OTHERS)
def test_what_is_no_picture_of_the_article(other: str) -> None:
    own = "<figure><img src=/p/mole-2026.jpg><figcaption>Ships wait outside the mole.</figcaption></figure>"
    assert told(shown(OTHERS[other] + own)) == [("mole-2026.jpg", "Ships wait outside the mole.", None)]


def test_the_boxes_of_the_article_itself_are_no_noise_whatever_their_class() -> None:
    page = (
        "<html><head><title>Harbour closed by ice</title></head><body><div class='sidebar-grid related-wrap'><header class=promo-header>"
        "<h1>Harbour closed by ice</h1><figure><img src=/p/mole-2026.jpg><figcaption>Ships wait. | Ann Lee/PA Images</figcaption></figure>"
        f"</header><div class=teaser-content>{''.join(f'<p>{line}</p>' for line in PROSE)}</div></div></body></html>"
    )
    found = list(parse(Page.from_text(URL, datetime(2026, 3, 2, tzinfo=UTC), page)).images)
    assert told(found) == [("mole-2026.jpg", "Ships wait.", "Ann Lee/PA Images")]


def test_a_picture_shown_twice_with_two_captions_counts_twice_and_with_one_once() -> None:
    first = "<figure><img src=/p/mole-2026.jpg><figcaption>Ships wait outside the mole.</figcaption></figure>"
    second = "<figure><img src=/p/mole-2026.jpg?w=300><figcaption>The mole seen from the signal station.</figcaption></figure>"
    assert [image.caption for image in shown(first + second, above=first)] == [
        "Ships wait outside the mole.",
        "The mole seen from the signal station.",
    ]


def test_a_short_name_under_a_picture_amid_the_text_is_its_caption_and_a_drop_cap_is_none() -> None:
    named = "<div><img src=/p/lee-2026.jpg><div>Ann Lee</div></div>"
    dropped = "<div><img src=/p/mole-2026.jpg><div>S</div></div>"
    assert told(shown(named + dropped)) == [("lee-2026.jpg", "Ann Lee", None), ("mole-2026.jpg", None, None)]


def test_two_pictures_of_one_file_name_stay_two() -> None:
    one = "<figure><img src=/p/771/original.jpg><figcaption>Ships wait.</figcaption></figure>"
    other = "<figure><img src=/p/772/original.jpg><figcaption>A breaker at work.</figcaption></figure>"
    assert [image.caption for image in shown(one + other)] == ["Ships wait.", "A breaker at work."]


def test_the_lead_far_above_the_headline_is_found_by_what_the_head_names() -> None:
    tags = "".join(f"<li>Tag {n}</li>" for n in range(20))
    page = (
        "<html><head><title>Harbour closed by ice</title><meta property=og:image content=/p/1200x630-mole-2026.jpg></head><body><article>"
        f"<div class=video-hero><img src=/p/mole-2026.jpg alt='Ships wait | Foto: Ann Lee'></div><ul>{tags}</ul><h1>Harbour closed by ice</h1>"
        f"{''.join(f'<p>{line}</p>' for line in PROSE)}</article></body></html>"
    )
    found = list(parse(Page.from_text(URL, datetime(2026, 3, 2, tzinfo=UTC), page)).images)
    assert told(found) == [("mole-2026.jpg", "Ships wait", "Ann Lee")]


def test_an_article_held_as_a_string_in_a_script() -> None:
    inner = (
        f"<p>{PROSE[0]}</p><div><img src=/p/mole-2026.jpg><div class=caption>Ships wait. AFP</div></div><p>{PROSE[1]}</p><p>{PROSE[2]}</p>"
    )
    script = json.dumps({"content": inner}).replace("<", "\\u003c")
    page = f"<html><head><title>Ice</title></head><body><div id=root></div><script type=application/json>{script}</script></body></html>"
    found = list(parse(Page.from_text(URL, datetime(2026, 3, 2, tzinfo=UTC), page)).images)
    assert told(found) == [("mole-2026.jpg", "Ships wait.", "AFP")]


def test_hashed_classes_are_learnt_from_the_sure_credits_of_the_page() -> None:
    def one(n: int, credit: str) -> str:
        return f"<figure><img src=/p/pic-2026-{n}.jpg><figcaption>Ships wait <em class=x7k>{credit}</em></figcaption></figure>"

    found = shown(one(1, "AFP") + one(2, "© Reuters") + one(3, "Ann Lee"))
    assert [(image.caption, image.credit) for image in found] == [("Ships wait", c) for c in ("AFP", "Reuters", "Ann Lee")]


def test_what_the_caption_names_is_no_credit_though_others_end_so() -> None:
    tails = ("A ferry at dawn. (Bo Dahl)", "The mole at dusk. (Cy Falk)", "A meeting in Ravenna in March. (Ravenna)")
    found = shown("".join(f"<figure><img src=/p/pic-2026-{n}.jpg><figcaption>{t}</figcaption></figure>" for n, t in enumerate(tails)))
    assert [image.credit for image in found] == ["Bo Dahl", "Cy Falk", None]


def test_every_slide_of_a_show_is_a_picture_with_its_own_words() -> None:
    def slide(n: int, caption: str, credit: str) -> str:
        words = f"<span class=slide-caption>{caption}</span><span class=slide-credit>{credit}</span>"
        return f"<li><img src=/p/pic-2026-{n}.jpg>{words}</li>"

    found = shown(f"<div><ul>{slide(1, 'Ships wait outside the mole.', 'Ann Lee')}{slide(2, 'A breaker.', 'Bo Dahl')}</ul></div>")
    assert [(image.caption, image.credit) for image in found] == [("Ships wait outside the mole.", "Ann Lee"), ("A breaker.", "Bo Dahl")]


@pytest.mark.parametrize("caption", ["<figcaption>{}</figcaption>", "<div class=asset-caption>{}</div>"])
def test_a_gallery_behind_the_last_paragraph_is_read_to_its_end(caption: str) -> None:
    shots = "".join(f"<figure><img src=/p/pic-2026-{n}.jpg>{caption.format(f'Shot {n} of the ice.')}</figure>" for n in range(9))
    page = (
        "<html><head><title>Harbour closed by ice</title></head><body><h1>Harbour closed by ice</h1><div class=text>"
        f"{''.join(f'<p>{line}</p>' for line in PROSE)}<div class=slides>{shots}</div></div></body></html>"
    )
    assert len(parse(Page.from_text(URL, datetime(2026, 3, 2, tzinfo=UTC), page)).images) == 9
