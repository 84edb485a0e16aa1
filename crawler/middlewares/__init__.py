"""Scrapy downloader middlewares: refusals, robots.txt, redirects, recording (innermost)."""
