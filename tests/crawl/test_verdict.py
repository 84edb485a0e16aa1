"""The verdict from invented outcomes: no check contradicts a number of the report, and COMPLETE means that nothing due is missing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from crawler.crawl.report import Report
from crawler.crawl.report_text import render
from crawler.crawl.verdict import MAX_NAMED, Check, Facts, checks_of, verdict_of
from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, EXIT_SIGNAL, EXIT_WRITE_FAILED
from crawler.items import Omission

NUMBER = st.integers(0, 3)
STATES = st.fixed_dictionaries(dict.fromkeys(("done", "failed", "refused", "queued", "leased", "captured"), NUMBER))
FACTS = st.builds(
    Facts,
    finish_reason=st.sampled_from(["finished", "shutdown", "closespider_timeout", "write-failed"]), states=STATES, waiting=NUMBER, beyond=NUMBER,
    limit=st.just("max_stories=3"), missing=st.lists(st.just("story=7: on no list of the site"), max_size=2),
    omitted=st.lists(st.just(Omission(reason="input file not read", count=1, example="a.har", incomplete=True)), max_size=1),
    read=NUMBER, bare=NUMBER, unreadable=NUMBER, damaged=st.lists(st.just("x.warc.gz: offset 9: torn"), max_size=1),
    broken=st.one_of(st.none(), st.just("disk full")),
)  # fmt: skip


def report_of(facts: Facts) -> Report:
    checks = checks_of(facts)
    code, reason = verdict_of(facts, checks)
    states: dict[str, Any] = {**facts.states}
    if facts.healed:
        states |= {"failed": len(facts.failed), "given by another mirror": facts.healed}
    stats: dict[str, Any] = {
        "stories": {}, "captures": 1, "revisits": 1, "bytes": 0, "seconds": 1, "frontier": states, "failures": {}, "templates": {},
        "fallback_fields": {}, "mirrors": {}, "crawl_delay_clamped": {}, "limits": {}, "omitted": {}, "failed_urls": list(facts.failed),
        "left": {"waiting": facts.waiting, "beyond": facts.beyond, "limit": facts.limit},
    }  # fmt: skip
    return Report(site="demo", collection="/a/demo", stats=stats, checks=checks, exit_code=code, reason=reason)


@given(facts=FACTS, healed=st.booleans())
def test_the_report_never_contradicts_itself(facts: Facts, healed: bool) -> None:
    failed = facts.states["failed"]
    facts = evolve(facts, failed=[f"http://a.example/{n}" for n in range(failed - (healed and failed > 0))])
    report = report_of(facts)
    check = {one.name: one for one in report.checks}
    settled = check["every address settled"]
    left = facts.waiting + facts.in_flight + len(facts.failed)
    assert settled.passed == (left == 0)
    assert ("nothing left over" in settled.detail) == (left == 0)
    told = {word: int(number) for number, word in re.findall(r"(\d+) (failed after|not asked for|in flight)", settled.detail)}
    assert told == {
        word: count
        for word, count in (("failed after", len(facts.failed)), ("not asked for", facts.waiting), ("in flight", facts.in_flight))
        if count
    }
    (line,) = [line for line in render(report).splitlines() if line.startswith("  addresses")]
    for word, count in (
        ("not asked for", facts.waiting),
        ("in flight", facts.in_flight),
        ("beyond", facts.beyond),
        ("settled", facts.states["done"]),
    ):
        assert (f"{count} {word}" in line) == bool(count), line
    if not any(facts.states.values()):
        return
    assert check["a host answered"].passed == (facts.states["done"] > 0)
    if report.exit_code == EXIT_COMPLETE:
        assert all(one.passed for one in report.checks)
        assert not any((left, facts.missing, facts.omitted, facts.damaged, facts.broken))
        assert facts.finish_reason == "finished"
    elif report.exit_code == EXIT_INCOMPLETE:
        assert facts.finish_reason not in ("shutdown", "write-failed")
    else:
        assert report.exit_code == (EXIT_WRITE_FAILED if facts.broken or facts.finish_reason == "write-failed" else EXIT_SIGNAL)


DONE = Facts(states={"done": 3}, read=2)


@pytest.mark.parametrize(
    ("facts", "code", "says"),
    [
        (DONE, EXIT_COMPLETE, "all that was due is here"),
        (evolve(DONE, beyond=21, limit="max_stories=3"), EXIT_COMPLETE, "all that was due is here"),
        (evolve(DONE, waiting=65), EXIT_INCOMPLETE, "every address settled: 65 not asked for"),
        (evolve(DONE, missing=["story=999999: on no list of the site"]), EXIT_INCOMPLETE, "everything named came: story=999999"),
        (evolve(DONE, states={"refused": 1}), EXIT_INCOMPLETE, "nothing could be asked for: 1 address refused by policy"),
        (evolve(DONE, states={"failed": 2}, failed=["a", "b"]), EXIT_INCOMPLETE, "no host answered at all"),
        (evolve(DONE, finish_reason="closespider_timeout"), EXIT_INCOMPLETE, "ended early: closespider_timeout"),
        (Facts(), EXIT_COMPLETE, "all that was due is here"),
    ],
)
def test_what_a_run_comes_to(facts: Facts, code: int, says: str) -> None:
    got, reason = verdict_of(facts, checks_of(facts))
    assert got == code
    assert says in reason


def test_all_that_was_named_is_told_by_name_up_to_a_number() -> None:
    names = [f"url=http://a.example/{n}: status: 404" for n in range(MAX_NAMED + 5)]
    (check,) = [one for one in checks_of(evolve(DONE, missing=names)) if one.name == "everything named came"]
    assert names[0] in check.detail
    assert names[MAX_NAMED - 1] in check.detail
    assert check.detail.endswith("; and 5 more")


def test_one_is_one_and_codes_are_told() -> None:
    report = report_of(evolve(DONE, states={"done": 1}))
    stats = {
        **report.stats, "failures": {"status": 11, "tls": 1}, "statuses": {"404": 9, "503": 2}, "mirrors": {"a.example": "well", "b.example": "resting"},
        "mirror_errors": {"b.example": "tls"},
        "omitted": {f"reason {n}": {"count": n, "example": f"http://a.example/{n}", "incomplete": n == 1} for n in range(1, 21)},
        "failed_urls": ["http://a.example/x (tls)"],
    }  # fmt: skip
    text = render(
        Report(site="demo", collection="/a/demo", stats=stats, checks=(Check(name="x", passed=True, detail="y"),), exit_code=0, reason="z")
    )
    assert "1 (1 revisit)" in text
    assert "11 status (404 x 9, 503 x 2), 1 tls" in text
    assert "a.example well, b.example resting (tls)" in text
    left_out = [line for line in text.splitlines() if " x reason " in line]
    assert left_out[0].split() == ["left", "out", "1", "x", "reason", "1,", "first", "http://a.example/1"], "what was due comes first"
    assert len(left_out) == 12
    assert "and 8 more kinds" in text
    assert "/a/demo/index.db" in text
    (settled,) = [one.detail for one in report.checks if one.name == "a host answered"]
    assert settled == "1 address settled"


@pytest.mark.parametrize(
    ("damaged", "told"), [((), "2 files"), (("x.warc: offset 9: no record head here",), "x.warc: offset 9: no record head here")]
)
def test_a_replay_is_judged_by_its_files_not_by_addresses(damaged: tuple[str, ...], told: str) -> None:
    checks = checks_of(Facts(files=2, damaged=damaged, read=3))
    assert [check.name for check in checks] == ["stories could be read", "WARCs read to their end"]
    assert (checks[-1].detail, checks[-1].passed) == (told, not damaged)


def test_a_check_that_warns_is_shown_with_its_advice_and_changes_no_exit_code() -> None:
    warned = Check(name="feeds move", passed=True, warned=True, detail="/rss.xml stands still", advice="Open the feed in a browser.")
    failing = Check(name="fields filled", passed=False, detail="headline: 0 of 9", advice="Look at the template.")
    assert verdict_of(DONE, [warned]) == (EXIT_COMPLETE, "all that was due is here")
    assert verdict_of(DONE, [warned, failing]) == (EXIT_INCOMPLETE, "fields filled: headline: 0 of 9")
    report = evolve(report_of(DONE), checks=(warned, failing, Check(name="fine", passed=True, detail="", advice="never shown")))
    assert [one["level"] for one in report.document()["checks"]] == ["warn", "fail", "ok"]
    lines = render(report).splitlines()
    assert "  warn feeds move: /rss.xml stands still" in lines
    assert lines[lines.index("  NOT fields filled: headline: 0 of 9") + 1] == "      Look at the template."
    assert "never shown" not in render(report)
