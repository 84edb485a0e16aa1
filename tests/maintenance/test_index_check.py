"""`verify` finds an index that differs from what its WARCs say: each table is spoilt, and the row, the capture and its place are told."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import foreign_warcs
import played
import pytest
from drawn_site import PICTURE
from foreign_warcs import SAME
from outcomes import read
from played import Said, crawl, said, sent_on
from rebuild_invariants import made_anew
from stands import Scrapy
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.collection.collection import Collection
from crawler.errors import CollectionLocked, Unreadable
from crawler.index.index import Index
from crawler.items import Capture, LeasedRequest, Unusable, Usable
from crawler.maintenance import index_check
from crawler.maintenance.compare import TABLES, Comparison
from crawler.maintenance.index_check import Checked, check_sample, check_whole
from crawler.maintenance.reindex import rebuild
from crawler.maintenance.sample import together
from crawler.maintenance.verify import verify_collection
from crawler.parsers.document.page import Page
from crawler.parsers.limits import ReadLimits
from crawler.processing import interpret as reading
from crawler.processing.parse_again import Readers
from crawler.processing.parse_failures import GIVEN_UP, given_up
from crawler.processing.received import Headers
from crawler.sites.known import DEMO_SITES, sites_known
from crawler.sites.site import Site
from crawler.workers.job_map import Call
from crawler.workers.pool import InThisProcess, JobLimits

HOST = "http://www.courier.example"


def story(number: int, words: str) -> Said:
    url = f"{HOST}/2024/02/20/{number}/"
    html = (
        f"<html lang=en><head><title>{words}</title><link rel=canonical href='{url}'></head><body><article class=story data-number={number}>"
        f"<h1 class=headline>{words}</h1><div class=dateline><span class=byline>By Ada Quill</span></div><div class=body><p>{words} of old. " * 1
        + "Long ago. " * 40 + f"</p><figure><img src='http://pictures.courier.example/pictures/{number}.jpg'><figcaption>The quay at {words}."
        " Photo: Ida Loewe</figcaption></figure></div></article><a href='/2024/02/20/1001/'>More</a></body></html>"
    )  # fmt: skip
    return said(url, body=html.encode(), role="story", fields=(("ETag", f'"{len(words)}"'),))


ANSWERS = [
    story(1001, "Harbour"), story(1002, "Bridge"), said("http://pictures.courier.example/pictures/1001.jpg", "image/jpeg", PICTURE, role="requisite"),
    story(1001, "Harbour, mended"), said(f"{HOST}/2024/02/20/1003/", status=404, body=b"<p>gone", role="story"), story(1002, "Bridge"),
    said(f"{HOST}/2024/02/20/1004/", status=0, reason="dns", role="story"), sent_on(f"{HOST}/2024/02/20/1005/", "/", role="story"),
    said(f"{HOST}/section/sea", role="section"), said(f"{HOST}/2024/02/20/1006/", body=b"<p>cut", reason="disconnect", role="story", truncated="disconnect"),
]  # fmt: skip
A_VERSION = "id = (SELECT min(id) FROM versions)"
SPOILT = [
    ("captures", "UPDATE captures SET status = 404 WHERE status = 200 AND role = 'story'", "status is 404 in the index, 200 by the WARCs"),
    ("captures", "UPDATE captures SET mime = 'text/plain' WHERE role = 'section'", "mime is 'text/plain' in the index"),
    ("captures", "UPDATE captures SET role = 'page' WHERE role = 'section'", "role is 'page' in the index"),
    ("captures", "UPDATE captures SET read_state = 'not-a-story' WHERE read_state = 'read'", "read_state is 'not-a-story' in the index"),
    ("captures", "UPDATE captures SET elapsed_ms = 1 WHERE role = 'section'", "elapsed_ms is 1 in the index, 40 by the WARCs"),
    ("captures", "UPDATE captures SET revisit_of = record_id WHERE revisit_of IS NOT NULL", "revisit_of is 'urn:"),
    ("stories", "UPDATE stories SET state = 'moved' WHERE id = 'courier/1003'", "state is 'moved' in the index, 'gone' by the WARCs"),
    ("stories", "UPDATE stories SET state = 'gone' WHERE id = 'courier/1001'", "state is 'gone' in the index, 'live' by the WARCs"),
    ("stories", "DELETE FROM stories WHERE id = 'courier/1003'", "is missing from the index"),
    ("stories", "INSERT INTO stories (id, site) VALUES ('courier/7', 'courier')", "is in the index, and no WARC gives it"),
    ("versions", f"UPDATE versions SET headline = 'Another' WHERE {A_VERSION}", "headline is 'Another' in the index, 'Harbour' by the WARCs"),
    ("versions", f"UPDATE versions SET blocks = '[]' WHERE {A_VERSION}", "blocks is '[]' in the index"),
    ("versions", f"DELETE FROM versions WHERE {A_VERSION}", "is missing from the index"),
    ("versions", f"UPDATE versions SET text_digest = 'sha256:0' WHERE {A_VERSION}", "is in the index, and no WARC gives it"),
    ("sightings", "UPDATE sightings SET version_id = (SELECT max(id) FROM versions)", "version_id is 'courier/"),
    ("sightings", "DELETE FROM sightings", "is missing from the index"),
    ("images", "UPDATE images SET caption = 'Another' WHERE n = 0", "caption is 'Another' in the index"),
    ("images", "UPDATE images SET file_byline = 'Nobody' WHERE file_byline = 'Ida Loewe'", "file_byline is 'Nobody' in the index"),
    ("images", "UPDATE images SET capture_id = NULL WHERE capture_id IS NOT NULL", "capture_id is None in the index"),
    ("images", "DELETE FROM images WHERE caption LIKE '%mended%'", "is missing from the index"),
    ("search_facets", "UPDATE search_rows SET date = 0", "date is 0 in the index"),
    ("denials", "DELETE FROM denials", "is missing from the index"),
    ("denials", "UPDATE denials SET told = 'moved' WHERE story_id = 'courier/1003'", "told is 'moved' in the index, 'gone' by the WARCs"),
    ("denials", "UPDATE denials SET confirms = 1", "confirms is 1 in the index, None by the WARCs"),
    ("events", "DELETE FROM story_events", "is missing from the index"),
    ("events", "UPDATE story_events SET changed_by = '2020-01-01T00:00:00.000000Z'", "not_after is '2020-01-01T00:00:00.000000Z' in the index"),
    ("imprints", "DELETE FROM imprints", "is missing from the index"),
    ("failures", "DELETE FROM failures WHERE reason = 'status'", "is missing from the index"),
    ("failures", "UPDATE failures SET detail = 'another' WHERE reason = 'status'", "detail is 'another' in the index"),
    ("failures", "UPDATE failures SET date = '2020-01-01T00:00:00.000000Z' WHERE capture_id IS NULL", "is in the index, and no WARC gives it"),
    ("listed", "UPDATE listed SET stories = 77", "stories is 77 in the index"),
    (
        "comparisons",
        "INSERT INTO comparisons SELECT 1, 'courier', 'courier/1001', date, host, 'x.example', 'equal', id, id, NULL, NULL, NULL, '[]' FROM captures LIMIT 1",
        "is in the index, and no WARC gives it",
    ),
    (
        "divergences",
        "INSERT INTO divergences SELECT 1, 'courier', 'courier/1001', 'missing', host, 'x.example', date, date, NULL, 1, '[]', id, id, id, NULL, NULL"
        " FROM captures LIMIT 1",
        "is in the index, and no WARC gives it",
    ),
    ("links", "DELETE FROM links WHERE position = 0", "is missing from the index"),
    ("links", "UPDATE links SET url = 'http://x.example/'", "url is 'http://x.example/' in the index"),
    ("frontier", "UPDATE frontier SET etag = '\"other\"' WHERE etag IS NOT NULL", "etag is '\"other\"' in the index"),
    (
        "announced",
        "INSERT INTO announced SELECT 'courier/77', id, 'http://x/' FROM captures WHERE read_state = 'read' LIMIT 1",
        "is in the index, and no WARC gives it",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of stories with an edit, pictures, a page that is gone, a redirect, cut and missing answers; its queue is restored."""
    path = crawl(tmp_path_factory.mktemp("check") / "courier", ANSWERS, site="courier")
    with made_anew(path, path / "index.db", {}) as fresh, closing(sqlite3.connect(path / "index.db")) as db:
        db.execute("ATTACH ? AS fresh", [str(fresh)])
        db.execute("INSERT INTO frontier SELECT * FROM fresh.frontier")
        db.commit()
    return path


@pytest.fixture(scope="module")
def fresh(sound: Path) -> Iterator[Path]:
    with made_anew(sound, sound / "index.db", {}) as file:
        yield file


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "courier"))


def spoil(path: Path, sql: str) -> Path:
    with closing(sqlite3.connect(path / "index.db")) as db:
        db.execute(sql)
        assert db.total_changes, "nothing was spoilt"  # rows changed through a view are not in `rowcount`
        db.commit()
    return path


def readers() -> Readers:
    return Readers(workers=InThisProcess(JobLimits(workers=0)), folders=(str(DEMO_SITES),))


def sampled(path: Path, monkeypatch: pytest.MonkeyPatch, draws: int = 40) -> Checked:
    monkeypatch.setattr(index_check, "LEAST", draws)
    return check_sample(path, readers(), chance=random.Random(1))


def test_a_sound_index_is_what_its_warcs_say(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, some = check_whole(sound, readers()), sampled(sound, monkeypatch)
    assert (whole.faults, whole.captures) == ((), 9)
    assert (some.faults, some.captures) == ((), 9)


@pytest.mark.parametrize(("table", "sql", "what"), SPOILT, ids=lambda value: value[:70])
def test_a_table_that_is_spoilt_is_told(copy: Path, fresh: Path, table: str, sql: str, what: str) -> None:
    comparison = Comparison.of(spoil(copy, sql) / "index.db", fresh)
    with closing(comparison.conn):
        found = [one for one in comparison.differences() if one.table == table]
    assert any(what in one.what for one in found), found


def test_every_table_that_is_compared_is_spoilt_once() -> None:
    assert {table for table, _, _ in SPOILT} == {table.name for table in TABLES}


SAMPLED = [one for one in SPOILT if one[1][:11] != "INSERT INTO" and "capture_id IS NULL" not in one[1] and "FROM stories" not in one[1]]


@pytest.mark.parametrize(("table", "sql", "what"), SAMPLED[::3], ids=lambda value: value[:70])
def test_a_sample_that_meets_it_tells_it(copy: Path, monkeypatch: pytest.MonkeyPatch, table: str, sql: str, what: str) -> None:
    assert any(f"table {table}, " in one and what in one for one in sampled(spoil(copy, sql), monkeypatch).faults)


def test_a_fault_names_the_row_its_capture_and_its_place(copy: Path) -> None:
    spoil(copy, f"UPDATE versions SET headline = 'Another' WHERE {A_VERSION}")
    (warc,) = (copy / "archive").iterdir()
    (told,) = check_whole(copy, readers()).faults
    with Index.open(copy / "index.db", readonly=True) as index:
        first = next(capture for capture in index.captures() if capture.story == "courier/1001")
    assert told.startswith("table versions, courier/1001 sha256:")
    assert f", capture {first.record_id} at {warc.name} offset {first.offset}: headline is 'Another'" in told


@pytest.mark.parametrize("sql", [
    "DELETE FROM failures WHERE capture_id IS NULL",
    "UPDATE failures SET reason = 'connect' WHERE capture_id IS NULL",
    "INSERT INTO failures (url, host, site, role, key, date, reason, attempt, bytes) VALUES ('http://x/', 'x', 'web', 'page', 'x', '2026', 'dns', 1, 0)",
])  # fmt: skip
def test_attempts_of_which_no_byte_came_are_always_compared(copy: Path, sql: str) -> None:
    assert any("failures" in what or "has no row" in what for what in _verified(spoil(copy, sql)))


def _verified(path: Path, *, deep: bool = False) -> list[str]:
    reports = verify_collection(path, lambda _: lambda _: None, readers=readers(), deep=deep)
    return [fault.what for report in reports for fault in report.faults]


def test_what_an_earlier_version_read_otherwise_is_no_damage(copy: Path) -> None:
    spoil(copy, "UPDATE versions SET headline = 'As read once', reader_version = '0.0.1'")
    spoil(copy, "UPDATE captures SET reader_version = NULL")
    spoil(copy, "UPDATE captures SET cut_at = NULL WHERE cut_at IS NOT NULL")
    found = check_whole(copy, readers())
    assert found.faults == ()
    assert found.others >= 3
    spoil(copy, "UPDATE captures SET status = 404 WHERE role = 'section'")
    assert ["status is 404" in one for one in check_whole(copy, readers()).faults] == [True]

def page(path: str, words: str, **more: object) -> Said:
    return said(path, body=f"<html><head><title>{words}</title></head><body><article><h1>{words}</h1><p>{words} of old. {'Long ago. ' * 60}</p>"
                f"</article><a href=/a>A</a><a href=/b>B</a><a href=/c>C</a></body></html>".encode(), **more)  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of pages of no known site."""
    return crawl(tmp_path_factory.mktemp("pages") / "web", [page(f"/{n}", f"Lighthouse {n}") for n in range(6)])


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with the site file of the Courier, to be edited."""
    (tmp_path / "sites").mkdir()
    return Path(shutil.copy(DEMO_SITES / "courier.py", tmp_path / "sites"))


def by(folder: Path | None, **options: object) -> Readers:
    return Readers(workers=InThisProcess(JobLimits(workers=0)), folders=(str(folder),) if folder else (), **options)  # type: ignore[arg-type]


def found(path: Path, by: Readers, monkeypatch: pytest.MonkeyPatch) -> list[Checked]:
    """What a deep check and a sampled one that meets everything find."""
    monkeypatch.setattr(index_check, "LEAST", 60)
    return [check_whole(path, by), check_sample(path, by, chance=random.Random(1))]


@pytest.mark.parametrize(("old", "new"), [
    ('mark=css("', 'mark=css(".no-longer '), ("h1.headline", "h1.other"), ("{id}", "{ID}"), ('title="', 'title="The '), ("SITE = Site(", "# edited\nSITE = Site("),
])  # fmt: skip
def test_what_another_site_file_reads_otherwise_is_no_damage(sound: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    shelf.write_text(shelf.read_text().replace(old, new))
    sites_known.cache_clear()
    for one in found(sound, by(shelf.parent), monkeypatch):
        assert (one.faults, one.more) == ((), 0)
        assert one.others > 0 or old != 'mark=css("'


def test_a_row_that_was_recorded_is_damaged_whoever_reads(copy: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write_text(shelf.read_text() + "\n")
    sites_known.cache_clear()
    spoil(copy, "UPDATE captures SET status = 404 WHERE role = 'section'")
    spoil(copy, "UPDATE versions SET headline = 'Another'")
    for one in found(copy, by(shelf.parent), monkeypatch):
        assert ["status is 404" in fault for fault in one.faults] == [True]
        assert one.others >= 3


def test_the_rows_of_other_stories_are_judged_as_ever(copy: Path) -> None:
    spoil(copy, "UPDATE captures SET reader_version = '0.1.0+00000000' WHERE story_id = 'courier/1002'")
    spoil(copy, "UPDATE versions SET headline = 'Another'")
    whole = check_whole(copy, readers())
    assert whole.others == 1
    assert {fault.split(" sha256")[0] for fault in whole.faults} == {"table versions, courier/1001", "table versions, courier/1006"}


@pytest.mark.parametrize("limits", [
    ReadLimits(links=1), ReadLimits(html_bytes=300), ReadLimits(text_bytes=300), ReadLimits(sitemap_urls=1), ReadLimits(ratio=1),
], ids=str)  # fmt: skip
def test_what_other_limits_leave_out_is_no_damage(pages: Path, monkeypatch: pytest.MonkeyPatch, limits: ReadLimits) -> None:
    for one in found(pages, by(None, limits=limits), monkeypatch):
        assert (one.faults, one.more) == ((), 0)
        assert one.others > 0 or limits.sitemap_urls == 1 or limits.ratio == 1


class TooSlow(InThisProcess):
    """Nothing is read in time."""

    def do(self, call: Call) -> Any:
        raise Unreadable("reading took over 5 s and was given up")


def test_what_takes_too_long_now_is_no_damage(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in found(pages, Readers(workers=TooSlow(JobLimits(workers=0))), monkeypatch):
        assert (one.faults, one.more) == ((), 0)
        assert one.others > 6


def test_what_our_own_parser_stumbles_over_now_is_no_damage(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(page: Page, *more: Any, **options: Any) -> Any:
        raise ImportError("failed to map segment from shared object")

    monkeypatch.setattr(reading, "parse", stumble)
    for one in found(pages, by(None), monkeypatch):
        assert (one.faults, one.more) == ((), 0)
        assert one.others > 6


@pytest.mark.parametrize("detail", [GIVEN_UP, "reading went too deep into nested elements and was given up", "reading was given up: the run is over"])
def test_what_took_too_long_then_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detail: str) -> None:
    def slow(site: Site, lease: LeasedRequest, capture: Capture, headers: Headers, payload: bytes) -> Usable | Unusable:
        return given_up(lease, capture, detail, len(payload)) if "/0" in capture.url else read(site, lease, capture, headers, payload)

    with monkeypatch.context() as patch:
        patch.setattr(played, "read", slow)
        path = crawl(tmp_path / "web", [page("/0", "Slow"), page("/1", "Quick"), page("/0", "Slow", reason="disconnect", truncated="disconnect")])
    for one in found(path, by(None), monkeypatch):
        assert (one.faults, one.more) == ((), 0)
    spoil(path, "UPDATE versions SET headline = 'Another' WHERE story_id LIKE '%/1'")
    assert ["headline is 'Another'" in fault for one in found(path, by(None), monkeypatch) for fault in one.faults] == [True, True]


def test_many_rows_of_other_readers_are_still_no_damage(tmp_path: Path) -> None:
    path = crawl(tmp_path / "web", [page("/0", "Links")])
    spoil(path, "UPDATE captures SET reader_version = '0.0.1'")
    with closing(sqlite3.connect(path / "index.db")) as db:
        db.executemany("INSERT INTO links (capture_id, position, url) VALUES (1, ?, 'x')", [(n,) for n in range(100, 400)])
        db.commit()
    whole = check_whole(path, by(None))
    assert (whole.faults, whole.more, whole.others) == ((), 0, 300)
    spoil(path, "UPDATE captures SET reader_version = (SELECT max(reader_version) FROM versions)")
    whole = check_whole(path, by(None))
    assert (len(whole.faults), whole.more, whole.others) == (100, 200, 0)


def test_an_index_of_an_earlier_version_is_no_damage(copy: Path) -> None:
    spoil(copy, "DELETE FROM _sqlite_migrations WHERE name LIKE 'm008%'")
    with closing(sqlite3.connect(copy / "index.db")) as db:
        db.execute("ALTER TABLE captures DROP COLUMN reader_version")
        db.commit()
    with closing(Collection.hold(copy)):
        assert _verified(copy) == []
    assert _verified(copy, deep=True) == []
    with Index.open(copy / "index.db", readonly=True) as index:
        assert {row[0] for row in index.query("SELECT reader_version FROM captures")} == {None}


def test_what_is_not_read_yet_is_no_damage(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(copy, "UPDATE captures SET read_state = 'unread' WHERE role = 'section'")
    assert check_whole(copy, readers()).faults == ()
    assert sampled(copy, monkeypatch).faults == ()


def test_what_a_lost_capture_showed_is_kept_and_blamed_on_nobody(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(copy, "UPDATE captures SET state = 'lost' WHERE story_id = 'courier/1002'")
    spoil(copy, "UPDATE versions SET headline = 'Nowhere' WHERE story_id = 'courier/1002'")
    assert {one.split(",")[0] for one in check_whole(copy, readers()).faults} <= {"table captures", "table sightings", "table links"}
    assert sampled(copy, monkeypatch).faults == ()


def test_a_deep_check_waits_for_nobody_who_writes(copy: Path) -> None:
    with closing(Collection.hold(copy)):
        assert _verified(copy) == []
        with pytest.raises(CollectionLocked):
            _verified(copy, deep=True)


def test_a_process_that_holds_more_than_a_page_may_take_reads_all_the_same(sound: Path) -> None:
    few = Readers(workers=InThisProcess(JobLimits(workers=0, memory=1)), folders=(str(DEMO_SITES),))
    assert check_whole(sound, few).faults == ()


def test_together_is_all_that_a_story_follows_from(sound: Path) -> None:
    with Index.open(sound / "index.db", readonly=True) as index:
        found = together(index, f"{HOST}/2024/02/20/1001/")
    assert found is not None
    assert found.stories == {"courier/1001"}
    assert sorted(capture.role for capture in found.captures.values()) == ["requisite", "story", "story"]


def test_a_revisit_of_a_revisit_is_drawn_with_all_of_its_chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refers = f"WARC-Refers-To: <{foreign_warcs.uid(1)}>"
    chain = [foreign_warcs.revisit(n + 1, f"/{n + 1}", SAME, f"WARC-Refers-To: <{foreign_warcs.uid(n)}>") for n in (2, 3)]
    first = foreign_warcs.record(foreign_warcs.answer(foreign_warcs.story("a ship")), "/1", n=1)
    foreign_warcs.write(tmp_path / "archive" / "a.warc.gz", first, foreign_warcs.revisit(2, "/2", SAME, refers), *chain)
    rebuild(tmp_path, readers())
    monkeypatch.setattr(index_check, "LEAST", 1)
    for seed in range(8):
        assert check_sample(tmp_path, readers(), chance=random.Random(seed)).faults == ()


def test_the_command_tells_it_with_exit_code_13(copy: Path, scrapy: Scrapy) -> None:
    words = (str(copy), "-s", f"ARCHIVE_SITES={DEMO_SITES}")
    assert "9 captures read again and compared with the index" in scrapy("verify", *words, "--deep").stdout
    assert "compared with the index" in scrapy("verify", *words).stdout
    spoil(copy, "UPDATE stories SET state = 'moved' WHERE id = 'courier/1003'")
    document = json.loads(scrapy("verify", *words, "--deep", "--json", exits=13).stdout)
    (fault,) = document["files"][-1]["faults"]
    assert fault["what"] == "table stories, courier/1003: state is 'moved' in the index, 'gone' by the WARCs"
    assert fault["advice"] == "`scrapy reindex` makes the index anew from the WARCs"
    (warc,) = (copy / "archive").iterdir()
    assert "name a collection" in scrapy("verify", str(warc), "--deep", exits=2).stderr


PAPER = """
from crawler.sites.site import Mirror, Site
SITE = Site(name="paper", title="Paper", language="en", mirrors=(Mirror("paper.example", scheme="http"),), stories=(r"^/(?P<id>\\d+)$",))
"""


@pytest.mark.parametrize("known", [True, False])
def test_records_of_others_that_another_shelf_gives_another_place_are_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "paper.py").write_text(PAPER)
    (tmp_path / "c" / "archive").mkdir(parents=True)
    with (tmp_path / "c" / "archive" / "theirs.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for path, status in (("7", "200 OK"), ("8", "404 Gone"), ("", "200 OK"), ("robots.txt", "200 OK"), ("9", "302 Found")):
            head = StatusAndHeaders(status, [("Content-Type", "text/html"), ("Location", "/7")], protocol="HTTP/1.1")
            body = BytesIO(page("/", f"Lighthouse {path}").body)
            writer.write_record(writer.create_warc_record(f"http://paper.example/{path}", "response", payload=body, http_headers=head))
    with_it, without = by(tmp_path / "sites"), by(None)
    rebuild(tmp_path / "c", with_it if known else without)
    for one in found(tmp_path / "c", without if known else with_it, monkeypatch):
        assert (one.faults, one.more) == ((), 0)
    for one in found(tmp_path / "c", with_it if known else without, monkeypatch):
        assert (one.faults, one.more, one.others) == ((), 0, 0)
    assert check_whole(tmp_path / "c", without if known else with_it).others > 5
