"""`scrapy reindex --compare`: what it prints, for people and as JSON, its exit codes, and that it writes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from played import LINE, crawl, said

Typed = Callable[..., Any]


@pytest.fixture
def three(tmp_path: Path) -> Path:
    pages = [f"<html><title>{n}</title><article><h1>Ship {n}</h1>{LINE * 6}</article></html>".encode() for n in range(3)]
    return crawl(tmp_path / "three", [said(f"/p{n}", body=page) for n, page in enumerate(pages)])


def files(path: Path) -> dict[str, tuple[str, int]]:
    """Every file and folder with its content and time of change."""
    return {
        str(file): (
            hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "",
            file.stat().st_mtime_ns if file.is_file() else 0,
        )
        for file in sorted(path.rglob("*"))
    }


def test_a_record_that_cannot_be_read_is_damage(three: Path, typed: Typed) -> None:
    (file,) = (three / "archive").glob("*.gz")
    data = bytearray(file.read_bytes())
    data[len(data) // 2 :] = b"\0" * (len(data) - len(data) // 2)
    file.write_bytes(data)
    answer = typed("reindex", "three", "--compare")
    assert answer.code == 13
    assert "  damaged: " in answer.out


def test_it_is_told_for_people_and_for_programs(three: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(three)
    told = typed("reindex", "three", "--compare")
    assert (told.code, told.out.splitlines()[:2]) == (
        0,
        [f"{three}: 3 captures read again and compared; nothing was written", "  0 would change (0.0%), 3 stay as they are"],
    )
    document = json.loads(typed("reindex", "three", "--compare", "--json", "--sample", "2").out)
    assert (document["captures"], document["changed"], document["fields"]["headline"]["same"]) == (2, 0, 2)
    assert files(three) == before


@pytest.mark.parametrize(
    "words",
    [
        ("--sample", "3"),
        ("--json",),
        ("--compare", "--sample", "0"),
        ("--compare", "--sample", "many"),
        ("--compare", "--examples", "-1"),
        ("--compare", "--unread"),
    ],
)
def test_what_means_nothing_is_refused(three: Path, typed: Typed, words: tuple[str, ...]) -> None:
    assert typed("reindex", "three", *words).code == 2
