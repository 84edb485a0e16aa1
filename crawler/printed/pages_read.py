"""Answers of `scrapy read`: one page as a JSON document, printed."""

from __future__ import annotations

import json
import sys
from typing import Any


def document(html: str | bytes, url: str, folders: list[str], *, explain: bool) -> dict[str, Any]:
    """Read one page into its JSON document."""
    from crawler.parsers.json import as_json
    from crawler.processing.read_page import page_from, parse_page, read_page, site_at

    if not explain:
        return as_json(read_page(html, url, folders=folders))
    from crawler.parsers.document.rules import Trace
    from crawler.parsers.explain import explanation

    page = page_from(html, url)
    page.trace = Trace()
    article = parse_page(page, site_at(url, folders))
    return {**as_json(article), "explain": explanation(article, page.trace)}


def print_text(answer: dict[str, Any]) -> None:
    """Print the explanation of an answer, or its error."""
    from crawler.parsers.explain import as_text

    text = as_text(answer) if "explain" in answer else f"{answer['id']}: cannot be read: {answer['error']}"
    sys.stdout.write(f"{text}\n\n")
    sys.stdout.flush()


def print_json(answer: dict[str, Any]) -> None:
    """Print an answer as one line of JSON."""
    # ASCII escapes keep lone surrogates and line separators from breaking the line or the terminal's encoding.
    sys.stdout.write(json.dumps(answer, ensure_ascii=True, default=str) + "\n")
    sys.stdout.flush()
