"""Two whole pages in Press TV's layouts, written by us: every field against an answer written by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.json import as_json
from crawler.parsers.template import parse
from crawler.sites.presstv import SITE

PAGES = Path(__file__).parent / "pages"
SEEN = {
    "presstv_classic": ("https://www.presstv.com/Detail/2018/04/12/558201/Alderhaven-ferries", datetime(2018, 4, 13, tzinfo=UTC)),
    "presstv_modern": ("https://www.presstv.co.uk/Detail/2026/05/04/768123/Alderhaven-beekeepers-hives", datetime(2026, 5, 6, tzinfo=UTC)),
}
FIELDS = tuple(as_json(Article(url="")))


@cache
def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def answer(name: str) -> dict[str, Any]:
    url, date = SEEN[name]
    page = Page.from_payload(
        url=url, date=date, headers=[("Content-Type", "text/html; charset=utf-8")], payload=(PAGES / f"{name}.html").read_bytes()
    )
    language = SITE.language_of(urlsplit(url).hostname or "")
    return as_json(
        parse(page, SITE.templates, story=SITE.story_id(url), language=language, timezone=SITE.timezone, key_of_picture=SITE.key_of_picture)
    )


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", SEEN)
def test_field(name: str, field: str) -> None:
    assert answer(name)[field] == expected(name)[field]


@pytest.mark.parametrize("name", SEEN)
def test_what_is_expected_names_every_field_and_no_other(name: str) -> None:
    assert tuple(expected(name)) == FIELDS


@pytest.mark.parametrize("name", SEEN)
def test_nothing_of_the_frame_is_in_the_story(name: str) -> None:
    told = json.dumps({field: answer(name)[field] for field in ("headline", "deck", "body", "blocks", "authors", "images")})
    for word in ("Breaking News", "Watch Live", "Latest News", "pigeon", "Subscribe", "rights reserved", "SHARE THIS", "Roku", "Embed", "iframe"):
        assert word not in told, word


@pytest.mark.parametrize("name", SEEN)
def test_the_same_page_on_another_mirror_tells_the_same_story(name: str) -> None:
    url, date = SEEN[name]
    payload, headers = (PAGES / f"{name}.html").read_bytes(), [("Content-Type", "text/html; charset=utf-8")]
    other = url.replace(urlsplit(url).hostname or "", "www.presstv.ir")
    page = Page.from_payload(url=other, date=date, headers=headers, payload=payload)
    article = parse(page, SITE.templates, story=SITE.story_id(other), language="en", timezone=SITE.timezone, key_of_picture=SITE.key_of_picture)
    assert article.story == expected(name)["story"]
    assert (article.headline, article.body, article.published) == tuple(expected(name)[field] for field in ("headline", "body", "published"))
