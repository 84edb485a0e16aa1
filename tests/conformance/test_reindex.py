"""An index made anew from its WARCs is the index: one body under several heads, redirects of one body, and what their chain forbids."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from played import HTML, PAGE, START, Said, crawl, exchange_of, rows, said, sent_on, spoilt
from rebuild_invariants import made_anew

from crawler.collection.collection import Collection
from crawler.frontier.changes import save
from crawler.frontier.rows import FrontierRow
from crawler.index.index import Index
from crawler.items import LeasedRequest, Target
from crawler.maintenance.unread import parse_unread
from crawler.processing.parse_again import Readers
from crawler.workers.pool import InThisProcess, JobLimits

LATIN, KOI = PAGE.encode("latin-1"), "text/html; charset=koi8-r"
HEADS = [f"{HTML}; charset=iso-8859-1", KOI, f"{HTML}; charset=utf-8", HTML, "text/plain", "text/plain; charset=windows-1252", "image/png", "",
         "application/json", "application/xhtml+xml"]  # fmt: skip


@pytest.mark.parametrize("first", HEADS)
def test_one_body_under_many_heads_is_read_with_each_ones_own(tmp_path: Path, first: str) -> None:
    others = [said(f"/{n}", mime, LATIN) for n, mime in enumerate(HEADS)]
    path = crawl(tmp_path / "web", [said("/first", first, LATIN), *others, said("http://other.example/first", first, LATIN)])
    assert rows(path, "SELECT count(revisit_of) FROM captures") == [(len(HEADS) + 1,)]
    assert spoilt(path) == []


def test_the_head_of_a_revisit_says_what_is_read(tmp_path: Path) -> None:
    path = crawl(tmp_path / "web", [said("/koi", KOI, LATIN), said("/page", HEADS[0], LATIN)])
    assert rows(path, "SELECT headline FROM versions ORDER BY id")[1] == ("Über die Brücke",)
    assert spoilt(path) == []


STATUSES = (200, 203, 206, 404, 410, 403, 451, 500, 503)


@pytest.mark.parametrize("status", STATUSES)
def test_one_body_under_two_statuses(tmp_path: Path, status: int) -> None:
    answers = [said("/page"), said("/other", status=status), said("/third", status=status), said("/page", status=status), said("/page")]
    path = crawl(tmp_path / "web", answers)
    assert rows(path, "SELECT count(revisit_of) FROM captures") == [(4,)]
    assert spoilt(path) == []


MARKS = [(("Content-Encoding", "gzip"),), (("Content-Encoding", "br"),), (("Refresh", "0; url=/elsewhere"),), (("Retry-After", "30"),),
         (("Content-Range", "bytes 0-9/100"),), (("Cf-Mitigated", "challenge"),), (("Content-Language", "fr"),), (("Link", "</x>; rel=canonical"),)]  # fmt: skip


@pytest.mark.parametrize("fields", MARKS, ids=lambda one: one[0][0])
@pytest.mark.parametrize("status", [200, 503, 206])
def test_fields_of_the_second_head_count_for_the_second_capture_alone(tmp_path: Path, fields: tuple[tuple[str, str], ...], status: int) -> None:
    assert spoilt(crawl(tmp_path / "web", [said("/a"), said("/b", status=status, fields=fields), said("/c"), said("/a", fields=fields)])) == []


# -- redirects


def test_redirects_of_one_body_keep_their_own_targets(tmp_path: Path) -> None:
    path = crawl(tmp_path / "web", [
        sent_on("/first", "/page"), said("http://news.example/page"), sent_on("/self", "/self"), sent_on("/none", ""), sent_on("/bad", "http://[bad"),
        sent_on("/mail", "mailto:a@b.example"), sent_on("/see", "/page", status=303), said("http://news.example/page"), sent_on("/choice", "", status=300),
    ])  # fmt: skip
    assert ("redirects to itself",) in rows(path, "SELECT detail FROM failures")
    assert spoilt(path) == []


def test_more_redirects_than_are_followed_are_so_again(tmp_path: Path) -> None:
    path = crawl(tmp_path / "web", [sent_on(f"/hop{n}", f"http://news.example/hop{n + 1}") for n in range(14)])
    assert ("more than 10 redirects",) in rows(path, "SELECT detail FROM failures")
    assert spoilt(path) == []


def test_a_loop_and_a_cookie_wall_are_so_again(tmp_path: Path) -> None:
    def wall(url: str, to: str) -> Said:
        return evolve(sent_on(url, f"http://news.example{to}"), fields=(("Location", f"http://news.example{to}"), ("Set-Cookie", "c=1")))

    path = crawl(tmp_path / "web", [sent_on("/a", "http://news.example/b"), sent_on("/b", "http://news.example/a"), *[wall("/wall", "/wall")] * 3])
    assert len(rows(path, "SELECT detail FROM failures WHERE reason = 'redirect'")) == 2
    assert spoilt(path) == []


HOST, STORY = "http://courier.mirror.example", "/2024/01/01/1002/"


def test_a_story_that_was_taken_down_is_not_moved_to_another(tmp_path: Path) -> None:
    down, moved = f"{HOST}/2024/01/01/1003/", f"{HOST}/2024/01/01/1001/"
    path = crawl(
        tmp_path / "courier", [sent_on(url, to, role="story") for url, to in ((moved, STORY), (down, "/"), (moved, "/"), (down, STORY))], site="courier"
    )
    assert rows(path, "SELECT id, state FROM stories ORDER BY 1") == [("courier/1001", "gone"), ("courier/1003", "moved")]
    assert spoilt(path) == []


# -- validators and attempts


def test_validators_are_those_of_the_last_usable_answer(tmp_path: Path) -> None:
    def tagged(tag: str, *more: Any, **kw: Any) -> Said:
        return said("/page", *more, fields=(("ETag", tag), ("Last-Modified", "Tue, 24 Nov 2026 10:00:00 GMT")), **kw)

    missing = b"<html><head><title>Page not found</title></head><body><h1>404</h1><p>There is no such page.</p></body></html>"
    path = crawl(tmp_path / "web", [tagged('"1"'), tagged('"2"', HTML, b"<p>gone", 404), tagged('"3"', HTML, missing),
                                    tagged('"4"', HTML, LATIN[:300], 200, "disconnect", truncated="disconnect")])  # fmt: skip
    with made_anew(path, path / "index.db", {}) as fresh, Index.open(fresh, readonly=True) as index:
        assert [tuple(row) for row in index.query("SELECT etag FROM frontier")] == [('"1"',)]


def test_what_is_read_later_and_is_no_story_is_asked_for_again_by_the_validators_before(tmp_path: Path) -> None:
    url = f"{HOST}/2024/01/01/1001/"
    answers = [said(url, fields=(("ETag", '"1"'),), role="story"), said(url, "text/html", b"<p></p>", fields=(("ETag", '"2"'),), role="story")]
    path = crawl(tmp_path / "courier", answers, site="courier")
    with Index.open(path / "index.db") as index, index.atomic():
        _, last = index.captures()
        index.conn.execute("DELETE FROM failures")
        index.set_read_state(last.record_id, "unread")
        save(index.conn, FrontierRow(
            target=Target(key=url, url=url, site="courier", role="story", story="courier/1001"), state="done",
            due="2027-11-24T12:00:00.000000Z", etag='"2"', validates=last.record_id, validates_host=last.host, record_id=last.record_id,
        ))  # fmt: skip
    with closing(Collection.open(path)) as collection:
        assert parse_unread(collection, Readers(workers=InThisProcess(JobLimits(workers=0)))) == 1
    assert rows(path, "SELECT etag, due < '2027', state FROM frontier") == [('"1"', 1, "done")]
    assert spoilt(path) == []


@pytest.mark.parametrize(("arguments", "read"), [({}, 1), ({"read": "later"}, 0)])
def test_what_a_killed_run_did_not_live_to_read_is_read_when_the_next_begins(tmp_path: Path, arguments: dict[str, str], read: int) -> None:
    async def record(collection: Collection) -> None:
        run_id = collection.now(lambda index: index.start_run("web", arguments, START))
        lease = LeasedRequest(target=Target(key="web:robots", url="http://a.example/robots.txt", site="web", role="robots"))
        await collection.record(exchange_of(said(lease.url, "text/plain", b"", 503, role="robots"), 0), lease, run_id=run_id)  # type: ignore[arg-type]

    with closing(Collection.open(tmp_path / "web")) as collection:
        asyncio.run(record(collection))
        assert spoilt(tmp_path / "web") == []
        assert parse_unread(collection, Readers(workers=InThisProcess(JobLimits(workers=0))), site="web") == read
    assert rows(tmp_path / "web", "SELECT reason FROM failures") == [("status",)] * read
    assert spoilt(tmp_path / "web") == []


def test_a_picture_that_was_cut_off_between_answers_that_were_none(tmp_path: Path) -> None:
    url, page = "http://pictures.example/1.jpg", b"<html><body>no picture</body></html>"
    answers = [
        said(url, HTML, page, role="requisite"), said(url, "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(60), 200, "disconnect", role="requisite",
             attempt=2, truncated="disconnect"), said(url, HTML, page, role="requisite", attempt=3),
    ]  # fmt: skip
    assert spoilt(crawl(tmp_path / "web", answers)) == []


CUTS: list[tuple[str, dict[str, Any]]] = [
    ("too-large", {"truncated": "length"}), ("timeout", {"truncated": "time"}), ("disconnect", {"truncated": "disconnect"}),
    ("malformed", {"problem": "a bad chunk"}),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "more"), CUTS)
def test_attempts_with_one_body_whole_and_cut(tmp_path: Path, reason: str, more: dict[str, Any]) -> None:
    cut = said("/a", body=LATIN[:300], reason=reason, **more)
    assert spoilt(crawl(tmp_path / "web", [cut, cut, said("/a", body=LATIN[:300])])) == []
