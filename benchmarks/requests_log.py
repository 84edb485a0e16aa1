"""Read the log of `benchmarks.hosts_server`: pages that were never asked for, asked for again, and gaps under a delay."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from attrs import field, frozen


@frozen(kw_only=True)
class Asked:
    """One request, as the server saw it."""

    at: float
    """On the monotonic clock of the machine."""
    host: str
    path: str
    status: int
    sender: str

    @property
    def page(self) -> tuple[str, str]:
        """Host and path."""
        return self.host, self.path


@frozen(kw_only=True)
class Fault:
    """Something done to a worker."""

    at: float
    kind: str
    """`kill`, `pause`, `cut`, `database`."""
    worker: str
    until: float | None = None
    """When a pause ended."""


@frozen(kw_only=True)
class Gap:
    """Two requests of one host that came closer than its delay."""

    seconds: float
    first: Asked
    second: Asked


@frozen(kw_only=True)
class Verdict:
    """Result of a log held against what was to be fetched."""

    requests: int
    lost: Sequence[tuple[str, str]]
    """Pages that were never asked for."""
    again: int
    """Requests beyond the first of each page."""
    unexcused: Sequence[Asked]
    """Requests of a page again, although nothing had happened to who asked before."""
    short: Sequence[Gap]
    """Gaps under the delay, the least first."""
    least: float
    """Shortest gap."""
    senders: Mapping[str, int] = field(factory=dict)
    """Requests by worker."""

    def line(self) -> str:
        """Print it."""
        short = f"{len(self.short)} gaps under the delay (least {self.least * 1000:.2f} ms)"
        again = f"{self.again} again ({len(self.unexcused)} without a fault)"
        return f"{self.requests} requests by {len(self.senders)} workers, {len(self.lost)} lost, {again}, {short}"


def read(log: Path) -> list[Asked]:
    """Read the lines of a log, the earliest first."""
    words = (line.split() for line in log.read_text().splitlines())
    found = [Asked(at=int(at) / 1e9, host=host, path=path, status=int(status), sender=sender) for at, host, path, status, sender in words]
    return sorted(found, key=lambda one: one.at)


def judge(
    requests: Iterable[Asked], expected: set[tuple[str, str]], *, delay: float, jitter: float = 0.0,
    faults: Iterable[Fault] = (), settle: float = 1.0,
) -> Verdict:  # fmt: skip
    """Hold requests against the pages expected.

    Args:
        delay: Seconds that two requests of one host are to be apart, those for robots.txt too.
        jitter: Seconds by which a gap may be shorter.
        faults: What happened to workers.
        settle: Seconds within which an answer is told to the frontier: a request is in flight so long, and may be made again if a fault
            befell its worker meanwhile.
    """
    asked = sorted(requests, key=lambda one: one.at)
    pages, hosts, senders = defaultdict[tuple[str, str], list[Asked]](list), defaultdict[str, list[Asked]](list), defaultdict[str, int](int)
    for one in asked:
        pages[one.page].append(one)
        hosts[one.host].append(one)
        senders[one.sender] += 1
    gaps = [
        Gap(seconds=later.at - sooner.at, first=sooner, second=later)
        for ones in hosts.values() for sooner, later in itertools.pairwise(ones)
    ]  # fmt: skip
    befell = defaultdict[str, list[Fault]](list)
    for fault in faults:
        befell[fault.worker].append(fault)
    repeated = [(sooner, later) for page in expected for sooner, later in itertools.pairwise(pages[page])]
    return Verdict(
        requests=len(asked), lost=sorted(page for page in expected if not any(one.status == 200 for one in pages[page])),
        again=len(repeated), senders=dict(senders),
        unexcused=[later for sooner, later in repeated if not _excused(sooner, later, befell[sooner.sender], settle)],
        short=sorted((gap for gap in gaps if gap.seconds < delay - jitter), key=lambda gap: gap.seconds),
        least=min((gap.seconds for gap in gaps), default=float("inf")),
    )  # fmt: skip


def _excused(sooner: Asked, later: Asked, faults: Sequence[Fault], settle: float) -> bool:
    """Return True if a fault befell the first sender while its request was in flight."""
    return any(sooner.at <= (fault.until or fault.at) and fault.at <= min(later.at, sooner.at + settle) for fault in faults)
