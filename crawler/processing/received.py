"""Bytes of one capture, ready to be interpreted."""

from __future__ import annotations

from datetime import UTC, datetime
from operator import attrgetter
from pickle import PickleBuffer
from typing import TYPE_CHECKING, Any

from attrs import field, fields, frozen

from crawler.items import Capture, Headers, LeasedRequest, Target, Unusable
from crawler.parsers.encoding.content_coding import LIMITS
from crawler.parsers.images.file_starts import bytes_needed
from crawler.parsers.limits import ReadLimits

if TYPE_CHECKING:
    from crawler.parsers.classify.classify import Verdict

START_BYTES = 4096
"""Of a picture or script: enough to tell what it is."""


def start_needed(start: bytes) -> int:
    """Bytes of a picture, script or video to keep for interpretation, by its first bytes."""
    return max(START_BYTES, bytes_needed(start))


@frozen
class Received:
    """One capture with the request it answers, its header fields and its payload."""

    lease: LeasedRequest
    capture: Capture
    headers: Headers = field(converter=Headers)
    """The response's fields as received."""
    payload: bytes
    """The entity body, content coding kept; of media its beginning (`start_needed`) will do."""
    whole: int | None = None
    """Bytes of the entity body, if `payload` is not all of it."""

    @property
    def size(self) -> int:
        """Bytes of the entity body."""
        return len(self.payload) if self.whole is None else self.whole

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        """Be pickled as plain values, of which all take as long as one object would."""
        payload = PickleBuffer(self.payload) if protocol >= 5 else self.payload
        lease, capture = self.lease, self.capture
        target = None if capture.target == lease.target else _TARGET(capture.target)
        # UTC beside a time takes longer than all the rest.
        when = capture.date.replace(tzinfo=None) if capture.date.tzinfo is UTC else capture.date
        values = _LEASE(lease), _TARGET(lease.target), _CAPTURE(capture), when, target
        return _received, (*values, tuple(self.headers), payload, self.whole)

    def refused(self, verdict: Verdict, *, left_out: tuple[tuple[str, int], ...] = ()) -> Unusable:
        """The outcome of an answer that is not what was asked for."""
        assert verdict.reason is not None
        return Unusable(
            lease=self.lease, capture=self.capture, reason=verdict.reason, detail=verdict.detail, answer=verdict.answer,
            retry_after=verdict.retry_after, bytes=self.size, left_out=left_out,
        )  # fmt: skip


_NAMES = {kind: tuple(one.name for one in fields(kind) if one.name not in ("target", "date")) for kind in (LeasedRequest, Capture, Target)}
_LEASE, _CAPTURE, _TARGET = (attrgetter(*names) for names in _NAMES.values())


def _made(kind: type[Any], values: tuple[Any, ...], **others: Any) -> Any:
    return kind(**dict(zip(_NAMES[kind], values, strict=True)), **others)


def _received(
    lease: tuple[Any, ...], asked: tuple[Any, ...], capture: tuple[Any, ...], when: datetime, target: tuple[Any, ...] | None,
    headers: tuple[tuple[str, str], ...], payload: bytes, whole: int | None,
) -> Received:  # fmt: skip
    """Make a value of what was pickled."""
    first = _made(Target, asked)
    second = first if target is None else _made(Target, target)
    date = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    made = _made(Capture, capture, target=second, date=date)
    return Received(_made(LeasedRequest, lease, target=first), made, Headers(headers), bytes(payload), whole)


@frozen(kw_only=True)
class Options:
    """Depth of the interpretation of pages."""

    parse: bool = True
    """False leaves a story unparsed: classified only."""
    requisites: bool = False
    """Whether to list what a story's page needs to be shown."""
    limits: ReadLimits = LIMITS


ALL: Options = Options()
