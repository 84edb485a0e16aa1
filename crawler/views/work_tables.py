"""Columns and table for workers: jobs, lanes, outbox, and WARCs in a store."""

from __future__ import annotations

RUN_JOB = """
ALTER TABLE runs
    ADD job TEXT -- The job of which it is one worker's part; null for `scrapy crawl`.
"""

FRONTIER_LANE = """
ALTER TABLE frontier
    ADD job TEXT -- The job that asks for it, or asked last; null unless a worker wrote the row.
    ADD lane TEXT -- The lane whose holder may ask: a site's name, or a host that is nobody's; null unless a worker wrote the row.
"""

WARC_SAFETY = """
ALTER TABLE warcs
    ADD safety TEXT -- How safe it is: `written` (on this disk), `stored` or `verified` (read back from the store); null counts as written.
    ADD address TEXT -- Its address in the store, `s3://...`; null until it is stored.
    ADD stored TEXT -- When it was stored.
"""

OUTBOX = """
CREATE TABLE outbox ( -- Rows of table `frontier` whose last change the shared frontier has not been told of; empty without one.
    key TEXT PRIMARY KEY, -- Key of the row.
    lane TEXT NOT NULL, -- Its lane.
    noted TEXT NOT NULL -- When it changed, and a random number: the change after it has another one.
)"""

SCOPE = "CASE site WHEN 'web' THEN job ELSE site END"
"""SQL: the scope of a row that a worker wrote: its job if it is of no known site, else its site."""
