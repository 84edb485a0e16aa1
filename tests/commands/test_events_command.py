"""`scrapy events`: lines for people, one JSON document, an Atom feed; what it refuses."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import feedparser
import pytest
from attrs import evolve
from index_makers import article, capture
from typed_commands import Typed

from crawler.crawl.report import Report
from crawler.history.atom import _difference
from crawler.history.sentence_diff import sentence_diff
from crawler.index.index import Index
from crawler.monitoring.events_feed import write_feed_of

ATOM = "{http://www.w3.org/2005/Atom}"
EVIL = "Ferry <script>alert(1)</script> & ]]> \x01\x0b sinks"


def make(folder: Path, name: str = "harbour", stories: int = 1) -> Path:
    """Stories of which each is published, edited twice, and published on a second site."""
    path = folder / name
    (path / "archive").mkdir(parents=True, exist_ok=True)
    with Index.open(path / "index.db") as index:
        for n in range(stories):
            texts = (
                article("Ferry runs again", "The ferry runs again. It had been idle for nine days."),
                article("Ferry runs again", "The ferry runs again. It had been idle for ten days."),
                article(EVIL, "The ferry runs again. It had been idle for ten days.", canonical_url="javascript:alert(1)"),
            )
            for at, text in enumerate(texts):
                shot = capture(10 * at + n + 1, story=f"harbour/{1000 + n}", key=f"harbour/{1000 + n}")
                with index.atomic():
                    index.add_capture(shot)
                    index.file_article(shot, evolve(text, story=shot.story))
    return path


def kinds(answer: Any) -> list[str]:
    return [event["kind"] for event in json.loads(answer.out)["events"]]


def test_lines_for_people(typed: Typed, tmp_path: Path) -> None:
    make(tmp_path)
    answer = typed("events")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert [line[18:34].strip() for line in lines[:-1]] == ["headline changed", "edited", "published"]
    assert "harbour/1000  Ferry runs again -> Ferry <script>alert(1)</script> & ]]> \\x01\\x0b sinks  (stood 10 h to 20 h)" in lines[0]
    assert lines[1].endswith("(stood up to 10 h)")
    assert lines[-1] == "3 events in harbour"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["headline_changed", "edited", "published"]),
        (("--kind", "edited,published"), ["edited", "published"]),
        (("--kind", "Headline changed"), ["headline_changed"]),
        (("--since", "2026-03-01T19:00"), ["headline_changed", "edited"]),
        (("--until", "2026-03-01"), ["edited", "published"]),
        (("--until", "2026-03-01T19:00"), ["published"]),
        (("--site", "harbour"), ["headline_changed", "edited", "published"]),
        (("--site", "quay"), []),
        (("--story", "1000", "--limit", "1"), ["headline_changed"]),
        (("--limit", "0"), ["headline_changed", "edited", "published"]),
    ],
)
def test_what_is_asked_for(typed: Typed, tmp_path: Path, words: tuple[str, ...], expected: list[str]) -> None:
    make(tmp_path)
    assert kinds(typed("events", "--json", *words)) == expected


def test_json_holds_captures_and_differences(typed: Typed, tmp_path: Path) -> None:
    make(tmp_path)
    changed, edited, published = json.loads(typed("events", "--json").out)["events"]
    assert published["changes"] == {}
    assert [piece["kind"] for piece in edited["changes"]["body"]] == ["same", "changed"]
    assert edited["changes"]["body"][1]["words"][1:3] == [["gone", "nine"], ["new", "ten"]]
    assert list(changed["changes"]) == ["headline"]
    assert (changed["warc"], changed["offset"], changed["warc_before"], changed["offset_before"]) == ("harbour-1.warc.gz", 21000, "harbour-1.warc.gz", 11000)
    assert (changed["version_before"], changed["version"], changed["site"]) == (2, 3, "harbour")


def test_more_than_is_shown_is_said(typed: Typed, tmp_path: Path) -> None:
    make(tmp_path, stories=3)
    assert typed("events", "--limit", "2").out.splitlines()[-1] == "more than 2 events in harbour; --limit shows more"


@pytest.mark.parametrize(
    "words",
    [
        ("--kind", "vanished"), ("--kind", ","), ("--since", "soon"), ("--until", "never"), ("--limit", "-1"), ("--limit", "many"), ("harbour",),
        ("--self", "https://a.example/"), ("--atom", "x", "--self", "ftp://a.example/"), ("--atom", "x", "--json"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused(typed: Typed, tmp_path: Path, words: tuple[str, ...]) -> None:
    make(tmp_path)
    answer = typed("events", *words)
    assert (answer.code, answer.out) == (2, "")
    assert not (tmp_path / "x").exists()


def feed_of(typed: Typed, tmp_path: Path, *words: str) -> bytes:
    answer = typed("events", "--atom", str(tmp_path / "feed.atom"), "-s", "ARCHIVE_FEED_AUTHORITY=archive.example", *words)
    assert answer.code == 0, answer.err
    return (tmp_path / "feed.atom").read_bytes()


def test_the_feed_has_what_rfc_4287_requires(typed: Typed, tmp_path: Path) -> None:
    make(tmp_path)
    root = ET.fromstring(feed_of(typed, tmp_path, "--self", "https://feeds.example/harbour.atom?a=1&b=2"))
    assert root.tag == f"{ATOM}feed"
    assert [len(root.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated", "author")] == [1, 1, 1, 1]
    assert root.findtext(f"{ATOM}id") == "tag:archive.example,2026:harbour"
    (self,) = root.findall(f"{ATOM}link")
    assert (self.get("rel"), self.get("href")) == ("self", "https://feeds.example/harbour.atom?a=1&b=2")
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 3
    for entry in entries:
        assert [len(entry.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated", "content")] == [1, 1, 1, 1]
        assert (entry.findtext(f"{ATOM}updated") or "").endswith("Z")
        assert (entry.findtext(f"{ATOM}id") or "").startswith("tag:archive.example,2026:event/harbour/1000/")
        assert all((link.get("href") or "").startswith("https://") for link in entry.findall(f"{ATOM}link"))
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 3
    assert root.findtext(f"{ATOM}updated") == max(entry.findtext(f"{ATOM}updated") or "" for entry in entries)


def test_readers_of_feeds_read_it_and_markup_of_pages_is_text(typed: Typed, tmp_path: Path) -> None:
    make(tmp_path)
    read = feedparser.parse(feed_of(typed, tmp_path))
    assert not read.bozo, read.get("bozo_exception")
    changed, edited, _ = read.entries
    assert changed.title == "Headline changed: Ferry <script>alert(1)</script> & ]]>  sinks"
    assert "<del>nine</del><ins>ten</ins>" in edited.content[0].value
    assert "<script" not in changed.content[0].value
    assert "&lt;script&gt;" in changed.content[0].value
    assert edited.link == "https://www.harbour.example/detail/1000?c=11"
    assert read.feed.author == "harbour"
    assert [tag.term for tag in edited.tags] == ["edited"]


def test_an_entry_keeps_its_id_and_date_in_every_writing(typed: Typed, tmp_path: Path) -> None:
    path = make(tmp_path)
    before = feedparser.parse(feed_of(typed, tmp_path)).entries
    stamp = (tmp_path / "feed.atom").stat()
    feed_of(typed, tmp_path)
    assert (tmp_path / "feed.atom").stat().st_ino == stamp.st_ino, "written anew without need"
    with Index.open(path / "index.db") as index, index.atomic():
        index.add_capture(capture(50))
        index.file_article(capture(50), article("Ferry lost"))
    after = feedparser.parse(feed_of(typed, tmp_path)).entries
    assert [(one.id, one.updated) for one in after[-3:]] == [(one.id, one.updated) for one in before]
    assert len(after) == 5
    assert not list(tmp_path.glob("*.tmp"))


def test_a_feed_is_bounded(typed: Typed, tmp_path: Path) -> None:
    make(tmp_path, stories=9)
    assert len(feedparser.parse(feed_of(typed, tmp_path, "--limit", "4")).entries) == 4
    assert len(feedparser.parse(feed_of(typed, tmp_path, "--kind", "edited")).entries) == 9


def test_a_feed_without_events_is_one(typed: Typed, tmp_path: Path) -> None:
    make(tmp_path)
    read = feedparser.parse(feed_of(typed, tmp_path, "--since", "2030-01-01"))
    assert (read.bozo, read.entries, read.feed.updated) == (False, [], "1970-01-01T00:00:00Z")


def test_a_crawl_writes_the_feed_of_its_collection(tmp_path: Path) -> None:
    path = make(tmp_path)
    write_feed_of(path, "feeds/events.atom", authority="archive.example", author=None)
    assert len(feedparser.parse((path / "feeds" / "events.atom").read_bytes()).entries) == 3


def test_a_feed_of_several_sites_has_no_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler.monitoring.endings import Ending
    from crawler.monitoring.outputs import Outputs

    wrote: list[Path] = []
    monkeypatch.setattr("crawler.monitoring.events_feed.write_feed_of", lambda path, place, **more: wrote.append(path / place))
    endings = [Ending(site=name, path=tmp_path / name, outcome=object.__new__(Report)) for name in ("courier", "harbour")]
    for place, faults, written in ((str(tmp_path / "feed.atom"), 1, 0), ("feed.atom", 0, 2), (None, 0, 0)):
        wrote.clear()
        found = Outputs(settings={"ARCHIVE_EVENTS_FEED": place, "ARCHIVE_FEED_AUTHORITY": "a.example"}, sites=["courier", "harbour"]).tell(endings)
        assert (len(found), len(wrote)) == (faults, written)


def test_unchanged_text_is_cut_between_words() -> None:
    words = " ".join(f"word{n}" for n in range(200))
    shown, _ = _difference(sentence_diff(f"{words} old {words}", f"{words} new {words}"), 10_000)
    start, _, end = shown.partition("<del>old</del><ins>new</ins>")
    assert start.startswith(" … word1")
    assert start.endswith("word199 ")
    assert end.startswith(" word0 ")
    assert all(word in ("…", *words.split()) for word in f"{start} {end}".split())
