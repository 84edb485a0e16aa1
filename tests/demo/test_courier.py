"""The newspaper's site file reads every story of all three layouts as the desk wrote it."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime

import pytest

from crawler.demo import SITES
from crawler.demo.pages import FRENCH, OTHER_ADDRESSES
from crawler.demo.site import NewspaperSite
from crawler.demo.stories import Story, stories
from crawler.parsers.classify.classify import Answer, Expectation, classify
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

NOW = datetime(2026, 11, 24, tzinfo=UTC)
CREDITS = {
    "kestrel-quay.jpg": "Jonas Reed", "kestrel-bridge.jpg": "Ternpress", "lamps.png": "Ines Duarte/Ternpress", "dunne.jpg": "Courier",
    "buoy.jpg": "File photo", "stones.jpg": "Marit Holm", "baker.jpg": "Rosa Vidal", "choir.jpg": "Jonas Reed",
    "score.png": "Ternpress/Handout", "linnet.jpg": "Ada Quill", "bateaux.jpg": "Léa Morvan", "gardien.jpg": "Agence Sterne",
    "crane.jpg": "Marit Holm", "clock.jpg": "Ternpress", "gulls.jpg": "File photo", "count.jpg": "the Merrow Bird Circle",
    "lightship.jpg": "Harbour Office", "wave.jpg": "Agence Sterne", "bridge.jpg": "Jonas Reed", "herring.jpg": "file photo",
    "umbrellas.jpg": "Ada Quill", "tuba.jpg": "Ternpress",
}  # fmt: skip
"""Whom each printed credit names; pictures not named here have none."""


@pytest.fixture(scope="module")
def site():
    spec = importlib.util.spec_from_file_location("courier", SITES / "courier.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SITE


def page_of(paper: NewspaperSite, story: Story, asked: Story | None = None) -> Page:
    host = FRENCH if story.language == "fr" else "courier.mirror.example"
    body = paper.answer(host, story.path).body.decode()
    return Page.from_text(f"http://{host}{(asked or story).path}", NOW, body)


@pytest.mark.parametrize("number", stories())
def test_every_field_of_every_story(site, number):
    paper = NewspaperSite()
    story = paper.stories[number]
    article = parse(page_of(paper, story), site.templates, story=f"courier/{number}", key_of_picture=site.key_of_picture, generic=False)
    assert (article.template, article.headline, article.deck) == (story.layout, story.headline, story.deck or None)
    printed = [p for piece in story.pieces if piece.kind != "related" for p in (piece.entries or (piece.text,)) if p]
    assert article.body.split("\n") == printed
    assert [b.kind for b in article.blocks if b.kind == "quote"] == [p.kind for p in story.pieces if p.kind == "quote"]
    assert [site.number(link.url) for link in article.related] == [p.text for p in story.pieces if p.kind == "related"]
    assert [i.key for i in article.images] == [p.name.split(".")[0] for p in story.pictures]
    captions = [(i.caption, i.credit) for i in article.images]
    assert captions == [(p.caption.removesuffix(" (file photo)") or None, CREDITS.get(p.name)) for p in story.pictures]
    assert article.published == story.published.isoformat()
    assert article.section is not None
    modern = story.layout == "modern"
    assert article.authors == ((story.author,) if story.author else ())
    assert article.alternates == (OTHER_ADDRESSES if modern else ())
    assert article.canonical_url == (
        f"http://{FRENCH if story.language == 'fr' else 'www.courier.example'}{story.path}" if modern else None
    )


def test_the_correction_shows(site):
    paper = NewspaperSite(2)
    article = parse(page_of(paper, paper.stories["1017"]), site.templates, generic=False)
    assert article.headline == "The Linnet is blue, says committee"
    assert article.body.endswith("slate is a kind of blue.")
    assert article.modified == "2026-10-22T09:30:00+00:00"


def test_one_story_whatever_its_address(site):
    for path in ("/2026/10/19/1020/a", "//2026/10/19/1020", "/2026/10/19/01020/b/", "/story.cgi?id=1020"):
        assert site.story_id(f"http://www.courier.test{path}") == "courier/1020", path
    assert site.story_id("http://www.courier.example/story.cgi?print=1020") is None
    assert site.section("http://www.courier.example/section/sea/2") == ("sea", 2)
    assert site.forbidden("http://counter.courier.example/seen/1020.png")


@pytest.mark.parametrize(("served", "asked"), [("1021", "1022"), ("1013", "1014"), ("1007", "1008")])
def test_the_wrong_story_is_told_in_each_layout(site, served, asked):
    paper = NewspaperSite()
    for number, reason in ((asked, "wrong-article"), (served, None)):
        page = page_of(paper, paper.stories[served], paper.stories[number])
        expected = Expectation(kind="story", identity=site.identity, number=number, number_of=site.number)
        assert classify(Answer(page=page, marked=True), expected).reason == reason
