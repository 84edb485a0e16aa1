"""Words of exports: summaries of the formats, and what was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crawler.formatting import one_line, size

if TYPE_CHECKING:
    from crawler.subsets.outcome import Outcome

SHOWN = 20
"""What was left out is named up to so many times; `--json` names all."""
FORMATS = {
    "wacz": "one file for replay: WARCs, their index, lists of pages with text, digests (WACZ 1.1.1)",
    "warc": "the selected captures as one WARC: records byte for byte, revisits whole where their originals stay outside",
    "cdxj": "sorted index of the captures, for replay tools",
    "zipnum": "index of the captures of one or more collections in compressed blocks, a folder, for replay at scale",
    "jsonl": "articles as JSON lines: what `scrapy read` answers, with version, capture and place in the WARC",
    "parquet": "tables captures (columns as Common Crawl's), versions, images and links, a folder by month; needs pyarrow",
    "opensearch": "versions as bulk requests for OpenSearch, a folder, with the mapping of an index",
    "bag": "a BagIt bag for a repository, a folder: WARCs, index, a sheet in Dublin Core; needs bagit",
    "csv": "articles for spreadsheets: UTF-8, no cell taken for a formula",
    "atom": "the newest version of each story as an Atom feed",
    "ris": "citations of stories (RIS) with their address in the archive, for Zotero and its like",
    "csl-json": "the same as CSL-JSON",
}
"""Summaries of the formats, by the name of the option."""


def told(outcome: Outcome, place: str) -> str:
    """Tell in lines what was written, and what could not be."""
    counts = ", ".join(f"{count:,} {_noun(what, count)}" for what, count in outcome.counts.items())
    path = Path(place).expanduser()
    held = f" ({size(path.stat().st_size)})" if place != "-" and path.is_file() else ""
    lines = [f"{counts} in {'standard output' if place == '-' else place}{held}"]
    lines += [f"note: {note}" for note in outcome.notes]
    if outcome.left_out:
        lines.append(f"{len(outcome.left_out):,} left out:")
        lines += [f"  {one}" for one in outcome.left_out[:SHOWN]]
        more = len(outcome.left_out) - SHOWN
        lines += [f"  and {more:,} more; --json names all"] if more > 0 else []
    return "\n".join(map(one_line, lines))


def _noun(plural: str, count: int) -> str:
    """The noun for a count: `stories` of 1 is `story`."""
    return plural if count != 1 else plural[:-3] + "y" if plural.endswith("ies") else plural.removesuffix("s")
