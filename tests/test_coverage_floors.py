"""What `.ci/run` says of coverage: sums by package, floors, exit code."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "coverage_floors.py"
if not SCRIPT.exists():
    pytest.skip("no .ci beside the tests: a source distribution has none", allow_module_level=True)


@pytest.fixture(scope="module")
def floors() -> ModuleType:
    spec = importlib.util.spec_from_file_location("coverage_floors", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(**shares: tuple[int, int]) -> dict[str, Any]:
    """A report of one file a package, 1,000 lines and 100 branches each; so many of them ran."""
    return {
        "files": {
            f"crawler/{name}/some.py": {
                "summary": {"num_statements": 1000, "covered_lines": lines, "num_branches": 100, "covered_branches": branches},
                "missing_lines": [7] if lines < 1000 else [],
                "missing_branches": [[7, 9]] if branches < 100 else [],
            }
            for name, (lines, branches) in shares.items()
        }
    }


STRICT = ("http", "warc", "collection", "frontier")


def whole(**more: tuple[int, int]) -> dict[str, Any]:
    return report(**dict.fromkeys(STRICT, (1000, 100)) | more)


@pytest.mark.parametrize(
    ("path", "package"),
    [
        ("crawler/http/client.py", "http"),
        ("/somewhere/crawler/tree/crawler/warc/deep/writer.py", "warc"),
        ("crawler/urls.py", "(root)"),
        ("crawler\\index\\rows.py", "index"),
    ],
)
def test_a_file_belongs_to_its_package(floors: ModuleType, path: str, package: str) -> None:
    assert floors.package_of(path) == package


@pytest.mark.parametrize(
    ("shares", "fault"),
    [
        ({"http": (949, 100)}, "http: 94.9 % of lines, floor 95 %"),
        ({"warc": (1000, 94)}, "warc: 94.0 % of branches, floor 95 %"),
        ({"parsers": (899, 100)}, "parsers: 89.9 % of lines, floor 90 %"),
        ({"parsers": (1000, 89)}, "parsers: 89.0 % of branches, floor 90 %"),
    ],
)
def test_what_is_below_its_floor_is_named_and_fails(floors: ModuleType, shares: dict[str, tuple[int, int]], fault: str) -> None:
    out = io.StringIO()
    assert floors.show(whole(**shares), out) == 1
    assert out.getvalue().splitlines()[-1] == f"coverage below its floor: {fault}"


def test_what_reaches_its_floor_passes_and_is_printed(floors: ModuleType) -> None:
    out = io.StringIO()
    assert floors.show(whole(http=(950, 95), parsers=(900, 90)), out) == 0
    printed = {line.split()[0]: line.split()[1:] for line in out.getvalue().splitlines()[1:]}
    assert printed["http"] == ["1000", "95.0%", "100", "95.0%", "95%"]
    assert printed["parsers"] == ["1000", "90.0%", "100", "90.0%", "90%"]


def test_a_package_that_is_not_in_the_report_fails(floors: ModuleType) -> None:
    assert floors.below(floors.by_package(report(http=(1000, 100), warc=(1000, 100), collection=(1000, 100)))) == ["frontier: not in the report"]


def test_files_of_a_package_are_summed(floors: ModuleType) -> None:
    both = whole()
    both["files"]["crawler/http/other.py"] = {"summary": {"num_statements": 1000, "covered_lines": 500, "num_branches": 0, "covered_branches": 0}}
    assert floors.by_package(both)["http"].shares == (75.0, 100.0)


def test_a_package_without_branches_lacks_none(floors: ModuleType) -> None:
    bare = whole(settings=(10, 0))
    bare["files"]["crawler/settings/some.py"]["summary"] = {"num_statements": 10, "covered_lines": 10}
    assert floors.below(floors.by_package(bare)) == []


def test_missing_lines_are_listed_by_file(floors: ModuleType) -> None:
    out = io.StringIO()
    floors.show(whole(http=(999, 99)), out, missing=True)
    assert "crawler/http/some.py: lines [7] branches [[7, 9]]" in out.getvalue()
    assert "crawler/warc/some.py" not in out.getvalue()
