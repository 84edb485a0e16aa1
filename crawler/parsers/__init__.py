"""Pure functions from a page to an article."""
