"""What the generic reader makes of pages whose makers left no class, no link, or no name where one would expect it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

PROSE = [
    "The harbour was closed for a second day on Monday because the ice had grown thicker than the breakers can cut, the pilots said.",
    "Some forty ships wait outside the mole, most of them with fruit, and their owners have begun to count what the delay costs them.",
    "A thaw is expected by the end of the week, when the wind turns, but nobody at the signal station wanted to promise anything.",
]


def read(
    inside: str = "", *, head: str = "", above: str = "", after: str = "", url: str = "https://gazette.example/harbour/ice"
) -> Article:
    body = "".join(f"<p>{text}</p>" for text in PROSE[1:])
    page = (
        f"<html lang=en><head><title>Harbour closed by ice</title>{head}</head><body><article><h1>Harbour closed by ice</h1>{above}"
        f"<p>{PROSE[0]}</p>{inside}{body}{after}</article></body></html>"
    )
    return parse(Page.from_text(url, datetime(2026, 3, 2, tzinfo=UTC), page))


def figure(caption: str, picture: str = "<img src=/p/ice-2026.jpg>") -> str:
    return f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"


def linked(**article: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', 'headline': 'Harbour closed by ice', **article})}</script>"


@pytest.mark.parametrize(
    ("printed", "caption", "credit", "agency"),
    [
        ("<div class=a>Ships wait at the mole <span class=b>Getty Images</span></div>", "Ships wait at the mole", "Getty Images", "Getty Images"),
        ("Ships wait at the mole.<footer>Ann Lee</footer>", "Ships wait at the mole.", "Ann Lee", None),
        ("Ships wait. <span class=credit>Photo by ANN LEE</span> /<span>AFP via Getty Images</span>", "Ships wait.", "ANN LEE /AFP via Getty Images", "AFP"),
        ("<span class=CaptionText>Ships wait</span><span class=CaptionCredit-x1>Photograph by Ann Lee</span>", "Ships wait", "Ann Lee", None),
        ("Ships wait outside <span>Old Harbour</span>", "Ships wait outside Old Harbour", None, None),
        ("The pilots Ann Lee, Jo Roe (D., North), and the harbour master of the town", "The pilots Ann Lee, Jo Roe (D., North), and the harbour master of the town", None, None),
    ],
)  # fmt: skip
def test_caption_and_credit_part_at_their_elements(printed: str, caption: str, credit: str | None, agency: str | None) -> None:
    assert [(i.caption, i.credit, i.agency) for i in read(figure(printed)).images] == [(caption, credit, agency)]


def test_a_line_of_rights_is_a_credit() -> None:
    assert [(i.caption, i.credit) for i in read(figure("Copyright The Gazette")).images] == [(None, "The Gazette")]


def test_a_caption_behind_the_figure_wins_over_a_button_in_it() -> None:
    found = read(
        "<div><figure><img src=/p/ice-2026.jpg><div>View 3 Images</div></figure><figcaption>Ships wait (Image: Ann Lee)</figcaption></div>"
    )
    assert [(i.caption, i.credit) for i in found.images] == [("Ships wait", "Ann Lee")]


def test_a_picture_shown_only_without_scripts_is_found_once() -> None:
    only = read(figure("Ships wait at the mole.", "<div class=lazy></div><noscript><img src=/p/ice-2026.jpg></noscript>"))
    both = read(figure("Ships wait at the mole.", "<img data-src=/p/ice-2026.jpg><noscript><img src=/p/ice-small.jpg></noscript>"))
    assert [i.url for i in only.images] == [i.url for i in both.images] == ["https://gazette.example/p/ice-2026.jpg"]


def test_sources_are_read_as_void_and_under_any_lazy_name() -> None:
    picture = "<picture><source data-lazyload-srcset='/p/ice-1800.jpg 1800w, /p/ice-300.jpg 300w'><source srcset='data:image/gif;base64,R0'><img src='data:,'></picture>"
    assert [i.url for i in read(figure("Ships wait at the mole.", picture)).images] == ["https://gazette.example/p/ice-1800.jpg"]


def test_teasers_and_portraits_are_left_out() -> None:
    teaser = "<a href=/other/story>" + figure("A new breaker for the fleet", "<img src=/p/breaker.jpg>") + "</a>"
    portrait = "<div><img src=/p/roe.jpg alt='Jane Roe'><div>By Jane Roe, 2 March 2026</div></div>"
    found = read(figure("Ships wait at the mole.") + teaser, above=portrait, head=linked(author="Jane Roe"))
    assert [i.url for i in found.images] == ["https://gazette.example/p/ice-2026.jpg"]


@pytest.mark.parametrize(
    ("head", "above", "names"),
    [
        (linked(author={"@type": "Organization", "name": "dpa"}), "", ("dpa",)),
        (linked(author={"@type": "Organization", "name": "dpa"}), "<p class=byline>By Jane Roe</p>", ("Jane Roe",)),
        (linked(author={"@type": "Person", "name": "Jane Roe"}), "<p class=byline>By Jane Roe and Ann Lee</p>", ("Jane Roe", "Ann Lee")),
        (linked(author={"@type": "Person", "name": "Jane Roe"}), "<p class=byline>By Jane Roe, Trainee</p>", ("Jane Roe",)),
        (linked(author=[{"@type": "Person", "givenName": "Jane", "familyName": "Roe"}]), "", ("Jane Roe",)),
        ("<meta name=author value='Jane Roe'>", "", ("Jane Roe",)),
        ("<meta name=author content='Roe, Jane'>", "", ("Jane Roe",)),
        ("", "<ul><li><a href=/staff/editors/roe>Jane Roe</a></li></ul>", ("Jane Roe",)),
        ("", "<p class=authorname-txt>Jane Roe</p>", ("Jane Roe",)),
    ],
)
def test_authors(head: str, above: str, names: tuple[str, ...]) -> None:
    assert read(head=head, above=above).authors == names


def test_authors_of_other_stories_are_left_out() -> None:
    others = "".join(f"<div class=story><h3>Story {name}</h3><span itemprop=author>{name}</span></div>" for name in ("Bo Dahl", "Cy Falk"))
    assert read(above="<p><span itemprop=author>Jane Roe</span></p>", after=f"<section>{others}</section>").authors == ("Jane Roe",)


def test_the_body_json_ld_tells_stands_in_for_a_page_without_one() -> None:
    page = f"<html><head>{linked(articleBody=' '.join(PROSE))}</head><body><h1>Harbour closed by ice</h1><p>Subscribe</p></body></html>"
    found = parse(Page.from_text("https://gazette.example/ice", datetime(2026, 3, 2, tzinfo=UTC), page))
    assert ([b.text for b in found.blocks], found.read_by["blocks"]) == ([" ".join(PROSE)], "jsonld articleBody")


def test_lines_that_are_links_as_a_whole_are_no_body() -> None:
    teaser = "<p><a href=/other/story>Why the breakers of the northern fleet are too small for a winter such as this one</a></p>"
    assert [b.text for b in read(teaser).blocks] == PROSE


def test_a_figure_that_leads_to_a_shop_stays_and_one_to_another_story_goes() -> None:
    shop = "<a href=https://shop.example/boots>" + figure("Boots for the ice.", "<img src=/p/boots.jpg>") + "</a>"
    story = "<a href=/other/story>" + figure("A new breaker for the fleet", "<img src=/p/breaker.jpg>") + "</a>"
    assert [i.url for i in read(shop + story).images] == ["https://gazette.example/p/boots.jpg"]
