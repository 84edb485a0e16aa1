"""Citations of stories for Zotero and other reference managers: RIS and CSL-JSON.

One a story: its newest version. Names of authors are given as printed, since where a family name begins is not known.
Sources: tags of RIS as Zotero reads them for NEWS; csl-data.json of the Citation Style Language.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from attrs import frozen

from crawler.index.index import Index
from crawler.interchange.articles import Exported, newest_articles
from crawler.interchange.citing import Citing
from crawler.subsets.outcome import Outcome, Tell
from crawler.subsets.selection import Selection


@frozen(kw_only=True)
class Citation:
    """One story, cited."""

    id: str
    title: str
    paper: str
    authors: tuple[str, ...]
    issued: date | None
    accessed: date
    """When the version was first captured."""
    url: str
    abstract: str | None
    section: str | None
    language: str | None
    tags: tuple[str, ...]
    archive: str
    location: str
    """Its place in the archive."""
    note: str


def write_ris(out: BinaryIO, index: Index, selection: Selection, outcome: Outcome, tell: Tell, *, citing: Citing) -> None:
    """Write RIS records, in UTF-8 with CR LF."""
    for one in _citations(index, selection, outcome, tell, citing):
        out.write("".join(f"{tag}  - {text}\r\n" for tag, text in _ris(one)).encode() + b"\r\n")


def write_csl_json(out: BinaryIO, index: Index, selection: Selection, outcome: Outcome, tell: Tell, *, citing: Citing) -> None:
    """Write one JSON list of CSL items, without holding them all."""
    out.write(b"[")
    for one in _citations(index, selection, outcome, tell, citing):
        comma = b",\n" if outcome.counts["citations"] > 1 else b"\n"
        out.write(comma + json.dumps(_csl(one), ensure_ascii=False).encode("utf-8", "replace"))
    out.write(b"\n]\n")


def _citations(index: Index, selection: Selection, outcome: Outcome, tell: Tell, citing: Citing) -> Iterator[Citation]:
    for one, share in newest_articles(index, selection):
        outcome.counts["citations"] += 1
        tell("citations", outcome.counts["citations"], share)
        yield _citation(one, citing)


def _citation(one: Exported, citing: Citing) -> Citation:
    article, capture = one.version.article, one.capture
    found = datetime.fromisoformat(capture["date"])
    note = (
        f"Archived {found:%Y-%m-%d %H:%M:%S} UTC in {capture['warc']}, offset {capture['offset']}, {capture['record_id']};"
        f" story {one.version.story}, version {one.version.n}, {one.version.text_digest}"
    )
    return Citation(
        id=one.version.story, title=article.headline or capture["url"], paper=citing.paper(one.version.story, capture["host"]),
        authors=article.authors, issued=_day(article.published), accessed=found.date(), url=article.canonical_url or capture["url"],
        abstract=article.deck, section=article.section, language=article.language, tags=article.tags,
        archive=f"{citing.collection} (web archive)", location=citing.place(capture), note=note,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    try:
        return datetime.fromisoformat(text).date() if text else None
    except ValueError:
        return None


def _ris(one: Citation) -> Iterator[tuple[str, str]]:
    """Tags and values of a record, blank ones left out."""
    issued = one.issued
    pairs: list[tuple[str, str | None]] = [
        ("TY", "NEWS"), ("ID", one.id), ("TI", one.title), *(("AU", name) for name in one.authors), ("T2", one.paper),
        ("PY", f"{issued:%Y}" if issued else None), ("DA", f"{issued:%Y/%m/%d}/" if issued else None), ("SE", one.section),
        ("LA", one.language), ("AB", one.abstract), *(("KW", tag) for tag in one.tags), ("UR", one.url),
        ("Y2", f"{one.accessed:%Y/%m/%d}/"),
        ("DB", one.archive), ("AN", one.location), ("N1", one.note),
    ]  # fmt: skip
    # A value is one line: a line break would begin a tag.
    yield from ((tag, line) for tag, text in pairs if text and (line := " ".join(text.split())))
    yield "ER", ""


def _csl(one: Citation) -> dict[str, Any]:
    """A CSL item; only variables that csl-data.json knows."""
    values: dict[str, Any] = {
        "id": one.id, "type": "article-newspaper", "title": one.title, "container-title": one.paper,
        "author": [{"literal": name} for name in one.authors], "issued": _date(one.issued), "accessed": _date(one.accessed), "URL": one.url,
        "abstract": one.abstract, "section": one.section, "language": one.language, "keyword": ", ".join(one.tags), "archive": one.archive,
        "archive_location": one.location, "note": one.note,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def _date(day: date | None) -> dict[str, Any] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None
