"""The structure of bodies: elements left open or used for another thing, tables, terms, lists, boxes that ask."""

from __future__ import annotations

import pytest
from small_pages import page

from crawler.items import Article
from crawler.parsers.generic.generic import read_generic

ENGLISH = (
    "The last ferry left the northern pier at half past nine on Sunday evening, with forty people and a dog on board.",
    "A bridge of steel and oak will take its place in spring, three hundred metres upstream, where the river is narrow.",
    "Shops on both banks fear for their trade, since nobody will have to wait there for an hour any more, they say.",
    "The mayor, who grew up in the ferryman's house, promised that the old boat will be kept in the harbour museum.",
)
GERMAN = (
    "Die letzte Fähre legte am Sonntagabend um halb zehn am nördlichen Anleger ab, mit vierzig Menschen und einem Hund.",
    "Eine Brücke aus Stahl und Eiche soll sie im Frühjahr ersetzen, dreihundert Meter flussaufwärts, wo der Fluss schmal ist.",
    "Die Läden an beiden Ufern fürchten um ihr Geschäft, weil dort niemand mehr eine Stunde lang wird warten müssen.",
    "Der Bürgermeister, der im Haus des Fährmanns aufwuchs, versprach, dass das alte Boot ins Hafenmuseum kommt.",
)
ARABIC = (
    "غادرت العبارة الأخيرة الرصيف الشمالي في التاسعة والنصف من مساء الأحد وعلى متنها أربعون راكبا وكلب واحد.",
    "سيحل محلها في الربيع جسر من الفولاذ وخشب البلوط على بعد ثلاثمئة متر من أعلى النهر حيث يضيق مجراه كثيرا.",
    "تخشى المتاجر على الضفتين على تجارتها لأن أحدا لن يضطر بعد اليوم إلى الانتظار هناك ساعة كاملة كما يقولون.",
    "وعد العمدة الذي نشأ في بيت صاحب العبارة بأن القارب القديم سيحفظ في متحف الميناء مع سائر القوارب القديمة.",
)
TELLING = (ENGLISH, GERMAN, ARABIC)
HEAD = "<h1>{title}</h1>"
TITLES = ("Ferry makes its last crossing", "Die Fähre fährt zum letzten Mal", "العبارة تعبر النهر للمرة الأخيرة")
CAPTION = "<figcaption>The ferry at the pier, shown with all its lamps lit on the last evening of its long life</figcaption>"
RIVER = "<aside class=rail><h2>Most read</h2><ul>" + "<li><a href=/x>Another story of the town</a></li>" * 5 + "</ul></aside>"


def read(body: str, language: int = 0) -> Article:
    text = TELLING[language]
    shown = body
    for i, line in enumerate(text):
        shown = shown.replace(f"[{i}]", f"<p>{line}</p>").replace(f"({i})", line)
    head = HEAD.format(title=TITLES[language])
    whole = shown.replace("[h]", head) if "[h]" in shown else head + shown
    return read_generic(
        page(f"<html><body><main>{whole}</main>{RIVER}<footer><p>© The Ferry Paper. All rights reserved.</p></footer></body></html>")
    )


@pytest.mark.parametrize("language", range(3))
@pytest.mark.parametrize(
    "body",
    [
        "<div class=a>[0][1]<figure><img src=/a.jpg>" + CAPTION + "[2][3]</div>",
        "<div class=a>[0]<figure><a href=/big.jpg><img src=/a.jpg></a>"
        + CAPTION
        + "[1]<figure><img src=/b.jpg>"
        + CAPTION
        + "[2][3]</div>",
        "<section>[0]<figure class=wp-block-group>[1][2]</figure>[3]</section>",
        "<figure>[0][1][2][3]</figure>",
        "<aside class=text>[0][1][2][3]</aside>",
        "<div role=complementary>[0][1][2][3]</div>",
        "<aside><ul><li><a href=/x>Another story</a></ul><article>[h][0][1][2][3]</article>",
        "<nav><a href=/>Front page</a><article>[h][0][1][2][3]</article>",
        "<form id=aspnet><div>[h]<div>[0][1][2][3]</div></div></form>",
        "<form id=aspnet><div>[0][1][2][3]</div></form>",
        "<div>[0][1]<aside><h3>Read also</h3><ul><li><a href=/x>Another story</a></ul>[2][3]</div>",
        "<article><p>(0) (1)</p><div>(2)</div><div>(3)</div></article>",
        "<article><div>(0)</div><div>(1)</div><p>(2) (3)</p></article>",
        "<div>[0]<div><span class=t>(1)</span></div><div><span class=t>(2)</span></div>[3]</div>",
        "<div>[0]<div role=paragraph>(1)</div><section><p>(2)</p></section>[3]</div>",
        "<div>[0]<figure><blockquote>[1]</blockquote></figure>[2][3]</div>",
        "<div>[0]<blockquote>[1]</blockquote>[2][3]</div>",
        "<div>[0]<dl><dt>Bridge</dt><dd>(1)</dd><dt>Shops</dt><dd>(2)</dd></dl>[3]</div>",
        "<div>[0]<ul><li>[1]</li><li>[2]</li></ul>[3]</div>",
        "<div>[0]<ul><li>(1)<ul><li>(2)</li></ul></li></ul>[3]</div>",
        "<div>[0]<ul><li><a href=https://a.example/1>(1)</a></li><li><a href=https://a.example/2>(2)</a></li></ul>[3]</div>",
    ],
)
def test_no_paragraph_is_lost(body: str, language: int) -> None:
    lines = (read(body, language).body or "").replace("\n", " ")
    assert [i for i, line in enumerate(TELLING[language]) if line not in lines] == []
    assert "Another story" not in lines
    assert "The ferry at the pier" not in lines


TABLE = "<table><tr><th>Pier</th><th>Boats</th></tr><tr><td>North</td><td>4</td></tr><tr><td>South,<br>old</td><td>11</td></tr></table>"
ROWS = "Pier\tBoats\nNorth\t4\nSouth, old\t11"


@pytest.mark.parametrize(
    "body",
    [
        "<div>[0][1]" + TABLE + "[2][3]</div>",
        "<div>[0][1][2][3]" + TABLE + "</div>",
        "<div>[0][1]<figure class=wp-block-table>" + TABLE + "</figure>[2][3]</div>",
        "<div>[0][1]<div class=scroll><div>" + TABLE.replace("td", "td class=c") + "</div></div>[2][3]</div>",
        "<div>[0][1]" + TABLE.replace("<td>North", "<td><p>North</p>") + "[2][3]</div>",
    ],
)
def test_a_table_is_lines_of_cells(body: str) -> None:
    article = read(body)
    assert [block.text for block in article.blocks if block.kind == "table"] == [ROWS]
    assert ROWS in (article.body or "")


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td><img src=/a.jpg></td></tr><tr><td>The ferry in the evening</td></tr></table>",
        "<table role=presentation><tr><td>One</td><td>Two</td></tr><tr><td>Three</td><td>Four</td></tr></table>",
        "<table><tr><td><a href=/1>One</a></td><td><a href=/2>Two</a></td></tr><tr><td><a href=/3>Three</a></td><td><a href=/4>Four</a></td></tr></table>",
        "<table><tr><td><form><input name=q></form></td><td>Two</td></tr><tr><td>Three</td><td>Four</td></tr></table>",
    ],
)
def test_a_table_of_layout_is_no_table(table: str) -> None:
    assert not [block for block in read(f"<div>[0][1]{table}[2][3]</div>").blocks if block.kind == "table"]


@pytest.mark.parametrize(
    "box",
    [
        "<div class=nl><h3>Morning post</h3><p>{0}</p><form><input type=email><button>Go</button></form></div>",
        "<section><p>{0}</p><p>{0}</p><div><input type=email name=e></div></section>",
        "<div class=poll><h4>Your vote</h4><p>{0}</p><form><label><input type=radio> Yes</label></form></div>",
    ],
)
def test_a_box_that_asks_readers_is_no_text(box: str) -> None:
    asked = "Every morning the stories that matter, written for you by our people and free of any charge."
    body = read(f"<div>[0][1]{box.format(asked)}[2][3]</div>").body or ""
    assert asked not in body
    assert all(line in body for line in ENGLISH)


@pytest.mark.parametrize(
    ("above", "left"),
    [
        ("<b>Ferry makes its last crossing</b><br>12 March 2004", []),
        ("<p>12 March 2004</p>", []),
        ("<p>12.03.2004 18:20</p>", []),
        ("<p>In March 2004 it was too late.</p>", ["In March 2004 it was too late."]),
    ],
)
def test_lines_above_the_text_that_are_headline_or_date_are_none_of_it(above: str, left: list[str]) -> None:
    article = read(
        f"<div>{above}<br><br>(0)<br><br>(1)<br><br>(2)<br><br>(3)</div>" if "<b>" in above else f"<div>{above}[0][1][2][3]</div>"
    )
    assert (article.body or "").split("\n") == [*left, *ENGLISH]


LONG = "<div class=t>" + "".join(f"[{i}]" for i in range(4)) + "</div>"


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<ul><li>Open at night<ul><li>North pier</li><li>South pier</li></ul></li></ul>", ["Open at night", "North pier", "South pier"]),
        ("<blockquote><p>It was time.</p><p>— The mayor</p></blockquote>", ["It was time.", "— The mayor"]),
        ("<dl><dt>North</dt><dd>Four boats, all of them of wood.</dd></dl>", ["North", "Four boats, all of them of wood."]),
    ],
)
def test_words_of_the_extractors_blocks_are_parted_as_printed(markup: str, lines: list[str]) -> None:
    # Prose of another make in a box with a picture makes the boxes doubt, so that the extractor is asked.
    doubt = "<section><h4>Of late</h4><div>" + " ".join(ENGLISH) + "</div></section>"
    article = read(f"<div>[0][1]{doubt}{markup}[2][3]</div>")
    assert article.read_by["blocks"] == "trafilatura"
    body = (article.body or "").split("\n")
    assert [line for line in lines if line not in body] == []


def test_a_paragraph_that_a_box_parts_is_one() -> None:
    parted = "<p>When it comes to ferries <a href=/f>and bridges</a><div class=pop></div>, the old town has seen many of them come and go in its time.</p>"
    body = read(f"<div>[0]{parted}[1][2][3]</div>").body or ""
    assert "and bridges, the old town" in body


TOLD = (
    '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Ferry makes its last crossing","articleBody":"{0}"}}</script>'
)


@pytest.mark.parametrize("lost", ["<h3>(1)</h3>", "<div class=card><img src=/a.jpg><h2>(1)</h2></div>", "<aside><p>(1)</p></aside>"])
def test_lines_that_jsonld_tells_are_put_in(lost: str) -> None:
    body = read(TOLD.format("\\n".join(ENGLISH)) + f"<div>[0]{lost}[2][3]</div>").body or ""
    assert body.split("\n") == [*ENGLISH]


def test_a_body_that_only_jsonld_tells_keeps_its_paragraphs() -> None:
    assert (read(TOLD.format("\\n\\n".join(ENGLISH))).body or "").split("\n") == [*ENGLISH]


@pytest.mark.parametrize(
    "notice",
    [
        "Your privacy settings prevent the loading and display of all external content and social networks. To show it, allow it.",
        "An dieser Stelle finden Sie einen externen Inhalt. Zum Anzeigen brauchen wir Ihre Einwilligung in die Datenschutzerklärung.",
        "Ce contenu a été bloqué car vous n'avez pas accepté les cookies. Pour l'afficher, changez vos réglages.",
        "Este contenido de terceros no se puede mostrar sin su consentimiento para el uso de cookies.",
    ],
)
@pytest.mark.parametrize("times", [1, 3])
def test_notices_in_place_of_outside_content_are_no_text(notice: str, times: int) -> None:
    parts = "".join(f"[{i}]" + (f"<p>{notice}</p>" if i < times else "") for i in range(4))
    assert (read(f"<div>{parts}</div>").body or "").split("\n") == [*ENGLISH]


@pytest.mark.parametrize(
    "bar",
    [
        "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id=wm-x><p>{0}</p><p>{0}</p></div><!-- END WAYBACK TOOLBAR INSERT -->",
        "<div id=wm-ipp><div><p>{0}</p><p>{0}</p></div></div>",
        "<div id=webArchiveInfobox><p>{0}</p></div>",
        "<div id=google-cache-hdr><div><p>{0}</p></div></div>",
    ],
)
def test_the_bar_of_a_web_archive_is_no_part_of_the_page(bar: str) -> None:
    said = "This page was captured by a web archive. " * 8
    html = f"<html><body>{bar.format(said)}<h1>{TITLES[0]}</h1><table><tr><td>{'<br><br>'.join(ENGLISH)}</td></tr></table></body></html>"
    article = read_generic(page(html))
    assert (article.body or "").split("\n") == [*ENGLISH]


def test_captions_do_not_take_the_whole_text() -> None:
    article = read(f"<div class=story><div class=pic><img src=/a.jpg><div>{ENGLISH[0]}</div></div></div>")
    assert ENGLISH[0] in (article.body or "")


@pytest.mark.parametrize("language", range(3))
def test_short_lines_beside_the_only_prose_are_kept(language: int) -> None:
    first, rest = TELLING[language][0], [line[:38].strip() for line in TELLING[language][1:]]
    body = read("<div class=post>" + "".join(f"<p>{line}</p>" for line in (rest[0], first, *rest[1:])) + "</div>", language).body or ""
    assert [line for line in (first, *rest) if line not in body] == []


def test_a_statement_that_a_colon_announces_is_no_closing_note() -> None:
    said = "I have never closed a pier without a heavy heart, and I never will."
    assert said in (
        read(f"<div>[0][1][2][3]<p>She wrote on Monday, as the last boat left the northern pier:</p><p><b>{said}</b></p></div>").body or ""
    )


JAPANESE = (
    "町議会は火曜日の夜、古い旋回橋を少なくとも三月の末まで車に開放しておくことを一票差で決めた。四時間に及ぶ議論の末だった。",
    "橋は一九一一年に架けられたもので、歯車を取り換えるために十一月に閉じられるはずだった。商店は客足が減ると訴えていた。",
    "技師らは、毎週油を差し、七トンを超える車を迂回させれば歯車はもうひと冬もつと説明した。迂回路は十一分余計にかかる。",
)


def test_short_paragraphs_of_ideographs_at_the_end_are_text() -> None:
    parts = "".join(f"<section><div><p>{line}</p></div></section>" for line in JAPANESE)
    article = read_generic(page(f"<html lang=ja><body><h1>旋回橋、冬も開放へ</h1>{parts}</body></html>"))
    assert (article.body or "").split("\n") == [*JAPANESE]


@pytest.mark.parametrize("language", range(3))
def test_parts_that_are_sent_hidden_are_joined(language: int) -> None:
    text, title = [f"<p>{line}</p>" for line in TELLING[language]], TITLES[language]
    sent = (
        f'<main><template id="B:0"></template></main><div hidden id="S:0"><article><h1>{title}</h1><template id="P:1"></template></article></div>'
        f'<div hidden id="S:1"><div>{text[0]}{text[1]}<template id="P:2"></template></div></div><div hidden id="S:2">{text[2]}{text[3]}</div>'
    )
    body = (read_generic(page(f"<html><body>{sent}</body></html>")).body or "").split("\n")
    assert body == [*TELLING[language]]
