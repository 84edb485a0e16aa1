"""Counts of what was read from captures and of what could not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from attrs import define, field

from crawler.items import READ_FROM_CUT, UNFINISHED, Capture, Failed, Omissions, Outcome, Parsed, Unusable, Usable, content_of
from crawler.urls import path_of

UNREAD_RECORD = "capture whose record cannot be read"
FROM_CUT = "page read from an answer or a compressed stream that was cut off"
NO_ORIGINAL = "revisit whose original is in no file"

_LISTS = ("feed", "sitemap", "seed", "section")
_NO_PAGE = (
    ".avi", ".bmp", ".css", ".eot", ".gif", ".ico", ".jpeg", ".jpg", ".js", ".json", ".m4a", ".m4v", ".mov", ".mp3", ".mp4", ".otf", ".pdf",
    ".png", ".svg", ".swf", ".ttf", ".webm", ".webp", ".woff", ".woff2", ".zip",
)  # fmt: skip
"""Endings of paths that lead to no page, if no type is known."""


@define
class ReadingStats:
    """Counts of what was read from captures, for the verdict of a run."""

    templates: Counter[str] = field(factory=Counter)
    """Articles by template."""
    unreadable: int = 0
    """Stories and pages that were captured and could not be read."""
    limits: Counter[str] = field(factory=Counter)
    """How often each limit was hit, or how much was left out for it."""
    omitted: Omissions = field(factory=Omissions)
    """What was offered and not taken."""

    def account(self, outcome: Outcome) -> None:
        """Count the outcome of a capture that was read again, by its template too."""
        self.count_outcome(outcome)
        if isinstance(outcome, Failed) and outcome.reason == "parser-fault":
            self.count_fault(outcome)
        if isinstance(content := content_of(outcome), Parsed):
            self.templates[content.article.template] += 1

    def document(self) -> dict[str, Any]:
        """The counts as JSON values."""
        return {
            "templates": self.templates, "unreadable": self.unreadable, "limits": self.limits, "omitted": self.omitted.document(),
        }  # fmt: skip

    def add(self, counts: Mapping[str, Any]) -> None:
        """Add counts that `document` wrote."""
        self.templates += Counter(counts["templates"])
        self.unreadable += int(counts["unreadable"])
        self.limits += Counter(counts["limits"])
        for reason, one in counts["omitted"].items():
            self.omitted.add(reason, str(one["example"]), count=int(one["count"]), incomplete=bool(one["incomplete"]))

    def count_outcome(self, outcome: Outcome, *, later: bool = False) -> None:
        """Count limits hit, parts left out, and unreadable pages of one outcome.

        Args:
            later: What was read of an answer that was cut off is counted once no attempt is left.
        """
        if not later:
            self._count_content(content_of(outcome))
        if isinstance(outcome, Failed) and outcome.reason in ("too-large", "limit"):
            self.limits[f"{outcome.reason}: {outcome.detail}"[:80]] += 1
        if isinstance(outcome, Unusable) and outcome.answer and outcome.read_state == "unreadable":
            self._count_unreadable(outcome)

    def _count_content(self, content: Usable | Unusable) -> None:
        self.limits.update(content.limited)
        for why, count in content.left_out:
            self.omitted.add(why, content.url, count=count, incomplete=why == UNREAD_RECORD or why in UNFINISHED)
        if isinstance(content, Parsed) and READ_FROM_CUT in content.article.problems:
            self.omitted.add(FROM_CUT, content.url)

    def _count_unreadable(self, outcome: Unusable) -> None:
        if outcome.lease.role in ("story", "page"):
            self.unreadable += 1
        elif outcome.lease.role in _LISTS and outcome.reason != "parser-fault":
            self.omitted.add("list that was captured and could not be read", outcome.lease.url, incomplete=True)

    def count_fault(self, outcome: Failed) -> None:
        """Count a capture that stays unparsed because of a fault of ours: it was due."""
        self.omitted.add("captured but not parsed, by a fault in our parser", f"{outcome.url}: {outcome.detail}", incomplete=True)

    def count_unresolved(self, capture: Capture, *, fresh: bool) -> None:
        """Count a revisit without its original; one of a page is an unreadable page.

        Args:
            fresh: It was given up in this run: what an earlier run gave up was weighed in that run's verdict, beside what it read.
        """
        self.omitted.add(NO_ORIGINAL, f"{capture.url} ({capture.warc} offset {capture.offset})")
        self.unreadable += fresh and is_page(capture)


def is_page(capture: Capture) -> bool:
    """Test for a capture of a page, by role, status, type and address."""
    from crawler.parsers.encoding.media_type import UNKNOWN, is_html

    if capture.role not in ("story", "page") or not (capture.status in (None, 304) or 200 <= (capture.status or 0) < 300):
        return False
    if capture.mime and capture.mime not in UNKNOWN:
        return is_html(capture.mime)
    return not path_of(capture.url).partition("?")[0].lower().endswith(_NO_PAGE)
