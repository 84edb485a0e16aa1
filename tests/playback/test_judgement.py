"""Scores of looks, their rows, and what the report says to do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from crawler.playback.check import Checked
from crawler.playback.judgement import Judged, judge, not_asked
from crawler.playback.sample import Choice, Target
from crawler.playback.seen import Answered, Look
from crawler.playback.told import WORST, Report, document_of, text_of
from crawler.requisites.needs import Requisites

DATE = datetime(2026, 11, 24, 2, 3, 4, tzinfo=UTC)
TARGET = Target(
    record_id="urn:uuid:1", date="2026-11-24T02:03:04.123456Z", url="https://a.example/1", story="paper/1", version=2, template="modern",
    headline="Bridge", text="Bridge\nThe bridge stays open.",
)  # fmt: skip


def look(*asked: Answered, **more: Any) -> Look:
    document = Answered(url=TARGET.url, kind="frame", sent=False, archived=DATE, status=200)
    text = "Menu\nBridge\nThe bridge stays open."
    values = {"document": document, "page_text": text, "screen_text": text} | more
    return Look(asked={f"a.example{one.url.partition('a.example')[2]}": one for one in asked}, **values)


def got(name: str, kind: str = "picture", **more: Any) -> Answered:
    return Answered(**{"url": f"https://a.example/{name}", "kind": kind, "sent": False, "archived": DATE, "status": 200} | more)


def lacking(name: str, kind: str = "picture", **more: Any) -> Answered:
    return got(name, kind, **{"archived": None, "status": 404} | more)


def judged(seen: Look, needed: Requisites | None = None, **held: bool) -> Judged:
    return judge(TARGET, seen, needed or Requisites(), {f"https://a.example/{name}": there for name, there in held.items()}, now=DATE)


def test_what_was_asked_for_and_what_is_needed_is_counted_once() -> None:
    needed = Requisites()
    for name in ("s", "p", "icon", "large"):
        needed.need(f"https://a.example/{name}", "picture")
    seen = look(got("s", "style"), lacking("p"), got("x", "data"))
    assert not_asked(seen, needed) == ["https://a.example/icon", "https://a.example/large"]
    one = judged(seen, needed, icon=True, large=False)
    assert (one.wanted, one.archived, one.score_resources) == (5, 3, 0.6)
    assert [gone.url for gone in one.missing] == ["https://a.example/p", "https://a.example/large"]
    assert not one.good(0.9)
    assert one.good(0.6)


def test_an_archived_error_is_what_the_server_said() -> None:
    assert judged(look(got("p", status=404))).score_resources == 1


def test_trackers_and_what_is_sent_count_for_nothing() -> None:
    needed = Requisites()
    needed.leave_out("https://a.example/pixel", "speck")
    one = judged(look(lacking("pixel"), lacking("count", sent=True), lacking("ping", "sent"), got("p")), needed)
    assert (one.wanted, one.left_out, one.score) == (1, 3, 1.0)


def test_what_the_page_itself_took_back_is_not_missing() -> None:
    taken_back = lacking("p", status=None, failure="net::ERR_ABORTED")
    assert judged(look(taken_back)).wanted == 0
    assert judged(look(lacking("p", status=None, failure="net::ERR_FAILED"))).wanted == 1
    needed = Requisites()
    needed.need("https://a.example/p", "picture")
    assert judged(look(taken_back), needed, p=False).missing


def test_lost_paths_are_missing() -> None:
    one = judged(look(lost=["http://127.0.0.1/css/site.css"]))
    assert (one.wanted, one.missing[0].kind) == (1, "path")


def test_a_page_that_did_not_come_scores_nothing() -> None:
    nothing = look(document=None, page_text="", screen_text="")
    gone = look(document=lacking("1", "frame"), page_text=TARGET.text, screen_text=TARGET.text)
    for seen, problem in ((nothing, "the page did not come"), (gone, "the replay has no such page")):
        one = judged(seen)
        assert (one.score, one.good(0.0), list(one.problems)) == (0, False, [problem])


def test_another_capture_than_asked_for_is_told() -> None:
    other = look(document=got("1", "frame", archived=DATE - timedelta(days=2)))
    assert judged(other).problems == ["another capture was shown: that of 2026-11-22T02:03:04Z"]
    copy = evolve(TARGET, memento_date="2026-11-22T02:03:04Z")
    assert judge(copy, other, Requisites(), {}, now=DATE).problems == []
    assert judged(look(got("p", archived=DATE + timedelta(days=400)))).days_apart == 399


def test_a_leak_is_never_good() -> None:
    one = judged(look(leaks=["https://live.example/"]))
    assert one.score == 1
    assert not one.good(0.0)


def test_problems_have_numbers() -> None:
    seen = look(broken=2)
    seen.problems.update(["a dialog came up"] * 3 + ["it crashed"])
    assert judged(seen).problems == ["a dialog came up (3 times)", "it crashed", "pictures without content: 2"]


def test_a_page_without_known_text_is_scored_by_its_resources() -> None:
    one = judge(evolve(TARGET, story=None, version=None, text=""), look(), Requisites(), {}, now=DATE)
    assert (one.score_text, one.score) == (None, 1)
    assert one.row("b", "r", "d")["score_text"] is None


def test_a_row_holds_so_many_addresses() -> None:
    row = judged(look(*(lacking(str(n)) for n in range(300)))).row("b", "r", "d")
    assert (row["missing"], len(json.loads(str(row["missing_urls"])))) == (300, 200)


def report(*found: Judged, **more: Any) -> Report:
    checked = Checked(judged=list(found), browser="chromium 1", replay="pywb 2")
    choice = Choice(targets=[one.target for one in found], known=50, unsealed=more.pop("unsealed", 0))
    return Report(collection="paper", checked=checked, choice=choice, least=0.9, **more)


def test_the_report_tells_the_worst_pages_and_what_to_do() -> None:
    bad = [
        judged(look(lacking("s", "style"), *(lacking(f"p{n}") for n in range(6)), leaks=["https://live.example/"])),
        judged(look(document=None, page_text="", screen_text="")),
        judged(look(screen_text="Accept cookies")),
        judged(look(page_text="no", screen_text="no")),
        judged(look(lacking("p"), errors=["x"])),
    ]
    bad[3] = evolve(bad[3], problems=["not at rest in time"])
    text = text_of(report(*bad, judged(look(got("p"))), unsealed=3))
    for told in (
        "6 pages of 50", "3 captures in a WARC that is not sealed", "Worst pages", "paper/1 version 2", "no style: https://a.example/s", "and 3 more that",
        "asked the live web", "scrapy crawl paper -a story=1 -a requisites=all", "scrapy reindex paper", "--screenshots DIR", "--seconds",
        "scrapy versions STORY", "scrapy repair", "errors of its scripts: 1 page", "1 of 6 pages have 90%", "without a network",
    ):  # fmt: skip
        assert told in text, (told, text)


def test_a_good_report_says_no_more_than_figures() -> None:
    text = text_of(report(judged(look(got("p")))))
    assert "Worst" not in text
    assert "What to do" not in text
    assert "100.0 %  1 of 1 are archived" in text


def test_many_bad_pages_are_cut_and_named_in_json() -> None:
    pages = [
        judge(evolve(TARGET, record_id=f"urn:uuid:{n}", story=f"paper/{n}"), look(lacking("p")), Requisites(), {}, now=DATE) for n in range(WORST + 3)
    ]
    told = report(*pages, stopped=True)
    assert "and 3 more: --json names all" in text_of(told)
    assert "12 more stories" in text_of(told)
    assert "stopped by a signal" in text_of(told)
    document = document_of(told, 14)
    assert (len(document["pages"]), document["bad"], document["exit_code"]) == (13, 13, 14)
    assert document["pages"][0]["missing_urls"] == [{"url": "https://a.example/p", "kind": "picture"}]
    assert len(told.rows()) == 13


def test_pages_without_stories_are_asked_for_by_address() -> None:
    page = judge(evolve(TARGET, story=None, version=None, text=""), look(lacking("p")), Requisites(), {}, now=DATE)
    text = text_of(report(page))
    assert "scrapy crawl web -a seeds=URL" in text
    of_no_site = judge(evolve(TARGET, story="web/http://a.example/1"), look(lacking("p")), Requisites(), {}, now=DATE)
    assert "scrapy crawl web -a seeds=URL" in text_of(report(of_no_site))
    assert "no text known" in text
    assert document_of(report(), 0)["score_text"] is None


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2J"])
def test_addresses_of_pages_write_no_lines_of_the_report(name: str) -> None:
    text = text_of(report(judged(look(lacking(name)))))
    assert "\x1b" not in text
    assert not any(line.startswith("b") for line in text.splitlines())
