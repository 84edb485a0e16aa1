"""The rules of a host's robots.txt: asked for once, recorded, filed; and what is done when they cannot be had."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field
from exchange_makers import exchange
from runs import runs

from crawler.crawl.run import Run
from crawler.errors import FetchFailed
from crawler.hosts.policy import RetryPolicy
from crawler.items import Headers, LeasedRequest, SpooledBytes
from crawler.middlewares.robots_rules import Fetched, RobotsOptions, RobotsRules
from crawler.processing.received import Received
from crawler.sites.known import WEB

OPTIONS = RobotsOptions(agent="crawler", max_delay=10.0, max_bytes=512 * 1024, max_rules=1000, max_age=3600.0)
RULES = b"User-agent: *\nDisallow: /private\nCrawl-delay: 30\nSitemap: /map.xml\n"
CUT = FetchFailed("disconnect", "closed early")


@define
class Server:
    """Answers to robots.txt, one after the other; each is recorded as the downloader would have it."""

    run: Run
    answers: list[tuple[int, bytes, FetchFailed | None] | Exception]
    asked: list[str] = field(factory=list)

    async def fetch(self, lease: LeasedRequest) -> Fetched:
        self.asked.append(lease.url)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        status, body, cut = answer
        head = b"HTTP/1.1 %d OK\r\nContent-Type: text/plain\r\n\r\n" % status
        made = exchange(
            len(self.asked), body, url=lease.url, response=SpooledBytes(head + body), head_length=len(head), status=status,
            headers=Headers((("Content-Type", "text/plain"),)), truncated="disconnect" if cut else None,
        )  # fmt: skip
        reason, detail = (cut.reason, cut.detail) if cut else (None, "")
        capture = await self.run.collection.record(made, lease, run_id=self.run.id, reason=reason, detail=detail)
        return Fetched(received=Received(lease, capture, made.headers, body), cut=cut)


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Run]:
    with runs(tmp_path / "web") as make:
        yield make(WEB, retry=RetryPolicy(retry_delay=0))


def rules_of(
    run: Run, *answers: tuple[int, bytes, FetchFailed | None] | Exception, slow: dict[str, float] | None = None
) -> tuple[Server, RobotsRules]:
    server = Server(run, list(answers))
    delays = {} if slow is None else slow
    return server, RobotsRules(run, OPTIONS, fetch=server.fetch, slow_down=lambda host, seconds: delays.update({host: seconds}))


async def refused(rules: RobotsRules, path: str) -> str:
    try:
        await rules.check(f"https://a.example{path}")
    except FetchFailed as error:
        return f"{error.reason}: {error.detail}"
    return ""


async def test_rules_are_asked_for_once_obeyed_and_told_to_those_who_need_them(run: Run) -> None:
    slow: dict[str, float] = {}
    told: list[Any] = []

    async def sitemaps(origin: str, found_at: str, lines: Iterable[str]) -> None:
        told.append((origin, found_at, list(lines)))

    run.on_sitemaps = sitemaps
    server, rules = rules_of(run, (200, RULES, None), slow=slow)
    said = await asyncio.gather(*(refused(rules, path) for path in ("/", "/private/x", "/other")))
    assert said == ["", "robots: disallowed by robots.txt", ""]
    assert server.asked == ["https://a.example/robots.txt"]
    assert slow == {"a.example": 10.0}
    assert (run.stats.delays, run.stats.clamped) == ({"a.example": 10.0}, {"a.example": 30.0})
    assert told == [("https://a.example", "https://a.example/robots.txt", ["/map.xml"])]
    with run.collection.reader() as index:
        assert [row["role"] for row in index.query("SELECT role FROM captures")] == ["robots"]


@pytest.mark.parametrize(
    ("answers", "says", "asked"),
    [
        ([(404, b"not here", None)], "", 1),
        ([(503, b"busy", None)], "status: robots.txt: 503", 1),
        ([FetchFailed("dns", "a.example: no address")], "dns: robots.txt: a.example: no address", 1),
        ([KeyError("planted")], "parser-fault: robots.txt: KeyError: 'planted'", 1),
        ([(200, RULES, CUT), (200, RULES, CUT)], "robots: disallowed by robots.txt", 2),
        ([(200, RULES, CUT), (200, RULES, None)], "robots: disallowed by robots.txt", 2),
        ([(200, RULES, CUT), (200, RULES[:-4], CUT)], "disconnect: robots.txt: closed early", 2),
        ([(200, RULES, FetchFailed("too-large", "over 9 bytes"))], "too-large: robots.txt: over 9 bytes", 1),
    ],
)
async def test_what_becomes_of_a_request_for_each_answer(run: Run, answers: list[Any], says: str, asked: int) -> None:
    server, rules = rules_of(run, *answers)
    assert await refused(rules, "/private/x") == says
    assert len(server.asked) == asked


async def test_a_robots_txt_that_could_not_be_had_is_asked_for_again_after_a_while(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    server, rules = rules_of(run, (503, b"busy", None), (200, RULES, None))
    assert await refused(rules, "/") != ""
    assert await refused(rules, "/") != ""
    monkeypatch.setattr("crawler.middlewares.robots_rules.AGAIN_SECONDS", -1.0)
    assert await refused(rules, "/") == ""
    assert len(server.asked) == 2


async def test_rules_beyond_the_limit_are_counted(run: Run) -> None:
    server = Server(run, [(200, RULES * 3, None)])
    rules = RobotsRules(run, evolve(OPTIONS, max_rules=1), fetch=server.fetch, slow_down=lambda host, seconds: None)
    assert await refused(rules, "/") == ""
    assert run.stats.limits["robots rules"] == 1
