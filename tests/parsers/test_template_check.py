"""A template's reading must pass its own test: the headline is printed, something stands under it, and no more than half of it is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.document.selectors import css
from crawler.parsers.template import Template, parse
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered

PARAGRAPHS = [
    f"Paragraph {n} says of the harbour, the ferry and the lamp what the {n - 1} paragraphs before it have left unsaid, and no more."
    for n in range(1, 10)
]


def read(body: str, *, box: str = ".text", asides: str = "", generic: bool = True) -> Article:
    text = Ordered(Order(headline=("h1",), body=(box,)))
    template = Template(name="dated", mark=css("h1"), headline=text.headline(), blocks=text.blocks(), images=text.images())
    page = (
        f"<html lang=en><head><title>The lamp is lit</title></head><body><main><h1>The lamp is lit</h1>{body}</main>{asides}</body></html>"
    )
    return parse(Page.from_text("https://a.example/1", datetime(2026, 1, 1, tzinfo=UTC), page), [template], generic=generic)


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


CUT = f"<div class=text>{paragraphs(PARAGRAPHS[:2])}</div><div class=more>{paragraphs(PARAGRAPHS[2:])}</div>"


def test_a_body_of_which_the_layout_knows_only_the_beginning_goes_to_the_generic_reader_and_says_so() -> None:
    article = read(CUT)
    assert article.template == "generic"
    assert article.problems == ("template-failed: dated: the body is less than half of what the generic reader finds",)
    assert article.body.split("\n") == PARAGRAPHS


def test_without_the_generic_reader_it_comes_back_as_it_is() -> None:
    assert read(CUT, generic=False).body.split("\n") == PARAGRAPHS[:2]


@pytest.mark.parametrize(
    "page",
    [
        {"body": f"<div class=text>{paragraphs(PARAGRAPHS)}</div>"},
        {"body": f"<div class=text>{paragraphs(PARAGRAPHS[:2])}</div><p>{PARAGRAPHS[2]}</p>"},
        {
            "body": f"<div class=text>{paragraphs(PARAGRAPHS[:2])}</div>",
            "asides": "<section class=comments><h2>Comments</h2>"
            + "".join(f"<div class=comment>{text[::-1]}</div>" for text in PARAGRAPHS)
            + "</section>",
        },
    ],
    ids=["whole", "one paragraph more", "long comments"],
)
def test_a_body_that_is_right_stays(page: dict[str, str]) -> None:
    article = read(**page)
    assert (article.template, article.problems) == ("dated", ())
