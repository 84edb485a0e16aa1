"""Headlines told from kickers, decks, sections and names of the site, whatever the language and mark-up."""

from __future__ import annotations

import json
import re

import pytest
from small_pages import page

from crawler.items import Article
from crawler.parsers.generic.generic import read_generic

TEXT = (
    "<p>The old ferry was taken out of service on Friday, after ninety years between the two banks of the river, its owners said.</p>" * 3
)


def read(body: str, *, title: str = "", og: str = "", ld: str = "", head: str = "", lang: str = "en") -> Article:
    head += f"<title>{title}</title>" + (f'<meta property="og:title" content="{og}">' if og else "")
    if ld:
        head += f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": ld})}</script>'
    return read_generic(page(f"<html lang={lang}><head>{head}</head><body>{body}{TEXT}</body></html>", url="https://www.paper.example/a/1"))


# the inside of the h1, the headline, wordings of title, og:title, JSON-LD
_KICKERS = [
    ("<span class=kicker>Wetter</span> Sturm schließt Hafen der Altstadt", "Sturm schließt Hafen der Altstadt", {"title": "Wetter: Sturm schließt Hafen der Altstadt - Blatt"}),
    ("<span>Nationale Demo</span>Der 9. Juli", "Der 9. Juli", {"title": "Nationale Demo / Der 9. Juli", "og": "Nationale Demo: Der 9. Juli"}),
    ("<small>Grève</small><br>Le port de la vieille ville fermé", "Le port de la vieille ville fermé", {"og": "Le port de la vieille ville fermé", "title": "Le Journal"}),
    ("<em class='surtitre'>Tempête</em><span>Le port fermé lundi</span>", "Le port fermé lundi", {"title": "Le port fermé | Le Journal"}),
    ("<span class=antetitulo>TEMPORAL</span><span>Cierra el puerto viejo</span>", "Cierra el puerto viejo", {"title": "El Diario"}),
    ("<div><b>Vær</b> <i aria-hidden=true> - </i> <span>Stormen stenger havnen i gamlebyen</span></div>", "Stormen stenger havnen i gamlebyen", {"title": "Vær: Stormen stenger havnen i gamlebyen - Nytt - Avisen"}),
    ("<span>Погода</span>Шторм закрыл старую гавань", "Шторм закрыл старую гавань", {"og": "Шторм закрыл старую гавань", "title": "Погода. Шторм закрыл старую гавань"}),
    ("<a href=/s class=section-label>특집</a> <span>항구의 다리가 다시 열렸다</span>", "항구의 다리가 다시 열렸다", {"title": "항구의 다리가 다시 열렸다 - 신문"}),
    ("Storm closes harbour<small>Ferries stand still until Wednesday</small>", "Storm closes harbour", {"title": "Storm closes harbour"}),
    ("Storm closes harbour <span class=premium-badge>Plus</span>", "Storm closes harbour", {"title": "Storm closes harbour - The Paper"}),
    ("Storm closes harbour<span class='sub-title'>Ferries stand still until Wednesday</span>", "Storm closes harbour", {"og": "Storm closes harbour", "title": "Storm closes harbour"}),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "headline", "told"), _KICKERS, ids=[headline for _, headline, _ in _KICKERS])
def test_a_part_of_the_heading_is_no_headline(inside: str, headline: str, told: dict[str, str]) -> None:
    assert read(f"<h1>{inside}</h1>", **told).headline == headline


_WHOLE = [
    ("<span class=dropcap>S</span>torm closes the old harbour", "Storm closes the old harbour"),
    ("<em>Hamlet</em> review: nothing rotten here", "Hamlet review: nothing rotten here"),
    ("Sturm schließt <b>Hafen</b>, Fähren stehen still", "Sturm schließt Hafen, Fähren stehen still"),
    ("<span>Sturm schließt den</span><span>Hafen der Altstadt</span>", "Sturm schließt den Hafen der Altstadt"),
    ("Storm closes harbour<br>of the old town", "Storm closes harbour of the old town"),
    ("<a href=/a/1>Storm closes <i>the</i> harbour</a>", "Storm closes the harbour"),
    ("台風で<b>旧市街</b>の港が閉鎖", "台風で旧市街の港が閉鎖"),
    ("“Storm” <span>closes</span> harbour", "“Storm” closes harbour"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "headline"), _WHOLE)
def test_a_headline_in_parts_stays_whole(inside: str, headline: str) -> None:
    assert read(f"<h1>{inside}</h1>", title=f"{headline} - The Paper").headline == headline


H = "Storm closes harbour of the old town"
_TITLES = [
    f"THE PAPER NEWS | World | {H}", f"ThePaper.com: {H}", f"The Paper - {H}", f"The Paper :: News :: {H}", f"The Paper > World > {H}",
    f"paper.example ... {H}", f"{H} | World | The Paper", f"{H} - The Paper Online", f"The Paper – World – {H}", f"The Paper » {H}", f"{H} « The Paper", f"Paper: {H}",
]  # fmt: skip
_OLD = [
    f"<table><tr><td><font size=4><b>{H}</b></font><br><font size=1>12 March 2004</font><br><br>",
    f"<table><tr><td><div class=mxb><div class=sh>{H}</div></div></td></tr></table>",
    f"<span class=mainarttitle>{H}</span><br>",
    f"<font face=Arial size=+2>{H}</font><p>",
    f"<center><b>{H}</b></center>",
    f"<table><tr><td colspan=2><h2>{H}</h2></td></tr></table>",
]


@pytest.mark.parametrize("markup", _OLD)
@pytest.mark.parametrize("title", _TITLES)
def test_the_names_around_a_title_are_none_of_the_headline(title: str, markup: str) -> None:
    article = read(f"<div><a href=/>The Paper</a></div>{markup}", title=title, head='<meta name="copyright" content="x">')
    assert article.headline == H


@pytest.mark.parametrize("title", [title for title in _TITLES if not title.startswith("Paper:")])
def test_names_of_the_site_go_where_the_headline_is_not_printed(title: str) -> None:
    article = read("<img src=/head.gif alt=x>", title=title, head='<meta property="og:site_name" content="The Paper">')
    assert article.headline == H


@pytest.mark.parametrize(
    "title",
    ["Paris: der Bürgermeister tritt zurück", "JVNDB-2018-013542 - Notes on a flaw", "Analysis | Why the ferries stand still this week"],
)
def test_what_is_no_name_stays_in_front(title: str) -> None:
    assert read("", title=title).headline == title


@pytest.mark.parametrize(
    ("markup", "headline"),
    [
        ("<table><tr><td><font size=5>Hafen der Altstadt geschlossen</font></td></tr></table>", "Hafen der Altstadt geschlossen"),
        ("<div class=article-title>Le port de la vieille ville fermé</div>", "Le port de la vieille ville fermé"),
        ("<h2>Cierran el puerto de la ciudad</h2>", "Cierran el puerto de la ciudad"),
        ("<p><span style='font-size: 20px'><b>Порт старого города закрыт</b></span></p>", "Порт старого города закрыт"),
    ],
)
def test_a_line_made_like_a_headline_is_one_where_the_title_names_the_site(markup: str, headline: str) -> None:
    assert read(f"<div>Monday</div>{markup}<p>By Jane Miller</p>", title="The Paper Online").headline == headline


@pytest.mark.parametrize("title", [f"{H} - Local news - The Paper", f"Local news - {H} - The Paper", f"The Paper - Local news - {H}"])
def test_an_h1_with_the_name_of_the_section_is_none(title: str) -> None:
    assert read(f"<h1>Local news</h1><h2>{H}</h2>", title=title).headline == H


def test_a_short_h1_of_chinese_characters_is_one() -> None:
    assert read("<div>百科，自由的百科全书</div><h1>雄安新区</h1>", title="雄安新区 - 百科，自由的百科全书").headline == "雄安新区"


def test_what_stands_before_a_colon_and_is_no_name_is_kept_beside_the_headline() -> None:
    article = read(f"<h2>{H}</h2>", title=f"Lost at sea: {H}")
    assert (article.headline, article.headline_alternatives) == (H, (f"Lost at sea: {H}",))


def test_a_meta_headline_is_one() -> None:
    assert read("", title="The Paper", head=f'<meta name="Headline" content="{H}">').headline == H


def test_the_heading_over_the_story_goes_before_one_in_the_breadcrumb() -> None:
    crumbs = "<nav class=breadcrumb><a href=/>Home</a> <h1>Storm news: harbour closed, ferries stopped</h1></nav>"
    article = read(f"{crumbs}<article><h2>{H}</h2>", title="Storm news: harbour closed, ferries stopped", ld=H)
    assert article.headline == H
    assert article.headline_alternatives == ("Storm news: harbour closed, ferries stopped",)


@pytest.mark.parametrize(
    ("heading", "headline"),
    [
        (
            '<span class="a1">"Es wird bald beginnen"</span><span class="a2">Der Kapitän steuert das letzte Boot</span>',
            "Der Kapitän steuert das letzte Boot",
        ),
        (
            '<span class="c-up">Fin d\'une époque </span><span class="c-t">Le capitaine mène le dernier bac</span>',
            "Le capitaine mène le dernier bac",
        ),
    ],
)
def test_elements_of_two_makes_are_kicker_and_headline_though_json_ld_has_both(heading: str, headline: str) -> None:
    whole = re.sub(r"<[^>]+>", " ", heading)
    head = f'<title>{headline} | The Paper</title><script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": whole})}</script>'
    body = "".join(
        f"<p>{'The boat went over the wide river for the last time on Monday evening, and many people came. ' * 3}</p>" for _ in range(3)
    )
    found = read_generic(page(f"<html><head>{head}</head><body><article><h1>{heading}</h1>{body}</article></body></html>"))
    assert found.headline == headline
    assert any("beginnen" in one or "époque" in one for one in found.headline_alternatives)


def test_a_quotation_that_ends_is_parted_from_what_follows() -> None:
    heading = "<b>„Wir bleiben“</b><i>Der Kapitän steuert das letzte Boot über den Fluss</i>"
    found = read_generic(
        page(
            f"<html><body><article><h1>{heading}</h1><p>{'Das Boot fuhr zum letzten Mal über den Fluss. ' * 9}</p></article></body></html>"
        )
    )
    assert found.headline is not None
    assert "“Der" not in found.headline


def test_the_second_of_two_makes_is_the_headline_if_machine_words_are_more_like_it() -> None:
    heading = (
        '<span class="block red">Collapse of the river bank</span> <span class="black">Central bank admits faults in its supervision</span>'
    )
    found = read(f"<h1>{heading}</h1>", title="River bank: Reserve admits faults in its supervision")
    assert found.headline == "Central bank admits faults in its supervision"
    assert "Collapse of the river bank Central bank admits faults in its supervision" in found.headline_alternatives


def test_the_first_of_two_makes_stays_if_machine_words_are_more_like_it() -> None:
    heading = '<span class="big">Central bank admits faults</span> <span class="small">What a collapse in the west has to do with rivers and mills</span>'
    found = read(f"<h1>{heading}</h1>", title="Central bank admits its faults")
    assert found.headline is not None
    assert found.headline.startswith("Central bank admits faults")


def test_a_heading_that_is_passed_over_is_an_alternative() -> None:
    found = read(
        "<h1>Autumn rain</h1><h2>The weathermen and their revolution</h2>",
        title="Autumn rain - The weathermen and their revolution",
    )
    assert "Autumn rain" in {found.headline, *found.headline_alternatives}
    assert "The weathermen and their revolution" in {found.headline, *found.headline_alternatives}
