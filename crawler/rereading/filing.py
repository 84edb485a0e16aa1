"""File parts into an index, as a rebuild files the captures of the same WARCs.

What only all captures together can tell follows here: numbers of versions, dates first and last seen, states of stories, which of several
attempts stands. It is the code of crawl, replay and reindex that decides it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from attrs import evolve, fields, frozen

from crawler.archive_files.reader import Archived
from crawler.collection.ingest import add_archived, file_outcome
from crawler.collection.revisits import file_out_of_order, resolve_revisits
from crawler.coverage.writing import catch_up_all, know_sites
from crawler.index.index import Index
from crawler.items import Capture, CutOff, Failure, LeasedRequest, Link, Outcome, Parsed, Redirect, Target, Unusable, Usable, content_of
from crawler.processing.plain_outcomes import ELSEWHERE, kept_outcome
from crawler.rereading.originals import part_rows
from crawler.rereading.parts import part_path
from crawler.rereading.rows import BY_RECORD, article_at

_BATCH = 256
_CAPTURE_NAMES = tuple(one.name for one in fields(Capture) if one.name != "target")
Progress = Callable[[str, int, float], None]


@frozen(kw_only=True)
class FiledParts:
    """Counts of what was filed."""

    files: int
    captures: int
    outcomes: int
    sent_on: frozenset[str]
    """record_ids of pages that only lead elsewhere, and of lists not read to their end: as a rebuild restores the frontier by."""


def file_parts(
    index: Index, folder: Path, *, folders: tuple[str, ...] = (), names: Iterable[str] | None = None,
    tell: Progress = lambda what, count, share: None,
) -> FiledParts:  # fmt: skip
    """File the parts of a folder that `scrapy reread` wrote.

    Memory does not grow with their number: one part is held at a time, without its texts.

    Args:
        index: Open for writing, no transaction begun; what it has of other files stays.
        folders: With site files beside our own.
        names: Of the WARCs; all by default.
    """
    names = sorted(names if names is not None else part_names(folder))
    captures = outcomes = 0
    sent_on = set[str]()
    for n, name in enumerate(names, 1):
        with index.atomic():
            for entry in _entries(folder, name):
                captures += add_archived(index, entry)
        tell("captures filed", captures, n / len(names) / 2)
    know_sites(index, folders)
    with tempfile.TemporaryDirectory(prefix="filing-") as empty:
        resolve_revisits(index, Path(empty))
    for n, name in enumerate(names, 1):
        for some in _batches(_outcomes(index, folder, name)):
            with index.atomic():
                for outcome in some:
                    file_outcome(index, outcome)
                    outcomes += 1
                    if outcome.capture is not None and (outcome.unfinished or (isinstance(outcome, Redirect) and outcome.by_refresh)):
                        sent_on.add(outcome.capture.record_id)
        tell("captures read", outcomes, 0.5 + n / len(names) / 2)
    with index.atomic():
        file_out_of_order(index)
    catch_up_all(index)
    return FiledParts(files=len(names), captures=captures, outcomes=outcomes, sent_on=frozenset(sent_on))


def part_names(folder: Path) -> list[str]:
    """Names of the WARCs whose parts are whole."""
    return sorted(file.name.removesuffix(".parquet") for file in (folder / "captures").glob("*.parquet"))


def _entries(folder: Path, name: str) -> Iterator[Archived]:
    """The captures and failed attempts of a part, as the records told them."""
    told = {row["offset"]: row for row in _failures(folder, name) if row["offset"] is not None}
    for values in part_rows(part_path(folder, "captures", name)):
        capture = _capture(values)
        failure = told.get(capture.offset)
        yield Archived(
            lease=_lease(capture), capture=capture, failure=_failure(failure) if failure else None, reader_version=values["assigned_by"]
        )
    for values in _failures(folder, name):
        if values["offset"] is None:
            failed = _failure(values)
            yield Archived(lease=LeasedRequest(target=failed.target, attempt=failed.attempt), failure=failed)


def _failures(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    return (row for row in part_rows(part_path(folder, "failures", name)) if row["told_by"] == BY_RECORD)


def _lease(capture: Capture) -> LeasedRequest:
    return LeasedRequest(target=capture.target, attempt=capture.attempt, confirms=capture.confirms)


def _target(values: dict[str, Any]) -> Target:
    return Target(
        key=values["key"], url=values["url"], site=values["site"], role=values["role"], story=values["story_id"],
        language=values["language"], found_on=values["found_on"],
    )  # fmt: skip


def _capture(values: dict[str, Any]) -> Capture:
    """The capture of a row of part `captures`, as its record told it."""
    digest = values["content_digest"]
    others = {
        "date": values["fetch_time"], "host": values["url_host_name"], "status": values["fetch_status"],
        "mime": values["content_mime_type"],
        "truncated": values["content_truncated"], "revisit_of": values["refers_to"],
        "payload_digest": digest if digest is None or ":" in digest else f"sha1:{digest}",
    }  # fmt: skip
    return Capture(target=_target(values), **{name: others[name] if name in others else values[name] for name in _CAPTURE_NAMES})


def _failure(values: dict[str, Any]) -> Failure:
    return Failure(
        target=_target(values), date=values["date"], reason=values["reason"], detail=values["detail"] or "", attempt=values["attempt"],
        bytes=values["bytes"], record_id=values["record_id"], elapsed_ms=values["elapsed_ms"],
    )  # fmt: skip


# -- outcomes


def _outcomes(index: Index, folder: Path, name: str) -> Iterator[Outcome]:
    """The outcomes of a part, each with its text, pictures and links.

    Those of records that are held elsewhere are left out.
    """
    kept = {row["offset"]: row["outcome_data"] for row in _kept(folder, name)}
    tables = {table: _Joined(part_rows(part_path(folder, table, name))) for table in ("versions", "images", "links")}
    held = {capture.offset: capture for capture in index.captures(warc=name)}
    for offset in sorted(kept):
        rows = {table: joined.at(offset) for table, joined in tables.items()}
        if (capture := held.get(offset)) is not None:
            yield _whole(kept_outcome(kept[offset], _lease(capture), capture), rows)


def _kept(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    return (row for row in part_rows(part_path(folder, "captures", name)) if row["outcome_data"] is not None)


class _Joined:
    """Rows of a part by the offset of their capture, in whose order they lie."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self._groups = groupby(rows, key=itemgetter("offset"))
        self._next: tuple[int, list[dict[str, Any]]] | None = None

    def at(self, offset: int) -> list[dict[str, Any]]:
        """The rows of a capture; offsets are asked for in ascending order."""
        while self._next is None or self._next[0] < offset:
            found = next(self._groups, None)
            if found is None:
                return []
            self._next = found[0], list(found[1])
        return self._next[1] if self._next[0] == offset else []


def _whole(outcome: Outcome, rows: dict[str, list[dict[str, Any]]]) -> Outcome:
    """An outcome with its text, pictures and links."""
    content = content_of(outcome)
    links = tuple(
        Link(url=row["url"], text=row["text"] or "", date=row["link_date"], listing=row["leads_to_list"]) for row in rows["links"]
    )
    whole: Usable | Unusable = evolve(content, links=links)
    if isinstance(whole, Parsed) and whole.article.template == ELSEWHERE:
        (values,) = rows["versions"]
        whole = evolve(whole, article=article_at(values, sorted(rows["images"], key=itemgetter("n")), whole.article))
    if isinstance(outcome, CutOff):
        assert not isinstance(whole, Unusable)
        return evolve(outcome, read=whole)
    return whole


def _batches(outcomes: Iterator[Outcome]) -> Iterator[list[Outcome]]:
    some: list[Outcome] = []
    for outcome in outcomes:
        some.append(outcome)
        if len(some) >= _BATCH:
            yield some
            some = []
    if some:
        yield some
