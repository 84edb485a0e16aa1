"""Power cuts, by a model: whatever was not synced may be gone, and nothing that was acknowledged is among it."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from newsroom import judge, write
from power import MODES, Machine, cuts, strace
from stands import outer

POINTS = 12
"""A mode; `python tests/durability/full.py power` takes two hundred."""


def traced(folder: Path, count: int = 40) -> tuple[Path, Path]:
    """A writer's collection and the trace of its making."""
    path, trace = folder / "demo", folder / "trace"
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = write(path, count, before=strace(trace))
    _, err = writer.communicate(timeout=120)
    assert writer.returncode == 0, err
    return path, trace


def same(path: Path, machine: Machine, place: Path) -> list[str]:
    """The model's own check: with everything kept, each file is what it really is."""
    machine.lay_out(place, "keep", random.Random(0))
    there = {str(p.relative_to(path)) for p in path.rglob("*") if p.is_file() and not p.name.endswith("-shm")}
    made = {str(p.relative_to(place)) for p in place.rglob("*") if p.is_file()}
    return sorted(there ^ made) + [name for name in sorted(there & made) if (path / name).read_bytes() != (place / name).read_bytes()]


@pytest.mark.outer
def test_power_cuts(tmp_path: Path) -> None:
    outer("strace")
    path, trace = traced(tmp_path / "real")
    for mode in MODES:
        dice = random.Random(mode)
        for n, machine in enumerate(cuts(trace, path, POINTS, seed=len(mode))):
            place = tmp_path / "cut"
            machine.lay_out(place / "demo", mode, dice)
            assert judge(place / "demo", set(machine.told)) == [], (mode, n)
            shutil.rmtree(place)
    assert same(path, machine, tmp_path / "whole") == []
    assert len(machine.told) == 40


@pytest.mark.outer
def test_the_model_finds_a_writer_that_does_not_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outer("strace")
    path, trace = traced(tmp_path / "real")
    # The same trace with the WARC's syncs taken out: the model must see the loss.
    careless = tmp_path / "careless"
    careless.write_text(
        "".join(line for line in trace.read_text().splitlines(True) if "fdatasync(" not in line and "fdatasync resumed" not in line)
    )
    found = []
    for machine in cuts(careless, path, POINTS, seed=1):
        place = tmp_path / "cut"
        machine.lay_out(place / "demo", "all", random.Random(0))
        try:
            found += judge(place / "demo", set(machine.told))
        except Exception as error:  # noqa: BLE001 - a collection that does not even open is as good a find
            found.append(str(error))
        shutil.rmtree(place)
    assert any("lost" in what for what in found)
