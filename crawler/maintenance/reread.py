"""Read captures again in place: their rows are replaced by those that a rebuild gives."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path

from crawler import clock
from crawler.collection.collection import Collection
from crawler.collection.ingest import file_outcome
from crawler.collection.parse_tasks import tasks
from crawler.collection.revisits import file_out_of_order
from crawler.coverage.writing import catch_up_all, know_sites
from crawler.errors import ArchiveError
from crawler.frontier.changes import mark_unusable, renew_validators
from crawler.index.cut import IS_CUT
from crawler.index.denials import settle_state, was_asked_as_story
from crawler.index.imports import last_usable
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.items import Capture, Failed, Outcome
from crawler.maintenance.choice import Choice, refuse_absent
from crawler.maintenance.fill_index import OldIndex, Progress, patient, quiet
from crawler.maintenance.half_made import readers_named
from crawler.maintenance.index_file import entry_at
from crawler.maintenance.unfinished import begin_notes, end_notes, is_unfinished, note_stories
from crawler.processing.parse_again import Readers
from crawler.processing.reading_stats import ReadingStats
from crawler.sites.known import site_of

_TOGETHER = 32
"""Outcomes of one transaction."""
_SETTLED = 500
"""Stories of one transaction."""
_FAILED = (
    "SELECT k.id FROM temp.chosen k CROSS JOIN captures c ON c.id = k.id"
    f" WHERE NOT {IS_CUT} AND EXISTS (SELECT 1 FROM failures f WHERE f.capture_id = c.id)"
)
_NEVER_READ = (
    "DELETE FROM temp.chosen WHERE EXISTS (SELECT 1 FROM captures c WHERE c.id = chosen.id AND c.state != 'ok')"
    " OR EXISTS (SELECT 1 FROM failures f WHERE f.capture_id = chosen.id AND f.reason = 'no-original')"
)


def reread(
    collection: Collection, readers: Readers, choice: Choice, *, stats: ReadingStats, tell: Progress = quiet,
    taken_up: Callable[[int], object] = lambda count: None,
) -> int:  # fmt: skip
    """Read captures again and replace their rows; the number that was read.

    With them are read those whose rows follow from the same stories. What an earlier call did that was killed is not done again, unless the
    readers are others; the stories that it had begun are read to their end.

    Args:
        stats: Where what was read, and what could not be, is counted.
        taken_up: Called with the number of captures that a killed call has read.
    Raises:
        SetupError: The site file or the WARC of a capture is not there; nothing was changed.
    """
    path, count = collection.path, 0
    with collection.reader() as index:
        choice.put(index, dependents=True, unfinished=is_unfinished(index.conn))
        refuse_absent(index, path, "SELECT c.* FROM temp.chosen k CROSS JOIN captures c ON c.id = k.id WHERE c.state = 'ok'")
        leave_out_noted(index, path)
        for (site,) in index.query("SELECT DISTINCT c.site FROM temp.chosen k CROSS JOIN captures c ON c.id = k.id"):
            site_of(site, readers.folders)
        collection.now(partial(begin_notes, readers=readers_named(readers)))
        collection.now(partial(know_sites, folders=readers.folders))
        taken_up(index.conn.execute("DELETE FROM temp.chosen WHERE id IN (SELECT id FROM main.reread_done)").rowcount)
        ids = index.row_numbers("SELECT k.id FROM temp.chosen k CROSS JOIN captures c ON c.id = k.id ORDER BY c.date, c.record_id")
        jobs = patient(tasks(index, path, index.captures_at(ids)), OldIndex(index=index, warcs={}, captures={}))
        outcomes = readers.interpret_all(jobs)
        while some := list(islice(outcomes, _TOGETHER)):
            collection.now(partial(_replace, outcomes=some))
            for outcome in some:
                stats.account(outcome)
            count += len(some)
            tell("captures read", count, count / len(ids))
        read = _stories_read(index)
        while stories := list(islice(read, _SETTLED)):
            collection.now(partial(_settle, stories=stories))
    collection.now(_end)
    catch_up_all(collection.now)
    return count


def _end(index: Index) -> None:
    file_out_of_order(index)
    end_notes(index)


def leave_out_noted(index: Index, path: Path) -> None:
    """Leave out captures that a rebuild does not read.

    The WARC itself tells what is wrong with them, or their payload is in no file.
    """
    index.conn.execute(_NEVER_READ)
    noted = array("q")
    for row in index.row_numbers(_FAILED):
        for capture in index.captures_at(array("q", [row])):
            # A record that cannot be read is told as one when it is read again.
            with suppress(ArchiveError, OSError):
                entry = entry_at(index, path, capture)
                if entry is not None and entry.failure is not None:
                    noted.append(row)
    index.conn.executemany("DELETE FROM temp.chosen WHERE id = ?", ([row] for row in noted))


def _replace(index: Index, outcomes: Sequence[Outcome]) -> None:
    """File outcomes in place of those that were filed of the same captures."""
    for outcome in outcomes:
        capture = outcome.capture
        assert capture is not None
        (row,) = index.query("SELECT id FROM captures WHERE record_id = ?", [capture.record_id])[0]
        note_stories(index.conn, row)
        index.forget(row)
        # Of a cut answer the record tells the failure.
        had = 0 if capture.is_cut else index.conn.execute("DELETE FROM failures WHERE capture_id = ?", [row]).rowcount
        index.conn.execute("UPDATE captures SET read_state = 'unread' WHERE id = ?", [row])
        file_outcome(index, outcome)
        _correct_frontier(index, outcome, capture, had_failed=had > 0)


def _correct_frontier(index: Index, outcome: Outcome, capture: Capture, *, had_failed: bool) -> None:
    """Correct the validators of a request whose answer became usable or unusable."""
    if isinstance(outcome, Failed) and not had_failed and not capture.is_cut:
        due = None if outcome.answer else iso(clock.now())
        mark_unusable(index.conn, capture.record_id, last_usable(index, capture.key), due)
    elif had_failed and not isinstance(outcome, Failed):
        renew_validators(index.conn, capture.key, last_usable(index, capture.key))


# -- stories of which nothing is left


def _stories_read(index: Index) -> Iterator[str]:
    """Yield the stories read again, but those of lost captures."""
    index.conn.execute("INSERT OR IGNORE INTO temp.touched SELECT story FROM main.reread_stories")
    lost = "SELECT 1 FROM captures c WHERE c.story_id = t.story AND c.state = 'lost'"
    for (story,) in index.rows(f"SELECT t.story FROM temp.touched t WHERE NOT EXISTS ({lost})"):
        yield story


def _settle(index: Index, stories: Iterable[str]) -> None:
    """Set the states of stories; remove those of which nothing is left."""
    for story in stories:
        settle_state(index.conn, story)
        if not was_asked_as_story(index.conn, story):
            index.conn.execute("DELETE FROM stories WHERE id = ? AND versions = 0", [story])
