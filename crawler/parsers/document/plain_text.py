"""Plain text read as an article: `conversion` records and `text/plain`."""

from __future__ import annotations

import re

from crawler.items import Article, Block
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import squeeze
from crawler.parsers.languages.language import language_of
from crawler.parsers.patterns import later

PLAIN_TEXT = "plain-text"
"""The problem of an article read off a text without mark-up: headline and paragraphs are recognised by place and shape alone."""
MIN_PROSE = 200
"""Letters of prose below which a text is none: a list of rules, a table, a log."""
MIN_LINE = 40
MAX_HEADLINE = 200
WRAPPED = (40, 100)
"""Characters of the lines of a paragraph that was broken by hand."""

_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।](?:[\"'”’»)\]」』]|\s|$)|[。！？]")
_LETTERS = re.compile(r"[^\W\d_]")
_IDEOGRAPH = later(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def read_plain(page: Page) -> Article | None:
    """Read a plain text as an article; None if it has no prose.

    The first line is the headline where it is no sentence of the text; lines and paragraphs that are sentences are the body. Menus and
    notices, which texts made of pages hold too, are left out where they are none.
    """
    lines = [line for part in _BLANK_LINE.split(page.text) for line in _paragraphs(part)]
    prose = [line for line in lines if _is_prose(line)]
    if sum(map(_size, prose)) < MIN_PROSE:
        return None
    first = lines[0] if lines[0] not in prose[:1] and len(lines[0]) <= MAX_HEADLINE and _LETTERS.search(lines[0]) else None
    blocks = tuple(Block(kind="paragraph", text=line) for line in prose)
    by = {"blocks": "lines of plain text", "language": "text"} | ({"headline": "first line"} if first else {})
    return Article(
        url=page.url, headline=first, blocks=blocks, language=language_of("\n".join(prose), None), read_by=by,
        problems=(*page.problems, PLAIN_TEXT),
    )  # fmt: skip


def _paragraphs(part: str) -> list[str]:
    """The lines of a part between blank lines, joined if broken by hand."""
    lines = [line for raw in part.split("\n") if (line := squeeze(raw))]
    if len(lines) > 1 and all(WRAPPED[0] <= len(line) <= WRAPPED[1] for line in lines[:-1]) and len(lines[-1]) <= WRAPPED[1]:
        ends = sum(bool(_SENTENCE_END.search(line[-2:])) for line in lines[:-1])
        if ends * 2 < len(lines):
            return [" ".join(lines)]
    return lines


def _size(line: str) -> int:
    return len(line) + 3 * len(_IDEOGRAPH.findall(line)) // 2


def _is_prose(line: str) -> bool:
    """Test for a line of sentences: long, mostly letters, with an end."""
    if _size(line) < MIN_LINE or _SENTENCE_END.search(line) is None:
        return False
    letters, blanks = len(_LETTERS.findall(line)), line.count(" ")
    # Marks of vowels in the scripts of India and of Arabic are no letters: half will do for them.
    return letters + blanks >= 0.6 * len(line)
