"""`scrapy search`, `versions` and `stats`, as typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from index_makers import BEGIN, article, capture, file_all

from crawler.index.index import Index
from crawler.items import Failure, Image, Target

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    folder = tmp_path / "harbour"
    (folder / "archive").mkdir(parents=True)
    (folder / "archive" / "h-1.warc.gz").write_bytes(b"x" * 1234)
    with Index.open(folder / "index.db") as index:
        bar = (Image(url="https://pics.example/c.jpg", caption="Guests\x1b[31m at the\nbar", credit="Dock Photo"),)
        file_all(index, (capture(1), article()), (capture(2, host="b.example"), article("Ferry stops", images=bar)))
        with index.atomic():
            run = index.start_run("harbour", {}, BEGIN)
            index.end_run(run, ended=BEGIN, exit_code=10, reason="finished", stats={})
            index.save_mirror("harbour", "b.example", state="resting", failures=3)
            index.add_failure(Failure(
                target=Target(url="https://a.example/", site="harbour", role="story", key="k"), date=BEGIN, reason="dns",
            ))
    return tmp_path


@pytest.fixture
def run(archives: Path, typed: Callable[..., Any]) -> Run:
    def scrapy(*words: str) -> tuple[int, str, str]:
        answer = typed(*words, archives=archives)
        return answer.code, answer.out, answer.err

    return scrapy


def test_search_for_people(run: Run) -> None:
    code, out, _ = run("search", "guests", "ferry")
    assert code == 0
    assert out.splitlines()[0] == "Ferry stops"
    assert "2026-03-01 09:00  harbour/1000  version 2" in out
    assert r"picture: Guests\x1b[31m at the bar (Dock Photo)" in out
    assert "\x1b" not in out
    assert out.endswith("1 story found in harbour\n")


def test_search_for_programs(run: Run) -> None:
    code, out, _ = run("search", "ferry", "--json", "--limit", "1", "-c", "harbour")
    hits = json.loads(out)["hits"]
    assert (code, len(hits), hits[0]["story_id"]) == (0, 1, "harbour/1000")


def test_search_tells_the_total_facets_and_what_it_did_not_understand(run: Run) -> None:
    code, out, _ = run("search", "lost:x OR ferry", "--json", "--facets", "--sort", "date")
    told = json.loads(out)
    assert (code, told["total"], told["more"], told["superseded"]) == (0, 1, False, 1)
    assert told["notes"] == ["no field is named lost: lost:x is searched as words"]
    assert [value["value"] for facet in told["facets"] if facet["name"] == "year" for value in facet["values"]] == ["2026"]
    assert told["hits"][0]["snippet"][slice(*told["hits"][0]["snippet_marks"][0])] == "ferry"
    code, out, _ = run("search", "ferry lost:", "--all-versions", "--facets", "--limit", "1", "--offset", "1", "--color", "always")
    assert (code, out) == (0, "0 versions found in harbour\n")
    code, out, _ = run("search", "ferry", "--all-versions", "--facets", "--limit", "1", "--color", "always")
    assert "version 1 of 2: a newer one is there" in out
    assert "\x1b[1mFerry\x1b[0m runs again" in out
    assert "year: 2026 2" in out
    assert out.endswith("2 versions found in harbour, 1 to 1 shown; --offset 1 goes on\n")
    code, out, _ = run("search", "?!", "--json")
    assert (code, json.loads(out)["notes"]) == (0, ["nothing in the query is a word that can be found"])


def test_the_recency_of_a_search_is_a_setting(run: Run) -> None:
    code, out, _ = run("search", "ferry", "--json", "-s", "ARCHIVE_SEARCH_RECENCY=0")
    assert (code, json.loads(out)["total"]) == (0, 1)
    assert run("search", "ferry", "-s", "ARCHIVE_SEARCH_RECENCY=-1")[0] == 1


def test_search_takes_any_text_behind_two_dashes(run: Run) -> None:
    assert run("search", "--json", "--", "-ferry", '"')[0] == 0
    assert run("search", "-ferry")[0] == 2


@pytest.mark.parametrize("words", [("search",), ("search", " "), ("search", "x", "--limit", "no"), ("search", "x", "--limit", "0"),
                                   ("search", "x", "--limit", "9" * 5000),
                                   ("versions",), ("versions", "1", "2"), ("stats", "a", "b")])  # fmt: skip
def test_usage_errors(run: Run, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out, "Traceback" in err) == (2, "", False)


def test_set_up_errors_are_one_line(run: Run, archives: Path) -> None:
    assert run("versions", "harbour/9")[0] == 1
    (archives / "other" / "archive").mkdir(parents=True)
    code, out, err = run("search", "ferry")
    assert (code, out) == (1, "")
    assert "harbour, other" in err
    code, out, err = run("stats", "other")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "reindex" in err
    (archives / "other" / "index.db").write_bytes(b"rubbish" * 1000)
    assert run("stats", "other")[0] == 1


def test_versions_for_people(run: Run) -> None:
    code, out, _ = run("versions", "1000", "--diff")
    assert code == 0
    assert "harbour/1000  live  2 versions" in out
    assert "Version 2  2026-03-01 10:30 to 2026-03-01 10:30 UTC  1 sighting on b.example" in out
    assert "headline: Ferry [-runs again-]{+stops+}" in out
    assert "body:" not in out


def test_versions_for_programs(run: Run) -> None:
    code, out, _ = run("versions", "harbour/1000", "--json", "--diff")
    document = json.loads(out)
    assert (code, document["id"], [v["n"] for v in document["versions"]]) == (0, "harbour/1000", [1, 2])
    assert document["versions"][1]["changes"]["headline"][-1] == ["new", "stops"]
    assert document["versions"][0]["first_seen"] == "2026-03-01T09:30:15.250001Z"
    assert document["versions"][1]["sightings"][0]["host"] == "b.example"


def test_stats(run: Run) -> None:
    code, out, _ = run("stats")
    assert code == 0
    for words in ("captures    2", "1.2 KiB", "dns  1", "b.example  resting", "finished"):
        assert words in out, words
    code, out, _ = run("stats", "harbour", "--json")
    stats = json.loads(out)
    assert (stats["captures"], stats["stories"], stats["versions"], stats["failures"]) == (2, 1, 2, {"dns": 1})
    assert (stats["pictures"], stats["pictures_with_credit"], stats["bytes_on_disk"]) == (1, 1, 1234)
    assert stats["runs"][0]["exit_code"] == 10
