"""Signs that take no place: joiners, zero-width spaces, variation selectors and marks of direction stay where the page has them."""

from __future__ import annotations

import json

import pytest
from small_pages import page

from crawler.items import Article
from crawler.parsers.generic.generic import read_generic

# language, headline, a sentence, a name, a caption, a section
_TEXTS = [
    ("fa", "پل گردان می\u200cماند", "این پل قرار بود در پاییز برای تعمیر چرخ\u200cدنده\u200cها بسته شود و کارشناسان می\u200cگویند که دست\u200cکم یک سال طول می\u200cکشد.", "علی\u200cرضا نوری", "چرخ\u200cدنده\u200cهای پل در روز دوشنبه", "خبر\u200cگزاری"),
    ("si", "ශ්\u200dරී ලංකාවේ ප්\u200dරධාන පාලම", "ශ්\u200dරී ලංකාවේ ප්\u200dරධාන පාලම ශීත කාලය සඳහා විවෘතව තබන බව නගර සභාව ප්\u200dරකාශ කළේය, එය ක්\u200dරියාත්මක වේ.", "ප්\u200dරියන්ත සිල්වා", "පාලමේ ක්\u200dරියාකාරිත්වය සඳුදා", "ප්\u200dරවෘත්ති"),
    ("km", "ក្រុង\u200bភ្នំពេញ\u200bបើក\u200bស្ពាន\u200bចាស់", "ក្រុមប្រឹក្សា\u200bក្រុង\u200bបាន\u200bបោះឆ្នោត\u200bកាលពី\u200bយប់\u200bថ្ងៃ\u200bអង្គារ\u200bដើម្បី\u200bរក្សា\u200bស្ពាន\u200bចាស់\u200bរបស់\u200bទីក្រុង\u200bឲ្យ\u200bបើក\u200bដំណើរការ។", "សុខ\u200bចាន់", "ម៉ាស៊ីន\u200bបង្វិល\u200bស្ពាន\u200bនៅ\u200bថ្ងៃ\u200bចន្ទ", "ព័ត៌មាន\u200bជាតិ"),
    ("en", "Farmers \U0001f469\u200d\U0001f33e cheer \u2764\ufe0f the late harvest", "The co\u2060op of farmers \U0001f469\u200d\U0001f33e said on Monday that the harvest \u2764\ufe0f was the best for years, and that a \u200fשלום\u200f sign would hang at the gate.", "Ann\u2060-Marie Lee", "A farmer \U0001f469\u200d\U0001f33e in the field on Monday", "Farm\u2060ing"),
]  # fmt: skip


def read(language: str, headline: str, text: str, name: str, caption: str, section: str, told: bool) -> Article:
    data = {"@type": "NewsArticle", "headline": headline, "author": {"@type": "Person", "name": name}, "articleSection": section, "keywords": [section]}
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    head = script if told else f'<meta name="keywords" content="{section}"><meta property="article:section" content="{section}">'
    lines = "".join(f"<p>{text} {n}</p>" for n in range(5))
    return read_generic(
        page(
            f'<html lang={language}><head><title>{headline} | Site</title><meta name="description" content="{caption}, {headline}">{head}</head>'
            f'<body><ol class="breadcrumb"><li><a href="/">Home</a></li><li><a href="/s">{section}</a></li></ol><article><h1>{headline}</h1>'
            f'<p class="byline"><a rel="author" href="/a">{name}</a></p><div class="lede">{caption}, {headline}</div><div>'
            f'<figure><img src="/a.jpg" width=900 height=600><figcaption>{caption} <span class="credit">{name}</span></figcaption></figure>'
            f"{lines}</div></article></body></html>"
        )
    )


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("texts", _TEXTS, ids=[texts[0] for texts in _TEXTS])
def test_every_field_keeps_its_signs(texts: tuple[str, str, str, str, str, str], told: bool) -> None:
    language, headline, text, name, caption, section = texts
    found = read(language, headline, text, name, caption, section, told)
    assert found.headline == headline
    assert found.body.split("\n")[-5:] == [f"{text} {n}" for n in range(5)]
    assert found.authors == (name,)
    assert [(image.caption, image.credit) for image in found.images] == [(caption, name)]
    assert found.deck == f"{caption}, {headline}"
    assert (found.breadcrumb[-1].text, found.section, found.tags) == (section, section, (section,))
    assert found.language == language


@pytest.mark.parametrize("mark", ["\u200b", "\u200e", "\ufeff", "\u2060", "\u00ad", "&zwnj;", "&#8203; "])
def test_a_line_that_shows_nothing_is_no_line(mark: str) -> None:
    text = "The council has voted to keep the old bridge open until the spring, when its gear is to be mended."
    found = read_generic(page(f"<h1>Bridge stays open</h1><p>{text} 1</p><p>{mark}</p><div>{mark}<br>{mark}</div><p>{text} 2</p>"))
    assert found.body == f"{text} 1\n{text} 2"


def test_soft_hyphens_and_byte_order_marks_are_no_signs_of_the_text() -> None:
    text = "The coun\u00adcil has vo\ufeffted to keep the old bridge \ufeff open until the spring, when its gear is to be mended."
    found = read_generic(page(f"<h1>Brid&shy;ge stays open</h1><p>{text}</p><p>{text}</p>"))
    assert found.headline == "Bridge stays open"
    assert found.body.split("\n")[0] == "The council has voted to keep the old bridge open until the spring, when its gear is to be mended."
