"""Rows of the shared database as nouns, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import attrs
from attrs import field, frozen

from crawler.index.rows import iso, moment
from crawler.jobs.rows import Job, LaneState, Part, Schedule

JOB = "j.id, j.site, j.arguments, j.created, j.schedule, j.lanes"
SCHEDULE = "id, site, arguments, lanes, every, next_at"
PART = "id, job, worker, lanes, run_id, started, ended, exit_code, reason, stats"
SHARED = "key, lane, job, state, due, priority, warc, columns"
_NOT_STORED = re.compile("[\x00\ud800-\udfff]")
"""Characters that PostgreSQL takes in no text."""


@frozen(kw_only=True)
class SharedRow:
    """A row of the frontier as all workers see it.

    One in flight is still queued.
    """

    key: str
    lane: str
    job: str | None
    state: str
    due: str
    priority: int
    warc: str | None = None
    """Name of the WARC in which its capture lies."""
    columns: Mapping[str, Any] = field(factory=dict)
    """The other columns of table `frontier`, without nulls."""


@frozen(kw_only=True)
class Pushed:
    """Counts of rows that were sent."""

    kept: int = 0
    """Written, in lanes that are held."""
    added: int = 0
    """New in lanes of others."""
    known: int = 0
    """Of lanes of others, and known already."""
    refused: int = 0
    """Too late: another worker has claimed their lane."""

    def __add__(self, other: Pushed) -> Pushed:
        """Sum two."""
        return Pushed(**{name: value + getattr(other, name) for name, value in attrs.asdict(self).items()})


_OF_ITS_END = frozenset(
    ("record_id", "etag", "last_modified", "validates", "validates_host", "attempts", "tried", "answered", "reason", "detail", "every")
)


def anew(row: SharedRow, now: str) -> SharedRow:
    """Make of a row that ended one that is asked for anew, without validators."""
    columns = {name: value for name, value in row.columns.items() if name not in _OF_ITS_END}
    return attrs.evolve(row, state="queued", due=now, warc=None, columns=columns)


def clean(text: str) -> str:
    """Replace what PostgreSQL takes in no text."""
    return _NOT_STORED.sub("\ufffd", text)


def jsonb(value: object) -> Any:
    """A value as an argument of type jsonb."""
    from psycopg.types.json import Jsonb

    return Jsonb(value, dumps=_dumps)


def _dumps(value: object) -> str:
    return clean(json.dumps(_clean(value) if "\\u0000" in json.dumps(value) else value, ensure_ascii=False))


def _clean(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(name): _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, Sequence) else value


def moved(when: str, by: timedelta) -> str:
    """Move a time in ISO 8601; no time stays none."""
    try:
        return iso(moment(when) + by) if when and by else when
    except ValueError:
        return when


def job_of(row: Sequence[Any]) -> Job:
    """Make a job of a row."""
    id, site, arguments, created, schedule, lanes = row
    return Job(id=id, site=site, arguments=arguments, created=created, schedule=schedule, lanes=tuple(lanes))


def schedule_of(row: Sequence[Any]) -> Schedule:
    """Make a schedule of a row."""
    id, site, arguments, lanes, every, next_at = row
    return Schedule(id=id, site=site, arguments=arguments, lanes=tuple(lanes), every=every, next_at=next_at)


def part_of(row: Sequence[Any]) -> Part:
    """Make a part of a row."""
    values = dict(zip(PART.split(", "), row, strict=True))
    return Part(**{**values, "lanes": tuple(values["lanes"])})


def row_of_part(part: Part) -> tuple[Any, ...]:
    """Make a row of a part."""
    return (
        part.id, part.job, part.worker, list(part.lanes), part.run_id, part.started, part.ended, part.exit_code, part.reason,
        jsonb(dict(part.stats)),
    )  # fmt: skip


def state_of(found: Mapping[str, Any], ahead: timedelta) -> LaneState:
    """Make a lane's state of a row; fields of another version are left out.

    Args:
        ahead: By how much the server's clock is ahead of this one: until when a host takes no request is told by the server's.
    """
    known = {one.name for one in attrs.fields(LaneState)}
    state = LaneState(**{name: value for name, value in found.items() if name in known})
    return attrs.evolve(state, waits={host: moved(when, -ahead) for host, when in state.waits.items()}) if ahead else state


def row_of_state(state: LaneState, ahead: timedelta) -> dict[str, Any]:
    """Make a row of a lane's state."""
    return attrs.asdict(attrs.evolve(state, waits={host: moved(when, ahead) for host, when in state.waits.items()}))


def shared_row_of(row: Sequence[Any]) -> SharedRow:
    """Make a row of the frontier."""
    return SharedRow(**dict(zip(SHARED.split(", "), row, strict=True)))
