"""The printed headline against machine words: pages of our own, one for each way they disagree."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

PRINTED = "Ferry captain steers last boat over the wide river"
EDITED = "Ninety years, one river: the captain says goodbye"


def read(*, h1: str = PRINTED, og: str = "", ld: str = "", title: str = "", more: str = "", site: str = "The Valley Post") -> Article:
    linked = json.dumps({"@type": "NewsArticle", "headline": ld}) if ld else ""
    head = f"<title>{title or PRINTED + ' | ' + site}</title>"
    head += f'<meta property="og:title" content="{og}">' if og else ""
    head += f"<meta property=og:site_name content='{site}'><script type='application/ld+json'>{linked}</script>"
    body = f"<body><h1>{h1}</h1>{more}<p>The old ferry was taken out of service on Friday, after ninety years between the banks.</p></body>"
    return parse(Page.from_text("https://www.valleypost.example/a", datetime(2026, 3, 2, tzinfo=UTC), f"<html><head>{head}</head>{body}"))


def test_all_agree() -> None:
    article = read(og=PRINTED, ld=PRINTED)
    assert (article.headline, article.headline_alternatives) == (PRINTED, ())


@pytest.mark.parametrize(
    "machine",
    [
        {"og": EDITED}, {"ld": EDITED}, {"og": EDITED, "ld": EDITED}, {"og": EDITED, "ld": PRINTED}, {"og": PRINTED, "ld": EDITED},
        {"og": EDITED, "ld": PRINTED, "title": f"{EDITED} | The Valley Post"}, {"title": f"The Valley Post | {EDITED}"},
    ],
)  # fmt: skip
def test_the_printed_one_is_the_headline_and_the_others_are_alternatives(machine: dict[str, str]) -> None:
    article = read(**machine)
    assert article.headline == PRINTED
    assert EDITED in article.headline_alternatives


def test_json_ld_of_another_story_is_not_believed() -> None:
    other = json.dumps({"@type": "NewsArticle", "headline": "Shopkeepers sell maps of a detour", "datePublished": "2026-01-01"})
    more = f"<script type='application/ld+json'>{other}</script>"
    assert read(og=PRINTED, ld="Goodbye after ninety years on a ship", more=more).headline == PRINTED


def test_an_attribute_that_lost_its_rest() -> None:
    cut = PRINTED.split(" last")[0]
    assert read(h1=PRINTED.replace("last", '"last'), og=cut, ld=PRINTED.replace("last", "“last"), title=cut).headline == PRINTED.replace(
        "last", '"last'
    )


def test_headlines_without_spaces_are_compared_by_their_characters() -> None:
    printed, other = "古い渡し船が最後の航海を終える", "九十年の歴史に幕、船長が語る思い出"
    assert read(h1=printed, og=other, ld=printed, title=printed).headline == printed
    more = f"<h1>{other}</h1>"
    assert read(h1=printed, og=printed + "へ", ld="古い渡し船が航海を終える", title=printed, more=more).headline == printed


def test_the_name_of_the_site_is_no_headline() -> None:
    assert read(og="The Valley Post Online", ld=PRINTED).headline == PRINTED


def test_machine_words_cut_short_are_no_other_words() -> None:
    short = "Ferry captain steers last boat …"
    assert read(og=short, ld=short).headline == PRINTED
    assert read(og=short, ld=PRINTED).headline == PRINTED
    long = " ".join([PRINTED] * 3)
    assert read(h1=long, og=long[:110], ld=long[:110]).headline == long


@pytest.mark.parametrize("dash", [" - ", " – ", " | ", "：", " · ", " — "])
def test_the_site_is_no_part_of_a_title(dash: str) -> None:
    article = read(h1="", title=f"{PRINTED} - a word more{dash}The Valley Post")
    assert article.headline == f"{PRINTED} - a word more"


def test_what_stands_behind_the_print_is_section_and_site() -> None:
    article = read(og=f"{PRINTED} - National | valleypost.example", title=f"{PRINTED} - National")
    assert (article.headline, article.headline_alternatives) == (PRINTED, ())


def test_a_kicker_in_its_own_box_is_not_the_headline() -> None:
    h1 = f"<span class=k>Life on the river</span><span> - </span><span>{EDITED}</span>"
    assert read(h1=h1, og=EDITED, title=EDITED).headline == EDITED


def test_a_kicker_that_json_ld_has_belongs_to_it() -> None:
    whole = f"Life on the river: {PRINTED}"
    assert read(h1=f"<span>Life on the river</span>: {PRINTED}", og=PRINTED, ld=whole).headline == whole


def test_the_name_of_a_blog_is_not_the_headline() -> None:
    article = read(h1="Notes from the river", title=f"Notes from the river - {EDITED}", more=f"<h2>{EDITED}</h2>", site="Ann Lee")
    assert article.headline == EDITED


@pytest.mark.parametrize("line", ["大桥重新开通", "港の橋が再び開通", "港の橋、再開を祝う", "สะพานท่าเรือเปิดอีกครั้ง", "항구 다리 다시 열려"])
def test_a_printed_line_without_blanks_counts_as_many_words(line: str) -> None:
    assert read(h1=line, title="新聞網", site="新聞網").headline == line


@pytest.mark.parametrize("label", ["ニュース", "最新ニュース", "新闻", "ข่าว"])
def test_a_label_without_blanks_is_no_headline(label: str) -> None:
    assert read(h1=label, title="大桥重新开通", site="x").headline == "大桥重新开通"
