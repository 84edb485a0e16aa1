"""Read captures again in place: their rows are replaced by those that a rebuild gives."""

from __future__ import annotations

import sqlite3
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
from crawler.index.imports import last_usable
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.index.stories import last_sighting
from crawler.items import Capture, Failed, Outcome
from crawler.maintenance.choice import Choice, refuse_absent
from crawler.maintenance.fill_index import OldIndex, Progress, patient, quiet
from crawler.maintenance.half_made import readers_named
from crawler.maintenance.index_file import entry_at
from crawler.maintenance.unfinished import begin_notes, end_notes, is_unfinished, note_states, note_stories
from crawler.maintenance.unread import account
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
                account(stats, outcome)
            count += len(some)
            tell("captures read", count, count / len(ids))
        told = _states_told(index)
        while stories := list(islice(told, _SETTLED)):
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
    note_states(index.conn, outcomes)


def _correct_frontier(index: Index, outcome: Outcome, capture: Capture, *, had_failed: bool) -> None:
    """Correct the validators of a request whose answer became usable or unusable."""
    if isinstance(outcome, Failed) and not had_failed and not capture.is_cut:
        due = None if outcome.answer else iso(clock.now())
        mark_unusable(index.conn, capture.record_id, last_usable(index, capture.key), due)
    elif had_failed and not isinstance(outcome, Failed):
        renew_validators(index.conn, capture.key, last_usable(index, capture.key))


# -- states of stories, which follow from all captures of each


def _states_told(index: Index) -> Iterator[tuple[str, str | None, str | None, bool]]:
    """Yield for each story read again the date and state told last.

    The last value says whether only pages told it, which need not have been a story.
    """
    index.conn.execute("INSERT OR IGNORE INTO temp.touched SELECT story FROM main.reread_stories")
    lost = "SELECT 1 FROM captures c WHERE c.story_id = t.story AND c.state = 'lost'"
    # One row a story: the greatest of date and state together, as `mark_story` compares them.
    sql = (
        "SELECT t.story, max(o.date || ' ' || o.state), min(o.of_page) FROM temp.touched t"
        " LEFT JOIN main.reread_told o ON o.story = t.story"
        f" WHERE NOT EXISTS ({lost}) GROUP BY t.story"
    )
    for story, told, of_page in index.rows(sql):
        date, _, state = (told or "").partition(" ")
        yield story, date or None, state or None, bool(of_page)


def _settle(index: Index, stories: Iterable[tuple[str, str | None, str | None, bool]]) -> None:
    for story, date, state, of_page in stories:
        _settle_state(index.conn, story, date, state, known=date is not None and not of_page)


def _settle_state(conn: sqlite3.Connection, story_id: str, date: str | None, state: str | None, *, known: bool) -> None:
    """Set the state of a story anew; remove a story of which nothing is known.

    Args:
        date, state: What its captures told last, beside those that show it.
        known: Some capture that was asked for as a story told it; else only captures that show it make it one.
    """
    (count, last_seen), *_ = conn.execute("SELECT versions, last_seen FROM stories WHERE id = ?", [story_id]).fetchall() or [(0, None)]
    if not count and not known:
        conn.execute("DELETE FROM stories WHERE id = ?", [story_id])
        return
    told = [(date, state)] if date else []
    if last_seen and (ours := last_sighting(conn, story_id, last_seen)):
        told.append((ours, "live"))
    when, what = max(told, key=lambda one: (str(one[0]), str(one[1])), default=(None, None))
    conn.execute("UPDATE stories SET state = ?, state_date = ? WHERE id = ?", [what, when, story_id])
