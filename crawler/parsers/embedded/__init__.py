"""Articles that a page holds as data for its scripts."""
