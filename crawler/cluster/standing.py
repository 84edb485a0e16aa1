"""Standing of jobs and workers: what their rows, entries and parts say."""

from __future__ import annotations

from crawler.cluster.database import Database
from crawler.cluster.rows import JOB, PART, job_of, part_of
from crawler.index.rows import iso
from crawler.jobs.rows import JobReport

ALIVE = 180
"""Seconds since its last sign of life in which a worker counts as alive."""
_LANES = "SELECT lane FROM entries WHERE job = %(job)s"
_STATES = f"""
SELECT CASE WHEN f.state = 'queued' AND e.state IS NOT DISTINCT FROM 'ended' THEN 'left' ELSE f.state END, count(*)
    FROM frontier f LEFT JOIN entries e ON e.job = f.job AND e.lane = f.lane
    WHERE f.job = %(job)s AND f.lane = ANY (ARRAY({_LANES})) GROUP BY 1
"""
"""Counted at need, in the lanes of the job only. Rows still queued where the job has ended lie beyond its limits: they are `left`."""


def report(db: Database, beginning: str) -> JobReport | None:
    """Tell how the job stands whose id begins so; None for none or several."""
    found = db.rows(f"SELECT {JOB} FROM jobs j WHERE starts_with(j.id, %s) ORDER BY j.id LIMIT 2", [beginning])
    exact = [row for row in found if row[0] == beginning]
    if not beginning or len(exact or found) != 1:
        return None
    job = job_of((exact or found)[0])
    parts = tuple(part_of(row) for row in db.rows(f"SELECT {PART} FROM parts WHERE job = %s ORDER BY started, id", [job.id]))
    states: dict[str, int] = dict(db.run(lambda conn: conn.execute(_STATES, {"job": job.id}).fetchall(), patient=True))
    lanes = db.rows("SELECT count(*) FROM entries WHERE job = %s AND state <> 'ended'", [job.id])[0][0]
    return JobReport(job=job, parts=parts, states=states, open_lanes=lanes)


def workers(db: Database) -> list[dict[str, object]]:
    """List the workers, their last sign of life and their number of lanes."""
    sql = """SELECT w.name, w.seen, NOT w.lost AND w.seen > clock_timestamp() - make_interval(secs => %s), w.about,
            (SELECT count(*) FROM lanes l WHERE l.owner = w.name)
        FROM workers w ORDER BY w.name"""
    return [
        {"name": name, "seen": iso(seen), "alive": alive, "lanes": lanes, "about": about}
        for name, seen, alive, about, lanes in db.rows(sql, [ALIVE])
    ]
