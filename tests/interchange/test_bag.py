"""Bags for repositories, checked by the library's own validation."""

from __future__ import annotations

import sqlite3
import sys
import xml.etree.ElementTree as ET
from contextlib import closing
from pathlib import Path
from typing import Any

import bagit
import pytest
from small_collections import change, twelve, warc_of
from wacz_makers import exported

from crawler.errors import NothingSelected, SetupError, WriteFailed
from crawler.interchange.citing import Citing

DC = "{http://purl.org/dc/elements/1.1/}"


def test_a_whole_collection(tmp_path: Path) -> None:
    path, place = twelve(tmp_path / "twelve"), tmp_path / "bag"
    outcome = exported(path, "bag", place, citing=Citing(author="Library & Sons"))
    assert (dict(outcome.counts), outcome.exit_code) == ({"WARCs": 1, "captures": 12}, 0)
    bag = bagit.Bag(str(place))
    bag.validate()
    assert (bag.version_info, sorted(bag.algorithms)) == ((1, 0), ["sha256", "sha512"])
    assert bag.info["Source-Organization"] == "Library & Sons"
    name = warc_of(path).name
    assert set(bag.payload_files()) == {f"data/archive/{name}", "data/indexes/index.cdxj", "data/index.db", "data/metadata/dublin-core.xml"}
    assert (place / "data" / "archive" / name).read_bytes() == warc_of(path).read_bytes()
    with closing(sqlite3.connect(place / "data" / "index.db")) as db:
        assert db.execute("SELECT count(*) FROM captures").fetchone() == (12,)
    sheet = ET.parse(place / "data" / "metadata" / "dublin-core.xml").getroot()
    assert (sheet.findtext(f"{DC}title"), sheet.findtext(f"{DC}creator")) == ("twelve", "Library & Sons")
    assert sheet.findtext(f"{DC}source") == "a.example"
    (place / "data" / "indexes" / "index.cdxj").write_text("changed")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(place)).validate()


def test_a_part_of_it_and_what_is_missing(tmp_path: Path) -> None:
    path, place = twelve(tmp_path / "twelve"), tmp_path / "bag"
    change(path, "UPDATE captures SET state = 'lost' WHERE id = 4")
    outcome = exported(path, "bag", place, stories=["demo/3", "demo/5"])
    assert (outcome.counts["captures"], outcome.exit_code) == (1, 10)
    bagit.Bag(str(place)).validate()
    assert len((place / "data" / "indexes" / "index.cdxj").read_text().splitlines()) == 1
    assert not (place / "data" / "index.db").exists()
    with pytest.raises(NothingSelected):
        exported(path, "bag", tmp_path / "none", stories=["demo/99"])
    assert not list(tmp_path.glob("none*"))


def test_a_folder_that_cannot_be_written_is_not_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bagit, "make_bag", full)
    with pytest.raises(WriteFailed, match="No space left"):
        exported(twelve(tmp_path / "twelve"), "bag", tmp_path / "bag")
    assert not list(tmp_path.glob("bag*"))


def test_without_the_library_it_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bagit", None)  # import raises ImportError then
    with pytest.raises(SetupError, match="pip install"):
        exported(twelve(tmp_path / "twelve"), "bag", tmp_path / "bag")
