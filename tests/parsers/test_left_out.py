"""What of a page is not read is told: by its reason, and how much."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from outcomes import article_of, read

from crawler.items import Capture, LeasedRequest, Target, Unusable, Usable
from crawler.parsers.limits import ReadLimits
from crawler.processing.parse_failures import GIVEN_UP, given_up
from crawler.sites.known import WEB

NOW = datetime(2026, 11, 28, tzinfo=UTC)
URL = "https://www.paper.example/2026/7"
CAPTURE = Capture(
    target=Target(url=URL, site="web", role="page", key="k"), record_id="urn:uuid:1", host="www.paper.example", date=NOW, warc="w",
    offset=0, length=1, status=200,
)
LEASE = LeasedRequest(target=Target(key="k", url=URL, site="web", role="page", story="web/x"))
TEXT = "<p>The council has decided after four hours of debate that the old swing bridge will be kept and repaired in the spring.</p>"


def reading_of(data: bytes, limits: ReadLimits, coding: str = "") -> Usable | Unusable:
    headers = [("Content-Type", "text/html"), *([("Content-Encoding", coding)] if coding else [])]
    return read(WEB, LEASE, CAPTURE, headers, data, limits=limits)


def test_bytes_beyond_the_limit_are_counted() -> None:
    data = f"<html><h1>The bridge is kept</h1>{TEXT * 40}".encode()
    found = reading_of(data, ReadLimits(html_bytes=2000))
    assert article_of(found) is not None
    assert found.left_out == (("bytes of pages beyond the size that is read", len(data) - 2000),)
    assert reading_of(data, ReadLimits()).left_out == ()


def test_a_page_that_inflates_too_far_is_told() -> None:
    data = gzip.compress(f"<html><h1>The bridge is kept</h1>{TEXT * 40}".encode())
    found = reading_of(data, ReadLimits(text_bytes=3000), "gzip")
    assert dict(found.left_out)["page that inflates beyond the size that is read"] == 1


def test_links_beyond_the_limit_are_counted() -> None:
    links = "".join(f"<a href=/{n}>Story number {n} of the day</a>" for n in range(30))
    found = reading_of(f"<html><h1>The bridge is kept</h1>{TEXT * 5}{links}".encode(), ReadLimits(links=10))
    assert len(found.links) == 10
    assert dict(found.left_out)["links of pages beyond the number that is read"] == 20


@pytest.mark.parametrize(("data", "kind"), [(b"<!-- -->", "no element in ... characters"), (b"<div>" * 100_000, "elements nested deeper than the parser follows")])
def test_a_page_that_is_not_parsed_is_counted_by_its_reason(data: bytes, kind: str) -> None:
    found = reading_of(data, ReadLimits())
    assert found.read_state == "unreadable"
    assert found.left_out == ((f"page not parsed: {kind}", 1),)


def test_a_page_given_up_is_counted_by_its_reason() -> None:
    assert given_up(LEASE, CAPTURE, "reading took over 30 s and was given up", 1).left_out == ((f"page not parsed: {GIVEN_UP}", 1),)
