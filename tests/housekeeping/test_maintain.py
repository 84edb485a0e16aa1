"""Housekeeping of whole collections: what is read and noted, damage, locks, stops, and what the index keeps of it."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from exchange_makers import exchange, lease
from prometheus_client.parser import text_string_to_metric_families
from small_collections import change, recorded, twelve, warc_of
from stands import Scrapy

from crawler import clock
from crawler.collection.layout import lock
from crawler.errors import EXIT_DAMAGED, EXIT_LOCKED, EXIT_SETUP, EXIT_SIGNAL, EXIT_WRITE_FAILED, SetupError
from crawler.housekeeping import index_upkeep, maintain
from crawler.housekeeping.maintain import Upkeep, gravest
from crawler.housekeeping.told import HELP, LAST_GOOD, PREFIX, document_of, metrics_of, text_of_upkeep
from crawler.index.index import Index
from crawler.maintenance.reindex import rebuild
from crawler.monitoring.exposition import text_of
from crawler.processing.parse_again import Readers
from crawler.workers.pool import InThisProcess, JobLimits

LATER = datetime.now(UTC) + timedelta(days=400)


def quietly(path: Path) -> Callable[[int], None]:
    return lambda offset: None


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A collection of twelve captures in one sealed file."""
    return twelve(tmp_path / "demo")


def maintained(path: Path, *, when: datetime = LATER, begin: maintain.Begin = quietly, days: float = 90) -> Upkeep:
    upkeep = Upkeep(path=path, days=days)
    with clock.told_by(lambda: when):
        maintain.maintain(upkeep, begin)
    return upkeep


def noted(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path / "index.db")) as db:
        return db.execute("SELECT warc, bytes, fault, substr(verified, 1, 10) FROM fixity").fetchall()


def test_a_file_is_read_noted_and_not_read_again_until_its_turn(demo: Path) -> None:
    file = warc_of(demo)
    done = maintained(demo)
    assert done.exit_code == 0
    assert [report.path for report in done.checked] == [file]
    assert noted(demo) == [(file.name, file.stat().st_size, None, f"{LATER:%Y-%m-%d}")]
    assert done.done[-2:] == ["statistics looked after", "log emptied"]
    assert maintained(demo).checked == []
    assert maintained(demo, when=LATER + timedelta(days=90)).checked


def test_a_changed_byte_is_damage_until_it_is_mended(demo: Path) -> None:
    file, good = warc_of(demo), warc_of(demo).read_bytes()
    file.write_bytes(good[:300] + bytes([good[300] ^ 1]) + good[301:])
    for _ in range(2):
        done = maintained(demo)
        assert done.exit_code == EXIT_DAMAGED
        assert any(fault.startswith(f"{file.name}: offset ") for fault in done.faults)
        assert "put the files back" in text_of_upkeep(done)
    file.write_bytes(good)
    assert maintained(demo).exit_code == 0
    assert noted(demo)[0][2] is None


def test_a_missing_and_a_shorter_file_are_damage_whatever_their_turn(demo: Path) -> None:
    maintained(demo)
    file, good = warc_of(demo), warc_of(demo).read_bytes()
    file.write_bytes(good[:-10])
    assert maintained(demo).exit_code == EXIT_DAMAGED
    file.unlink()
    done = maintained(demo)
    assert done.exit_code == EXIT_DAMAGED
    assert any(f"{file.name}: is not there" in fault for fault in done.faults)


def test_rows_that_the_file_does_not_hold_are_damage(demo: Path) -> None:
    change(demo, "UPDATE captures SET length = length + 1 WHERE id = 3")
    assert maintained(demo).exit_code == EXIT_DAMAGED


def test_a_running_crawl_is_not_disturbed_and_its_warcs_are_read(demo: Path) -> None:
    with lock(demo):
        done = maintained(demo)
        assert done.exit_code == EXIT_LOCKED
        assert len(done.checked) == done.unnoted == 1
        assert done.done == []
        assert "will be read again" in text_of_upkeep(done)
        assert "in use by process" in document_of(done)["reason"]
    assert noted(demo) == []
    file = warc_of(demo)
    file.write_bytes(file.read_bytes() + b"x")
    with lock(demo):
        assert maintained(demo).exit_code == EXIT_DAMAGED, "damage is graver"


def test_a_stop_keeps_what_was_done(demo: Path, tmp_path: Path) -> None:
    other = demo / "archive" / "zz-second.warc.gz"
    other.write_bytes(warc_of(twelve(tmp_path / "other")).read_bytes())

    def stop_at_the_second(path: Path) -> Callable[[int], None]:
        if path == other:
            raise KeyboardInterrupt
        return lambda offset: None

    upkeep = Upkeep(path=demo, days=90)
    with clock.told_by(lambda: LATER), pytest.raises(KeyboardInterrupt):
        maintain.maintain(upkeep, stop_at_the_second)
    assert upkeep.exit_code == EXIT_SIGNAL
    assert (len(upkeep.checked), upkeep.left) == (1, 1)
    assert len(noted(demo)) == 1
    assert "1 of this share left" in text_of_upkeep(upkeep)
    assert [report.path for report in maintained(demo).checked] == [other]


def test_an_index_that_cannot_be_read_is_damage_and_the_files_are_read(demo: Path) -> None:
    (demo / "index.db").write_bytes(b"no index" * 1000)
    done = maintained(demo)
    assert done.exit_code == EXIT_DAMAGED
    assert len(done.checked) == 1


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A collection that needs no site file to be read again."""
    return recorded(tmp_path / "web", [(exchange(n), lease(n, site="web", story=None, role="page")) for n in range(3)])


def test_a_fresh_index_takes_the_checks_over(web: Path) -> None:
    demo = web
    maintained(demo)
    before = noted(demo)
    rebuild(demo, Readers(workers=InThisProcess(JobLimits(workers=0))))
    assert noted(demo) == before


def test_an_index_of_an_earlier_version_is_taken_over_too(web: Path) -> None:
    demo = web
    change(
        demo, "DROP TABLE fixity", "DELETE FROM _sqlite_migrations WHERE name = 'm022_fixity'",
        "INSERT INTO runs (site, started) VALUES ('a', '2026-01-01T00:00:00Z')",
    )  # fmt: skip
    rebuild(demo, Readers(workers=InThisProcess(JobLimits(workers=0))))
    with Index.open(demo / "index.db", readonly=True) as index:
        assert len(index.query("SELECT 1 FROM runs WHERE site = 'a'")) == 1
    assert maintained(demo).exit_code == 0


def test_the_full_text_is_merged_and_finds_what_it_found(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index.db") as index:
        index.conn.execute("INSERT INTO versions_fts(versions_fts, rank) VALUES ('automerge', 0)")
        for n in range(40):
            index.conn.execute("INSERT INTO versions_fts(rowid, headline, body) VALUES (?, ?, ?)", (n, f"harbour {n}", "wall " * 50))
        segments = index.query("SELECT count(DISTINCT segid) FROM versions_fts_idx")[0][0]
        told = index_upkeep.merge_full_text(index, seconds=0.0)
        assert told == f"full text in {segments} segments", "no time, nothing done"
        index_upkeep.merge_full_text(index, seconds=60.0)
        assert index.query("SELECT count(DISTINCT segid) FROM versions_fts_idx")[0][0] == 1
        assert len(index.query("SELECT rowid FROM versions_fts WHERE versions_fts MATCH 'harbour'")) == 40


def test_what_cannot_be_written_is_told_once(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise SetupError("read only")

    monkeypatch.setattr(maintain, "note_checks", refuse)
    monkeypatch.setattr(maintain, "keep_up", refuse)
    done = maintained(demo)
    assert done.exit_code == EXIT_SETUP
    assert done.unnoted == 1
    assert "mend that" in text_of_upkeep(done)


@pytest.mark.parametrize(
    ("codes", "found"),
    [({0}, 0), ({0, 11}, 11), ({11, 13, 1}, 13), ({14, 13}, 14), ({12, 14}, EXIT_WRITE_FAILED), ({1, 11}, 1), (set(), 0)],
)
def test_the_gravest_code_counts(codes: set[int], found: int) -> None:
    assert gravest(codes) == found


def test_metrics_keep_the_last_good_time(demo: Path) -> None:
    assert all(text.endswith(".") for text in HELP.values())
    good = text_of(metrics_of([maintained(demo)], now=LATER, before=""))
    families = {family.name: family.samples for family in text_string_to_metric_families(good)}
    assert set(families) == {PREFIX + name for name in HELP}
    warc_of(demo).write_bytes(b"no WARC")
    damaged = text_of(metrics_of([maintained(demo)], now=LATER + timedelta(days=1), before=good))
    found = {family.name: family.samples[0].value for family in text_string_to_metric_families(damaged)}
    assert found[LAST_GOOD] == LATER.timestamp()
    assert found[f"{PREFIX}damaged_files"] == 1


def test_the_command_looks_after_all_collections(scrapy: Scrapy, tmp_path: Path) -> None:
    assert "no collection under" in scrapy("maintain", "--report-json", str(tmp_path / "none.json"), exits=1).stderr
    assert json.loads((tmp_path / "none.json").read_text())["exit_code"] == 1
    for name in ("one", "two"):
        twelve(scrapy.archives / name)
    warc_of(scrapy.archives / "one").write_bytes(b"no WARC")
    with lock(scrapy.archives / "two"):
        done = scrapy(
            "maintain", "--json", "--report-json", str(tmp_path / "report.json"), "--metrics", str(tmp_path / "m.prom"),
            "-s", "ARCHIVE_FIXITY_DAYS=1", exits=13,
        )  # fmt: skip
    told = json.loads(done.stdout)
    assert told == json.loads((tmp_path / "report.json").read_text())
    assert [(one["collection"], one["verdict"], one["exit_code"]) for one in told["collections"]] == [
        ("one", "DAMAGED", 13),
        ("two", "IN USE", 11),
    ]
    assert 'news_archive_maintain_exit_code{collection="two"} 11' in (tmp_path / "m.prom").read_text()
    assert "two: GOOD (exit code 0): nothing is damaged" in scrapy("maintain", "two").stdout
    scrapy("maintain", "three", exits=1)
