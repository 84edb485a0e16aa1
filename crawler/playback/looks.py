"""Figures of the looks at replays that an index holds."""

from __future__ import annotations

from typing import Any

from crawler.index.index import Index

_NEWEST = """
SELECT count(*) AS pages, avg(score_resources) AS resources, avg(score_text) AS text, sum(leaks) AS leaks, max(date) AS newest
FROM (SELECT record_id, max(date) AS date, score_resources, score_text, leaks FROM qa GROUP BY record_id)"""


def looks(index: Index) -> dict[str, Any] | None:
    """Figures of the newest look at each capture; None if there is none."""
    (row,) = index.query(_NEWEST)
    if not row["pages"]:
        return None
    text = "no text" if row["text"] is None else f"text {row['text']:.1%}"
    told = f"resources {row['resources']:.1%}, {text}, {row['leaks']:,} live requests; last looked at {row['newest'][:10]}"
    return {
        "pages": row["pages"], "score_resources": round(row["resources"], 4),
        "score_text": None if row["text"] is None else round(row["text"], 4),
        "leaks": row["leaks"], "newest": row["newest"], "told": told,
    }  # fmt: skip
