"""What commands refuse, in one line with the next step, and by which exit code; nothing is opened or changed before."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from foreign_warcs import answer, record, story, write
from index_makers import article, capture, file_all

from crawler.index.index import Index

ONE, TWO = (record(answer(story(f"boat {n}")), f"/{n}", n=n) for n in (1, 2))
Typed = Callable[..., Any]


def make(folder: Path, name: str = "harbour") -> Path:
    """A small collection of one story with two versions."""
    path = folder / name
    (path / "archive").mkdir(parents=True)
    with Index.open(path / "index.db") as index:
        file_all(index, (capture(1), article()), (capture(2, host="b.example"), article("Ferry stops")))
    return path


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("stats", "a", "b"), 2, "stats: name one collection, or none if there is only one"),
        (("stats", "nosuch"), 1, "stats: no collection 'nosuch': {archives}/nosuch holds neither index.db nor archive/; under ARCHIVE_DIR there are: harbour"),
        (("search",), 2, "search: an empty query: name at least one word to look for"),
        (("search", "  "), 2, "search: an empty query: name at least one word to look for"),
        (("search", "ferry", "--limit", "0"), 2, None),
        (("search", "ferry", "--limit", "-1"), 2, "search: --limit -1: must be a number from 1 on"),
        (("search", "ferry", "--limit", "many"), 2, "search: --limit many: must be a number from 1 on"),
        (("search", "ferry", "--limit", "9" * 50), 2, f"search: --limit {'9' * 40}: must be a number from 1 on"),
        (("search", "ferry", "-c", "nosuch"), 1, None),
        (("versions",), 2, "versions: name one story: an id (presstv/459588), a number, or an address"),
        (("versions", "1", "2"), 2, "versions: name one story: an id (presstv/459588), a number, or an address"),
        (("versions", "99"), 1, "versions: 99: no such story in harbour; `scrapy search` finds stories by their words"),
        (("list", "sites"), 2, "list: list takes no argument"),
        (("verify", "{archives}/nosuch.warc.gz"), 1, "verify: {archives}/nosuch.warc.gz: no such file"),
        (("verify", "{archives}"), 1, "verify: {archives}: neither a file nor a collection (no index.db and no archive/ in it)"),
        (("verify", "{archives}/good.warc.gz", "--deep"), 2, "verify: --deep compares an index with its WARCs: name a collection"),
        (("reindex", "a", "b"), 2, "reindex: name one collection, or none if there is only one"),
        (("repair", "nosuch"), 1, None),
        (("stats", "--nosuch"), 2, "stats: unknown option --nosuch; `scrapy stats -h` lists them"),
        (("stats", "-s", "ARCHIVE_OPERATR=x"), 2, None),
        (("stats", "-s", "ARCHIVE_DIR="), 1, "stats: ARCHIVE_DIR is not set: name the directory of your collections in that setting or environment variable"),
    ],
)
def test_a_refusal_is_one_line(typed: Typed, tmp_path: Path, words: tuple[str, ...], code: int, line: str | None) -> None:
    make(tmp_path)
    write(tmp_path / "good.warc.gz", ONE)
    told = typed(*(word.format(archives=tmp_path) for word in words))
    assert told.code == code
    assert told.out == ""
    (said,) = told.err.splitlines()
    assert said.startswith(f"{words[0]}: ")
    if line is not None:
        assert said == line.format(archives=tmp_path)


def test_of_several_collections_one_must_be_named(typed: Typed, tmp_path: Path) -> None:
    assert typed("stats").code == 1
    make(tmp_path)
    assert typed("stats").code == 0
    make(tmp_path, "quay")
    told = typed("stats")
    assert told.code == 1
    assert "harbour" in told.err
    assert "quay" in told.err


def test_a_story_of_several_sites_is_told_apart(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "both"
    (path / "archive").mkdir(parents=True)
    with Index.open(path / "index.db") as index:
        file_all(
            index, (capture(1), article()),
            (capture(2, key="quay/1000", story="quay/1000", site="quay", url="https://quay.example/1000"), article(story="quay/1000")),
        )  # fmt: skip
    told = typed("versions", "1000")
    assert (told.code, told.err) == (2, "versions: 1000: several stories: harbour/1000, quay/1000; name one\n")


def test_a_setting_that_is_misspelt_is_told_with_the_nearest_name(typed: Typed, tmp_path: Path) -> None:
    make(tmp_path)
    told = typed("stats", "-s", "ARCHIVE_OPERATR=x")
    assert "ARCHIVE_OPERATR" in told.err
    assert "ARCHIVE_OPERATOR" in told.err


def test_jobdir_is_told_and_does_not_stop(typed: Typed, tmp_path: Path) -> None:
    make(tmp_path)
    told = typed("stats", "-s", "JOBDIR=x")
    assert told.code == 0
    assert told.err.startswith("stats: JOBDIR is not used: the collection itself keeps what is yet to be asked for")


def test_figures_for_people_and_programs(typed: Typed, tmp_path: Path) -> None:
    make(tmp_path)
    lines = typed("stats", "harbour").out.splitlines()
    assert lines[0] == "harbour"
    assert any(line.split()[:2] == ["captures", "2"] for line in lines)
    assert "Mirrors" not in lines
    figures = json.loads(typed("stats", "harbour", "--json").out)
    assert (figures["captures"], figures["versions"], figures["files_on_disk"]) == (2, 2, 0)


def test_versions_with_what_changed(typed: Typed, tmp_path: Path) -> None:
    make(tmp_path)
    out = typed("versions", "harbour/1000", "--diff").out
    assert "headline: Ferry [-runs again-]{+stops+}" in out
    document = json.loads(typed("versions", "1000", "--diff", "--json").out)
    assert document["versions"][1]["changes"]["headline"] == [["same", "Ferry "], ["gone", "runs again"], ["new", "stops"]]
    assert [version["n"] for version in document["versions"]] == [1, 2]
    assert "changes" not in document["versions"][0]


def test_a_long_text_is_shown_around_its_changes(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "harbour"
    (path / "archive").mkdir(parents=True)
    words = " ".join(f"word{n}" for n in range(60))
    with Index.open(path / "index.db") as index:
        file_all(index, (capture(1), article(body=f"{words} old {words}")), (capture(2), article(body=f"{words} new {words}")))
    out = typed("versions", "1000", "--diff").out
    assert "word59 [-old-]{+new+} word0" in out
    assert "word30" not in out


def test_files_are_verified_and_faults_are_told_with_what_to_do(typed: Typed, tmp_path: Path) -> None:
    good, bad = write(tmp_path / "good.warc.gz", ONE, TWO), tmp_path / "bad.warc.gz"
    data = good.read_bytes()
    bad.write_bytes(data[:-40])
    assert typed("verify", str(good)).code == 0
    told = typed("verify", str(good), str(bad))
    assert told.code == 13
    assert f"{good}  " in told.out
    assert "put back this file from a copy" in told.out
    assert told.out.splitlines()[-1].startswith("2 files, ")
    document = json.loads(typed("verify", str(bad), "--json").out)
    assert document["ok"] is False
    assert document["files"][0]["faults"][0]["advice"].startswith("put back this file from a copy")


def test_what_is_unusual_in_files_of_others_is_a_fault_when_asked_for(typed: Typed, tmp_path: Path) -> None:
    odd = tmp_path / "odd.warc.gz"
    odd.write_bytes(gzip.compress(ONE + TWO, mtime=0))
    assert typed("verify", str(odd)).code == 0
    told = typed("verify", str(odd), "--strict")
    assert told.code == 13
    assert "unusual, not damaged: nothing is lost, and a copy would say the same" in told.out


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        ((), 2, "fixture: name one address of a story, or one file with its page"),
        (("a", "b"), 2, "fixture: name one address of a story, or one file with its page"),
        (("page.html", "--name", "../x"), 2, "fixture: --name: '../x' is no plain file name"),
        (("page.html", "--name", ".x"), 2, "fixture: --name: '.x' is no plain file name"),
        (("page.html", "--name", ""), 2, "fixture: --name: '' is no plain file name"),
        (("https://www.presstv.ir/Detail/2026/08/15/774416/x", "--url", "https://a.example/"), 2, "fixture: --url and --date belong to a FILE; an address says itself where and when"),
        (("page.html", "--date", "soon"), 2, None),
        (("https://nobody.example/1",), 2, None),
    ],
)
def test_a_fixture_is_refused_before_anything_is_asked(typed: Typed, words: tuple[str, ...], code: int, line: str | None) -> None:
    told = typed("fixture", *words)
    assert told.code == code
    assert told.out == ""
    assert told.err.splitlines()[0].startswith("fixture: ")
    if line is not None:
        assert told.err.splitlines()[0] == line
