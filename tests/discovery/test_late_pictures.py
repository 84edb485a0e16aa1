"""Pictures of pages read after their crawl: queued for the next one, if a crawl asked for the page and wanted pictures."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.discovery.late_pictures import queue_pictures
from crawler.frontier.changes import save
from crawler.frontier.rows import FrontierRow
from crawler.index.index import Index
from crawler.items import Article, Capture, Image, LeasedRequest, Parsed, Target

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PICTURES = tuple(Image(url=f"http://a.example/{n}.jpg") for n in (1, 2))


@pytest.mark.parametrize(
    ("run", "arguments", "with_row", "images", "queued"),
    [
        ("web", {}, True, PICTURES, 2), ("web", {"requisites": "all", "read": "later"}, True, PICTURES, 2), ("web", {"requisites": "none"}, True, PICTURES, 0),
        ("replay", {}, True, PICTURES, 0), ("web", {}, False, PICTURES, 0), ("web", {}, True, (), 0), (None, {}, True, PICTURES, 0),
    ],
)  # fmt: skip
def test_pictures_of_a_page_read_late(
    tmp_path: Path, run: str | None, arguments: dict[str, str], with_row: bool, images: tuple[Image, ...], queued: int
) -> None:  # fmt: skip
    index, target = Index.open(tmp_path / "index.db"), Target(key="http://a.example/", url="http://a.example/", site="web", role="page")
    capture = Capture(target=target, record_id="urn:uuid:1", host="a.example", date=NOW, warc="w", offset=0, length=1, status=200)
    outcome = Parsed(lease=LeasedRequest(target=target), capture=capture, article=Article(url=target.url, images=images))
    with index.atomic():
        index.add_capture(capture, run_id=index.start_run(run, arguments, NOW) if run else None)
        if with_row:
            save(index.conn, FrontierRow(target=target, state="done"))
        assert queue_pictures(index, outcome) == queued
        assert queue_pictures(index, outcome) == 0, "once"
    rows = index.query("SELECT role, found_on, url FROM frontier WHERE state = 'queued' ORDER BY url", [])
    assert [tuple(row) for row in rows] == [("requisite", target.url, image.url) for image in images][:queued]
