"""Interviews and lists keep their parts, in order, whatever they are made of."""

from __future__ import annotations

import pytest
from small_pages import page

from crawler.parsers.generic.generic import read_generic

Pairs = list[tuple[str, str]]
INTRO = "Philippa has kept the clock of Port Ellery for thirty years. She talks about lying clocks, the north wind and her successor."
EN: Pairs = [
    ("How did you come to clocks?", "My grandmother had eleven of them and none agreed. I wanted to know which one was lying."),
    ("And the tower?", "The tower is another animal. It is as large as a cart, and it hates the north wind."),
    ("What is the oldest name?", "Thomas Wray, 1788."),
    ("Will it ever be exact?", "It will be exact twice a day, like any other that has stopped, and late by less than people are."),
]
DE: Pairs = [
    ("Wie kamen Sie zu den Uhren?", "Meine Großmutter hatte elf davon, und keine ging wie die andere. Ich wollte wissen, welche lügt."),
    ("Und der Turm?", "Der Turm ist ein anderes Tier. Er ist so groß wie ein Karren und hasst den Nordwind."),
    ("Wird er je genau gehen?", "Zweimal am Tag, wie jede Uhr, die steht. Sonst ist es eine Frage der Manieren."),
]
RU: Pairs = [
    ("Как вы пришли к часам?", "У бабушки их было одиннадцать, и все шли по-разному. Мне хотелось знать, какие из них лгут."),
    ("А башня?", "Башня — другой зверь. Она велика, как телега, и не любит северного ветра."),
    ("Будут ли они точны?", "Дважды в день, как любые стоящие часы. А пока идут — это вопрос манер."),
]
AR: Pairs = [
    ("كيف جئت إلى الساعات؟", "كان لدى جدتي إحدى عشرة ساعة ولم تتفق اثنتان منها قط. أردت أن أعرف أيها تكذب."),
    ("والبرج؟", "البرج حيوان آخر. إنه كبير كالعربة ويكره ريح الشمال كثيرا."),
    ("من يأتي بعدك؟", "فتاة في السادسة عشرة سألتني السؤال الصحيح في يومها الأول."),
]
TEN: Pairs = [
    ("10. Lowmoor", "A village with two pumps and a cat that is older than the church clock, they say."),
    ("9. Stanmere", "The upper road is steep, and the tea at its end is worth every step of it."),
    ("8. Little Cray", "By the mill the eels are smoked twice, and nobody will say over what wood."),
    ("7. Ellery", "The bridge turns at noon. Stand on the east bank and take your hat off."),
]


@pytest.mark.parametrize(
    ("lang", "pairs", "make", "around"),
    [
        ("en", EN, "<dt>{}</dt><dd>{}</dd>", "<dl>{}</dl>"),
        ("de", DE, "<dt><b>{}</b></dt><dd><p>{}</p></dd>", '<dl class="interview">{}</dl>'),
        ("en", EN, "<p><strong>{}</strong></p><p>{}</p>", "{}"),
        ("de", DE, "<p><strong>{}</strong><br>{}</p>", "{}"),
        ("en", EN, "<p>Q: {}</p><p>A: {}</p>", "{}"),
        ("ru", RU, '<div class="q">{}</div><div class="a">{}</div>', "{}"),
        ("ar", AR, "<div><div><p>{}</p></div><div><p>{}</p></div></div>", "{}"),
        ("ru", RU, "<h3>{}</h3><p>{}</p>", "{}"),
        ("en", EN, "<p><em>{}</em></p><p>{}</p>", "{}"),
        ("en", EN, "<li><strong>{}</strong><p>{}</p></li>", "<ul>{}</ul>"),
        ("de", DE, "<details open><summary>{}</summary><p>{}</p></details>", "{}"),
        ("en", TEN, "<h2>{}</h2><p>{}</p>", "{}"),
        ("en", TEN, "<li><h3>{}</h3><p>{}</p></li>", "<ol>{}</ol>"),
        ("en", TEN, '<div class="item"><div><h3>{}</h3></div><div><p>{}</p></div></div>', "{}"),
        ("en", TEN, '<div class="slide"><h3>{}</h3><p>{}</p></div>', '<div class="gallery">{}</div>'),
        ("en", TEN, '<li><figure><img src="/1.jpg" width="800" height="600"></figure><h2>{}</h2><div>{}</div></li>', "<ul>{}</ul>"),
        ("en", TEN, "<li>{}: {}</li>", "<ol>{}</ol>"),
        ("en", TEN, '<article class="card"><h3>{}</h3><p>{}</p></article>', "{}"),
    ],
)
def test_every_part_is_kept_in_order(lang: str, pairs: Pairs, make: str, around: str) -> None:
    body = around.format("".join(make.format(*pair) for pair in pairs))
    aside = '<aside><h2>Most read</h2><ul><li><a href="/1">Ferry fares to rise by a tenth in spring</a></li></ul></aside>'
    story = f"<main><article><h1>The clock keeper who would rather be late</h1><p>{INTRO}</p>{body}</article></main>"
    article = read_generic(page(f'<html lang="{lang}"><body><nav><a href="/">Morrow</a></nav>{story}{aside}</body></html>'))
    at = [article.body.find(part) for part in (INTRO, *(part for pair in pairs for part in pair))]
    assert -1 not in at, article.body
    assert at == sorted(at)
    assert "Ferry fares" not in article.body
