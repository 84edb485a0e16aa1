"""MirrorBoard: which mirrors of a site are well, which rest, and whom to ask next.

    well       answers as the publisher does
    stale      answers, but its feed lags behind another mirror's of the same language
    resting    failed; asked again when its rest is over: a minute at first, then twice as long each time, at most an hour
    challenge  shows an interstitial or a consent wall; rests likewise, from ten minutes to six hours
    dead       failed for a day without one success, or is parked
    seized     shows a seizure banner

Any good answer makes a mirror well again (an answer of a stale one leaves it stale until its feed has caught up). Dead
and seized mirrors are asked only when nothing else is left; that they are well again shows when a feed, which is asked
for everywhere, comes back good.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from attrs import define, field, frozen

from crawler import clock as system
from crawler.errors import POLICY_REASONS
from crawler.index.rows import iso
from crawler.items import Mirror

State = Literal["well", "stale", "resting", "challenge", "dead", "seized"]

AT_ONCE = frozenset({"dns", "connect", "tls"})
"""One of these is enough to rest: the next address on that host would fare no better."""
PATIENCE = {"timeout": 2, "disconnect": 2, "status": 2, "proxy": 3, "malformed": 3, "wrong-article": 3, "soft-404": 5, "redirect": 5}
"""How many in a row, with no good answer between, make a mirror rest. Reasons named nowhere speak against an address only."""
ALIVE_STATUSES = frozenset({404, 410})


_UNWELL: tuple[State, ...] = ("resting", "challenge", "dead", "seized")


@frozen(kw_only=True)
class RestPolicy:
    """Lengths of rests, in seconds, and when a mirror counts as dead."""

    rest: float = 60.0
    longest_rest: float = 3600.0
    challenge_rest: float = 600.0
    longest_challenge_rest: float = 6 * 3600.0
    dead_after: float = 24 * 3600.0
    """A mirror that has failed for so long..."""
    dead_failures: int = 5
    """...and so often in a row is dead. A bad spell taken over from an earlier run counts for all but one of them."""
    same_time: float = 300.0
    """Feeds read within so many seconds of each other are held against each other both ways."""


@define(kw_only=True)
class _Health:
    """Health of one mirror."""

    host: str
    language: str | None = None
    state: State = "well"
    behind: bool = False
    """Its feed lags: shown as `stale` while the mirror is otherwise well."""
    since: datetime | None = None
    last_ok: datetime | None = None
    last_error: str | None = None
    successes: int = 0
    failures: int = 0
    row: int = 0
    """Failures in a row that speak against the host."""
    rest: float = 0.0
    """Length of the rest it is in, or was in last."""
    until: datetime | None = None
    """When its rest, or the wait it asked for, is over."""
    newest: int | None = None
    newest_at: datetime | None = None
    counts: dict[str, int] = field(factory=dict)
    """Failures in a row by reason."""

    @property
    def shown(self) -> State:
        return "stale" if self.behind and self.state == "well" else self.state

    def rank(self, now: datetime) -> int:
        """In which company it is asked: 0 first, 5 last."""
        if self.state in ("dead", "seized"):
            return 4 if self.state == "dead" else 5
        over = self.until is None or self.until <= now
        if self.state == "well":
            return (1 if self.behind else 0) if over else 3
        return 2 if over else 3


class MirrorBoard:
    """Health of one site's mirrors; holds state, does no I/O."""

    def __init__(
        self,
        site: str,
        mirrors: Iterable[Mirror],
        rows: Iterable[Mapping[str, Any]] = (),
        *,
        clock: Callable[[], datetime] = system.now,
        rest: RestPolicy | None = None,
    ) -> None:
        """Begin with what an earlier run saved.

        Args:
            rows: Of table `mirrors`; those of other sites are passed over.
            clock: Asked if a method is given no `now`.
        """
        self.site = site
        self._clock = clock
        self._rests = rest or RestPolicy()
        self._board = {m.host: _Health(host=m.host, language=m.language) for m in mirrors}
        for row in rows:
            if row.get("site", site) == site:
                self._restore(row)

    def choose(self, candidates: Sequence[Mirror], *, tried: Container[str] = (), now: datetime | None = None) -> Mirror | None:
        """Choose the mirror in the best health of those not tried; None if all were.

        First a well one; else a stale one; else one whose rest is over; else the one that may be asked soonest (see `pause`);
        else a dead one, last a seized one.
        """
        now = now or self._clock()
        left = [m for m in candidates if m.host not in tried]
        return min(left, key=lambda m: self._rank(m.host, now), default=None)

    def pause(self, host: str, *, now: datetime | None = None) -> float:
        """Seconds until a host may be asked again, 0 if at once."""
        until = self._health(host).until
        return max((until - (now or self._clock())).total_seconds(), 0.0) if until else 0.0

    def state(self, host: str) -> State:
        """A mirror's state."""
        return self._health(host).shown

    def report(self, host: str, reason: str | None, *, now: datetime | None = None, status: int | None = None) -> State | None:
        """Take note of how an attempt ended.

        Args:
            reason: A word of `errors.REASONS`, or None for a usable answer (a 304 is one).
            status: Of the answer, if there was one; needed to tell a missing page from a failing host.
        Returns:
            The mirror's new state if it changed, else None.
        """
        now, health = now or self._clock(), self._health(host)
        before = health.shown
        if reason is None:
            health.successes += 1
            self._well(health, now)
        elif reason == "status" and status in ALIVE_STATUSES:
            # The page is missing, the host is not: as good a sign of life as any.
            health.failures += 1
            self._well(health, now)
        elif reason not in POLICY_REASONS:
            health.failures += 1
            health.last_error = f"{reason} {status}" if status and reason == "status" else reason
            self._failed(health, reason, status, now)
        return health.shown if health.shown != before else None

    def wait(self, host: str, seconds: float, *, now: datetime | None = None) -> None:
        """Heed a Retry-After, limited by the caller (`RetryPolicy.heeded`): others are asked meanwhile."""
        now, health = now or self._clock(), self._health(host)
        until = now + timedelta(seconds=seconds)
        health.until = max(health.until or until, until)

    def stale(self, host: str, *, now: datetime | None = None) -> None:
        """Mark a mirror as lagging behind; `newest` lifts it."""
        self._set_behind(self._health(host), True, now or self._clock())

    def newest(self, host: str, number: int, *, now: datetime | None = None) -> State | None:
        """Compare the highest story number of a mirror's feed with other feeds of its language.

        A feed lags when another, read earlier or at about the same time, had a higher number. One that was read much
        earlier says nothing against itself: it could not know what came later.

        Returns:
            The mirror's new state if it changed, else None.
        """
        now, health = now or self._clock(), self._health(host)
        before = health.shown
        health.newest, health.newest_at = number, now
        peers = [h for h in self._board.values() if h.language == health.language and h.newest is not None and h.newest_at is not None]
        for peer in peers:
            if peer is health or abs(_seconds(peer, now)) <= self._rests.same_time:
                rivals = (r.newest or 0 for r in peers if _seconds(r, peer.newest_at or now) <= self._rests.same_time)
                self._set_behind(peer, (peer.newest or 0) < max(rivals, default=0), now)
        return health.shown if health.shown != before else None

    def states(self) -> dict[str, State]:
        """Host to state, in the site's order: for the run report."""
        return {host: health.shown for host, health in self._board.items()}

    def rows(self) -> list[dict[str, Any]]:
        """Rows of table `mirrors`: times as ISO 8601 UTC text."""
        return [
            {
                "site": self.site, "host": h.host, "state": h.shown, "since": h.since and iso(h.since),
                "last_ok": h.last_ok and iso(h.last_ok), "last_error": h.last_error, "successes": h.successes, "failures": h.failures,
            }
            for h in self._board.values()
        ]  # fmt: skip

    def _health(self, host: str) -> _Health:
        return self._board.setdefault(host, _Health(host=host))

    def _rank(self, host: str, now: datetime) -> tuple[int, float]:
        health = self._health(host)
        rank = health.rank(now)
        return rank, self.pause(host, now=now) if rank == 3 else 0.0

    def _well(self, health: _Health, now: datetime) -> None:
        health.last_ok, health.row, health.rest, health.counts = now, 0, 0.0, {}
        if health.state != "well":
            # A wait that it asked for outlives a late good answer; a rest of ours does not.
            health.until = None
        self._set_state(health, "well", now)

    def _failed(self, health: _Health, reason: str, status: int | None, now: datetime) -> None:
        if reason == "seized":
            self._set_state(health, "seized", now)
        elif reason == "parked":
            self._set_state(health, "dead", now)
        elif health.state not in ("seized", "dead") and self._speaks_against_host(health, reason, status):
            health.row += 1
            self._rest(health, "challenge" if reason in ("challenge", "consent") or status == 403 else "resting", now)

    def _speaks_against_host(self, health: _Health, reason: str, status: int | None) -> bool:
        """Tell whether this failure, with those before it, makes the mirror rest."""
        if reason == "status" and status is not None and status < 500 and status not in (403, 429):
            return False
        if reason in AT_ONCE or reason in ("challenge", "consent") or status == 429:
            return True
        if reason not in PATIENCE:
            return False
        health.counts[reason] = health.counts.get(reason, 0) + 1
        # A mirror that just came out of a rest has used up its patience.
        return health.state in ("resting", "challenge") or health.counts[reason] >= PATIENCE[reason]

    def _rest(self, health: _Health, state: State, now: datetime) -> None:
        p = self._rests
        if health.state == "well":
            self._set_state(health, state, now)
        elif health.since and (now - health.since).total_seconds() >= p.dead_after and health.row >= p.dead_failures:
            self._set_state(health, "dead", now)
            return
        elif health.until and now < health.until:
            # Requests already under way when it began to fail say nothing new.
            return
        else:
            self._set_state(health, state, now)
        first, longest = (p.challenge_rest, p.longest_challenge_rest) if state == "challenge" else (p.rest, p.longest_rest)
        health.rest = min(max(health.rest * 2, first), longest)
        until = now + timedelta(seconds=health.rest)
        health.until = max(health.until or until, until)

    def _set_state(self, health: _Health, state: State, now: datetime) -> None:
        bad_spell = {"resting", "challenge"}
        if health.state != state:
            if not {health.state, state} <= bad_spell:
                health.since = now
            health.state = state
        elif health.since is None:
            health.since = now

    def _set_behind(self, health: _Health, behind: bool, now: datetime) -> None:
        if health.behind != behind:
            health.behind = behind
            health.since = now if health.state == "well" else health.since

    def _restore(self, row: Mapping[str, Any]) -> None:
        health = self._health(str(row["host"]))
        saved = row.get("state")
        health.behind = saved == "stale"
        health.state = next((state for state in _UNWELL if state == saved), "well")
        health.since, health.last_ok = _time(row.get("since")), _time(row.get("last_ok"))
        health.last_error = row.get("last_error")
        health.successes, health.failures = int(row.get("successes") or 0), int(row.get("failures") or 0)
        if health.state in ("resting", "challenge"):
            health.row = self._rests.dead_failures - 1


def _seconds(health: _Health, moment: datetime) -> float:
    """Seconds from `moment` to the reading of the mirror's feed."""
    return (health.newest_at - moment).total_seconds() if health.newest_at else 0.0


def _time(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
