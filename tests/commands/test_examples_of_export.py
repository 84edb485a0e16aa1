"""The lines of docs/export.md, run over the demo's collection, and the SQL that it shows, in DuckDB."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import bagit
import duckdb
import pytest
from stands import ROOT, Scrapy
from typed_commands import Typed

PAGE = (ROOT / "docs" / "export.md").read_text()
LINES = re.findall(r"^    scrapy (export presstv .*)$", PAGE, re.MULTILINE)
SQL = re.findall(r'^    duckdb -c "(.*)"$', PAGE, re.MULTILINE)
NAMES = {"presstv": "demo", "459588": "1017", "nuclear talks": "harbour"}
"""What the demo has in place of what the page names."""


def test_lines_are_found() -> None:
    assert len(LINES) >= 7
    assert len(SQL) == 2
    formats = set(re.findall(r"--(wacz|warc|cdxj|jsonl|csv|parquet|bag|atom|ris|csl-json)\b", PAGE))
    assert len(formats) == 10


def test_each_line_does_what_it_says(
    typed: Typed, demo_copy: Callable[[Path], Scrapy], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archives = demo_copy(tmp_path / "archives").archives
    monkeypatch.chdir(tmp_path)
    for line in LINES:
        words = [NAMES.get(word, word) for word in shlex.split(line)]
        answer = typed(*words, archives=archives)
        assert answer.code == 0, (line, answer)
        assert " in " in answer.out
    bagit.Bag("presstv-bag").validate()
    with duckdb.connect() as db:
        for sql in SQL:
            assert db.execute(sql).fetchall()
