"""Rows of the frontier that one run of a worker may hand out.

A worker's collection holds rows of many sites and jobs, and several runs of one process work on it at a time, each on lanes of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from attrs import define, evolve, field

from crawler.errors import LaneLost
from crawler.frontier.lane_names import lane_name
from crawler.frontier.rows import FrontierRow
from crawler.items import FrontierRequest
from crawler.jobs.held import EveryLane, HeldLanes
from crawler.sites.known import WEB

OF_SCOPE = "lane IN (SELECT value FROM json_each(:lanes)) AND site = :site"
"""SQL: a row of the site and the lanes of a scope, whichever job asked for it; its arguments are `RunScope.arguments`."""


@define(kw_only=True)
class RunScope:
    """Rows of a site or a job, in lanes that no other run works on."""

    site: str
    """A site's name, or `web`."""
    job: str
    """Written into the rows that the run asks for."""
    lanes: set[str]
    """The lanes that the run works on now."""
    held: HeldLanes = field(factory=EveryLane)
    """Whether their deadlines have passed."""
    owners: Mapping[str, str] = field(factory=dict)
    """Names of sites by host; see `lane_names.owners_of`."""
    past: set[str] = field(factory=set, init=False)
    """Lanes that it has worked on before."""
    _names: dict[str, str] = field(factory=dict, init=False)

    @classmethod
    def of_site(cls, site: str, *, job: str, held: HeldLanes | None = None) -> RunScope:
        """All rows of a site, whichever job found them."""
        return cls(site=site, job=job, lanes={site}, held=held or EveryLane())

    @classmethod
    def of_job(cls, job: str, *, lanes: Iterable[str], held: HeldLanes | None = None, owners: Mapping[str, str] | None = None) -> RunScope:
        """Rows of a job over seeds, in some lanes."""
        return cls(site=WEB.name, job=job, lanes=set(lanes), held=held or EveryLane(), owners=owners or {})

    @property
    def name(self) -> str:
        """Value of `SCOPE` for its queued rows."""
        return self.job if self.site == WEB.name else self.site

    @property
    def arguments(self) -> dict[str, object]:
        """The arguments of `OF_SCOPE`."""
        return {"lanes": json.dumps(sorted(self.lanes)), "site": self.site}

    @property
    def worked(self) -> list[str]:
        """The lanes that it works or has worked on."""
        return sorted(self.lanes | self.past)

    def lane_of(self, site: str, url: str) -> str:
        """Name the lane of a row."""
        return lane_name(site, url, self.owners)

    def lane_of_host(self, name: str) -> str:
        """Name the lane of a `HostLane`."""
        if name not in self._names:
            self._names[name] = self.lane_of(self.site, name if "://" in name else f"//{name}")
        return self._names[name]

    def note_host(self, name: str, lane: str) -> None:
        """Note the lane in which rows of a `HostLane` stand; sites may have changed since."""
        self._names[name] = lane

    def may_ask(self, lane: str) -> bool:
        """Return True if a request of a lane may be sent now."""
        return lane in self.lanes and self.held.holds(lane)

    def check(self, lane: str) -> None:
        """Check that a request of a lane may be sent now.

        Raises:
            LaneLost
        """
        if not self.may_ask(lane):
            raise LaneLost(lane)

    def placed(self, row: FrontierRow) -> FrontierRow:
        """Give a row this job, and its lane if it has none."""
        return evolve(row, job=self.job, lane=row.lane or self.lane_of(row.site, row.url))

    def kept_in_lane(self, again: FrontierRow, row: FrontierRow) -> FrontierRow:
        """Keep a row's address if the new one is of another lane."""
        if row.lane in (None, self.lane_of(again.site, again.url)):
            return again
        return evolve(again, target=evolve(again.target, url=row.url))

    def is_own(self, request: FrontierRequest, row: FrontierRow | None) -> bool:
        """Return True for a request in one of its lanes.

        Args:
            row: The row of the request's key, if there is one.
        """
        return (row.lane if row is not None and row.lane else self.lane_of(request.site, request.url)) in self.lanes
