"""What a run captured and did not live to settle is read by the next as it was read then."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from outcomes import read
from runs import opened_run
from scrapy.settings import Settings

from crawler.crawl.resume import read_left_over
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.items import READ_FROM_CUT, CutOff, FrontierRequest, LeasedRequest, SpooledBytes, Target
from crawler.processing.parse_again import Readers
from crawler.sites.known import WEB

sys.path.insert(0, str(Path(__file__).parents[1] / "durability"))

from bare_writer import exchange


@pytest.mark.parametrize(("status", "answer"), [(404, True), (410, True), (503, False)])
async def test_a_refusal_that_was_filed_and_not_settled_is_the_same_again(tmp_path: Path, status: int, answer: bool) -> None:
    settings = Settings({"ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0})
    settings.setmodule("crawler.settings", priority="default")
    run = opened_run(settings, site=WEB, path=tmp_path / "web", arguments=CrawlArguments(), texts={})
    run.frontier.add([FrontierRequest(target=Target(key="k", url="https://a.example/1", site="web", role="page", story="web/1"))])
    lease = run.dispatcher.lease()
    assert lease is not None
    gone = b"HTTP/1.1 %d Gone\r\nContent-Length: 0\r\n\r\n" % status
    made = evolve(exchange(1, 1), response=SpooledBytes(gone), payload=SpooledBytes(b""), head_length=len(gone), status=status, headers=())
    capture = await run.collection.record(evolve(made, ended=made.started + timedelta(seconds=1)), lease)
    before = read(WEB, lease, capture, (), b"")
    await run.collection.file(before)
    row = run.frontier.leased(lease.key)
    assert row is not None
    with closing(Readers()) as readers:
        after = read_left_over(run.collection.path, row, WEB, CrawlArguments(), readers)
    run.known.close()
    run.frontier.close()
    run.collection.close()
    assert after is not None
    assert (
        (after.reason, after.answer, after.read_state)
        == (before.reason, before.answer, before.read_state)
        == ("status", answer, "not-a-story")
    )


async def test_a_cut_answer_that_was_not_settled_is_read_and_what_came_before_is_remembered(tmp_path: Path) -> None:
    settings = Settings({"ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0})
    settings.setmodule("crawler.settings", priority="default")
    run = opened_run(settings, site=WEB, path=tmp_path / "web", arguments=CrawlArguments(), texts={})
    run.frontier.add([FrontierRequest(target=Target(key="k", url="https://a.example/1", site="web", role="page", story="web/1"))])
    words = "The council met on a Tuesday and spoke of the bridge, and of bread. " * 12
    body = f"<html><head><title>Bridge</title></head><body><h1>The bridge</h1><p>{words}</p><p>And".encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n"
    states = []
    with closing(Readers()) as readers:
        for attempt in (1, 2):
            lease = run.dispatcher.lease() if attempt == 1 else None
            if lease is None:
                row = run.frontier.row("k")
                assert row is not None
                leased = run.frontier.lease(row, "a.example")
                lease = LeasedRequest(
                    target=Target(key="k", url=row.url, site="web", role="page", story="web/1"),
                    attempt=leased.attempts,
                    record_id=leased.record_id,
                )
            made = evolve(
                exchange(1, attempt), response=SpooledBytes(head + body), payload=SpooledBytes(body), head_length=len(head), status=200, url=lease.url,
                headers=(("Content-Type", "text/html"),), truncated="disconnect",
            )  # fmt: skip
            made = evolve(made, started=made.started + timedelta(hours=attempt), ended=made.started + timedelta(hours=attempt, seconds=1))
            await run.collection.record(made, lease, reason="disconnect", detail="cut off")
            after = read_left_over(run.collection.path, run.frontier.row("k"), WEB, CrawlArguments(), readers)
            assert after is not None
            assert isinstance(after, CutOff)
            run.completion.finish(after, await run.collection.file(after))
            states.append(run.frontier.row("k"))
            run.completion._cut.pop("k")  # as in another process
    with run.collection.reader() as index:
        versions = index.versions("web/1")
    run.known.close()
    run.frontier.close()
    run.collection.close()
    assert [(row.state, row.attempts) for row in states if row] == [("queued", 1), ("done", 2)]
    assert [(one.article.headline, READ_FROM_CUT in one.article.problems) for one in versions] == [("The bridge", True)]
