"""Bytes of one capture, ready to be interpreted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from crawler.items import Capture, Headers, LeasedRequest, Unusable
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

    def refused(self, verdict: Verdict, *, left_out: tuple[tuple[str, int], ...] = ()) -> Unusable:
        """The outcome of an answer that is not what was asked for."""
        assert verdict.reason is not None
        return Unusable(
            lease=self.lease, capture=self.capture, reason=verdict.reason, detail=verdict.detail, answer=verdict.answer,
            retry_after=verdict.retry_after, bytes=self.size, left_out=left_out,
        )  # fmt: skip


@frozen(kw_only=True)
class Options:
    """Depth of the interpretation of pages."""

    parse: bool = True
    """False leaves a story unparsed: classified only."""
    requisites: bool = False
    """Whether to list what a story's page needs to be shown."""
    limits: ReadLimits = LIMITS


ALL: Options = Options()
