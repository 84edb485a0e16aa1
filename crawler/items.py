"""The nouns that travel between the rooms: frozen, keyword-only, times aware UTC.

    Lease -> Exchange -> Capture -> (Page) -> Reading(Article(Block, Image)) -> Version

A noun gains no attribute on its way: a later stage makes a new noun that holds the earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from attrs import field, frozen

from crawler.exchange import Exchange as Exchange
from crawler.exchange import Lookup as Lookup
from crawler.exchange import Tls as Tls
from crawler.exchange import Truncated as Truncated
from crawler.exchange import is_whole_answer as is_whole_answer
from crawler.spool import CHUNK_BYTES as CHUNK_BYTES
from crawler.spool import SPOOL_BYTES as SPOOL_BYTES
from crawler.spool import Bytes as Bytes
from crawler.spool import Tail as Tail

Role = Literal["seed", "feed", "sitemap", "section", "story", "requisite", "robots", "page"]
RecordType = Literal["response", "revisit", "resource", "conversion"]
ReadState = Literal["unread", "read", "unreadable", "not-a-story"]
READ_FROM_CUT = "read-from-cut-answer"
"""The problem of a version that was read from an answer or a compressed stream that was cut off."""
LIST_NOT_READ_TO_END = "feed or sitemap not read to its end"
NO_LIST = "list that is neither feed nor sitemap"
UNFINISHED = frozenset({LIST_NOT_READ_TO_END, NO_LIST})
"""What of a list is left out so that entries may be missing: it was due."""
BlockKind = Literal["paragraph", "heading", "quote", "list", "picture", "related"]


@frozen(kw_only=True)
class Errand:
    """One thing yet to be asked for, before a host is chosen: what the frontier is given."""

    key: str
    """What makes it unique, whatever the host: a story id, a picture key, `site:language:/path`, or a plain address."""
    url: str
    """The address as found; the host may be another one when it is asked for."""
    site: str
    role: Role
    story: str | None = None
    language: str | None = None
    priority: int = 0
    """Higher goes first."""
    found_on: str | None = None
    depth: int = 0
    """Links between the seed and this address."""
    hint: str | None = None
    """What a feed calls the story now: a known story whose title changed is asked for again at once."""
    host: str | None = None
    """The only host to ask, where it matters."""
    again: bool = False
    """Ask for it even if it is known and not due."""
    only_new: bool = False
    """Do not ask for it if it is known, due or not."""


@frozen(kw_only=True)
class Lease:
    """One frontier row handed out to be fetched now: the errand, and the address with its host chosen."""

    key: str
    """What makes the row unique: a story id, a picture key, or `site:language:/path` of a mirrored address, or a plain address."""
    url: str
    site: str
    role: Role
    story: str | None = None
    """`presstv/459588`, where the errand is for a story (its page or its pictures)."""
    language: str | None = None
    found_on: str | None = None
    """The address of the page on which it was found."""
    depth: int = 0
    attempt: int = 1
    hops: int = 0
    """Redirects followed so far in this attempt."""
    etag: str | None = None
    last_modified: str | None = None
    validates: str | None = None
    """record_id of the capture whose validators `etag` and `last_modified` are."""
    record_id: str | None = None
    """`urn:uuid:...` that the record of the first answer will have; None where it is not decided beforehand."""


@frozen(kw_only=True)
class Capture:
    """Where an exchange lies in the archive: one row of table `captures`."""

    record_id: str
    """`urn:uuid:...` of the response or revisit record."""
    url: str
    host: str
    site: str
    date: datetime
    role: Role
    key: str
    warc: str
    """File name, without `.open`."""
    offset: int
    """Of the response or revisit record's gzip member, in bytes."""
    length: int
    """Of that gzip member, in bytes."""
    method: str = "GET"
    status: int | None = None
    mime: str | None = None
    payload_digest: str | None = None
    """`sha1:` and 32 base32 characters."""
    block_digest: str | None = None
    revisit_of: str | None = None
    """record_id of the capture whose payload this one repeats."""
    truncated: Truncated | None = None
    cut_at: int | None = None
    """Bytes of the entity body that came, where it was cut off and its status announces all of it."""
    problem: str | None = None
    ip: str | None = None
    protocol: str | None = None
    tls: str | None = None
    """JSON object of `Tls`, or None for plain HTTP."""
    elapsed_ms: int | None = None
    story_id: str | None = None
    language: str | None = None
    via: str | None = None
    """Where the copy came from when it is not from the host itself: a web archive's address."""
    found_on: str | None = None
    """The address of the page whose link led here."""
    attempt: int = 1
    etag: str | None = None
    last_modified: str | None = None
    record_type: RecordType = "response"
    refers_to_url: str | None = None
    """Of a revisit: WARC-Refers-To-Target-URI, by which its original is found where no record id is named."""
    refers_to_date: datetime | None = None
    """Of a revisit: WARC-Refers-To-Date."""
    written_id: str | None = None
    """WARC-Record-ID as the record has it, where `record_id` had to be another: it is used twice, or missing."""
    written_digest: str | None = None
    """The payload digest that the record has beside or in place of `payload_digest`, canonical (`sha256:` and hexadecimal): of another
    algorithm, or of the framed body. Revisits of the same makers name this one. Of a revisit that names another algorithm: the SHA-1,
    once known."""

    @property
    def is_cut(self) -> bool:
        """Whether a part of what was asked for came, by status and truncation: it is read where nothing better comes."""
        return self.truncated is not None and is_whole_answer(self.status)


@frozen(kw_only=True)
class Failure:
    """One attempt without a usable answer: one row of table `failures`."""

    url: str
    site: str
    role: Role
    key: str
    date: datetime
    reason: str
    """One of the words of table `failures` (see `errors.REASONS`)."""
    detail: str = ""
    story_id: str | None = None
    language: str | None = None
    found_on: str | None = None
    attempt: int = 1
    bytes: int = 0
    """Bytes received."""
    record_id: str | None = None
    """The capture that holds what came, or None where no byte came."""
    elapsed_ms: int | None = None


@frozen(kw_only=True)
class Link:
    """One address on a page, in page order."""

    url: str
    text: str = ""
    date: str | None = None
    """As a feed or sitemap prints it: when published or last changed."""
    listing: bool = False
    """Whether it leads to a further list: a part of a sitemap index, the next page of a feed."""


@frozen(kw_only=True)
class Image:
    """One editorial picture of an article."""

    url: str
    key: str = ""
    """What stays the same when the picture's host changes; the address itself where nothing is known."""
    caption: str | None = None
    credit: str | None = None
    agency: str | None = None
    alt: str | None = None
    raw: str | None = None
    """The figcaption as printed, credit included."""


@frozen(kw_only=True)
class Imprint:
    """What a picture file says of its maker, in its IPTC and XMP: a witness beside the page's credit."""

    byline: str | None = None
    """Who made it; several names joined by commas."""
    credit: str | None = None
    copyright: str | None = None
    """The copyright notice."""


@frozen(kw_only=True)
class Block:
    """One piece of a body, in order."""

    kind: BlockKind
    text: str | None = None
    image: int | None = None
    """Index into the article's images, for kind `picture`."""


@frozen(kw_only=True)
class Article:
    """One reading of one capture. Absent is None or (), never a guess."""

    url: str
    story: str | None = None
    template: str = "generic"
    headline: str | None = None
    headline_alternatives: tuple[str, ...] = ()
    deck: str | None = None
    blocks: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    authors: tuple[str, ...] = ()
    published: str | None = None
    """ISO 8601 with zone; a bare date where no time is known."""
    modified: str | None = None
    published_raw: str | None = None
    section: str | None = None
    breadcrumb: tuple[Link, ...] = ()
    language: str | None = None
    tags: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()
    """Hosts printed in the page's alternate-addresses line."""
    related: tuple[Link, ...] = ()
    canonical_url: str | None = None
    read_by: Mapping[str, str] = field(factory=dict)
    """Field name to the name of the reader that won it."""
    problems: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The text blocks joined by a newline."""
        return "\n".join(b.text for b in self.blocks if b.text and b.kind not in ("picture", "related"))


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


@frozen(kw_only=True)
class Version:
    """One distinct text of a story."""

    story_id: str
    n: int
    """1, 2, ... in the order seen."""
    text_digest: str
    first_seen: datetime
    last_seen: datetime
    article: Article


@frozen
class Mirror:
    """A host that serves the same stories."""

    host: str
    scheme: Literal["http", "https"] = field(default="https", kw_only=True)
    language: str | None = field(default=None, kw_only=True)
    """The only language it serves, or None for the site's own."""
    since: date | None = field(default=None, kw_only=True)
    until: date | None = field(default=None, kw_only=True)
    """First day on which it no longer is the publisher's (seized, given up)."""
    alias: bool = field(default=False, kw_only=True)
    """Another name of a server that is listed already, or one that only old links use: asked when nothing else is left."""

    def holds(self, day: date) -> bool:
        """Whether the host was the publisher's on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)
