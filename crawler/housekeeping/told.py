"""Housekeeping told: as text, as JSON, as metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from crawler.errors import EXIT_COMPLETE, EXIT_DAMAGED, EXIT_LOCKED, EXIT_SIGNAL
from crawler.formatting import counted, one_line, size
from crawler.housekeeping.maintain import Upkeep
from crawler.index.rows import iso
from crawler.monitoring.exposition import Metric, values_of

PREFIX = "news_archive_maintain_"
LAST_GOOD = f"{PREFIX}last_success_timestamp_seconds"
HELP = {
    "exit_code": "Exit code of the last housekeeping: 0 good, 11 in use, 13 damage.",
    "end_timestamp_seconds": "When the last housekeeping ended.",
    "last_success_timestamp_seconds": "When the last housekeeping ended that found no damage and left nothing out.",
    "warc_files": "Sealed WARC files.",
    "warc_bytes": "Bytes of the sealed WARC files.",
    "read_files": "WARC files that the last housekeeping read to their end.",
    "read_bytes": "Bytes of WARC files that the last housekeeping read.",
    "damaged_files": "WARC files that the last housekeeping found damaged or missing.",
    "overdue_files": "WARC files that were not read for longer than ARCHIVE_FIXITY_DAYS.",
    "oldest_read_timestamp_seconds": "When the WARC file was read that was read the longest time ago.",
}
"""Every metric, in the order of the file."""
_MOST = 20
"""Faults that the text names; the document has all."""
_VERDICTS = {EXIT_COMPLETE: "GOOD", EXIT_DAMAGED: "DAMAGED", EXIT_LOCKED: "IN USE", EXIT_SIGNAL: "STOPPED"}


def advice_of(upkeep: Upkeep) -> str:
    """The next step for a person; empty if there is none."""
    name = upkeep.path.name
    if upkeep.faults:
        return f"put the files back from a copy; `scrapy verify {name}` checks all of them, `scrapy reindex {name}` makes the index anew"
    if upkeep.problems:
        return "mend that, and run it again: it goes on where it stopped"
    if upkeep.stopped or upkeep.locked:
        return "run it again: it goes on where it stopped"
    return ""


def document_of(upkeep: Upkeep) -> dict[str, Any]:
    """The housekeeping of one collection as JSON."""
    return {
        "collection": upkeep.path.name, "path": str(upkeep.path), "verdict": _VERDICTS.get(upkeep.exit_code, "FAILED"),
        "exit_code": upkeep.exit_code, "reason": _reason(upkeep), "advice": advice_of(upkeep),
        "fixity": {
            "days": upkeep.days, "files": len(upkeep.files), "bytes": sum(file.bytes for file in upkeep.files),
            "read_files": len(upkeep.checked), "read_bytes": upkeep.read_bytes, "left": upkeep.left, "not_noted": upkeep.unnoted,
            "overdue": upkeep.overdue, "oldest": iso(upkeep.oldest) if upkeep.oldest else None, "faults": upkeep.faults,
        },
        "index": upkeep.done, "proofs": upkeep.proofs, "store": upkeep.stored, "notes": upkeep.notes,
    }  # fmt: skip


def _reason(upkeep: Upkeep) -> str:
    parts = [str(error) for error in upkeep.problems]
    parts += ["stopped by a signal"] if upkeep.stopped else []
    parts += [counted(len(upkeep.faults), "fault")] if upkeep.faults else []
    parts += [f"in use by {upkeep.locked}"] if upkeep.locked else []
    return "; ".join(parts) or "nothing is damaged"


def text_of_upkeep(upkeep: Upkeep) -> str:
    """The housekeeping of one collection for people."""
    return "\n".join(map(one_line, _lines(upkeep)))


def _lines(upkeep: Upkeep) -> Iterator[str]:
    verdict = _VERDICTS.get(upkeep.exit_code, "FAILED")
    yield f"{upkeep.path.name}: {verdict} (exit code {upkeep.exit_code}): {_reason(upkeep)}"
    share = f"{len(upkeep.checked)} of {counted(len(upkeep.files), 'WARC')} read, {size(upkeep.read_bytes)}"
    left = f", {upkeep.left} of this share left" if upkeep.left else ""
    late = f", {upkeep.overdue} of them longer ago than {upkeep.days:g} days: run it more often" if upkeep.overdue else ""
    yield f"  {share}{left}" + (f"; the others since {upkeep.oldest:%Y-%m-%d}{late}" if upkeep.oldest else "")
    if upkeep.unnoted:
        yield f"  {counted(upkeep.unnoted, 'file')} of them could not be noted as read, and will be read again"
    yield f"  index: {', '.join(upkeep.done) or 'left as it is'}"
    yield f"  proofs: {', '.join(upkeep.proofs) or 'left as they are'}"
    if upkeep.store is not None:
        yield f"  store: {', '.join(upkeep.stored) or 'nothing was waiting'}"
    yield from (f"  {fault}" for fault in upkeep.faults[:_MOST])
    if (more := len(upkeep.faults) - _MOST) > 0:
        yield f"  and {counted(more, 'more fault')}"
    yield from (f"  note: {note}" for note in upkeep.notes)
    if advice := advice_of(upkeep):
        yield f"  {advice}"


def metrics_of(upkeeps: Sequence[Upkeep], *, now: datetime, before: str) -> list[Metric]:
    """Make the metrics of the housekeeping of collections.

    Args:
        before: The file as the call before left it: its last good times stand where this call found damage or was kept from its work.
    """
    kept = values_of(before, LAST_GOOD, label="collection")
    values: dict[str, list[tuple[Mapping[str, str], float]]] = {name: [] for name in HELP}
    for upkeep in upkeeps:
        good = now.timestamp() if upkeep.exit_code == EXIT_COMPLETE else kept.get(upkeep.path.name)
        samples: dict[str, float | None] = {
            "exit_code": upkeep.exit_code, "end_timestamp_seconds": now.timestamp(), "last_success_timestamp_seconds": good,
            "warc_files": len(upkeep.files), "warc_bytes": sum(file.bytes for file in upkeep.files),
            "read_files": len(upkeep.checked), "read_bytes": upkeep.read_bytes, "damaged_files": len(_damaged(upkeep)),
            "overdue_files": upkeep.overdue, "oldest_read_timestamp_seconds": upkeep.oldest.timestamp() if upkeep.oldest else None,
        }  # fmt: skip
        for name, value in samples.items():
            if value is not None:
                values[name].append(({"collection": upkeep.path.name}, float(value)))
    return [Metric(name=PREFIX + name, help=text, samples=values[name]) for name, text in HELP.items()]


def _damaged(upkeep: Upkeep) -> set[str]:
    """Names of the files of which a fault was found."""
    return {fault.split(": ", 1)[0] for fault in upkeep.faults}
