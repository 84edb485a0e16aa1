"""Directions for checking a proof by hand, and a shell script that checks it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crawler.formatting import counted

README, SCRIPT = "README.txt", "check.sh"

_FUNCTIONS = """\
#!/bin/sh
# Checks this proof with sha256sum, perl (for raw bytes) and openssl only: sh check.sh
cd "$(dirname "$0")" || exit 1
fail() { echo "FAILED: $1"; exit 1; }
raw() { perl -e 'print pack "H*", shift' "$1"; }
sha() { sha256sum | cut -c1-64; }
leaf() { { raw 00; cat "$1"; } | sha; }
line() { { raw 00; printf %s "$1"; } | sha; }
node() { { raw 01; raw "$1"; raw "$2"; } | sha; }
"""

_WHAT = """\
Proof of {story}, from the collection {collection}

What it is. {captures} of this story, as a web archiving program recorded them: the bytes sent and received, cut out of the
archive's WARC files (ISO 28500). Each record's way up to a root over all records of that day is given, so that it can be checked
without the rest of the archive. {stamps}

What it shows. The bytes in capture-*/ existed, as they are here, when the root was made{when}; nothing in them was changed since.
What it does not show. That the publisher sent them: web servers do not sign what they send, and TLS leaves no proof that others can check.
The recorded facts (address, certificate, time) are the archive's own statement. said.txt and body.bin are aids for reading: the evidence is
answer.warc.gz.

In this folder
  capture-N/answer.warc.gz   the record of the answer (of a repeated answer: revisit.warc.gz, and original-answer.warc.gz that it repeats)
  capture-N/request.warc.gz  the request, facts.warc.gz what was noted of the connection
  capture-N/body.bin         the body of the answer, unpacked
  capture-N/said.txt         headline, text, captions and credits as the archive's program read them
  roots/NNNNNN.txt           the root; its SHA-256 is what the timestamp is of
  proof.json                 all steps, for programs
  check.sh                   the steps below, as a script: sh check.sh

"""


def readme(document: Mapping[str, Any], roots: Sequence[int], stamped: Sequence[int], *, authority: bool) -> str:
    """Directions for a reader who has never seen this program.

    Args:
        document: What `proof.json` holds.
        roots, stamped: Numbers of the roots, and of those that have a timestamp.
        authority: Whether the authority's certificates lie in the folder.
    """
    count = len(document["captures"])
    bare = [number for number in roots if number not in stamped]
    if stamped:
        stamps = "An independent authority has stamped the root with the time (RFC 3161)."
        stamps += f" Root {', '.join(map(str, bare))} has no timestamp." if bare else ""
    else:
        stamps = "NO independent timestamp: how old the root is rests on the archive's word."
    parts = [
        _WHAT.format(
            story=document["story"], collection=document["collection"], captures=counted(count, "capture"), stamps=stamps,
            when=", at the latest at the time of its timestamp" if stamped else "",
        )
    ]  # fmt: skip
    for number, capture in enumerate(document["captures"], 1):
        parts.append(f"capture-{number}: version {capture['version']}, {capture['date']} (UTC), {capture['url']}\n")
        parts += [f"  {line}\n" for line in _by_hand(capture["records"][-1])]
    parts.append(_stamps(stamped, authority=authority))
    return "".join(parts)


def script(document: Mapping[str, Any], stamped: Sequence[int]) -> str:
    """Shell script that checks every record of a proof, and the timestamps."""
    lines = [_FUNCTIONS]
    for capture in document["captures"]:
        for record in capture["records"]:
            lines += [f"{line}\n" for line in _steps(record)]
    for number in stamped:
        root = f"roots/{number:06d}"
        lines.append(
            "if [ -f authority.pem ]; then\n"
            f'  openssl ts -verify -data {root}.txt -in {root}.tsr -CAfile authority.pem || fail "timestamp {number}"\n'
            f'else echo "timestamp {number}: not checked, since authority.pem (certificates of the authority) is not here"; fi\n'
        )
    return "".join([*lines, 'echo "All records lead to their roots."\n'])


def _steps(record: Mapping[str, Any]) -> Iterator[str]:
    name = shlex.quote(record["file"])
    yield f"h=$(leaf {name})"
    for side, sibling in record["path"]:
        yield f'h=$(node {sibling} "$h")' if side == "left" else f'h=$(node "$h" {sibling})'
    line = shlex.quote(record["line"])
    yield f'[ "$h" = {record["line"].split(" ")[3]} ] || fail {name}'
    yield f"h=$(line {line})"
    for side, sibling in record["line_path"]:
        yield f'h=$(node {sibling} "$h")' if side == "left" else f'h=$(node "$h" {sibling})'
    yield f'grep -qx "merkle: $h" roots/{record["root"]:06d}.txt || fail {name}'
    yield f'echo "good: {record["file"]}"'


def _by_hand(record: Mapping[str, Any]) -> Iterator[str]:
    """The steps of one record in words."""
    sha256, size, records, root, path = record["line"].split(" ")
    yield f"1. {record['file']} lies in {path} at offset {record['offset']}, {record['length']} bytes;"
    yield f"   that file has {size} bytes and the SHA-256 {sha256}. To look at it: zcat {shlex.quote(record['file'])} | less"
    yield f"2. SHA-256 of a zero byte and {record['file']} is {record['leaf']}:"
    yield f"   {{ printf '\\000'; cat {shlex.quote(record['file'])}; }} | sha256sum"
    yield f"3. Joined with the {len(record['path'])} hashes under `path` of proof.json, one after the other (SHA-256 of a byte 01, the left"
    yield f"   hash and the right hash), it gives the root over the {records} records of that file: {root}"
    yield "4. That root stands in the line of the file; SHA-256 of a zero byte and this line (without line end):"
    yield f"   {record['line']}"
    yield f"5. Joined with the {len(record['line_path'])} hashes under `line_path`, it gives `merkle:` of roots/{record['root']:06d}.txt."


def _stamps(stamped: Sequence[int], *, authority: bool) -> str:
    if not stamped:
        return ""
    told = ["\nThe timestamps, with the certificates of the authority in authority.pem"]
    told.append(" (a copy lies here; get them from the authority itself)\n" if authority else " (get them from the authority)\n")
    told += [
        f"  openssl ts -verify -data roots/{number:06d}.txt -in roots/{number:06d}.tsr -CAfile authority.pem\n"
        f"  openssl ts -reply -in roots/{number:06d}.tsr -text      # when, by whom\n"
        for number in stamped
    ]
    return "".join(told)
