"""Fields read by the order of a page's text: with every selector unknown, with some known, and in the ways in which pages differ."""

from __future__ import annotations

from typing import Any

import pytest
from small_pages import page

from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered

BARE = Order()
ONE = "The town council voted on Monday to keep the old bridge, after four hours of debate and three petitions."
TWO = "The bridge was built in 1911 and carries two thousand cars a day, twice as many as its makers had planned for."
THREE = "Repairs will begin in the spring and may take until the end of next year, the council’s engineer said."
WORDS = Order(
    paper=r"^Courier\s*[-|]\s*", closing=r"can also be read at\s*:?", ends=r"^(?:share this story|related stories)$", furniture=r"^(?:print|share)$", place=r"Courier,\s+\w+$",
    story_link=r"/story/\d+", related="//div[@class='more']", picture_noise=r"/icons/",
)  # fmt: skip


def html(
    *, head: str = "", before: str = "", byline: str = "", date: str = "<div>Monday, 04 May 2026 6:02 PM</div>", inside: str = "", after: str = "", headline: str = "Council keeps the old bridge",
) -> str:  # fmt: skip
    return (
        f"<html><head><title>Courier - {headline}</title>{head}</head><body>{before}<main><h1>{headline}</h1>{date}{byline}"
        f"<p>{ONE}</p>{inside}<p>{TWO}</p><p>{THREE}</p></main>{after}</body></html>"
    )


def read(field: str, text: str, order: Order = WORDS, **more: Any) -> Any:
    """The value of one field."""
    found = getattr(Ordered(order), field)(**more)(page(text, url="https://courier.example/story/100"))
    return found.value if found else None


@pytest.mark.parametrize("order", [BARE, WORDS, Order(headline=("h1",), body=("main",)), Order(headline=("h7", "main h1"), body=(".nosuch",))])
def test_headline_and_body_are_found_with_and_without_selectors(order: Order) -> None:
    text = html()
    assert read("headline", text, order) == "Council keeps the old bridge"
    assert [block.text for block in read("blocks", text, order) if block.kind == "paragraph"] == [ONE, TWO, THREE]


@pytest.mark.parametrize(
    ("head", "titles"),
    [
        ("", None),
        ('<meta property="og:title" content="Courier - Bridge stays">', ("Bridge stays",)),
        ('<meta property="og:title" content="Courier - COUNCIL KEEPS THE OLD BRIDGE!">', None),
        ('<meta name="twitter:title" content="Courier | Bridge stays">', ("Bridge stays",)),
    ],
)
def test_other_titles_of_the_head_without_the_papers_name(head: str, titles: tuple[str, ...] | None) -> None:
    assert read("titles", html(head=head)) == titles


@pytest.mark.parametrize(
    ("head", "deck"),
    [
        ("", None),
        ('<meta name="description" content="A vote after four hours.">', "A vote after four hours."),
        ('<meta property="og:description" content="A vote after four hours.">', "A vote after four hours."),
        ('<meta name="description" content="Repairs will begin in the spring and may take until the end of next year, the councils engineer said.">', THREE),
        ('<meta name="description" content="">', None),
    ],
)
def test_the_deck_is_the_description_with_the_marks_of_the_print(head: str, deck: str | None) -> None:
    assert read("deck", html(head=head)) == deck


@pytest.mark.parametrize(
    ("date", "published", "raw", "modified"),
    [
        ("<div>Monday, 04 May 2026 6:02 PM</div>", "2026-05-04T18:02:00+00:00", "Monday, 04 May 2026 6:02 PM", None),
        ("<div>Monday, 04 May 2026 6:02 PM [ Last Update: Tuesday, 05 May 2026 9:15 AM ]</div>", "2026-05-04T18:02:00+00:00", "Monday, 04 May 2026 6:02 PM", "2026-05-05T09:15:00+00:00"),
        ("<div>Monday, 04 May 2026 6:02 PM [ Last Update: Monday, 04 May 2026 6:02 PM ]</div>", "2026-05-04T18:02:00+00:00", "Monday, 04 May 2026 6:02 PM", None),
        ("<div>4 May 2026</div>", "2026-05-04", "4 May 2026", None),
        ("", None, None, None),
    ],
)
def test_dates_as_printed(date: str, published: str | None, raw: str | None, modified: str | None) -> None:
    text = html(date=date)
    assert [value.iso("UTC")[0] if (value := read(field, text)) else None for field in ("published", "modified")] == [published, modified]
    assert read("published_raw", text) == raw


def test_the_whole_date_line_where_it_is_wanted() -> None:
    line = "Mon May 04, 2026 06:02PM [Updated: Tue May 05, 2026 09:15AM ]"
    assert read("published_raw", html(date=f"<div>{line}</div>"), whole=True) == line


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("<p>Ada Moore</p><p>Courier, Alderhaven</p>", ("Ada Moore",)),
        ("<p>By Ada Moore</p>", ("Ada Moore",)),
        ("<p>By Ada Moore and Ben Lee</p>", ("Ada Moore", "Ben Lee")),
        ("", None),
        ("<p>Print</p>", None),
    ],
)
def test_reporters_in_the_byline_and_not_in_the_body(byline: str, authors: tuple[str, ...] | None) -> None:
    text = html(byline=byline)
    assert read("authors", text) == authors
    assert [block.text for block in read("blocks", text) if block.kind == "paragraph"] == [ONE, TWO, THREE]


@pytest.mark.parametrize(
    ("before", "crumbs", "section"),
    [
        ("<div><a href=/>Home</a> / <a href=/town>Town</a></div>", ["Home", "Town"], "Town"),
        ("<ol class=breadcrumb><li><a href=/>Home</a><li><a href=/town>Town</a><li>Council</ol>", ["Home", "Town", "Council"], "Council"),
        ("", None, None),
    ],
)
def test_the_breadcrumb_and_its_last_entry(before: str, crumbs: list[str] | None, section: str | None) -> None:
    found = read("breadcrumb", html(before=before))
    assert ([crumb.text for crumb in found] if found else None) == crumbs
    assert read("section", html(before=before)) == section


@pytest.mark.parametrize("line", ["<p>Share</p>", "<p>PRINT</p>", "<div>share</div>"])
def test_furniture_is_no_text_wherever_it_stands(line: str) -> None:
    assert [block.text for block in read("blocks", html(inside=line)) if block.kind == "paragraph"] == [ONE, TWO, THREE]


@pytest.mark.parametrize("after", ["<div>Share this story</div><p>Another text that is long enough to be a paragraph of a story.</p>", "<h3>Related stories</h3><ul><li><a href=/story/7>Another</a></ul>"])
def test_the_body_ends_at_the_words_that_end_it(after: str) -> None:
    assert [block.text for block in read("blocks", html(after=after)) if block.kind == "paragraph"] == [ONE, TWO, THREE]


def test_headings_quotes_and_lists_keep_their_kinds() -> None:
    inside = "<h2>What comes next</h2><blockquote><p>We will miss the creaking of its boards.</p></blockquote><ul><li>First the piers</li><li>Then the deck</li></ul>"
    kinds = [(block.kind, block.text) for block in read("blocks", html(inside=inside)) if block.kind not in ("paragraph", "picture")]
    assert kinds == [("heading", "What comes next"), ("quote", "We will miss the creaking of its boards."), ("list", "First the piers\nThen the deck")]


PICTURE = '<figure><img src="/photo/bridge-2026.jpg"><figcaption>The bridge at dawn. (Photo by Reuters)</figcaption></figure>'


def test_a_picture_stands_where_it_is_printed_with_caption_and_credit() -> None:
    text = html(inside=PICTURE)
    (image,) = read("images", text)
    assert (image.url, image.caption, image.credit, image.raw) == (
        "https://courier.example/photo/bridge-2026.jpg", "The bridge at dawn.", "Reuters", "The bridge at dawn. (Photo by Reuters)",
    )  # fmt: skip
    assert [block.kind for block in read("blocks", text)] == ["paragraph", "picture", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("shared", "urls"),
    [
        ("https://courier.example/photo/bridge-2026.jpg", ["https://courier.example/photo/bridge-2026.jpg"]),
        ("https://courier.example/photo/other-1999.jpg", ["https://courier.example/photo/other-1999.jpg", "https://courier.example/photo/bridge-2026.jpg"]),
        ("https://courier.example/icons/logo.png", ["https://courier.example/photo/bridge-2026.jpg"]),
        ("", ["https://courier.example/photo/bridge-2026.jpg"]),
    ],
)
def test_the_picture_of_the_head_is_the_lead_where_the_page_shows_no_other(shared: str, urls: list[str]) -> None:
    found = read("images", html(head=f'<meta property="og:image" content="{shared}">', inside=PICTURE))
    assert [image.url for image in found] == urls


def test_icons_are_no_pictures() -> None:
    assert read("images", html(inside='<img src="/icons/print.png">')) is None


def test_a_related_box_leads_to_another_story_and_its_words_are_no_body() -> None:
    box = '<div class=more><a href="/story/7"><img src="/photo/seven.jpg"></a><a href="/story/7">Ferries replace the bridge</a></div>'
    text = html(inside=box)
    assert [(link.url, link.text) for link in read("related", text)] == [("https://courier.example/story/7", "Ferries replace the bridge")]
    assert [block.text for block in read("blocks", text) if block.kind == "paragraph"] == [ONE, TWO, THREE]
    assert read("images", text) is None


@pytest.mark.parametrize(
    ("after", "hosts"),
    [
        ("<p>The Courier can also be read at: www.courier.example</p>", ("www.courier.example",)),
        ("<p>The Courier can also be read at:</p><p>www.courier.example</p><p>courier.example.net</p>", ("www.courier.example", "courier.example.net")),
        ("<p>The Courier can also be read at:</p><ul><li><a href=http://www.courier.example>here</a></ul>", ("www.courier.example",)),
        ("<p>The Courier can also be read at:</p><a href=http://www.courier.example><img src=/uk.png></a>", ("www.courier.example",)),
        ("<p>The Courier can also be read at:</p>", None),
        ("<p>The Courier is printed on Mondays.</p>", None),
    ],
)
def test_hosts_behind_the_closing_sentence(after: str, hosts: tuple[str, ...] | None) -> None:
    assert read("alternates", html(after=after)) == hosts


def test_keys_of_pictures_are_the_sites_where_it_has_a_pattern() -> None:
    order = Order(picture_key=r"/photo/\d+/(?P<key>[^/.]+)")
    assert order.key_of("https://a.example/photo/2026/Bridge.jpg?w=9") == "bridge"
    assert order.key_of("https://a.example/other/Bridge-2026.jpg?w=9") == BARE.key_of("https://b.example/q/bridge-2026.jpg") == "bridge-2026.jpg"


@pytest.mark.parametrize("text", ["<html></html>", "<html><body><p>One line.</p></body></html>", "<html><head><title>Courier - Only a title</title></head></html>"])
def test_pages_with_next_to_nothing_raise_nothing(text: str) -> None:
    for field in ("headline", "titles", "deck", "blocks", "images", "authors", "published", "published_raw", "modified", "breadcrumb", "section", "related", "alternates"):
        read(field, text)
