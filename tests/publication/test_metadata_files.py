"""Files by which pywb and Datasette know a collection: written once, brought up to date, never over what a user wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # of Datasette

from crawler.publication import files
from crawler.publication.files import METADATA, SETTINGS, TITLES, titles, write_metadata
from crawler.publication.metadata import database_metadata, hidden_tables, table_metadata
from crawler.schema.described import describe


def read(folder: Path) -> tuple[dict[str, str], dict[str, object]]:
    return yaml.safe_load((folder / TITLES).read_text()), json.loads((folder / METADATA).read_text())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "presstv").mkdir()
    return tmp_path / "presstv"


def test_both_have_the_title_of_the_site(folder: Path) -> None:
    write_metadata(folder, "presstv")
    for_pywb, for_datasette = read(folder)
    assert for_pywb == {"title": "Press TV", "description": for_datasette["description"]}
    assert for_datasette["title"] == "Press TV"
    assert set(json.loads((folder / SETTINGS).read_text())) == set(files.DATASETTE)


def test_a_collection_of_another_name_is_called_so(folder: Path) -> None:
    write_metadata(folder, 'The "Harbour" Courier')
    assert read(folder)[1]["title"] == 'The "Harbour" Courier'


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("title: mine\n", "mine"),
        ("title: 'It''s mine'  \n", "It's mine"),
        ('title: "Ü \\u0041"\ndescription: Two words # not this\n', "Ü A"),
        ("description: only\n", "presstv"),
        ("title: |\n  many lines\n", "presstv"),
        ("", "presstv"),
        ('title: "broken\n', "broken"),
    ],
)
def test_what_the_user_wrote_stays_and_is_taken_over(folder: Path, text: str, title: str) -> None:
    write_metadata(folder, "presstv")
    (folder / TITLES).write_text(text)
    write_metadata(folder, "presstv")
    assert (folder / TITLES).read_text() == text
    assert titles(folder)[0] == title
    assert json.loads((folder / METADATA).read_text())["title"] == title


def test_what_an_earlier_version_wrote_is_brought_up_to_date(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / TITLES).write_text('title: "presstv"\n')
    write_metadata(folder, "presstv")
    assert titles(folder)[0] == "Press TV"
    before = (folder / METADATA).stat().st_mtime_ns
    write_metadata(folder, "presstv")
    assert (folder / METADATA).stat().st_mtime_ns == before, "what is up to date is not written again"
    monkeypatch.setattr(files, "EDITION", 99)
    write_metadata(folder, "presstv")
    assert " 99" in (folder / METADATA).read_text()


def test_metadata_of_the_users_own_stay(folder: Path) -> None:
    (folder / METADATA).write_text('{"title": "Mine"}')
    (folder / SETTINGS).write_text("{}")
    write_metadata(folder, "presstv")
    assert ((folder / METADATA).read_text(), (folder / SETTINGS).read_text()) == ('{"title": "Mine"}', "{}")


def test_all_tables_and_columns_are_described() -> None:
    shown = database_metadata("A", "B")["tables"]
    for table in describe():
        assert shown[table.name]["description"] == table.text
        assert list(shown[table.name]["columns"]) == [column.name for column in table.columns]


def test_what_is_shown_names_columns_that_are_there() -> None:
    columns = {table.name: {column.name for column in table.columns} for table in describe()}
    for name, there in columns.items():
        shown = table_metadata(name)
        facets = [facet if isinstance(facet, str) else next(iter(facet.values())) for facet in shown.get("facets", [])]
        named = {*facets, *shown.get("units", {}), *(shown[key] for key in ("sort", "sort_desc", "label_column") if key in shown)}
        assert named <= there, name
    assert {"gallery", "stored_versions", "versions_fts_data", "_sqlite_migrations"} <= hidden_tables()
    assert not {"stories", "captures", "sightings", "runs"} & hidden_tables()
