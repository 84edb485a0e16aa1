"""Run public test suites against this crawler and print how many cases are right, wrong, or refused by a documented rule.

    python tests/conformance/run.py FOLDER [--suite NAME ...] [--wrong N] [--markdown]

FOLDER holds the checkouts, each named owner+name (for example `google+robotstxt`); those that are absent are named and passed over.
Exit code 1 where a case is wrong, 2 where FOLDER holds none of the suites.
"""

import argparse
import importlib
import pkgutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

import suites  # noqa: E402  found by the path above: this file is run as a program
from suites import Case  # noqa: E402

Reader = Callable[[Path], Iterator[Case]]


def readers() -> dict[str, list[tuple[str, Reader]]]:
    """Each checkout's readers: module name and function."""
    found: dict[str, list[tuple[str, Reader]]] = {}
    for module in pkgutil.iter_modules(suites.__path__):
        room = importlib.import_module(f"suites.{module.name}")
        for checkout, cases in getattr(room, "SUITES", {}).items() or [(room.CHECKOUT, room.cases)]:
            found.setdefault(checkout, []).append((module.name, cases))
    return found


def main() -> int:
    """Run each suite whose checkout is there; one line for each group of each suite."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--suite", action="append", help="only checkouts or modules whose name contains this")
    parser.add_argument("--wrong", type=int, default=5, help="how many wrong cases to show of each group (default 5)")
    parser.add_argument("--markdown", action="store_true", help="print a table for the documents")
    options = parser.parse_args()
    absent, wrong, ran = [], 0, 0
    line = "| {} | {} | {} | {} | {} |" if options.markdown else "{:<44} {:<36} {:>8} {:>8} {:>8}"
    print(line.format("suite", "group", "right", "wrong", "refused"))
    if options.markdown:
        print("| --- | --- | ---: | ---: | ---: |")
    for checkout, modules in sorted(readers().items()):
        for module, cases in modules:
            if options.suite and not any(word in checkout or word in module for word in options.suite):
                continue
            if not (options.folder / checkout).is_dir():
                absent.append(checkout)
                continue
            ran += 1
            wrong += _tell(line, checkout, list(cases(options.folder / checkout)), options.wrong)
    if absent:
        print("\nabsent:", " ".join(sorted(set(absent))))
    return 2 if not ran else 1 if wrong else 0


def _tell(line: str, checkout: str, cases: list[Case], shown: int) -> int:
    groups: dict[str, Counter[str]] = {}
    for case in cases:
        groups.setdefault(case.group, Counter())[case.verdict] += 1
    for group, count in groups.items():
        print(line.format(checkout, group, count["right"], count["wrong"], count["refused"]))
        for case in [c for c in cases if c.group == group and c.verdict == "wrong"][:shown]:
            print(f"    wrong: {case.name}: {case.note}"[:400])
    return sum(count["wrong"] for count in groups.values())


if __name__ == "__main__":
    sys.exit(main())
