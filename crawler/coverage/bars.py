"""Coverage as text: a bar a day, as wide as the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from crawler.coverage.figures import Counts, Day, Gap, total
from crawler.formatting import counted, one_line, table

LEAST_BAR, MOST_WIDTH = 8, 160
"""Characters."""


@frozen
class Signs:
    """The characters of a bar."""

    held: str
    settled: str
    """Gone, or refused by policy."""
    missing: str


BLOCKS, ASCII = Signs("█", "▒", "·"), Signs("#", "=", ".")


def signs_for(encoding: str | None) -> Signs:
    """Choose the characters that an output can show.

    >>> signs_for("ascii").held, signs_for("utf-8").held
    ('#', '█')
    """
    try:
        "".join((BLOCKS.held, BLOCKS.settled, BLOCKS.missing)).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return BLOCKS


def by_day(days: Sequence[Day], *, width: int, signs: Signs = BLOCKS) -> str:
    """Draw a bar for each day on which something was announced.

    Args:
        days: By day.
        width: Of the terminal, characters.
    """
    sums = {day: total(one for one in days if one.day == day) for day in dict.fromkeys(one.day for one in days)}
    heads = ("day", "announced", "held", "missing")
    rows = [(day, f"{one.announced:,}", f"{one.held:,}", f"{one.missing:,}" if one.missing else "-") for day, one in sums.items()]
    widths = [max(len(row[n]) for row in (heads, *rows)) for n in range(4)]
    room = max(LEAST_BAR, min(width, MOST_WIDTH) - sum(widths) - 2 * 5)
    most = max((one.announced for one in sums.values()), default=1)
    bars = ["", *(bar(one, room, most, signs) for one in sums.values())]
    lines = []
    for row, drawn in zip((heads, *rows), bars, strict=True):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(size) for cell, size in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(["", *cells, drawn]).rstrip())
    return "\n".join(lines)


def bar(counts: Counts, room: int, most: int, signs: Signs) -> str:
    """Draw one bar: held, gone or refused, missing; each at least a character.

    >>> bar(Counts(announced=10, held=6, gone=2, failed=2, missing=2), 5, 10, ASCII)
    '###=.'
    """
    parts = {signs.held: counts.held, signs.settled: counts.gone + counts.refused, signs.missing: counts.missing}
    length = max(sum(map(bool, parts.values())), round(room * counts.announced / max(1, most)))
    lengths = {sign: max(1, round(length * part / counts.announced)) if part else 0 for sign, part in parts.items()}
    longest = max(lengths, key=lambda sign: lengths[sign])
    lengths[longest] = max(1, lengths[longest] + length - sum(lengths.values())) if lengths[longest] else 0
    return "".join(sign * count for sign, count in lengths.items())


def legend(signs: Signs) -> str:
    """Explain the characters of the bars."""
    return f"  {signs.held} held  {signs.settled} gone or refused  {signs.missing} missing"


def told(counts: Counts) -> str:
    """Count what was announced, in words."""
    parts = [
        (counts.held, "held"), (counts.gone, "gone"), (counts.refused, "refused by policy"), (counts.failed, "failed"),
        (counts.unread, "captured and not readable"), (counts.waiting, "queued"), (counts.never_asked, "never asked for"),
    ]  # fmt: skip
    share = f" ({100 * counts.held / counts.announced:.1f} %)" if counts.announced else ""
    words = ", ".join(f"{count:,} {word}{share if word == 'held' else ''}" for count, word in parts if count)
    return f"{counts.announced:,} {'story' if counts.announced == 1 else 'stories'} announced: {words or 'none'}"


def by_host(days: Sequence[Day]) -> str:
    """List the hosts with what they announced first."""
    rows = [("host", "announced", "held", "missing")]
    for host in sorted({one.host for one in days}):
        sums = total(one for one in days if one.host == host)
        rows.append((one_line(host), f"{sums.announced:,}", f"{sums.held:,}", f"{sums.missing:,}"))
    return table(rows)


def named(gaps: Sequence[Gap]) -> Iterator[str]:
    """Tell each gap in two lines, those of one state together."""
    for state in dict.fromkeys(gap.state for gap in gaps):
        some = [gap for gap in gaps if gap.state == state]
        yield f"{state}: {counted(len(some), 'story', 'stories')}"
        for gap in some:
            yield f"  {one_line(gap.url)}"
            yield f"      {gap.day} {gap.place} {one_line(gap.list_url)}: {one_line(gap.why)}"
