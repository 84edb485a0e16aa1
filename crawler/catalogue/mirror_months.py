"""Mirrors of a site: their health, and what each did month by month."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import fields, frozen

if TYPE_CHECKING:
    from crawler.index.index import Index

Key = tuple[str, str, str]
"""Site, host, month."""
_COUNTS = ("compared", "equal", "lagging", "different", "missing")
_EACH = (
    "(SELECT site, host AS h, host, story_id, date, result, fields FROM comparisons WHERE date >= ?1 AND result != 'unsettled'"
    " UNION ALL SELECT site, other_host AS h, host, story_id, date, result, fields FROM comparisons"
    " WHERE date >= ?1 AND result != 'unsettled')"
)
_BLAMED = ", ".join(
    f"sum(h = host AND result = '{result}') AS {name}"
    for name, result in (("lagging", "stale"), ("different", "different"), ("missing", "missing"))
)
_CHANGED = ", ".join(
    f"sum(h = host AND result = 'different' AND fields GLOB '*\"{fields}\"*') AS {name}"
    for name, fields in (("credits", "credits"), ("captions", "captions"), ("headlines", "headline"))
)
_TEXTS = " OR ".join(f"fields GLOB '*\"{field}\"*'" for field in ("body", "deck", "embeds"))
_LOOKS = (
    f"SELECT site, h AS host, substr(date, 1, 7) AS month, count(DISTINCT story_id) AS compared, sum(result = 'equal') AS equal, {_BLAMED},"
    f" {_CHANGED}, sum(h = host AND result = 'different' AND ({_TEXTS})) AS texts FROM {_EACH} GROUP BY 1, 2, 3"
)
"""As view `mirror_timeline` counts them, without its lists, which are too many to look through for a page."""
_SAYS = (
    ("lagging", "lags"), ("credits", "changes credits"), ("captions", "changes captions"), ("headlines", "changes headlines"),
    ("texts", "changes texts"), ("missing", "removes stories"),
)  # fmt: skip
"""Words of view `mirror_timeline` for each count."""
_FAILURES = (
    "SELECT site, host, substr(date, 1, 7) AS month, reason, count(*) FROM failures WHERE date >= ? GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 4"
)


@frozen(kw_only=True)
class MirrorHealth:
    """One row of table `mirrors`."""

    site: str
    host: str
    state: str
    since: str | None
    last_ok: str | None
    last_error: str | None
    successes: int
    failures: int


@frozen(kw_only=True)
class MirrorMonth:
    """Deeds of one mirror in one month."""

    month: str
    """`2026-11`."""
    compared: int
    """The next six as in view `mirror_timeline`, which looks at lists too."""
    equal: int
    lagging: int
    different: int
    missing: int
    says: str
    failures: Mapping[str, int]
    """Attempts without a usable answer, by reason, the most frequent first."""

    @property
    def failed(self) -> int:
        """Attempts without a usable answer."""
        return sum(self.failures.values())

    @property
    def odd(self) -> int:
        """Looks at which it did not say what another mirror said."""
        return self.lagging + self.different + self.missing

    @property
    def sign(self) -> str:
        """The month in one word.

        `quiet`: nothing seen; `good`: compared, all equal;
        `failing`: attempts failed, and it was not compared; `odd`: it said something else.
        """
        if self.says:
            return "odd"
        return "good" if self.compared else "failing" if self.failures else "quiet"


@frozen(kw_only=True)
class MirrorLine:
    """One mirror with its months."""

    site: str
    host: str
    health: MirrorHealth | None
    """None of a host that no run of this index has asked."""
    months: Sequence[MirrorMonth]
    """As many as `Timeline.months`, in their order."""


@frozen(kw_only=True)
class Timeline:
    """Mirrors beside each other, month by month."""

    months: Sequence[str]
    lines: Sequence[MirrorLine]


def health_of_mirrors(index: Index) -> list[MirrorHealth]:
    """List the hosts of all sites, as the last run left them."""
    names = ", ".join(one.name for one in fields(MirrorHealth))
    return [MirrorHealth(**dict(row)) for row in index.query(f"SELECT {names} FROM mirrors ORDER BY site, host")]


def timeline(index: Index, *, site: str | None = None, months: int = 24) -> Timeline:
    """Look up what mirrors did in the last months of a collection.

    Args:
        site: Of one site only.
        months: How many, up to the last one in which something was captured.
    """
    first, last = index.query("SELECT (SELECT min(date) FROM captures), (SELECT max(date) FROM captures)")[0]
    if last is None:
        return Timeline(months=[], lines=[])
    shown = [month for month in _months_up_to(last[:7], months) if month >= first[:7]]
    looks = {(row["site"], row["host"], row["month"]): row for row in index.query(_LOOKS, [shown[0]])}
    failed: dict[tuple[str, str, str], dict[str, int]] = {}
    for of, host, month, reason, count in index.query(_FAILURES, [shown[0]]):
        failed.setdefault((of, host, month), {})[reason] = count
    health = {(one.site, one.host): one for one in health_of_mirrors(index)}
    # Hosts of table mirrors and of comparisons: those that only failed are of pictures, or no mirrors at all.
    hosts = sorted({*health, *(key[:2] for key in looks)})
    lines = [
        MirrorLine(site=of, host=host, health=health.get((of, host)), months=[_month((of, host, month), looks, failed) for month in shown])
        for of, host in hosts if site in (None, of)
    ]  # fmt: skip
    return Timeline(months=shown, lines=lines)


def _month(key: Key, looks: Mapping[Key, sqlite3.Row], failed: Mapping[Key, Mapping[str, int]]) -> MirrorMonth:
    row = looks.get(key)
    counts = {name: int(row[name]) if row is not None else 0 for name in _COUNTS}
    return MirrorMonth(month=key[2], **counts, says=_says(row), failures=failed.get(key, {}))


def _says(row: sqlite3.Row | None) -> str:
    return ", ".join(words for name, words in _SAYS if row is not None and row[name])


def _months_up_to(last: str, count: int) -> list[str]:
    """Name months, the last one last.

    >>> _months_up_to("2026-02", 3)
    ['2025-12', '2026-01', '2026-02']
    """
    end = int(last[:4]) * 12 + int(last[5:7]) - 1
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(end - count + 1, end + 1)]
