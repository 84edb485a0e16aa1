"""One log line a fact: what Scrapy says over several lines, and what is said while a bar is shown."""

from __future__ import annotations

import logging

import pytest

from crawler.terminal.log_lines import SafeLines, keep_lines_whole, shorten_scrapys


@pytest.mark.parametrize("name", ["scrapy.middleware", "scrapy.crawler", "scrapy.addons", "scrapy.statscollectors", "scrapy.utils.log"])
def test_a_message_over_several_lines_is_one(name: str, caplog: pytest.LogCaptureFixture) -> None:
    shorten_scrapys()
    shorten_scrapys()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger(name).info("Dumping %(what)s:\n{'a': 1,\n 'b': 2}", {"what": "x"})
    assert [record.getMessage() for record in caplog.records] == ["Dumping x: {'a': 1, 'b': 2}"]


def test_openings_are_for_debug(caplog: pytest.LogCaptureFixture) -> None:
    shorten_scrapys()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("scrapy.middleware").info("Enabled spider middlewares:\n[]")
        logging.getLogger("scrapy.middleware").warning("Enabled twice")
    assert [record.levelname for record in caplog.records] == ["DEBUG", "WARNING"]


def test_a_handler_made_anew_keeps_its_lines_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    handler = logging.StreamHandler()
    monkeypatch.setattr(logging.root, "handlers", [handler])
    keep_lines_whole()
    assert isinstance(handler.formatter, SafeLines)
    before = handler.formatter
    keep_lines_whole()
    assert handler.formatter is before
