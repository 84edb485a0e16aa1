"""Metrics of ended crawls: named by the rules, and the last good time outlives crawls that could not begin."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from crawler.crawl.report import Report
from crawler.crawl.verdict import Check
from crawler.errors import CollectionLocked, SetupError
from crawler.index.index import Index
from crawler.monitoring.endings import Ending
from crawler.monitoring.exposition import text_of
from crawler.monitoring.index_facts import CollectionFacts, collection_facts
from crawler.monitoring.metrics import HELP, PREFIX, crawl_metrics, read_before

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
GOOD = datetime(2026, 1, 1, tzinfo=UTC)
STATS: Any = {
    "seconds": 2.5, "captures": 3, "revisits": 1, "bytes": 100, "stories": {"new": 2, "gone": 1}, "failures": {"tls": 4}, "statuses": {},
    "comparisons": {"equal": 6}, "templates": {}, "fallback_fields": {}, "mirrors": {}, "crawl_delay_clamped": {}, "limits": {}, "omitted": {},
    "failed_urls": [], "frontier": {"done": 3}, "left": {"waiting": 7, "beyond": 0, "limit": ""},
}  # fmt: skip
UNITS = ("_seconds", "_bytes", "_ratio", "_timestamp_seconds")


def ending(code: int = 10, site: str = "courier") -> Ending:
    checks = (
        Check(name="a host answered", passed=True, detail="", warned=True),
        Check(name="every address settled", passed=False, detail=""),
    )
    report = Report(site=site, collection="/a/demo", stats=STATS, checks=checks, exit_code=code, reason="")
    return Ending(site=site, path=Path("/a/demo"), outcome=report)


def values(endings: list[Ending], facts: list[CollectionFacts], before: str = "", **more: Any) -> dict[tuple[str, ...], float]:
    text = text_of(crawl_metrics(endings, facts, now=NOW, before=before, **more))
    return {
        (sample.name.removeprefix(PREFIX), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_names_follow_the_rules_of_prometheus() -> None:
    for name, text in HELP.items():
        full = PREFIX + name
        assert re.fullmatch(r"[a-z][a-z0-9_]*[a-z0-9]", full)
        assert not full.endswith(("_total", "_count", "_sum", "_bucket")), "these suffixes are of counters and histograms"
        assert not re.search(r"_(milliseconds|minutes|hours|kilobytes|megabytes|percent)\b", full), "base units only"
        assert "timestamp" not in full or full.endswith("_timestamp_seconds")
        assert not re.search(r"(duration|age)$", full)
        assert text.endswith(".")
    assert all(name.endswith(UNITS) for name in HELP if re.search(r"bytes|seconds|timestamp|duration", name))


def test_a_run_tells_its_figures() -> None:
    mirror = {"host": "a.example", "state": "resting", "last_ok": "2026-01-01T00:00:00Z"}
    known = CollectionFacts(
        last_good=GOOD, exit_codes=(10, 0), mirrors=(mirror,), figures={"captures": 9, "queued": 2}, coverage={"announced": 8, "missing": 3}, divergences={("stale", "a.example"): 2}, warc_bytes=5, index_bytes=6, free_bytes=7
    )  # fmt: skip
    told = values([ending()], [known], untold=["courier"])
    of = ("courier", "demo")
    assert told["run_exit_code", *of] == 10
    assert told["run_end_timestamp_seconds", *of] == NOW.timestamp()
    assert told["last_success_timestamp_seconds", *of] == GOOD.timestamp()
    assert told["run_stories", *of, "new"] == 2
    assert told["run_stories", *of, "changed"] == 0
    assert told["run_failed_attempts", *of, "tls"] == 4
    assert told["run_unasked_requests", *of] == 7
    assert [told["run_check", *of, "a host answered", level] for level in ("ok", "warn", "fail")] == [0, 1, 0]
    assert [told["run_check", *of, "every address settled", level] for level in ("ok", "warn", "fail")] == [0, 0, 1]
    assert [told["mirror_state", *of, "a.example", state] for state in ("well", "resting")] == [0, 1]
    assert told["mirror_last_success_timestamp_seconds", *of, "a.example"] == GOOD.timestamp()
    assert (told["collection_captures", *of], told["collection_queued_requests", *of]) == (9, 2)
    assert (told["collection_warc_bytes", *of], told["collection_index_bytes", *of], told["disk_free_bytes", *of]) == (5, 6, 7)
    assert told["webhook_failed", *of] == 1
    assert told["run_comparisons", *of, "equal"] == 6
    assert [told["collection_announced_stories", *of, state] for state in ("announced", "missing")] == [8, 3]
    assert told["collection_open_divergences", *of, "stale", "a.example"] == 2


def test_several_sites_stand_in_one_file() -> None:
    locked = Ending(site="noon", path=Path("/a/noon"), outcome=CollectionLocked(Path("/a/noon"), ""))
    told = values([ending(0, "morning"), locked], [CollectionFacts(last_good=GOOD), CollectionFacts()])
    assert told["run_exit_code", "morning", "demo"] == 0
    assert told["run_exit_code", "noon", "noon"] == 11
    assert ("run_captures", "noon", "noon") not in told, "nothing is told that is not known"
    assert ("last_success_timestamp_seconds", "noon", "noon") not in told


def test_a_crawl_that_could_not_begin_keeps_the_last_good_time() -> None:
    before = text_of(crawl_metrics([ending(0)], [CollectionFacts(last_good=GOOD)], now=NOW))
    failed = Ending(site="courier", path=None, outcome=SetupError("not mounted"))
    told = values([failed], [CollectionFacts()], before)
    assert told["last_success_timestamp_seconds", "courier", ""] == GOOD.timestamp()
    assert told["run_exit_code", "courier", ""] == 1


def test_facts_are_of_the_index_and_none_without_one(tmp_path: Path) -> None:
    assert collection_facts(None, "courier") == CollectionFacts()
    nothing = collection_facts(tmp_path / "no" / "demo", "courier")
    assert (nothing.last_good, nothing.figures) == (None, {})
    with Index.open(tmp_path / "index.db") as index, index.atomic():
        for code in (0, 10):
            run = index.start_run("courier", {}, GOOD)
            index.end_run(run, ended=GOOD if code == 0 else NOW, exit_code=code, reason="", stats={})
        idle = index.start_run("courier", {}, NOW)
        index.end_run(idle, ended=NOW, exit_code=0, reason="", stats={"captures": 0, "left": {"held": 3}})
        index.start_run("courier", {}, NOW)
        index.save_mirror("courier", "a.example", state="well")
    known = collection_facts(tmp_path, "courier")
    assert (known.last_good, known.exit_codes) == (GOOD, (0, 10))
    assert [row["host"] for row in known.mirrors] == ["a.example"]
    assert known.figures["captures"] == known.figures["queued"] == 0
    assert known.coverage["announced"] == 0
    assert known.divergences == {}
    assert known.free_bytes
    (tmp_path / "index.db").write_bytes(b"no database" * 100)
    assert collection_facts(tmp_path, "courier").last_good is None


def test_a_file_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    assert read_before(tmp_path) == read_before(tmp_path / "no") == ""
    (tmp_path / "a.prom").write_bytes(b"\xff")
    assert read_before(tmp_path / "a.prom") == "\ufffd"
