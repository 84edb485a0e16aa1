"""Articles as CSV for spreadsheets (RFC 4180), without cells that look like formulas."""

from __future__ import annotations

import csv
import io
import re
from typing import Any, BinaryIO

from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.interchange.articles import Exported, articles, unread_note
from crawler.subsets.outcome import Outcome, Tell
from crawler.subsets.selection import Selection

COLUMNS = {
    "story": "Story id.",
    "version": "Number of the version, 1 for the first.",
    "newest": "1 for the newest version of the story, else 0.",
    "headline": "The headline.",
    "deck": "The summary beside it.",
    "body": "The text, one paragraph a line.",
    "authors": "Names, with `; ` between them.",
    "published": "When published, UTC; a bare date where no time is known.",
    "modified": "When last changed, as the page says.",
    "section": "The section.",
    "language": "Language of the page.",
    "tags": "Tags, with `; ` between them.",
    "captions": "Captions of its pictures, one a line; an empty line for a picture without one.",
    "credits": "Credits of its pictures, likewise.",
    "images": "Addresses of its pictures, likewise.",
    "canonical_url": "The address that the page calls canonical.",
    "first_seen": "Date of the first capture that shows this version.",
    "last_seen": "Date of the last one.",
    "captured": "Date of the capture that all of this was read from.",
    "host": "The host that gave it.",
    "url": "The address that was asked for.",
    "warc": "File name of the WARC that holds the capture.",
    "offset": "Where its record begins there, in bytes.",
    "length": "Length of that record in the file, in bytes.",
    "record_id": "WARC-Record-ID of that record.",
    "template": "The page layout it was read with, or `generic`.",
}
"""Columns of the file in order, with their meaning."""

_BOM = b"\xef\xbb\xbf"
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    So it is before one that begins with apostrophes and then such a sign: to take one away gives back each text.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("'tis so"), guarded("a=b")
    ("'=1+1", "''=1+1", "'tis so", 'a=b')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def write_csv(out: BinaryIO, index: Index, selection: Selection, outcome: Outcome, tell: Tell, *, bom: bool = False) -> None:
    """Write a line of names and one line a version, in UTF-8.

    Args:
        bom: Begin with a byte order mark, by which Excel knows UTF-8.
    """
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    out.write(_BOM if bom else b"")
    writer.writerow(COLUMNS)
    for one, share in articles(index, selection):
        values = _values(one)
        writer.writerow([guarded(value) if isinstance(value, str) else value for value in (values[name] for name in COLUMNS)])
        out.write(lines.getvalue().encode())
        lines.seek(0)
        lines.truncate()
        outcome.counts["articles"] += 1
        tell("articles", outcome.counts["articles"], share)
    out.write(lines.getvalue().encode())
    outcome.notes += unread_note(index, selection)


def _values(one: Exported) -> dict[str, Any]:
    version, article = one.version, one.version.article
    return {
        **{name: getattr(article, name) for name in COLUMNS if hasattr(article, name)},
        "story": version.story,
        "version": version.n,
        "newest": int(one.newest),
        "authors": "; ".join(article.authors),
        "tags": "; ".join(article.tags),
        "captions": "\n".join(image.caption or "" for image in article.images),
        "credits": "\n".join(image.credit or "" for image in article.images),
        "images": "\n".join(image.url for image in article.images),
        "first_seen": iso(version.first_seen),
        "last_seen": iso(version.last_seen),
        "captured": one.capture["date"],
        **{name: one.capture[name] for name in ("host", "url", "warc", "offset", "length", "record_id")},
    }
