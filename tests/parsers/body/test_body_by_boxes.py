"""The body by the boxes of its paragraphs: what is taken, and what makes it doubted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_pages import page

from crawler.parsers.body.finder import DOUBTS, Found, found_body, is_certain
from crawler.parsers.body.more_links import is_more
from crawler.parsers.document.flow import flow
from crawler.parsers.document.segments import words
from crawler.parsers.generic import body as generic_body
from crawler.parsers.generic.body import BOXES, prose

FERRY = "The last ferry left the northern pier at half past nine on Sunday evening, with forty people and a dog on board."
BRIDGE = "A bridge of steel and oak will take its place in spring, three hundred metres upstream, where the river is narrow."
SHOPS = "Shops on both banks fear for their trade, since nobody will have to wait there for an hour any more, they say."
MAYOR = "The mayor, who grew up in the ferryman's house, promised that the old boat will be kept in the harbour museum."
STORY = (FERRY, BRIDGE, SHOPS, MAYOR)
PROSE = "".join(f"<p>{line}</p>" for line in STORY)
HEAD = "<h1>Ferry makes its last crossing</h1>"


def found(html: str, told: str = "") -> Found:
    segments = flow(page(f"<html><body>{html}"))
    headline = next((p.n for p in segments if p.tag == "h1"), -1)
    body = found_body(segments, headline, is_more, told=words(told))
    assert body is not None
    return body


def lines(html: str) -> list[str]:
    return [segment.line for segment in found(html).lines]


def doubt(html: str, told: str = "") -> str | None:
    answer = DOUBTS.named(found(html, told))
    return answer[1] if answer and answer[0] else None


@pytest.mark.parametrize(
    ("inside", "more"),
    [
        ("<h2>What comes next</h2><p>{0}</p>", ("What comes next", FERRY)),
        ("<div class=a><h2>What comes next</h2></div><p>{0}</p>", ("What comes next", FERRY)),
        ("<blockquote><p>{0}</p></blockquote><p>{1}</p>", (FERRY, BRIDGE)),
        ("<blockquote class=pullquote><p>{0}</p></blockquote><p>{1}</p>", (BRIDGE,)),
        ("<ul><li>Forty people and a dog were there.</ul><p>{0}</p>", ("Forty people and a dog were there.", FERRY)),
        ("<p><a href=/x>{0}</a></p><p>{1}</p>", (FERRY, BRIDGE)),
        ("<p>Not so.</p><p>{0}</p>", ("Not so.", FERRY)),
        ("<p>Read also: the story of the dam</p><p>{0}</p>", (FERRY,)),
        ("<figure><img src=/a.jpg><figcaption>{1}</figcaption></figure><p>{0}</p>", (FERRY,)),
        ("<div><img src=/a.jpg><div>{1}</div></div><p>{0}</p>", (FERRY,)),
        ("<aside><p>{1}</p></aside><p>{0}</p>", (FERRY,)),
        ("<div class=newsletter><p>{1}</p></div><p>{0}</p>", (FERRY,)),
        (
            "<div class=box><h3>More stories</h3><ul><li><a href=/x>The dam, a story of its own and a long one</a></ul></div><p>{0}</p>",
            (FERRY,),
        ),
    ],
)
def test_what_is_taken_between_the_paragraphs(inside: str, more: tuple[str, ...]) -> None:
    html = f"{HEAD}<div>{PROSE}{inside.format(FERRY, BRIDGE)}</div>"
    assert lines(html) == [*STORY, *more]
    assert doubt(html) is None or "pullquote" in inside


def test_paragraphs_in_boxes_of_their_own_are_one_body() -> None:
    html = (
        HEAD + "<article>" + "".join(f"<div class=text><div><p>{line}</p></div></div><div class=ad></div>" for line in STORY) + "</article>"
    )
    assert lines(html) == [*STORY]
    assert doubt(html) is None


def test_stretches_between_line_breaks_are_paragraphs() -> None:
    html = HEAD + "<div id=text>" + "<br><br>".join(STORY) + "</div>"
    assert lines(html) == [*STORY]
    assert doubt(html) is None


def test_a_class_of_each_paragraph_names_no_box() -> None:
    html = f"{HEAD}<div>" + "".join(f"<p class=paywall>{line}</p>" for line in STORY) + "</div>"
    assert lines(html) == [*STORY]
    assert doubt(html) is None


def test_prose_that_jsonld_tells_is_taken_wherever_it_stands() -> None:
    boxes = "".join(f"<section><div class=c{n}><p>{line}</p></div></section><div>{MAYOR} {n}</div>" for n, line in enumerate(STORY[:3]))
    told = found(f"{HEAD}<article>{boxes}</article>", "".join(STORY[:3]))
    assert ([segment.line for segment in told.lines], is_certain(told)) == ([*STORY[:3]], True)
    assert doubt(f"{HEAD}<article>{boxes}</article>") is not None


def test_the_beginning_of_a_text_in_a_box_named_teaser_is_missed() -> None:
    parts = f"<div class=text>{PROSE}</div>" * 2
    assert doubt(f"{HEAD}<main>{parts}</main>") is None
    assert doubt(f"{HEAD}<main><div class=teaser><div class=text><p>{FERRY}</p></div></div>{parts}</main>") == "lines of other makes"


def test_the_description_printed_above_is_no_other_prose() -> None:
    html = f"{HEAD}<section><p>{FERRY}</p></section><div><div><div>{PROSE}</div></div></div>"
    segments = flow(page(html))
    answers = [DOUBTS.named(body) for deck in ("", words(FERRY)) if (body := found_body(segments, 0, is_more, deck=deck)) is not None]
    assert answers == [(True, "prose above"), None]


def test_the_body_may_be_named_like_a_box() -> None:
    html = f"{HEAD}<div class='paywall teaser'>{PROSE}</div><div class=cookie-consent><p>{MAYOR}</p><p>{SHOPS}</p></div>"
    assert lines(html) == [*STORY]
    assert doubt(html) is None


@pytest.mark.parametrize(
    ("html", "told", "reason"),
    [
        (f"{HEAD}<p>{FERRY}</p><p>{SHOPS}</p>", "", "too short"),
        (f"{HEAD}<div>{PROSE}<section><h3>At sea</h3><div>{FERRY}</div></section>{PROSE}</div>", "", "lines of other makes"),
        (f"{HEAD}<div>{PROSE}" + "<div><span>Boat no. seven</span></div>" * 30 + f"<div><b></b></div>{PROSE}</div>", "", "lines left out"),
        (f"{HEAD}<div><div><div>{FERRY}{FERRY}</div><div>{BRIDGE}{BRIDGE}</div></div>{PROSE}</div>", "", "paragraphs of two kinds"),
        (f"{HEAD}<section><p>{FERRY}</p></section><div><div><div>{PROSE}</div></div></div>", "", "prose above"),
        (f"{HEAD}<main><div class=t><p>{FERRY}</p></div><div class=t>{PROSE * 3}</div></main>", "", "same make elsewhere"),
        (f"{HEAD}<div><div><div>{PROSE * 2}</div></div></div><section><div><div>" + f"<ul><li>{SHOPS}</ul>" * 5, "", "prose below"),
        (f"{HEAD}<div>{PROSE}<aside>{PROSE}</div>", "", "prose in boxes"),
        (f"{HEAD}<div>{PROSE}<h1>Another story</h1>{PROSE}</div>", "", "second headline"),
        (f"<div><div><div>{PROSE}</div></div></div><section><div>{FERRY}</div></section>", "", "headline not printed"),
        (f"{HEAD}<div>{PROSE}<p>{' '.join(STORY * 7)}</p></div>", "", "one long paragraph"),
        (f"{HEAD}<div>{PROSE}</div>", "The harbour museum opens on Monday. " * 40, "told by jsonld"),
        (f"{HEAD}<div>{PROSE}</div>", " ".join(STORY[:1]), None),
        (f"{HEAD}<div><p>{FERRY}</p><p>{BRIDGE} {SHOPS}</p></div>", f"{FERRY} {BRIDGE} {SHOPS}", None),
    ],
)
def test_what_makes_a_body_doubted(html: str, told: str, reason: str | None) -> None:
    assert doubt(html, told) == reason
    assert is_certain(found(html, told)) == (reason is None)


def test_the_extractor_is_asked_only_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(generic_body, "_by_extractor", refuse)
    one = page(f"<html><body>{HEAD}<div>{PROSE}</div>")
    assert prose(one, flow(one), 0).by == BOXES
    with pytest.raises(AssertionError, match="asked"):
        prose(other := page(f"<html><body>{HEAD}<p>{FERRY}</p><p>{SHOPS}</p>"), flow(other), 0)


_LINES = st.lists(st.sampled_from([*STORY, *(line.replace("the", "that") for line in STORY)]), min_size=5, max_size=12, unique=True)
_MENU = "<nav><ul><li><a href=/a>News</a><li><a href=/b>Sport and more of it</a></ul></nav>"
_BOXES = st.sampled_from(["<p>{}</p>", "<div class=b><p>{}</p></div>", "<p class=x>{}</p>"])


@settings(max_examples=60, deadline=None)
@given(_LINES, _BOXES, st.booleans())
def test_a_certain_body_is_that_of_the_extractor(story: list[str], box: str, heading: bool) -> None:
    text = "".join(
        (f"<h2>Chapter {n} of the story</h2>" if heading and n % 3 == 1 else "") + box.format(line) for n, line in enumerate(story)
    )
    html = (
        f"<html><body>{_MENU}<main><article>{HEAD}<div class=text>{text}</div></article></main><footer><p>All rights reserved</p></footer>"
    )
    one = page(html)
    segments = flow(one)
    headline = next(p.n for p in segments if p.tag == "h1")
    fast = prose(one, segments, headline)
    slow = generic_body._by_extractor(one, segments, headline)
    assert fast.by == BOXES
    assert [block.text for block, _ in fast.blocks] == [
        block.text for block, _ in slow.blocks if block.text != "Ferry makes its last crossing"
    ]


def test_the_paragraph_in_which_a_page_breaks_off_is_kept_and_a_signature_before_a_footer_is_not() -> None:
    story = f"<article>{HEAD}{PROSE}<p>Others say that the pier"
    assert lines(story) == [*STORY, "Others say that the pier"]
    assert lines(f"{story}</p></article><footer><p>All rights reserved</p></footer>") == list(STORY)
    assert lines(f"<article>{HEAD}{PROSE}<p><a href=/more>More about ferries") == list(STORY)
