"""Layout of `-h`: the same headings for every command, and whole lines."""

from __future__ import annotations

import argparse

from crawler.terminal.program import as_typed


class PlainHelp(argparse.HelpFormatter):
    """argparse's own layout, with lines of the epilog as they are.

    Scrapy's takes every line that ends in a colon for a heading.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if "\n" in text:
            return "\n".join(indent + line for line in text.split("\n"))
        return super()._fill_text(as_typed(text), width, indent)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return super()._split_lines(as_typed(text), width)
