"""An answer that was cut off is read as far as it came: which attempt of several, how it is marked, and the same when read again."""

from __future__ import annotations

import asyncio
import gzip
import random
import sqlite3
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from outcomes import article_of as read_of
from outcomes import read

from crawler.collection.ingest import add_capture, failure_of, file_outcome
from crawler.crawl.cut_answers import CutAnswers, is_of_peer
from crawler.index.beginnings import Text
from crawler.index.cut import IS_CUT
from crawler.index.index import Index
from crawler.items import (
    READ_FROM_CUT,
    Article,
    Block,
    Capture,
    CutOff,
    Failed,
    LeasedRequest,
    Link,
    Listing,
    NotModified,
    Parsed,
    Redirect,
    Target,
    Unusable,
    Usable,
)
from crawler.parsers.document.page import Page
from crawler.parsers.encoding.content_coding import content_decoded
from crawler.parsers.links.page_links import page_links
from crawler.parsers.robotstxt.robotstxt import rules_of
from crawler.parsers.template import parse
from crawler.processing.truncated import cut_off
from crawler.sites.known import WEB

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"),)
WORDS = "Some plain words that make up a paragraph of this page, and a comma. " * 12
START = f"<html><head><title>Bridge</title></head><body><h1>The bridge</h1><p>{WORDS}</p>"


# -- what is read of a page whose end is missing


def articles_of(data: bytes, headers: Sequence[tuple[str, str]] = HTML) -> tuple[Article, list[str]]:
    page = Page.from_payload(url="http://n.example/a", date=NOW, headers=headers, payload=data, cut=True)
    return parse(page), [link.url for link in page_links(page)]


@pytest.mark.parametrize(
    ("tail", "text"),
    [
        (b"half a sent", "half a sent"), (b"half <", "half"), (b"half </", "half"), (b"half </stro", "half"), (b"half <b", "half"),
        (b"half <a href='/story/123", "half"), (b"half <a href=/story/12", "half"), (b"half <a title='a > b' href='/sto", "half"),
        (b"half <img src='/a.jp", "half"), (b"half <!-- a comment", "half"), (b"half <!", "half"), (b"half <script>var a='<p>x", "half"),
        (b"half it&#821", "half it"), (b"half it&#x20", "half it"), (b"half R&D", "half R&D"), ("half ö".encode()[:-1], "half"),
        ("half 日".encode()[:-1], "half"), ("half 😀".encode()[:-1], "half"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("charset", ["", "; charset=utf-8"])
def test_nothing_is_read_that_the_whole_would_not_hold(tail: bytes, text: str, charset: str) -> None:
    article, links = articles_of(f"{START}<p>Öl: ".encode() + tail, (("Content-Type", f"text/html{charset}"),))
    assert article.body.split("\n") == [WORDS.strip(), f"Öl: {text}"]
    assert links == []
    assert READ_FROM_CUT in article.problems


def test_half_a_character_of_other_charsets_is_left_out() -> None:
    for charset in ("gbk", "shift_jis", "euc-jp", "utf-16-le"):
        data = f"{START}<p>日本".encode(charset)[:-1]
        article, _ = articles_of(data, (("Content-Type", f"text/html; charset={charset}"),))
        assert article.body.split("\n")[1] == "日", charset


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw"])
def test_a_stream_that_stops_is_decoded_as_far_as_it_goes(coding: str) -> None:
    noise = random.Random(7).randbytes(3000).hex()
    body = f"{START}<p>{noise}".encode()
    data = {"gzip": gzip.compress(body), "deflate": zlib.compress(body), "raw": zlib.compress(body)[2:-4]}[coding]
    for cut, least in ((1, len(body)), (9, len(body) - 100), (len(data) // 2, len(START))):
        headers = (*HTML, ("Content-Encoding", "gzip" if coding == "gzip" else "deflate"))
        decoded, problems = content_decoded(data[:-cut], headers)
        assert body.startswith(decoded), cut
        assert len(decoded) >= least, cut
        if coding != "raw" or cut > 1:
            # Where nobody says that the answer was cut, the stream does.
            page = Page.from_payload(url="http://n.example/a", date=NOW, headers=headers, payload=data[:-cut])
            assert READ_FROM_CUT in parse(page).problems, problems


def test_of_an_unfinished_last_line_of_robots_only_what_forbids_is_believed() -> None:
    def rules(body: bytes) -> str:
        return rules_of(body, (), 1000, 100, cut=True)[0]

    assert rules(b"User-agent: *\nDisallow: /a") == "User-agent: *\nDisallow: /a"
    assert rules(b"User-agent: *\nDisallow: /\nAllow: /pu") == "User-agent: *\nDisallow: /\n"
    assert rules(b"User-agent: *\nDisallow:") == "User-agent: *\n"
    assert rules(b"User-agent: *\nAllow: /a\n") == "User-agent: *\nAllow: /a\n"


# -- what counts as read


def capture_of(role: str = "story", *, n: int = 1, cut_at: int | None = 900, status: int = 200, attempt: int = 1, **more: Any) -> Capture:
    values = {"digest": f"sha1:{n}", "truncated": "disconnect" if cut_at is not None else None} | more
    return Capture(
        target=Target(url="https://n.example/1", site="web", role=role, key="web/1", story="web/1"), record_id=f"urn:uuid:{n}",
        host="n.example", date=NOW + timedelta(seconds=n), warc="w", offset=n, length=1, status=status, attempt=attempt, cut_at=cut_at,
        truncated=values["truncated"], payload_digest=values["digest"], mime="text/html",
    )  # fmt: skip


def reading_of(capture: Capture, body: bytes, headers: Sequence[tuple[str, str]] = HTML) -> Failed:
    lease = LeasedRequest(target=Target(key=capture.key, url=capture.url, site="web", role=capture.role, story="web/1"), attempt=capture.attempt)
    return cut_off(read(WEB, lease, capture, headers, body), "disconnect", "900 of 1000 bytes came")


def test_what_holds_no_text_is_unreadable_and_the_rest_stays_a_failed_attempt() -> None:
    for body in (b"", b"<html><head><title>The bridge</title><meta name=description content='of a bridge'>", b"<html><head><tit"):
        reading = reading_of(capture_of("page"), body)
        assert (reading.read_state, type(reading)) == ("unreadable", Unusable)
    reading = reading_of(capture_of("page"), START.encode())
    assert (reading.read_state, type(reading), reading.reason, reading.noted) == ("read", CutOff, "disconnect", True)
    article = read_of(reading)
    assert article is not None
    assert READ_FROM_CUT in article.problems


def test_of_lists_the_entries_are_used() -> None:
    feed = b"<rss version='2.0'><channel><title>t</title><item><title>a</title><link>http://n.example/1</link></item><item><title>b</ti"
    reading = reading_of(capture_of("feed"), feed, (("Content-Type", "application/rss+xml"),))
    assert isinstance(reading, CutOff)
    assert isinstance(reading.read, Listing)
    assert ([link.url for link in reading.links], reading.read.newest) == (["http://n.example/1"], None)
    assert any("not read to its end" in reason for reason, _ in reading.read.left_out)
    front = "<html><body>" + "".join(f"<p><a href='/{n}'>Headline number {n} of the day</a></p>" for n in range(9))
    assert len(reading_of(capture_of("section"), front.encode()).links) == 9


@pytest.mark.parametrize(
    ("reason", "detail", "peer"),
    [("disconnect", "x", True), ("timeout", "nothing came for 60 s", True), ("timeout", "over 180 s in all", False), ("too-large", "x", False),
     ("limit", "x", False)],
)  # fmt: skip
def test_what_we_cut_off_ourselves_is_never_the_habit_of_a_server(reason: str, detail: str, peer: bool) -> None:
    known = CutAnswers()
    for n in (1, 2):
        reading = evolve(reading_of(capture_of("page", n=n, digest="sha1:same"), START.encode()), reason=reason, detail=detail)
        known = known.more(reading, None)
    assert (is_of_peer(reason, detail), known.alike, known.repeated) == (peer, peer, peer)
    assert not known.more(reading_of(capture_of("page", n=3, digest="sha1:other"), START.encode()), None).alike


def test_a_fault_of_the_framing_said_twice_is_not_asked_for_again_and_is_never_called_whole() -> None:
    known = CutAnswers()
    for n in (1, 2):
        known = known.more(evolve(reading_of(capture_of("page", n=n, digest="sha1:same"), START.encode()), reason="malformed"), None)
    assert (known.repeated, known.alike) == (True, False)
    endless = evolve(reading_of(capture_of("page", digest="sha1:same", truncated="time"), START.encode()), reason="malformed")
    assert not CutAnswers().more(endless, None).more(endless, None).repeated


# -- which attempt stands, whatever the order of filing


def article_of(text: str, *, cut: bool) -> Article:
    return Article(
        url="https://n.example/1", story="web/1", headline="The bridge", blocks=(Block(kind="paragraph", text=text),),
        problems=(READ_FROM_CUT,) if cut else (),
    )  # fmt: skip


def outcome_of(lease: LeasedRequest, one: Capture, texts: dict[str, str]) -> Usable | Unusable:
    if one.status == 200:
        links = (Link(url=f"https://n.example/{one.record_id}"),)
        return Parsed(lease=lease, capture=one, article=article_of(texts[one.record_id], cut=one.is_cut), links=links)
    if one.status == 503:
        return Unusable(lease=lease, capture=one, reason="status")
    return NotModified(lease=lease, capture=one) if one.status == 304 else Redirect(lease=lease, capture=one, target="https://n.example/2")


def filed(captures: Sequence[Capture], tmp_path: Path, texts: dict[str, str], order: Sequence[int]) -> dict[str, list[tuple[Any, ...]]]:
    """What the index holds of captures filed in some order; a cut one, and one with another status than 200, has its failure."""
    file = tmp_path / "index.db"
    file.unlink(missing_ok=True)
    with closing(Index.open(file)) as index, index.atomic():
        for one in captures:
            add_capture(index, one)
            if one.is_cut:
                index.add_failure(
                    failure_of(LeasedRequest(target=Target(key=one.key, url=one.url, site="web", role=one.role), attempt=one.attempt), one, "disconnect", "")
                )
        for n in order:
            one = captures[n]
            lease = LeasedRequest(target=Target(key=one.key, url=one.url, site="web", role="story", story="web/1"), attempt=one.attempt)
            outcome = outcome_of(lease, one, texts)
            file_outcome(index, cut_off(outcome, "disconnect", "") if one.is_cut else outcome)
        return {
            "states": [tuple(r) for r in index.query("SELECT record_id, read_state FROM captures ORDER BY date")],
            "versions": [tuple(r) for r in index.query("SELECT n, body, problems, first_seen, last_seen FROM versions ORDER BY n")],
            "sightings": [
                tuple(r) for r in index.query("SELECT c.record_id FROM sightings s JOIN captures c ON c.id = s.capture_id ORDER BY 1")
            ],
            "links": [tuple(r) for r in index.query("SELECT url FROM links ORDER BY 1")],
            "stories": [tuple(r) for r in index.query("SELECT state, versions FROM stories")],
            "failures": [tuple(r) for r in index.query("SELECT capture_id FROM failures ORDER BY 1")],
        }


SERIES = {
    "the longest of three": ([capture_of(n=1, cut_at=900), capture_of(n=2, cut_at=1200, attempt=2), capture_of(n=3, cut_at=10, attempt=3)], {2}),
    "of equals the first": ([capture_of(n=1, cut_at=900), capture_of(n=2, cut_at=900, attempt=2)], {1}),
    "the same bytes": ([capture_of(n=1, digest="sha1:a"), capture_of(n=2, attempt=2, digest="sha1:a")], {1, 2}),
    "the same bytes, then more": (
        [capture_of(n=1, digest="sha1:a"), capture_of(n=2, attempt=2, digest="sha1:a"), capture_of(n=3, attempt=3, cut_at=901)], {3}),
    "a whole one wins": ([capture_of(n=1, cut_at=9000), capture_of(n=2, cut_at=None, attempt=2)], {2}),
    "an error does not": ([capture_of(n=1), capture_of(n=2, cut_at=None, status=503, attempt=2)], {1}),
    "each series for itself": (
        [capture_of(n=1, cut_at=900), capture_of(n=2, cut_at=800, attempt=2), capture_of(n=3, cut_at=100), capture_of(n=4, cut_at=90, attempt=2)],
        {1, 3}),
    "a whole one of an earlier series does not count": ([capture_of(n=1, cut_at=None), capture_of(n=2, cut_at=700)], {1, 2}),
    "redirects are of the series": (
        [capture_of(n=1, cut_at=None, status=301), capture_of(n=2, cut_at=800), capture_of(n=3, cut_at=None, status=301, attempt=2),
         capture_of(n=4, cut_at=900, attempt=2)], {4}),
}  # fmt: skip


@pytest.mark.parametrize("name", SERIES)
def test_which_attempt_stands_does_not_depend_on_the_order_of_filing(name: str, tmp_path: Path) -> None:
    captures, standing = SERIES[name]
    texts = {one.record_id: f"text of {one.payload_digest}" for one in captures}
    forward = list(range(len(captures)))
    told = filed(captures, tmp_path, texts, forward)
    assert {record for (record,) in told["sightings"]} == {f"urn:uuid:{n}" for n in standing}
    for order in (forward[::-1], forward[1:] + forward[:1]):
        assert filed(captures, tmp_path, texts, order) == told
    assert len(told["failures"]) == sum(one.is_cut or one.status == 503 for one in captures), "each attempt keeps its failure"


def test_the_mark_goes_when_a_whole_answer_shows_the_same_text(tmp_path: Path) -> None:
    captures = [capture_of(n=1), capture_of(n=2, cut_at=None), capture_of(n=3, cut_at=None)]
    same = filed(captures, tmp_path, dict.fromkeys(("urn:uuid:1", "urn:uuid:2", "urn:uuid:3"), "one text"), [0, 1, 2])
    assert [(n, problems) for n, _, problems, *_ in same["versions"]] == [(1, "[]")]
    assert len(same["sightings"]) == 3, "the cut answer showed it too, and first"
    assert filed(captures, tmp_path, dict.fromkeys(("urn:uuid:1", "urn:uuid:2", "urn:uuid:3"), "one text"), [2, 1, 0]) == same
    other = filed(captures, tmp_path, {"urn:uuid:1": "one beginning", "urn:uuid:2": "a text and more", "urn:uuid:3": "x"}, [0, 1, 2])
    assert [problems for _, _, problems, *_ in other["versions"]] == [f'["{READ_FROM_CUT}"]', "[]", "[]"]


LONG = "The council met on Tuesday. It spoke of the bridge. It spoke of bread."
EDITED = "The council met on Tuesday. It spoke of the harbour. It spoke of bread, and of wine."
HISTORIES: dict[str, tuple[list[tuple[str, bool]], list[str], list[int]]] = {
    # name: texts in the order of their captures and whether each is of a cut answer; the versions; which version each capture shows
    "whole, then cut": ([(LONG, False), (LONG[:30], True)], [LONG], [0, 0]),
    "cut, then whole": ([(LONG[:30], True), (LONG, False)], [LONG], [0, 0]),
    "longer, then shorter": ([(LONG[:50], True), (LONG[:30], True)], [LONG[:50]], [0, 0]),
    "shorter, then longer, then whole": ([(LONG[:30], True), (LONG[:50], True), (LONG, False)], [LONG], [0, 0, 0]),
    "all of it, cut off behind": ([(LONG, True), (LONG, False)], [LONG], [0, 0]),
    "another text": ([(LONG, False), (EDITED[:50], True)], [LONG, EDITED[:50]], [0, 1]),
    "an edit, cut off before it": ([(LONG, False), (EDITED, False), (EDITED[:40], True)], [LONG, EDITED], [0, 1, 1]),
    "cut off between": ([(LONG, False), (LONG[:40], True), (EDITED, False)], [LONG, EDITED], [0, 0, 1]),
    "cut off before all": ([(LONG[:40], True), (LONG, False), (EDITED, False)], [LONG, EDITED], [0, 0, 1]),
    "a text that was made shorter": ([(LONG, False), (LONG[:27], False), (LONG[:20], True)], [LONG, LONG[:27]], [0, 1, 1]),
    "cut off where it was made shorter": ([(LONG[:27], True), (LONG, False), (LONG[:27], False)], [LONG, LONG[:27]], [0, 0, 1]),
    "nothing of it whole": ([(LONG[:40], True), (EDITED, True), (LONG[:60], True)], [LONG[:60], EDITED], [1, 1, 0]),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_the_beginning_of_a_known_text_is_no_edit(name: str, tmp_path: Path) -> None:
    told, versions, shows = HISTORIES[name]
    captures = [capture_of(n=n, cut_at=len(text) if cut else None) for n, (text, cut) in enumerate(told, 1)]
    texts = {one.record_id: text for one, (text, _) in zip(captures, told, strict=True)}
    whole = {text for text, cut in told if not cut}
    first: dict[str, list[tuple[Any, ...]]] | None = None
    for order in permutations(range(len(captures))):
        found = filed(captures, tmp_path, texts, order)
        first = first or found
        assert found == first, order
        bodies = [body for _, body, *_ in found["versions"]]
        assert sorted(bodies) == sorted(versions), order
        assert {body for _, body, problems, *_ in found["versions"] if READ_FROM_CUT not in problems} == whole
        with closing(Index.open(tmp_path / "index.db")) as index:
            rows = index.query("SELECT v.body, s.shown FROM sightings s JOIN versions v ON v.id = s.version_id ORDER BY s.capture_id")
            assert [row[0] for row in rows] == [versions[n] for n in shows], order
            assert [row[1] is None for row in rows] == [text == versions[n] for (text, _), n in zip(told, shows, strict=True)]
            assert index.full_text_faults() == []


def test_a_cut_answer_with_another_headline_or_caption_is_a_version() -> None:
    known = Text(headline="The bridge", deck="Of bread", body=LONG, captions="The harbour", credits="A. Name")
    for begins, more in (
        (True, {"body": LONG[:9]}), (True, {"body": LONG[:9], "deck": "", "captions": "The ha", "credits": ""}), (False, {"headline": "A bridge"}),
        (False, {"deck": "Of wine"}), (False, {"captions": "A harbour"}), (False, {"body": LONG + "x"}), (False, {"credits": "B. Name"}),
    ):  # fmt: skip
        part = evolve(known, **more)
        assert part.begins(known) is begins, more
        if begins:
            assert known.part(part.shown(known)) == part


def test_a_picture_is_tied_whole_or_else_as_long_as_it_came(tmp_path: Path) -> None:
    with closing(Index.open(tmp_path / "index.db")) as index, index.atomic():
        page = capture_of("page", n=1, cut_at=None)
        add_capture(index, page)
        image = {"version_id": 1, "n": 0, "url": "https://n.example/a.jpg", "key": "web/1"}
        index.file_article(page, article_of("text", cut=False))
        index.conn.execute(f"INSERT INTO images ({', '.join(image)}) SELECT id, 0, :url, :key FROM versions", image)
        for n, cut_at in ((2, 100), (3, 300), (4, 200), (5, 0)):
            add_capture(index, capture_of("requisite", n=n, cut_at=cut_at, attempt=n - 1))
        sql = "SELECT c.record_id FROM images i JOIN captures c ON c.id = i.capture_id"
        assert index.query(sql)[0][0] == "urn:uuid:3"
        add_capture(index, capture_of("requisite", n=6, cut_at=None, attempt=5))
        assert index.query(sql)[0][0] == "urn:uuid:6"


def test_cut_is_the_same_in_sql(tmp_path: Path) -> None:
    with closing(Index.open(tmp_path / "index.db")) as index, index.atomic():
        n = 0
        for status in (None, 200, 203, 206, 226, 299, 300, 301, 404, 500):
            for truncated in (None, "disconnect", "length", "torn"):
                n += 1
                index.add_capture(evolve(capture_of(n=n, truncated=truncated), status=status))
        held = {capture.record_id: capture.is_cut for capture in index.captures()}
        assert held == {row[0]: bool(row[1]) for row in index.query(f"SELECT record_id, {IS_CUT} FROM captures")}
        assert Counter(held.values())[True] == 9


# -- whole crawls

SETTINGS = {
    "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_RETRY_DELAY": 0.02, "DOWNLOAD_DELAY": 0, "ARCHIVE_IDLE_TIMEOUT": 1,
    "ARCHIVE_TOTAL_TIMEOUT": 2, "ARCHIVE_MAX_PAGE_BYTES": 20000,
}  # fmt: skip


def page(name: str, more: str = "") -> bytes:
    text = "".join(f"<p>Paragraph {n} of {name}: the council met on a Tuesday and spoke of the bridge and of bread.</p>" for n in range(12))
    return f"<html><head><title>{name} day</title></head><body><article><h1>{name} day</h1>{text}{more}</article></body></html>".encode()


def head(length: int | str, mime: str = "text/html", status: str = "200 OK", *more: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {mime}", f"Content-Length: {length}", *more, "", ""]).encode()


class CutServer:
    """Answers by path, each cut off in its own way: what is sent, and whether it closes, stays for the next request or falls silent."""

    def __init__(self) -> None:
        self.port = 0
        self.hits: Counter[str] = Counter()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[CutServer]:
        listening = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = listening.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            listening.close()

    async def serve(self, reader: Any, writer: Any) -> None:
        try:
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
                self.hits[path] += 1
                data, then = self.answer(path.strip("/"), self.hits[path])
                writer.write(data)
                await writer.drain()
                if then == "silent":
                    await reader.read()
                if then != "stay":
                    break
        except (OSError, EOFError):
            return
        finally:
            writer.close()

    def answer(self, name: str, n: int) -> tuple[bytes, str]:
        body = page(name)
        chunked = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body)
        answers: dict[str, tuple[bytes, str]] = {
            "robots.txt": (head(500, "text/plain") + b"User-agent: *\nDisallow: /private", "close"),
            "length": (head(len(body) + 1) + body, "close"),
            "no-last-chunk": (chunked + body + b"\r\n", "close"),
            "no-last-line": (chunked + body + b"\r\n0\r\n", "close"),
            "silent": (head(len(body) + 1) + body, "silent"),
            "varying": (head(len(body)) + body[: {1: 700, 2: 1100}.get(n, 500)], "close"),
            "healed": (head(len(body)) + (body if n > 1 else body[:700]), "close" if n == 1 else "stay"),
            "head-only": (head(len(body)), "close"),
            "moved": (head(50, "text/html", "301 Moved", "Location: /landed") + b"<html>mo", "close"),
            "absent": (head(500, "text/html", "404 Not Found") + b"<h1>Not found</h1>", "close"),
            "large": (head(30000) + page(name, "<p>more words</p>" * 2000)[:30000], "stay"),
            "pictures": (head(0).replace(b"Content-Length: 0\r\n", b"Connection: close\r\n") + page(name, "<figure><img src='/a.jpg' width=900><figcaption>The bridge</figcaption></figure>"), "close"),
            "a.jpg": (head(5000, "image/jpeg") + b"\xff\xd8\xff\xe0" + b"x" * 900, "close"),
            "feed": (
                head(9000, "application/rss+xml") + b"<rss version='2.0'><channel><item><title>a</title><link>http://127.0.0.1:"
                + f"{self.port}/fine</link></item><item><title>b</ti".encode(), "close"),
        }  # fmt: skip
        return answers.get(name, (head(len(body)) + body, "stay"))


async def test_cut_answers_are_read_and_told_and_the_same_after_a_rebuild(scrapy: Any) -> None:
    async with CutServer().running() as server:
        names = "length no-last-chunk no-last-line silent varying healed head-only moved absent large pictures feed private".split()  # noqa: SIM905
        values = SETTINGS | {"ARCHIVE_ALLOW_ADDRESSES": f"127.0.0.1:{server.port}"}
        words = [w for name, value in values.items() for w in ("-s", f"{name}={value}")]
        seeds = ",".join(f"http://127.0.0.1:{server.port}/{name}" for name in names)
        done = await asyncio.to_thread(scrapy, "crawl", "web", "-a", f"seeds={seeds}", *words, exits=None)
        hits = server.hits
    assert done.returncode == 10, done.stdout
    index = scrapy.archives / "web" / "index.db"
    with closing(sqlite3.connect(index)) as db:
        rows = {url.rpartition("/")[2]: (state, reason) for url, state, reason in db.execute("SELECT url, state, reason FROM frontier")}
        texts = {
            url.rpartition("/")[2]: (body or "", problems)
            for url, body, problems in db.execute("SELECT c.url, v.body, v.problems FROM versions v JOIN captures c ON c.id = v.capture_id")
        }
        tied = db.execute("SELECT truncated FROM images i JOIN captures c ON c.id = i.capture_id").fetchall()
    alike = {"length", "no-last-chunk", "no-last-line", "silent", "a.jpg", "feed"}
    assert {name: rows[name] for name in alike} == {name: ("done", "timeout" if name == "silent" else "disconnect") for name in alike}
    assert rows["private"] == ("refused", "robots")
    assert rows["fine"] == ("done", None), "named by a feed that was cut off"
    assert (rows["moved"], rows["absent"], rows["healed"]) == (("done", None), ("done", "status"), ("done", None))
    failed = {name: rows[name] for name in ("varying", "large", "head-only")}
    assert failed == {"varying": ("failed", "disconnect"), "large": ("failed", "too-large"), "head-only": ("failed", "disconnect")}
    assert {"/length": 2, "/silent": 2, "/varying": 3, "/head-only": 3, "/large": 1, "/healed": 2, "/robots.txt": 2}.items() <= hits.items()
    marked = {name for name, (_, problems) in texts.items() if READ_FROM_CUT in problems}
    assert marked == {"length", "no-last-chunk", "no-last-line", "silent", "varying", "large"}
    assert "head-only" not in texts
    assert texts["length"][0].count("Paragraph") == 12
    assert texts["varying"][0] == page("varying")[:1100].decode().replace("</p>", "").partition("<p>")[2].replace("<p>", "\n")
    assert texts["healed"][1] == "[]"
    assert tied == [("disconnect",)]
    assert "6 x answer cut off alike in every attempt" in done.stdout
    assert "6 x page read from an answer or a compressed stream that was cut off" in done.stdout
    assert "varying (disconnect: 500 of" in done.stdout
    assert "0 captured but unreadable" in done.stdout
    # Behind each command the tests compare every table with what the WARCs alone give.
    await asyncio.to_thread(scrapy, "reindex", "web", exits=None)
    with closing(sqlite3.connect(index)) as db:
        assert db.execute("SELECT count(*) FROM versions WHERE problems LIKE '%read-from-cut-answer%'").fetchone()[0] == 6
