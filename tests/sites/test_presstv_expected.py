"""Every story of the stand-in for Press TV's hosts reads to its expected answer (needs the shared material beside the project)."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import squeeze
from crawler.parsers.template import parse
from crawler.sites.presstv import SITE

EVAL = Path(__file__).resolve().parents[2].parent / "shared" / "eval"
if not (EVAL / "presstv_mirrors.py").exists():
    pytest.skip("no shared/eval beside the project: the expected answers are not part of it", allow_module_level=True)

EXPECTED: dict[str, dict[str, Any]] = json.loads((EVAL / "presstv_expected.json").read_text(encoding="utf-8"))["stories"]


@pytest.fixture(scope="module")
def world() -> Any:
    spec = importlib.util.spec_from_file_location("presstv_mirrors", EVAL / "presstv_mirrors.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["presstv_mirrors"] = module
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
        return module.World()
    finally:
        sys.dont_write_bytecode = written


def read(world: Any, number: str) -> Article:
    story = world.stories[number]
    url = f"https://{'french.presstv.ir' if story.language == 'fr' else 'www.presstv.co.uk'}{story.path}"
    headers = [("Content-Type", "text/html; charset=utf-8")]
    page = Page.from_payload(url=url, date=datetime.now(UTC), headers=headers, payload=world.render(story))
    language = SITE.language_of(urlsplit(url).hostname or "")
    return parse(
        page, SITE.templates, story=SITE.story_id(url), language=language, timezone=SITE.timezone, key_of_picture=SITE.key_of_picture
    )


def bare(credit: str | None) -> str:
    """What the answers' own rules compare of a credit."""
    return " ".join(w for w in re.findall(r"[\w.]+", (credit or "").lower()) if w not in ("photo", "by", "via", "file"))


@pytest.mark.parametrize("number", EXPECTED)
def test_story(world: Any, number: str) -> None:
    want, article = EXPECTED[number], read(world, number)
    assert (article.story, article.headline, article.deck) == (want["story"], want["headline"], want["deck"])
    body = [squeeze(b.text or "") for b in article.blocks if b.kind == "paragraph"]
    if want["era"] == "E1":
        assert " ".join(b for b in body if b not in want["body_optional"]) == " ".join(want["body"])
    else:
        assert [b for b in body if b not in want["body_optional"]] == want["body"]
    assert [(i.key, i.caption, bare(i.credit), i.raw) for i in article.images] == [
        (i["key"], i["caption"], bare(i["credit"]), i["raw"]) for i in want["images"]
    ]
    assert (list(article.authors), list(article.alternates)) == (want["authors"], want["alternates"])
    assert [[c.text, urlsplit(c.url).path] for c in article.breadcrumb] == want["breadcrumb"]
    assert [(article.published or "")[:19], (article.modified or "")[:19]] == [want["published_local"], want["modified_local"] or ""]
    assert (article.published_raw, article.language) == (want["published_raw"], want["language"])
    assert [SITE.number(link.url) for link in article.related] == want["related"]


@pytest.mark.parametrize("number", EXPECTED)
def test_addresses(number: str) -> None:
    for path in EXPECTED[number]["variants"]:
        assert SITE.story_id("https://www.presstv.ir" + path) == f"presstv/{number}", path


def test_the_classic_page_tells_its_film_and_its_exact_time(world: Any) -> None:
    article = read(world, "606960")
    assert article.template == "classic"
    assert article.published == "2019-09-23T21:34:00+00:00"
    assert len(article.videos) == 1
    assert article.videos[0].endswith(".mp4")
    assert article.headline_alternatives == ("Rouhani in NY to convey message of Mideast peace",)
