"""What a crash leaves is cut behind the last whole exchange, kept in the quarantine, and sealed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from warc_makers import START, exchange, lease, writer

from crawler.archive_files.reader import archived, records
from crawler.archive_files.verify import verify_file
from crawler.collection.open_files import Recovered, seal_open_files
from crawler.errors import WriteFailed
from crawler.items import Capture, Failure, Target


def left_open(folder: Path, exchanges: int = 2) -> tuple[Path, list[Capture]]:
    """A file as a killed process leaves it: never sealed, its lock gone."""
    w = writer(folder)
    captures = [w.write_exchange(exchange(), lease()) for _ in range(exchanges)]
    w.write_failure(Failure(target=Target(url="http://a.example/", site="s", role="page", key="k"), date=START, reason="dns"))
    captures.append(w.write_exchange(exchange(), lease()))
    w.sync()
    assert w._file is not None
    w._file.release()
    return w._file.path, captures


def mend(folder: Path, **options: object) -> list[Recovered]:
    return seal_open_files(folder / "archive", folder / "quarantine", **options)  # type: ignore[arg-type]


def end(capture: Capture) -> int:
    return capture.offset + capture.length


def test_a_whole_file_is_sealed_as_it_is(tmp_path: Path) -> None:
    path, captures = left_open(tmp_path)
    data = path.read_bytes()
    (done,) = mend(tmp_path)
    assert done.path is not None
    assert done.path.read_bytes() == data
    assert (done.cut, done.part, done.bytes, done.records) == (0, None, len(data), 11)
    assert [i.capture for i in archived(done.path) if i.capture] == captures
    assert mend(tmp_path) == []


def test_a_tail_torn_anywhere_goes_to_the_quarantine(tmp_path: Path) -> None:
    path, captures = left_open(tmp_path)
    whole, last = path.read_bytes(), captures[-1]
    ends = [r.offset for r in records(path)]
    group = ends[-3]
    places = {group + 1, *ends[-2:], last.offset + 1, last.offset + 9, len(whole) - 1, len(whole) - 8, *range(group, len(whole), 97)}
    for at in sorted(places):
        path.write_bytes(whole[:at])
        (done,) = mend(tmp_path)
        assert done.path is not None
        assert [i.capture for i in archived(done.path) if i.capture] == captures[:-1]
        assert not verify_file(done.path).faults
        kept = done.path.read_bytes()
        if done.part is None:
            assert kept == whole[:at]
        else:
            assert (done.part.name, kept + done.part.read_bytes()) == (f"{done.name}.{group}.part", whole[:at])
            done.part.unlink()
        done.path.unlink()


def test_what_holds_no_whole_record_goes_to_the_quarantine(tmp_path: Path) -> None:
    path, _ = left_open(tmp_path)
    whole = path.read_bytes()
    for n, data in enumerate((b"", whole[:5], whole[:60], b"garbage")):
        path.write_bytes(data)
        (done,) = mend(tmp_path)
        assert (done.path, done.bytes, done.cut) == (None, 0, len(data))
        assert done.part is not None
        assert done.part.read_bytes() == data
        assert len(list((tmp_path / "quarantine").iterdir())) == n + 1
    assert not list((tmp_path / "archive").iterdir())


def test_a_bad_place_in_the_middle_costs_nothing_behind_it(tmp_path: Path) -> None:
    path, captures = left_open(tmp_path)
    data = bytearray(path.read_bytes())
    data[captures[0].offset + 40] ^= 0xFF
    path.write_bytes(data)
    (done,) = mend(tmp_path)
    assert done.path is not None
    assert done.path.read_bytes() == data
    assert [fault.offset for fault in done.faults] == [captures[0].offset]
    faults: list[object] = []
    assert [i.capture for i in archived(done.path, faults=faults) if i.capture] == captures[1:]  # type: ignore[arg-type]
    assert len(faults) == 1


def test_a_file_somebody_writes_is_left_alone(tmp_path: Path) -> None:
    w = writer(tmp_path)
    w.write_exchange(exchange(), lease())
    assert mend(tmp_path) == []
    assert w.close() is not None


@pytest.mark.parametrize("step", ["replace", "ftruncate", "fsync", "rename"])
def test_recovery_that_is_cut_short_ends_the_same_when_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path, captures = left_open(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(*((os, step, fail) if step in ("ftruncate", "fsync") else (Path, step, fail)))
        with pytest.raises(WriteFailed, match="Input/output"):
            mend(tmp_path)
    (done,) = mend(tmp_path)
    parts = [p for p in (tmp_path / "quarantine").iterdir() if p.suffix == ".part"]
    assert done.path is not None
    assert done.path.read_bytes() + parts[0].read_bytes() == whole[:-20]
    assert len(parts) == 1
    assert [i.capture for i in archived(done.path) if i.capture] == captures[:-1]


def test_only_what_lies_behind_the_committed_captures_is_walked(tmp_path: Path) -> None:
    path, captures = left_open(tmp_path)
    (done,) = mend(tmp_path, committed=lambda name: end(captures[1]) if name == path.name.removesuffix(".open") else 0)
    assert done.records == 4


def test_a_hole_before_records_that_nobody_was_told_of_is_cut_out_with_them(tmp_path: Path) -> None:
    path, captures = left_open(tmp_path, 4)
    whole = bytearray(path.read_bytes())
    hole = captures[2]
    whole[hole.offset : hole.offset + hole.length] = bytes(hole.length)
    path.write_bytes(whole)
    (done,) = mend(tmp_path, committed=lambda name: end(captures[1]), complete=True)
    assert done.path is not None
    assert done.part is not None
    assert verify_file(done.path).faults == []
    assert [i.capture for i in archived(done.path) if i.capture] == captures[:2]
    assert done.path.read_bytes() + done.part.read_bytes() == bytes(whole)
