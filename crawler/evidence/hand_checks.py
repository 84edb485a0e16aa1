"""Commands of standard tools by which anybody checks a record by hand."""

from __future__ import annotations

import shlex
from typing import Literal

from attrs import frozen

from crawler.evidence.records import RecordFacts

Step = Literal["cut", "head", "block", "payload", "file"]

_UNCHUNKED = (
    "perl -0777 -ne 'while (/\\G([0-9a-f]+)[^\\n]*\\n/gci) { $n = hex $1; last unless $n; print substr($_, pos, $n); pos() += $n + 2 }'"
)
"""Takes the chunk sizes off a body."""


@frozen(kw_only=True)
class Check:
    """One step: a command to type, and what it must print."""

    step: Step
    command: str
    expected: str | None = None


def record_checks(record: RecordFacts, file: str, *, payload_digest: str | None = None) -> list[Check]:
    """Cut a record out of its file, then measure its block and its payload.

    Args:
        file: Path as it is to be typed, from the collection's folder.
        payload_digest: `sha1:` and base32 of the payload, as the index has it.
    """
    name = {"revisit": "revisit", "request": "request", "metadata": "facts"}.get(record.type, "record")
    unzip = " | gunzip" if record.gzipped else ""
    place = f"iflag=skip_bytes,count_bytes skip={record.offset} count={record.length} status=none"
    block = f"tail -c +{record.head_length + 1} {name}.warc | head -c {record.block_length} > {name}.block"
    found = [
        Check(step="cut", command=f"dd if={shlex.quote(file)} {place}{unzip} > {name}.warc"),
        Check(step="head", command=f"head -c {record.head_length} {name}.warc"),
        Check(
            step="block",
            command=f"{block} && {_sha1(f'{name}.block')}",
            expected=_base32(record.block_digest) or _base32(record.measured_block),
        ),
    ]
    if record.type == "response" and _base32(payload_digest):
        body = f"tail -c +{record.http_head_length + 1} {name}.block"
        framed = f" | {_UNCHUNKED}" if record.chunked else ""
        found.append(Check(step="payload", command=f"{body}{framed} > payload && {_sha1('payload')}", expected=_base32(payload_digest)))
    return found


def file_check(file: str, sha256: str | None) -> Check:
    """Measure a whole file."""
    return Check(step="file", command=f"sha256sum {shlex.quote(file)}", expected=sha256)


def _sha1(name: str) -> str:
    return f"openssl dgst -sha1 -binary {name} | base32"


def _base32(digest: str | None) -> str | None:
    """The base32 of a SHA-1 as WARCs write it; None for other digests."""
    name, _, value = (digest or "").partition(":")
    return value.upper() if name.lower() == "sha1" and len(value) == 32 else None
