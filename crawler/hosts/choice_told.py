"""Reasons of the choice of a host, for the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.frontier.rows import FrontierRow
from crawler.hosts.mirror_health import MirrorBoard


def why_chosen(row: FrontierRow, host: str, candidates: Sequence[str], board: MirrorBoard) -> str:
    """Tell in one word or a list why a host was chosen for a row.

    A list names the mirrors that come before it in the order of the site file, each with what spoke against it.
    """
    if row.host:
        return "comparison" if row.target.is_comparison else "pinned"
    if host not in candidates or len(candidates) < 2:
        return "only-host"
    before = ",".join(_passed(row, candidates[: candidates.index(host)], board))
    return before or ("first-mirror" if host == candidates[0] else "next-mirror")


def _passed(row: FrontierRow, hosts: Sequence[str], board: MirrorBoard) -> Iterator[str]:
    """Yield the mirrors passed over, with what spoke against each."""
    for host in dict.fromkeys(hosts):
        if host in row.answered:
            yield f"{host}:answered-no"
        elif times := row.tried.count(host):
            yield f"{host}:tried-{times}x"
        else:
            yield f"{host}:{board.state(host)}"
