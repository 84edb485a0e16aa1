"""Report of `scrapy reindex --compare`, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.formatting import counted, one_line, table
from crawler.printed.word_diff import marked

if TYPE_CHECKING:
    from crawler.maintenance.judge_readers import Example, Judgement

_WIDTH = 400
"""Characters of a change that are shown."""
_DIFF_CHARACTERS = 20_000
"""Longer texts are not compared word by word."""
_NONE = "(no article)"
_LISTS = ("links", "images", "related", "videos")
"""Fields whose lines are compared whole."""


def report(path: Path, told: Judgement) -> str:
    """Tell which fields would change, how often, with examples."""
    lines = [f"{path}: {counted(told.captures, 'capture')} read again and compared; nothing was written"]
    lines += [f"  {one_line(line)}" for line in _summary(told)]
    different = {name: count for name, count in told.fields.items() if count.different}
    if different:
        rows: list[tuple[str, ...]] = [("field", "same", "changed", "gained", "lost")]
        rows += [(name, f"{c.same:,}", f"{c.changed:,}", f"{c.gained:,}", f"{c.lost:,}") for name, c in different.items()]
        lines += ["", table(_right(rows)), ""]
        same = [name for name, count in told.fields.items() if count.same and not count.different]
        lines.append(f"  the same everywhere: {', '.join(same) or 'nothing'}")
    for name, count in different.items():
        lines += ["", f"{name}: {count.different:,} of {count.different + count.same:,}", *_of_field(told, name)]
    return "\n".join(lines)


def _of_field(told: Judgement, name: str) -> Iterator[str]:
    """Yield the lines about one field: its examples, of templates every pair."""
    if name == "template":
        for (old, new), count in told.templates.most_common():
            yield f"  {counted(count, 'capture')}: {one_line(old or _NONE)} -> {one_line(new or _NONE)}"
    for one in told.examples[name]:
        yield f"  {_place(one)}  {one.date:%Y-%m-%d %H:%M}"
        yield f"    {_change(name, one)}"


def _summary(told: Judgement) -> list[str]:
    share = f" ({told.changed / told.captures:.1%})" if told.captures else ""
    lines = [f"{told.changed:,} would change{share}, {told.captures - told.changed:,} stay as they are"]
    if told.captures:
        lines.append(f"read now by {_readers(told.now)}; in the index by {_readers(told.before)}")
    lines += [f"not compared: {count:,} {why}" for why, count in told.left_out.items() if count]
    lines += [f"damaged: {what}" for what in told.damaged]
    return lines


def _readers(found: Counter[str]) -> str:
    if len(found) == 1:
        return next(iter(found))
    return ", ".join(f"{version} ({count:,})" for version, count in found.most_common())


def _right(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Align the numbers of a table to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [(row[0], *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))) for row in rows]


def _place(one: Example) -> str:
    """Name story and address, the address once."""
    story = one.story or ""
    return one_line(one.url if not story or story.endswith(one.url) else f"{story}  {one.url}")


def _change(name: str, one: Example) -> str:
    """Format one change in one line: as words that are gone and new, else whole."""
    if name in _LISTS:
        return _cut(_lines_changed(one.old.split("\n"), one.new.split("\n")))
    if not one.old or not one.new or len(one.old) + len(one.new) > _DIFF_CHARACTERS:
        return f"{_cut(one.old) or '(none)'} -> {_cut(one.new) or '(none)'}"
    from crawler.history.sentence_diff import sentence_diff, word_pieces

    return _cut(marked(word_pieces(sentence_diff(one.old, one.new))))


def _lines_changed(old: list[str], new: list[str]) -> str:
    gone, come = Counter(filter(None, old)) - Counter(new), Counter(filter(None, new)) - Counter(old)
    if not gone and not come:
        return "in another order"
    return " ".join([f"{gone.total()} gone, {come.total()} new:", *(f"[-{line}-]" for line in gone), *(f"{{+{line}+}}" for line in come)])


def _cut(text: str) -> str:
    """Cut a text that may be long, on one line."""
    text = one_line(" / ".join(text.split("\n")))
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
