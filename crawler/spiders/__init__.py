"""Scrapy spiders: sites, web, replay."""
