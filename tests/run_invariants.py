"""Invariants of the frontier, of the run that has just ended, and of its report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from closed import Collection, invariant

from crawler.errors import EXIT_COMPLETE, REASONS


@invariant
def frontier_final(c: Collection) -> Iterator[str]:
    """A run that came to its end leaves nothing leased or captured, and nothing queued that was due, but what its report tells of."""
    for row in c.rows("SELECT url, state FROM frontier WHERE state NOT IN ('queued', 'leased', 'captured', 'done', 'failed', 'refused')"):
        yield f"{row['url']}: state {row['state']!r}"
    if not c.whole or c.run is None:
        return
    scoped = {"story", "url", "sections", "since", "until"} & c.arguments.keys()
    mine = f" AND run_id = {c.run['id']}" if scoped else ""
    for row in c.rows(f"SELECT url, state FROM frontier WHERE state IN ('leased', 'captured'){mine}"):
        yield f"{row['url']}: still {row['state']} after a run that ended ({c.run['reason']})"
    left = c.rows(f"SELECT url, due FROM frontier WHERE state = 'queued'{mine} ORDER BY key")
    told = c.stats.get("left", {})
    waiting, beyond = told.get("waiting", 0), told.get("beyond", 0)
    if len(left) != waiting + beyond:
        yield f"{left[0]['url'] if left else 'nothing'}: {len(left)} queued, due {left[0]['due'] if left else '-'}; the report tells of {told}"
    if waiting and c.code == EXIT_COMPLETE:
        yield f"COMPLETE, and {waiting} addresses wait"


@invariant
def frontier_reason(c: Collection) -> Iterator[str]:
    """What failed or was refused has a reason, in our words."""
    for row in c.rows("SELECT url, state, reason FROM frontier WHERE state IN ('failed', 'refused') OR reason IS NOT NULL"):
        if row["reason"] not in REASONS:
            yield f"{row['url']}: {row['state']} for reason {row['reason']!r}"


@invariant
def frontier_outcome(c: Collection) -> Iterator[str]:
    """What is done has a capture of its key, or a reason; what failed after an attempt has a row of failures."""
    for row in c.rows(
        "SELECT url, key, record_id FROM frontier f WHERE state = 'done' AND reason IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM captures c WHERE c.record_id = f.record_id AND c.key = f.key AND c.state = 'ok')"
    ):
        yield f"{row['url']}: done, without reason, and no capture {row['record_id']} of key {row['key']}"
    for row in c.rows(
        "SELECT url, key, reason FROM frontier f WHERE state IN ('failed', 'refused') AND attempts > 0 AND NOT EXISTS"
        " (SELECT 1 FROM failures x WHERE x.key = f.key)"
    ):
        yield f"{row['url']}: {row['reason']} after an attempt, and no row of failures for key {row['key']}"


@invariant
def run_ended(c: Collection) -> Iterator[str]:
    """The row of the run says how it ended, as the exit code does."""
    if c.run is None:
        return
    if c.run["ended"] is None or c.run["stats"] is None:
        yield f"run {c.run['id']}: no end and no stats, exit code {c.code}"
    if c.run["exit_code"] != c.code:
        yield f"run {c.run['id']}: exit code {c.code}, in table runs {c.run['exit_code']}"
    printed = re.findall(r"^([A-Z ]+) \(exit code (\d+)\): ", c.out, re.MULTILINE)
    if printed and [int(code) for _, code in printed] != [c.code]:
        yield f"run {c.run['id']}: exit code {c.code}, printed {printed}"
    if printed and (printed[-1][0] in ("COMPLETE", "POSTPONED")) != (c.code == EXIT_COMPLETE):
        yield f"run {c.run['id']}: exit code {c.code} is called {printed[-1][0]}"


@invariant
def run_counts(c: Collection) -> Iterator[str]:
    """What the report counts is what the tables hold of that run."""
    if c.run is None or not c.whole:
        return
    run, stats = c.run["id"], c.stats
    of_run = "FROM captures WHERE run_id = ?"
    told: dict[str, Any] = {name: stats.get(name) for name in ("captures", "revisits", "failures")}
    held: dict[str, Any] = {
        "captures": c.one(f"SELECT count(*) {of_run}", run),
        "revisits": c.one(f"SELECT count(revisit_of) {of_run}", run),
        "failures": dict(map(tuple, c.rows("SELECT reason, count(*) FROM failures WHERE run_id = ? GROUP BY reason", run))),
    }
    told["addresses"] = {name: count for name, count in stats.get("frontier", {}).items() if count}
    states = dict(map(tuple, c.rows("SELECT state, count(*) FROM frontier WHERE run_id = ? GROUP BY state", run)))
    if healed := told["addresses"].pop("given by another mirror", 0):
        told["addresses"]["failed"] = told["addresses"].get("failed", 0) + healed
    held["addresses"] = states
    stories = stats.get("stories", {})
    told["stories"] = {name: stories.get(name, 0) for name in ("new", "changed", "unchanged")}
    held["stories"] = _stories(c, run)
    if c.run["site"] == "replay":
        del told["captures"], told["revisits"], told["stories"], told["failures"]
    elif c.one(
        "SELECT (SELECT count(*) FROM runs WHERE id < ? AND coalesce(exit_code, -1) NOT IN (0, 10))"
        " + (SELECT count(*) FROM captures WHERE run_id IS NULL)", run
    ):  # fmt: skip
        # What an earlier run captured and did not live to read, or an index made anew holds, is read and counted by this one.
        del told["stories"], told["failures"]
    for name, count in told.items():
        if count != held[name]:
            yield f"run {run}: {name}: {count} in the report, {held[name]} in the tables"


def _stories(c: Collection, run: int) -> dict[str, int]:
    """How many texts of a run were new, changed, unchanged; what archives held is counted apart."""
    first = "(SELECT s.capture_id FROM sightings s JOIN captures o ON o.id = s.capture_id WHERE s.version_id = v.id ORDER BY o.date, o.record_id LIMIT 1)"
    # Of what is asked for on a second mirror only an edit counts, which several show; the story itself is counted where it was asked first.
    compared = "(c.role = 'story' AND c.key LIKE c.story_id || '@%')"
    shown = f"(NOT {compared} OR (SELECT count(DISTINCT host) FROM sightings s WHERE s.version_id = v.id) > 1)"
    new, changed, edited = (
        c.one(f"SELECT count(*) FROM versions v JOIN captures c ON c.id = {first} WHERE c.run_id = ? AND c.via IS NULL AND v.n {which}", run)
        for which in ("= 1", f"> 1 AND {shown}", f"> 1 AND {shown} AND {compared}")
    )
    # Attempts at one errand that brought the same bytes, cut off alike, are one sighting to the report.
    each = "SELECT DISTINCT c.key, s.version_id FROM sightings s JOIN captures c ON c.id = s.capture_id WHERE c.run_id = ? AND c.via IS NULL"
    each += f" AND NOT {compared}"
    seen = c.one(f"SELECT count(*) FROM ({each})", run)
    return {"new": new, "changed": changed, "unchanged": seen - new - changed + edited}


@invariant
def run_verdict(c: Collection) -> Iterator[str]:
    """What is called complete has nothing that failed and nothing due that was left out; what was left out is counted, with a reason."""
    if c.run is None:
        return
    for reason, one in c.stats.get("omitted", {}).items():
        if not reason.strip() or one["count"] < 1:
            yield f"left out: {one['count']} for reason {reason!r}"
        if one["incomplete"] and c.code == EXIT_COMPLETE:
            yield f"COMPLETE, and {one['count']} {reason} were due ({one['example']})"
    if c.code != EXIT_COMPLETE:
        return
    if c.stats.get("failed_urls"):
        yield f"COMPLETE, and {c.stats['failed_urls'][0]} failed"
    failed = c.rows("SELECT key, host, url FROM frontier WHERE state = 'failed' AND run_id = ?", c.run["id"])
    for row in failed:
        if row["host"] and row["key"].endswith(f" {row['host']}"):
            continue  # a list that was asked for on a second mirror only to be compared
        like = f"{row['key'].rpartition('@')[0]}@%"
        if not row["host"] or not c.one(
            "SELECT count(*) FROM frontier WHERE state = 'done' AND run_id = ? AND key LIKE ?", c.run["id"], like
        ):
            yield f"COMPLETE, and {row['url']} failed"


@invariant
def report_document(c: Collection) -> Iterator[str]:
    """What `--report-json` wrote is what the table holds."""
    if c.document is None or c.run is None:
        return
    said = (c.document.get("exit_code"), c.document.get("reason"), {**c.document.get("stats", {}), "checks": c.document.get("checks")})
    if said != (c.run["exit_code"], c.run["reason"], c.stats):
        yield f"run {c.run['id']}: --report-json says {said[:2]}, the table {(c.run['exit_code'], c.run['reason'])}"
