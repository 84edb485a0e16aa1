"""Sites: what each site file says, and what is held of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from crawler.index.index import Index
    from crawler.sites.site import Seed, Site


@frozen(kw_only=True)
class MirrorDates:
    """A host as a site file has it."""

    host: str
    language: str | None
    since: date | None
    until: date | None
    """It is not asked after this day."""
    alias: bool
    """Another name of a host that is listed."""


@frozen(kw_only=True)
class SeedLine:
    """A list at which a crawl begins."""

    kind: str
    """feed, sitemap or section."""
    path: str
    language: str | None
    backfill: bool
    """Only asked for in a backfill of sections."""


@frozen(kw_only=True)
class Layout:
    """A template of a site file."""

    name: str
    seen_from: date | None
    seen_until: date | None
    versions: int
    """Of this index, read with it; of all sites that have a template of this name."""


@frozen(kw_only=True)
class Held:
    """Holdings of a site."""

    stories: int
    live: int
    gone: int
    """Gone, or moved."""
    changed: int
    """Stories of more than one version."""
    versions: int
    first_seen: str | None
    last_seen: str | None
    runs: int
    last_run: str | None


@frozen(kw_only=True)
class Publisher:
    """A site with what is held of it."""

    name: str
    title: str
    language: str | None
    timezone: str | None
    numbered: bool
    """Whether each story has a number."""
    file: str | None
    """File name of its site file; None where no site file is known."""
    mirrors: Sequence[MirrorDates]
    seeds: Sequence[SeedLine]
    sections: Sequence[str]
    """Patterns of section fronts."""
    stories: Sequence[str]
    """Patterns of addresses of stories."""
    templates: Sequence[Layout]
    held: Held


_HELD = (
    "SELECT s.site, count(*) AS stories, sum(s.state = 'live' AND s.versions > 0) AS live, sum(s.state IN ('gone', 'moved')) AS gone,"
    " sum(s.versions > 1) AS changed, sum(s.versions) AS versions, min(s.first_seen) AS first_seen, max(s.last_seen) AS last_seen"
    " FROM stories s GROUP BY s.site"
)
_RUNS = "SELECT site, count(*) AS runs, max(started) AS last_run FROM runs GROUP BY site"
_NOTHING = Held(
    stories=0, live=0, gone=0, changed=0, versions=0, first_seen=None, last_seen=None, runs=0, last_run=None
)  # fmt: skip


def publishers(index: Index, shelf: Mapping[str, Site]) -> list[Publisher]:
    """Describe the sites of an index, those of most stories first.

    Args:
        shelf: Known sites by name; of others there are only counts.
    """
    runs = {row["site"]: dict(row) for row in index.query(_RUNS)}
    held = {row["site"]: dict(row) for row in index.query(_HELD)}
    templates = {row["name"]: int(row["count"]) for row in index.query("SELECT name, count FROM tallies WHERE kind = 'versions'")}
    found = []
    for name in {*held, *runs} - {"replay"}:
        ran = runs.get(name, {"runs": 0, "last_run": None})
        values = held.get(name, {key: getattr(_NOTHING, key) for key in _HELD_NAMES})
        of = Held(**{key: values[key] for key in _HELD_NAMES}, runs=ran["runs"], last_run=ran["last_run"])
        found.append(_publisher(name, shelf.get(name), of, templates))
    return sorted(found, key=lambda one: (-one.held.stories, one.name))


_HELD_NAMES = ("stories", "live", "gone", "changed", "versions", "first_seen", "last_seen")


def _publisher(name: str, site: Site | None, held: Held, templates: Mapping[str, int]) -> Publisher:
    if site is None:
        return Publisher(
            name=name, title=name, language=None, timezone=None, numbered=False, file=None, mirrors=(), seeds=(), sections=(), stories=(),
            templates=(), held=held,
        )  # fmt: skip
    return Publisher(
        name=name, title=site.title, language=site.language, timezone=site.timezone, numbered=site.is_numbered and bool(site.stories),
        file=site.file.name if site.file else None,
        mirrors=[
            MirrorDates(host=one.host, language=one.language, since=one.since, until=one.until, alias=one.alias) for one in site.mirrors
        ],
        seeds=[_seed(one) for one in site.seeds], sections=site.sections, stories=site.stories,
        templates=[
            Layout(name=one.name, seen_from=one.seen_from, seen_until=one.seen_until, versions=int(templates.get(one.name, 0)))
            for one in site.templates
        ],
        held=held,
    )  # fmt: skip


def _seed(seed: Seed) -> SeedLine:
    return SeedLine(
        kind=type(seed).__name__.lower(), path=seed.path, language=seed.language, backfill=bool(getattr(seed, "backfill", False))
    )  # fmt: skip
