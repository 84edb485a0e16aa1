"""The job store's protocol, for every engine."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import attrs
import pytest
from job_engines import ENGINES, PARAMETERS, Engine

from crawler.jobs.protocol import JobStore
from crawler.jobs.rows import Claim, Job, LaneState, Part, Schedule

LEASE = 60.0


@pytest.fixture(params=PARAMETERS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made = ENGINES[request.param](request, tmp_path)
    yield made
    made.close()


def job_at(when: datetime, *lanes: str, site: str = "web", **arguments: str) -> Job:
    return Job(id=uuid4().hex, site=site, arguments=arguments, created=when, lanes=lanes)


def schedule_at(when: datetime, *lanes: str, every: float = 1800.0, site: str = "demo", **arguments: str) -> Schedule:
    return Schedule(id=uuid4().hex, site=site, arguments=arguments, lanes=lanes, every=every, next_at=when)


def part_of(job: Job, worker: str, started: datetime, *lanes: str) -> Part:
    return Part(id=uuid4().hex, job=job.id, worker=worker, lanes=lanes or job.lanes, started=started)


def ended(part: Part, when: datetime, exit_code: int = 0, **stats: object) -> Part:
    return attrs.evolve(part, ended=when, exit_code=exit_code, reason="finished", stats=stats)


def names(claims: list[Claim]) -> list[str]:
    return [claim.lane for claim in claims]


def do(store: JobStore, engine: Engine, job: Job, *lanes: str, worker: str = "a", exit_code: int = 0, again: datetime | None = None) -> Part:
    """Do a part of a job, in lanes that are held."""
    part = part_of(job, worker, engine.now, *lanes)
    store.begin_part(part)
    store.end_part(ended(part, engine.now, exit_code), again=again)
    return part


# -- jobs


def test_a_job_comes_back_as_it_was_enqueued_and_is_handed_out_in_its_lanes(engine: Engine) -> None:
    visitor, store = engine.visit(), engine.open()
    job = job_at(engine.now, "a.example", "b.example", seeds="https://a.example/,https://b.example/", max_pages="7", title="Ärger \U0001f4f0")
    visitor.enqueue(job)
    assert store.jobs() == [job] == store.jobs(open_only=True)
    claims = store.claim("a", 8, lease=LEASE)
    assert sorted(names(claims)) == ["a.example", "b.example"]
    assert all(claim.jobs == (job,) and claim.state == LaneState() and claim.token > 0 for claim in claims)


def test_the_same_job_twice_is_one(engine: Engine) -> None:
    store, job = engine.open(), job_at(engine.now, "a.example")
    store.enqueue(job)
    do(store, engine, store.claim("a", 1, lease=LEASE)[0].jobs[0])
    store.enqueue(job)
    assert len(store.jobs()) == 1
    assert not store.jobs(open_only=True)


def test_jobs_are_listed_the_newest_first_and_no_more_than_asked_for(engine: Engine) -> None:
    store = engine.open()
    made = [job_at(engine.now, f"{n}.example") for n in range(5)]
    for job in made:
        store.enqueue(job)
    assert store.jobs(most=3) == made[:1:-1]


def test_a_report_takes_the_beginning_of_an_id_that_is_no_other_jobs(engine: Engine) -> None:
    store = engine.open()
    for id in ("aa" * 16, "ab" * 16, "b" * 32):
        store.enqueue(attrs.evolve(job_at(engine.now, "x.example"), id=id))
    found = store.report("b")
    assert found
    assert found.job.id == "b" * 32
    assert store.report("ab" * 16) is not None
    assert [store.report(wrong) for wrong in ("a", "", "c", "b" * 33, "%", "B")] == [None] * 6


# -- lanes


def test_lanes_go_out_the_longest_due_first_and_no_more_than_asked_for(engine: Engine) -> None:
    store = engine.open()
    for lane in ("c.example", "a.example", "b.example"):
        store.enqueue(job_at(engine.now, lane))
        engine.wait(5)
    assert names(store.claim("a", 2, lease=LEASE)) == ["c.example", "a.example"]
    assert names(store.claim("a", 2, lease=LEASE)) == ["b.example"]
    assert store.claim("a", 2, lease=LEASE) == []


def test_jobs_of_a_lane_come_the_longest_due_first(engine: Engine) -> None:
    store = engine.open()
    made = [job_at(engine.now, "demo", "x.example"), job_at(engine.now, "demo")]
    for job in made:
        store.enqueue(job)
        engine.wait(1)
    claim = next(one for one in store.claim("a", 8, lease=LEASE) if one.lane == "demo")
    assert claim.jobs == tuple(made)


def test_a_lane_is_never_given_to_two_at_once(engine: Engine) -> None:
    first, second = engine.open(), engine.another()
    first.enqueue(job_at(engine.now, *(f"{n}.example" for n in range(60))))
    with ThreadPoolExecutor(2) as pool:
        sides = [pool.submit(_take_all, store, name) for store, name in ((first, "a"), (second, "b"))]
        taken = [lane for side in sides for lane in side.result()]
    assert len(taken) == len(set(taken)) == 60


def _take_all(store: JobStore, worker: str) -> list[str]:
    taken: list[str] = []
    while lanes := names(store.claim(worker, 3, lease=LEASE)):
        taken += lanes
    return taken


def test_the_token_of_a_lane_grows_with_each_claim(engine: Engine) -> None:
    store, tokens = engine.open(), []
    store.enqueue(job_at(engine.now, "a.example"))
    for _ in range(3):
        (claim,) = store.claim("a", 1, lease=LEASE)
        tokens.append(claim.token)
        store.release("a", claim.lane, LaneState())
        engine.wait(1)
    assert tokens == sorted(set(tokens))


def test_the_next_owner_gets_the_state_of_a_lane_and_waits_for_its_delay(engine: Engine) -> None:
    store = engine.open()
    store.enqueue(job_at(engine.now, "a.example"))
    state = LaneState(
        delay=10.0, waits={"a.example": "2026-11-29T13:00:00Z"}, mirrors=({"host": "a.example", "state": "well", "failures": 2},),
        given_up={"b.example": "seized"}, robots={"https://a.example": {"fetched": "2026-11-29T12:00:00Z", "status": 200, "text": "\n"}},
    )  # fmt: skip
    store.claim("a", 1, lease=LEASE)
    store.release("a", "a.example", state)
    engine.wait(5)
    assert store.claim("b", 1, lease=LEASE) == []
    engine.wait(6)
    (claim,) = store.claim("b", 1, lease=LEASE)
    assert attrs.asdict(claim.state) == attrs.asdict(state) | {"mirrors": claim.state.mirrors}
    assert list(claim.state.mirrors) == list(state.mirrors)
    assert not claim.same_owner


def test_a_renewal_keeps_the_lane_saves_its_state_and_tells_of_new_jobs(engine: Engine) -> None:
    store = engine.open()
    job = job_at(engine.now, "demo")
    store.enqueue(job)
    (claim,) = store.claim("a", 1, lease=LEASE)
    store.begin_part(part_of(job, "a", engine.now))
    later = job_at(engine.now, "demo")
    engine.visit().enqueue(later)
    for _ in range(4):
        engine.wait(LEASE / 2)
        held = store.renew("a", {"demo": LaneState(delay=2.0), "other.example": LaneState()}, lease=LEASE)
        assert list(held) == ["demo"]
        assert held["demo"].token == claim.token
        assert held["demo"].jobs == (later,)
        assert held["demo"].deadline > claim.deadline
    assert store.claim("b", 1, lease=LEASE) == []
    store.release("a", "demo", LaneState(given_up={"x": "dns"}))
    (again,) = store.claim("a", 1, lease=LEASE)
    assert again.same_owner
    assert again.state.given_up == {"x": "dns"}


def test_a_lane_given_back_while_a_part_runs_has_its_job_still(engine: Engine) -> None:
    store, job = engine.open(), job_at(engine.now, "demo")
    store.enqueue(job)
    store.claim("a", 1, lease=LEASE)
    store.begin_part(part_of(job, "a", engine.now))
    store.release("a", "demo", LaneState())
    (claim,) = store.claim("a", 1, lease=LEASE)
    assert claim.jobs == (job,)


# -- owners that are too late


def test_lanes_of_a_worker_that_died_go_to_the_next_and_its_parts_are_done_again(engine: Engine) -> None:
    store, job = engine.open(), job_at(engine.now, "a.example", "b.example")
    store.enqueue(job)
    before = store.claim("a", 8, lease=LEASE)
    store.begin_part(part_of(job, "a", engine.now))
    engine.die(store)
    store = engine.open()
    after = [*store.claim("b", 8, lease=LEASE), *store.claim("b", 8, lease=LEASE)]  # the dead one may have had its share of the first
    assert sorted(names(after)) == ["a.example", "b.example"]
    assert all(claim.jobs == (job,) and claim.token > max(one.token for one in before if one.lane == claim.lane) for claim in after)


def test_who_comes_too_late_changes_nothing(engine: Engine) -> None:
    late, job = engine.open(), job_at(engine.now, "a.example")
    late.enqueue(job)
    late.claim("a", 1, lease=LEASE)
    part = part_of(job, "a", engine.now)
    late.begin_part(part)
    engine.die(late)
    store = engine.open()
    (claim,) = store.claim("b", 1, lease=LEASE)
    theirs = part_of(job, "b", engine.now)
    store.begin_part(theirs)
    standing = store.lanes()
    assert late.renew("a", {"a.example": LaneState(delay=99.0)}, lease=LEASE) == {}
    late.end_part(ended(part, engine.now))
    late.release("a", "a.example", LaneState(delay=99.0))
    late.begin_part(part)
    assert store.lanes() == standing
    assert standing[0]["owner"] == "b"
    assert standing[0]["running"] == 1
    held = store.renew("b", {"a.example": LaneState()}, lease=LEASE)
    assert held["a.example"].token == claim.token
    store.end_part(ended(theirs, engine.now))
    report = store.report(job.id)
    assert report
    assert report.ended


def test_who_comes_too_late_changes_nothing_even_under_the_same_name(engine: Engine) -> None:
    late, job = engine.open(), job_at(engine.now, "a.example")
    late.enqueue(job)
    late.claim("a", 1, lease=LEASE)
    engine.die(late)
    store = engine.open()
    (claim,) = store.claim("a", 1, lease=LEASE)
    late.release("a", "a.example", LaneState(delay=99.0))
    assert late.renew("a", {"a.example": LaneState()}, lease=LEASE) == {}
    assert store.renew("a", {"a.example": LaneState()}, lease=LEASE)["a.example"].token == claim.token


def test_the_report_of_a_job_whose_worker_died(engine: Engine) -> None:
    store, job = engine.open(), job_at(engine.now, "a.example", "b.example")
    store.enqueue(job)
    store.claim("a", 8, lease=LEASE)
    store.begin_part(part_of(job, "a", engine.now))
    engine.die(store)
    report = engine.visit().report(job.id)
    assert report
    assert not report.ended
    assert not report.complete
    assert report.open_lanes == 2
    following = engine.open()
    for _ in range(2):
        following.claim("b", 8, lease=LEASE)
    engine.wait(1)
    do(following, engine, job, "a.example", worker="b")
    do(following, engine, job, "b.example", worker="b")
    report = following.report(job.id)
    assert report
    assert report.complete
    assert len(report.parts) == 3
    assert [part.exit_code for part in report.parts if part.worker == "a"] == [None]


def test_a_worker_declared_lost_leaves_its_lanes_to_others(engine: Engine) -> None:
    store, job = engine.open(), job_at(engine.now, "a.example", "b.example")
    store.enqueue(job)
    store.claim("a", 8, lease=LEASE)
    store.begin_part(part_of(job, "a", engine.now))
    engine.die(store)
    visitor = engine.visit()
    visitor.declare_lost("a")
    assert visitor.declare_lost("nobody") == 0
    assert len(engine.open().claim("b", 8, lease=LEASE)) == 2


# -- entries


def test_a_job_is_complete_when_all_of_its_lanes_have_ended(engine: Engine) -> None:
    store, job = engine.open(), job_at(engine.now, "a.example", "b.example")
    store.enqueue(job)
    store.claim("a", 8, lease=LEASE)
    part = part_of(job, "a", engine.now, "a.example")
    store.begin_part(part)
    store.begin_part(attrs.evolve(part, run_id=7))
    store.end_part(ended(attrs.evolve(part, run_id=7), engine.now, frontier={"done": 5}))
    report = store.report(job.id)
    assert report
    assert not report.ended
    assert report.open_lanes == 1
    assert [(one.run_id, one.exit_code, dict(one.stats)) for one in report.parts] == [(7, 0, {"frontier": {"done": 5}})]
    assert not store.idle()
    do(store, engine, job, "b.example", exit_code=10)
    report = store.report(job.id)
    assert report
    assert report.ended
    assert not report.complete
    assert not store.idle(), "lanes are held"
    for lane in job.lanes:
        store.release("a", lane, LaneState())
    assert store.idle()
    assert not store.jobs(open_only=True)


def test_lanes_of_a_stopped_part_wait_until_they_are_told_to(engine: Engine) -> None:
    store, job = engine.open(), job_at(engine.now, "demo")
    store.enqueue(job)
    store.claim("a", 1, lease=LEASE)
    do(store, engine, job, exit_code=14, again=engine.now + timedelta(seconds=30))
    assert store.renew("a", {"demo": LaneState()}, lease=LEASE)["demo"].jobs == ()
    store.release("a", "demo", LaneState())
    assert store.claim("a", 1, lease=LEASE) == []
    assert not store.idle()
    engine.wait(31)
    (claim,) = store.claim("a", 1, lease=LEASE)
    assert claim.jobs == (job,)


def test_lanes_added_to_a_job_wait_and_those_that_ended_wait_again(engine: Engine) -> None:
    store, job = engine.open(), job_at(engine.now, "a.example")
    store.enqueue(job)
    store.claim("a", 1, lease=LEASE)
    do(store, engine, job)
    store.release("a", "a.example", LaneState())
    assert store.claim("a", 8, lease=LEASE) == []
    store.add_lanes(job.id, ["a.example", "b.example"])
    store.add_lanes("0" * 32, ["c.example"])
    assert sorted(names(store.claim("a", 8, lease=LEASE))) == ["a.example", "b.example"]


def test_a_lane_added_while_it_runs_waits_again_when_its_part_has_ended(engine: Engine) -> None:
    store, job = engine.open(), job_at(engine.now, "a.example")
    store.enqueue(job)
    store.claim("a", 1, lease=LEASE)
    part = part_of(job, "a", engine.now)
    store.begin_part(part)
    store.add_lanes(job.id, ["a.example"])
    store.end_part(ended(part, engine.now))
    assert store.renew("a", {"a.example": LaneState()}, lease=LEASE)["a.example"].jobs == (job,)
    do(store, engine, job)
    assert store.renew("a", {"a.example": LaneState()}, lease=LEASE)["a.example"].jobs == ()


def test_what_was_added_while_a_part_ran_is_due_at_once_however_long_the_part_wants_to_wait(engine: Engine) -> None:
    store, job = engine.open(), job_at(engine.now, "a.example")
    store.enqueue(job)
    store.claim("a", 1, lease=LEASE)
    part = part_of(job, "a", engine.now)
    store.begin_part(part)
    store.add_lanes(job.id, ["a.example"])
    store.end_part(ended(part, engine.now, 14), again=engine.now + timedelta(hours=1))
    assert store.renew("a", {"a.example": LaneState()}, lease=LEASE)["a.example"].jobs == (job,)


# -- schedules


def test_a_schedule_of_the_same_site_and_arguments_is_one(engine: Engine) -> None:
    store = engine.open()
    first = schedule_at(engine.now, "demo", recheck="yes")
    store.schedule(first)
    store.schedule(schedule_at(engine.now, "demo", every=60.0, recheck="yes"))
    store.schedule(schedule_at(engine.now + timedelta(hours=5), "demo", recheck="no"))
    assert [(one.id == first.id, one.every) for one in store.schedules()] == [(True, 60.0), (False, 1800.0)]
    assert store.unschedule(first.id)
    assert not store.unschedule(first.id)
    assert len(store.schedules()) == 1


def test_a_schedule_told_again_does_not_fall_due_again(engine: Engine) -> None:
    store = engine.open()
    store.schedule(schedule_at(engine.now, "demo"))
    assert len(store.fire(engine.now)) == 1
    before = store.schedules()[0].next_at
    store.schedule(schedule_at(engine.now, "demo"))
    assert store.schedules()[0].next_at == before


def test_a_schedule_makes_its_jobs_and_does_not_double_an_open_one(engine: Engine) -> None:
    store, now = engine.open(), engine.now
    schedule = schedule_at(now, "demo", recheck="yes")
    store.schedule(schedule)
    (job,) = store.fire(now)
    assert (job.site, dict(job.arguments), job.lanes, job.schedule) == ("demo", {"recheck": "yes"}, ("demo",), schedule.id)
    assert store.fire(now) == []
    assert store.fire(now + timedelta(minutes=31)) == [], "the first is still open"
    assert store.schedules()[0].next_at == now + timedelta(minutes=60)
    store.claim("a", 1, lease=LEASE)
    do(store, engine, job)
    assert store.fire(now + timedelta(minutes=59)) == []
    assert len(store.fire(now + timedelta(minutes=61))) == 1


def test_after_a_long_pause_a_schedule_makes_one_job(engine: Engine) -> None:
    store, now = engine.open(), engine.now
    store.schedule(schedule_at(now, "demo"))
    later = now + timedelta(hours=50, minutes=7)
    assert len(store.fire(later)) == 1
    assert store.schedules()[0].next_at == now + timedelta(hours=50, minutes=30), "in step with its beginning"


def test_a_clock_set_back_stops_no_schedule_for_longer_than_its_step(engine: Engine) -> None:
    store, ahead = engine.open(), engine.now + timedelta(days=400)
    store.schedule(schedule_at(ahead, "demo"))
    (job,) = store.fire(ahead)
    store.claim("a", 1, lease=LEASE)
    do(store, engine, job)
    assert store.fire(engine.now) == []
    assert store.schedules()[0].next_at == engine.now + timedelta(minutes=30)
    assert len(store.fire(engine.now + timedelta(minutes=30))) == 1


# -- budgets


def test_a_limit_of_a_job_is_never_overtaken_by_two_takers(engine: Engine) -> None:
    first, second = engine.open(), engine.another()
    job = job_at(engine.now, "a.example", "b.example", max_pages="100")
    first.enqueue(job)
    with ThreadPoolExecutor(2) as pool:
        sides = [pool.submit(_drink, store, job.id) for store in (first, second)]
        taken = [side.result() for side in sides]
    assert sum(taken) == 100
    assert first.take_budget(job.id, "max_pages", 5) == 0
    assert first.take_budget(job.id, "max_stories", 5) == 5, "no such limit"


def _drink(store: JobStore, job: str) -> int:
    total = 0
    while taken := store.take_budget(job, "max_pages", 7):
        assert 0 < taken <= 7
        total += taken
    return total


# -- workers


def test_workers_are_listed_with_their_last_sign_of_life(engine: Engine) -> None:
    store = engine.open()
    assert store.workers() == []
    store.enqueue(job_at(engine.now, "a.example", "b.example"))
    store.claim("a", 8, lease=LEASE)
    store.beat("a", {"pages": 5})
    store.beat("a", {"pages": 7, "warc": "x.warc.gz"})
    (worker,) = engine.visit().workers()
    assert (worker["name"], worker["lanes"], worker["about"]) == ("a", 2, {"pages": 7, "warc": "x.warc.gz"})
    assert worker["alive"] is True
    assert abs(datetime.fromisoformat(str(worker["seen"])) - engine.now) < timedelta(minutes=1)


def test_lanes_are_listed_while_they_are_held_or_have_work(engine: Engine) -> None:
    store, job = engine.open(), job_at(engine.now, "a.example", "b.example")
    store.enqueue(job)
    (claim,) = store.claim("a", 1, lease=LEASE)
    store.begin_part(part_of(job, "a", engine.now, claim.lane))
    held, free = store.lanes()
    assert (held["lane"], held["owner"], held["token"], held["due"], held["waiting"], held["running"]) == (claim.lane, "a", claim.token, None, 0, 1)
    assert (free["owner"], free["waiting"], free["running"]) == (None, 1, 0)
    assert datetime.fromisoformat(str(free["due"])) <= engine.now + timedelta(seconds=1)
    assert len(store.lanes(most=1)) == 1


def test_a_store_opened_again_has_everything(engine: Engine) -> None:
    store, job = engine.open(), job_at(engine.now, "a.example", max_pages="10")
    store.enqueue(job)
    store.schedule(schedule_at(engine.now, "demo"))
    store.take_budget(job.id, "max_pages", 4)
    store.beat("a", {})
    store.close()
    again = engine.open()
    assert again.jobs() == [job]
    assert len(again.schedules()) == 1
    assert len(again.workers()) == 1
    assert again.take_budget(job.id, "max_pages", 50) == 6
