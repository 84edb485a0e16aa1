"""Pages whose templates, `noscript` or graphics libxml2 reads otherwise than browsers: what of the source is changed, and that no other is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_pages import page

from crawler.parsers.markup.html_repair import SHADOW, UNCLOSED, repaired


@pytest.mark.parametrize(
    "text",
    [
        "", "<p>One", "<html><body><p>a template of words</p>", "<svg><path d='M0 0'/></svg><p>x", "<noscript><img src=a></noscript><p>x", "<noscript><div>x</div></noscript>",
        "<script>var t = '<template>'</script>x", "<p title='<template>'>x", "<!-- <template> --><p>x", "<textarea><svg></textarea>", "templates and math",
    ],
)  # fmt: skip
def test_what_needs_no_change_is_the_very_same_text(text: str) -> None:
    found = repaired(text)
    assert found.text == text
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<template><p>no</p></template><p>yes", "<p>yes"),
        ("<p>one<template>no</template>two</p>", "<p>onetwo</p>"),
        ("<TEMPLATE>no</TEMPLATE>yes", "yes"),
        ("<template><template>no</template>no</template>yes", "yes"),
        ("<template id=x data-a='>'>no</template >yes", "yes"),
        ("<template><script>'</template>'</script>no</template>yes", "yes"),
        ("<template shadowrootmode=open><p>shown</p></template>yes", f"<{SHADOW} shadowrootmode=open><p>shown</p></{SHADOW}>yes"),
        ("<template shadowrootmode='closed'>a<template>no</template>b</template>", f"<{SHADOW} shadowrootmode='closed'>ab</{SHADOW}>"),
        ("yes</template>more", "yes</template>more"),
        ("<noscript><div>left open</noscript><p>x", "<noscript><div>left open</div></noscript><p>x"),
        ("<noscript><p><b>x</noscript>y", "<noscript><p><b>x</b></noscript>y"),
        ("<noscript>a</div>b</noscript><p>x<template></template>", "<noscript>ab</noscript><p>x"),
        ("<noscript><!-- open</noscript>x<template></template>", "<noscript></noscript>x"),
    ],
)
def test_what_is_changed(text: str, left: str) -> None:
    assert repaired(text).text == left


def test_a_template_without_an_end_is_told_and_what_is_in_it_is_no_part_of_the_page() -> None:
    found = repaired("<p>yes<template><p>no")
    assert (found.text, found.problems) == ("<p>yes", (UNCLOSED,))


@pytest.mark.parametrize(
    ("text", "graphics", "images"),
    [
        ("<p>x", False, False), ("<svg><g/></svg>", False, False), ("<svg><p>out</p></svg>", True, False), ("<math><mi>x</mi></math>", False, False), ("<math><b>x</b></math>", True, False),
        ("<svg><svg></svg></svg>", True, False), ("<image src=a>", False, True), ("<svg><image href=a></svg>", False, True),
    ],
)  # fmt: skip
def test_graphics_and_images_are_pointed_out(text: str, graphics: bool, images: bool) -> None:
    found = repaired(text)
    assert (found.graphics, found.images) == (graphics, images)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<body><template><p>no</p></template><p>yes</p>", "yes"),
        ("<body><noscript><div>in</noscript><p>yes</p>", "inyes"),
        ("<body><svg><title>Logo<path/></svg><p>yes</p>", "Logoyes"),
        ("<body><svg><p>out</p></svg>yes", "outyes"),
        ("<body><p>one</p></body></html><p>two</p>", "onetwo"),
        ("<html><body>one</body></html><html><body>two</body></html>", "onetwo"),
        ("<html><head><title>t</title><p>one</p>", "tone"),
        ("<body><image src=/a.jpg>x", "x"),
    ],
)
def test_no_word_of_a_page_is_lost(html: str, words: str) -> None:
    assert "".join("".join(page(html).root.itertext()).split()) == words


PIECES = [*"<>/= '\"!-ax\n", "template", "noscript", "svg", "script", "title", "image", "</"]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_text_raises_and_one_change_is_enough(text: str) -> None:
    once = repaired(text)
    if not once.problems:
        assert repaired(once.text).text == once.text
