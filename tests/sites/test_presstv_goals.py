"""Press TV's stand-in visited again: what is not asked twice, and that edits, touches, removals and restorations are told for what they are."""

from __future__ import annotations

import base64
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from stands import Mirrors, Scrapy

FINDABLE = {"feed", "sitemap", "section", "footer or related box"}
BARE = ("-a", "requisites=none")
AGAIN = (*BARE, "-a", "recheck=yes")
ONCE = ("-s", "ARCHIVE_GONE_CONFIRM_HOURS=0")
"""A story that is missing once counts as gone."""


@pytest.fixture(scope="module")
def first(shared: Path, _mirrors: Mirrors, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ARCHIVE_DIR with a first run over two well mirrors; tests take copies."""
    _mirrors.control("reset")
    _mirrors.control("mode", host="ir", mode="up")
    scrapy = Scrapy(tmp_path_factory.mktemp("first"))
    scrapy("crawl", "presstv", *BARE, "-a", "backfill=sitemap,sections", *_mirrors.settings)
    return scrapy.archives


@pytest.fixture
def visited(first: Path, scrapy: Scrapy, mirrors: Mirrors) -> Scrapy:
    """The command line over a copy of the first run, and the stand-in as it was then."""
    mirrors.control("mode", host="ir", mode="up")
    shutil.copytree(first, scrapy.archives)
    return scrapy


def crawl(scrapy: Scrapy, mirrors: Mirrors, *words: str) -> list[dict[str, Any]]:
    """Run once more; the stand-in's own log of the exchanges, each with the size of the body that it sent."""
    mirrors.control("clear")
    scrapy("crawl", "presstv", *(words or BARE), *mirrors.settings)
    return [row | {"body": len(base64.b64decode(row["sent"]).partition(b"\r\n\r\n")[2])} for row in mirrors.control("log", kind="exchange")]


def events(scrapy: Scrapy) -> Counter[tuple[str, str]]:
    """Story and kind of every event but the first publication."""
    told = json.loads(scrapy("events", "-c", "presstv", "--json", "--limit", "0").stdout)["events"]
    return Counter((one["story_id"].partition("/")[2], one["kind"]) for one in told if one["kind"] != "published")


def versions(scrapy: Scrapy, number: str) -> list[dict[str, Any]]:
    document: dict[str, Any] = json.loads(scrapy("versions", number, "-c", "presstv", "--diff", "--json").stdout)
    found: list[dict[str, Any]] = document["versions"]
    return found


def known(mirrors: Mirrors) -> list[str]:
    return sorted(one["id"] for one in mirrors.ready["stories"] if FINDABLE & set(one["found_by"]))


def named(pieces: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Words that are gone and new in each sentence that a diff names."""
    found = []
    for piece in pieces:
        words = piece["words"] or [["gone", piece["old"]], ["new", piece["new"]]]
        if piece["kind"] != "same":
            found.append(tuple("".join(text for kind, text in words if kind == wanted).strip() for wanted in ("gone", "new")))
    return [(gone, new) for gone, new in found]


@pytest.mark.parametrize("words", [BARE, AGAIN], ids=["", "recheck=yes"])
def test_a_second_run_over_an_unchanged_site_brings_no_story_and_asks_each_list_once(
    visited: Scrapy, mirrors: Mirrors, words: tuple[str, ...]
) -> None:
    log = crawl(visited, mirrors, *words)
    stories = [row for row in log if row["story"]]
    assert [row for row in stories if row["body"]] == []
    assert len(stories) >= (len(known(mirrors)) if words == AGAIN else 0)
    feeds = Counter((row["host"], row["target"]) for row in log if row["target"].startswith("/rss"))
    fronts = Counter((row["host"].startswith("french"), row["target"]) for row in log if row["target"] == "/" or "/Section/" in row["target"])
    assert len(feeds) == 4
    assert len(fronts) >= 10
    for lists in (feeds, fronts):
        assert sum(lists.values()) <= 1.2 * len(lists), lists
    assert events(visited) == Counter()


def test_an_edit_makes_one_version_whose_diff_names_what_was_changed(visited: Scrapy, mirrors: Mirrors) -> None:
    before = mirrors.control("expected")
    mirrors.control("edit", id=774416)
    crawl(visited, mirrors)
    assert {number for number, _ in events(visited)} == {"774416"}, "an edit that the feed tells is seen by the next run"
    for number in known(mirrors):
        if number != "774416":
            mirrors.control("edit", id=number)
    crawl(visited, mirrors, *AGAIN)
    after, told = mirrors.control("expected"), events(visited)
    for number in known(mirrors):
        old, new = before[number], after[number]
        changed = {"headline": [("", ", correction 1 says")], "body": [("", "Correction 1: an earlier version of this paragraph ended here.")]}
        if [one["caption"] for one in old["images"]] != [one["caption"] for one in new["images"]]:
            changed["captions"] = [("", "Corrected caption 1:")]
        found = versions(visited, number)
        assert len(found) == 2, number
        assert {field: named(pieces) for field, pieces in found[1]["sentences"].items()} == changed, number
        kinds = {"headline": "headline_changed", "body": "edited", "captions": "caption_changed"}
        assert {kind: count for (one, kind), count in told.items() if one == number} == {kinds[field]: 1 for field in changed}, number
    crawl(visited, mirrors, *AGAIN)
    assert events(visited) == told


def test_a_touched_page_is_no_edit(visited: Scrapy, mirrors: Mirrors) -> None:
    for number in known(mirrors):
        mirrors.control("touch", id=number)
    log = crawl(visited, mirrors, *AGAIN)
    assert {row["story"] for row in log if row["status"] == 200 and row["body"]} >= set(known(mirrors)), "other bytes came"
    assert events(visited) == Counter()
    assert all(len(versions(visited, number)) == 1 for number in known(mirrors)[:3])
    assert json.loads(visited("stats", "presstv", "--json").stdout)["stories"] == len(known(mirrors))


def test_removals_are_told_once_they_are_confirmed_and_so_is_their_end(visited: Scrapy, mirrors: Mirrors) -> None:
    away = {"774397": "404", "774402": "410", "774399": "home", "207430": "soft"}
    for number, how in away.items():
        mirrors.control("remove", id=number, how=how)
    crawl(visited, mirrors, *AGAIN)
    crawl(visited, mirrors)
    assert events(visited) == Counter(), "missing once, and not yet asked for again: a suspicion is no event"
    crawl(visited, mirrors, *AGAIN)
    removed = Counter({(number, "removed"): 1 for number in away})
    assert events(visited) == removed
    mirrors.control("remove", id="774394", how="404")
    crawl(visited, mirrors, *AGAIN, *ONCE)
    removed["774394", "removed"] = 1
    assert events(visited) == removed, "one time is enough if the setting says so; what is told is not told again"
    for number in (*away, "774394"):
        mirrors.control("remove", id=number, how="none")
    crawl(visited, mirrors, *AGAIN)
    assert events(visited) == removed + Counter({(number, "restored"): 1 for number, _ in removed})
    assert all(len(versions(visited, number)) == 1 for number in away)
