"""The embedded newspaper: it answers, breaks down where it should, lists all it has, and dies with its starter."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.demo import Newspaper, start
from crawler.demo.pages import COPY, COUNTER, FRENCH, PICTURES
from crawler.demo.server import ANSWERS, FAILING, HEALTHY, SEIZED
from crawler.demo.site import NewspaperSite
from crawler.demo.stories import EDITED, RENAMED, WITHDRAWN, stories
from crawler.parsers.classify.classify import Answer, Expectation, classify
from crawler.parsers.document.page import Page
from crawler.parsers.links.page_links import page_links
from crawler.parsers.listings.feeds import read_feed
from crawler.parsers.listings.sitemaps import read_sitemap

ROOT = Path(__file__).parents[2]
BROKEN = (http.client.IncompleteRead, http.client.BadStatusLine, ConnectionError)


@pytest.fixture(scope="module")
def paper():
    with start() as running:
        yield running


def ask(paper: Newspaper, host: str, path: str, method: str = "GET", **headers: str):
    connection = http.client.HTTPConnection("127.0.0.1", paper.ports[host], timeout=5)
    try:
        connection.request(method, path, headers={"Host": host, "Accept-Encoding": "identity", **headers})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def test_connect_to_names_every_host(paper):
    pairs = dict(pair.split("=") for pair in paper.connect_to.split(","))
    assert set(pairs) == {f"{host}:*" for host in paper.hosts}
    assert len(set(pairs.values())) == len(paper.hosts)
    assert paper.stories == len(stories()) >= 16
    assert [mirror["host"] for mirror in paper.mirrors] == [FAILING, SEIZED, HEALTHY, COPY] == list(paper.hosts)[:4]


def test_text_is_gzipped_and_chunked_and_has_a_validator(paper):
    answer, body = ask(paper, HEALTHY, "/feed.xml", **{"Accept-Encoding": "gzip"})
    assert (answer.status, answer.headers["Transfer-Encoding"], answer.headers["Content-Encoding"]) == (200, "chunked", "gzip")
    _, plain = ask(paper, HEALTHY, "/feed.xml")
    assert gzip.decompress(body) == plain
    again, nothing = ask(paper, HEALTHY, "/feed.xml", **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status, nothing) == (304, b"")
    assert ask(paper, HEALTHY, "/", method="HEAD")[1] == b""


def test_one_connection_serves_many(paper):
    connection = http.client.HTTPConnection("127.0.0.1", paper.ports[HEALTHY], timeout=5)
    for path in ("/robots.txt", "/nowhere", "/"):
        connection.request("GET", path, headers={"Host": HEALTHY})
        assert connection.getresponse().read()
    connection.close()


def test_redirect_missing_pages_and_other_hosts(paper):
    answer, _ = ask(paper, HEALTHY, "/story.cgi?id=1005")
    assert (answer.status, answer.headers["Location"]) == (301, stories()["1005"].path)
    assert ask(paper, HEALTHY, f"/2009/06/02/{WITHDRAWN}/hotel-plants-hedge")[0].status == 404
    assert ask(paper, HEALTHY, "/", Host="elsewhere.example")[0].status == 404
    assert ask(paper, FRENCH, stories()["1022"].path)[0].status == 404


def test_pictures_are_pictures(paper):
    for path, start_of, mime in (
        ("/pictures/lamps.png", b"\x89PNG", "image/png"),
        ("/pictures/kestrel-quay.jpg", b"\xff\xd8", "image/jpeg"),
    ):
        answer, body = ask(paper, PICTURES, path)
        assert (answer.headers["Content-Type"], body[: len(start_of)]) == (mime, start_of)
    assert b"Ada Quill" in body, "IPTC by-line"


def test_the_seized_mirror_shows_its_banner_everywhere(paper):
    for kind, path in (("robots", "/robots.txt"), ("feed", "/feed.xml"), ("list", "/"), ("story", stories()["1022"].path)):
        _, body = ask(paper, SEIZED, path)
        page = Page.from_payload(url=f"http://{SEIZED}{path}", date=stories()["1022"].published, headers=(), payload=body)
        assert classify(Answer(page=page), Expectation(kind=kind)).reason == "seized"


def test_the_failing_mirror_fails_half_way(paper):
    for _ in range(ANSWERS):
        assert ask(paper, FAILING, "/feed.xml")[0].status == 200
    with pytest.raises(http.client.IncompleteRead) as cut:
        ask(paper, FAILING, "/feed.xml")
    assert cut.value.partial
    for _ in range(3):
        with pytest.raises(BROKEN):
            ask(paper, FAILING, "/feed.xml")


def test_feed_sitemap_and_fronts_lead_to_every_story():
    paper = NewspaperSite()
    found: set[str] = set()
    for host in ("www.courier.example", FRENCH):
        index = read_sitemap(paper.answer(host, "/sitemap.xml").body, f"http://{host}/sitemap.xml")
        assert [entry.url for entry in index.entries] == [f"http://{host}/sitemap-stories.xml"]
        sitemap = read_sitemap(paper.answer(host, "/sitemap-stories.xml").body, f"http://{host}/sitemap-stories.xml")
        assert sitemap.entries[0].news is not None
        found |= {number(entry.url) for entry in sitemap.entries}
        feed = read_feed(paper.answer(host, "/feed.xml").body, f"http://{host}/feed.xml")
        assert (feed.kind, feed.repeated, feed.problems) == ("rss", 1, ())
    assert found == {*paper.findable, WITHDRAWN}
    todo, seen, shown = ["/"], set(), set()
    while todo:
        path = todo.pop()
        seen.add(path)
        front = Page.from_text(
            f"http://www.courier.example{path}", stories()["1022"].published, paper.answer("www.courier.example", path).body.decode()
        )
        assert classify(Answer(page=front), Expectation(kind="list")).reason is None
        paths = [link.url.removeprefix("http://www.courier.example") for link in page_links(front)]
        todo += [p for p in paths if p.startswith("/section/") and p not in seen]
        shown |= {number(p) for p in paths if p.startswith("/2")}
    assert shown == set(paper.findable) - {"1015"}, "the French story is on the French front"


def test_every_story_page_passes_the_judge_unmarked():
    paper = NewspaperSite()
    for story in paper.stories.values():
        host = FRENCH if story.language == "fr" else HEALTHY
        page = Page.from_text(f"http://{host}{story.path}", story.published, paper.answer(host, story.path).body.decode())
        assert classify(Answer(page=page), Expectation(kind="story")).reason is None, story.number


def test_the_second_edition_differs_where_it_should():
    first, second = NewspaperSite(1), NewspaperSite(2)
    changed = {n for n in first.stories if first.stories[n] != second.stories[n]}
    assert changed == {EDITED, RENAMED}
    assert first.stories[RENAMED].pieces == second.stories[RENAMED].pieces
    assert second.answer(HEALTHY, first.stories[RENAMED].path).status == 200, "any slug will do"
    same = [n for n in first.stories if n not in changed and n not in {"1021", "1022", "1011", "1019"}]
    assert all(first.answer(HEALTHY, first.stories[n].path).body == second.answer(HEALTHY, second.stories[n].path).body for n in same)


def test_some_credits_stand_in_an_element_of_their_own():
    body = NewspaperSite().answer(HEALTHY, stories()["1021"].path).body.decode()
    assert '<span class="credit">Photograph: Ines Duarte/Ternpress</span>' in body
    assert "two of the three buckets. (Courier photo)</figcaption>" in body


def test_the_tracker_is_on_the_page_and_never_in_a_list():
    paper = NewspaperSite()
    body = paper.answer(HEALTHY, stories()["1022"].path).body.decode()
    assert COUNTER in body
    page = Page.from_text("http://courier.mirror.example/", stories()["1022"].published, body)
    assert not [link for link in page_links(page) if COUNTER in link.url]


@pytest.mark.parametrize("way", ["stdin", "signal"])
def test_the_process_ends_with_its_starter(way):
    command = [sys.executable, "-m", "crawler.demo.server", "--edition", "2"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    assert told["pid"] == process.pid
    waiting = socket.create_connection(("127.0.0.1", told["hosts"][HEALTHY]["port"]))
    process.send_signal(signal.SIGINT)
    waiting.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: %b\r\n\r\n" % HEALTHY.encode())
    assert waiting.recv(12) == b"HTTP/1.1 200", "Ctrl-C is for whoever started it"
    if way == "stdin":
        process.stdin.close()
        process.stdin = None
    else:
        process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=10)
    waiting.close()
    assert (process.returncode, err) == (0, b"")


def number(url: str) -> str:
    return url.rsplit("=", 1)[1] if "cgi" in url else url.removeprefix("http://").split("/")[4]
