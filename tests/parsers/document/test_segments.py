"""The flow of a page: runs of text and pictures in the order in which a reader meets them, whatever boxes they lie in."""

from __future__ import annotations

import re
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_pages import page

from crawler.parsers.document.flow import flow
from crawler.parsers.document.segments import Segment, ancestry, letters, named, small, squeeze, words
from crawler.parsers.document.text_mass import mass_in, text_mass


def segments(html: str) -> list[Segment]:
    return list(flow(page(f"<html><body>{html}")))


def shown(html: str) -> list[str]:
    """Texts, and pictures in brackets."""
    return [f"[{segment.picture.rpartition('/')[2]}]" if segment.picture else segment.text for segment in segments(html)]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("<div>One<p>Two</p>Three</div>", ["One", "Two", "Three"]),
        ("<p>One <b>bold</b> and <i>other</i> words</p>", ["One bold and other words"]),
        ("<p>One<br>Two</p>", ["One\nTwo"]),
        ("<p>One<br><br>Two<br> <br>Three</p>", ["One", "Two", "Three"]),
        ("<p>  One \n  two\t three </p>", ["One two three"]),
        ("<p>One\u00a0two\u200bthree\ufeff</p>", ["One two\u200bthree"]),
        ("<p>   </p><p></p>", []),
        ("<pre>One\nTwo  wide</pre>", ["One\nTwo wide"]),
        ("<p style='white-space: pre'>One\nTwo</p>", ["One\nTwo"]),
        ("<p style='white-space: normal'>One\nTwo</p>", ["One Two"]),
        ("<script>no</script><style>no</style><template>no</template><p>yes", ["yes"]),
        ("<select><option>no</select><textarea>no</textarea><p>yes", ["yes"]),
        ("<p hidden>no</p><p>yes</p>", ["yes"]),
        ("<p>One<!-- no -->two</p>", ["Onetwo"]),
        ("<p>One <?pi no?>two</p>", ["One two"]),
        ("<iframe>no</iframe><object>no</object><p>yes", ["yes"]),
        ("<ul><li>One<li>Two</ul>", ["One", "Two"]),
        ("<table><tr><td>One<td>Two</table>", ["One", "Two"]),
        ("<h1>Head</h1>tail", ["Head", "tail"]),
        ("<p>One<img src=/a.jpg>two</p>", ["Onetwo", "[a.jpg]"]),
        ("<img src=/a.jpg><p>One", ["[a.jpg]", "One"]),
        ("<p><img src=/a.jpg>One", ["[a.jpg]", "One"]),
        ("<p>One</p><img src=/a.jpg><p>Two", ["One", "[a.jpg]", "Two"]),
        ("<amp-img src=/a.jpg></amp-img>", ["[a.jpg]"]),
        ("<my-photo data-src=/a.jpg></my-photo>", ["[a.jpg]"]),
        ("<my-box data-src=/a.jpg></my-box>", []),
        ("<figure style='background-image:url(/a.jpg)'><figcaption>Cap</figcaption></figure>", ["[a.jpg]", "Cap"]),
        ("<div style='background-image:url(/a.jpg)'>Text</div>", ["Text"]),
        ("<div role=img style='background-image:url(/a.jpg)'></div>", ["[a.jpg]"]),
        ("<video poster=/still.jpg><source src=/f.mp4>no</video><p>yes", ["[still.jpg]", "yes"]),
        ("<div><noscript><img src=/a.jpg></noscript></div>", ["[a.jpg]"]),
        ("<div><img src=/a.jpg><noscript><img src=/a.jpg></noscript></div>", ["[a.jpg]"]),
    ],
)
def test_flow(html: str, found: list[str]) -> None:
    assert shown(html) == found


def test_pieces_are_numbered_and_made_once() -> None:
    one = page("<html><body><p>One<p>Two<img src=/a.jpg><p>Three")
    assert [segment.n for segment in flow(one)] == [0, 1, 2, 3]
    assert flow(one) is flow(one)


def test_links_of_a_piece_are_absolute_and_those_that_lead_nowhere_are_left_out() -> None:
    (segment,) = segments("<p>Read <a href=/a>the first</a>, <a href='#x'>here</a>, <a href=''>none</a> or <a href='mailto:x'>write</a>.</p>")
    assert [(link.url, link.text) for link in segment.links] == [("https://courier.example/a", "the first")]
    assert segment.anchors == (("/a", "the first"), ("mailto:x", "write"))


def test_one_link_around_several_blocks_is_a_link_of_each() -> None:
    first, second = segments("<a href=/a><h2>Head</h2><p>Line</p></a>")
    assert [[link.text for link in segment.links] for segment in (first, second)] == [["Head"], ["Line"]]
    assert first.linked == second.linked == 1.0


@pytest.mark.parametrize(
    ("html", "linked", "strong"),
    [
        ("<p>plain text</p>", 0.0, 0.0),
        ("<p><a href=/a>all of it</a></p>", 1.0, 0.0),
        ("<p><a href=/a>half</a> half</p>", 0.5, 0.0),
        ("<p><b>all of it</b></p>", 0.0, 1.0),
        ("<p><b>half</b> half</p>", 0.0, 0.5),
        ("<p><strong><a href=/a>both</a></strong></p>", 1.0, 1.0),
        ("<p><b hidden>x</b>plain</p>", 0.0, 0.0),
    ],
)
def test_how_much_is_linked_and_how_much_is_bold(html: str, linked: float, strong: float) -> None:
    (segment,) = segments(html)
    assert (round(segment.linked, 1), round(segment.strong, 1)) == (linked, strong)


def test_a_picture_keeps_its_words_and_where_a_click_leads() -> None:
    bare, linked = segments("<img src=/a.jpg><a href=/big.jpg><img src=/b.jpg alt=' A  bridge '></a>")
    assert (bare.alt, bare.href) == (None, None)
    assert (linked.alt, linked.href) == ("A bridge", "/big.jpg")


def test_what_a_piece_tells_of_itself() -> None:
    (segment,) = segments("<section><blockquote><p>One<br>two, “three”</p></blockquote></section>")
    assert (segment.tag, segment.line, segment.shown, segment.key) == ("p", "One two, “three”", "One two, “three”", "onetwothree")
    assert segment.inside("blockquote") is segment.element.getparent()
    assert segment.inside("p") is segment.element
    assert segment.inside("li") is None


def test_line_breaks_are_shown_where_they_are_written() -> None:
    (segment,) = segments("<pre>One\n\ntwo</pre>")[:1]
    assert segment.written is not None
    assert segment.shown == segment.text


@pytest.mark.parametrize(
    ("text", "found"), [
        ("", ""), (" a  b ", "a b"), ("a\r\n\tb", "a b"), ("a\u3000b", "a b"), ("\u00a0a\u2060\u200b", "a"), ("\ufeffa \ufeff b", "a b"),
        ("gast\u00adhaus", "gasthaus"), ("می\u200cماند", "می\u200cماند"), ("කේ\u200dරල", "කේ\u200dරල"), ("ភ្នំ\u200bពេញ", "ភ្នំ\u200bពេញ"),
        ("👩\u200d🌾 ❤\ufe0f", "👩\u200d🌾 ❤\ufe0f"), ("\u200fسلام!\u200f", "\u200fسلام!\u200f"), ("۱۴۴۵ ه\u200d", "۱۴۴۵ ه\u200d"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"), ("\u200b", ""), ("\u200e \u200f", ""),
    ],
)  # fmt: skip
def test_squeeze(text: str, found: str) -> None:
    assert squeeze(text) == found
    assert squeeze(squeeze(text)) == found


@pytest.mark.parametrize(
    ("text", "found"), [("Iran's “pilots”", "iranspilots"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("a_b-c", "abc"), ("№ 7!", "7"), ("北京。", "北京")]
)
def test_words(text: str, found: str) -> None:
    assert words(text) == found


_SIGNS = st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" \n\t\u00a0\u200b\u200d\u2060\ufeff\x1c\x85ßİSs_-.'")))


@given(_SIGNS)
def test_fast_forms_of_a_text_are_those_of_the_patterns(text: str) -> None:
    line = re.sub(r"\s+", " ", re.sub("[\u00ad\ufeff]", "", re.sub(r"\s+", " ", text))).strip("\u200b\u2060 ")
    assert squeeze(text) == (line if any(sign != " " and category(sign) != "Cf" for sign in line) else "")
    assert words(text) == re.sub(r"[\W_]+", "", text.casefold())


@pytest.mark.parametrize(("text", "count"), [("", 0), ("abc", 3), ("äbc", 3), ("北京", 5), ("北京 a", 7), ("한국", 5), ("かな", 5)])
def test_letters(text: str, count: int) -> None:
    assert letters(text) == count


def test_a_small_text_is_given_and_a_large_one_is_not_walked_through() -> None:
    (segment,) = segments("<p>One <b>two</b> three</p>")
    assert small(segment.element, 13) == "One two three"
    assert small(segment.element, 8) is None


def test_mass_in_some_elements_is_their_share_of_the_mass_of_all() -> None:
    found = segments("<div><section><p>One two</p><p>three</p></section><p>four</p></div><p>five</p>")
    whole = text_mass(found)
    some = {element for element in whole if element.tag in ("div", "section", "body")}
    assert mass_in(some, found) == {element: size for element, size in whole.items() if element in some}
    assert mass_in(set(), found) == {}


def test_names_and_ancestry() -> None:
    (segment,) = segments("<div class='Big Box' id=Main><p>x</p></div>")
    assert [element.tag for element in ancestry(segment.element)] == ["p", "div", "body", "html"]
    assert named(segment.element.getparent()) == "big box main"
    assert named(segment.element).strip() == ""
