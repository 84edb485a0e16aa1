"""Outputs of ended crawls beside the terminal: JSON file, metrics, webhook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from attrs import define, field
from attrs.converters import optional

from crawler import clock
from crawler.errors import ArchiveError, SetupError

if TYPE_CHECKING:
    from crawler.monitoring.endings import Ending
    from crawler.monitoring.exposition import Metric
    from crawler.monitoring.index_facts import CollectionFacts
    from crawler.monitoring.webhook import Webhook

# The rest is imported where it is used: a crawl begins sooner.


class Settings(Protocol):
    """Scrapy's settings, as far as they matter here."""

    def get(self, name: str, default: Any = None) -> Any:
        """One setting."""


@define(kw_only=True)
class Outputs:
    """Places that a command tells its end to, once."""

    report_json: str | None = None
    metrics: Path | None = field(default=None, converter=optional(Path))
    settings: Settings
    """Read when the end is told: a command may still change them."""
    sites: Sequence[str]
    """Sites that were named, whether there are such or not."""
    _told: bool = field(default=False, init=False)

    def begin(self) -> None:
        """Empty the file of the report, and test that of the metrics.

        Raises:
            SetupError: One of them cannot be written.
        """
        check_places(self.report_json, self.metrics)

    def tell(self, endings: Sequence[Ending]) -> list[ArchiveError]:
        """Tell how crawls ended, everywhere, whatever fails.

        Returns:
            What could not be written; failures of the webhook are logged, and stand in the metrics.
        """
        self._told = True
        faults: list[ArchiveError] = []
        if self.report_json is not None:
            from crawler.monitoring.crawls_report import crawls_document

            document, _ = crawls_document([one.site for one in endings], [one.outcome for one in endings])
            faults += write_document(self.report_json, document)
        faults += self._write_feeds(endings)
        webhook = self._webhook()
        if self.metrics is None and webhook is None:
            return faults
        from crawler.monitoring.index_facts import collection_facts
        from crawler.monitoring.metrics import crawl_metrics, read_before

        facts = [collection_facts(one.path, one.site) for one in endings]
        before = read_before(self.metrics) if self.metrics is not None else ""
        untold = _post(webhook, endings, facts, before) if webhook else []
        if self.metrics is not None:
            faults += write_figures(self.metrics, crawl_metrics(endings, facts, now=clock.now(), before=before, untold=untold))
        return faults

    def tell_error(self, error: ArchiveError) -> list[ArchiveError]:
        """Tell that none of the sites was crawled; nothing if an end was told already."""
        if self._told:
            return []
        from crawler.monitoring.endings import Ending

        if self.settings.get("LOG_FILE"):
            from crawler.monitoring.logged_report import log_refusal

            log_refusal(str(error))
        where, named = self.settings.get("ARCHIVE_DIR"), self.settings.get("ARCHIVE_COLLECTION")
        folder = Path(where).expanduser().absolute() if where else None
        return self.tell([Ending(site=site, path=folder / (named or site) if folder else None, outcome=error) for site in self.sites])

    def _write_feeds(self, endings: Sequence[Ending]) -> list[ArchiveError]:
        """Write the events of each collection that was crawled; what could not be written."""
        place = self.settings.get("ARCHIVE_EVENTS_FEED")
        crawled = [one.path for one in endings if one.report is not None and one.path is not None] if place else []
        if len(crawled) > 1 and Path(place).expanduser().is_absolute():
            return [SetupError(f"ARCHIVE_EVENTS_FEED: {place}: several sites would write it; a relative path begins at each collection")]
        faults = list[ArchiveError]()
        for path in crawled:
            from crawler.monitoring.events_feed import write_feed_of

            authority, author = self.settings.get("ARCHIVE_FEED_AUTHORITY"), self.settings.get("ARCHIVE_OPERATOR")
            try:
                write_feed_of(path, place, authority=authority, author=author)
            except ArchiveError as error:
                faults.append(error)
        return faults

    def _webhook(self) -> Webhook | None:
        if not self.settings.get("ARCHIVE_WEBHOOK"):
            return None
        from crawler.monitoring.webhook import webhook_of

        return webhook_of(self.settings)


def check_places(report_json: str | None, metrics: Path | None) -> None:
    """Empty the file of a report, and test that of metrics.

    Raises:
        SetupError: One of them cannot be written.
    """
    if report_json is not None:
        from crawler.crawl.report import write_report

        write_report(report_json, None)
    if metrics is not None:
        from crawler.monitoring.exposition import check_place

        try:
            check_place(metrics)
        except OSError as error:
            raise _unwritable(metrics, error) from error


def write_document(place: str, document: Mapping[str, Any]) -> list[ArchiveError]:
    """Write a report as JSON; what went wrong."""
    from crawler.crawl.report import write_report

    try:
        write_report(place, document)
    except ArchiveError as error:
        return [error]
    return []


def write_figures(place: Path, metrics: Iterable[Metric]) -> list[ArchiveError]:
    """Write a file of metrics; what went wrong."""
    from crawler.monitoring.exposition import text_of, write_metrics

    try:
        write_metrics(place, text_of(metrics))
    except OSError as error:
        return [_unwritable(place, error)]
    return []


def _post(webhook: Webhook, endings: Sequence[Ending], facts: Sequence[CollectionFacts], before: str) -> list[str]:
    """Post each end that is to be told; the sites of which it failed."""
    from crawler.monitoring.exposition import values_of
    from crawler.monitoring.metrics import EXIT_CODE
    from crawler.monitoring.webhook import body_of

    codes = values_of(before, EXIT_CODE)
    posts = []
    for one, known in zip(endings, facts, strict=True):
        # The metrics know of crawls that could not begin, too; the index has this run's row already.
        earlier = known.exit_codes[one.report is not None :]
        last = int(codes[one.site]) if one.site in codes else next(iter(earlier), None)
        if webhook.wants(one.exit_code, last):
            posts.append((one.site, body_of(one.text(), one.document())))
    return webhook.post(posts)


def _unwritable(place: Path, error: OSError) -> SetupError:
    return SetupError(f"--metrics: {place}: cannot write: {error.strerror or error}")
