"""The mirror board: who is asked, who rests, who comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import REASONS
from crawler.hosts.mirror_health import MirrorBoard
from crawler.items import Mirror

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
A, B, C = Mirror(host="a.example"), Mirror(host="b.example"), Mirror(host="c.example")
FR = Mirror(host="fr.example", language="fr")
ALL = (A, B, C)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def board(clock) -> MirrorBoard:
    return MirrorBoard("paper", (*ALL, FR), clock=clock)


def chosen(board: MirrorBoard, *tried: str) -> str | None:
    mirror = board.choose(ALL, tried=tried)
    return mirror.host if mirror else None


def test_first_well_one_in_order_not_tried(board):
    assert chosen(board) == "a.example"
    assert chosen(board, "a.example") == "b.example"
    assert chosen(board, *(m.host for m in ALL)) is None
    assert board.choose(()) is None


@pytest.mark.parametrize("reason", ["dns", "connect", "tls"])
def test_one_failure_to_connect_is_enough_and_rests_double(board, clock, reason):
    assert board.report("a.example", reason) == "resting"
    assert chosen(board) == "b.example"
    for rest in (60, 120, 240, 480, 960, 1920, 3600, 3600):
        assert board.pause("a.example") == rest
        assert board.report("a.example", reason) is None, "failures of requests under way do not lengthen the rest"
        assert board.pause("a.example") == rest
        clock.pass_(seconds=rest)
        assert board.pause("a.example") == 0
        board.report("a.example", reason)
    assert board.report("a.example", None) == "well"
    assert (chosen(board), board.pause("a.example")) == ("a.example", 0)
    board.report("a.example", reason)
    assert board.pause("a.example") == 60


def test_other_failures_need_company_and_a_good_answer_between_forgives(board):
    assert board.report("a.example", "timeout") is None
    assert board.report("a.example", None) is None
    assert board.report("a.example", "timeout") is None
    assert board.report("a.example", "disconnect") is None
    assert board.report("a.example", "disconnect") == "resting"
    assert board.report("b.example", "status", status=500) is None
    assert board.report("b.example", "status", status=502) == "resting"


def test_what_speaks_against_an_address_does_not_rest_the_host(board):
    for n in range(30):
        board.report("a.example", "status", status=404 if n % 2 else 451)
        board.report("a.example", "too-large")
        for reason in ("guard", "robots", "bad-url"):
            assert board.report("a.example", reason) is None
    assert board.state("a.example") == "well"
    states = [board.report("b.example", "soft-404") for _ in range(5)]
    assert states == [None, None, None, None, "resting"]
    assert [board.report("c.example", "wrong-article") for _ in range(3)] == [None, None, "resting"]


def test_order_of_company(board, clock):
    board.report("a.example", "seized")
    board.report("b.example", "connect")
    board.stale("c.example")
    assert chosen(board) == "c.example"
    assert chosen(board, "c.example") == "b.example", "one that rests before one that is seized"
    assert chosen(board, "b.example", "c.example") == "a.example"
    board.report("c.example", "tls")
    clock.pass_(seconds=30)
    board.report("a.example", None)
    board.report("a.example", "connect")
    assert [board.pause(h) for h in ("a.example", "b.example", "c.example")] == [60, 30, 30]
    assert chosen(board) == "b.example", "all rest: whoever may be asked soonest"
    clock.pass_(seconds=40)
    assert chosen(board, "b.example") == "c.example", "whose rest is over comes before whose is not"
    board.report("b.example", "parked")
    board.report("c.example", "seized")
    assert (chosen(board, "a.example"), board.state("b.example")) == ("b.example", "dead")


@pytest.mark.parametrize(("reason", "status"), [("challenge", 200), ("consent", 200), ("challenge", 403)])
def test_challenge_at_once_and_longer(board, clock, reason, status):
    assert board.report("a.example", reason, status=status) == "challenge"
    assert board.pause("a.example") == 600
    clock.pass_(seconds=600)
    board.report("a.example", reason)
    assert (board.state("a.example"), board.pause("a.example")) == ("challenge", 1200)


def test_dead_after_a_day_of_failures_and_alive_by_one_good_answer(board, clock):
    for _ in range(23):
        board.report("a.example", "connect")
        clock.pass_(hours=1)
    assert board.state("a.example") == "resting"
    clock.pass_(hours=2)
    assert board.report("a.example", "connect") == "dead"
    assert board.report("a.example", "timeout") is None
    assert chosen(board, "b.example", "c.example") == "a.example"
    assert board.report("a.example", None) == "well"


def test_retry_after_is_heeded(board, clock):
    board.report("a.example", "status", status=429)
    board.wait("a.example", 300)
    assert (board.state("a.example"), board.pause("a.example")) == ("resting", 300)
    board.wait("b.example", 900)
    board.wait("b.example", 0)
    assert (board.state("b.example"), chosen(board)) == ("well", "c.example")
    clock.pass_(seconds=900)
    assert chosen(board, "c.example") == "b.example"


def test_stale_feed_in_any_order_of_reading(board, clock):
    assert board.newest("a.example", 90) is None
    clock.pass_(seconds=2)
    assert board.newest("b.example", 94) is None
    assert (board.state("a.example"), chosen(board)) == ("stale", "b.example")
    assert board.newest("c.example", 93) == "stale"
    assert board.newest("fr.example", 12) is None, "another language is no rival"
    board.report("a.example", None)
    assert board.state("a.example") == "stale", "only its feed can heal it"
    clock.pass_(seconds=10)
    assert board.newest("a.example", 95) == "well"


def test_a_feed_read_long_before_is_not_held_against_its_mirror(board, clock):
    board.newest("a.example", 90)
    clock.pass_(hours=1)
    board.newest("b.example", 94)
    assert board.state("a.example") == "well"
    clock.pass_(hours=1)
    assert board.newest("a.example", 93) == "stale", "it knows less than another knew an hour before"


def test_stale_shows_only_where_nothing_worse_does(board):
    board.stale("a.example")
    board.report("a.example", "connect")
    assert board.states() == {"a.example": "resting", "b.example": "well", "c.example": "well", "fr.example": "well"}
    assert board.report("a.example", None) == "stale"


def test_saved_and_restored(board, clock):
    board.report("a.example", "seized")
    board.report("b.example", "status", status=503)
    board.report("b.example", "status", status=503)
    board.stale("c.example")
    board.report("c.example", None)
    rows = board.rows()
    assert rows[1] == {
        "site": "paper", "host": "b.example", "state": "resting", "since": "2026-11-24T12:00:00.000000Z", "last_ok": None,
        "last_error": "status 503", "successes": 0, "failures": 2,
    }  # fmt: skip
    clock.pass_(hours=30)
    again = MirrorBoard("paper", ALL, [*rows, {"site": "other", "host": "a.example", "state": "well"}], clock=clock)
    assert again.states() == {"a.example": "seized", "b.example": "resting", "c.example": "stale", "fr.example": "well"}
    assert again.rows() == rows
    assert chosen(again) == "c.example"
    assert again.report("b.example", "connect") == "dead", "a bad spell that lasts from one day's run into the next"
    assert MirrorBoard("paper", ALL, rows, clock=lambda: START).report("b.example", "connect") is None


def test_every_reason_and_unknown_hosts_are_taken(board):
    for reason in (*REASONS, None):
        board.report("new.example", reason)
    assert board.state("new.example") in ("well", "stale")
