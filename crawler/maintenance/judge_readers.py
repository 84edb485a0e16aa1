"""Read captures again and compare them with the index, without a write."""

from __future__ import annotations

import heapq
import json
import sqlite3
import zlib
from array import array
from collections import Counter
from datetime import datetime
from pathlib import Path

from attrs import asdict, define, evolve, field, frozen

from crawler.collection.parse_tasks import tasks
from crawler.index.index import Index
from crawler.index.rows import clean
from crawler.index.stories import story_of
from crawler.index.text_digest import text_digest
from crawler.items import Capture, Media, Outcome, Parsed, Unusable, Version, article_of, content_of
from crawler.maintenance.choice import Choice
from crawler.maintenance.field_texts import FIELDS, READ_BY, TEXT_FIELDS, texts_of
from crawler.maintenance.fill_index import OldIndex, Progress, patient, quiet
from crawler.maintenance.reread import leave_out_noted
from crawler.processing.parse_again import Readers
from crawler.processing.reading_stats import UNREAD_RECORD
from crawler.schema.link_lists import links_at

_UNREAD = "not read yet: `scrapy reindex --unread` reads them"
_LESSER = "attempt that was cut off, for which another stands"
_BEGINNING = "cut off, and shows the beginning of a known text"


@define
class FieldChanges:
    """Changes of one field, over all captures compared."""

    same: int = 0
    changed: int = 0
    gained: int = 0
    lost: int = 0

    @property
    def different(self) -> int:
        """Captures in which it would differ."""
        return self.changed + self.gained + self.lost


@frozen(kw_only=True)
class Example:
    """One value that would change."""

    story: str | None
    url: str
    record_id: str
    date: datetime
    old: str
    new: str


@define
class Judgement:
    """Changes that other readers would make in an index."""

    captures: int = 0
    """Captures read and compared."""
    changed: int = 0
    """Those of them of which some field would change; which reader found it is none of them."""
    fields: dict[str, FieldChanges] = field(factory=lambda: {name: FieldChanges() for name in FIELDS})
    examples: dict[str, list[Example]] = field(factory=lambda: {name: [] for name in FIELDS})
    templates: Counter[tuple[str, str]] = field(factory=Counter)
    """Templates before and after, where they differ; empty for a capture that is no article."""
    before: Counter[str] = field(factory=Counter)
    """Readers of the captures, by the index."""
    now: Counter[str] = field(factory=Counter)
    """Readers by which they were read now."""
    left_out: Counter[str] = field(factory=Counter)
    """Captures that were not compared, by reason."""
    damaged: list[str] = field(factory=list)
    """Captures whose record cannot be read."""

    def add(self, capture: Capture, story: str | None, pairs: dict[str, tuple[str, str]], most: int) -> None:
        """Count a capture, by the old and new texts of its fields.

        Args:
            most: Examples kept of each field.
        """
        self.captures += 1
        self.changed += any(old != new for name, (old, new) in pairs.items() if name != READ_BY)
        for name, (old, new) in pairs.items():
            count = self.fields[name]
            if old == new:
                count.same += 1
                continue
            if old and new:
                count.changed += 1
            else:
                count.gained, count.lost = count.gained + bool(new), count.lost + bool(old)
            if name == "template":
                self.templates[old, new] += 1
            if len(self.examples[name]) < most:
                example = Example(story=story, url=capture.url, record_id=capture.record_id, date=capture.date, old=old, new=new)
                self.examples[name].append(example)

    def document(self) -> dict[str, object]:
        """As JSON; fields without a change have counts only."""
        fields = {
            name: asdict(count) | {"examples": [asdict(one) | {"date": one.date.isoformat()} for one in self.examples[name]]}
            for name, count in self.fields.items()
        }
        templates = [{"old": old, "new": new, "count": count} for (old, new), count in self.templates.most_common()]
        return {
            "captures": self.captures, "changed": self.changed, "readers_before": dict(self.before), "readers_now": dict(self.now),
            "not_compared": dict(self.left_out), "damaged": self.damaged, "fields": fields, "templates": templates,
        }  # fmt: skip


def judge_readers(
    path: Path, readers: Readers, choice: Choice, *, sample: int | None = None, examples: int = 3, tell: Progress = quiet
) -> Judgement:  # fmt: skip
    """Read captures of a collection again, and compare each with its rows.

    Nothing is written, and no lock is taken: a crawl may be writing, and the folder may be read-only.

    Args:
        sample: How many captures; the same ones each time.
        examples: Examples kept of each field.
    Raises:
        SetupError: The index cannot be read, or the site file of a capture is not there.
    """
    told, count = Judgement(), 0
    # Also one of an earlier version, whose readers are the ones to compare with.
    with Index.open(path / "index.db", readonly=True, older=True) as index:
        ids = _ids(index, path, choice, told, sample)
        jobs = patient(tasks(index, path, index.captures_at(ids)), OldIndex(index=index, warcs={}, captures={}))
        for outcome in readers.interpret_all(jobs):
            _compare(index, outcome, told, examples)
            count += 1
            tell("captures compared", count, count / len(ids))
    return told


def _ids(index: Index, path: Path, choice: Choice, told: Judgement, sample: int | None) -> array[int]:
    """Row numbers of the captures to be compared, by date."""
    choice.put(index)
    leave_out_noted(index, path)
    of = "DELETE FROM temp.chosen WHERE EXISTS (SELECT 1 FROM captures c WHERE c.id = chosen.id AND {})".format
    index.conn.execute(of("c.status = 304"))
    told.left_out[_UNREAD] += index.conn.execute(of("c.read_state = 'unread'")).rowcount
    if sample is not None:
        rows = index.rows("SELECT c.id, c.record_id FROM temp.chosen k CROSS JOIN captures c ON c.id = k.id")
        # By a hash of the record: the same sample of the same collection, whichever readers are judged.
        kept = heapq.nsmallest(sample, ((zlib.crc32(row[1].encode()), row[0]) for row in rows))
        index.conn.execute("DELETE FROM temp.chosen")
        index.conn.executemany("INSERT INTO temp.chosen VALUES (?)", ([row] for _, row in kept))
    return index.row_numbers("SELECT k.id FROM temp.chosen k CROSS JOIN captures c ON c.id = k.id ORDER BY c.date, c.record_id")


def _compare(index: Index, outcome: Outcome, told: Judgement, most: int) -> None:
    """Compare the outcome of a capture with its rows."""
    capture, content = outcome.capture, content_of(outcome)
    assert capture is not None
    row = index.query("SELECT id, read_state, reader_version FROM captures WHERE record_id = ?", [capture.record_id])[0]
    failure = None if capture.is_cut else index.failure_at(capture.record_id)
    if any(why == UNREAD_RECORD for why, _ in content.left_out):
        told.damaged.append(f"{capture.warc} offset {capture.offset}: {getattr(content, 'detail', '')}")
        return
    if why := _not_comparable(index, capture, row, failure):
        told.left_out[why] += 1
        return
    told.before[row["reader_version"] or "unknown"] += 1
    told.now[outcome.reader_version or "unknown"] += 1
    pairs = {"state": (_state(row["read_state"], failure), _state(outcome.read_state, _failure(outcome, capture)))}
    story = _compare_articles(index, capture, content, pairs)
    pairs["links"] = "\n".join(_links(index, row["id"])), "\n".join(clean(link.url) for link in content.links)
    pairs["imprint"] = _imprint(index, row["id"]), _imprint_now(content)
    told.add(capture, story, pairs, most)


def _not_comparable(index: Index, capture: Capture, row: sqlite3.Row, failure: tuple[str, str] | None) -> str | None:
    """The reason for which a reading is not compared with its rows."""
    if row["read_state"] == "unreadable" and failure is None and (capture.is_cut or capture.attempt > 1):
        return _LESSER
    shown = index.query("SELECT 1 FROM sightings WHERE capture_id = ? AND shown IS NOT NULL", [row["id"]])
    return _BEGINNING if shown else None


def _state(read_state: str, failure: tuple[str, str] | None) -> str:
    return f"{read_state} ({failure[0]}: {failure[1]})" if failure else read_state


def _failure(outcome: Outcome, capture: Capture) -> tuple[str, str] | None:
    return (outcome.reason, outcome.detail) if isinstance(outcome, Unusable) and not capture.is_cut else None


def _links(index: Index, capture_id: int) -> list[str]:
    """The addresses linked on a page."""
    try:
        return [url for _, _, url, _ in links_at(index.conn, [capture_id])]
    except sqlite3.OperationalError:  # an index of an earlier version
        return [row[0] for row in index.query("SELECT url FROM links WHERE capture_id = ? ORDER BY position", [capture_id])]


def _imprint(index: Index, capture_id: int) -> str:
    rows = index.query("SELECT byline, credit, copyright FROM imprints WHERE capture_id = ?", [capture_id])
    return "; ".join(value for row in rows for value in row if value)


def _imprint_now(content: object) -> str:
    imprint = content.imprint if isinstance(content, Media) else None
    return "; ".join(filter(None, asdict(imprint).values())) if imprint else ""


def _filed(index: Index, record_id: str) -> tuple[Version, bool] | None:
    """The version a capture shows; of a page among several its text alone."""
    found = index.shown_by(record_id)
    sql = "SELECT p.article FROM article_pages p JOIN captures c ON c.id = p.capture_id WHERE c.record_id = ?"
    row = next(iter(index.query(sql, [clean(record_id)])), None) if found is not None else None
    if found is None or row is None:
        return found
    alone = article_of(json.loads(row[0]))
    return evolve(found[0], article=alone, text_digest=text_digest(alone)), True


def _compare_articles(index: Index, capture: Capture, content: object, pairs: dict[str, tuple[str, str]]) -> str | None:
    """Add the texts of the article shown before and now; the story.

    Of a text that an earlier capture showed first, the index holds that one's other fields: only the text is compared.
    """
    found = _filed(index, capture.record_id)
    article = content.article if isinstance(content, Parsed) else None
    if found is None:
        story = story_of(capture, article) if article else capture.story
        pairs |= {name: ("", text) for name, text in texts_of(article, story or "").items()} if article else {}
        return story
    version, is_first = found
    old = texts_of(version.article, version.story)
    new = texts_of(article, story_of(capture, article)) if article else dict.fromkeys(old, "")
    if article and not is_first:
        same = version.text_digest == text_digest(article) and new["story"] == version.story
        old, new = ({name: texts[name] for name in ("story", *TEXT_FIELDS)} for texts in (old, old if same else new))
    pairs |= {name: (text, new[name]) for name, text in old.items()}
    return version.story
