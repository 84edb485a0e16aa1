"""Names of the spider arguments, and a line on each."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

SITE_ARGUMENTS = (
    "mirrors", "since", "until", "sections", "story", "url", "max_stories", "requisites", "recheck", "backfill", "read", "from_archives",
)  # fmt: skip
WEB_ARGUMENTS = ("seeds", "scope", "max_pages", "depth", "requisites", "recheck", "read")
REPLAY_ARGUMENTS = ("warcs", "collection", "copy")

VALUES: dict[str, tuple[str, ...]] = {
    "requisites": ("none", "images", "all"), "recheck": ("yes", "no"), "backfill": ("no", "sitemap", "sections", "numbers"),
    "read": ("yes", "later"), "from_archives": ("yes", "no"), "scope": ("host", "domain", "page"), "copy": ("yes", "no"),
}  # fmt: skip
"""Words that an argument may be; of `backfill` several, with commas between them."""

_ABOUT: dict[str, tuple[str, str]] = {
    "mirrors": ("HOST,HOST", "ask only these mirrors, in this order"),
    "since": ("DATE", "only stories of that day or later, by the day in their addresses: 2026-11-24"),
    "until": ("DATE", "only stories of that day or earlier"),
    "sections": ("ID,ID", "only these sections: their fronts, and the stories on them"),
    "story": ("ID", "only this story: its number, or presstv/459588"),
    "url": ("URL,URL|@FILE", "only these addresses, or those of a file, one a line"),
    "max_stories": ("N", "end after N stories; what is left waits for the next run"),
    "requisites": ("none|images|all", "what else of a page is captured: its pictures, or all it needs to be shown"),
    "recheck": ("yes|no", "yes: ask again for every known story; no: for none; without it: for those that are due"),
    "backfill": ("KIND,KIND", "besides what is new, all that the site still lists: sitemap, sections, numbers"),
    "read": ("yes|later", "later: capture now, read with `scrapy reindex COLLECTION --unread`"),
    "from_archives": ("yes|no", "look in web archives (ARCHIVE_MEMENTO_ENDPOINTS) for stories that no mirror serves"),
    "seeds": ("URL,URL|@FILE", "where to begin; needed"),
    "scope": ("host|domain|page", "how far to go from a seed: its host, its registered domain, or that page alone (default: host)"),
    "max_pages": ("N", "end after N pages"),
    "depth": ("N", "follow at most N links from a seed"),
    "warcs": ("GLOB|FOLDER|LIST|-", "files to read: WARC, WARC.zst, ARC, WACZ; needed"),
    "collection": ("NAME", "the collection they are read into; needed"),
    "copy": ("yes|no", "no: leave the files where they are, and name their places in the index (default: yes)"),
}
_COLUMN = 32
"""Where the words about an argument begin."""
_SPIDERS = {"SITE": SITE_ARGUMENTS, "web": WEB_ARGUMENTS, "replay": REPLAY_ARGUMENTS}
_HEADS = {"SITE": "Of a site", "web": "Of `web`, which archives any address", "replay": "Of `replay`, which reads web archives of others"}


def argument_lines(width: int) -> Iterator[str]:
    """Yield the lines about all spider arguments, for `scrapy crawl -h`."""
    yield "spider arguments, each behind an -a of its own:"
    for spider, names in _SPIDERS.items():
        yield f"  {_HEADS[spider]}:"
        for name in names:
            form, about = _ABOUT[name]
            head, *more = wrap(about, max(width - _COLUMN, 20))
            yield f"{f'    {name}={form}':<{_COLUMN - 1}} {head}"
            yield from (" " * _COLUMN + line for line in more)


def arguments_of(spider: str) -> tuple[str, ...]:
    """Return the names of the arguments that a spider takes."""
    return _SPIDERS.get(spider, SITE_ARGUMENTS)
