"""Measures of the source that `test_house.py` holds to its limits, read with `ast` alone."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parents[1] / "crawler"
FILES = sorted(HOUSE.rglob("*.py"))

MAX_WORDS = 15
"""Of the first line of a docstring."""
BANNED = re.compile(
    r"^(?:what|whatever|who|whoever|whom|whose|which|whichever|where|wherever|when|whenever|how|whether|why|those (?:who|that|which))\b"
    r"|\bwhat (?:came|comes|lies|stands)\b|\bthat which\b|\bNone where\b|\bwhoever\b|\bnobody\b|\bsomebody\b"
    r"|\bstrangers?\b|\berrands?\b|\bwitness(?:es)?\b|\baside\b|\bstrays?\b|\bmend(?:s|ed|ing)?\b|\bbegets?\b|\bdarkroom\b|\bcopydesk\b",
    re.IGNORECASE,
)
"""A relative clause as the subject, a metaphor, or a word that docs/glossary.md replaces; elements and names stand in backticks."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse a source file."""
    return ast.parse(path.read_text())


def name_of(path: Path) -> str:
    """Name a source file as messages do."""
    return str(path.relative_to(HOUSE))


def lines_of(path: Path) -> int:
    """Count the lines of a source file."""
    return len(path.read_text().splitlines())


def functions(path: Path) -> Iterator[tuple[str, Function]]:
    """Yield each function of a file, methods and inner ones too, by its dotted name."""

    def inside(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Definition):
                name = f"{prefix}{child.name}"
                if isinstance(child, Function):
                    yield name, child
                yield from inside(child, f"{name}.")
            else:
                yield from inside(child, prefix)

    yield from inside(tree_of(path), "")


def length(function: Function) -> int:
    """Count the lines of a function from `def` to its end, docstring included."""
    return (function.end_lineno or 0) - function.lineno + 1


def complexity(function: Function) -> int:
    """Count the ways through a function as `radon cc` does, boolean operators included.

    An `assert` is one way whatever stands in it; inner functions and classes are counted apart.
    """
    return 1 + sum(map(_ways, function.body))


def _ways(node: ast.AST) -> int:
    match node:
        case ast.Assert():
            return 1
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return 0
        case ast.Try():
            own = len(node.handlers) + bool(node.orelse)
        case ast.BoolOp():
            own = len(node.values) - 1
        case ast.If() | ast.IfExp():
            own = 1
        case ast.Match():
            own = len(node.cases) - any(isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None for case in node.cases)
        case ast.For() | ast.While() | ast.AsyncFor():
            own = 1 + bool(node.orelse)
        case ast.comprehension():
            own = 1 + len(node.ifs)
        case _:
            own = 0
    return own + sum(map(_ways, ast.iter_child_nodes(node)))


def first_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the first sentence line of each docstring of a file, by what it describes."""
    tree = tree_of(path)
    described: list[tuple[str, ast.Module | Definition]] = [("", tree)]
    described += [(f":{node.name}", node) for node in ast.walk(tree) if isinstance(node, Definition)]
    for name, node in described:
        text = ast.get_docstring(node)
        if text:
            yield f"{name_of(path)}{name}", text.splitlines()[0]


def bare(line: str) -> str:
    """Put one word in place of each code span."""
    return re.sub(r"`[^`]*`", "code", line)


def prose_faults(line: str) -> str:
    """Name what is wrong with the first line of a docstring, empty if nothing is."""
    text = bare(line)
    count, found = len(text.split()), BANNED.search(text)
    return ", ".join(filter(None, (f"{count} words" if count > MAX_WORDS else "", f"{found[0]!r}" if found else "")))


def main(rooms: list[str]) -> None:
    """Print what is over a limit, in the named rooms or in all."""
    for path in FILES:
        if rooms and not any(name_of(path).startswith(room) for room in rooms):
            continue
        if lines_of(path) > 300:
            print(f"{name_of(path)}: {lines_of(path)} lines")
        for name, function in functions(path):
            if length(function) > 45 or complexity(function) > 15:
                print(f"{name_of(path)}:{name}: {length(function)} lines, complexity {complexity(function)}")
        for name, line in first_lines(path):
            if fault := prose_faults(line):
                print(f"{name}: {fault}: {line}")


if __name__ == "__main__":
    main(sys.argv[1:])
