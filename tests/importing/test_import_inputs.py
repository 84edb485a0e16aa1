"""Which files a replay takes, and in what words it refuses the others; what lies in packages is taken one by one."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from pathlib import Path

import pytest
from foreign_warcs import answer, record, story, write
from warc_makers import zst

from crawler.archive_files.inputs import Input
from crawler.collection.layout import make_folders, warc_files
from crawler.errors import SetupError
from crawler.importing.import_warc import check_input, import_file
from crawler.importing.page_lists import add_page_lists
from crawler.index.index import Index

ONE, TWO = (record(answer(story(f"boat {n}")), f"/{n}", n=n) for n in (1, 2))


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    path = tmp_path / "archives" / "x"
    make_folders(path)
    return path


def package(path: Path, **members: bytes) -> Path:
    """A WACZ of these members."""
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("datapackage.json", json.dumps({"profile": "data-package", "resources": []}))
        for name, data in members.items():
            out.writestr(f"archive/{name}.warc.gz", data)
    return path


def refusal(path: Path, *, copy: bool) -> str | None:
    try:
        check_input(Input(path=path), copy=copy)
    except SetupError as error:
        return str(error).removeprefix(f"{path}: ")
    return None


def test_a_pipe_can_only_be_copied(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    told = "what comes over a pipe can only be copied; leave out copy=no"
    assert (refusal(Path("-"), copy=False), refusal(tmp_path / "pipe", copy=False)) == (told, told)
    assert refusal(Path("-"), copy=True) is None


def test_what_is_to_be_converted_can_only_be_copied(tmp_path: Path) -> None:
    (tmp_path / "x.warc.zst").write_bytes(zst(ONE))
    (tmp_path / "whole.warc.gz").write_bytes(gzip.compress(ONE + TWO, mtime=0))
    write(tmp_path / "good.warc.gz", ONE, TWO)
    assert refusal(tmp_path / "x.warc.zst", copy=False) == "of a warc.zst file only a copy, converted, can be replayed; leave out copy=no"
    assert "only a copy of it, converted, can be replayed; leave out copy=no" in (refusal(tmp_path / "whole.warc.gz", copy=False) or "")
    assert refusal(tmp_path / "good.warc.gz", copy=False) is None
    assert [refusal(tmp_path / name, copy=True) for name in ("x.warc.zst", "whole.warc.gz", "good.warc.gz")] == [None] * 3


def test_what_is_no_archive_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing of the kind")
    assert refusal(tmp_path / "notes.txt", copy=True) is not None
    with pytest.raises(SetupError, match=r"notes\.txt"):
        check_input(Input(path=tmp_path / "notes.txt"), copy=True)


def test_a_file_of_the_collection_s_own_is_taken_where_it_lies(collection: Path) -> None:
    own = write(collection / "archive" / "own.warc.gz", ONE)
    (taken,) = import_file(Input(path=own), collection, copy=True)
    assert (taken.file.path, taken.known) == (own, True)
    assert [file.name for file in warc_files(collection)] == ["own.warc.gz"]


def test_a_file_that_is_referred_to_is_not_copied_later(tmp_path: Path, collection: Path) -> None:
    outside = write(tmp_path / "out" / "crawl.warc.gz", ONE)
    (first,) = import_file(Input(path=outside), collection, copy=False)
    (again,) = import_file(Input(path=outside), collection, copy=True)
    assert (again.known, again.file) == (True, first.file)
    assert list((collection / "archive").iterdir()) == []


def test_a_package_without_warcs_is_refused_and_changes_nothing(tmp_path: Path, collection: Path) -> None:
    empty = package(tmp_path / "empty.wacz")
    with pytest.raises(SetupError) as caught:
        list(import_file(Input(path=empty), collection, copy=True))
    assert str(caught.value).startswith(f"{empty}: no WARC can be taken out of it")
    assert str(caught.value).endswith(": not replayed, nothing was changed")
    assert warc_files(collection) == []


def test_a_bad_member_of_a_package_costs_no_other(tmp_path: Path, collection: Path) -> None:
    week = package(tmp_path / "week.wacz", a=gzip.compress(ONE, mtime=0), b=b"no archive at all", c=gzip.compress(TWO, mtime=0))
    taken = list(import_file(Input(path=week), collection, copy=True))
    assert len(taken) == len(warc_files(collection)) == 2
    assert [one.source.endswith(name) for one, name in zip(taken, ("a.warc.gz", "c.warc.gz"), strict=True)] == [True, True]
    told = [fault.what for one in taken for fault in one.faults]
    assert any("b.warc.gz" in what for what in told)
    assert all(fault.path == week for one in taken for fault in one.faults)


def test_a_package_of_which_only_the_last_member_is_bad_says_so_at_its_end(tmp_path: Path, collection: Path) -> None:
    week = package(tmp_path / "week.wacz", a=gzip.compress(ONE, mtime=0), b=b"no archive at all")
    found = import_file(Input(path=week), collection, copy=True)
    assert next(found).file.path.exists()
    with pytest.raises(SetupError, match=r"b\.warc\.gz"):
        next(found)
    assert len(warc_files(collection)) == 1
    assert not list((collection / "incoming").rglob("*.gz")), "what was unpacked is taken away"


def test_lists_of_pages_of_two_packages_of_one_name_are_both_kept(tmp_path: Path, collection: Path) -> None:
    for folder in ("a", "b", "a"):
        (tmp_path / folder).mkdir(exist_ok=True)
        path = tmp_path / folder / "week.wacz"
        with zipfile.ZipFile(path, "w") as out:
            out.writestr("datapackage.json", json.dumps({"resources": []}))
            out.writestr("archive/data.warc.gz", gzip.compress(ONE if folder == "a" else TWO, mtime=0))
            out.writestr(
                "pages/pages.jsonl",
                '{"format": "json-pages-1.0"}\n'
                + json.dumps({"url": f"http://{folder}.example/", "title": folder, "ts": "2026-01-01T00:00:00Z"})
                + "\n",
            )
        list(import_file(Input(path=path), collection, copy=True))
    lists = sorted(path.name for path in (collection / "packages").iterdir())
    assert len(lists) == 2
    assert "week.wacz.jsonl" in lists
    with Index.open(collection / "index.db") as index:
        with index.atomic():
            add_page_lists(index, collection)
        assert {(row[0], row[1]) for row in index.query("SELECT url, title FROM offered_pages")} == {
            ("http://a.example/", "a"),
            ("http://b.example/", "b"),
        }


@pytest.mark.parametrize("as_pipe", [False, True])
def test_what_comes_over_a_pipe_is_named_by_what_it_holds(tmp_path: Path, collection: Path, as_pipe: bool) -> None:
    data = gzip.compress(ONE, mtime=0)
    pipe = tmp_path / "pipe"
    if as_pipe:
        os.mkfifo(pipe)
        if (child := os.fork()) == 0:
            pipe.write_bytes(data)
            os._exit(0)
        (taken,) = import_file(Input(path=pipe), collection, copy=True)
        os.waitpid(child, 0)
        assert taken.source == str(pipe)
        assert taken.file.name.startswith("piped-")
    else:
        pipe.write_bytes(data)
        (taken,) = import_file(Input(path=pipe), collection, copy=True)
        assert taken.file.name.startswith("pipe")
    assert taken.file.path.read_bytes() == data
