"""Which stories are asked for on a second mirror, on which, and what becomes of the answers."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from index_makers import article
from invariants import check
from outcomes import made as outcome
from runs import NOW, opened_run
from scrapy.settings import Settings
from stands import Scrapy
from targets import made
from warcio.archiveiterator import ArchiveIterator

from crawler.crawl.run import Run
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.hosts.comparison import MirrorComparison
from crawler.hosts.policy import RetryPolicy
from crawler.index.rows import iso
from crawler.items import Capture, FrontierRequest, LeasedRequest, Mirror, Target
from crawler.sites.site import Site

HOSTS = ("one.example", "two.example", "three.example")
PAPER = Site(
    name="paper", title="Paper", language="en", stories=(r"^/story-(?P<id>\d+)$",), seeds=(), templates=(),
    mirrors=(
        *(Mirror(host=host, scheme="http") for host in HOSTS), Mirror(host="alias.example", scheme="http", alias=True),
        Mirror(host="fr.example", scheme="http", language="fr"),
    ),
)  # fmt: skip


def request(n: int) -> FrontierRequest:
    target = Target(key=f"paper/{n}", url=f"http://one.example/story-{n}", site="paper", role="story", story=f"paper/{n}", language="en")
    return FrontierRequest(target=target, priority=40)


def answered(run: Run, lease: LeasedRequest, host: str, **more: Any) -> Any:
    shot = made(Capture, {
        "record_id": f"urn:{lease.key}", "url": lease.url, "host": host, "date": run.clock(), "site": "paper", "role": "story",
        "key": lease.key, "story": lease.story, "warc": "w", "offset": 0, "length": 1, "status": 200, "language": "en",
    })  # fmt: skip
    return outcome(lease, shot, article=article(), **more)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with closing(opened(tmp_path, ARCHIVE_COMPARE_SHARE=1.0)) as made_run:
        yield made_run


def opened(path: Path, mirrors: tuple[str, ...] = (), **values: Any) -> Run:
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.update({"ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0} | values)
    run = opened_run(settings, site=PAPER, path=path / "paper", arguments=CrawlArguments(mirrors=mirrors), texts={})
    assert run.completion.compare is not None
    # Each story was answered once, was never compared, and shows a version.
    run.completion.compare.rows = lambda sql, values: [(1, 0)] if "count" in sql else [(None,)] if "max" in sql else [(1,)]
    return run


def finish_one(run: Run, n: int) -> None:
    """Ask for a story on its first mirror, and have it answered."""
    run.frontier.add([request(n)])
    lease = run.dispatcher.lease()
    while lease is not None and lease.target.is_comparison:
        lease = run.dispatcher.lease()
    assert lease is not None
    assert lease.key == f"paper/{n}"
    run.completion.finish(answered(run, lease, "one.example"))


def compared_keys(run: Run, n: int) -> list[str]:
    return [host for host in (*HOSTS, "alias.example", "fr.example") if run.frontier.has(f"paper/{n}@{host}")]


async def test_so_many_stories_are_compared_as_the_settings_say(tmp_path: Path) -> None:
    for share, per_run, begun, put_off in ((1.0, 2, 2, 1), (1.0, 9, 3, 0), (0.0, 9, 0, 0)):
        with closing(opened(tmp_path / f"{share}-{per_run}", ARCHIVE_COMPARE_SHARE=share, ARCHIVE_COMPARE_PER_RUN=per_run)) as run:
            for n in range(3):
                finish_one(run, n)
            assert (run.stats.comparisons["asked"], run.stats.comparisons["put off"]) == (begun, put_off)


def turns(share: float, answers: int, stories: int = 400) -> dict[str, list[str]]:
    """The mirrors with which each of some stories is compared, answer for answer; empty where it is not."""
    asked: Counter[str] = Counter()
    before: dict[str, int] = {}

    def rows(sql: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
        story = values[0]
        return [(asked[story], before.get(story, 0))] if "count" in sql else [("then" if story in before else None,)]

    class Healthy:
        def __getattr__(self, name: str) -> Any:
            return lambda *_, **__: {"state": "well", "pause": 0.0, "waits_until": None}[name]

    healthy = Healthy()
    health: Any = type("Health", (), {"mirrors": healthy, "waits_until": healthy.waits_until})()
    compare = MirrorComparison(site=PAPER, health=health, frontier=None, rows=rows, clock=lambda: NOW, share=share)  # type: ignore[arg-type]
    told: dict[str, list[str]] = {}
    for _ in range(answers):
        for story in (f"paper/{n}" for n in range(stories)):
            asked[story] += 1
            second = compare._second(story, ["two.example", "three.example"], "@")
            told.setdefault(story, []).append(second or "")
            if second:
                before[story] = asked[story]
    return told


def test_each_story_and_each_mirror_has_its_turn() -> None:
    told = turns(0.05, 40)
    assert {sum(map(bool, one)) for one in told.values()} == {2}
    assert all({*one} == {"", "two.example", "three.example"} for one in told.values())
    at_a_time = [sum(bool(one[n]) for one in told.values()) / len(told) for n in range(40)]
    assert all(0.01 < share < 0.1 for share in at_a_time)


def test_all_and_none() -> None:
    assert all(map(all, turns(1.0, 3, 20).values()))
    assert not any(map(any, turns(0.0, 3, 20).values()))


async def test_the_second_mirror_is_of_its_language_and_no_alias(run: Run) -> None:
    run.policy.retry = RetryPolicy(leases_per_host=100)
    for n in range(8):
        finish_one(run, n)
    seconds = [compared_keys(run, n) for n in range(8)]
    assert all(len(one) == 1 for one in seconds)
    assert {one[0] for one in seconds} == {"two.example", "three.example"}


async def test_a_story_that_a_page_in_another_language_led_to_is_compared_too(run: Run) -> None:
    found = request(1)
    run.frontier.add([evolve(found, target=evolve(found.target, language="fr", url="http://fr.example/story-1"))])
    lease = run.dispatcher.lease()
    assert lease is not None
    run.completion.finish(outcome(lease, None, reason="timeout"))
    lease = run.dispatcher.lease()
    assert lease is not None
    assert lease.url == "http://one.example/story-1"
    run.completion.finish(answered(run, lease, "one.example"))
    assert len(compared_keys(run, 1)) == 1


async def test_a_mirror_that_is_not_well_is_not_asked(run: Run) -> None:
    for host, reason in (("two.example", "seized"), ("three.example", "connect")):
        run.policy.health.report_mirror(host, reason, status=None, now=run.clock())
    finish_one(run, 1)
    assert compared_keys(run, 1) == []
    assert run.stats.comparisons == {}


async def test_a_mirror_that_fell_ill_meanwhile_is_left_alone(run: Run) -> None:
    finish_one(run, 1)
    (second,) = compared_keys(run, 1)
    run.policy.health.report_mirror(second, "seized", status=None, now=run.clock())
    assert run.dispatcher.lease() is None
    row = run.frontier.row(f"paper/1@{second}")
    assert row is not None
    assert (row.state, row.due <= iso(run.clock())) == ("failed", True)


async def test_named_mirrors_are_the_only_ones(tmp_path: Path) -> None:
    with closing(opened(tmp_path, mirrors=("one.example", "three.example"), ARCHIVE_COMPARE_SHARE=1.0)) as run:
        finish_one(run, 1)
        assert compared_keys(run, 1) == ["three.example"]


async def test_the_story_is_counted_once_and_its_row_stands(run: Run) -> None:
    finish_one(run, 1)
    lease = run.dispatcher.lease()
    assert lease is not None
    assert lease.target.is_comparison
    assert run.stats.leased_stories == 1
    run.completion.finish(outcome(lease, None, reason="timeout"))
    row, pinned = run.frontier.row("paper/1"), run.frontier.row(lease.key)
    assert row is not None
    assert pinned is not None
    assert (row.state, pinned.state, pinned.due) == ("done", "failed", "")
    assert run.dispatcher.lease() is None, "it is asked once"
    assert run.stats.comparisons == {"asked": 1, "unanswered": 1}
    assert run.stats.templates.total() == 1


async def test_a_second_mirror_is_not_asked_by_a_later_run(tmp_path: Path) -> None:
    with closing(opened(tmp_path, ARCHIVE_COMPARE_SHARE=1.0)) as run:
        finish_one(run, 1)
        (second,) = compared_keys(run, 1)
    with closing(opened(tmp_path, ARCHIVE_COMPARE_SHARE=1.0)) as run:
        row = run.frontier.row(f"paper/1@{second}")
        assert row is not None
        assert (row.state, row.reason) == ("failed", "limit")
        assert run.dispatcher.lease() is None


async def test_a_list_is_asked_for_on_a_second_mirror_too(run: Run) -> None:
    target = Target(key="paper:en:/news", url="http://one.example/news", site="paper", role="section", language="en")
    run.frontier.add([FrontierRequest(target=target, priority=60)])
    lease = run.dispatcher.lease()
    assert lease is not None
    shot = made(Capture, {
        "record_id": "urn:list", "url": lease.url, "host": "one.example", "date": run.clock(), "site": "paper", "role": "section",
        "key": lease.key, "warc": "w", "offset": 0, "length": 1, "status": 200, "language": "en",
    })  # fmt: skip
    run.completion.finish(outcome(lease, shot))
    second = run.dispatcher.lease()
    assert second is not None
    assert (second.target.is_comparison, second.key) == (True, f"paper:en:/news {second.url.split('/')[2]}")
    assert run.stats.comparisons == {"lists": 1}
    run.completion.finish(outcome(second, None, reason="timeout"))
    assert run.dispatcher.lease() is None


# -- a whole crawl

SITE = """
from crawler import Feed, Mirror, Order, Ordered, Site, Template, css

TEXT = Ordered(
    Order(headline=("h1",), body=("article p",), dates=("time",), closing=r"^no such line$", ends=r"^no such line$", story_link=r"/story-",
          related="//nav[@id='none']")
)
SITE = Site(
    name="paper", title="Paper", language="en",
    mirrors=(Mirror(host="one.example", scheme="http"), Mirror(host="two.example", scheme="http")),
    stories=(r"^/story-(?P<id>\\d+)$",), seeds=(Feed("/feed.xml"),),
    templates=(
        Template(name="story", mark=css("h1"), headline=TEXT.headline(), blocks=TEXT.blocks(), images=TEXT.images(), published=css("time")),
    ),
)
"""
LINE = "<p>The harbour wall was mended on Monday, after a storm had taken eleven metres of it away into the sea.</p>"
EQUAL, DIFFERENT, MISSING, EDITED, KEPT = range(1, 6)
"""What becomes of the stories; KEPT is lacking on the first mirror."""


class Paper:
    """Two mirrors on loopback that agree on some stories."""

    def __init__(self) -> None:
        self.asked: Counter[tuple[str, str]] = Counter()
        paper = self

        class Desk(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, kind, text = paper.answer(self.headers["Host"].partition(":")[0], self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, host: str, path: str) -> tuple[int, str, str]:
        self.asked[host, path] += 1
        if path == "/feed.xml":
            items = "".join(f"<item><title>Story {n}</title><link>http://one.example/story-{n}</link></item>" for n in range(1, 6))
            return 200, "application/rss+xml", f'<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'
        number = int(path.removeprefix("/story-")) if path.startswith("/story-") else 0
        if not number or (host, number) in (("two.example", MISSING), ("one.example", KEPT)):
            return 404, "text/html", "<h1>Not found</h1>"
        text = LINE.replace("eleven", "twelve") if (host, number) == ("two.example", DIFFERENT) else LINE
        edited = number == EDITED and self.asked["two.example", path] > 0
        return 200, "text/html", f"<html lang=en><title>x</title><article><h1>Story {number}{' corrected' * edited}</h1>{text * 4}</article></html>"


@pytest.fixture
def paper() -> Iterator[Paper]:
    made_paper = Paper()
    yield made_paper
    made_paper.server.shutdown()
    made_paper.server.server_close()


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{path / 'index.db'}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


def test_two_mirrors(scrapy: Scrapy, paper: Paper, tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "paper.py").write_text(SITE)
    values = {
        "ARCHIVE_SITES": tmp_path / "sites", "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{paper.server.server_address[1]}", "DOWNLOAD_DELAY": 0,
        "ARCHIVE_RETRY_DELAY": 0.1, "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_COMPARE_SHARE": 1.0,
    }  # fmt: skip
    words = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
    report = tmp_path / "report.json"
    done = scrapy("crawl", "paper", "--report-json", str(report), *words)
    path, stats = scrapy.archives / "paper", json.loads(report.read_text())["stats"]
    assert stats["comparisons"] == {"asked": 5, "equal": 2, "different": 1, "missing": 2, "edited": 1}
    assert stats["stories"] == {"new": 5, "changed": 1, "gone": 0}
    assert "5 stories compared: 2 equal, 1 different, 2 missing" in done.stdout
    found = rows(path, "SELECT story_id, kind, host, other_host, ended FROM divergences ORDER BY story_id")
    assert found == [
        ("paper/2", "different", "two.example", "one.example", None), ("paper/3", "missing", "two.example", "one.example", None),
        ("paper/5", "missing", "one.example", "two.example", None),
    ]  # fmt: skip
    assert rows(path, "SELECT DISTINCT state FROM stories") == [("live",)]
    # The edit between the requests is a version, and no divergence.
    assert rows(path, "SELECT id, versions FROM stories WHERE versions > 1 ORDER BY 1") == [("paper/2", 2), ("paper/4", 2)]
    assert max(paper.asked.values()) <= 2
    # The equal payload of the other mirror is a revisit of the first one's.
    revisits = rows(path, "SELECT url, refers_to_url FROM captures WHERE key = 'paper/1@two.example'")
    assert revisits == [("http://two.example/story-1", "http://one.example/story-1")]
    (file,) = (path / "archive").glob("*.warc.gz")
    with file.open("rb") as stream:
        by_warcio = [
            (one.rec_headers["WARC-Target-URI"], one.rec_headers["WARC-Refers-To-Target-URI"])
            for one in ArchiveIterator(stream) if one.rec_type == "revisit" and one.rec_headers["WARC-Target-URI"].endswith("/story-1")
        ]  # fmt: skip
    assert by_warcio == revisits
    # A day later nothing is due; with recheck=yes each story is asked for once more, and compared.
    again = scrapy("crawl", "paper", "-a", "recheck=yes", "--report-json", str(report), *words)
    stats = json.loads(report.read_text())["stats"]
    assert stats["stories"] == {"unchanged": 5, "gone": 0}
    assert stats["comparisons"]["asked"] == 5
    assert "COMPLETE" in again.stdout
    assert [row[1] for row in rows(path, "SELECT story_id, sightings > 1 FROM divergences ORDER BY story_id")] == [1, 1, 1]
    check(path, command="crawl", code=0, settings={name: str(value) for name, value in values.items()})
    told = scrapy("versions", "2", "-c", "paper", "--mirrors").stdout
    assert "Divergence (different): two.example says something else than one.example" in told
    assert "body: " in told
    assert "no such story" in scrapy("versions", "3", "-c", "paper", "--mirrors").stdout
    document = json.loads(scrapy("versions", "2", "-c", "paper", "--mirrors", "--json").stdout)
    assert [one["fields"] for one in document["divergences"]] == [["body"]]
    assert {one["host"]: one["version"] for one in document["mirrors"]} == {"one.example": 1, "two.example": 2}
