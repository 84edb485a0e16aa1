"""Requests yet to be made: Scrapy's scheduler, table `frontier`."""
