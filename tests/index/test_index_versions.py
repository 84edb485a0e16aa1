"""Which readings are one version, and what differs between two."""

from __future__ import annotations

import pytest
from index_makers import article

from crawler.index.text_digest import text_digest
from crawler.items import Article, Block, Image


@pytest.mark.parametrize(
    "same",
    [
        article(
            tags=("sea",), template="other", published="2020-01-01", section="City", authors=("Ada",), canonical_url="https://x.example/"
        ),
        article("Ferry\u00a0runs \u200b again "),
        article("Ferry runs a\u00adgain\u200f"),
        article(body="The ferry runs\u200cagain. It had been idle."),
        article(images=(Image(url="https://elsewhere.example/b.jpg"), *article().images)),
    ],
)
def test_what_makes_no_version(same: Article) -> None:
    assert text_digest(same) == text_digest(article())


@pytest.mark.parametrize(
    "other",
    [
        article("Ferry Runs again"),
        article("“Ferry” runs again"),
        article(deck=None),
        article(body="The ferry runs again.\nIt had been busy."),
        article(images=()),
        article(images=(Image(url="u", caption="The ferry at its pier", credit="Photo by A. Berg"),)),
        article(images=(Image(url="u", caption="Photo by Ada Berg", credit="The ferry at its pier"),)),
        article("Ferry runs again After nine days.", deck=None),
    ],
)
def test_what_makes_a_version(other: Article) -> None:
    assert text_digest(other) != text_digest(article())


def test_composed_and_decomposed_letters_are_one() -> None:
    assert text_digest(article("Ünal")) == text_digest(article("U\u0308nal"))


def test_a_lone_surrogate_has_a_digest() -> None:
    assert text_digest(article("\ud800")).startswith("sha256:")


def test_captions_count_but_related_boxes_do_not() -> None:
    with_box = article(blocks=(*article().blocks, Block(kind="related", text="See also")))
    assert text_digest(with_box) == text_digest(article())


def test_words_of_a_post_and_its_address_count() -> None:
    post = Block(kind="embed", text="The pier is shut.", url="https://social.example/1")
    digests = {
        text_digest(article(blocks=(*article().blocks, *more))) for more in ((), (post,), (Block(kind="embed", text="The pier is shut."),))
    }
    assert len(digests) == 3
