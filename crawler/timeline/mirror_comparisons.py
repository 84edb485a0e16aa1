"""Comparison of the mirrors of a story, derived from its captures in any order.

Two captures are simultaneous if they are at most `WINDOW` apart. Where two mirrors differ, the text may have been edited between the
two requests: it counts only if one of them was asked before and after the other, all within `WINDOW`, and said the same both times
(A, B, A). Without that the comparison is `unsettled`, whoever made the captures: a crawl, a failover, another program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Literal

from attrs import evolve, frozen

WINDOW = timedelta(hours=1)
"""Captures at most so far apart are simultaneous; so are the three of a confirmed difference."""

Result = Literal["equal", "different", "stale", "missing", "unsettled"]


@frozen(kw_only=True)
class Look:
    """One capture of a story: the version that it showed, or a denial."""

    date: str
    """ISO 8601 UTC."""
    record_id: str
    capture: int
    host: str
    version: int | None
    """None where the answer was that there is no such story."""
    compared: bool = False
    """Asked for as a comparison: the host is a mirror that should have the story."""

    @property
    def when(self) -> datetime:
        """The date, aware."""
        return datetime.fromisoformat(self.date)


@frozen(kw_only=True)
class Compared:
    """One comparison of two mirrors."""

    date: str
    result: Result
    mine: Look
    """Of the mirror that lags, lacks the story or says something else."""
    other: Look
    again: Look | None = None
    """The mirror asked first, asked again."""


@frozen(kw_only=True)
class Diverged:
    """Two mirrors that disagree, from the first comparison that shows it to the last."""

    first: Compared
    last: Compared
    looks: tuple[Compared, ...]
    ended: str | None
    """Date of the first comparison at which it was over."""


@frozen
class _Stretch:
    """Captures of one host in a row that told the same, at most `WINDOW` apart."""

    first: Look
    last: Look


def compared(looks: Iterable[Look]) -> list[Compared]:
    """Compare the mirrors of a story, by date.

    A denial counts only of a host that has shown the story, or was asked for comparison: a mirror of another language lacks it whether
    it exists or not.
    """
    ordered = sorted(looks, key=lambda look: (look.date, look.record_id))
    told = {look.host for look in ordered if look.version is not None or look.compared}
    ordered = [look for look in ordered if look.host in told]
    found: list[Compared] = []
    for pair in combinations(sorted(told), 2):
        found += _of_pair([look for look in ordered if look.host in pair], ordered)
    return sorted(found, key=lambda one: (one.date, one.mine.host, one.other.host, one.mine.record_id, one.other.record_id))


def diverged(comparisons: Iterable[Compared]) -> list[Diverged]:
    """Gather the comparisons of one story to divergences: runs of one kind on one mirror."""
    pairs: dict[frozenset[str], list[Compared]] = {}
    for one in comparisons:
        if one.result != "unsettled":
            pairs.setdefault(frozenset((one.mine.host, one.other.host)), []).append(one)
    found: list[Diverged] = []
    for of_pair in pairs.values():
        run: list[Compared] = []
        for one in of_pair:
            if run and (run[0].result, run[0].mine.host) != (one.result, one.mine.host):
                found.append(_run(run, one.date))
                run = []
            if one.result != "equal":
                run.append(one)
        if run:
            found.append(_run(run, None))
    return sorted(found, key=lambda one: (one.first.date, one.first.mine.host, one.first.other.host))


def _run(run: Sequence[Compared], ended: str | None) -> Diverged:
    return Diverged(first=run[0], last=run[-1], looks=tuple(run), ended=ended)


def _of_pair(looks: Sequence[Look], all_looks: Sequence[Look]) -> Iterator[Compared]:
    stretches = list(_stretches(looks))
    threes = [n for n in range(1, len(stretches) - 1) if _is_between(*stretches[n - 1 : n + 2])]
    middles = set[int]()
    mine: str | None = None
    for n in threes:
        if n - 1 in middles:
            continue  # of mirrors asked in turn each answer is looked at once
        middles.add(n)
        one_of_three = _of_three(stretches[n - 1].last, stretches[n], stretches[n + 1].first, all_looks)
        if one_of_three.result == "different":
            # Which of the two is the other one is told by the first comparison, and stays.
            mine = mine or one_of_three.mine.host
            one_of_three = one_of_three if one_of_three.mine.host == mine else _turned(one_of_three)
        yield one_of_three
    for n, (one, other) in enumerate(pairwise(stretches)):
        if _near(one, other) and not {n, n + 1} & middles:
            of_two = _of_two(one.last, other.first)
            if of_two.result == "equal" or not {n, n + 1} & {*threes}:
                yield of_two


def _stretches(looks: Sequence[Look]) -> Iterator[_Stretch]:
    first = last = None
    for look in looks:
        if first and last and (last.host, last.version) == (look.host, look.version) and look.when - last.when <= WINDOW:
            last = look
            continue
        if first and last:
            yield _Stretch(first, last)
        first = last = look
    if first and last:
        yield _Stretch(first, last)


def _near(one: _Stretch, other: _Stretch) -> bool:
    return one.first.host != other.first.host and other.first.when - one.last.when <= WINDOW


def _is_between(before: _Stretch, middle: _Stretch, after: _Stretch) -> bool:
    """Test if a host was asked before and after another within the window."""
    other = middle.first.host
    return before.last.host != other != after.first.host and after.first.when - before.last.when <= WINDOW


def _of_two(one: Look, other: Look) -> Compared:
    result: Result = "equal" if one.version == other.version else "unsettled"
    return Compared(date=other.date, result=result, mine=other, other=one)


def _of_three(before: Look, middle: _Stretch, after: Look, looks: Sequence[Look]) -> Compared:
    """Compare a mirror with one that was asked before and after it."""
    look = middle.first
    made = Compared(date=look.date, result="unsettled", mine=look, other=before)
    if look.version in (before.version, after.version):
        return evolve(made, result="equal", other=before if look.version == before.version else after)
    if before.version is None and after.version is None:
        return Compared(date=look.date, result="missing", mine=before, other=look, again=after)
    if before.version is None or after.version is None:
        return made
    if look.version is None:
        return evolve(made, result="missing", again=after)
    if before.version != after.version:
        return made
    made = evolve(made, result="different", again=after)
    if _lags(look, before, looks):
        return evolve(made, result="stale")
    if _lags(before, look, looks) and any(one.version == look.version and one.host != look.host for one in looks):
        return _turned(evolve(made, result="stale"))
    return made


def _turned(one: Compared) -> Compared:
    return evolve(one, mine=one.other, other=one.mine)


def _lags(old: Look, new: Look, looks: Sequence[Look]) -> bool:
    """Test if another host showed the old text before the new text was shown."""
    since = new
    for look in reversed([one for one in looks if one.host == new.host and one.version is not None and _key(one) <= _key(new)]):
        if look.version != new.version:
            break
        since = look
    return any(one.version == old.version and one.host != old.host and _key(one) < _key(since) for one in looks)


def _key(look: Look) -> tuple[str, str]:
    return look.date, look.record_id
