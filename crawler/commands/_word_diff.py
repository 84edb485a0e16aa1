"""Word diffs in one line, for `scrapy versions --diff` and `scrapy reindex --compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.index.text_digest import Change

CONTEXT_WORDS = 8
"""Words shown on each side of a change."""


def marked(pieces: list[tuple[Change, str]]) -> str:
    """Format a word diff in one line, unchanged text cut to nearby words."""
    marks = {"gone": "[-{}-]", "new": "{{+{}+}}", "same": "{}"}
    out = []
    for at, (change, text) in enumerate(pieces):
        words = text.split(" ")
        if change == "same" and len(words) > 2 * CONTEXT_WORDS:
            before = words[:CONTEXT_WORDS] if at else []
            after = words[-CONTEXT_WORDS:] if at < len(pieces) - 1 else []
            text = " ".join([*before, "…", *after])
        out.append(marks[change].format(text))
    return " / ".join("".join(out).split("\n"))
