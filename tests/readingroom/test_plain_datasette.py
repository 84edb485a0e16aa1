"""Plain Datasette on the index of a collection: titles, facets, labels, queries, links, short rows; nothing on databases of others."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.publication.metadata import hidden_tables
from crawler.publication.questions import QUESTIONS


@pytest.fixture(scope="module")
def collection(_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(_demo / "demo", tmp_path_factory.mktemp("archives") / "demo", symlinks=True))


@pytest.fixture
def plain() -> Iterator[Callable[..., Any]]:
    """Make a Datasette of files as `datasette FILE ...` does, with our plugin."""
    from datasette.app import Datasette
    from datasette.plugins import pm

    from crawler.readingroom import metadata

    fresh = not pm.is_registered(metadata)
    if fresh:
        pm.register(metadata, name=metadata.__name__)
    yield lambda *files, **more: Datasette([str(file) for file in files], **more)
    if fresh:
        pm.unregister(metadata)


async def page(datasette: Any, path: str) -> str:
    answer = await datasette.client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
    return str(answer.text)


async def test_a_file_has_title_descriptions_facets_and_labels(plain: Callable[..., Any], collection: Path) -> None:
    datasette = plain(collection / "index.db")
    assert "<h1>demo" in await page(datasette, "/")
    database = await page(datasette, "/index")
    assert "<h1>demo" in database
    assert "Who took the pictures?" in database
    shown = (await datasette.client.get("/index.json")).json()
    assert {table["name"] for table in shown["tables"] if table["hidden"]} >= {"gallery", "stored_versions", "_sqlite_migrations"}
    assert not {table["name"] for table in shown["tables"] if not table["hidden"]} & hidden_tables()
    stories = await page(datasette, "/index/stories")
    assert "One story: the same on each mirror" in stories
    assert "sorted by first_seen descending" in stories
    sightings = await page(datasette, "/index/sightings")
    assert "Blue ferry sails again" in sightings, "the label of a version is its headline"
    facets = (await datasette.client.get("/index/latest_versions.json?_size=0")).json()["facet_results"]
    assert {one["value"]: one["count"] for one in facets["authors"]["results"]}["Ada Quill"] >= 2
    assert facets["section"]["results"]
    assert "ms</td>" in await page(datasette, "/index/captures")


async def test_the_folder_alone_gives_the_same(plain: Callable[..., Any], collection: Path) -> None:
    from datasette.plugins import pm

    from crawler.readingroom import metadata

    pm.unregister(metadata)
    try:
        datasette = plain(collection / "index.db", config_dir=collection)
        assert "<h1>demo" in await page(datasette, "/index")
        assert "Who took the pictures?" in await page(datasette, "/index")
        facets = (await datasette.client.get("/index/pictures.json?_size=0")).json()["facet_results"]
        assert {one["value"]: one["count"] for one in facets["credit_key"]["results"]}["file photo"] == 3
        assert "…" in await page(datasette, "/index/versions"), "long texts are cut"
    finally:
        pm.register(metadata, name=metadata.__name__)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.name)
async def test_each_canned_query_runs(plain: Callable[..., Any], collection: Path, question: Any) -> None:
    answer = await plain(collection / "index.db").client.get(f"/index/{question.name}.json", params={**dict(question.example), "_shape": "objects"})
    assert answer.status_code == 200
    assert answer.json().get("error") is None
    assert bool(answer.json()["rows"]) == (question.name != "which_agencies")


async def test_every_table_and_view_is_shown(plain: Callable[..., Any], collection: Path) -> None:
    datasette = plain(collection / "index.db")
    shown = (await datasette.client.get("/index.json")).json()
    names = [table["name"] for table in shown["tables"] if not table["name"].endswith(("_config", "_data", "_docsize", "_idx"))]
    for name in [*names, *(view["name"] for view in shown["views"])]:
        await page(datasette, f"/index/{name}")


async def test_cells_lead_to_stories_records_and_rows(plain: Callable[..., Any], collection: Path) -> None:
    datasette = plain(collection / "index.db")
    rows = await page(datasette, "/index/events")
    assert '<a href="/index/-/story/courier/1022">courier/1022</a>' in rows
    assert '<a href="/index/-/proof/urn~3Auuid~3A' in rows
    assert '<a href="/index/captures/' in rows
    versions = await page(datasette, "/index/versions")
    assert "characters'>" in versions
    assert len(versions) < 200_000


async def test_databases_of_others_are_left_alone(plain: Callable[..., Any], collection: Path, tmp_path: Path) -> None:
    other = tmp_path / "index.db"
    with closing(sqlite3.connect(other)) as conn:
        conn.execute("CREATE TABLE stories (id TEXT, story_id TEXT)")
        conn.execute("INSERT INTO stories VALUES ('a', ?)", ["x" * 2000])
        conn.commit()
    datasette = plain(other)
    database = await page(datasette, "/index")
    assert "Who took the pictures?" not in database
    assert "<h1>index" in database
    assert "/-/story/" not in await page(datasette, "/index/stories")
    both = plain(other, collection / "index.db")
    assert "Who took the pictures?" in await page(both, "/index_2")
    assert "Who took the pictures?" not in await page(both, "/index")


async def test_what_an_archived_page_says_stays_text(plain: Callable[..., Any], collection: Path, tmp_path: Path) -> None:
    copy = tmp_path / "hostile"
    shutil.copytree(collection, copy)
    with closing(sqlite3.connect(copy / "index.db")) as conn:
        conn.execute("UPDATE stored_versions SET headline = '<script>alert(1)</script>', deck = ?", ["<img src=x onerror=alert(1)>" * 20])
        conn.execute("UPDATE stories SET headline = '<script>alert(1)</script>'")
        conn.commit()
    (copy / "metadata.yaml").write_text('title: "<script>alert(1)</script>"\n')
    datasette = plain(copy / "index.db")
    for path in ("/", "/index", "/index/latest_versions", "/index/versions", "/index/sightings", "/index/stories"):
        text = await page(datasette, path)
        assert "<script>alert(1)" not in text
        assert "<img src=x" not in text


async def test_a_large_index_counts_no_facet_unasked(plain: Callable[..., Any], collection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler.readingroom import metadata

    monkeypatch.setattr(metadata, "LARGE", 1000)
    datasette = plain(collection / "index.db")
    await datasette.invoke_startup()
    shown = (await datasette.client.get("/index/latest_versions.json?_size=0")).json()
    assert (shown["facet_results"], shown["suggested_facets"]) == ({}, [])
    asked = (await datasette.client.get("/index/latest_versions.json?_size=0&_facet_array=authors")).json()
    assert asked["facet_results"]["authors"]["results"]
