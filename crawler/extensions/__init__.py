"""Scrapy extensions: log lines, progress line, shutdown."""
