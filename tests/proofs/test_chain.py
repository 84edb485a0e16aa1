"""Manifest and chain of sealed WARCs: written at each closing, checked, never rewritten."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from exchange_makers import exchange, lease
from small_collections import change, recorded, twelve

from crawler.proofs.chain import CHAIN, START, append, link_of, quoted, read_chain, unquoted
from crawler.proofs.check import check_proofs
from crawler.proofs.enter import enter_sealed
from crawler.proofs.manifest import MANIFEST, manifest_line, read_manifest, write_manifest

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
NAMES = ["archive/a.warc.gz", "archive/with blank.warc", "archive/100%.warc.gz", "archive/l\nine.warc", "archive/b\\s.warc", "archive/ü.warc", "archive/\udcff.warc"]


def rows(*files: tuple[str, str]) -> list[dict[str, str | int | float | bytes | None]]:
    return [{"name": Path(path).name, "path": path, "sha256": sha, "bytes": 5, "sealed": "2026-11-29T00:00:00Z"} for path, sha in files]


def test_closing_a_collection_lists_its_files_and_chains_them(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    checked = subprocess.run(["sha256sum", "--check", MANIFEST], cwd=path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0
    assert checked.stdout.count(": OK") == 1
    recorded(path, [(exchange(20, b"<p>twenty"), lease(20))])
    chain = read_chain(path)
    assert len(chain.entries) == 2
    assert chain.faults == ()
    first, second = (path / CHAIN).read_text().splitlines()
    rest = second.partition(" ")[2]
    shell = subprocess.run(["sh", "-c", f"printf '%s %s' {first[:64]} '{rest}' | sha256sum"], capture_output=True, text=True, check=True)
    assert shell.stdout[:64] == second[:64]


def test_closing_without_a_new_file_changes_nothing(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    before = [(path / name).stat().st_mtime_ns for name in (MANIFEST, CHAIN)]
    recorded(path, [])
    assert [(path / name).stat().st_mtime_ns for name in (MANIFEST, CHAIN)] == before


@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_kinds_come_back(tmp_path: Path, name: str) -> None:
    write_manifest(tmp_path, {name: "a" * 64})
    assert read_manifest(tmp_path) == {name: "a" * 64}
    append(tmp_path, read_chain(tmp_path), [(name, "a" * 64, 5)], now=NOW)
    chain = read_chain(tmp_path)
    assert [entry.path for entry in chain.entries] == [name]
    assert chain.faults == ()
    assert unquoted(quoted(name)) == name


@pytest.mark.parametrize("name", [name for name in NAMES if "\udcff" not in name])
def test_the_manifest_is_what_sha256sum_reads(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir()
    file.write_bytes(b"bytes")
    made = subprocess.run(["sha256sum", name], cwd=tmp_path, capture_output=True, text=True, check=True)
    told = made.stdout.rstrip("\n")
    assert manifest_line(name, told.removeprefix("\\")[:64]) == told


def test_a_line_that_a_crash_cut_off_is_written_anew(tmp_path: Path) -> None:
    append(tmp_path, read_chain(tmp_path), [("a", "a" * 64, 5), ("b", "b" * 64, 5)], now=NOW)
    whole = (tmp_path / CHAIN).read_bytes()
    os.truncate(tmp_path / CHAIN, len(whole) - 10)
    chain = read_chain(tmp_path)
    assert [entry.path for entry in chain.entries] == ["a"]
    append(tmp_path, chain, [("b", "b" * 64, 5)], now=NOW)
    assert (tmp_path / CHAIN).read_bytes() == whole


def test_the_time_of_an_entry_never_runs_back(tmp_path: Path) -> None:
    append(tmp_path, read_chain(tmp_path), [("a", "a" * 64, 5)], now=NOW)
    append(tmp_path, read_chain(tmp_path), [("b", "b" * 64, 5)], now=NOW - timedelta(days=400))
    assert [entry.entered for entry in read_chain(tmp_path).entries] == [NOW, NOW]


def test_a_file_sealed_anew_enters_again_and_the_first_entry_stands(tmp_path: Path) -> None:
    enter_sealed(tmp_path, rows(("a", "a" * 64)))
    enter_sealed(tmp_path, rows(("a", "b" * 64)))
    assert [entry.sha256[0] for entry in read_chain(tmp_path).entries] == ["a", "b"]
    found = check_proofs(tmp_path, lambda: rows(("a", "b" * 64)))
    assert found.faults == []
    assert "1 WARC entered the chain again, sealed anew by a repair" in found.notes


def _other_digest(text: str) -> str:
    return text.replace("b" * 64, "c" * 64)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_other_digest, "line 2: its link does not follow"),
        (lambda text: "".join(reversed(text.splitlines(keepends=True))), "line 1: its link does not follow"),
        (lambda text: text.split("\n", 1)[1], "line 1: its link does not follow"),
        (lambda text: text.replace(" 5 a", " five a"), "line 1: not a line of a chain"),
        (lambda text: text.replace("2026-11-29T12", "2026-13-29T12", 1), "line 1: not a line of a chain"),
        (lambda text: "ü" + text, "line 1: not a line of a chain"),
    ],
)
def test_a_chain_that_was_changed_is_told(tmp_path: Path, change: object, told: str) -> None:
    append(tmp_path, read_chain(tmp_path), [("a", "a" * 64, 5), ("b", "b" * 64, 5)], now=NOW)
    file = tmp_path / CHAIN
    file.write_text(change(file.read_text()))  # type: ignore[operator]
    assert any(told in fault for fault in read_chain(tmp_path).faults)


def test_what_chain_and_manifest_say_is_held_against_the_index(tmp_path: Path) -> None:
    held = rows(("a", "a" * 64), ("b", "b" * 64))
    enter_sealed(tmp_path, held)
    assert check_proofs(tmp_path, lambda: held).faults == []
    assert sorted(check_proofs(tmp_path, lambda: held[:1]).faults) == [
        f"{MANIFEST}: b is listed, and not in table warcs",
        f"{CHAIN}: b entered on {read_chain(tmp_path).entries[1].entered:%Y-%m-%d}, and is not in table warcs",
    ]
    other = check_proofs(tmp_path, lambda: rows(("a", "a" * 64), ("b", "d" * 64)))
    assert len(other.faults) == 2
    more = check_proofs(tmp_path, lambda: [*held, *rows(("c", "c" * 64))])
    assert more.faults == []
    assert more.notes[0].startswith("1 sealed WARC not in the chain yet")


def test_a_chain_that_cannot_be_read_is_a_fault_and_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / CHAIN).mkdir(parents=True)
    assert "cannot be read" in check_proofs(tmp_path, list).faults[0]


def test_a_link_begins_with_zeros() -> None:
    assert len(link_of(START, NOW, "a" * 64, 5, "a")) == 64


def test_rows_without_a_digest_wait(tmp_path: Path) -> None:
    path = twelve(tmp_path / "c")
    change(path, "UPDATE warcs SET sha256 = NULL")
    assert enter_sealed(path, [{"name": "a", "path": "a", "sha256": None, "bytes": 5, "sealed": "x"}]) == []
