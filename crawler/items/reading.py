"""What one capture turned out to be."""

from __future__ import annotations

from attrs import field, frozen

from crawler.items.articles import Article, Imprint, Link
from crawler.items.captures import Capture, Lease, ReadState

READ_FROM_CUT = "read-from-cut-answer"
"""The problem of a version that was read from an answer or a compressed stream that was cut off."""
LIST_NOT_READ_TO_END = "feed or sitemap not read to its end"
NO_LIST = "list that is neither feed nor sitemap"
UNFINISHED = frozenset({LIST_NOT_READ_TO_END, NO_LIST})
"""What of a list is left out so that entries may be missing: it was due."""


@frozen(kw_only=True)
class Reading:
    """What one capture turned out to be: an article, a list of links, a failure, or just bytes that were wanted."""

    lease: Lease
    capture: Capture | None
    """None where no byte came."""
    reason: str | None = None
    """Why the answer is not usable (a word of `errors.REASONS`), or None."""
    detail: str = ""
    answer: bool = False
    """Whether the matter is settled: a lasting 404 or 410 is an answer, a challenge page is not."""
    article: Article | None = None
    links: tuple[Link, ...] = ()
    requisites: tuple[str, ...] = ()
    """Addresses of styles, scripts and pictures the page needs to be shown, where they were asked for."""
    read_state: ReadState = "read"
    bytes: int = 0
    """Bytes of the payload."""
    moved_to: str | None = None
    """The story that this story's address leads to now."""
    retry_after: float | None = None
    """Seconds the server asked to wait."""
    noted: bool = False
    """Whether the failure is written down already, beside the bytes that came."""
    fault: str | None = field(default=None, eq=False)
    """The traceback of a fault in our own parser, as text: it may come from another process."""
    newest: int | None = None
    """Of a feed: the highest story number in it; tells a stale mirror."""
    limited: tuple[str, ...] = ()
    """The limits that were hit while it was read."""
    left_out: tuple[tuple[str, int], ...] = ()
    """What of it was not read: the reason, in words for the run report, and how many pieces (pages, bytes, links)."""
    imprint: Imprint | None = None
    """Of a picture: what its file says of its maker."""
    listing: str | None = None
    """Of a feed or sitemap, whose entries `links` are: `index`, `urlset`, `text` or `feed`. Its pictures are in `requisites`."""
    refresh: str | None = None
    """Where a page leads that is nothing but a refresh: a redirect in all but its status."""
    reader_version: str | None = field(default=None, eq=False)
    """By which readers (`reader_version`); None where nothing was read."""

    @property
    def unfinished(self) -> bool:
        """Whether it is of a list that may have entries which were not read: it is asked for again without validators."""
        return any(reason in UNFINISHED for reason, _ in self.left_out)

    @property
    def of_cut(self) -> bool:
        """Whether the attempt failed since its answer was cut off, and what came was read all the same."""
        failed = self.reason is not None and self.noted and self.read_state != "unreadable"
        return failed and self.capture is not None and self.capture.is_cut
