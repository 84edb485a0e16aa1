"""Outcomes of answers that were cut off."""

from __future__ import annotations

from attrs import evolve

from crawler.items import CutOff, Failed, Listing, Media, Parsed, Robots, Unparsed, Unusable, Usable


def cut_off(outcome: Usable | Unusable, reason: str, detail: str) -> Failed:
    """The outcome of a truncated answer: a failed attempt with readable content.

    Unreadable if the part holds nothing of use.

    Args:
        outcome: Of the part that came.
        reason: Why the attempt failed; it is recorded already.
    """
    lease, capture = outcome.lease, outcome.capture
    if isinstance(outcome, Unusable) or not _is_of_use(outcome):
        return Unusable(
            lease=lease, capture=capture, reason=reason, detail=detail, noted=True, read_state="unreadable", bytes=outcome.bytes,
            reader_version=outcome.reader_version,
        )  # fmt: skip
    if isinstance(outcome, Listing):
        outcome = evolve(outcome, newest=None)
    if outcome.capture.is_cut:
        return CutOff(read=outcome, reason=reason, detail=detail)
    return Unusable(
        lease=lease, capture=capture, reason=reason, detail=detail, noted=True, read_state=outcome.read_state, bytes=outcome.bytes,
        limited=outcome.limited, left_out=outcome.left_out, links=outcome.links, reader_version=outcome.reader_version,
    )  # fmt: skip


def _is_of_use(outcome: Usable) -> bool:
    """Test for text, links, or bytes that are wanted as such."""
    match outcome:
        case Parsed(article=article):
            return bool(article.body or any(image.caption for image in article.images))
        case Unparsed():
            return True
        case Media() | Robots():
            return outcome.lease.role in ("requisite", "robots") and outcome.bytes > 0
    return bool(outcome.links)
