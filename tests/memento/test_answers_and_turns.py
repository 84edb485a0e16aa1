"""Answers of archives as dates and originals, redirects within them, requests in turn, TimeMaps as text."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from exchange_makers import exchange, lease
from outcomes import made as outcome

from crawler.errors import FetchFailed
from crawler.items import Capture, Mirror, Target
from crawler.memento.address_forms import address_forms, prefixes
from crawler.memento.answers import with_answer
from crawler.memento.counts import ArchiveCounts
from crawler.memento.endpoints import parse_endpoints
from crawler.memento.hops import MAX_HOPS, Hops
from crawler.memento.timemap import Held, TimeMap, link_format
from crawler.memento.turns import ArchiveTurns, Asked, BudgetUsed, SearchLimits
from crawler.sites.site import Site

(ARCHIVE,) = parse_endpoints("https://archive.example/web/")
COPY = "https://archive.example/web/20190503000000id_/https://paper.example/2019/7"
PAGE = "https://paper.example/2019/7"
THEN = datetime(2019, 5, 3, tzinfo=UTC)


def dated(url: str = COPY, original: str | None = PAGE, **more: Any) -> tuple[str | None, datetime | None]:
    given = with_answer(lease(url=url, original=original), exchange(url=url, **more))
    return given.original, given.memento_date


def test_the_date_of_a_copy_is_what_the_archive_says() -> None:
    said = [("Memento-Datetime", "Fri, 03 May 2019 01:00:00 GMT"), ("Link", '<https://paper.example/other>; rel="original"')]
    assert dated(original=None) == (None, None), "no request to an archive"
    assert dated(status=200, headers=said) == ("https://paper.example/other", THEN + timedelta(hours=1))
    assert dated(status=200, headers=[]) == (PAGE, THEN)
    assert dated(status=404, headers=[]) == (PAGE, None), "the archive's own word"
    assert dated(status=404, headers=[("X-Archive-Orig-Server", "x")]) == (PAGE, THEN), "the archived page said so"
    assert dated(status=200, headers=[("Memento-Datetime", "Fri, 03 May 2999 01:00:00 GMT")]) == (PAGE, None), "yet to come"
    assert dated("https://archive.example/about", status=200, headers=[("Link", '<mailto:x>; rel="original"')]) == (PAGE, None)


def test_redirects_lead_out_of_no_archive_in_no_loop_and_not_for_ever() -> None:
    hops = Hops(archive=ARCHIVE, forbidden=lambda url: "never" in url, asked=[COPY])
    hops.check(COPY.replace("2019/7", "2019/8"))
    for target, told in (
        ("https://elsewhere.example/", "out of the archive"), (COPY.replace("2019/7", "never"), "never-fetch list"), (COPY, "in a loop"),
    ):  # fmt: skip
        with pytest.raises(FetchFailed, match=told):
            hops.check(target)
    hops.asked += [f"https://archive.example/web/{n}" for n in range(MAX_HOPS)]
    with pytest.raises(FetchFailed, match="more than"):
        hops.check("https://archive.example/web/last")


def test_addresses_of_no_story_have_no_other_forms() -> None:
    site = Site(
        name="demo", title="Demo", language="en", stories=(r"^/(?P<id>\w+)$", r"^/n/(?P<id>\d+)$"), mirrors=(Mirror("paper.example"),)
    )
    assert address_forms(site, ["https://paper.example/a/b/c"], language=None, day=None, most=9) == [
        "https://paper.example/a/b/c", "http://paper.example/a/b/c",
    ]  # fmt: skip
    assert prefixes(site, ["https://paper.example/slug", "https://paper.example/a/b/c", "https://paper.example/n/7"]) == [
        "https://paper.example/n/7"
    ]


def test_a_timemap_without_timegate_or_address_of_its_own() -> None:
    text = link_format(TimeMap(original=PAGE, mementos=(Held(address=COPY, original=PAGE, date=THEN),)))
    assert 'rel="original"' in text
    assert 'rel="first last memento"' in text
    assert "timegate" not in text
    assert "self" not in text


async def test_requests_to_an_archive_that_is_busy_are_few_and_counted() -> None:
    answers: list[Any] = []
    target = Target(key="demo/7", url=COPY, site="demo", role="story", story="demo/7")

    async def ask(asked: Asked) -> Any:
        return answers.pop(0)

    def turns(**limits: Any) -> ArchiveTurns:
        return ArchiveTurns(ask=ask, limits=SearchLimits(**{"delay": 0.0} | limits), counts=ArchiveCounts())

    def said(status: int, **more: Any) -> Any:
        place = {"warc": "w", "offset": 0, "length": 1}
        held = Capture(target=target, record_id="urn:1", host="archive.example", date=THEN, status=status, **place)  # type: ignore[arg-type]
        return outcome(lease(url=COPY), held, reason="status", detail=str(status), **more)

    answers[:] = [None, said(404, answer=True)]
    assert (await turns().asked(ARCHIVE, Asked(target=target))) is not None, "no answer is asked for again"
    answers[:] = [said(429, retry_after=9999.0)]
    late = turns(longest_wait=10.0)
    await late.asked(ARCHIVE, Asked(target=target))
    assert list(late.counts.given_up) == ["archive.example"]
    answers[:] = [said(500), said(404, answer=True)]
    assert (await turns().asked(ARCHIVE, Asked(target=target))) is not None
    spent = turns(requests=0)
    with pytest.raises(BudgetUsed):
        await spent.asked(ARCHIVE, Asked(target=target))
    assert spent.counts.budget == "ARCHIVE_MEMENTO_REQUESTS=0"
