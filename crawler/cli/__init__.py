"""Bases of the commands: options, errors in one line, exit codes, collections by name."""

from crawler.cli.base import COLLECTION, JSON, METRICS, REPORT_JSON, ArchiveCommand, Option, option
from crawler.cli.spider_command import SpiderCommand
from crawler.cli.unused import UnusedCommand

__all__ = ["COLLECTION", "JSON", "METRICS", "REPORT_JSON", "ArchiveCommand", "Option", "SpiderCommand", "UnusedCommand", "option"]
