"""One story: its versions, sightings, captures and mirrors, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crawler.index.rows import WHOLE_VERSION, version_of

if TYPE_CHECKING:
    from crawler.index.index import Index
    from crawler.items import Version

_CAPTURES = (
    "SELECT c.record_id, c.date, c.url, c.via, c.host, c.role, c.method, c.status, c.mime, c.length, c.record_type, c.revisit_of,"
    " c.state, c.truncated, c.problem, c.memento_date,"
    " (SELECT v.n FROM sightings s JOIN versions v ON v.id = s.version_id WHERE s.capture_id = c.id) AS version,"
    " (SELECT min(q.score_resources, coalesce(q.score_text, 1)) FROM qa q WHERE q.record_id = c.record_id ORDER BY q.date DESC LIMIT 1)"
    " AS replay_score"
    " FROM captures c WHERE c.story_id = ? ORDER BY c.date DESC, c.record_id LIMIT ? OFFSET ?"
)
_VERSIONS = (
    "SELECT v.id, v.n, v.headline, v.first_seen, v.last_seen, v.template, v.language FROM versions v WHERE v.story_id = ?"
    " ORDER BY v.n DESC LIMIT ? OFFSET ?"
)
_MIRRORS = (
    "SELECT s.host, count(*) AS sightings, count(DISTINCT v.n) AS versions, min(s.date) AS first_seen, max(s.date) AS last_seen,"
    " (SELECT w.n FROM sightings t JOIN versions w ON w.id = t.version_id WHERE w.story_id = v.story_id AND t.host = s.host"
    " ORDER BY t.date DESC LIMIT 1) AS last_version"
    " FROM versions v JOIN sightings s ON s.version_id = v.id WHERE v.story_id = ? GROUP BY s.host ORDER BY s.host"
)
_DENIALS = "SELECT host, count(*) AS denials, max(date) AS last_denied FROM denials WHERE story_id = ? GROUP BY host"


@frozen(kw_only=True)
class VersionLine:
    """One version in the list of a story's versions."""

    n: int
    headline: str | None
    first_seen: str
    last_seen: str
    template: str | None
    language: str | None
    sightings: int
    hosts: tuple[str, ...]


@frozen(kw_only=True)
class CaptureLine:
    """One capture in the list of a story's captures."""

    record_id: str
    date: str
    url: str
    via: str | None
    host: str
    role: str
    method: str | None
    status: int | None
    mime: str | None
    length: int
    """Bytes of its record in the WARC."""
    record_type: str
    revisit_of: str | None
    state: str
    truncated: str | None
    problem: str | None
    memento_date: str | None
    version: int | None
    """The version that it showed."""
    replay_score: float | None
    """How it came out in the last check of its replay, 0 to 1: the lower of its scores; None if it was not checked."""


@frozen(kw_only=True)
class MirrorLine:
    """All that one host showed of a story."""

    host: str
    sightings: int
    versions: int
    first_seen: str | None
    last_seen: str | None
    last_version: int | None
    denials: int
    """Captures that say that the story is not there."""
    last_denied: str | None


def version_numbered(index: Index, story_id: str, n: int) -> tuple[Version, int] | None:
    """A version of a story by its number, with its row number."""
    sql = f"SELECT {WHOLE_VERSION}, c.url FROM versions v JOIN captures c ON c.id = v.capture_id WHERE v.story_id = ? AND v.n = ?"
    for row in index.query(sql, [story_id, n]):
        images = index.query("SELECT * FROM images WHERE version_id = ? ORDER BY n", [row["id"]])
        return version_of(row, images), int(row["id"])
    return None


def newest_number(index: Index, story_id: str) -> int | None:
    """The number of the newest version of a story; None without one."""
    found = index.query("SELECT n FROM versions WHERE story_id = ? ORDER BY n DESC LIMIT 1", [story_id])
    return int(found[0]["n"]) if found else None


def version_lines(index: Index, story_id: str, *, limit: int, offset: int) -> list[VersionLine]:
    """List versions of a story, the newest first."""
    found = []
    for row in index.query(_VERSIONS, [story_id, limit, offset]):
        values = dict(row)
        seen = index.query("SELECT host, count(*) AS n FROM sightings WHERE version_id = ? GROUP BY host ORDER BY host", [values.pop("id")])
        found.append(VersionLine(**values, sightings=sum(one["n"] for one in seen), hosts=tuple(one["host"] for one in seen)))
    return found


def capture_count(index: Index, story_id: str) -> int:
    """Number of captures of a story, its pictures included."""
    return int(index.query("SELECT count(*) FROM captures WHERE story_id = ?", [story_id])[0][0])


def capture_lines(index: Index, story_id: str, *, limit: int, offset: int) -> list[CaptureLine]:
    """List captures of a story and of its pictures, the newest first."""
    return [CaptureLine(**dict(row)) for row in index.query(_CAPTURES, [story_id, limit, offset])]


def mirror_lines(index: Index, story_id: str) -> list[MirrorLine]:
    """List what each host showed of a story, by host."""
    denials = {row["host"]: row for row in index.query(_DENIALS, [story_id])}
    found = []
    for row in index.query(_MIRRORS, [story_id]):
        denied = denials.pop(row["host"], None)
        found.append(
            MirrorLine(**dict(row), denials=denied["denials"] if denied else 0, last_denied=denied["last_denied"] if denied else None)
        )
    for host, denied in denials.items():
        none = {"first_seen": None, "last_seen": None, "last_version": None}
        found.append(MirrorLine(host=host, sightings=0, versions=0, **none, denials=denied["denials"], last_denied=denied["last_denied"]))
    return sorted(found, key=lambda one: one.host)
