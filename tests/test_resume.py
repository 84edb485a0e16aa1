"""What a run captured and did not live to settle is read by the next as it was read then."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from scrapy.settings import Settings

from crawler.items import Bytes, Errand
from crawler.limits import Limits
from crawler.reading import read
from crawler.reread import WEB, Readers
from crawler.resume import read_left_over
from crawler.start import open_run

sys.path.insert(0, str(Path(__file__).parent / "durability"))

from bare_writer import exchange


@pytest.mark.parametrize(("status", "answer"), [(404, True), (410, True), (503, False)])
async def test_a_refusal_that_was_filed_and_not_settled_is_the_same_again(tmp_path: Path, status: int, answer: bool) -> None:
    settings = Settings({"ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0})
    settings.setmodule("crawler.settings", priority="default")
    run = open_run(settings, site=WEB, path=tmp_path / "web", limits=Limits(), arguments={})
    run.frontier.add([Errand(key="k", url="https://a.example/1", site="web", role="page", story="web/1")])
    lease = run.lease()
    assert lease is not None
    gone = b"HTTP/1.1 %d Gone\r\nContent-Length: 0\r\n\r\n" % status
    made = evolve(exchange(1, 1), response=Bytes(gone), payload=Bytes(b""), head_length=len(gone), status=status, headers=())
    capture = await run.collection.record(evolve(made, ended=made.started + timedelta(seconds=1)), lease)
    before = read(WEB, lease, capture, (), b"")
    await run.collection.file(before)
    row = run.frontier.leased[lease.key]
    with closing(Readers()) as readers:
        after = read_left_over(run.collection.path, row, WEB, Limits(), readers)
    run.known.close()
    run.frontier.close()
    run.collection.close()
    assert after is not None
    assert (
        (after.reason, after.answer, after.read_state)
        == (before.reason, before.answer, before.read_state)
        == ("status", answer, "not-a-story")
    )
