"""Every fixture found beside a site reads to what is expected of it, field by field; a new site needs no test of its own."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import pytest

from crawler.items import Article
from crawler.parsers.json import as_json
from crawler.sites.known import DEMO_SITES
from crawler.testing.fixtures import Fixture, fixtures

FOUND = fixtures([DEMO_SITES, *filter(None, os.environ.get("ARCHIVE_SITES", "").split(","))])
FIELDS = tuple(as_json(Article(url="")))
SITES = sorted({one.site.name for one in FOUND})


@cache
def answer(one: Fixture) -> dict[str, Any]:
    return one.answer()


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("one", FOUND, ids=lambda one: f"{one.site.name}-{one.name}")
def test_field(one: Fixture, field: str) -> None:
    assert answer(one)[field] == one.expected()[field]


@pytest.mark.parametrize("one", FOUND, ids=lambda one: f"{one.site.name}-{one.name}")
def test_what_is_expected_names_every_field_and_no_other(one: Fixture) -> None:
    assert tuple(one.expected()) == FIELDS


@pytest.mark.parametrize("site", SITES)
def test_every_template_of_a_site_with_fixtures_has_one(site: str) -> None:
    mine = [one for one in FOUND if one.site.name == site]
    assert {template.name for template in mine[0].site.templates} <= {one.expected()["template"] for one in mine}
