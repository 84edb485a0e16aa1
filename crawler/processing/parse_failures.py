"""Outcomes of pages that cannot be parsed."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import Literal

from attrs import evolve

from crawler.errors import GONE_REASONS
from crawler.index.reader_version import GIVEN_UP as NO_VERSION
from crawler.items import Capture, LeasedRequest, Unusable, Usable

GIVEN_UP = "reading took too much time or memory and was given up"
MAX_FAULT = 20_000
"""Characters of a traceback that are kept, the last ones."""
_NO_MEMORY = re.compile(r"unknown error|memory|allocat", re.IGNORECASE)
_HERE = str(Path(__file__).parents[1])


def unreadable(lease: LeasedRequest, capture: Capture, detail: str, size: int) -> Unusable:
    """The outcome of a page that cannot be parsed; no host is asked again."""
    # Reasons are counted by their words: the address stands beside them, and figures would make each page its own reason.
    kind = re.sub(r"\d[\d,.]*", "...", detail.removeprefix(f"{capture.url}: "))[:80]
    return Unusable(
        lease=lease, capture=capture, reason="malformed", detail=detail[:200], answer=True, read_state="unreadable", bytes=size,
        left_out=((f"page not parsed: {kind}", 1),),
    )  # fmt: skip


def given_up(lease: LeasedRequest, capture: Capture, detail: str, size: int) -> Unusable:
    """The outcome of a page over a limit of time or memory."""
    told = GIVEN_UP if detail.startswith("reading took ") else detail
    return evolve(unreadable(lease, capture, told, size), limited=("reading",), reader_version=NO_VERSION)


def faulty(lease: LeasedRequest, capture: Capture, error: BaseException, size: int) -> Unusable:
    """The outcome of a page that met a fault of our parser."""
    trace = "".join(traceback.format_exception(error))
    where = next(
        (f" ({Path(f.filename).name}:{f.lineno})" for f in reversed(traceback.extract_tb(error.__traceback__)) if _HERE in f.filename), ""
    )
    return evolve(
        unreadable(lease, capture, f"{type(error).__name__}: {error}"[:150] + where, size), reason="parser-fault", fault=trace[-MAX_FAULT:],
        left_out=(("page not parsed: a fault in our own parser", 1),), reader_version=NO_VERSION,
    )  # fmt: skip


def state_told(content: Usable | Unusable) -> Literal["gone", "moved"] | None:
    """The state of its story that a failed attempt tells."""
    if isinstance(content, Unusable) and content.reason in GONE_REASONS and content.answer and not content.unused:
        return "moved" if content.moved_to else "gone"
    return None


def exhausted(error: BaseException | None) -> str | None:
    """The resource that ran out, if an error says no more than that.

    libxml2 tells a failed allocation as an error of its own, with no more than `unknown error` where even that found no memory.
    """
    while error is not None:
        if isinstance(error, MemoryError) or (type(error).__module__.startswith("lxml") and _NO_MEMORY.search(str(error))):
            return "took too much memory"
        if isinstance(error, RecursionError):
            return "went too deep into nested elements"
        error = error.__cause__ or error.__context__
    return None
