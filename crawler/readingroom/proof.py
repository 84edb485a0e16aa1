"""Proof sheet of a capture, and the bytes of its record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from crawler.catalogue.captures import CaptureFacts, capture_facts
from crawler.collection.layout import find_warc, path_inside
from crawler.errors import ArchiveError, Damaged
from crawler.evidence.archived import holder_of, warc_of
from crawler.evidence.hand_checks import Check, file_check, record_checks
from crawler.evidence.records import RecordFacts, exchange_records
from crawler.readingroom.pictures import attachment, capture_named
from crawler.roomframe.headers import FILE_POLICY
from crawler.roomframe.page import Asked, File, Page
from crawler.roomframe.strings import TEXTS

if TYPE_CHECKING:
    from crawler.items import Capture


@frozen(kw_only=True)
class Records:
    """The records of one capture in its file."""

    record_id: str
    file: str
    """Path of the WARC: from the collection's folder, or whole where it lies elsewhere."""
    sealed: bool
    records: Sequence[RecordFacts] = ()
    checks: Sequence[Check] = ()
    fault: str | None = None
    """Why the records cannot be read."""


@frozen(kw_only=True)
class Sheet:
    """Data of a proof sheet."""

    facts: CaptureFacts
    own: Records
    original: Records | None
    """Of a revisit: the capture whose payload it repeats."""
    no_original: bool
    """It repeats a payload that the collection does not hold."""
    replay: str | None


def proof_sheet(asked: Asked) -> Page:
    """Make the proof sheet of a capture."""
    capture = capture_named(asked)
    facts = capture_facts(asked.index, capture.record_id)
    assert facts is not None, "looked up a moment ago"
    holder = holder_of(asked.index, capture)
    other = holder if holder is not None and holder.record_id != capture.record_id else None
    data = Sheet(
        facts=facts,
        own=_records(asked, capture),
        original=_records(asked, other) if other is not None else None,
        no_original=holder is None,
        replay=asked.replay(facts.row["date"], capture.via or capture.url),
    )
    return Page(template="proof.html", title=TEXTS["proof_title"].format(url=capture.url), data=data)


def _records(asked: Asked, capture: Capture) -> Records:
    """Read the records of a capture; what cannot be read is told."""
    file = find_warc(asked.path, capture.warc)
    shown = path_inside(asked.path, file)
    known = capture_facts(asked.index, capture.record_id)
    warc = known.warc if known else None
    told = Records(record_id=capture.record_id, file=shown, sealed=warc is not None)
    try:
        if known is not None and known.row["state"] == "lost":
            raise Damaged(Path(capture.warc), capture.offset, TEXTS["lost"])
        found = exchange_records(asked.index, asked.path, capture)
    except (ArchiveError, OSError) as error:
        return evolve(told, fault=str(error))
    main = next(one for one in found if one.offset == capture.offset)
    checks = record_checks(main, shown, payload_digest=capture.payload_digest)
    if warc is not None and warc.sha256:
        checks.append(file_check(shown, warc.sha256))
    return evolve(told, records=found, checks=checks)


def record_file(asked: Asked) -> File:
    """Answer with the bytes of a capture's record as they stand in the WARC.

    Raises:
        NotThere: There is no such capture.
        Damaged: Its file is not there, or too short.
    """
    capture = capture_named(asked)
    file = warc_of(asked.path, capture)
    if file.stat().st_size < capture.offset + capture.length:
        raise Damaged(file, capture.offset, TEXTS["warc_too_short"])
    ending = "warc.gz" if file.name.removesuffix(".open").endswith(".gz") else "warc"
    headers = {
        **attachment(f"{capture.record_id.rpartition(':')[2]}.{ending}"), "content-security-policy": FILE_POLICY,
        "cache-control": "no-cache", "content-length": str(capture.length),
    }  # fmt: skip
    return File(body=b"", part=(file, capture.offset, capture.length), media_type="application/warc", headers=headers)
