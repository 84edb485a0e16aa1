"""From settings to the frozen options of each part."""

from __future__ import annotations

import os
from typing import Any, Protocol

from attrs import evolve

from crawler.collection.collection import WriterOptions
from crawler.coverage.policy import OutagePolicy, levels_of
from crawler.hosts.policy import RetryPolicy
from crawler.parsers.limits import ReadLimits
from crawler.processing.interpreter import MODULES
from crawler.processing.parse_again import Readers
from crawler.processing.parser_pool import ParserPool
from crawler.scope.crawl_scope import ScopeLimits
from crawler.workers.pool import Workers
from crawler.workers.worker import JobLimits


class SettingsLike(Protocol):
    """Scrapy's settings, as far as they matter here."""

    def get(self, name: str, default: Any = None) -> Any:
        """One setting."""

    def getint(self, name: str, default: int = 0) -> int:
        """One setting as a whole number."""

    def getbool(self, name: str, default: bool = False) -> bool:
        """One setting as yes or no."""

    def getfloat(self, name: str, default: float = 0.0) -> float:
        """One setting as a number."""

    def getlist(self, name: str, default: Any = None) -> list[Any]:
        """One setting as a list."""


def user_agent(settings: SettingsLike) -> str:
    """The User-Agent: the setting, and whom to write to."""
    agent, contact = str(settings.get("USER_AGENT")), settings.get("ARCHIVE_CONTACT")
    if not contact:
        return agent
    return f"{agent.removesuffix(')')}; +{contact})" if agent.endswith(")") else f"{agent} (+{contact})"


def outage_policy(settings: SettingsLike) -> OutagePolicy:
    """Levels of the checks for silent outages."""
    levels = levels_of(str(settings.get("ARCHIVE_CHECKS") or ""))
    return OutagePolicy(levels=levels, quiet_hours=settings.getfloat("ARCHIVE_QUIET_HOURS"))


def writer_options(settings: SettingsLike) -> WriterOptions:
    """Options of the WARC writer."""
    return WriterOptions(
        prefix=settings.get("ARCHIVE_WARC_PREFIX"), max_bytes=settings.getint("ARCHIVE_WARC_MAX_BYTES"),
        max_seconds=settings.getfloat("ARCHIVE_WARC_MAX_SECONDS"),
        operator=settings.get("ARCHIVE_OPERATOR"), user_agent=user_agent(settings),
        chunked_digest=str(settings.get("ARCHIVE_CHUNKED_PAYLOAD_DIGEST")), algorithm=settings.get("ARCHIVE_DIGEST"),
        min_free_bytes=settings.getint("ARCHIVE_MIN_FREE_BYTES"),
        reserve_bytes=settings.getint("ARCHIVE_RESERVE_BYTES"), disk_wait=settings.getfloat("ARCHIVE_DISK_WAIT_SECONDS"),
    )  # fmt: skip


def read_limits(settings: SettingsLike) -> ReadLimits:
    """Limits of what is read of one page."""
    return ReadLimits(
        text_bytes=settings.getint("ARCHIVE_MAX_DECODED_BYTES"), ratio=settings.getint("ARCHIVE_MAX_DECODED_RATIO"),
        html_bytes=settings.getint("ARCHIVE_MAX_HTML_BYTES"), links=settings.getint("ARCHIVE_MAX_LINKS"),
        sitemap_bytes=settings.getint("ARCHIVE_MAX_SITEMAP_BYTES"), sitemap_urls=settings.getint("ARCHIVE_MAX_SITEMAP_URLS"),
    )  # fmt: skip


def job_limits(settings: SettingsLike) -> JobLimits:
    """Limits of processor time and memory for parsing one page."""
    return JobLimits(
        seconds=settings.getfloat("ARCHIVE_PARSE_SECONDS"), memory=settings.getint("ARCHIVE_PARSE_MEMORY"),
        workers=settings.getint("ARCHIVE_PARSE_WORKERS"),
    )  # fmt: skip


def readers_of(settings: SettingsLike, *, workers: int | None = None) -> Readers:
    """Worker processes that parse pages, with their limits.

    Args:
        workers: How many; None for one a core.
    """
    limits = evolve(job_limits(settings), workers=workers or cores())
    folders = tuple(map(str, settings.getlist("ARCHIVE_SITES")))
    return Readers(workers=Workers(limits, modules=MODULES), folders=folders, limits=read_limits(settings))


def cores() -> int:
    """Number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def parser_pool(settings: SettingsLike, *, whole_machine: bool = False) -> ParserPool:
    """The parser pool of a crawl.

    Args:
        whole_machine: At least one worker a core: nothing else is to be done.
    """
    workers = job_limits(settings).workers
    readers = readers_of(settings, workers=max(workers, cores()) if whole_machine else workers)
    return ParserPool(
        readers=readers, from_bytes=settings.getint("ARCHIVE_PARSE_ASIDE_BYTES"),
        backlog_pages=settings.getint("ARCHIVE_PARSE_BACKLOG_PAGES"), backlog_bytes=settings.getint("ARCHIVE_PARSE_BACKLOG_BYTES"),
    )  # fmt: skip


def web_limits(settings: SettingsLike) -> ScopeLimits:
    """Limits of a crawl without a site file."""
    return ScopeLimits(
        url_characters=settings.getint("ARCHIVE_MAX_URL_CHARACTERS"),
        path_segments=settings.getint("ARCHIVE_MAX_PATH_SEGMENTS"), path_repeats=settings.getint("ARCHIVE_MAX_PATH_REPEATS"),
        pages_per_host=settings.getint("ARCHIVE_MAX_PAGES_PER_HOST"), queries_per_path=settings.getint("ARCHIVE_MAX_QUERIES_PER_PATH"),
        depth=settings.getint("ARCHIVE_MAX_DEPTH"), sitemaps=settings.getint("ARCHIVE_MAX_SITEMAPS"),
        sitemap_depth=settings.getint("ARCHIVE_MAX_SITEMAP_DEPTH"),
    )  # fmt: skip


def retry_policy(settings: SettingsLike) -> RetryPolicy:
    """Number and delay of attempts at a host."""
    return RetryPolicy(
        attempts=settings.getint("ARCHIVE_ATTEMPTS"), retry_delay=settings.getfloat("ARCHIVE_RETRY_DELAY"),
        leases_per_host=settings.getint("ARCHIVE_LEASES_PER_HOST"), max_wait=settings.getfloat("ARCHIVE_MAX_RETRY_AFTER"),
    )  # fmt: skip
