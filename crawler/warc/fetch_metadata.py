"""Facts beside an exchange that HTTP does not tell: the fields of its `metadata` record.

The names `via` and `fetchTimeMs` are those of WARC 1.1 section 6.5; the others are ours.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from typing import get_args

from attrs import asdict, frozen

from crawler.items import Capture, Exchange, Failure, Headers, LeasedRequest, Role, Target, Tls
from crawler.warc.headers import header_uri, read_date, read_fields, read_value, write_date, write_fields

_ROLES: dict[str, Role] = {role: role for role in get_args(Role)}


@frozen(kw_only=True)
class Facts:
    """The fields of one metadata record."""

    pairs: dict[str, str]

    def text(self, name: str) -> str | None:
        """A field's value, or None."""
        return self.pairs.get(name)

    def number(self, name: str) -> int | None:
        """A field's value as an integer, or None if it is none."""
        text = self.pairs.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None

    @property
    def ours(self) -> bool:
        """True if this crawler wrote them."""
        return {"site", "role", "key"} <= self.pairs.keys()

    def role(self) -> Role:
        """The role; `page` if none of ours is named."""
        return _ROLES.get(self.pairs.get("role", ""), "page")


def read_facts(block: bytes) -> Facts:
    """The fields of an `application/warc-fields` block; of a name that comes twice, the first."""
    return Facts(pairs={name: read_value(value) for name, value in reversed(read_fields(block))})


def tells_ours(warcinfo: Facts) -> bool:
    """True if a warcinfo is of this crawler: it tells how chunked payloads are digested."""
    return warcinfo.text("chunkedPayloadDigest") is not None


def tls_json(tls: Tls | None) -> str | None:
    """The facts of a handshake as one line of JSON."""
    return json.dumps(asdict(tls), separators=(",", ":")) if tls else None


def exchange_facts(
    exchange: Exchange, lease: LeasedRequest, *, reason: str | None = None, detail: str = "", payload_digest: str | None = None,
    part_of_site: bool = False,
) -> bytes:  # fmt: skip
    """The block of the metadata record beside an exchange.

    Args:
        reason, detail: Why its answer is known to be unusable.
        payload_digest: The payload's SHA-1, for the index, if the response record names another digest only.
        part_of_site: Name the site as `isPartOf`, by the standard's word, where a file holds captures of several.
    """
    pairs: list[tuple[str, str | int | None]] = [
        *_target(lease.target.at(exchange.url), lease.attempt, part_of_site=part_of_site),
        *(("depth", lease.depth), ("hops", lease.hops)),
        ("validates", lease.validates),
        ("original", lease.original),
        ("mementoDate", write_date(lease.memento_date) if lease.memento_date else None),
        ("confirms", None if lease.confirms is None else int(lease.confirms)),
        ("fetchTimeMs", exchange.elapsed_ms),
        ("tls", tls_json(exchange.tls)),
        ("payloadDigest", payload_digest),
        ("problem", exchange.problem),
        *(("interim", b64encode(head).decode("ascii")) for head in exchange.interim),
    ]
    if reason is not None:
        pairs += [("reason", reason), ("detail", detail), ("bytes", len(exchange.response))]
    return write_fields(pairs)


def failure_facts(failure: Failure, *, part_of_site: bool = False) -> bytes:
    """The block of the metadata record of an attempt without a byte received."""
    took, told = ("fetchTimeMs", failure.elapsed_ms), (("reason", failure.reason), ("detail", failure.detail), ("bytes", failure.bytes))
    return write_fields([*_target(failure.target, failure.attempt, part_of_site=part_of_site), took, *told])


def _target(target: Target, attempt: int, *, part_of_site: bool) -> Iterable[tuple[str, str | int | None]]:
    # The header can only carry the percent-encoded form, which does not lead back.
    yield "url", target.url if header_uri(target.url) != target.url else None
    yield from (("site", target.site), ("role", target.role), ("key", target.key), ("story", target.story), ("language", target.language))
    yield from (("attempt", attempt), ("via", target.found_on), ("isPartOf", target.site if part_of_site else None))


def lease_of(facts: Facts, url: str, request_fields: Iterable[tuple[str, str]] = ()) -> LeasedRequest:
    """The leased request, from its facts and the validators in the request."""
    sent = Headers(request_fields)
    return LeasedRequest(
        target=Target(
            key=facts.text("key") or "",
            url=url,
            site=facts.text("site") or "",
            role=facts.role(),
            story=facts.text("story"),
            language=facts.text("language"),
            found_on=facts.text("via"),
            depth=facts.number("depth") or 0,
        ),
        attempt=facts.number("attempt") or 1,
        hops=facts.number("hops") or 0,
        etag=sent.first("if-none-match"),
        last_modified=sent.first("if-modified-since"),
        validates=facts.text("validates"),
        original=facts.text("original"),
        memento_date=read_date(facts.text("mementoDate")),
        confirms={"0": False, "1": True}.get(facts.text("confirms") or "") if facts.ours else None,
    )


def failure_of(capture: Capture, *, reason: str, detail: str = "", received: int) -> Failure:
    """The failure that a capture turned out to be; `received` counts the bytes that came."""
    return Failure(
        target=capture.target.at(capture.via or capture.url),
        date=capture.date,
        reason=reason,
        detail=detail,
        attempt=capture.attempt,
        bytes=received,
        record_id=capture.record_id,
        elapsed_ms=capture.elapsed_ms,
    )
