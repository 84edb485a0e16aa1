"""An index made anew from its WARCs is the index: one body under several heads, redirects of one body, and what their chain forbids."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, field, frozen
from rebuild_invariants import InThisProcess, differences, made_anew

from crawler.collection import Collection
from crawler.errors import FetchFailed
from crawler.frontier.sqlite import Row, save
from crawler.index.store import Index
from crawler.items import Bytes, Exchange, Lease
from crawler.reading import read
from crawler.redirects import RedirectChain, is_redirect
from crawler.reread import Readers, read_unread, site_of
from crawler.urls import location_of
from crawler.workers import Effort

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LINE = "<p>Wörter über Brücken und Straßen, die größer sind als die alten, und noch mehr davon.</p>"
PAGE = f"<html><head><title>Über die Brücke</title></head><body><article><h1>Über die Brücke</h1>{LINE * 12}</article></body></html>"
NGINX = b"<html><head><title>301 Moved Permanently</title></head><body><center><h1>301 Moved Permanently</h1></center></body></html>\r\n"
HTML = "text/html"


@frozen(kw_only=True)
class Said:
    """One answer: where it was asked for, and what came."""

    url: str
    status: int = 200
    mime: str = f"{HTML}; charset=utf-8"
    body: bytes = PAGE.encode()
    fields: tuple[tuple[str, str], ...] = ()
    more: dict[str, Any] = field(factory=dict)
    """Of the exchange: truncated, problem."""
    reason: str | None = None
    """What the wire itself found wrong."""


def said(url: str, mime: str = f"{HTML}; charset=utf-8", body: bytes = PAGE.encode(), status: int = 200, reason: str | None = None,
         *, fields: tuple[tuple[str, str], ...] = (), **more: Any) -> Said:  # fmt: skip
    return Said(url=url if "://" in url else f"http://news.example{url}", status=status, mime=mime, body=body, fields=fields, more=more, reason=reason)


def sent_on(url: str, location: str, body: bytes = NGINX, status: int = 301) -> Said:
    return said(url, HTML, body, status, fields=(("Location", location),))


def crawl(path: Path, answers: list[Said], *, site: str = "web", role: str = "page") -> Path:
    """What a crawl does with these answers, but for the network: recorded, followed, read and filed one after the other.

    An answer whose address is where the one before led belongs to the same request.
    """

    async def run() -> None:
        collection, expected, chain, lease = Collection.open(path), None, RedirectChain(), None
        for n, one in enumerate(answers):
            if lease is None or one.url != expected:
                story = site_of(site).story_id(one.url) or f"{site}/{one.url}"
                lease, chain = Lease(key=one.url, url=one.url, site=site, role=role, story=story), RedirectChain()  # type: ignore[arg-type]
            exchange = _exchange(one, n)
            target = location_of(one.url, exchange.headers) if is_redirect(one.status, exchange.headers) else None
            reason, detail, onward = one.reason, "as the wire says" if one.reason else "", None
            if target is not None and reason is None:
                try:
                    onward = chain.follow(lease, one.url, target, exchange.headers)
                except FetchFailed as error:
                    reason, detail = error.reason, error.detail
            capture = await collection.record(exchange, lease, reason=reason, detail=detail)
            reading = read(site_of(site), lease, capture, exchange.headers, b"" if target else one.body)
            if reason is None:
                await collection.file(reading)
            else:
                await collection.file(evolve(reading, reason=reason, detail=detail, noted=True, read_state="unreadable", article=None, links=()))
            expected, lease = (target, onward) if onward is not None and reading.reason is None else (None, None)
        collection.close()

    asyncio.run(run())
    return path


def _exchange(one: Said, n: int) -> Exchange:
    fields = (("Content-Type", one.mime), *one.fields, ("Content-Length", str(len(one.body))))
    head = f"HTTP/1.1 {one.status} Said\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"
    return Exchange(
        url=one.url, method="GET", started=START + timedelta(hours=n), ended=START + timedelta(hours=n, milliseconds=40),
        request=b"GET / HTTP/1.1\r\n\r\n", response=Bytes(head.encode() + one.body), payload=Bytes(one.body), head_length=len(head),
        status=one.status, headers=fields, ip="127.0.0.1", **one.more,
    )  # fmt: skip


def spoilt(path: Path) -> list[str]:
    return list(differences(path, path / "index.db", {}))


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with Index.open(path / "index.db", readonly=True) as index:
        return [tuple(row) for row in index.query(sql)]


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


HOST = "http://courier.mirror.example"


def test_a_story_that_was_taken_down_is_not_moved_to_another(tmp_path: Path) -> None:
    down, moved = f"{HOST}/2024/01/01/1003/", f"{HOST}/2024/01/01/1001/"
    path = crawl(
        tmp_path / "courier", [sent_on(moved, "/2024/01/01/1002/"), sent_on(down, "/"), sent_on(moved, "/"), sent_on(down, "/2024/01/01/1002/")],
        site="courier", role="story",
    )  # fmt: skip
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
    answers = [said(url, fields=(("ETag", '"1"'),)), said(url, "application/json", b'{"a": 1}', fields=(("ETag", '"2"'),))]
    path = crawl(tmp_path / "courier", answers, site="courier", role="story")
    with Index.open(path / "index.db") as index, index.atomic():
        _, last = index.captures()
        index.conn.execute("DELETE FROM failures")
        index.set_read_state(last.record_id, "unread")
        save(index.conn, Row(key=url, url=url, site="courier", role="story", story_id="courier/1001", state="done",
                             due="2027-11-24T12:00:00.000000Z", etag='"2"', validates=last.record_id, validates_host=last.host,
                             record_id=last.record_id))  # fmt: skip
    with closing(Collection.open(path)) as collection:
        assert read_unread(collection, Readers(workers=InThisProcess(Effort(workers=0)))) == 1
    assert rows(path, "SELECT etag, due < '2027', state FROM frontier") == [('"1"', 1, "done")]
    assert spoilt(path) == []


CUTS: list[tuple[str, dict[str, Any]]] = [
    ("too-large", {"truncated": "length"}), ("timeout", {"truncated": "time"}), ("disconnect", {"truncated": "disconnect"}),
    ("malformed", {"problem": "a bad chunk"}),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "more"), CUTS)
def test_attempts_with_one_body_whole_and_cut(tmp_path: Path, reason: str, more: dict[str, Any]) -> None:
    cut = said("/a", body=LATIN[:300], reason=reason, **more)
    assert spoilt(crawl(tmp_path / "web", [cut, cut, said("/a", body=LATIN[:300])])) == []
