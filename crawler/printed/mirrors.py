"""Text of `scrapy versions --mirrors`: versions by mirror, and divergences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from crawler.formatting import counted, one_line, shown
from crawler.printed.word_diff import marked_sentences

if TYPE_CHECKING:
    from crawler.history.divergences import Divergence, Shown

SAYS = {
    "different": "{host} says something else than {other}",
    "stale": "{host} shows an older text than {other}",
    "missing": "{host} does not have the story, {other} has it",
}


def mirrors_told(mirrors: list[Shown], divergences: list[Divergence]) -> str:
    """Write what each mirror showed, then where two disagree, with both texts."""
    lines = [line for host, runs in groupby(mirrors, key=lambda one: one.host) for line in _mirror(host, list(runs))]
    for one in divergences:
        lines += ["", *_divergence(one)]
    return "\n".join(lines)


def _mirror(host: str, runs: list[Shown]) -> Iterator[str]:
    yield f"Mirror {one_line(host)}"
    for run in runs:
        what = "no such story" if run.version is None else f"version {run.version}"
        yield f"  {_time(run.first)} to {_time(run.last)} UTC  {what}  {counted(run.captures, 'capture')}"


def _divergence(one: Divergence) -> Iterator[str]:
    words = SAYS[one.kind].format(host=one_line(one.host), other=one_line(one.other_host))
    end = f"over by {_time(one.ended)}" if one.ended else "not over"
    from crawler.history.sentence_diff import sentence_diff

    yield f"Divergence ({one.kind}): {words}"
    yield f"  {_time(one.first_seen)} to {_time(one.last_seen)} UTC, seen {counted(one.sightings, 'time')}, {end}"
    yield f"  {one_line(one.url)} ({one.record_id})"
    yield f"  {one_line(one.other_url)} ({one.other_record_id})"
    if one.texts:
        yield f"  [-only {one_line(one.other_host)} says it-]{{+only {one_line(one.host)} says it+}}"
    for text in one.texts:
        yield f"  {text.field}: {one_line(marked_sentences(sentence_diff(text.other_text or '', text.text or '')))}"


def _time(text: str) -> str:
    return shown(datetime.fromisoformat(text))
