"""Pictures of the newest versions, with facets: credit, agency, year, section."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from crawler.catalogue.keyset import Place, Stretch, stretch
from crawler.index.rows import Value

if TYPE_CHECKING:
    from crawler.index.index import Index

SHOWN_FACETS = 12
NONE = "-"
"""Stands for pictures without the value, as a choice."""
_PICTURES = (
    "SELECT p.image_id, p.story_id, p.headline, p.published, p.caption, p.credit, p.agency, p.picture_url, p.alt, p.mime, p.record_id,"
    " p.file_byline, p.file_credit, p.file_copyright, v.language FROM pictures p JOIN stored_versions v ON v.id = p.version_id"
    " WHERE p.image_id IN ({chosen}) ORDER BY p.published DESC, p.image_id DESC"
)
_FORMS = {"credit", "agency"}


@frozen(kw_only=True)
class Choice:
    """Chosen facets.

    None means any value, `NONE` pictures without one.
    """

    credit: str | None = None
    """Folded."""
    agency: str | None = None
    """Folded."""
    year: str | None = None
    section: str | None = None


@frozen(kw_only=True)
class Picture:
    """One picture with its words; all of them are of the page's making."""

    image_id: int
    story_id: str
    headline: str | None
    published: str
    caption: str | None
    credit: str | None
    agency: str | None
    picture_url: str
    alt: str | None
    mime: str | None
    """Of the archived picture; null where none is archived."""
    record_id: str | None
    """The record that holds its bytes."""
    file_byline: str | None
    file_credit: str | None
    file_copyright: str | None
    language: str | None
    """Of the story."""


@frozen
class FacetValue:
    """A value of a facet, with the number of pictures that have it."""

    value: str
    label: str
    """As it is printed most often."""
    count: int


@frozen(kw_only=True)
class Facet:
    """Values of one facet, the most frequent first."""

    name: str
    values: Sequence[FacetValue]
    chosen: str | None
    label: str | None
    """Of what is chosen."""
    more: bool
    """Whether there are more values than these."""


def page_of_pictures(index: Index, choice: Choice, *, before: Place | None, most: int) -> Stretch[Picture]:
    """The newest pictures of a choice, or those before a place."""
    conditions, values = _chosen(index, choice)
    if before is not None:
        conditions.append("(g.date, g.image_id) < (?, ?)")
        values += [before.date, before.row]
    chosen = f"SELECT g.image_id FROM gallery g{_where(conditions)} ORDER BY g.date DESC, g.image_id DESC LIMIT ?"
    found = []
    for row in index.query(_PICTURES.format(chosen=chosen), [*values, most + 1]):
        found.append((Place(row["published"], row["image_id"]), Picture(**dict(row))))
    return stretch(found, most)


def facets(index: Index, choice: Choice) -> list[Facet]:
    """Count the pictures of a choice by each facet, without that facet's own choice."""
    return [
        _facet("credit", choice.credit, _by_form(index, "credit", evolve(choice, credit=None)), _label(index, "credit", choice.credit)),
        _facet("agency", choice.agency, _by_form(index, "agency", evolve(choice, agency=None)), _label(index, "agency", choice.agency)),
        _facet("year", choice.year, _by_year(index, evolve(choice, year=None)), choice.year),
        _facet("section", choice.section, _by_section(index, evolve(choice, section=None)), choice.section),
    ]


def count_pictures(index: Index, choice: Choice) -> int:
    """Count the pictures of a choice."""
    conditions, values = _chosen(index, choice)
    return int(index.query(f"SELECT count(*) FROM gallery g{_where(conditions)}", values)[0][0])


def _facet(name: str, chosen: str | None, values: Sequence[FacetValue], label: str | None) -> Facet:
    shown, more = values[:SHOWN_FACETS], len(values) > SHOWN_FACETS
    if more and values[-1].value == NONE:  # told last, however many they are
        shown = [*values[: SHOWN_FACETS - 1], values[-1]]
    return Facet(name=name, values=shown, chosen=chosen, label=label, more=more)


def _by_form(index: Index, kind: str, choice: Choice) -> list[FacetValue]:
    conditions, values = _chosen(index, choice)
    counted = f"SELECT g.{kind} AS form, count(*) AS pictures FROM gallery g{_where(conditions)} GROUP BY g.{kind}"
    sql = (
        f"SELECT f.folded AS folded, f.printed AS printed, c.pictures AS pictures FROM ({counted}) c"
        " LEFT JOIN credit_forms f ON f.id = c.form ORDER BY c.pictures DESC, f.printed"
    )
    sums: dict[str | None, tuple[str, int]] = {}
    for folded, printed, pictures in index.query(sql, values):
        label, count = sums.get(folded, (printed, 0))
        sums[folded] = (label, count + pictures)
    ordered = sorted(((key, *one) for key, one in sums.items() if key is not None), key=lambda one: (-one[2], one[0] or ""))
    found = [FacetValue(key or "", label, count) for key, label, count in ordered]
    return [*found, FacetValue(NONE, "", sums[None][1])] if None in sums else found


def _by_year(index: Index, choice: Choice) -> list[FacetValue]:
    conditions, values = _chosen(index, choice)
    sql = f"SELECT substr(g.date, 1, 4) AS year, count(*) FROM gallery g{_where(conditions)} GROUP BY 1 ORDER BY 1 DESC"
    return [FacetValue(year, year, count) for year, count in index.query(sql, values)]


def _by_section(index: Index, choice: Choice) -> list[FacetValue]:
    conditions, values = _chosen(index, choice)
    sql = f"SELECT g.section, count(*) AS pictures FROM gallery g{_where(conditions)} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?"
    return [FacetValue(section or NONE, section or "", count) for section, count in index.query(sql, [*values, SHOWN_FACETS + 1])]


def _label(index: Index, kind: str, chosen: str | None) -> str | None:
    """The printed form of a folded one; the same where none is known."""
    if chosen is None or chosen == NONE:
        return chosen
    rows = index.query("SELECT printed FROM credit_forms WHERE kind = ? AND folded = ? ORDER BY id LIMIT 1", [kind, chosen])
    return rows[0]["printed"] if rows else chosen


def _chosen(index: Index, choice: Choice) -> tuple[list[str], list[Value]]:
    """SQL conditions of a choice on table `gallery g`, with their values."""
    conditions: list[str] = []
    values: list[Any] = []
    for kind, value in (("credit", choice.credit), ("agency", choice.agency)):
        if value == NONE:
            conditions.append(f"g.{kind} IS NULL")
        elif value is not None:
            forms = [row["id"] for row in index.query("SELECT id FROM credit_forms WHERE kind = ? AND folded = ?", [kind, value])]
            conditions.append(f"g.{kind} IN ({', '.join('?' * len(forms))})")
            values += forms
    if choice.year is not None:
        conditions.append("g.date >= ? AND g.date < ?")
        values += [choice.year, f"{choice.year}~"]
    if choice.section is not None:
        conditions.append("g.section IS NULL" if choice.section == NONE else "g.section = ?")
        values += [] if choice.section == NONE else [choice.section]
    return conditions, values


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""
