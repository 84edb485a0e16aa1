"""Articles printed on several pages, joined to one text.

Table `article_pages` holds the article of each capture of a page of such a story. The versions follow from it alone: each capture of the
first page shows one version, the text of that page and of those behind it, as they were captured next. So the order of filing
does not matter, and a rebuild gives the same rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from attrs import evolve, frozen

from crawler.index.rows import CAPTURE_COLUMNS, as_json, capture_of, clean, insert, row_of_capture
from crawler.index.stories import Filed, file_article, forget, show, story_of
from crawler.items import Article, Capture, article_of, plain
from crawler.items.joined_pages import joined_pages
from crawler.schema.reader_names import ReaderNames
from crawler.urls import page_key
from crawler.urls.page_numbers import split_address

_OF_STORY = (
    f"SELECT {', '.join(f'c.{name}' for name in CAPTURE_COLUMNS)}, c.id AS row, c.reader_version AS readers, p.number, p.further, p.article"
    " FROM article_pages p JOIN captures c ON c.id = p.capture_id WHERE p.story_id = ? ORDER BY c.date, c.record_id"
)


@frozen(kw_only=True)
class _Held:
    """One capture of one page of a story."""

    row: int
    capture: Capture
    number: int
    further: int
    """How many further pages it names."""
    article: Article
    readers: str


def page_number(capture: Capture) -> int:
    """The number of a capture's page: 1 unless asked for as another."""
    told = split_address(capture.url) if capture.story else None
    if told is None or told[1] < 2 or capture.key == capture.story or capture.target.is_comparison:
        return 1
    return told[1] if capture.role == "story" or capture.story == f"{capture.site}/{page_key(told[0])}" else 1


def file_page(conn: sqlite3.Connection, names: ReaderNames, capture: Capture, article: Article, further: int, readers: str) -> Filed:
    """File an article that names so many further pages, joined with them; idempotent."""
    source, story, number = row_of_capture(conn, capture.record_id), story_of(capture, article), page_number(capture)
    if number == 1 and not further:
        if conn.execute("DELETE FROM article_pages WHERE capture_id = ?", [source]).rowcount:
            _join(conn, names, story)
        return file_article(conn, names, capture, article, readers)
    values = {"capture_id": source, "story_id": story, "number": number, "further": further, "article": as_json(plain(article))}
    updated = "ON CONFLICT(capture_id) DO UPDATE SET story_id = excluded.story_id, number = excluded.number, further = excluded.further,"
    insert(conn, "article_pages", values, conflict=f"{updated} article = excluded.article")
    filed = _join(conn, names, story)[source]
    return filed if number == 1 else evolve(filed, outcome="unchanged")


def page_again(conn: sqlite3.Connection, names: ReaderNames, capture: Capture, of: str) -> Filed | None:
    """File a capture that shows the same page as another; None of other stories."""
    row = conn.execute(
        "SELECT p.story_id, p.further, p.article, c.reader_version FROM article_pages p JOIN captures c ON c.id = p.capture_id"
        " WHERE c.record_id = ?",
        [of],
    ).fetchone()
    if row is None or (capture.story and row[0] != clean(capture.story)):
        return None
    return file_page(conn, names, capture, article_of(json.loads(row[2])), row[1], row[3])


def _join(conn: sqlite3.Connection, names: ReaderNames, story: str) -> dict[int, Filed]:
    """File the joined text of each capture of the first page; the others show it."""
    cursor = conn.cursor()
    cursor.row_factory = sqlite3.Row
    held = [
        _Held(
            row=row["row"], capture=capture_of(row), number=row["number"], further=row["further"],
            article=article_of(json.loads(row["article"])), readers=row["readers"],
        )
        for row in cursor.execute(_OF_STORY, [story])
    ]  # fmt: skip
    first = min((one.number for one in held), default=1)
    leads = [one for one in held if one.number == first]
    filed: dict[int, Filed] = {}
    shown: dict[int, int] = {}
    for n, lead in enumerate(leads):
        until = leads[n + 1] if n + 1 < len(leads) else None
        behind = _behind(lead, until, held)
        filed[lead.row] = file_article(
            conn, names, lead.capture, joined_pages(lead.article, [one.article for one in behind], lead.further), lead.readers
        )
        for one in behind:
            shown.setdefault(one.row, lead.row)
    for one in held:
        if one.number != first:
            lead_row = shown.get(one.row) or next((lead for lead in reversed(leads) if _when(lead) <= _when(one)), leads[0]).row
            show(conn, one.row, one.capture, lead_row)
            filed[one.row] = filed[lead_row]
    return filed


def _behind(lead: _Held, until: _Held | None, held: Sequence[_Held]) -> list[_Held]:
    """The captures of the pages behind a first one, those made next."""
    out: list[_Held] = []
    number = lead.number + 1
    while some := [one for one in held if one.number == number]:
        later = [one for one in some if _when(one) > _when(lead) and (until is None or _when(one) < _when(until))]
        before = [one for one in some if _when(one) < _when(lead)]
        out.append(later[0] if later else before[-1] if before else some[0])
        number += 1
    return out


def _when(one: _Held) -> tuple[object, str]:
    return one.capture.date, one.capture.record_id


def forget_page(conn: sqlite3.Connection, names: ReaderNames, source: int) -> None:
    """Remove the article of a capture, and join the other pages anew."""
    row = conn.execute("DELETE FROM article_pages WHERE capture_id = ? RETURNING story_id", [source]).fetchone()
    forget(conn, source)
    if row is not None:
        _join(conn, names, row[0])
