"""A worker is killed at random, again and again: nothing is lost, what was recorded is not asked for again."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from work_sites import office, told, until

from crawler.errors import CollectionLocked, Unreachable
from crawler.jobs.held import HeldLanes
from crawler.jobs.options import WorkOptions
from crawler.jobs.rows import Claim, LaneState
from crawler.work.lane_keeper import LaneKeeper


def options(**more: object) -> WorkOptions:
    values = {
        "frontier": None, "wait": 5.0, "lease": 3.0, "worker": "work", "lanes": 8, "health": None, "seal_seconds": 0.0, "store": None,
        "keep_local": True,
    }  # fmt: skip
    return WorkOptions(**values | more)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_worker_that_is_killed_goes_on(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    with office(tmp_path, sites=3, stories=15, wait=0.02) as one:
        jobs = one.enqueue()
        kills = 0
        for _ in range(4):
            worker = one.start("work", "--until-idle")
            before = len(one.papers.asked)
            until(lambda worker=worker, before=before: worker.poll() is not None or len(one.papers.asked) > before + 2)  # type: ignore[misc]
            time.sleep(draw.random() * 0.6)
            if worker.poll() is None:
                worker.kill()
                kills += 1
            worker.communicate()
        code, out, err = one.work("--json")
        assert code == 0, err
        assert kills >= 2
        assert all(one.report(job).complete for job in jobs), [one.report(job) for job in jobs]
        assert one.rows("SELECT site, count(*) FROM stories GROUP BY 1") == [(name, 15) for name in one.names]
        assert one.rows("SELECT state, count(*) FROM frontier GROUP BY 1") == [("done", 48)]
        code, out, err = one.run("verify", "work")
        assert code == 0, out + err
        # Asked for again: no more than what was in flight at each kill.
        asked = Counter((host, path) for _, host, path in one.papers.asked if "/story" in path)
        assert len(asked) == 45
        assert sum(asked.values()) - 45 <= kills * 3 * 16


@pytest.mark.slow
def test_a_worker_that_was_paused_past_its_lease_asks_nothing_before_it_has_renewed(tmp_path: Path) -> None:
    with office(tmp_path, sites=2, stories=40, wait=0.1) as one:
        jobs = one.enqueue()
        worker = one.start("work", "--until-idle", "--json", ARCHIVE_LEASE_SECONDS=2)
        until(lambda: len(one.papers.asked) > 10)
        worker.send_signal(signal.SIGSTOP)
        time.sleep(3)
        worker.send_signal(signal.SIGCONT)
        out, err = worker.communicate(timeout=90)
        assert worker.returncode == 0, err
        assert told(out)["exit_code"] == 0
        assert all(one.report(job).complete for job in jobs)
        assert one.rows("SELECT count(*) FROM stories") == [(80,)]


class Store:
    """A store that answers as told, for one lane."""

    shared = True

    def __init__(self) -> None:
        self.token, self.away, self.renewed, self.released = 1, False, list[dict[str, LaneState]](), list[str]()
        self.given_to_another = False

    def claim(self, worker: str, most: int, *, lease: float) -> list[Claim]:
        self._reached()
        return [Claim(lane="a", token=self.token, deadline=time.monotonic() + lease)]

    def renew(self, worker: str, states: dict[str, LaneState], *, lease: float) -> dict[str, Claim]:
        self._reached()
        self.renewed.append(dict(states))
        if self.given_to_another:
            return {}
        return {lane: Claim(lane=lane, token=self.token, deadline=time.monotonic() + lease) for lane in states}

    def release(self, worker: str, lane: str, state: LaneState) -> None:
        self.released.append(lane)

    def beat(self, worker: str, about: object) -> None:
        self._reached()

    def _reached(self) -> None:
        if self.away:
            raise Unreachable("store", "away")


def keeper_of(store: Store, **more: object) -> LaneKeeper:
    return LaneKeeper(store=store, options=options(**more), floor=1.5)  # type: ignore[arg-type]


def test_a_claim_is_renewed_at_once_with_the_least_delay() -> None:
    store = Store()
    keeper = keeper_of(store)
    (claim,) = keeper.claim(5)
    assert keeper.held.holds("a")
    assert [states["a"].delay for states in store.renewed] == [1.5], "who takes the lane next knows how long to wait"
    assert claim.lane == "a"


async def test_lanes_end_at_their_deadline_while_the_store_is_away() -> None:
    store = Store()
    keeper = keeper_of(store, lease=1.0)
    keeper.claim(5)
    keeper.start()
    await asyncio.sleep(1.5)
    assert keeper.held.holds("a"), "renewed every third of the lease"
    store.away = True
    began = time.monotonic()
    while keeper.held.holds("a"):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    assert time.monotonic() - began <= 1.0
    assert "a" in keeper.claims, "it may still be ours: the store decides"
    store.away = False
    await asyncio.sleep(0.5)
    assert keeper.held.holds("a")
    store.given_to_another = True
    await asyncio.sleep(0.6)
    assert not keeper.held.holds("a")
    assert "a" not in keeper.claims
    keeper.close()


def test_an_answer_that_comes_too_late_makes_no_ghost() -> None:
    store = Store()
    keeper = keeper_of(store)
    keeper.claim(5)
    renew = store.renew

    def released_meanwhile(worker: str, states: dict[str, LaneState], *, lease: float) -> dict[str, Claim]:
        answer = renew(worker, states, lease=lease)
        keeper.release("a", LaneState())
        return answer

    store.renew = released_meanwhile  # type: ignore[method-assign]
    keeper.renew({"a": LaneState()})
    assert not keeper.claims
    assert not keeper.held.holds("a")

    store.renew = renew  # type: ignore[method-assign]
    keeper.claim(5)

    def claimed_again(worker: str, states: dict[str, LaneState], *, lease: float) -> dict[str, Claim]:
        answer = renew(worker, states, lease=lease)
        keeper.release("a", LaneState())
        store.token, store.renew = 2, renew  # type: ignore[method-assign]
        keeper.claim(5)
        return answer

    store.renew = claimed_again  # type: ignore[method-assign]
    keeper.renew({"a": LaneState()})
    assert keeper.claims["a"].token == 2
    assert keeper.held.tokens() == {"a": 2}


def test_held_lanes_are_those_of_the_keeper() -> None:
    assert isinstance(keeper_of(Store()).held, HeldLanes)


def test_lanes_claimed_just_before_the_store_went_away_are_begun_when_it_is_back() -> None:
    store = Store()
    keeper, renew = keeper_of(store), store.renew

    def away(worker: str, states: dict[str, LaneState], *, lease: float) -> dict[str, Claim]:
        raise Unreachable("store", "away")

    store.renew = away  # type: ignore[method-assign]
    with pytest.raises(Unreachable):
        keeper.claim(1)
    assert list(keeper.claims) == ["a"], "the store says that it is ours"
    store.renew = renew  # type: ignore[method-assign]
    assert [claim.lane for claim in keeper.claim(0)] == ["a"], "else its renewals would keep it from everybody"
    assert keeper.claim(0) == []
    assert [states["a"].delay for states in store.renewed] == [1.5]
    keeper.close()


def test_a_lane_whose_deadline_passed_before_it_was_handed_out_is_not() -> None:
    late, store = [0.0], Store()
    keeper = LaneKeeper(store=store, options=options(), held=HeldLanes(clock=lambda: time.monotonic() + late[0]))  # type: ignore[arg-type]
    late[0] = 60.0
    assert keeper.claim(1) == []
    late[0] = 0.0
    assert [claim.lane for claim in keeper.claim(0)] == ["a"]


async def test_a_fault_of_the_store_ends_the_worker_and_one_of_ours_is_told(caplog: pytest.LogCaptureFixture) -> None:
    store = Store()
    keeper = keeper_of(store, lease=0.3)
    keeper.claim(1)
    faults: list[Exception] = [CollectionLocked(Path("jobs.db"), "another"), ValueError("ours")]

    def beat(worker: str, about: object) -> None:
        if faults:
            raise faults.pop()

    store.beat = beat  # type: ignore[method-assign]
    keeper.start()
    while faults or keeper.trouble is None:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    keeper.close()
    assert isinstance(keeper.trouble, CollectionLocked)
    assert "renewal-fault" in caplog.text
