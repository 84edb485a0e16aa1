"""The folders of a collection: what is made, who holds it, and where its WARCs lie, inside it and outside."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from crawler.collection import layout
from crawler.collection.layout import (
    PYWB_CONFIG,
    WarcFile,
    elsewhere,
    find_warc,
    is_collection,
    lock,
    make_folders,
    refer,
    warc_files,
    write_layout,
)
from crawler.errors import CollectionLocked, SetupError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    collection = tmp_path / "archives" / "demo"
    make_folders(collection)
    return collection


def test_folders_are_made_and_nothing_above_archive_dir(tmp_path: Path) -> None:
    make_folders(tmp_path / "archives" / "demo")
    assert {folder.name for folder in (tmp_path / "archives" / "demo").iterdir()} == set(layout.FOLDERS)
    make_folders(tmp_path / "archives" / "demo")
    with pytest.raises(SetupError) as caught:
        make_folders(tmp_path / "not" / "mounted" / "demo")
    above = tmp_path / "not"
    assert str(caught.value) == f"{above}: no such directory; make it (is a disk not mounted?), or name another place in ARCHIVE_DIR"
    assert not above.exists()


def test_a_folder_is_a_collection_by_its_index_or_its_archive(tmp_path: Path, path: Path) -> None:
    assert is_collection(path)
    (tmp_path / "other").mkdir()
    assert not is_collection(tmp_path / "other")
    (tmp_path / "other" / "index.db").touch()
    assert is_collection(tmp_path / "other")
    assert not is_collection(tmp_path / "other" / "index.db")
    assert not is_collection(tmp_path / "nosuch")


def test_the_holder_of_a_lock_is_named_and_the_next_one_takes_its_place(path: Path) -> None:
    held = lock(path)
    with pytest.raises(CollectionLocked) as caught:
        lock(path)
    assert re.fullmatch(rf"process {os.getpid()} since \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ", caught.value.holder)
    held.close()
    again = lock(path)
    assert (path / "archive.lock").read_text().startswith(f"process {os.getpid()} since ")
    again.close()


def test_a_lock_that_cannot_be_taken_for_another_reason_is_that_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(file: object, how: int) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(layout.fcntl, "flock", fail)
    with pytest.raises(OSError, match="Function not implemented"):
        lock(path)


def test_pywb_finds_its_files_and_what_the_user_wrote_is_kept(path: Path) -> None:
    write_layout(path, 'The "Harbour" Courier')
    assert (path.parent / "config.yaml").read_text() == PYWB_CONFIG
    assert (path / "metadata.yaml").read_text().startswith('title: "The \\"Harbour\\" Courier"\ndescription: "')
    (path.parent / "config.yaml").write_text("mine\n")
    (path / "metadata.yaml").write_text("title: mine\n")
    write_layout(path, "other")
    assert (path.parent / "config.yaml").read_text() == "mine\n"
    assert (path / "metadata.yaml").read_text() == "title: mine\n"
    (path.parent / "config.yaml").write_text(layout._OLD_PYWB_CONFIG)
    write_layout(path, "other")
    assert (path.parent / "config.yaml").read_text() == PYWB_CONFIG, "what an earlier version wrote is brought up to date"


def test_warcs_are_named_without_the_mark_of_an_open_file(path: Path) -> None:
    for name in ("b.warc.gz", "a.warc.gz.open", "c.warc", "notes.txt", "d.warc.gz.part", ".warc.gz.tmp"):
        (path / "archive" / name).touch()
    assert [file.name for file in warc_files(path)] == ["a.warc.gz", "b.warc.gz", "c.warc"]
    assert find_warc(path, "a.warc.gz") == path / "archive" / "a.warc.gz.open"
    assert find_warc(path, "b.warc.gz") == path / "archive" / "b.warc.gz"
    assert find_warc(path, "nosuch.warc.gz") == path / "archive" / "nosuch.warc.gz"


def test_a_collection_without_folders_has_no_warcs(tmp_path: Path) -> None:
    assert warc_files(tmp_path / "nosuch") == []
    assert elsewhere(tmp_path / "nosuch") == []


@pytest.mark.parametrize(
    ("name", "file", "plain"),
    [
        ("crawl.warc.gz", "/data/crawl.warc.gz", True),
        ("crawl-2.warc.gz", "/data/crawl.warc.gz", False),
        ("crawl.warc.gz", "/data/\x1b[2J/crawl.warc.gz", False),
        ("crawl.warc.gz", "relative/crawl.warc.gz", False),
        ("ünï 北京.warc.gz", "/data/ünï 北京.warc.gz", True),
    ],
)
def test_a_file_outside_is_found_under_its_name_in_the_collection(path: Path, name: str, file: str, plain: bool) -> None:
    refer(path, name, Path(file))
    refer(path, "other.warc.gz", Path("/other/other.warc.gz"))
    assert elsewhere(path) == [WarcFile(name=name, path=Path(file)), WarcFile(name="other.warc.gz", path=Path("/other/other.warc.gz"))]
    assert find_warc(path, name) == Path(file)
    first = (path / layout.ELSEWHERE).read_text().splitlines()[0]
    assert first == (file if plain else json.dumps({"name": name, "path": file}))
    assert (path / layout.REFERRED / name).readlink() == Path(file)


def test_a_file_that_is_referred_to_twice_has_one_link(path: Path) -> None:
    for _ in range(2):
        refer(path, "crawl.warc.gz", Path("/data/crawl.warc.gz"))
    assert [link.name for link in (path / layout.REFERRED).iterdir()] == ["crawl.warc.gz"]


def test_blank_lines_of_the_list_are_passed_over(path: Path) -> None:
    (path / layout.ELSEWHERE).write_text("\n/data/a.warc.gz\n\n  \n/data/b.warc.gz")
    assert [file.name for file in elsewhere(path)] == ["a.warc.gz", "b.warc.gz"]
