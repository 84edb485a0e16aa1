"""Requests to web archives: one at a time each, with pauses, within a budget."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import date

from attrs import define, evolve, field, frozen

from crawler.items import Outcome, Target, Unusable
from crawler.memento.counts import ArchiveCounts
from crawler.memento.endpoints import Archive

logger = logging.getLogger(__name__)

ATTEMPTS = 3
"""Of one request to an archive that is busy."""
FAILURES = 4
"""Requests in a row without an answer after which an archive is given up for the run."""
_OURS = frozenset({"robots", "guard", "bad-url", "wrong-article", "redirect"})
"""Reasons that say nothing of whether an archive has time."""


@frozen(kw_only=True)
class SearchLimits:
    """Settings of the search: ARCHIVE_MEMENTO_..."""

    mementos: int = 3
    """Copies of one story that are kept."""
    forms: int = 6
    """Addresses of one story that an archive is asked for."""
    requests: int = 2000
    """Requests to archives in one run."""
    pictures: int = 20
    """Pictures of one story."""
    delay: float = 2.0
    """Seconds between two requests to one archive."""
    longest_wait: float = 900.0
    """Seconds of a Retry-After that are waited; an archive that asks for more is given up for the run."""


@frozen(kw_only=True)
class Asked:
    """One request to an archive."""

    target: Target
    """Its address is the archive's."""
    original: str | None = None
    """The address that was archived, of a request for a copy."""
    accept: date | None = None
    """Day for Accept-Datetime, of a request to a TimeGate."""
    attempt: int = 1
    rule: Callable[[str], None] = lambda target: None
    """Called with the target of a redirect; raises `FetchFailed` if it is not followed."""


Ask = Callable[[Asked], Awaitable[Outcome | None]]
"""Makes a request, records and files the answer; None if no whole answer came."""


class BudgetUsed(Exception):
    """The budget of the run is used up."""


@define
class _State:
    """State of one archive in this run."""

    lock: asyncio.Lock = field(factory=asyncio.Lock)
    next_at: float = 0.0
    """Loop time before which it is not asked."""
    failures: int = 0


@define(kw_only=True)
class ArchiveTurns:
    """Turns of the archives of one run."""

    ask: Ask
    limits: SearchLimits
    counts: ArchiveCounts
    _states: dict[str, _State] = field(factory=dict, init=False)

    async def asked(self, archive: Archive, asked: Asked) -> Outcome | None:
        """Make a request in its turn; wait where the archive asks for it.

        Raises:
            BudgetUsed: The budget is used up.
        """
        state = self._states.setdefault(archive.name, _State())
        async with state.lock:
            for attempt in range(1, ATTEMPTS + 1):
                if sum(self.counts.asked.values()) >= self.limits.requests:
                    self.counts.budget = f"ARCHIVE_MEMENTO_REQUESTS={self.limits.requests}"
                    raise BudgetUsed
                await self._until(state)
                self.counts.asked[archive.name] += 1
                outcome = await self.ask(evolve(asked, attempt=attempt))
                state.next_at = asyncio.get_running_loop().time() + self.limits.delay
                busy = _is_busy(outcome)
                state.failures = state.failures + 1 if busy else 0
                if not busy:
                    return outcome
                wait = outcome.retry_after if isinstance(outcome, Unusable) else None
                pause = max(wait or 0.0, self.limits.delay * 2.0**attempt)
                why = f"{outcome.reason}: {outcome.detail}" if isinstance(outcome, Unusable) else "no answer"
                if pause > self.limits.longest_wait or state.failures >= FAILURES:
                    self.counts.given_up[archive.name] = why
                    logger.warning("archive-given-up archive=%s failures=%d wait=%g detail=%r", archive.name, state.failures, pause, why)
                    return outcome
                state.next_at = max(state.next_at, asyncio.get_running_loop().time() + pause)
        return outcome

    async def _until(self, state: _State) -> None:
        rest = state.next_at - asyncio.get_running_loop().time()
        if rest > 0:
            await asyncio.sleep(rest)


def _is_busy(outcome: Outcome | None) -> bool:
    """Test for no answer, or one that only says that the archive is busy."""
    if outcome is None:
        return True
    if not isinstance(outcome, Unusable) or outcome.answer or outcome.reason in _OURS:
        return False
    if outcome.capture is None:
        return True
    return outcome.capture.memento_date is None and outcome.reason == "status" and (outcome.capture.status or 0) in (429, *range(500, 600))
