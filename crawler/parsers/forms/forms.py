"""Forms of a body that is found: live blog, corrections, embeds, pull quotes."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment
from crawler.parsers.forms.corrections import with_corrections
from crawler.parsers.forms.embeds import with_embeds
from crawler.parsers.forms.entry_lines import Placed
from crawler.parsers.forms.items import list_body
from crawler.parsers.forms.live import live_body
from crawler.parsers.forms.pull_quotes import without_pull_quotes

LIVE = "entries of a live blog"
ITEMS = "items of a list"


def formed(page: Page, segments: Sequence[Segment], headline: int, found: Sequence[Placed], by: str) -> tuple[list[Placed], str]:
    """Give a body its form, and name the reader that found it.

    Args:
        headline: Place of the headline in the flow, -1 where unknown.
        found: The blocks of the body.
        by: The reader that found them.
    """
    live = live_body(page, segments, headline, found)
    listed = list_body(segments, headline, found) if live is None else None
    blocks = live or listed or [*found]
    name = LIVE if live else ITEMS if listed else by
    blocks = with_corrections(segments, headline, blocks)
    blocks = without_pull_quotes(segments, with_embeds(page, segments, headline, blocks))
    if page.trace is not None:
        told = [(block.kind, block.url or block.text) for block, _ in blocks if block.kind in ("correction", "embed", "entry")]
        page.trace.note("form of the body", name if name != by else None, told)
    return blocks, name
