"""The recorder: every attempt that brought nothing has its row, a fault of our own too."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.settings import Settings

from crawler.errors import FetchFailed, OutOfFiles
from crawler.items import Failure, LeasedRequest, Target
from crawler.middlewares.recorder import RecordMiddleware

LEASE = LeasedRequest(target=Target(key="k", url="http://a.example/", site="web", role="page"))


@pytest.mark.parametrize(
    ("error", "rows"),
    [
        (FetchFailed("dns", "a.example: no address"), [("dns", "a.example: no address")]),
        (UnicodeError("label too long"), [("limit", "UnicodeError: label too long")]),
        (OutOfFiles("too many"), []),
    ],
)
def test_an_attempt_without_a_byte_is_one_row(error: Exception, rows: list[tuple[str, str]]) -> None:
    written: list[Failure] = []

    async def fail(failure: Failure, *, run_id: int | None) -> None:
        written.append(failure)

    recorder = RecordMiddleware(cast("Any", SimpleNamespace(settings=Settings(), get_extension=lambda cls: None)))
    recorder._run = cast("Any", SimpleNamespace(id=1, collection=SimpleNamespace(fail=fail)))
    request = Request(LEASE.url, meta={"lease": LEASE})
    asyncio.run(recorder.process_exception(request, error))
    assert [(failure.reason, failure.detail) for failure in written] == rows
    assert ("noted" in request.meta) == bool(rows)
