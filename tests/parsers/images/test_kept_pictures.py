"""Which pictures of a page are the article's: kept where they are printed for it, left out where they belong to the page around it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.items import Article, Image
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

URL = "https://gazette.example/harbour/ice"
PROSE = [
    "The harbour was closed for a second day on Monday because the ice had grown thicker than the breakers can cut, the pilots said.",
    "Some forty ships wait outside the mole, most of them with fruit, and their owners have begun to count what the delay costs them.",
    "A thaw is expected by the end of the week, when the wind turns, but nobody at the signal station wanted to promise anything.",
    "The last winter in which the harbour froze is remembered by the oldest of the pilots only, who was then a boy of nine years.",
]
PICTURE = "<img src=/p/ice-2026.jpg width=1200 height=800 alt='Ships in the ice'>"
FIGURE = f"<figure>{PICTURE}<figcaption>Ships wait outside the mole. Photo: Ada Berg</figcaption></figure>"


def article(inside: str = "", *, head: str = "", above: str = "", after: str = "", before: str = "") -> Article:
    text = [f"<p>{line}</p>" for line in PROSE]
    html = (
        f"<html><head><title>Harbour closed by ice</title>{head}</head><body>{before}<div id=wrap><article><h1>Harbour closed by ice</h1>"
        f"{above}{text[0]}{text[1]}{inside}{text[2]}{text[3]}</article>{after}</div></body></html>"
    )
    return parse(Page.from_text(URL, datetime(2026, 3, 2, tzinfo=UTC), html))


def files(images: tuple[Image, ...]) -> list[str]:
    return [image.url.rsplit("/", 1)[-1] for image in images]


@pytest.mark.parametrize(
    "inside",
    [
        FIGURE,
        PICTURE + "<p class=caption>Ships wait outside the mole. Photo: Ada Berg</p>",
        f"<div class=image>{PICTURE}<div class=caption>Ships wait outside the mole. Photo: Ada Berg</div></div>",
        f"<table><tr><td>{PICTURE}<tr><td>Ships wait outside the mole. Photo: Ada Berg</table>",
        f"<figure><a href=/p/ice-2026.jpg>{PICTURE}</a><figcaption>Ships wait outside the mole. Photo: Ada Berg</figcaption></figure>",
        f"<figure><picture><source srcset='/p/ice-2026.webp 600w'>{PICTURE}</picture><figcaption>Ships wait outside the mole. Photo: Ada Berg</figcaption></figure>",
        f"<figure>{PICTURE}<figcaption><span>Ships wait outside the mole.</span> <span class=credit>Photo: Ada Berg</span></figcaption></figure>",
        f"<figure>{PICTURE}<figcaption>Ships wait outside the mole.<small>Photo: Ada Berg</small></figcaption></figure>",
    ],
)
def test_a_picture_in_the_text_has_its_caption_and_credit(inside: str) -> None:
    (image,) = article(inside).images
    assert image.url.rsplit("/", 1)[-1].startswith("ice-2026.")
    assert (image.caption, image.credit) == ("Ships wait outside the mole.", "Ada Berg")


@pytest.mark.parametrize(
    "inside",
    [
        "<img src=/icons/share.svg>",
        "<img src=/static/logo.png alt=Logo>",
        "<img src=/p/pixel.gif width=1 height=1>",
        "<img src=https://stats.example/count?id=7 width=1 height=1>",
        "<img src=data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP>",
        "<div class=share-buttons><img src=/p/facebook-2026.png></div>",
        "<aside><h4>More on this</h4><a href=/harbour/thaw><img src=/p/thaw-2026.jpg><span>Thaw expected</span></a></aside>",
        "<div class=related><a href=/harbour/thaw><img src=/p/thaw-2026.jpg></a><a href=/harbour/thaw>Thaw expected by Friday</a></div>",
        "<div class=newsletter><img src=/p/letter-2026.jpg><p>Subscribe to our newsletter</p></div>",
        "<div class=advertisement><a href=https://shop.example/><img src=/p/boots-2026.jpg></a></div>",
        "<div hidden><img src=/p/hidden-2026.jpg></div>",
    ],
)
def test_what_belongs_to_the_page_around_it_is_left_out(inside: str) -> None:
    assert files(article(inside).images) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<header><a href=/><img src=/p/masthead-2026.png width=600 height=90></a></header>", ""),
        ("<nav><a href=/a><img src=/p/menu-2026.jpg></a></nav>", ""),
        ("", "<footer><img src=/p/award-2026.png></footer>"),
        ("", "<section class=latest><a href=/a><img src=/p/a-2026.jpg><h3>Another story of the day</h3></a><a href=/b><img src=/p/b-2026.jpg><h3>And one more</h3></a></section>"),
        ("", "<div class=comments><img src=/avatars/reader.png width=48 height=48><p>Well said!</p></div>"),
    ],
)
def test_pictures_outside_the_article_are_none_of_its(before: str, after: str) -> None:
    assert files(article(FIGURE, before=before, after=after).images) == ["ice-2026.jpg"]


@pytest.mark.parametrize(
    "above",
    [
        "<div class=author><img src=/people/ada-berg.jpg width=80 height=80><a href=/people/ada>Ada Berg</a></div>",
        "<p class=byline><img src=/people/ada-berg.jpg alt='Ada Berg'> By Ada Berg</p>",
        "<a rel=author href=/people/ada><img src=/people/ada-berg.jpg>Ada Berg</a>",
    ],
)
def test_the_portrait_of_the_author_is_no_picture_of_the_story(above: str) -> None:
    found = article(FIGURE, above=above, head="<meta name=author content='Ada Berg'>")
    assert files(found.images) == ["ice-2026.jpg"]
    assert found.authors == ("Ada Berg",)


def test_the_lead_picture_above_the_text_comes_first() -> None:
    lead = "<figure><img src=/p/mole-2026.jpg><figcaption>The mole on Monday. (Reuters)</figcaption></figure>"
    found = article(FIGURE, above=lead)
    assert files(found.images) == ["mole-2026.jpg", "ice-2026.jpg"]
    assert [image.credit for image in found.images] == ["Reuters", "Ada Berg"]
    assert [image.agency for image in found.images] == ["Reuters", None]
    assert [block.image for block in found.blocks if block.kind == "picture"] == [0, 1]


@pytest.mark.parametrize(
    "other",
    [
        "<figure><img src=/p/ice-2026-300x200.jpg><figcaption>Ships wait outside the mole. Photo: Ada Berg</figcaption></figure>",
        f"<noscript>{PICTURE}</noscript>",
        "<img src=/p/ice-2026.jpg?w=300>",
    ],
)
def test_one_picture_shown_twice_is_one(other: str) -> None:
    assert len(article(FIGURE + other).images) == 1


def test_pictures_keep_the_order_of_the_page_and_each_its_own_words() -> None:
    figures = "".join(f"<figure><img src=/p/ship-{n}.jpg><figcaption>Ship number {n} in the ice. Photo: Ada Berg</figcaption></figure>" for n in range(1, 6))
    found = article(figures)
    assert [(file, image.caption, image.credit) for file, image in zip(files(found.images), found.images, strict=True)] == [
        (f"ship-{n}.jpg", f"Ship number {n} in the ice.", "Ada Berg") for n in range(1, 6)
    ]


@pytest.mark.parametrize(
    ("caption", "said", "credit"),
    [
        ("Ships wait outside the mole.", "Ships wait outside the mole.", None),
        ("Photo: Ada Berg", None, "Ada Berg"),
        ("Ships wait outside the mole. © Reuters", "Ships wait outside the mole.", "Reuters"),
        ("Ships (left) and the mole (right). Photo: Ada Berg", "Ships (left) and the mole (right).", "Ada Berg"),
        ("", None, None),
    ],
)
def test_captions_and_credits_are_told_apart_or_absent(caption: str, said: str | None, credit: str | None) -> None:
    (image,) = article(f"<figure><img src=/p/ice-2026.jpg><figcaption>{caption}</figcaption></figure>").images
    assert (image.caption, image.credit) == (said, credit)
    assert image.raw == (caption or None)


def test_a_paragraph_behind_a_picture_is_no_caption() -> None:
    found = article("<img src=/p/ice-2026.jpg width=1200 height=800>")
    assert [image.caption for image in found.images] == [None]
    assert found.body.splitlines() == PROSE


def test_alternative_text_is_kept_beside_the_caption() -> None:
    (image,) = article(FIGURE).images
    assert image.alt == "Ships in the ice"
