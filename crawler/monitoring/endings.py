"""Ends of crawls, as other programs are told of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from crawler.crawl.report import Report
from crawler.crawl.report_text import summary
from crawler.errors import ArchiveError


@frozen(kw_only=True)
class Ending:
    """End of the crawl of one site: its report, or an error before that."""

    site: str
    path: Path | None
    """The collection; None if no directory for it is known."""
    outcome: Report | ArchiveError

    @property
    def report(self) -> Report | None:
        """The report, if it came so far."""
        return self.outcome if isinstance(self.outcome, Report) else None

    @property
    def exit_code(self) -> int:
        """The exit code of this site alone."""
        return self.outcome.exit_code

    def document(self) -> Mapping[str, Any]:
        """The end as JSON: the report, or site, verdict, exit code and reason."""
        if isinstance(self.outcome, Report):
            return self.outcome.document()
        return {"site": self.site, "verdict": "FAILED", "exit_code": self.exit_code, "reason": str(self.outcome)}

    def text(self) -> str:
        """The end in a few lines for people: verdict, figures, failed checks, advice."""
        if isinstance(self.outcome, Report):
            return summary(self.outcome)
        return f"{self.site}: FAILED (exit code {self.exit_code}): {self.outcome}"
