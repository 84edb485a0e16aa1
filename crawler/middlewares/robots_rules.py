"""robots.txt rules of the hosts of one run (RFC 9309), fetched once and kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from attrs import evolve, frozen

from crawler.crawl.config import SettingsLike
from crawler.crawl.cut_answers import is_of_peer
from crawler.crawl.run import Run
from crawler.errors import ArchiveError, BudgetSpent, FetchFailed, LaneLost
from crawler.frontier.rows import mirrored_key
from crawler.index.rows import iso
from crawler.items import Capture, LeasedRequest, Target, Unusable, Usable
from crawler.parsers.robotstxt.robotstxt import AGENT, PlainRobots, Robots, read_plainly, read_robots, token_of
from crawler.processing.received import Received
from crawler.processing.truncated import cut_off

logger = logging.getLogger(__name__)

MOST_TOLD = 32_768
"""Bytes of a robots.txt above which whoever asks the host next fetches it again."""
AGAIN_SECONDS = 30.0
"""Before a robots.txt that could not be had is asked for again."""


@frozen(kw_only=True)
class RobotsOptions:
    """Settings for robots.txt."""

    agent: str
    """The product token by which groups are chosen."""
    max_delay: float
    """Seconds of a Crawl-delay that are obeyed."""
    max_bytes: int
    max_rules: int
    max_age: float
    """Seconds for which rules are believed."""

    @classmethod
    def of(cls, settings: SettingsLike) -> RobotsOptions:
        """Read the settings."""
        return cls(
            agent=token_of(str(settings.get("ROBOTSTXT_USER_AGENT") or settings.get("USER_AGENT") or AGENT)),
            max_delay=settings.getfloat("ARCHIVE_MAX_CRAWL_DELAY"), max_bytes=settings.getint("ARCHIVE_MAX_ROBOTS_BYTES"),
            max_rules=settings.getint("ARCHIVE_MAX_ROBOTS_RULES"), max_age=settings.getfloat("ARCHIVE_ROBOTS_MAX_AGE"),
        )  # fmt: skip


@frozen
class Rules:
    """Rules of one host, or why they could not be had."""

    robots: Robots | None = None
    """None: everything is allowed (there is no robots.txt)."""
    trouble: FetchFailed | None = None


@frozen(kw_only=True)
class Fetched:
    """A recorded answer to a request for robots.txt, behind redirects maybe."""

    received: Received
    cut: FetchFailed | None = None
    """Why the answer was cut off, or None."""

    @property
    def capture(self) -> Capture:
        """The capture."""
        return self.received.capture


Fetch = Callable[[LeasedRequest], Awaitable[Fetched]]
"""Sends a request and records the answer; raises `FetchFailed` if no part of one came."""
SlowDown = Callable[[str, float], None]
"""Takes a host, and the seconds between two requests to it."""


class RobotsRules:
    """The rules of hosts, each asked for once while it is fresh.

    No robots.txt (4xx but 429, or a page of the site in its place) allows all. One that cannot be had (5xx, no connection, a
    banner or challenge in its place) allows nothing: the request fails for the reason robots.txt failed, another mirror is
    asked, and the host's robots.txt is asked for again after `AGAIN_SECONDS`. One that is cut off is asked for twice; if
    the same came both times and the host ended it, that is its robots.txt.
    """

    def __init__(self, run: Run, options: RobotsOptions, *, fetch: Fetch, slow_down: SlowDown) -> None:
        self._run, self._options = run, options
        self._fetch, self._slow_down = fetch, slow_down
        self._rules: dict[str, tuple[float, asyncio.Task[Rules]]] = {}

    async def check(self, url: str) -> None:
        """Wait for the rules of an address's host.

        Raises:
            FetchFailed: The address is disallowed, or the rules cannot be had.
        """
        rules = await asyncio.shield(self.rules_of(url))
        if rules.trouble is not None:
            raise FetchFailed(rules.trouble.reason, f"robots.txt: {rules.trouble.detail}")
        if rules.robots is not None and not rules.robots.can_fetch(url, self._options.agent):
            raise FetchFailed("robots", "disallowed by robots.txt")

    def rules_of(self, url: str) -> asyncio.Task[Rules]:
        """The rules of an address's host, asked for if they are not fresh."""
        parts = urlsplit(url)
        origin, now = f"{parts.scheme}://{parts.netloc}", asyncio.get_running_loop().time()
        since, task = self._rules.get(origin, (0.0, None))
        if task is None:
            age = self._age_of_told(origin)
            task = asyncio.ensure_future(self._ask(origin) if age is None else self._recall(origin))
            self._rules[origin] = (now - (age or 0.0), task)
        elif task.done() and (isinstance(task.exception(), LaneLost) or now - since > self._believed(task.result())):
            task = asyncio.ensure_future(self._ask(origin))
            self._rules[origin] = (now, task)
        return task

    def _believed(self, rules: Rules) -> float:
        """Seconds for which rules are believed."""
        return self._options.max_age if rules.trouble is None else AGAIN_SECONDS

    def _age_of_told(self, origin: str) -> float | None:
        """Seconds since another run fetched a host's rules; None if that is no help."""
        if (told := self._run.robots.get(origin)) is None:
            return None
        age = (self._run.clock() - datetime.fromisoformat(told["fetched"])).total_seconds()
        return age if 0 <= age <= self._options.max_age else None

    async def _recall(self, origin: str) -> Rules:
        """Take the rules that another run has fetched."""
        told = self._run.robots[origin]
        if told["status"] >= 400:
            return Rules()
        body, host = told["text"].encode(), str(urlsplit(origin).hostname)
        return await self._read(origin, f"{origin}/robots.txt", host, body, ())

    async def _ask(self, origin: str) -> Rules:
        """Ask a host for its rules; all its requests wait for them.

        Raises:
            BudgetSpent, LaneLost: It may not be asked today, or not by us.
        """
        url, site = f"{origin}/robots.txt", self._run.site.name
        lease = LeasedRequest(target=Target(key=mirrored_key(site, None, url) + f"@{origin}", url=url, site=site, role="robots"))
        try:
            return await self._twice(lease, origin)
        except FetchFailed as error:
            # It has its row of failures, and is counted; the host is blamed by the request that waited for the rules.
            return Rules(trouble=error)
        except (BudgetSpent, LaneLost):
            # The requests that wait for the rules are left for another day, or another worker.
            raise
        except Exception as error:
            logger.exception("robots-fault origin=%s", origin)
            reason = "limit" if isinstance(error, ArchiveError) else "parser-fault"
            return Rules(trouble=FetchFailed(reason, f"{type(error).__name__}: {error}"[:200]))

    async def _twice(self, lease: LeasedRequest, origin: str) -> Rules:
        """Ask, and ask once more if the host cut its answer off.

        Raises:
            FetchFailed: No rules can be had.
        """
        first = await self._fetched(lease)
        if not isinstance(first, _Cut):
            return await self._learn(first, origin)
        await asyncio.sleep(self._run.policy.retry.retry_delay)
        second = await self._fetched(evolve(lease, attempt=2))
        if not isinstance(second, _Cut):
            return await self._learn(second, origin)
        digest = second.read.fetched.capture.payload_digest
        if digest is None or digest != first.read.fetched.capture.payload_digest:
            raise second.error
        return await self._learn(second.read, origin, cut=True)

    async def _fetched(self, lease: LeasedRequest) -> _Read | _Cut:
        """Fetch, interpret and file one answer.

        Raises:
            FetchFailed: None came, or one that we cut off.
        """
        fetched = await self._fetch(lease)
        outcome = await self._run.parsers.interpret(self._run.site, fetched.received)
        read, error = _Read(fetched=fetched, outcome=outcome), fetched.cut
        if error is None:
            await self._run.collection.file(outcome, run_id=self._run.id)
            return read
        await self._run.collection.file(cut_off(outcome, error.reason, error.detail), run_id=self._run.id)
        if not is_of_peer(error.reason, error.detail):
            raise error
        return _Cut(read=read, error=error)

    async def _learn(self, read: _Read, origin: str, *, cut: bool = False) -> Rules:
        """Take rules from an answer; a challenge allows nothing, a 4xx allows all."""
        outcome, capture, body = read.outcome, read.fetched.capture, read.fetched.received.payload
        self._run.completion.finish(outcome)
        if (capture.status or 0) >= 400 and not isinstance(outcome, Unusable):
            self._tell(origin, capture, b"")
            return Rules()
        # A page in its place is no robots.txt, unless it is one that was saved as a page: then it has groups.
        if isinstance(outcome, Unusable) and outcome.reason != "soft-404":
            return Rules(trouble=FetchFailed(outcome.reason, outcome.detail))
        if not cut and not read.fetched.received.headers.joined("content-encoding"):
            self._tell(origin, capture, body)
        return await self._read(origin, capture.url, capture.host, body, read.fetched.received.headers, cut=cut)

    def _tell(self, origin: str, capture: Capture, body: bytes) -> None:
        """Note an answer for the run that asks the host next."""
        if len(body) <= MOST_TOLD:
            text = body.decode("utf-8", "replace")
            self._run.robots[origin] = {"fetched": iso(capture.date), "status": capture.status or 200, "text": text}

    async def _read(self, origin: str, url: str, host: str, body: bytes, headers: Sequence[tuple[str, str]], *, cut: bool = False) -> Rules:
        """Read rules, and apply what they say of delays and sitemaps.

        Args:
            url: Where they were found.
        """
        reader, options = partial(read_robots, cut=cut), self._options
        plain, left_out = await self._run.parsers.call(
            host, len(body), read_plainly, reader, body, headers, options.max_bytes, options.max_rules,
            kind=tuple[PlainRobots, str | None],
        )  # fmt: skip
        robots = Robots.of(plain)
        if left_out:
            self._run.stats.limits["robots rules"] += 1
            logger.warning("robots-cut url=%s %s", url, left_out)
        # Rules count for the host that was asked, wherever its robots.txt was found (RFC 9309 2.3.1.2).
        self._delay(str(urlsplit(origin).hostname), robots)
        await self._run.on_sitemaps(origin, url, robots.sitemaps)
        return Rules(robots=robots)

    def _delay(self, host: str, robots: Robots) -> None:
        """Apply a Crawl-delay, clamped."""
        asked = robots.crawl_delay(self._options.agent)
        if not asked:
            return
        applied = min(asked, self._options.max_delay)
        self._run.stats.count_crawl_delay(host, asked=asked, applied=applied)
        if applied < asked:
            logger.warning("crawl-delay-clamped host=%s asked=%s applied=%s", host, asked, applied)
        self._slow_down(host, applied)


@frozen(kw_only=True)
class _Read:
    """An answer and its outcome."""

    fetched: Fetched
    outcome: Usable | Unusable


@frozen(kw_only=True)
class _Cut:
    """An answer that the host cut off."""

    read: _Read
    error: FetchFailed
