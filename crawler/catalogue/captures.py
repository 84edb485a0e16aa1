"""One capture: its row, its file, what it showed and what repeats it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import fields, frozen

if TYPE_CHECKING:
    from crawler.index.index import Index

REPEATS_SHOWN = 20
_SHOWN = "SELECT v.story_id, v.n FROM sightings s JOIN versions v ON v.id = s.version_id WHERE s.capture_id = ?"


@frozen(kw_only=True)
class WarcRow:
    """A WARC as table `warcs` has it."""

    name: str
    path: str
    bytes: int | None
    sealed: str | None
    sha256: str | None


@frozen(kw_only=True)
class ReplayCheck:
    """Last check of a capture's replay; figures as in table `qa`."""

    date: str
    score_resources: float
    score_text: float | None
    wanted: int
    missing: int
    words: int
    words_on_screen: int
    browser: str


@frozen(kw_only=True)
class CaptureFacts:
    """All that the index knows of a capture."""

    row: Mapping[str, Any]
    """Its row of table `captures`, but for `tls`."""
    tls: Mapping[str, Any]
    """Version, cipher and certificate; empty for plain HTTP."""
    story: str | None
    version: int | None
    """The version of a story that it showed."""
    warc: WarcRow | None
    """None while the file is being written."""
    failure: str | None
    """Why it was no usable answer."""
    repeated_by: tuple[str, ...]
    """The first revisits that name it."""
    repeats: int
    replay_check: ReplayCheck | None


def capture_facts(index: Index, record_id: str) -> CaptureFacts | None:
    """Look a capture up by its record id."""
    for row in index.query("SELECT * FROM captures WHERE record_id = ?", [record_id]):
        values = dict(row)
        number, tls = values.pop("id"), _object(values.pop("tls"))
        shown = index.query(_SHOWN, [number])
        failed = index.query("SELECT reason, detail FROM failures WHERE capture_id = ?", [number])
        repeats = "FROM captures WHERE revisit_of = ? AND record_type = 'revisit'"
        return CaptureFacts(
            row=values, tls=tls, story=shown[0]["story_id"] if shown else values["story_id"], version=shown[0]["n"] if shown else None,
            warc=warc_row(index, values["warc"]), failure=f"{failed[0][0]}: {failed[0][1] or ''}".rstrip(": ") if failed else None,
            repeated_by=tuple(one[0] for one in index.query(f"SELECT record_id {repeats} LIMIT {REPEATS_SHOWN}", [record_id])),
            repeats=index.query(f"SELECT count(*) {repeats}", [record_id])[0][0], replay_check=_replay_check(index, record_id),
        )  # fmt: skip
    return None


def _replay_check(index: Index, record_id: str) -> ReplayCheck | None:
    names = ", ".join(one.name for one in fields(ReplayCheck))
    found = index.query(f"SELECT {names} FROM qa WHERE record_id = ? ORDER BY date DESC LIMIT 1", [record_id])
    return ReplayCheck(**dict(found[0])) if found else None


def warc_row(index: Index, name: str) -> WarcRow | None:
    """Look a WARC up; None for one that is being written."""
    found = index.query("SELECT name, path, bytes, sealed, sha256 FROM warcs WHERE name = ?", [name])
    return WarcRow(**dict(found[0])) if found else None


def _object(text: str | None) -> dict[str, Any]:
    """The JSON object of a column; empty if it holds none."""
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
