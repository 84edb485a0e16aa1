"""Requests that follow from seeds, pages and lists, on known sites and on any."""
