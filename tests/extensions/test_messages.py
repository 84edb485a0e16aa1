"""Scrapy's messages in our words: what was fetched, read, failed, each on one line with its fields."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from exchange_makers import lease
from scrapy import Request, Spider
from scrapy.exceptions import DropItem
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.errors import FetchFailed
from crawler.extensions.logformatter import OneLineFormatter, OneLineLogs
from crawler.pipelines import NotAnArticle
from crawler.terminal.log_lines import SafeLines

FORMATTER, SPIDER = OneLineFormatter(), Spider("demo")
URL = "https://a.example/1"


def text(said: Any) -> str:
    return str(said["msg"] % said["args"])


@pytest.mark.parametrize(
    ("meta", "line"),
    [
        ({}, f"fetched 200 role=- bytes=5 url={URL}"),
        ({"lease": lease(1)}, f"fetched 200 role=story bytes=5 url={URL}"),
        ({"lease": lease(1), "capture": SimpleNamespace(revisit_of=None)}, f"fetched 200 role=story bytes=5 url={URL}"),
        ({"lease": lease(1), "capture": SimpleNamespace(revisit_of="urn:uuid:1")}, f"fetched 200 revisit role=story bytes=5 url={URL}"),
    ],
)
def test_an_answer(meta: dict[str, Any], line: str) -> None:
    said = FORMATTER.crawled(Request(URL, meta=meta), Response(URL, body=b"hello"), SPIDER)
    assert (text(said), said["level"]) == (line, logging.INFO)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (FetchFailed("status", "503"), f"failed status 503 url={URL}"),
        (FetchFailed("dns"), f"failed dns  url={URL}"),
        (KeyError("x"), f"failed KeyError('x') url={URL}"),
        (FetchFailed("tls", "forged\n2026 [root] INFO: all is well"), f"failed tls forged\\n2026 [root] INFO: all is well url={URL}"),
    ],
)
def test_a_failed_fetch(error: Exception, line: str) -> None:
    assert text(FORMATTER.download_error(Failure(error), Request(URL), SPIDER)) == line


@pytest.mark.parametrize(
    ("item", "level", "line"),
    [
        ({"headline": "The wall", "story": "demo/1", "template": "modern"}, logging.INFO, "read demo/1 template=modern headline='The wall'"),
        ({"headline": None}, logging.INFO, "read None template=None headline=None"),
        ({"url": URL}, logging.DEBUG, "item"),
        (object(), logging.DEBUG, "item"),
    ],
)
def test_what_was_read(item: object, level: int, line: str) -> None:
    said = FORMATTER.scraped(item, None, SPIDER)
    assert (said["level"], text(said)) == (level, line)


def test_what_is_filed_and_no_article_is_no_news() -> None:
    assert FORMATTER.dropped({}, NotAnArticle(lease()), None, SPIDER) is None
    assert FORMATTER.dropped({}, DropItem("mine", log_level="INFO"), None, SPIDER) is not None


def test_a_fault_in_a_pipeline_names_the_page() -> None:
    assert text(FORMATTER.item_error({"url": URL}, KeyError("x"), None, SPIDER)) == "item-failed url=dict error=KeyError('x')"


def test_every_handler_gets_safe_lines_once_and_keeps_its_own_format(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = logging.StreamHandler(), logging.StreamHandler()
    one.setFormatter(logging.Formatter("%(levelname)s | %(message)s", "%H"))
    monkeypatch.setattr(logging.root, "handlers", [one, other])
    OneLineLogs.from_crawler(None)  # type: ignore[arg-type]
    made = one.formatter
    OneLineLogs.from_crawler(None)  # type: ignore[arg-type]
    assert one.formatter is made
    assert isinstance(other.formatter, SafeLines)
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "two\nlines", (), None)
    assert one.format(record) == "INFO | two\\nlines"
    assert other.format(record) == "two\\nlines"
