"""Links of a page, refreshes, and the addresses that it needs to be shown."""
