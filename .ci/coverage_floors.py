"""Print the coverage of each package of `crawler` and fail if one is below its floor.

Usage: coverage json -o - | python .ci/coverage_floors.py [--missing]

Lines and branches count apart: each must reach the floor of its package.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import PurePosixPath
from typing import Any, TextIO

FLOORS = {"http": 95.0, "warc": 95.0, "collection": 95.0, "frontier": 95.0}
"""Per cent of lines, and of branches, by package: where a mistake loses records."""
OTHERS = 90.0
ROOT = "(root)"


def package_of(path: str) -> str:
    """Name the package that a file of the report belongs to."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    inside = parts[len(parts) - parts[::-1].index("crawler") :]
    return inside[0] if len(inside) > 1 else ROOT


class Counts:
    """Lines and branches of one package: how many there are, and how many ran."""

    def __init__(self) -> None:
        self.lines = self.lines_run = self.branches = self.branches_run = 0

    def add(self, summary: dict[str, Any]) -> None:
        """Add the summary of one file, as `coverage json` writes it."""
        self.lines += summary["num_statements"]
        self.lines_run += summary["covered_lines"]
        self.branches += summary.get("num_branches", 0)
        self.branches_run += summary.get("covered_branches", 0)

    @property
    def shares(self) -> tuple[float, float]:
        """Per cent of lines and of branches that ran."""
        return _share(self.lines_run, self.lines), _share(self.branches_run, self.branches)


def _share(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0


def by_package(report: dict[str, Any]) -> dict[str, Counts]:
    """Sum a report up by package."""
    found: defaultdict[str, Counts] = defaultdict(Counts)
    for path, file in report["files"].items():
        found[package_of(path)].add(file["summary"])
    return dict(found)


def below(packages: dict[str, Counts]) -> list[str]:
    """Name what is below its floor, and what has a floor and is not in the report."""
    absent = [f"{name}: not in the report" for name in FLOORS if name not in packages]
    low = [
        f"{name}: {share:.1f} % of {what}, floor {floor:g} %"
        for name, counts in sorted(packages.items())
        for what, share in zip(("lines", "branches"), counts.shares, strict=True)
        if round(share, 1) < (floor := FLOORS.get(name, OTHERS))
    ]
    return absent + low


def show(report: dict[str, Any], out: TextIO, *, missing: bool = False) -> int:
    """Print the table; return the exit code.

    Args:
        missing: Print the lines of each file that did not run.
    """
    packages = by_package(report)
    out.write(f"{'package':<16} {'lines':>7} {'run':>7} {'branches':>9} {'run':>7}   floor\n")
    for name, counts in sorted(packages.items()):
        lines, branches = counts.shares
        out.write(f"{name:<16} {counts.lines:>7} {lines:>6.1f}% {counts.branches:>9} {branches:>6.1f}%  {FLOORS.get(name, OTHERS):>5g}%\n")
    if missing:
        for path, file in sorted(report["files"].items()):
            if file["missing_lines"] or file.get("missing_branches"):
                out.write(f"{path}: lines {file['missing_lines']} branches {file.get('missing_branches', [])}\n")
    faults = below(packages)
    out.writelines(f"coverage below its floor: {fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(show(json.load(sys.stdin), sys.stdout, missing="--missing" in sys.argv[1:]))
