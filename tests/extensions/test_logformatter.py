"""Log lines: one event, one line, whatever is quoted in it."""

from __future__ import annotations

import logging

from crawler.terminal.log_lines import SafeLines


def line(message: str, *arguments: object, fault: bool = False) -> str:
    error = None
    if fault:
        try:
            raise ValueError("forged\n2026-01-01 [root] INFO: all is well")
        except ValueError as raised:
            error = (type(raised), raised, raised.__traceback__)
    record = logging.LogRecord("any.library", logging.ERROR, "x.py", 1, message, arguments, error)
    return SafeLines("%(levelname)s: %(message)s").format(record)


def test_what_a_page_says_forges_nothing() -> None:
    said = line("title=%s", "a\r\nINFO: b\x1b[2J\x07\x9b1m\u202e\u2028\udc80")
    assert said.startswith("ERROR: title=a\\r\\nINFO: b\\x1b")
    assert said.isprintable()


def test_a_traceback_is_one_line_too() -> None:
    said = line("failed", fault=True)
    assert "\n" not in said
    assert "Traceback" in said
    assert "forged\\n2026" in said
