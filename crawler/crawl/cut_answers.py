"""Answers to one request that were cut off, and whether they are alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from attrs import define, evolve, field, frozen

from crawler.collection.collection import Collection
from crawler.errors import GONE_REASONS
from crawler.frontier.rows import FrontierRow
from crawler.http.response import IDLE
from crawler.index.cut import Attempt
from crawler.index.index import Filed
from crawler.items import CutOff, Failed

ALIKE = "answer cut off alike in every attempt, read as it came"
"""Words of the run report for pages that count as fetched although each answer was cut off."""
AGAIN_AFTER = timedelta(days=1)
"""Longest time before a page is asked for again of which a part may be missing."""
AGAIN_AFTER_ALIKE = timedelta(days=7)
"""The same if all that the server sends came each time."""


@frozen(kw_only=True)
class CutAnswers:
    """The cut answers to one request, in the order of its attempts."""

    reason: str = ""
    detail: str = ""
    """Of the last one, as of a failed attempt."""
    digests: tuple[str | None, ...] = ()
    """Payload digests of those of which something was read."""
    ended_by_peer: bool = True
    """Each was ended by the peer, that broke off or fell silent, none by a limit of ours."""
    broken: bool = False
    """The framing of one was at fault, so that the whole body is unknown."""
    length: int = -1
    """Bytes of the longest."""
    outcome: CutOff | None = None
    """Of the longest."""
    filed: Filed | None = None

    def more(self, outcome: Failed, filed: Filed | None) -> CutAnswers:
        """Add one more attempt."""
        reason, detail = outcome.reason, outcome.detail
        known = evolve(self, reason=reason, detail=detail)
        if not isinstance(outcome, CutOff):
            return known
        capture = outcome.capture
        known = evolve(
            known, digests=(*self.digests, capture.payload_digest),
            ended_by_peer=self.ended_by_peer and (is_of_peer(reason, detail) or _is_broken(reason, capture.truncated)),
            broken=self.broken or reason == "malformed",
        )  # fmt: skip
        length = capture.cut_at or 0
        return evolve(known, length=length, outcome=outcome, filed=filed) if length > self.length else known

    @property
    def once(self) -> bool:
        """The peer cut off the only answer yet; the next shows its habit."""
        return self.ended_by_peer and len(self.digests) == 1

    @property
    def repeated(self) -> bool:
        """The last two brought the same bytes: a third would, too."""
        return self.ended_by_peer and len(self.digests) > 1 and self.digests[-1] is not None and self.digests[-1] == self.digests[-2]

    @property
    def alike(self) -> bool:
        """Two or more brought the same bytes: the server's habit, not its failure."""
        return self.repeated and len(set(self.digests)) == 1 and not self.broken

    @property
    def summary(self) -> str:
        """Detail for the row of the frontier."""
        if not self.digests:
            return self.detail
        count = len(self.digests)
        what = f"alike in {count} attempts, and read" if self.alike else f"the longest of {count} was read" if count > 1 else "and read"
        return f"{self.detail}; cut off, {what}"


def is_of_peer(reason: str, detail: str) -> bool:
    """Tell whether the peer cut an answer off: it broke off or fell silent."""
    return reason == "disconnect" or (reason == "timeout" and detail.startswith(IDLE))


def _is_broken(reason: str, truncated: str | None) -> bool:
    """Tell whether the peer ended an answer whose framing is at fault."""
    return reason == "malformed" and truncated == "disconnect"


def remembered(series: Sequence[Attempt], record_id: str) -> CutAnswers:
    """Restore from the index the attempts before one, if another run made them.

    Args:
        record_id: Of the capture of the attempt that is being settled.
    """
    known = CutAnswers()
    for one in series:
        if one.record_id == record_id:
            break
        if one.is_cut and one.failure:
            known = evolve(
                known, reason=one.failure[0], detail=one.failure[1], digests=(*known.digests, one.payload_digest),
                ended_by_peer=known.ended_by_peer and (is_of_peer(*one.failure) or _is_broken(one.failure[0], one.truncated)),
                broken=known.broken or one.failure[0] == "malformed", length=max(known.length, one.cut_at or 0),
            )  # fmt: skip
    return known


@define
class CutAnswerBook:
    """The cut answers of one run, by key, until their request is finished."""

    _collection: Collection
    _answers: dict[str, CutAnswers] = field(factory=dict, init=False)

    def note(self, row: FrontierRow, failed: Failed, filed: Filed | None) -> None:
        """Add a failed attempt, if a part of the page came."""
        if is_part(failed):
            self._answers[row.key] = self._before(row, failed).more(failed, filed)

    def get(self, key: str) -> CutAnswers | None:
        """The cut answers of a request that is not finished."""
        return self._answers.get(key)

    def pop(self, key: str) -> CutAnswers | None:
        """Forget the cut answers of a request that is finished, and return them."""
        return self._answers.pop(key, None)

    def is_longest(self, outcome: CutOff) -> bool:
        """Tell whether this is the longest cut answer yet: new links may be in it."""
        known = self._answers.get(outcome.lease.key)
        return known is None or (outcome.capture.cut_at or 0) > known.length

    def _before(self, row: FrontierRow, failed: Failed) -> CutAnswers:
        """The attempts before one; those of an earlier run as the index knows them."""
        known = self._answers.get(row.key)
        if known is None and row.attempts > 1 and isinstance(failed, CutOff):
            with self._collection.reader() as index:
                return remembered(index.series_of(failed.capture), failed.capture.record_id)
        return known or CutAnswers()


def is_part(failed: Failed) -> bool:
    """Tell whether a part of the page came: it exists, but not here."""
    capture = failed.capture
    if capture is None or failed.reason in GONE_REASONS or not 200 <= (capture.status or 0) < 300:
        return False
    return capture.truncated is not None or failed.reason == "partial"
