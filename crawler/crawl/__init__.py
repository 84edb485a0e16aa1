"""One run of a crawl: hosts, rechecks, statistics, report."""
