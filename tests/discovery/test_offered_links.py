"""The memory of links offered: with it or without, a run queues the same rows, counts the same, and looks far less up."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from exchange_makers import START

from crawler.discovery import offered_links
from crawler.discovery.offered_links import NEVER, OF_RUN, OfferedLinks
from crawler.discovery.site_discovery import SiteDiscovery
from crawler.discovery.web_discovery import WebDiscovery, WebState
from crawler.frontier.changes import reopen
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.frontier.store import SqliteFrontier
from crawler.frontier_reads.known_pages import KnownPages
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.items import Capture, FrontierRequest, LeasedRequest, Link, LinkList, Listing, Omissions, Target, Unparsed
from crawler.scope.crawl_scope import CrawlScope, ScopeLimits
from crawler.sites.known import WEB
from crawler.sites.site import Mirror, Site

SEEDS = ("http://a.example/",)
ADDRESSES = [
    *(f"http://a.example/{n}" for n in range(30)), *(f"http://a.example/%7E{n}" for n in range(3)), *(f"http://a.example/~{n}" for n in range(3)),
    *(f"http://{host}.example/{n}" for host in ("b", "c") for n in range(6)), "http://a.example/x/x/x/x/x", f"http://a.example/{'y' * 3000}",
    *(f"http://a.example/s?sid={n}" for n in range(4)), "http://a.example/s",
]  # fmt: skip


class AllLinks(OfferedLinks):
    """Leaves out nothing: every link is looked up, as if it were new."""

    def others(self, links: Iterable[Link], **_: Any) -> list[Link]:  # type: ignore[override]
        return list(links)


class EveryRequest(WebDiscovery):
    """Hands on every request, and leaves it to the frontier whether it changes anything."""

    def _changes(self, *_: Any) -> bool:
        return True


class Run:
    """Some runs on one collection, each step drawn from a seed."""

    def __init__(self, folder: Path, seed: int, memory: Callable[[], OfferedLinks]) -> None:
        folder.mkdir()
        self.draw, self.now, self.memory = random.Random(seed), START, memory
        self.index = Index.open(folder / "index.db")
        self.changes: list[Any] = []
        self.told: list[Any] = []
        self.looked_up = 0

    def begin(self) -> None:
        """Begin a run; what the one before left is taken up."""
        self.commit()
        draw = self.draw
        self.run = self.index.start_run("web", {}, self.now)
        with self.index.atomic():
            reopen(self.index.conn, run_id=self.run, now=self.now, due=draw.random() < 0.5)
        self.frontier = SqliteFrontier(
            self.index.path, submit=lambda *some: self.changes.append(some), run_id=self.run, clock=lambda: self.now
        )
        self.omitted, limits = Omissions(), ScopeLimits(pages_per_host=20, queries_per_path=2)
        arguments = CrawlArguments(
            seeds=SEEDS, scope=draw.choice(["host", "host", "domain", "page"]), depth=draw.choice([None, 1, 2, 3]),  # type: ignore[arg-type]
            recheck=draw.choice([None, None, True, False]), requisites="none",
        )  # fmt: skip
        state = WebState(
            frontier=self.frontier, known=KnownPages(self.index.path), omitted=self.omitted, came_before=lambda row, capture: False,
            run_id=self.run, started=iso(self.now), now=lambda: iso(self.now),
        )  # fmt: skip
        self.scope = CrawlScope(limits=limits, omitted=self.omitted)
        pictures = SiteDiscovery(site=WEB, arguments=arguments, today=self.now.date(), scope=self.scope, omitted=self.omitted)
        kind = EveryRequest if self.memory is AllLinks else WebDiscovery
        self.discovery = kind(arguments=arguments, state=state, pictures=pictures)
        self.discovery._offered, self.discovery._outside = self.memory(), self.memory()
        self.frontier.add(self.discovery.seeds())

    def commit(self) -> None:
        with self.index.atomic():
            for change, _ in self.changes:
                change(self.index.conn)
        for _, committed in self.changes:
            committed()
        self.changes = []

    def step(self) -> None:
        """Answer one request: its links are queued, its row ends or waits for another attempt."""
        draw = self.draw
        self.now += timedelta(seconds=draw.choice([1, 60, 90_000]))
        row = next(iter(list(self.frontier.queued())), None)
        if row is None:
            return
        leased = self.frontier.lease(row, "a.example")
        links = [Link(url=draw.choice(ADDRESSES), listing=draw.random() < 0.05) for _ in range(draw.randrange(25))]
        links = list({link.url: link for link in links}.values())
        if draw.random() < 0.8:
            self.queue(leased, links, run_id=draw.choice([None] * 9 + [self.run - 1]) or None)
        if draw.random() < 0.8:
            due = draw.choice(["", iso(self.now + timedelta(minutes=2)), iso(self.now + timedelta(days=2))])
            self.frontier.settle(row.key, draw.choice(["done", "done", "failed", "refused"]), due=due, validates="urn:uuid:0")  # type: ignore[arg-type]
        elif draw.random() < 0.5:
            self.frontier.settle(row.key, "queued", due=iso(self.now + timedelta(minutes=3)))
        if draw.random() < 0.4:
            self.commit()

    def queue(self, row: FrontierRow, links: list[Link], run_id: int | None) -> None:
        target = Target(key=row.key, url=row.url, site="web", role=row.role, depth=row.depth, found_on=row.found_on)
        status = self.draw.choice([200, 200, 200, 304])
        at = self.draw.choice([target.url] * 9 + ["http://b.example/"]) if row.depth == 0 else target.url
        capture = Capture(
            target=target.at(at), record_id=f"urn:uuid:{row.key}", host="a.example", date=self.now, warc="w", offset=0, length=1,
            status=status, payload_digest=f"sha1:{self.draw.randrange(40)}", revisit_of=self.draw.choice([None, "urn:uuid:0"]),
        )  # fmt: skip
        lease = LeasedRequest(target=target)
        kind = self.draw.choice([None, "urlset", "index"])
        outcome = (
            Listing(lease=lease, capture=capture, links=tuple(links), kind=kind)
            if kind
            else Unparsed(lease=lease, capture=capture, links=tuple(links))
        )
        asked = self.frontier.rows
        self.frontier.rows = lambda keys: asked([key for key in keys if self._count()])  # type: ignore[method-assign]
        requests = [request for request in self.discovery.found(outcome, run_id=run_id) if request is not None]
        self.frontier.rows = asked  # type: ignore[method-assign]
        self.frontier.add(requests, run_id=run_id)

    def _count(self) -> bool:
        self.looked_up += 1
        return True

    def end(self) -> None:
        """Note what stands: counts and rows, but for the record ids, which are drawn."""
        self.commit()
        self.told.append((self.omitted.document(), dict(self.scope.hit), dict(self.scope._pages)))
        self.index.conn.row_factory = sqlite3.Row
        rows = [dict(row) | {"record_id": None} for row in self.index.conn.execute("SELECT * FROM frontier ORDER BY key")]
        self.told.append([{name: value for name, value in row.items() if name != "changed"} for row in rows])


def play(runs: Sequence[Run]) -> None:
    """Play each run three times over, to the end."""
    for run in runs:
        for _ in range(3):
            run.begin()
            for _ in range(40):
                run.step()
            run.end()


@pytest.mark.parametrize("remembered", [3, 8192])
@pytest.mark.parametrize("seed", range(16))
def test_what_is_remembered_changes_no_row_and_no_count(
    tmp_path: Path, seed: int, remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offered_links, "REMEMBERED", remembered)
    runs = [Run(tmp_path / memory.__name__, seed, memory) for memory in (OfferedLinks, AllLinks)]
    play(runs)
    assert runs[0].told == runs[1].told


PAPER = Site(
    name="paper", title="Paper", language="en", mirrors=(Mirror(host="a.example", scheme="http"),), stories=(r"^/(?P<id>[1-9]\d*)$",),
    never=(r"^/9",),
)  # fmt: skip


class PaperRun(Run):
    """The same on a site with stories."""

    def begin(self) -> None:
        """Begin a run, with or without dates."""
        super().begin()
        since = self.draw.choice([None, None, date(2026, 11, 1)])
        self.papers = SiteDiscovery(
            site=PAPER, arguments=CrawlArguments(since=since, requisites="none"), today=self.now.date(), omitted=self.omitted, followed=self.memory(),
            passed=self.memory(), published=lambda story: date(2026, 10, 1) if int(story[6:]) % 5 == 0 and self.draw.random() < 0.5 else None,
        )  # fmt: skip
        self.frontier.add([FrontierRequest(target=self.target(1, found_on="http://a.example/"), priority=40)])

    def target(self, number: int, **more: Any) -> Target:
        return Target(key=f"paper/{number}", url=f"http://a.example/{number}", site="paper", role="story", story=f"paper/{number}", **more)

    def queue(self, row: FrontierRow, links: list[Link], run_id: int | None) -> None:
        if row.site != "paper":
            return
        lease = LeasedRequest(target=self.target(int(row.key[6:]), found_on=self.draw.choice(["http://a.example/", "http://a.example/2"])))
        capture = Capture(target=lease.target, record_id=row.key, host="a.example", date=self.now, warc="w", offset=0, length=1, status=200)
        self.frontier.add(self.papers.found(Unparsed(lease=lease, capture=capture, links=tuple(links)), run_id=run_id), run_id=run_id)

    def end(self) -> None:
        """Note also the stories that were passed over."""
        super().end()
        self.told.append(self.papers.unfollowed)


@pytest.mark.parametrize("seed", range(12))
def test_links_from_story_to_story_are_remembered_likewise(tmp_path: Path, seed: int) -> None:
    runs = [PaperRun(tmp_path / memory.__name__, seed, memory) for memory in (OfferedLinks, AllLinks)]
    play(runs)
    assert runs[0].told == runs[1].told
    assert any("paper/2" in str(told) for told in runs[0].told)


def test_the_menu_of_a_site_is_looked_up_once(tmp_path: Path) -> None:
    run = Run(tmp_path / "one", 1, OfferedLinks)
    run.begin()
    run.discovery.arguments = CrawlArguments(seeds=SEEDS)
    menu = [Link(url=f"http://a.example/{n}") for n in range(15)]
    for n in range(15):
        row = next(iter(list(run.frontier.queued())))
        leased = run.frontier.lease(row, "a.example")
        run.queue(leased, [*menu, Link(url=f"http://a.example/news/{n % 3}")], None)
        run.frontier.settle(row.key, "done")
    assert run.looked_up < 60, "15 links of the menu, a new one a page, whatever became of them"


def test_links_as_a_worker_sends_them_are_passed_over_alike() -> None:
    until = ["", OF_RUN, NEVER, "2025", "2027"]
    for seed in range(40):
        draw, memories = random.Random(seed), (OfferedLinks(), OfferedLinks())
        for n in range(60):
            depth, word = draw.randrange(4), draw.choice(until)
            for memory in memories:
                memory.put(f"http://a.example/{n}", depth, word)
                if n == 30:
                    memory._new, memory._old = {}, memory._new
        links = tuple(Link(url=f"http://a.example/{draw.randrange(80)}", text=str(n)) for n in range(90))
        sent = LinkList(b"", [(link.url, link.text) for link in links])
        depth, again = draw.randrange(4), draw.random() < 0.5
        assert memories[0].others(links, depth=depth, now="2026", again=again) == memories[1].others(
            sent, depth=depth, now="2026", again=again
        )
        assert memories[0] == memories[1]


def test_the_memory_is_bounded_and_keeps_what_is_met_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offered_links, "REMEMBERED", 10)
    memory, menu = OfferedLinks(), [Link(url="http://a.example/menu")]
    memory.put("http://a.example/menu", 1)
    for n in range(100):
        memory.put(f"http://a.example/{n}", 1)
        assert memory.others(menu, depth=1, now="2026", again=False) == []
    assert len(memory._new) + len(memory._old) <= 21
    assert memory.others([Link(url="http://a.example/0")], depth=1, now="2026", again=False)
