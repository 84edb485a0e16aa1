"""Nothing of a lane that is lost is sent: no hop, no robots.txt, no picture of another host. It goes back, and counts against nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.settings import Settings
from work_sites import Office, Papers, office, until

from crawler.errors import LaneLost, Unreachable
from crawler.frontier.run_scope import RunScope
from crawler.http.handler import client_of
from crawler.items import LeasedRequest, Target
from crawler.items import request_meta as keys
from crawler.jobs.held import HeldLanes
from crawler.pacing.crowd import Crowd
from crawler.work.downloading import LaneHandler, SharedHosts

Answer = tuple[int, str, bytes]


class Losing:
    """An office whose worker loses its lanes just before an answer is sent."""

    def __init__(self, one: Office, clocks: Path) -> None:
        self.one, self.gone, self.at = one, clocks / "gone", ("", "")
        self._answer, one.papers.answer = one.papers.answer, self.answer  # type: ignore[method-assign]

    def answer(self, host: str, path: str) -> Answer:
        """As the papers answer; the clock is put forward before."""
        if (host, path) == self.at:
            self.gone.touch()
        if host == "h1.example" and path in ("/", "/story/1"):
            return 302, "text/html", b"http://far.example/there" if path != "/" else b"/moved"
        if path == "/moved":
            return 200, "text/html", b"<title>Moved</title><h1>Moved</h1><a href='/story/1'>A story of some length about it</a>"
        if host.startswith("far") and not path.endswith(".jpg"):
            return (404, "text/plain", b"none") if path == "/robots.txt" else (200, "text/html", b"<title>Far</title><h1>Far</h1><p>Here")
        return self._answer(host, path)

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [(host, path) for _, host, path in self.one.papers.asked]


STEPS = (
    ("paper0.example", "/robots.txt"),  # the site's first page is not asked for after it
    ("paper0.example", "/story/1"),  # nor is the robots.txt of its picture's host
    ("far-pictures.example", "/robots.txt"),  # nor the picture
    ("h1.example", "/"),  # nor a redirect's target on the same host
    ("h1.example", "/story/1"),  # nor the robots.txt of the host that a redirect leads to
    ("far.example", "/robots.txt"),  # nor the page there
)
NEXTS = (
    ("paper0.example", "/"), ("far-pictures.example", "/robots.txt"), ("far-pictures.example", "/1.jpg"), ("h1.example", "/moved"),
    ("far.example", "/robots.txt"), ("far.example", "/there"),
)  # fmt: skip


@pytest.mark.slow
def test_nothing_of_a_lost_lane_is_sent_and_it_goes_on_when_it_is_ours_again(tmp_path: Path) -> None:
    with office(tmp_path, sites=1, stories=1, picture_host="far-pictures.example") as one:
        lost = Losing(one, tmp_path)
        one.enqueue("paper0")
        lost.at = STEPS[0]
        worker = one.start("work", clocks=tmp_path)
        try:
            for n, (step, following) in enumerate(zip(STEPS, NEXTS, strict=True)):
                if n == 3:
                    assert one.run("enqueue", "--web", "http://h1.example/")[0] == 0
                lose_at(lost, step, following, later=(*STEPS, ("", ""))[n + 1])
            until(lambda: one.rows("SELECT sum(state != 'done') FROM frontier") == [(0,)], 90)
        finally:
            worker.terminate()
            _, err = worker.communicate(timeout=60)
        assert one.rows("SELECT count(*), max(attempts) FROM frontier") == [(5, 1)], err
        assert one.rows("SELECT count(*) FROM failures") == [(0,)], err
        assert "unexpected" not in err


def lose_at(lost: Losing, step: tuple[str, str], following: tuple[str, str], later: tuple[str, str]) -> None:
    """Lose all lanes as one answer is sent; nothing is asked for until they are held again."""
    until(lost.gone.exists, 90)
    until(lambda: lost.one.rows("SELECT count(*) FROM runs WHERE reason LIKE '%lane-lost%'") == [(STEPS.index(step) + 1,)], 90)
    assert lost.asked[-1] == step, f"asked for though no lane was held: {lost.asked[-1]}"
    assert lost.one.rows("SELECT count(*) FROM failures") == [(0,)]
    assert lost.one.rows("SELECT count(*) FROM frontier WHERE state = 'leased' OR state = 'queued' AND attempts > 0") == [(0,)]
    lost.at, seen = later, len(lost.asked)
    lost.gone.unlink()
    until(lambda: following in lost.asked[seen:], 90)


# -- the handler alone, at a clock of the test's


class Desk:
    """A handler over a real client, for a run whose lanes are held by a clock that stands still."""

    def __init__(self, papers: Papers, *lanes: str) -> None:
        self.now, self.rows, self.slots = 0.0, dict[str, Any](), dict[str, Any]()
        self.held = HeldLanes(clock=lambda: self.now)
        self.scope = RunScope.of_job("j", lanes=lanes, held=self.held)
        for lane in lanes:
            self.held.take(lane, token=1, deadline=10.0)
        LaneHandler.client = client_of(Settings({"ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{papers.port}"}))
        pace = SimpleNamespace(crowd=Crowd())
        run = SimpleNamespace(scope=self.scope, frontier=SimpleNamespace(leased=self.rows.get), dispatcher=SimpleNamespace(pace=pace))
        engine = SimpleNamespace(downloader=SimpleNamespace(slots=self.slots))
        self.handler = LaneHandler.from_crawler(SimpleNamespace(spider=SimpleNamespace(run=run), settings=Settings(), engine=engine))  # type: ignore[arg-type, assignment]

    def request(self, url: str, *, key: str = "", slot: str = "") -> Request:
        lease = LeasedRequest(target=Target(key=key or url, url=url, site="web", role="page"))
        return Request(url, meta={keys.LEASE: lease, keys.SLOT: slot})


@pytest.fixture
def papers() -> Iterator[Papers]:
    served = Papers()
    yield served
    served.close()


async def test_the_handler_asks_for_nothing_of_a_lane_past_its_deadline(papers: Papers) -> None:
    desk = Desk(papers, "h0.example", "h1.example")
    desk.rows["row of h0"] = SimpleNamespace(lane="h0.example")
    hop = desk.request("http://elsewhere.example/", key="row of h0")
    robots = desk.request("http://elsewhere.example/robots.txt")
    assert (await desk.handler.download_request(hop)).status == 200, "it belongs to the row that led there"
    assert (await desk.handler.download_request(robots)).status == 404, "to which a lane that is held leads"
    assert (await desk.handler.download_request(Request("http://h0.example/none"))).status == 404, "no row's: Scrapy's own"
    asked = len(papers.asked)
    desk.held.drop(["h0.example"])
    for lost in (hop, desk.request("http://h0.example/"), desk.request("http://h2.example/", key="row of h0")):
        with pytest.raises(LaneLost, match=r"h0\.example"):
            await desk.handler.download_request(lost)
    desk.now = 10.0
    for lost in (robots, desk.request("http://h1.example/robots.txt")):
        with pytest.raises(LaneLost):
            await desk.handler.download_request(lost)
    desk.scope.lanes.discard("h1.example")
    desk.scope.past.add("h1.example")
    desk.held.take("h0.example", token=2, deadline=20.0)
    with pytest.raises(LaneLost, match=r"h1\.example"):
        await desk.handler.download_request(desk.request("http://h1.example/"))
    assert len(papers.asked) == asked
    await LaneHandler.client.close()


async def test_a_host_of_no_lane_held_is_asked_in_the_turn_that_the_store_gives(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.work.downloading._AGAIN_SECONDS", 0.01)
    desk, taken = Desk(papers, "h0.example", "paper"), list[tuple[str, float]]()
    answers: list[float | Exception] = [0.0, 0.2, Unreachable("store", "away"), 0.0]

    def take_turn(host: str, seconds: float) -> float:
        taken.append((host, seconds))
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    desk.handler.shared_hosts = SharedHosts(take_turn, {"www.paper.example": "paper"})
    desk.slots["s"] = SimpleNamespace(delay=0.1, jitter=0.0)
    desk.rows["row"] = SimpleNamespace(lane="h0.example")

    async def ask(url: str) -> float:
        began = monotonic()
        assert (await desk.handler.download_request(desk.request(url, slot="s", key="row"))).status in (200, 404)
        return monotonic() - began

    await ask("http://h0.example/")
    await ask("http://www.paper.example/")
    assert taken == [], "hosts of lanes that are held"
    await ask("http://pictures.example/1.jpg")
    assert await ask("http://pictures.example/2.jpg") >= 0.2
    await ask("http://pictures.example/3.jpg")
    assert taken == [("pictures.example", 0.1 + 0.05)] * 4, "asked again while the store was away"
    answers.append(Unreachable("store", "away"))
    lost = asyncio.ensure_future(ask("http://pictures.example/4.jpg"))
    asked = len(papers.asked)
    desk.now = 10.0
    with pytest.raises(LaneLost, match=r"h0\.example"):
        await lost
    assert len(papers.asked) == asked
    await LaneHandler.client.close()


async def test_the_handler_looks_once_more_after_its_turn_has_come(papers: Papers) -> None:
    desk = Desk(papers, "h0.example")
    desk.slots["s"] = SimpleNamespace(delay=0.3, jitter=0.0)
    await desk.handler.download_request(desk.request("http://h0.example/", slot="s"))
    second = asyncio.ensure_future(desk.handler.download_request(desk.request("http://h0.example/story/1", slot="s")))
    await asyncio.sleep(0.1)
    desk.now = 11.0
    with pytest.raises(LaneLost):
        await second
    assert [path for _, _, path in papers.asked] == ["/"]
    assert desk.handler._turns == {}
    await desk.handler.close()
    await LaneHandler.client.close()
