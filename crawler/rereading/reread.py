"""Re-reading of many WARCs: walk each, resolve revisits over all, read each; on any engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from attrs import evolve, field, frozen

from crawler.errors import ArchiveError
from crawler.processing.reading_stats import ReadingStats
from crawler.rereading.originals import originals_of
from crawler.rereading.parts import check_folder, held, remove_leftovers
from crawler.rereading.places import WarcPlace
from crawler.rereading.read_warc import ReadOptions
from crawler.rereading.tasks import Task, read, up_to_date, walk, walked

Progress = Callable[[str, float, float], None]
"""Called with what is counted, how many there are, and the share of the whole that is done."""


class Engine(Protocol):
    """Runner of tasks: processes of this machine, Dask, Ray."""

    def run(
        self, function: Callable[..., dict[str, Any]], tasks: Sequence[Task], tell: Callable[[int], None]
    ) -> Iterable[dict[str, Any]]:  # fmt: skip
        """Yield the result of each task as it comes.

        Args:
            tell: Called with the number of captures that were read since the last call, where the engine knows it.
        Raises:
            Unreachable: The engine is not there.
        """

    def close(self) -> None:
        """End what was started for the tasks."""


@frozen(kw_only=True)
class Reread:
    """Result of a re-reading."""

    results: list[dict[str, Any]] = field(factory=list)
    """Of each WARC: name, rows, exit_code, and error or damaged."""
    stats: ReadingStats = field(factory=ReadingStats)

    @property
    def failed(self) -> list[dict[str, Any]]:
        """Results of files that were not read."""
        return [one for one in self.results if "error" in one]

    def rows(self, table: str) -> int:
        """Number of rows of a table in all parts."""
        return sum(one.get("rows", {}).get(table, 0) for one in self.results)


def reread(
    places: Sequence[WarcPlace], folder: Path, engine: Engine, *, options: ReadOptions, readers: str, again: bool = False,
    tell: Progress = lambda what, count, share: None,
) -> Reread:  # fmt: skip
    """Read WARCs into a folder of Parquet parts that are not up to date.

    Raises:
        Unreachable: The engine is not there.
        SetupError: pyarrow is not installed, or the folder cannot be written.
        CollectionLocked: Another call writes there.
    """
    check_folder(folder)
    with held(folder):
        try:
            return _reread(places, folder, engine, options=options, readers=readers, again=again, tell=tell)
        finally:
            engine.close()
            remove_leftovers(folder)


def _reread(
    places: Sequence[WarcPlace], folder: Path, engine: Engine, *, options: ReadOptions, readers: str, again: bool, tell: Progress
) -> Reread:  # fmt: skip
    remove_leftovers(folder)
    tasks = [Task(place=place, folder=str(folder), options=options, readers=readers, again=again) for place in places]
    result, failed = Reread(), dict[str, dict[str, Any]]()
    for one in _counted(engine, walk, tasks, "records walked", tell):
        if "error" in one:
            failed[one["name"]] = one
    there = {task.place.name: task.place.where for task in tasks if task.place.name not in failed}
    originals = originals_of({name: walked(folder, name) for name in there}, there)
    due = [evolve(task, originals=originals.get(task.place.name, {})) for task in tasks if task.place.name in there]
    for one in _counted(engine, read, due, "captures read", tell):
        result.results.append(one)
        if "stats" in one:
            result.stats.add(one["stats"])
    result.results.extend(failed.values())
    result.results.sort(key=lambda one: str(one["name"]))
    return result


def _counted(
    engine: Engine, function: Callable[..., dict[str, Any]], tasks: Sequence[Task], what: str, tell: Progress
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Run tasks, and tell how far they are."""
    done = count = running = 0

    def more(captures: int) -> None:
        nonlocal running
        running += captures
        tell(what, max(count, running), done / len(tasks))

    for one in _results(engine, function, tasks, more):
        done += 1
        count += sum(one.get("rows", {}).get(table, 0) for table in ("captures", "records"))
        running = max(count, running)
        tell(what, running, done / len(tasks))
        yield one


def _results(
    engine: Engine, function: Callable[..., dict[str, Any]], tasks: Sequence[Task], tell: Callable[[int], None]
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield what is up to date, then what the engine gives."""
    due = []
    for task in tasks:
        try:
            there = up_to_date(task, function)
        except ArchiveError:
            there = None  # the task meets it again, and tells it
        if there is not None:
            yield there
        else:
            due.append(task)
    if due:
        yield from engine.run(function, due, tell)
