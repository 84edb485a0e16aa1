"""Requests to make, captures as recorded, failed attempts, and the hosts that serve a site."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from attrs import evolve, field, frozen

from crawler.items.exchange import Truncated, is_whole_answer
from crawler.items.target import Targeted
from crawler.urls import host_of

RecordType = Literal["response", "revisit", "resource", "conversion"]
ReadState = Literal["unread", "read", "unreadable", "not-a-story"]
MAX_VALIDATOR = 4096
"""Characters of an ETag that are sent back: a longer one is an attack on the next request."""


@frozen(kw_only=True)
class FrontierRequest(Targeted):
    """A target yet to be requested; its host may change until then."""

    priority: int = 0
    """Higher goes first."""
    hint: str | None = None
    """What a feed calls the story now: a known story whose title changed is asked for again at once."""
    host: str | None = None
    """The only host to ask, where it matters."""
    announced: str | None = None
    """Date that the list gives by which it is found."""
    again: bool = False
    """Ask for it even if it is known and not due."""
    only_new: bool = False
    """Do not ask for it if it is known, due or not."""


@frozen(kw_only=True)
class Validators:
    """Validators of the last whole answer to a request (RFC 9110 8.8)."""

    etag: str | None
    last_modified: str | None
    of: str | None
    """record_id of the capture that holds the answer's body."""
    host: str
    """Which answered."""


@frozen(kw_only=True)
class LeasedRequest(Targeted):
    """A target handed out to be fetched now, its address with the host chosen."""

    attempt: int = 1
    hops: int = 0
    """Redirects followed so far in this attempt."""
    etag: str | None = None
    last_modified: str | None = None
    validates: str | None = None
    """record_id of the capture whose validators `etag` and `last_modified` are."""
    held: Validators | None = None
    """Of the last whole answer, from whatever address: a hop may lead there."""
    confirms: bool | None = None
    """Of a story that is missing: whether a further denial settles that it is gone; None if it is not missing."""
    record_id: str | None = None
    """`urn:uuid:...` that the record of the first answer will have; None if it is not decided beforehand."""
    original: str | None = None
    """Of a request for a web archive's copy: the address that was archived; `url` is the copy's."""
    memento_date: datetime | None = None
    """When it was archived, as the archive's answer says; None if the answer is no copy."""

    def conditional(self) -> LeasedRequest:
        """The same, asked by the validators that are held if its host gave them."""
        held = self.held
        if held is None or held.host != host_of(self.url):
            return self
        return evolve(self, etag=held.etag, last_modified=held.last_modified, validates=held.of)

    @property
    def conditions(self) -> dict[str, str]:
        """Header fields that ask for what has changed since."""
        fields = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return {name: value for name, value in fields if value and len(value) <= MAX_VALIDATOR}


@frozen(kw_only=True)
class Capture(Targeted):
    """The place of an exchange in the archive: one row of table `captures`."""

    record_id: str
    """`urn:uuid:...` of the response or revisit record."""
    host: str
    date: datetime
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
    via: str | None = None
    """The address of the web archive that the copy came from, None for the host itself."""
    memento_date: datetime | None = None
    """Of such a copy: when it was archived, as the archive says; `date` is when it was asked for."""
    attempt: int = 1
    confirms: bool | None = None
    """As of its request."""
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
    def shown(self) -> datetime:
        """Time of the page's state: `date`, or `memento_date` of a copy."""
        return self.memento_date or self.date

    @property
    def is_cut(self) -> bool:
        """Return True for an answer of which only a part came."""
        return self.truncated is not None and is_whole_answer(self.status)


@frozen(kw_only=True)
class Failure(Targeted):
    """One attempt without a usable answer: one row of table `failures`."""

    date: datetime
    reason: str
    """One of the words of table `failures` (see `errors.REASONS`)."""
    detail: str = ""
    attempt: int = 1
    bytes: int = 0
    """Bytes received."""
    record_id: str | None = None
    """The capture of the bytes that came, None if none did."""
    elapsed_ms: int | None = None


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
    series: str = field(default="", kw_only=True)
    """Name of the row of story numbers that its edition counts by, where that is not the site's own: stories are `SITE/SERIES-NUMBER`."""

    def holds(self, day: date) -> bool:
        """Return True if the host was the publisher's on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)
