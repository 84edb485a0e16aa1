"""Posts of run reports to an address of the operator's, bounded in time and size."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from attrs import frozen

from crawler.errors import EXIT_COMPLETE, EXIT_LOCKED
from crawler.monitoring.outputs import Settings

logger = logging.getLogger(__name__)

When = Literal["bad", "always", "changed"]
MAX_BYTES = 256 * 1024
"""Of a post; a larger report goes without its counts, then without its checks."""
MAX_TEXT = 3000
"""Characters of `text`, which chats show."""


@frozen(kw_only=True)
class Webhook:
    """The operator's address, and when it is told.

    It is asked past the crawl's own client: nothing of it is recorded, and the proxy of ARCHIVE_PROXY, which is for sites, is not used, but
    that of the environment is (`https_proxy`, `no_proxy`).
    """

    url: str
    when: When = "bad"
    seconds: float = 10.0
    """For all posts of a process together."""

    def wants(self, exit_code: int, before: int | None) -> bool:
        """Test if an end is to be told.

        Args:
            before: Exit code of the run before; None if there was none.
        """
        if self.when == "always":
            return True
        if exit_code == EXIT_LOCKED:  # the run that holds the collection tells of itself
            return False
        return exit_code != (EXIT_COMPLETE if self.when == "bad" or before is None else before)

    def post(self, documents: Sequence[tuple[str, bytes]]) -> list[str]:
        """Post bodies at the same time, within `seconds`; failures are logged.

        Args:
            documents: Each with the site that it tells of.
        Returns:
            The sites of which it could not be told.
        """
        deadline = time.monotonic() + self.seconds
        results: list[list[str]] = [[] for _ in documents]
        threads = [
            # Daemons: one that hangs does not hold up the end of the process.
            threading.Thread(target=self._try, args=(body, result), daemon=True)
            for (_, body), result in zip(documents, results, strict=True)
        ]
        for thread in threads:
            thread.start()
        untold = []
        for (site, _), thread, result in zip(documents, threads, results, strict=True):
            thread.join(max(0.0, deadline - time.monotonic()))
            fault = result[0] if result else f"no answer in {self.seconds:g} s"
            if fault:
                # The path may hold a token.
                logger.warning("webhook-failed site=%s host=%s error=%s", site, urlsplit(self.url).hostname, fault)
                untold.append(site)
        return untold

    def _try(self, body: bytes, result: list[str]) -> None:
        from crawler.monitoring.post import post_json  # heavy, and for few runs

        result.append(post_json(self.url, body, seconds=self.seconds))


def webhook_of(settings: Settings) -> Webhook | None:
    """The webhook of the settings; None if none is set, or one that `crawl.settings_check` refuses."""
    url, when = str(settings.get("ARCHIVE_WEBHOOK") or ""), settings.get("ARCHIVE_WEBHOOK_ON")
    try:
        parts, seconds = urlsplit(url), float(settings.get("ARCHIVE_WEBHOOK_SECONDS"))
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or when not in get_args(When):
        return None
    return Webhook(url=url, when=when, seconds=seconds)


def body_of(text: str, document: Mapping[str, Any]) -> bytes:
    """Make the body of a post: `text`, as chats show it, and the report.

    Returns:
        UTF-8 JSON of `MAX_BYTES` at most.
    """
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT - 1] + "…"
    for leave in ((), ("stats",), ("stats", "checks", "reason")):
        told = {"text": text} | {name: value for name, value in document.items() if name not in leave}
        body = json.dumps(told, ensure_ascii=True, default=str).encode()
        if len(body) <= MAX_BYTES:
            break
    return body
