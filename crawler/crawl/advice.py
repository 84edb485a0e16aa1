"""Advice on checks that failed: the next step for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from attrs import evolve

from crawler.crawl.verdict import Check, Facts

NEXT = {
    "dns": "ask this machine's resolver for the host; if its name is gone, give its address in ARCHIVE_CONNECT_TO, or another mirror",
    "connect": "try the host from another network; if only this one cannot reach it, name a proxy in ARCHIVE_PROXY",
    "tls": "look at the certificate in the log; ARCHIVE_TLS=record captures all the same and marks it",
    "timeout": "run it again later; if it stays so, try the host from another network (ARCHIVE_PROXY) or raise ARCHIVE_TOTAL_TIMEOUT",
    "disconnect": "run it again later; if it stays so, the host may be closing on robots: raise DOWNLOAD_DELAY and tell ARCHIVE_CONTACT",
    "malformed": "look at `captures.problem` of the address; what came is in the WARC",
    "guard": "the address is not a public one: if it is yours, allow it in ARCHIVE_ALLOW_ADDRESSES",
    "robots": "robots.txt forbids it: ask the publisher",
    "bad-url": "nothing to do: no server can be asked for such an address; a seed or site file that names it has a typing error",
    "status": "open the address in a browser; if it is gone there too, take it off the list that names it; at 429 raise DOWNLOAD_DELAY",
    "redirect": "open the address in a browser, and see where it leads; a site that moved wants a new mirror in its site file",
    "challenge": "the host wants proof of a browser: write to its operator, or let another mirror answer (mirrors=)",
    "consent": "the host asks for consent in place of the page: let another mirror answer (mirrors=)",
    "seized": "the domain was seized: if its server lives, name its address in ARCHIVE_CONNECT_TO; else take it out by mirrors=",
    "parked": "the domain is for sale: give the mirror an end (until=) in the site file",
    "soft-404": "open the address in a browser; if the story is there, the site file's rules take it for an error page",
    "wrong-article": "open the address in a browser; another mirror may have the right one (mirrors=)",
    "too-large": "raise ARCHIVE_MAX_PAGE_BYTES or ARCHIVE_MAX_MEDIA_BYTES, if it is wanted whole",
    "limit": "raise the limit that the detail names (docs/settings.md)",
    "proxy": "look at the proxy of ARCHIVE_PROXY: it did not connect",
    "partial": "run it again: a part was sent where the whole was asked for",
    "no-original": "read the file that holds the original as well, in the same run",
    "parser-fault": "report the traceback in the log; once it is mended, `scrapy reindex` reads the page, which is in the WARC",
}
"""By reason of failed attempts (`errors.REASONS`), what a person can do."""
AGAIN = "run the same command again: it goes on where this run ended"


def with_advice(checks: Iterable[Check], facts: Facts, collection: str) -> tuple[Check, ...]:
    """Add advice to each check that failed or warns and has none.

    Args:
        collection: Path of the collection, for commands that are named.
    """
    return tuple(
        check if check.advice or check.level == "ok" else evolve(check, advice=_advice(check, facts, collection)) for check in checks
    )


def advice_on_write(collection: str) -> str:
    """Advice on a failed write."""
    return f"make room on the disk of {collection}, or look at the kernel's log; then run it again: nothing acknowledged is lost"


def _advice(check: Check, facts: Facts, collection: str) -> str:
    makes = _BY_NAME.get(check.name)
    return makes(facts, collection) if makes else f"look at the log, and at `scrapy stats {collection}`"


def _on_silence(facts: Facts, collection: str) -> str:
    return _most(facts.reasons) or "look whether this machine reaches the network, and which seeds the site file names"


def _on_rest(facts: Facts, collection: str) -> str:
    if not facts.failed:
        return AGAIN
    most = _most(facts.reasons)
    return "the next run asks again; if the same fail then: " + most if most else AGAIN


def _on_named(facts: Facts, collection: str) -> str:
    return "compare what was named with the site: open the address in a browser, or ask `scrapy versions` what is held of it"


def _on_reading(facts: Facts, collection: str) -> str:
    return (
        "the site's pages may have changed: `scrapy read --url URL --explain` shows a page's readers, `scrapy fixture URL` begins a test;"
        f" then `scrapy reindex {collection}` reads what is held again"
    )


def _on_damage(facts: Facts, collection: str) -> str:
    return "`scrapy verify FILE` names each fault; get the file anew from where it came, and replay it again"


def _on_omissions(facts: Facts, collection: str) -> str:
    return "docs/completeness.md tells of each kind how it is taken in: a limit to raise, an argument, or a file to convert"


_BY_NAME: Mapping[str, Callable[[Facts, str], str]] = {
    "a host answered": _on_silence, "every address settled": _on_rest, "everything named came": _on_named,
    "stories could be read": _on_reading, "WARCs read to their end": _on_damage, "nothing due was left out": _on_omissions,
    "everything on disk": lambda facts, collection: advice_on_write(collection),
}  # fmt: skip


def _most(reasons: Mapping[str, int]) -> str:
    """Advice on the most frequent reason; empty if there is none."""
    known = {reason: count for reason, count in reasons.items() if reason in NEXT}
    return NEXT[min(known, key=lambda reason: (-known[reason], reason))] if known else ""
