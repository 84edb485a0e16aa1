"""The second real site: saved pages of its publisher against answers that others wrote (needs the shared samples beside the project)."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse
from crawler.sites.abendblatt import SITE

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples" / "news"
if not (SAMPLES / "truth.jsonl").exists():
    pytest.skip("no shared/samples beside the project: saved pages of real newspapers are not part of it", allow_module_level=True)

ROWS = [row for line in (SAMPLES / "truth.jsonl").read_text(encoding="utf-8").splitlines() if SITE.owns((row := json.loads(line))["url"])]
SAVED_2022 = "2022-08-08"
"""Of the page whose row names no date: the times in its scripts."""
TEMPLATES = {"242192802": "modern", "410396303": "modern", "229123092": "classic"}


@pytest.fixture(params=ROWS, ids=lambda row: SITE.number(row["url"]))
def case(request: pytest.FixtureRequest) -> tuple[Article, dict[str, Any]]:
    row = request.param
    saved = datetime.fromisoformat(row["tags"].get("crawl_date") or SAVED_2022).replace(tzinfo=UTC)
    page = Page.from_payload(url=row["url"], date=saved, headers=(), payload=gzip.decompress((SAMPLES / row["file"]).read_bytes()))
    article = parse(
        page, SITE.templates, story=SITE.story_id(row["url"]), language="de", timezone=SITE.timezone, key_of_picture=SITE.key_of_picture
    )
    return article, row["truth"]


def told(field: str) -> pytest.MarkDecorator:
    """Only the pages of which somebody wrote that field down."""
    rows = [row for row in ROWS if field in row["truth"]]
    return pytest.mark.parametrize("case", rows, indirect=True, ids=lambda row: SITE.number(row["url"]))


def test_all_three_pages_are_there_and_each_is_read_by_its_layout(case: tuple[Article, dict[str, Any]]) -> None:
    article, _ = case
    assert len(ROWS) == len(TEMPLATES)
    assert article.story is not None
    assert article.template == TEMPLATES[article.story.partition("/")[2]]
    assert article.problems == ()


def test_headline(case: tuple[Article, dict[str, Any]]) -> None:
    # One answer is the headline that only the page's JSON-LD gives; printed is another.
    article, truth = case
    assert truth["headline"] in (article.headline, *article.headline_alternatives)


@told("body")
def test_body_and_deck(case: tuple[Article, dict[str, Any]]) -> None:
    article, truth = case
    assert article.body == truth["body"]
    assert article.deck == truth["body_optional"]


def test_authors_and_time(case: tuple[Article, dict[str, Any]]) -> None:
    article, truth = case
    assert list(article.authors) == truth["authors"]
    assert datetime.fromisoformat(article.published or "") == datetime.fromisoformat(truth["published"])


@told("images")
def test_pictures_captions_and_credits(case: tuple[Article, dict[str, Any]]) -> None:
    article, truth = case
    # One page shows its first picture twice; we keep it once, and several names as they are printed.
    wanted = dict.fromkeys(
        (SITE.key_of_picture(one["urls"][0]), one["caption"], " | ".join(one["credits"]) or None) for one in truth["images"]
    )
    assert [(image.key, image.caption, image.credit) for image in article.images] == list(wanted)
