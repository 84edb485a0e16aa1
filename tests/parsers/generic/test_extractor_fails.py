"""A page on which the extractor breaks down is read without it."""

from __future__ import annotations

import pytest
import trafilatura
from small_pages import page

from crawler.parsers.generic.generic import read_generic

TEXT = "The council of Port Ellery has voted to keep the old swing bridge open for the whole of the winter, after four hours."


def test_an_extractor_that_breaks_down(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def breaks(tree: object, **options: object) -> None:
        asked.append(tree)
        raise AssertionError

    monkeypatch.setattr(trafilatura, "bare_extraction", breaks)
    article = read_generic(page(f"<h1>Bridge stays open</h1><div><p>{TEXT}</p></div>"))
    assert asked
    assert article.body == TEXT
