"""The rotating share: each byte within its days, spread over the calls, whatever the pauses between them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from crawler.housekeeping.rotation import HeldFile, overdue, share_of

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def held(n: int, sealed: datetime = BEGIN, size: int = 1000) -> HeldFile:
    return HeldFile(name=f"paper-{n:05}.warc.gz", path=Path(f"paper-{n:05}.warc.gz"), bytes=size, read=sealed)


def called(files: list[HeldFile], now: datetime, *, days: float = 90, stop_after: int | None = None) -> tuple[list[HeldFile], int]:
    """The files behind a call, and how many bytes it read."""
    share = share_of(files, now, days=days)[:stop_after]
    names = {file.name for file in share}
    return [evolve(file, read=now, verified=True) if file.name in names else file for file in files], sum(file.bytes for file in share)


@given(pauses=st.lists(st.integers(1, 31), min_size=12, max_size=40), count=st.integers(1, 60), new=st.integers(0, 3))
def test_no_byte_waits_longer_whatever_the_pauses(pauses: list[int], count: int, new: int) -> None:
    files, now = [held(n) for n in range(count)], BEGIN
    for pause in pauses:
        now += timedelta(days=pause)
        assert overdue(files, now, days=90) == 0
        files, _ = called(files, now)
        files += [held(len(files) + n, now) for n in range(new)]


@pytest.mark.parametrize("pause", [1, 7, 31])
def test_the_work_is_spread_over_the_calls(pause: int) -> None:
    files, now, read = [held(n) for n in range(400)], BEGIN, list[int]()
    for _ in range(3 * 90 // pause):
        now += timedelta(days=pause)
        files, bytes = called(files, now)
        read.append(bytes)
    share = 400_000 * pause / 59
    assert max(read) < share * 1.3 + 10_000
    assert sum(read) < 400_000 * (3 * 90 / 59) * 1.15


def test_an_old_archive_is_not_read_whole_by_the_first_call() -> None:
    files, now = [held(n, BEGIN - timedelta(days=1000)) for n in range(400)], BEGIN
    assert overdue(files, now, days=90) == 400
    read = []
    for _ in range(2):
        files, bytes = called(files, now)
        read.append(bytes)
        now += timedelta(days=31)
    assert read[0] == pytest.approx(400_000 * 31 / 59, rel=0.01)
    assert overdue(files, now, days=90) == 0


def test_a_call_that_was_stopped_is_gone_on_with_and_one_more_finds_nothing_to_do() -> None:
    files, now = [held(n) for n in range(100)], BEGIN + timedelta(days=31)
    whole = {file.name for file in share_of(files, now, days=90)}
    files, _ = called(files, now, stop_after=5)
    rest = share_of(files, now, days=90)
    assert len(rest) == len(whole) - 5
    assert {file.name for file in rest} < whole
    files, _ = called(files, now)
    assert share_of(files, now, days=90) == []


def test_damaged_files_are_read_by_each_call_and_first() -> None:
    files = [held(1), evolve(held(2), verified=True, read=BEGIN, fault="torn"), held(3)]
    assert share_of(files, BEGIN + timedelta(hours=1), days=90) == [files[1]]
    assert share_of(files, BEGIN + timedelta(days=80), days=90)[0] == files[1]


@pytest.mark.parametrize("days", [1, 2, 60, 3650])
def test_any_number_of_days_will_do(days: int) -> None:
    files, now = [held(n) for n in range(30)], BEGIN
    for _ in range(80):
        now += timedelta(days=min(31, days / 2))
        assert overdue(files, now, days=days) == 0
        files, _ = called(files, now, days=days)


def test_without_files_nothing_is_read() -> None:
    assert share_of([], BEGIN, days=90) == []
