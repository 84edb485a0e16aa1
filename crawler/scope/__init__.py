"""Scope of a crawl: hosts, limits against pages without end, copies, sessions."""
