"""The body: what an extractor leaves out is put back, what stands beside or under the text is taken away."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from time import process_time

import pytest
from lxml import etree

from crawler.items import Block
from crawler.parsers.document.flow import flow
from crawler.parsers.document.page import Page
from crawler.parsers.generic.missing import filled
from crawler.parsers.generic.trim import without_boilerplate
from crawler.parsers.template import parse

FERRY = "The old ferry between the two banks was taken out of service on Friday after ninety years in all weathers."
BRIDGE = "A new bridge, twice as wide as the one that fell, is to be opened by the end of the year, the ministry announced."
BUSES = "Until then buses will take the long way round by the dam, which adds some forty minutes to the journey of most people."
SHOPS = "Shopkeepers on the northern bank fear for their trade, while those on the southern bank sell maps of the detour."


def page(body: str) -> Page:
    return Page.from_text("https://post.example/a", datetime(2026, 3, 2, tzinfo=UTC), f"<html><body>{body}</body></html>")


def texts(found: list[tuple[Block, int | None]]) -> list[str]:
    return [block.text or "" for block, _ in found]


def placed(where: Page, *lines: str) -> list[tuple[Block, int | None]]:
    at = {segment.line: segment.n for segment in flow(where)}
    return [(Block(kind="paragraph", text=line), at.get(line)) for line in lines]


def fill(html: str, *lines: str) -> list[str]:
    where = page(html)
    return texts(filled(placed(where, *lines), flow(where), lambda line: line.startswith("Read also")))


def test_a_paragraph_among_its_siblings_is_put_back_in_its_place() -> None:
    html = f"<div><p>{FERRY}</p><p>{BRIDGE}</p><h2>Long way</h2><p><a href=/b>{BUSES}</a></p><p>{SHOPS}</p></div>"
    assert fill(html, FERRY, BRIDGE, SHOPS) == [FERRY, BRIDGE, "Long way", BUSES, SHOPS]


def test_so_is_text_between_line_breaks() -> None:
    assert fill(f"<div>{FERRY}<br><br>{BRIDGE}<br><br>{SHOPS}</div>", FERRY, SHOPS) == [FERRY, BRIDGE, SHOPS]


def test_and_a_paragraph_behind_the_last_one_found() -> None:
    assert fill(f"<div><p>{FERRY}</p><p>{BRIDGE}</p><p>{BUSES}</p></div>", FERRY, BRIDGE) == [FERRY, BRIDGE, BUSES]


def test_and_those_in_a_box_of_the_same_make() -> None:
    box = "<div class=row><div class=wide><div class=text>{}</div></div></div>"
    html = box.format(f"<p>{FERRY}</p><p>{BRIDGE}</p>") + box.format(f"<p>{BUSES}</p>")
    assert fill(html, FERRY, BRIDGE) == [FERRY, BRIDGE, BUSES]


def test_and_those_each_in_wrappers_of_its_own() -> None:
    lines = "".join(f"<section><div><div><div><p>{line}</p></div></div></div></section>" for line in (FERRY, BRIDGE, BUSES, SHOPS))
    assert fill(f"<div>{lines}<aside>x</aside></div>", FERRY, BRIDGE, SHOPS) == [FERRY, BRIDGE, BUSES, SHOPS]


@pytest.mark.parametrize(
    "other",
    [
        f"<aside><p>{BUSES}</p></aside>",
        f"<figure><figcaption>{BUSES}</figcaption></figure>",
        f"<section class=more><div class=text><p>{BUSES}</p></div></section>",
        "<p>Read also: how the ferry was saved from the ice of the great winter.</p>",
        "<p><a href=/x>All about the river and its boats in our big dossier</a></p>",
        "<h2>A heading of nothing</h2><aside>x</aside><ul><li>y</ul>",
        "<h1>The ferry</h1>",
        "<p>Share</p>",
    ],
)
def test_what_is_no_paragraph_of_the_text_stays_out(other: str) -> None:
    assert fill(f"<div class=text><p>{FERRY}</p><p>{BRIDGE}</p>{other}<div><p>{SHOPS}</p></div></div>", FERRY, BRIDGE, SHOPS) == [
        FERRY,
        BRIDGE,
        SHOPS,
    ]


def test_words_cut_out_of_a_paragraph_come_back() -> None:
    cut = FERRY.replace(" after ninety years", "")
    assert fill(f"<div><p>{FERRY}</p><p>{BRIDGE}</p></div>", cut, BRIDGE) == [FERRY, BRIDGE]


def test_a_paragraph_held_without_its_readings_is_not_put_in_twice() -> None:
    told = "大統領は三日夜に緊急談話を出し、古い渡し船が九十年の歴史に幕を下ろしたと発表した。新しい橋は年末までに開通し、それまではバスがダムを回って走る見通しだと説明した。"
    html = f"<div><p><ruby>金<rt>きむ</rt></ruby>{told}</p><p>{FERRY}</p><p>{BRIDGE}</p></div>"
    assert fill(html, f"金{told}", FERRY, BRIDGE)[1:] == [FERRY, BRIDGE]


def test_short_paragraphs_without_spaces_say_enough() -> None:
    lines = [
        "古い渡し船が九十年の歴史に幕を下ろした。",
        "新しい橋は年末までに開通すると発表された。",
        "それまではバスがダムを回って走ることになる。",
        "船長は霧が恋しくなるだろうと静かに語った。",
    ]
    html = f"<div>{''.join(f'<p>{line}</p>' for line in lines)}</div>"
    assert fill(html, lines[0], lines[1], lines[3]) == lines


@pytest.mark.slow
@pytest.mark.parametrize("page_of", ["<div>{}</div>", f"{'<div>' * 300}{{}}{'</div>' * 300}"], ids=["flat", "deep"])
def test_the_cost_grows_with_the_page_not_with_its_square(page_of: str) -> None:
    def cost(n: int) -> float:
        where = page(page_of.format("".join(f"<p>{FERRY} {i}</p><p><a href=/{i}>{BRIDGE}</a></p>" for i in range(n))))
        found = [(Block(kind="paragraph", text=segment.line), segment.n) for segment in flow(where) if not segment.linked]
        start = process_time()
        without_boilerplate(filled(found, flow(where), lambda line: False), flow(where))
        return process_time() - start

    cost(100)
    assert min(cost(2400) for _ in range(3)) < 18 * max(0.01, min(cost(400) for _ in range(3)))


def strays(html: str, *lines: str) -> list[str]:
    where = page(html)
    return texts(without_boilerplate(placed(where, *lines), flow(where)))


BIO = "Jane Roe has reported on the valley and its boats for the paper since the great flood."


@pytest.mark.parametrize(
    "box",
    [
        f"<aside><p>{BIO}</p></aside>",
        f"<div role=complementary><p>{BIO}</p></div>",
        f"<div class='c-infobox wide'><p>{BIO}</p></div>",
        f"<div id=newsletter-form><p>{BIO}</p></div>",
        f"<figure><figcaption>{BIO}</figcaption></figure>",
    ],
)
def test_a_box_beside_the_text_is_not_of_it(box: str) -> None:
    assert strays(f"<div><p>{FERRY}</p><p>{BRIDGE}</p>{box}<p>{SHOPS}</p></div>", FERRY, BRIDGE, BIO, SHOPS) == [FERRY, BRIDGE, SHOPS]


def test_a_list_of_links_among_the_text_is_not_of_it() -> None:
    links = "<ul><li>Valley: <a href=/b>The dam is to be raised by another three yards</a></li><li><a href=/c>More fog</a></li></ul>"
    found = parse(page(f"<h1>Ferry makes its last crossing</h1><article><p>{FERRY}</p><p>{BRIDGE}</p>{links}<p>{SHOPS}</p></article>"))
    assert [block.text for block in found.blocks] == [FERRY, BRIDGE, SHOPS]


def test_a_box_with_most_of_the_text_is_the_text_whatever_its_name() -> None:
    assert strays(f"<div class=newsletter><p>{FERRY}</p><p>{BRIDGE}</p></div>", FERRY, BRIDGE) == [FERRY, BRIDGE]


@pytest.mark.parametrize(
    ("note", "html"),
    [
        (BIO, f"<p><em>{BIO}</em></p>"),
        (BIO, f"<p><strong>{BIO}</strong></p>"),
        ("Subscribe to our weekly letter from the river bank.", "<p>Subscribe to our weekly letter from the river bank.</p>"),
        ("More from the valley", "<div><div><div><div>More from the valley</div><ul><li>x</ul></div></div></div>"),
    ],
)
def test_a_note_under_the_text_is_not_of_it(note: str, html: str) -> None:
    assert strays(f"<div><p>{FERRY}</p><p>{BRIDGE}</p></div>{html}", FERRY, BRIDGE, note) == [FERRY, BRIDGE]


@pytest.mark.parametrize(
    "line",
    [
        "The ferry company said on Telegram that it would keep the old boat at the southern bank for visitors.",
        "By then the paper had lost half of its subscribers, and the copyright of the photographs had been sold.",
    ],
)
def test_a_last_line_on_such_things_is_text(line: str) -> None:
    assert strays(f"<div><p>{FERRY}</p><p>{BRIDGE}</p><p>{line}</p></div>", FERRY, BRIDGE, line) == [FERRY, BRIDGE, line]


def test_a_short_last_line_in_wrappers_of_its_own_is_text() -> None:
    wrapped = "".join(f"<div><div><div><div><p>{line}</p></div></div></div></div>" for line in (FERRY, BRIDGE, "He will miss it."))
    assert strays(f"<div>{wrapped}</div><footer>f</footer>", FERRY, BRIDGE, "He will miss it.")[-1] == "He will miss it."


def test_an_appeal_to_follow_a_channel_is_not() -> None:
    line = "Follow the valley on WhatsApp and Telegram."
    html = f"<div><p>{FERRY}</p><p>{BRIDGE}</p><p>Follow the valley on <a href=/w>WhatsApp</a> and <a href=/t>Telegram</a>.</p></div>"
    assert strays(html, FERRY, BRIDGE, line) == [FERRY, BRIDGE]


def test_a_last_word_said_in_italics_is_text() -> None:
    said = "“I shall miss the fog most of all, and the bell on the other bank in the morning.”"
    assert strays(f"<div><p>{FERRY}</p><p>{BRIDGE}</p><p><em>{said}</em></p></div>", FERRY, BRIDGE, said)[-1] == said


def test_a_text_all_in_bold_is_text() -> None:
    assert strays(f"<div><p><b>{FERRY}</b></p><p><b>{BRIDGE}</b></p></div>", FERRY, BRIDGE) == [FERRY, BRIDGE]


def linked(body: str, *lines: str) -> Page:
    told = json.dumps({"@type": "NewsArticle", "headline": "Ferry makes its last crossing", "articleBody": " ".join(lines)})
    return page(f"<script type='application/ld+json'>{told}</script><h1>Ferry makes its last crossing</h1><article>{body}</article>")


DIALOG = "Your subscription is in use on another device: change your password here."


def test_what_the_whole_body_in_json_ld_does_not_tell_is_not_of_it() -> None:
    lines = [FERRY, BRIDGE, BUSES, SHOPS]
    html = f"<p>{FERRY}</p><h2>Long way</h2><p>{BRIDGE}</p><p>{DIALOG}</p><p>{BUSES}</p><p>{SHOPS}</p>"
    assert [block.text for block in parse(linked(html, *lines)).blocks] == [FERRY, "Long way", BRIDGE, BUSES, SHOPS]


@pytest.mark.parametrize("told", [[FERRY, BRIDGE, BUSES[:60]], [FERRY, BRIDGE], [FERRY, BRIDGE, BUSES, SHOPS, DIALOG, FERRY]])
def test_a_body_cut_short_or_other_in_json_ld_takes_nothing_away(told: list[str]) -> None:
    html = "".join(f"<p>{line}</p>" for line in (FERRY, BRIDGE, BUSES, SHOPS))
    assert [block.text for block in parse(linked(html, *told)).blocks] == [FERRY, BRIDGE, BUSES, SHOPS]


def test_a_consent_dialog_is_not_the_body_however_long() -> None:
    consent = "".join(
        f"<p>We and our {n} partners store cookies on your browser to collect what the law lets us collect.</p>" for n in range(9)
    )
    found = parse(
        page(
            f"<h1>Ferry makes its last crossing</h1><div><p>{FERRY}</p><p>{BRIDGE}</p><p>{SHOPS}</p></div><div id=cookie-consent>{consent}</div>"
        )
    )
    assert "cookies" not in found.body
    assert FERRY in found.body


def test_reading_leaves_the_tree_as_it_is() -> None:
    where = page(
        f"<h1>Ferry makes its last crossing</h1><nav><a href=/>x</a></nav><div><p>{FERRY}</p><p>{BRIDGE}</p></div><footer>f</footer>"
    )
    before = etree.tostring(where.root)
    parse(where)
    assert etree.tostring(where.root) == before


def test_the_second_opinion_is_asked_only_where_the_first_lacks_text(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def extraction(root: object, *, fast: bool, **_: object) -> None:
        asked.append(fast)

    monkeypatch.setattr("trafilatura.bare_extraction", extraction)
    found = parse(page(f"<h1>Ferry makes its last crossing</h1><div><p>{FERRY}</p><p>{BRIDGE}</p></div>"))
    assert (asked, found.read_by["blocks"]) == ([True, False], "density")


@pytest.mark.parametrize("line", ["By Jane Roe", "Jane Roe, John Doe", "Czytaj więcej", "Lesen Sie auch: der Damm", "関連記事：ダム"])
def test_bylines_and_labels_are_no_paragraphs(line: str) -> None:
    head = '<meta name=author content="Jane Roe, John Doe">'
    body = f"{head}<h1>Ferry makes its last crossing</h1><article><p>{FERRY}</p><p>{BRIDGE}</p><p>{line}</p><p>{SHOPS}</p></article>"
    assert [block.text for block in parse(page(body)).blocks] == [FERRY, BRIDGE, SHOPS]


def test_the_headline_is_no_heading_of_the_body() -> None:
    head = "Ferry makes its last crossing"
    found = parse(page(f"<h1>{head}</h1><article><p>{FERRY}</p><h2>Region: {head}</h2><p>{BRIDGE}</p><p>{SHOPS}</p></article>"))
    assert [block.text for block in found.blocks] == [FERRY, BRIDGE, SHOPS]
