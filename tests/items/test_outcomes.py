"""Outcomes and targets: what each kind says of itself, and what a value lends from the one it holds."""

from __future__ import annotations

import pickle
from datetime import date

import pytest
from attrs import fields
from exchange_makers import START, exchange, lease

from crawler.items import (
    LIST_NOT_READ_TO_END,
    Article,
    Block,
    Capture,
    CutOff,
    Link,
    Listing,
    Media,
    Mirror,
    NotModified,
    Parsed,
    Robots,
    Target,
    Unparsed,
    Unusable,
    content_of,
    is_whole_answer,
)

URL = "https://a.example/1"


def capture(role: str = "story", **more: object) -> Capture:
    target = Target(key="demo/1", url=URL, site="demo", role=role, story="demo/1", language="en", found_on="https://a.example/", depth=2)  # type: ignore[arg-type]
    values = {"record_id": "urn:uuid:1", "host": "a.example", "date": START, "warc": "w", "offset": 0, "length": 1, "status": 200}
    return Capture(target=target, **{**values, **more})  # type: ignore[arg-type]


def test_a_value_lends_every_field_of_its_target() -> None:
    shot = capture()
    for one in fields(Target):
        assert getattr(shot, one.name) == getattr(shot.target, one.name)


def test_a_target_at_another_address_is_the_same_but_for_that() -> None:
    target = capture().target
    moved = target.at("https://b.example/1")
    assert (moved.url, moved.key, moved.depth) == ("https://b.example/1", target.key, 2)
    assert target.at(URL) is target


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Parsed(lease=lease(), capture=capture(), article=Article(url=URL)), "read"),
        (Unparsed(lease=lease(), capture=capture()), "unread"),
        (Listing(lease=lease(), capture=capture("section")), "read"),
        (Listing(lease=lease(), capture=capture("page")), "not-a-story"),
        (Media(lease=lease(), capture=capture("requisite")), "not-a-story"),
        (Robots(lease=lease(), capture=capture("robots")), "not-a-story"),
        (NotModified(lease=lease(), capture=capture()), "read"),
        (Unusable(lease=lease(), capture=capture(), reason="status"), "not-a-story"),
    ],
)
def test_the_state_that_each_kind_gives_its_capture(outcome: Parsed, state: str) -> None:
    assert outcome.read_state == state
    assert outcome.url == URL
    assert content_of(outcome) is outcome
    assert pickle.loads(pickle.dumps(outcome)) == outcome


def test_a_failed_attempt_without_a_byte_is_of_the_address_that_was_asked() -> None:
    failed = Unusable(lease=lease(7), capture=None, reason="dns", detail="no address")
    assert (failed.url, failed.answer, failed.noted) == ("https://a.example/7", False, False)


def test_an_answer_that_was_cut_off_lends_what_was_read_of_it() -> None:
    read = Listing(
        lease=lease(), capture=capture(), links=(Link(url=URL),), left_out=((LIST_NOT_READ_TO_END, 1),), reader_version="0.2.0+abc", bytes=7
    )
    cut = CutOff(read=read, reason="disconnect", detail="5 of 9 bytes came")
    assert content_of(cut) is read
    for name in ("lease", "capture", "url", "links", "read_state", "reader_version", "unfinished"):
        assert getattr(cut, name) == getattr(read, name), name
    assert (cut.answer, cut.noted, cut.retry_after) == (False, True, None)
    assert cut.unfinished


def test_a_list_is_finished_unless_it_says_otherwise() -> None:
    assert not Listing(lease=lease(), capture=capture(), left_out=(("links of pages beyond the number that is read", 3),)).unfinished


def test_which_readers_read_does_not_make_another_outcome() -> None:
    one, other = (Parsed(lease=lease(), capture=capture(), article=Article(url=URL), reader_version=version) for version in ("a", "b"))
    assert one == other


@pytest.mark.parametrize(
    ("status", "whole"), [(200, True), (201, True), (204, True), (206, False), (226, False), (299, True), (300, False), (304, False), (404, False), (199, False), (None, False)]
)
def test_statuses_of_a_whole_answer(status: int | None, whole: bool) -> None:
    assert is_whole_answer(status) is whole


@pytest.mark.parametrize(
    ("since", "until", "day", "holds"),
    [
        (None, None, "2026-01-01", True), ("2026-01-01", None, "2025-12-31", False), ("2026-01-01", None, "2026-01-01", True), (None, "2026-01-01", "2025-12-31", True),
        (None, "2026-01-01", "2026-01-01", False), ("2020-01-01", "2021-01-01", "2020-06-01", True), ("2020-01-01", "2021-01-01", "2022-06-01", False),
    ],
)  # fmt: skip
def test_the_days_on_which_a_host_is_the_publishers(since: str | None, until: str | None, day: str, holds: bool) -> None:
    mirror = Mirror("a.example", since=date.fromisoformat(since) if since else None, until=date.fromisoformat(until) if until else None)
    assert mirror.holds(date.fromisoformat(day)) is holds


def test_a_body_is_its_text_without_pictures_and_related_stories() -> None:
    blocks = [("paragraph", "One"), ("picture", None), ("heading", "Two"), ("related", "Another story"), ("quote", "Three"), ("list", "a\nb"), ("paragraph", ""), ("entry", "18:00"), ("embed", "A post"), ("correction", "Four")]
    article = Article(url=URL, blocks=tuple(Block(kind=kind, text=text) for kind, text in blocks))  # type: ignore[arg-type]
    assert article.body == "One\nTwo\nThree\na\nb\nA post\nFour"


def test_an_exchange_knows_how_long_it_took() -> None:
    assert exchange(1).elapsed_ms == 1000
