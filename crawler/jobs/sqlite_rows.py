"""From rows of `jobs.db` to nouns and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from crawler.jobs.rows import Job, JobReport, LaneState, Part, Schedule, iso

JOB = "id, site, arguments, created, schedule, lanes"
PART = "id, job, worker, lanes, run_id, started, ended, exit_code, reason, stats"
FINAL = ("done", "failed", "refused")


def canonical(value: object) -> str:
    """Format a value as JSON, equal for equal values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def job_of(row: tuple[Any, ...]) -> Job:
    """Make a job of a row."""
    id, site, arguments, created, schedule, lanes = row
    return Job(
        id=id, site=site, arguments=json.loads(arguments), created=datetime.fromisoformat(created), schedule=schedule,
        lanes=tuple(json.loads(lanes)),
    )  # fmt: skip


def schedule_of(row: tuple[Any, ...]) -> Schedule:
    """Make a schedule of a row."""
    id, site, arguments, lanes, every, next_at = row
    return Schedule(
        id=id, site=site, arguments=json.loads(arguments), lanes=tuple(json.loads(lanes)), every=every,
        next_at=datetime.fromisoformat(next_at),
    )  # fmt: skip


def part_of(row: tuple[Any, ...]) -> Part:
    """Make a part of a row."""
    id, job, worker, lanes, run_id, started, ended, exit_code, reason, stats = row
    return Part(
        id=id, job=job, worker=worker, lanes=tuple(json.loads(lanes)), run_id=run_id, started=datetime.fromisoformat(started),
        ended=datetime.fromisoformat(ended) if ended else None, exit_code=exit_code, reason=reason, stats=json.loads(stats),
    )  # fmt: skip


def row_of(part: Part) -> tuple[Any, ...]:
    """Make a row of a part."""
    return (
        part.id, part.job, part.worker, canonical(part.lanes), part.run_id, iso(part.started), iso(part.ended) if part.ended else None,
        part.exit_code, part.reason, canonical(dict(part.stats)),
    )  # fmt: skip


def text_of(state: LaneState) -> str:
    """Format a lane's state as JSON."""
    return canonical(attrs.asdict(state))


def state_of(text: str) -> LaneState:
    """Read a lane's state; fields of another version are left out."""
    known = {field.name for field in attrs.fields(LaneState)}
    return LaneState(**{name: value for name, value in json.loads(text).items() if name in known})


def rows_by_state(parts: tuple[Part, ...]) -> dict[str, int]:
    """Sum how many rows ended in which way, as the parts' figures say."""
    found: dict[str, int] = {}
    for part in parts:
        rows = part.stats.get("frontier")
        for state, count in rows.items() if isinstance(rows, Mapping) else ():
            if state in FINAL and isinstance(count, int):
                found[state] = found.get(state, 0) + count
    return found


def report_of(conn: sqlite3.Connection, beginning: str) -> JobReport | None:
    """Tell how the job stands whose id begins so; None for none or several."""
    found = conn.execute(f"SELECT {JOB} FROM jobs WHERE id >= ? AND id < ? LIMIT 2", (beginning, beginning + "\U0010ffff")).fetchall()
    exact = [row for row in found if row[0] == beginning]
    if not beginning or len(exact or found) != 1:
        return None
    job = job_of((exact or found)[0])
    parts = tuple(part_of(row) for row in conn.execute(f"SELECT {PART} FROM parts WHERE job = ? ORDER BY started, id", (job.id,)))
    lanes = conn.execute("SELECT count(*) FROM entries WHERE job = ? AND state != 'ended'", (job.id,)).fetchone()[0]
    return JobReport(job=job, parts=parts, states=rows_by_state(parts), open_lanes=lanes)
