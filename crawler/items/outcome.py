"""Outcome of one capture: article, list, media, redirect, not modified, unusable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from attrs import evolve, field, frozen

from crawler.errors import GONE_REASONS
from crawler.items.articles import Article, Imprint, Link
from crawler.items.captures import Capture, LeasedRequest, ReadState
from crawler.items.target import BY_NUMBER

ListKind = Literal["index", "urlset", "text", "feed"]

Needed = tuple[str, str]
"""A requisite: its address, and its kind (`style`, `script`, `font`, `picture`, `icon`, `manifest`)."""

READ_FROM_CUT = "read-from-cut-answer"
"""The problem of a version that was read from an answer or a compressed stream that was cut off."""
LIST_NOT_READ_TO_END = "feed or sitemap not read to its end"
NO_LIST = "list that is neither feed nor sitemap"
UNFINISHED = frozenset({LIST_NOT_READ_TO_END, NO_LIST})
"""Reasons in `left_out` by which entries of a list may be missing: they were due."""


@frozen(kw_only=True)
class _Outcome:
    """Fields of every outcome."""

    lease: LeasedRequest
    links: Sequence[Link] = ()
    """In page order: a tuple, or what compares as one."""
    bytes: int = 0
    """Bytes of the payload."""
    limited: tuple[str, ...] = ()
    """Limits that were hit during parsing."""
    left_out: tuple[tuple[str, int], ...] = ()
    """Parts that were not read: the reason, in words for the run report, and how many pieces (pages, bytes, links)."""
    reader_version: str | None = field(default=None, eq=False)
    """Version of the readers (`reader_version`); None if nothing was read."""

    @property
    def unfinished(self) -> bool:
        """True for a list that may lack entries: it is requested again without validators."""
        return any(reason in UNFINISHED for reason, _ in self.left_out)


@frozen(kw_only=True)
class _Usable(_Outcome):
    """Fields of every outcome of a usable answer."""

    capture: Capture

    @property
    def url(self) -> str:
        """The address that answered."""
        return self.capture.url


@frozen(kw_only=True)
class Parsed(_Usable):
    """Article, with what its page links to."""

    read_state: ClassVar[ReadState] = "read"

    article: Article
    requisites: tuple[Needed, ...] = ()
    """Styles, scripts, fonts and pictures that the page needs to be shown, if they were asked for."""
    further: tuple[str, ...] = ()
    """Addresses of further pages of the same article."""


@frozen(kw_only=True)
class Unparsed(_Usable):
    """Page left for a later `scrapy reindex --unread`."""

    read_state: ClassVar[ReadState] = "unread"

    requisites: tuple[Needed, ...] = ()
    """As of an article: they are known without reading it."""


@frozen(kw_only=True)
class Listing(_Usable):
    """Links of a feed, a sitemap, or a page that lists stories."""

    kind: ListKind | None = None
    """None for a page, and for a document that is neither feed nor sitemap."""
    pictures: tuple[str, ...] = ()
    """Addresses of pictures that a feed or sitemap names."""
    newest: int | None = None
    """Of a feed: the highest story number in it; tells a stale mirror."""
    requisites: tuple[Needed, ...] = ()
    """As of an article, of a page."""
    stories: int | None = None
    """How many stories its links lead to; None where that is not counted."""

    @property
    def read_state(self) -> ReadState:
        """State of its capture; a list at a page's address is no unread story."""
        return "not-a-story" if self.capture.role == "page" else "read"


@frozen(kw_only=True)
class Media(_Usable):
    """Picture, style, script or document without text to read."""

    read_state: ClassVar[ReadState] = "not-a-story"

    requisites: tuple[Needed, ...] = ()
    """Of a style sheet or script: what it needs in its turn, if it was asked for."""
    imprint: Imprint | None = None
    """Byline, credit and copyright in a picture file."""


@frozen(kw_only=True)
class Robots(_Usable):
    """robots.txt; its rules are read elsewhere (`middlewares.robotstxt`)."""

    read_state: ClassVar[ReadState] = "not-a-story"


@frozen(kw_only=True)
class Redirect(_Usable):
    """Redirect to follow, by status or by a page that only refreshes."""

    read_state: ClassVar[ReadState] = "not-a-story"

    target: str
    by_refresh: bool = False


@frozen(kw_only=True)
class NotModified(_Usable):
    """304 in answer to validators."""

    read_state: ClassVar[ReadState] = "read"


@frozen(kw_only=True)
class Unusable(_Outcome):
    """Failed attempt: no answer, or one that is not what was asked for."""

    capture: Capture | None
    """None if no byte came."""
    reason: str
    """A word of `errors.REASONS`."""
    detail: str = ""
    answer: bool = False
    """Whether the matter is settled: a lasting 404 or 410 is an answer, a challenge page is not."""
    read_state: ReadState = "not-a-story"
    retry_after: float | None = None
    """Seconds the server asked to wait."""
    noted: bool = False
    """Whether the failure is recorded already, beside the bytes that came."""
    moved_to: str | None = None
    """The story that this story's address leads to now."""
    fault: str | None = field(default=None, eq=False)
    """Traceback of a fault in our own parser, as text: it may come from another process."""

    @property
    def unused(self) -> bool:
        """True if no story has the number that was asked for: no failure."""
        return self.answer and self.reason in GONE_REASONS and self.lease.found_on == BY_NUMBER

    @property
    def url(self) -> str:
        """The address that answered, or the one that was asked."""
        return self.capture.url if self.capture is not None else self.lease.url


Usable = Parsed | Unparsed | Listing | Media | Robots | Redirect | NotModified


@frozen(kw_only=True)
class CutOff:
    """Failed attempt whose answer was cut off, with what was read of it."""

    answer: ClassVar[bool] = False
    noted: ClassVar[bool] = True
    retry_after: ClassVar[float | None] = None

    read: Usable
    reason: str
    """Why the attempt failed; it is recorded already."""
    detail: str = ""

    @property
    def lease(self) -> LeasedRequest:
        """The request."""
        return self.read.lease

    @property
    def capture(self) -> Capture:
        """The part that came."""
        return self.read.capture

    @property
    def url(self) -> str:
        """The address that answered."""
        return self.read.url

    @property
    def links(self) -> Sequence[Link]:
        """Links in the part that came."""
        return self.read.links

    @property
    def read_state(self) -> ReadState:
        """State of its capture."""
        return self.read.read_state

    @property
    def reader_version(self) -> str | None:
        """Version of the readers."""
        return self.read.reader_version

    @property
    def unfinished(self) -> bool:
        """True for a list that may lack entries."""
        return self.read.unfinished


Failed = Unusable | CutOff
Outcome = Usable | Failed


def content_of(outcome: Outcome) -> Usable | Unusable:
    """Return the parsed part of an outcome; of a cut-off answer, its part."""
    return outcome.read if isinstance(outcome, CutOff) else outcome


def with_limit(outcome: Outcome, limit: str) -> Outcome:
    """Add a limit that was hit."""
    if isinstance(outcome, CutOff):
        return evolve(outcome, read=evolve(outcome.read, limited=(*outcome.read.limited, limit)))
    return evolve(outcome, limited=(*outcome.limited, limit))
