"""The small files with one oddity each that lie beside the project, where they do: faults and captures as their README says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.archive_files.convert import convert
from crawler.archive_files.in_place import unreadable
from crawler.archive_files.reader import Fault, archived
from crawler.archive_files.verify import verify_file

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "warc-cases"
ENDS = {
    "bare.arc.gz": b"sends no head</p></html>\n",
    "chunkleft.warc.gz": b"said the mayor.</p></body></html>",
    "shortlen.warc.gz": b"said the mayor.</p></body></html>",
}


def expected() -> list[tuple[str, str, str, str]]:
    """Name, exit code of verify, exit code of replay, captures."""
    if not SAMPLES.is_dir():
        return []
    rows = re.findall(r"^\| (\S+arc\S*) \|.*?\| (\d+) \| ([\d or]+) \| (\d+|-) \|$", (SAMPLES / "README.md").read_text(), re.MULTILINE)
    assert len(rows) == 14
    return rows


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples lie beside the project only where it is developed")
@pytest.mark.parametrize(("name", "verify", "replay", "captures"), expected())
def test_a_sample_is_verified_and_read_as_its_readme_says(tmp_path: Path, name: str, verify: str, replay: str, captures: str) -> None:
    file = SAMPLES / name
    # An ARC can be checked now, and these two are sound.
    assert bool(verify_file(file).faults) == (verify == "13" and not name.endswith(".arc.gz"))
    faults: list[Fault] = []
    if unreadable(file):
        faults += convert(file, tmp_path / "copy.warc.gz").faults
        file = tmp_path / "copy.warc.gz"
        assert verify_file(file).faults == []
    entries = list(archived(file, faults=faults))
    assert captures in ("-", str(len(entries)))
    assert bool(faults) == (replay == "10")
    if name in ENDS:
        assert (entries[0].payload() or b"").endswith(ENDS[name])
