"""Column that tells which requisites of a page were queued."""

FRONTIER_REQUISITES = """
ALTER TABLE frontier
    ADD requisites TEXT -- Which requisites of the page were queued: `images` or `all`; null for none.
"""
