"""Claims of lanes: by `next_due`, until a deadline, under a token that grows."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from time import monotonic
from typing import Any

import attrs

from crawler.cluster.database import Database, Row
from crawler.cluster.rows import JOB, job_of, jsonb, row_of_state, state_of
from crawler.index.rows import iso
from crawler.jobs.rows import Claim, Job, LaneState

MARGIN = 0.05
"""Share of a lease by which a worker's deadline is earlier than the server's: clocks differ in pace, and a request needs time to leave."""
_MOST_COUNTED = 1000
"""Free lanes are counted up to that: where there are more, there is enough for all."""
_SHARE = """
WITH others AS (SELECT count(*) AS n FROM workers WHERE NOT lost AND name <> %s AND seen > now() - make_interval(secs => %s)),
    free AS (SELECT count(*) AS n FROM (SELECT 1 FROM lanes WHERE owner IS NULL AND next_due <= now() LIMIT %s) f)
SELECT others.n, free.n FROM others, free
"""
_CLAIM = """
WITH free AS MATERIALIZED (
    SELECT lane, last_owner FROM lanes
        WHERE owner IS NULL AND next_due <= now() AND until + make_interval(secs => delay) < clock_timestamp()
        ORDER BY next_due LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE lanes l SET owner = %s, last_owner = %s, token = l.token + 1,
        since = CASE WHEN free.last_owner = %s THEN l.since ELSE l.token + 1 END, until = clock_timestamp() + make_interval(secs => %s)
    FROM free WHERE l.lane = free.lane RETURNING l.lane, l.token, l.seq, coalesce(free.last_owner = l.owner, false), l.next_due
"""
_RENEW = """
WITH mine AS MATERIALIZED (
    SELECT l.lane, t.delay FROM lanes l JOIN unnest(%s::text[], %s::bigint[], %s::float8[]) t (lane, token, delay)
            ON t.lane = l.lane AND t.token = l.token
        WHERE l.owner = %s ORDER BY l.lane FOR NO KEY UPDATE OF l
)
UPDATE lanes l SET until = clock_timestamp() + make_interval(secs => %s), delay = mine.delay FROM mine WHERE l.lane = mine.lane
    RETURNING l.lane, l.token, l.seq
"""
_JOBS = f"""SELECT e.lane, {JOB} FROM entries e JOIN jobs j ON j.id = e.job
    WHERE e.lane = ANY (%s) AND e.state = 'waiting' AND e.due <= clock_timestamp() ORDER BY e.due, j.seq"""
_STATES = "SELECT lane, state FROM lane_states WHERE lane = ANY (%s)"
_SAVE = """INSERT INTO lane_states (lane, state)
    SELECT t.lane, t.state FROM unnest(%s::text[], %s::bigint[], %s::jsonb[]) t (lane, token, state)
        JOIN lanes l ON l.lane = t.lane AND l.token = t.token AND l.owner = %s
    ON CONFLICT (lane) DO UPDATE SET state = excluded.state"""


class Lanes:
    """Lanes that this process claims, with the tokens under which it does."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._tokens: dict[tuple[str, str], int] = {}
        self._saved: dict[str, str] = {}
        """States as they were last saved: they are large and change seldom."""
        self._reaped = -1e9

    def claim(self, worker: str, most: int, *, lease: float) -> list[Claim]:
        """Take free lanes with work that is due, the longest due first.

        Where other workers live, it is no more than a fair share of those that are free: whoever has room left asks again soon.
        Now and then lanes are freed that their workers did not renew.
        """
        if most <= 0:
            return []
        most = self._share(worker, most, lease)
        sent = monotonic()
        found = self._take(worker, most, lease)
        if len(found) < most or sent > self._reaped + lease / 4:
            self._reaped = sent
            if self._db.rows("SELECT reap()")[0][0] and len(found) < most:
                found += self._take(worker, most - len(found), lease)
        lanes = [row[0] for row in found]
        jobs = self._jobs(lanes)
        states: dict[str, dict[str, Any]] = dict(self._db.rows(_STATES, [lanes])) if lanes else {}
        ahead, claims = self._db.ahead() if states else timedelta(0), []
        for lane, token, seq, same, _ in found:
            with self._lock:
                self._tokens[worker, lane] = token
                self._saved.pop(lane, None)
            claim = Claim(lane=lane, token=token, deadline=self._deadline(sent, lease), jobs=jobs.get(lane, ()), seq=seq, same_owner=same)
            claims.append(attrs.evolve(claim, state=state_of(states.get(lane, {}), ahead)))
        return claims

    def _share(self, worker: str, most: int, lease: float) -> int:
        """Lower a number of lanes to the share of one worker, at least 1.

        So the first to ask does not leave the workers beside it idle.
        """
        others, free = self._db.rows(_SHARE, (worker, lease, _MOST_COUNTED))[0]
        return most if free >= _MOST_COUNTED else max(1, min(most, -(-free // (others + 1))))

    def _take(self, worker: str, most: int, lease: float) -> list[Row]:
        return sorted(self._db.rows(_CLAIM, (most, worker, worker, worker, lease)), key=lambda row: (row[4], row[0]))

    def renew(self, worker: str, states: Mapping[str, LaneState], *, lease: float) -> dict[str, Claim]:
        """Extend deadlines of lanes and save their states; return those still held."""
        held = dict(zip(*self.held(worker, states), strict=True))
        if not held:
            return {}
        sent = monotonic()
        delays = [states[lane].delay for lane in held]
        found = self._db.rows(_RENEW, (list(held), list(held.values()), delays, worker, lease))
        for lane in set(held) - {row[0] for row in found}:
            self._lost(worker, lane, held[lane])
        self._save(worker, {lane: states[lane] for lane, _, _ in found})
        jobs = self._jobs([lane for lane, _, _ in found])
        return {
            lane: Claim(
                lane=lane, token=token, deadline=self._deadline(sent, lease), state=states[lane], jobs=jobs.get(lane, ()), seq=seq,
                same_owner=True,
            )
            for lane, token, seq in found
        }  # fmt: skip

    def release(self, worker: str, lane: str, state: LaneState) -> None:
        """Give a lane back, if it is still held; what ran in it waits."""
        token = self._tokens.get((worker, lane))
        if token is not None:
            self._save(worker, {lane: state})  # While it is held, so that the next owner finds it.
            self._db.rows("SELECT let_go(%s, %s::text[], %s::bigint[], %s::float8[])", (worker, [lane], [token], [state.delay]))
            self._lost(worker, lane, token)
            self._saved.pop(lane, None)

    def held(self, worker: str, lanes: Iterable[str]) -> tuple[list[str], list[int]]:
        """The lanes among some that this process claimed, and their tokens."""
        with self._lock:
            found = {lane: self._tokens[worker, lane] for lane in lanes if (worker, lane) in self._tokens}
        return list(found), list(found.values())

    def _lost(self, worker: str, lane: str, token: int) -> None:
        """Forget a token, unless another thread has claimed the lane anew meanwhile."""
        with self._lock:
            if self._tokens.get((worker, lane)) == token:
                del self._tokens[worker, lane]

    def _save(self, worker: str, states: Mapping[str, LaneState]) -> None:
        """Save what has changed."""
        texts = {lane: json.dumps(attrs.asdict(state), sort_keys=True, default=str) for lane, state in sorted(states.items())}
        changed = {lane: text for lane, text in texts.items() if self._saved.get(lane) != text}
        if changed:
            lanes, tokens = self.held(worker, changed)
            self._db.rows(_SAVE, (lanes, tokens, [jsonb(row_of_state(states[lane], self._db.ahead())) for lane in lanes], worker))
            self._saved.update(changed)

    def _jobs(self, lanes: Sequence[str]) -> dict[str, tuple[Job, ...]]:
        found: dict[str, tuple[Job, ...]] = {}
        for lane, *job in self._db.rows(_JOBS, [list(lanes)]) if lanes else ():
            found[lane] = (*found.get(lane, ()), job_of(job))
        return found

    @staticmethod
    def _deadline(sent: float, lease: float) -> float:
        return sent + lease * (1 - MARGIN)


def listed(db: Database, most: int) -> list[dict[str, Any]]:
    """List lanes that are held or have work, the longest due first."""
    sql = """SELECT l.lane, l.owner, l.token, min(e.due) FILTER (WHERE e.state = 'waiting') AS due,
            count(*) FILTER (WHERE e.state = 'waiting'), count(*) FILTER (WHERE e.state = 'running')
        FROM lanes l LEFT JOIN entries e ON e.lane = l.lane AND e.state <> 'ended'
        WHERE l.owner IS NOT NULL OR e.lane IS NOT NULL GROUP BY l.lane ORDER BY l.owner IS NULL, due, l.lane LIMIT %s"""
    return [
        {"lane": lane, "owner": owner, "token": token, "due": iso(due) if due else None, "waiting": waiting, "running": running}
        for lane, owner, token, due, waiting, running in db.rows(sql, [most])
    ]
