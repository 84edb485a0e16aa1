"""Records with their ways to a root: refused where the WARC is not any more what the root covers."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_collections import twelve, warc_of

from crawler.evidence.proven import Roots, Uncovered, proven_records
from crawler.housekeeping.daily_root import seal_day
from crawler.index.index import Index
from crawler.proofs.merkle import climb


def sealed(path: Path) -> None:
    seal_day(path, lambda _: lambda _: None, tsa_url=None)


def prove_first(path: Path) -> list[str]:
    """Types of the records of the first capture, each held against its root."""
    with Index.open(path / "index.db", readonly=True) as index:
        capture = next(iter(index.captures(warc=warc_of(path).name)))
        found = list(proven_records(index, path, capture, Roots(path)))
    for one in found:
        assert climb(one.leaf, one.steps).hex() == one.line.split(" ")[3]
        assert f"merkle: {climb(one.root.hashes[0], one.day_steps).hex()}\n".encode() in one.root.text
    return [one.facts.type for one in found]


def test_each_record_of_an_exchange_leads_to_the_root(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    sealed(path)
    assert "response" in prove_first(path)


def test_what_no_root_covers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Uncovered, match="no root covers it yet"):
        prove_first(twelve(tmp_path / "c"))


def test_a_warc_that_changed_after_its_root_is_refused(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    sealed(path)
    with warc_of(path).open("ab") as file:
        file.write(b"more")
    with pytest.raises(Uncovered, match="is not any more what root 1 covers"):
        prove_first(path)


def test_a_warc_that_changed_before_its_root_is_refused(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    with warc_of(path).open("ab") as file:
        file.write(b"more")
    sealed(path)
    with pytest.raises(Uncovered, match="nothing of it can be proved"):
        prove_first(path)
