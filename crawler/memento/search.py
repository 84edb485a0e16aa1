"""Search for stories in web archives: lists first, then copies spread over time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from attrs import define, evolve, field

from crawler.items import FrontierRequest, Link, Listing, Media, Outcome, Parsed, Redirect, Target, Unparsed, Unusable
from crawler.memento.choice import Candidate, candidates_of, in_order
from crawler.memento.counts import ArchiveCounts
from crawler.memento.endpoints import Archive
from crawler.memento.hops import Hops
from crawler.memento.turns import ArchiveTurns, Ask, Asked, BudgetUsed, SearchLimits
from crawler.memento.wanted import Wanted
from crawler.urls import host_of
from crawler.urls.memento_address import MementoAddress, timestamp_of

EARLIEST = date(1996, 1, 1)
"""Day before the first copy that any archive has."""
MAX_PAGES = 3
"""Further pages of one TimeMap that are asked for."""
SPARE = 3
"""Copies that are asked for beyond those wanted, where some are of no use."""


Pictures = Callable[[Parsed | Unparsed], Iterable[FrontierRequest]]
"""Lists the pictures of a copy that are wanted."""


@define(kw_only=True)
class ArchiveSearch:
    """Search of one run."""

    site: str
    archives: Sequence[Archive]
    limits: SearchLimits
    ask: Ask
    forms: Callable[[Wanted], tuple[Sequence[str], Sequence[str]]]
    """Gives the addresses of a story, and their beginnings that all its slugs share."""
    is_story: Callable[[str, str], bool]
    """Tells whether an address is one of a story's."""
    day_of: Callable[[Wanted], date | None]
    """Gives the day of a story, if its address tells it."""
    forbidden: Callable[[str], bool]
    pictures: Pictures
    counts: ArchiveCounts = field(factory=ArchiveCounts)
    _turns: ArchiveTurns = field(init=False)
    _rewriting: set[str] = field(factory=set, init=False)
    """Archives that have no raw replay."""

    def __attrs_post_init__(self) -> None:
        self._turns = ArchiveTurns(ask=self.ask, limits=self.limits, counts=self.counts)

    async def run(self, wanted: Iterable[Wanted]) -> None:
        """Look for stories until all are done or the budget ends."""
        for one in wanted:
            if all(archive.name in self.counts.given_up for archive in self.archives) or self.counts.budget:
                self.counts.undecided.append(one.story)
            else:
                await self._look_for(one)

    async def _look_for(self, wanted: Wanted) -> None:
        self.counts.looked_for += 1
        decided = True
        try:
            for archive in self.archives:
                found = await self._in_archive(archive, wanted)
                if found:
                    self.counts.found[wanted.story] = archive.name
                    return
                decided = decided and found is not None
        except BudgetUsed:
            decided = False
        (self.counts.absent if decided else self.counts.undecided).append(wanted.story)

    # -- lists

    async def _in_archive(self, archive: Archive, wanted: Wanted) -> bool | None:
        """Look for a story in one archive; None if the archive cannot tell."""
        decided, tried = True, set[str]()
        for address in self._lists(archive, wanted):
            if archive.name in self.counts.given_up:
                return None
            links = await self._list(archive, wanted, address)
            if links is None:
                decided = False
                continue
            url = address[1]
            candidates, elsewhere = candidates_of(archive, links, url)
            self.counts.elsewhere += elsewhere
            mine = [one for one in candidates if self.is_story(one.original, wanted.story) and not self.forbidden(one.original)]
            mine = [one for one in mine if one.raw not in tried]
            if not mine:
                continue
            self.counts.lists[archive.name] += 1
            came = await self._copies(archive, wanted, mine, address[0], tried)
            if came:
                return True
            decided = decided and came is not None
        return False if decided else None

    def _lists(self, archive: Archive, wanted: Wanted) -> Iterator[tuple[str, str]]:
        """Yield the addresses of lists to ask for, each with its original's."""
        forms, beginnings = self.forms(wanted)
        most = self.limits.forms
        if archive.kind == "cdx" and beginnings:
            yield from ((archive.list_of(url, prefix=True), url) for url in beginnings[:most])
        else:
            yield from ((archive.list_of(url), url) for url in forms[:most])

    async def _list(self, archive: Archive, wanted: Wanted, address: tuple[str, str]) -> list[Link] | None:
        """The links of a list and its further pages; None if none came."""
        if archive.kind == "timegate":
            return await self._negotiated(archive, wanted, address[0])
        pages, links = [address[0]], list[Link]()
        for number, page in enumerate(pages):
            outcome = await self._followed(archive, self._request(wanted, page), page)
            if isinstance(outcome, Listing):
                links += outcome.links
                further = [link.url for link in outcome.links if link.listing and host_of(link.url) in archive.hosts]
                pages += [url for url in further if url not in pages][: MAX_PAGES + 1 - len(pages)]
            elif not (isinstance(outcome, Unusable) and outcome.answer) and number == 0:
                return None
        return links

    async def _negotiated(self, archive: Archive, wanted: Wanted, address: str) -> list[Link] | None:
        """The copies that a TimeGate gives for an early day and for now."""
        links, came = list[Link](), False
        for day in (self.day_of(wanted) or EARLIEST, None):
            outcome = await self._followed(archive, evolve(self._request(wanted, address), accept=day), address)
            came = came or isinstance(outcome, Listing) or (isinstance(outcome, Unusable) and outcome.answer)
            links += outcome.links if isinstance(outcome, Listing) else ()
        return links if came else None

    # -- copies

    async def _copies(self, archive: Archive, wanted: Wanted, candidates: list[Candidate], found_on: str, tried: set[str]) -> bool | None:
        """Ask for copies spread over time; None if none came, and one may yet."""
        came, decided = dict[object, Parsed | Unparsed](), True
        try:
            for one in islice(in_order(candidates), self.limits.mementos + SPARE):
                tried.add(one.raw)
                outcome = await self._copy(archive, wanted, one, found_on)
                if isinstance(outcome, Parsed | Unparsed):
                    # The archive may give one copy under two dates.
                    came.setdefault((outcome.capture.memento_date, outcome.capture.url), outcome)
                else:
                    decided = self._is_final(outcome) and decided
                if len(came) >= self.limits.mementos or archive.name in self.counts.given_up:
                    break
            for found in came.values():
                await self._pictures_of(archive, found)
        except BudgetUsed:
            if not came:
                raise
        self.counts.copies[archive.name] += len(came)
        return True if came else False if decided else None

    def _is_final(self, outcome: Outcome | None) -> bool:
        """Count what is no copy; tell whether asking again would bring the same."""
        if not isinstance(outcome, Unusable):
            return outcome is not None
        self.counts.unusable[outcome.reason] += 1
        return outcome.answer or (outcome.capture is not None and outcome.capture.memento_date is not None)

    async def _copy(self, archive: Archive, wanted: Wanted, one: Candidate, found_on: str) -> Outcome | None:
        """Ask for a copy as it came, else as the archive serves it."""
        raw = archive.name not in self._rewriting and not archive.rewritten
        asked = self._request(wanted, one.raw if raw else one.address, original=one.original, found_on=found_on)
        outcome = await self._followed(archive, asked, asked.target.url)
        if not raw or one.raw == one.address or not _is_own_answer(outcome, (400, 403, 404, 501)):
            return outcome
        asked = self._request(wanted, one.address, original=one.original, found_on=found_on)
        second = await self._followed(archive, asked, one.address)
        if isinstance(second, Parsed | Unparsed):
            self._rewriting.add(archive.name)  # it knows no raw replay
        return second

    async def _followed(self, archive: Archive, asked: Asked, address: str) -> Outcome | None:
        """Make a request, and follow where it leads within the archive."""
        hops = Hops(archive=archive, forbidden=self.forbidden)
        while True:
            hops.asked.append(address)
            to = MementoAddress.of(address)
            original = (to.original if to is not None else asked.original) if asked.original is not None else None
            outcome = await self._turns.asked(archive, evolve(asked, target=asked.target.at(address), original=original, rule=hops.check))
            if not isinstance(outcome, Redirect):
                return outcome
            address = outcome.target

    async def _pictures_of(self, archive: Archive, outcome: Parsed | Unparsed) -> None:
        """Ask for the pictures of a copy, as of its time."""
        at = MementoAddress.of(outcome.capture.via or "")
        if at is None or outcome.capture.memento_date is None:
            return
        stamp = timestamp_of(outcome.capture.memento_date)
        for request in islice(self.pictures(outcome), self.limits.pictures):
            address = MementoAddress(prefix=at.prefix, timestamp=stamp, original=request.url).raw().url
            came = await self._followed(archive, Asked(target=request.target, original=request.url), address)
            self.counts.pictures[archive.name] += isinstance(came, Media)

    # -- one request after the other

    def _request(self, wanted: Wanted, address: str, *, original: str | None = None, found_on: str | None = None) -> Asked:
        target = Target(
            key=f"memento:{address}", url=address, site=self.site, role="story" if original else "timemap", story=wanted.story,
            language=wanted.language, found_on=found_on or wanted.found_on,
        )  # fmt: skip
        return Asked(target=target, original=original)


def _is_own_answer(outcome: Outcome | None, statuses: tuple[int, ...]) -> bool:
    """Test for an answer of those statuses that is the archive's own."""
    capture = outcome.capture if isinstance(outcome, Unusable) else None
    return capture is not None and capture.memento_date is None and capture.status in statuses
