"""Corrections of many languages and makes are blocks of their own kind, and stand in the body once."""

from __future__ import annotations

import pytest
from small_pages import page

from crawler.items import Article
from crawler.parsers.generic.generic import read_generic

FIRST = "The council of Port Ellery has voted to keep the old swing bridge open for the whole of the winter, after four hours of debate."
SECOND = (
    "It will be greased every week, said the mayor, who had asked for the vote herself in autumn, and lorries will go round by the mill."
)
LAST = "The figures are to be looked at again on the second Thursday of January, when the contractor has named a new price for the gear."
EN = "An earlier version of this article said that the bridge dates from 1921. It dates from 1911."


def read(lang: str, *, above: str = "", middle: str = "", end: str = "", below: str = "") -> Article:
    text = f'{above}<div class="text"><p>{FIRST}</p><p>{SECOND}</p>{middle}<p>{LAST}</p>{end}</div>{below}'
    more = '<section><h2>More</h2><ul><li><a href="/x">Correction: ferry fares to rise by a tenth in spring, not a fifth</a></li></ul></section>'
    story = f"<article><h1>Bridge stays open for the winter</h1><p>12 March 2024</p>{text}</article>{more}"
    return read_generic(page(f'<html lang="{lang}"><body>{story}</body></html>'))


CASES = [
    ("en", {"end": f"<p><em>Correction: {EN}</em></p>"}, EN),
    ("en", {"below": f'<div class="correction"><h4>Correction</h4><p>{EN}</p></div>'}, EN),
    ("en", {"end": "<aside><strong>Clarification:</strong> The vote was by show of hands, and not in secret.</aside>"}, "by show of hands"),
    ("en", {"end": "<p>• This article was amended on 13 March 2024. The bridge is ten years older.</p>"}, "ten years older"),
    ("en", {"above": "<p><i>Editor’s note: This story has been changed to give the right year.</i></p>"}, "right year"),
    ("en", {"above": "<p><b>UPDATE, 6:30 pm:</b> The minister has said that the state will pay for half of the works.</p>"}, "state will pay"),
    ("de", {"end": "<p><i>Berichtigung: In einer früheren Fassung hieß es, die Brücke sei von 1921.</i></p>"}, "früheren Fassung"),
    ("de", {"below": "<p>Anmerkung der Redaktion: Wir haben den Namen des Rates nachträglich berichtigt.</p>"}, "nachträglich"),
    ("de", {"below": "<div><h5>Korrektur</h5><p>Die Brücke stammt von 1911 und nicht, wie zunächst berichtet, von 1921.</p></div>"}, "zunächst"),
    ("fr", {"end": "<p><strong>Rectificatif</strong> : le pont date de 1911 et non de 1921 comme nous l’avions écrit.</p>"}, "le pont date"),
    ("es", {"end": "<p>Fe de errores: el puente es de 1911 y no de 1921, como se decía antes.</p>"}, "el puente es"),
    ("pt", {"end": "<p>Errata: a ponte é de 1911 e não de 1921, como publicado antes.</p>"}, "a ponte é"),
    ("it", {"end": "<p>Una versione precedente di questo articolo indicava il 1921 come anno del ponte.</p>"}, "indicava"),
    ("nl", {"end": "<div><p>In een eerdere versie van dit artikel stond dat de brug uit 1921 is.</p></div>"}, "stond dat"),
    ("sv", {"end": "<p><b>Rättelse:</b> Bron är från 1911, inte från 1921 som det stod i artikeln.</p>"}, "Bron är"),
    ("pl", {"end": "<p>Sprostowanie: most pochodzi z 1911 roku, a nie z 1921, jak podaliśmy.</p>"}, "most pochodzi"),
    ("ru", {"end": "<p>Исправление: мост построен в 1911 году, а не в 1921-м, как сообщалось.</p>"}, "мост построен"),
    ("ar", {"end": "<p>تصحيح: يعود الجسر إلى عام 1911 وليس إلى عام 1921 كما ورد سابقا.</p>"}, "يعود الجسر"),
    ("fa", {"end": "<p>اصلاحیه: این پل در سال ۱۹۱۱ ساخته شده است و نه در سال ۱۹۲۱.</p>"}, "این پل"),
    ("ja", {"end": "<p>【訂正】橋の建設は1921年ではなく、1911年でした。お詫びして訂正します。</p>"}, "1911年でした"),
    ("zh", {"end": "<p>更正：该桥建于1911年，而不是此前所说的1921年，特此说明。</p>"}, "该桥建于"),
    ("ko", {"end": "<p>[정정] 다리는 1921년이 아니라 1911년에 지어졌습니다.</p>"}, "다리는"),
    ("tr", {"end": "<p>Düzeltme: Köprü 1921 değil 1911 yılında yapılmıştır.</p>"}, "Köprü"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "where", "text"), CASES, ids=[f"{lang}-{n}" for n, (lang, _, _) in enumerate(CASES)])
def test_a_correction_is_a_block_of_its_own_kind(lang: str, where: dict[str, str], text: str) -> None:
    article = read(lang, **where)
    assert text in "\n".join(block.text or "" for block in article.blocks if block.kind == "correction")
    assert article.body.count(text) == 1
    assert [block.text for block in article.blocks if block.kind == "paragraph"] == [FIRST, SECOND, LAST]
    assert "ferry fares" not in article.body


@pytest.mark.parametrize(
    "where",
    [
        {"middle": "<p>Updated: 13 March 2024, 18:20</p>"},
        {"end": "<p>Update: 13.03.2024, 18:20 Uhr</p>"},
        {"middle": "<p>The correction of the river bed is to begin in May, and clarification of its price is still to come.</p>"},
        {"end": "<p>Corrections officers will stand at both ends of the bridge from the first of May.</p>"},
        {"end": '<aside class="related"><a href="/y">Clarification: what the council had really said about the lights</a></aside>'},
    ],
)
def test_what_is_none(where: dict[str, str]) -> None:
    assert not [block for block in read("en", **where).blocks if block.kind == "correction"]
