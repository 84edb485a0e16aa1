"""Columns and indexes of copies that web archives keep."""

from __future__ import annotations

MEMENTO_DATE = """
ALTER TABLE captures
    ADD memento_date TEXT -- Of a copy from a web archive (`via`): when it was archived, as the archive says; null where it is none.
"""

ARCHIVED_COPIES = ("CREATE INDEX idx_captures_via ON captures(story_id) WHERE via IS NOT NULL",)
