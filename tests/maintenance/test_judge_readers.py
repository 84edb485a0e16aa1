"""What other readers would change is told field by field, and nothing is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from played import PAGE, START, said
from played import crawl as played
from test_reread import READERS, brought_in, crawled, dump, page, read_otherwise

from crawler.collection.collection import Collection
from crawler.items import Listing, Parsed, Unusable
from crawler.maintenance.choice import Choice
from crawler.maintenance.judge_readers import Judgement, judge_readers
from crawler.maintenance.reindex import rebuild
from crawler.processing import parse_again
from crawler.processing.interpret import interpret


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    return crawled(tmp_path / "web")


def judged(path: Path, **more: Any) -> Judgement:
    return judge_readers(path, READERS, more.pop("choice", Choice()), **more)


def differing(told: Judgement) -> dict[str, tuple[int, int, int]]:
    return {name: (one.changed, one.gained, one.lost) for name, one in told.fields.items() if one.different}


def files(path: Path) -> dict[str, str]:
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(path.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("make", [crawled, brought_in])
def test_the_same_readers_change_nothing(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    told = judged(make(tmp_path / "web"))
    assert (told.changed, differing(told), told.damaged) == (0, {}, [])
    assert told.captures > 5
    assert told.before == told.now


@pytest.mark.parametrize("seed", range(12))
def test_what_a_rebuild_changes_is_told_and_nothing_else(collection: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(parse_again, "interpret", read_otherwise(seed))
    rebuild(collection, READERS)
    before = dump(collection)
    monkeypatch.setattr(parse_again, "interpret", interpret)
    told = judged(collection, examples=99)
    rebuild(collection, READERS)
    after = dump(collection)
    assert (told.changed == 0) == (before == after)
    states = {row[0]: row[1] for row in before["captures"]}, {row[0]: row[1] for row in after["captures"]}
    for one in told.examples["state"]:
        assert one.old.startswith(states[0][one.record_id])
        assert one.new.startswith(states[1][one.record_id])


def changed_readers(change: Callable[[Parsed], Any]) -> Callable[..., Any]:
    def other(*arguments: Any) -> Any:
        outcome = interpret(*arguments)
        return change(outcome) if isinstance(outcome, Parsed) else outcome

    return other


CHANGES: dict[str, tuple[Callable[[Parsed], Any], dict[str, tuple[int, int, int]]]] = {
    "headline": (lambda o: evolve(o, article=evolve(o.article, headline=f"{o.article.headline}!")), {"headline": (3, 0, 0)}),
    "section": (lambda o: evolve(o, article=evolve(o.article, section="Sea")), {"section": (0, 3, 0)}),
    "images": (lambda o: evolve(o, article=evolve(o.article, images=())), dict.fromkeys(("images", "captions", "credits"), (0, 0, 1))),
    "links": (lambda o: evolve(o, links=o.links[:1]), {"links": (3, 0, 0)}),
    "no article": (lambda o: Listing(lease=o.lease, capture=o.capture, links=o.links), {"state": (3, 0, 0), "headline": (0, 0, 3), "body": (0, 0, 3)}),
    "missing": (
        lambda o: Unusable(lease=o.lease, capture=o.capture, reason="soft-404", detail="no text", answer=True, links=o.links),
        {"state": (3, 0, 0), "headline": (0, 0, 3)},
    ),
}  # fmt: skip


@pytest.fixture
def three(tmp_path: Path) -> Path:
    figure = "<figure><img src='http://news.example/ship.jpg' width=600><figcaption>A ship. Photo: Ida Loewe</figcaption></figure>"
    return played(tmp_path / "three", [said("/p1", body=page("One", "alpha", figure)), said("/p2", body=page("Two", "beta")), said("/p3", body=page("Three", "gamma"))])


@pytest.mark.parametrize("name", CHANGES)
def test_each_field_is_counted(three: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    change, wanted = CHANGES[name]
    monkeypatch.setattr(parse_again, "interpret", changed_readers(change))
    told = judged(three)
    found = differing(told)
    assert wanted.items() <= found.items()
    assert name in ("images", "no article", "missing") or found.keys() == wanted.keys()
    assert (told.captures, told.changed) == (3, 1 if name == "images" else 3)


def test_only_the_text_is_compared_of_a_capture_that_repeats_an_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = played(tmp_path / "two", [said("/p1"), said("/p1", body=PAGE.encode() + b"<!-- later -->")])
    monkeypatch.setattr(parse_again, "interpret", changed_readers(lambda o: evolve(o, article=evolve(o.article, section="Sea"))))
    assert differing(judged(path)) == {"section": (0, 1, 0)}
    monkeypatch.setattr(parse_again, "interpret", changed_readers(lambda o: evolve(o, article=evolve(o.article, headline="Another"))))
    assert differing(judged(path)) == {"headline": (2, 0, 0)}


def test_nothing_is_written_beside_a_crawl(collection: Path) -> None:
    with closing(Collection.open(collection)):
        before = files(collection)
        assert judged(collection).captures
        assert files(collection) == before


def test_a_sample_is_the_same_each_time_and_choices_are_kept_to(collection: Path) -> None:
    whole = judged(collection)
    four = judged(collection, sample=4)
    assert four.captures + four.left_out.total() == 4
    assert judged(collection, sample=4) == four
    assert judged(collection, sample=10_000).captures == whole.captures
    later = judged(collection, choice=Choice(since=START + timedelta(hours=8)))
    assert 0 < later.captures < whole.captures


def test_examples_are_told_with_a_word_diff(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler.printed.judgement import report

    monkeypatch.setattr(parse_again, "interpret", changed_readers(lambda o: evolve(o, article=evolve(o.article, headline="Quite another", template="new"))))
    text = report(three, judged(three, examples=1)) + "\n"
    assert "\nheadline: 3 of 3\n  http://news.example/p1  2026-11-24 12:00\n    [-One-]{+Quite another+}\n" in text
    assert "\ntemplate: 3 of 3\n  3 captures: generic -> new\n" in text
    assert "the same everywhere: state, story, deck, body" in text
