"""Authors: names cleaned, and which place of a page to believe; pages of our own."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.items import Article
from crawler.parsers.authors.people import authors, full_name
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

TEXT = (
    "<p>The old ferry between the two banks was taken out of service on Friday after ninety years in all weathers.</p>"
    "<p>A new bridge, twice as wide as the one that fell, is to be opened by the end of the year, the ministry announced.</p>"
)


def read(above: str = "", *, ld: object = None, head: str = "", below: str = "", foot: str = "") -> Article:
    linked = {"@type": "NewsArticle", "headline": "Ferry makes its last crossing", "author": ld} if ld else {"@type": "WebPage"}
    html = (
        f"<html><head>{head}<script type='application/ld+json'>{json.dumps(linked)}</script></head><body>"
        f"<article><h1>Ferry makes its last crossing</h1>{above}<div>{TEXT}{below}</div></article><footer>{foot}</footer></body></html>"
    )
    return parse(Page.from_text("https://www.valleypost.example/a", datetime(2026, 3, 2, tzinfo=UTC), html))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Roe and John Doe", ("Jane Roe", "John Doe")),
        ("ByTravis Roe", ("Travis Roe",)),
        ("Byron Roe", ("Byron Roe",)),
        ("Juan E. Pérez y Ana Ruiz", ("Juan E. Pérez", "Ana Ruiz")),
        ("Michael I. Roe", ("Michael I. Roe",)),
        ("Jan Novák a Petr Svoboda", ("Jan Novák", "Petr Svoboda")),
        ("Nagy Anna és Kis Béla", ("Nagy Anna", "Kis Béla")),
        ("Von Anna Müller und Karl Mai", ("Anna Müller", "Karl Mai")),
        ("Иван Петров и Анна Ким", ("Иван Петров", "Анна Ким")),
        ("Автор: Анна Ким", ("Анна Ким",)),
        ("بقلم: أحمد علي", ("أحمد علي",)),
        ("신현주 기자", ("신현주",)),
        ("記者：王小明", ("王小明",)),
        ("Doe, John", ("John Doe",)),
        ("Jane Roe, professor of the history of boats at the university", ("Jane Roe",)),
        ("Staff Reporter", ()),
    ],
)
def test_names_in_a_line(line: str, names: tuple[str, ...]) -> None:
    assert authors([line]) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By JR, in News, Valley, Boats · 31 Jan 2025, 20:02 · 0 Comments", ("JR",)),
        ("By Jane Roe Published in Boats December 14, 2016 2:24 pm", ("Jane Roe",)),
        ("Written by Jane Roe in Boats on 1 June 2019 at 08:34 PM EDT. 51 Comments", ("Jane Roe",)),
        ("Jane Roe Dec 9, 2016", ("Jane Roe",)),
        ("Dec 1st 2016 1:01PM", ()),
    ],
)
def test_names_in_a_printed_byline(line: str, names: tuple[str, ...]) -> None:
    assert authors([line], printed=True) == names


@pytest.mark.parametrize("text", ["Jane Roe", "Ludwig van der Berg", "松村太郎", "신현주", "Иван Петров"])
def test_full_names(text: str) -> None:
    assert full_name(text)


@pytest.mark.parametrize("text", ["Frankfurt", "The ferry is gone.", "New boats: a dossier", "Roe 3", "valley news", "News Desk"])
def test_what_is_no_full_name(text: str) -> None:
    assert not full_name(text)


def test_json_ld_is_believed_that_a_team_or_agency_is_an_author() -> None:
    people = [{"@type": "Person", "name": "Reuters"}, {"@type": "Person", "name": "Jane Roe"}, {"@type": "Person", "name": "Boat Team"}]
    assert read(ld=people).authors == ("Reuters", "Boat Team", "Jane Roe")


@pytest.mark.parametrize(
    "head",
    [
        '<meta name=author content="Valley Post"><meta property=og:site_name content="Valley Post">',
        '<meta name=author content="ValleyPost">',
    ],
)
def test_the_site_is_not_the_author_where_a_person_is_named(head: str) -> None:
    assert read("<p>By Jane Roe</p>", head=head).authors == ("Jane Roe",)


@pytest.mark.parametrize("person", ["Sunil Roe", "Valle Martin"])
def test_a_person_whose_name_begins_as_the_sites_is_an_author(person: str) -> None:
    head = f'<meta property=og:site_name content="Sun"><meta name=author content="{person}">'
    found = read(head=head)
    assert (found.authors, found.read_by["authors"]) == ((person,), "meta author")
    assert read(f"<p>By {person}</p>", head=head.replace(person, "Sun")).authors == (person,)


def test_the_owner_named_under_the_page_is_not_the_author() -> None:
    found = read(
        "<div class=byline>By Jane Roe</div>", head='<meta name=author content="Great Rivers">', foot="© 2026 Great Rivers. All rights"
    )
    assert found.authors == ("Jane Roe",)


def test_a_printed_byline_against_a_name_that_is_printed_nowhere() -> None:
    found = read("<div class=byline>Jane Roe</div>", ld={"@type": "Person", "name": "Ann Uploader"})
    assert (found.authors, found.read_by["authors"]) == (("Jane Roe",), "byline class")


def test_names_of_other_stories_beside_the_text_are_not_its_authors() -> None:
    aside = "<aside><p>By Ann Lee</p><a href=/author/ann-lee>Ann Lee</a></aside>"
    assert read(f"{aside}<p>By Jane Roe</p>").authors == ("Jane Roe",)


@pytest.mark.parametrize("line", ["Jane Roe | 05.04.2025 - 12:30", "Jane Roe•October 3, 2016", "Valley Daily 9/21/2016 Jane Roe"])
def test_a_name_beside_the_date(line: str) -> None:
    assert read(f"<div>{line}</div>").authors == ("Jane Roe",)


def test_a_place_before_the_date_is_no_author() -> None:
    assert read("<div>New York, October 3, 2016</div>").authors == ()


def test_a_signature_under_the_text() -> None:
    found = read(below="<p><strong>Lê Phương</strong></p>")
    assert (found.authors, found.read_by["authors"]) == (("Lê Phương",), "signature")
    assert "Phương" not in found.body


def test_a_heading_in_bold_is_no_signature() -> None:
    assert read(below=f"<p><strong>SECOND FERRY</strong></p>{TEXT.replace('old', 'new')}").authors == ()


def test_an_office_where_nobody_is_named() -> None:
    assert read(head='<meta name=author content="Valley Staff">').authors == ("Valley Staff",)
