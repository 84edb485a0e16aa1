"""The laws of the house, read from the imports: only downstairs; one library, one room; small rooms; no secrets in the text."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "crawler"
FILES = sorted(HOUSE.rglob("*.py"))

FLOORS = [
    {"items", "errors", "urls", "spooled", "formatting", "failpoints", "settings"},
    {"http", "index"},
    {"warc", "parsers"},
    {"archive_files", "sites"},
    {"processing", "frontier"},
    {"collection"},
    {"maintenance"},
    {"crawl"},
    {"spiders", "pipelines", "cli", "demo", "testing"},
    {"commands", "middlewares", "extensions"},
]
"""Packages and root modules, lowest first: each imports lower floors only. A new module in a package needs no line here."""
FLOOR = {room: number for number, rooms in enumerate(FLOORS, 1) for room in rooms}
ROOT_MODULES = {"cli", "errors", "failpoints", "formatting", "pipelines", "settings", "spooled"}
"""What lies in the root of the package; `items` and `urls`, which everybody imports too, are packages."""

LIBRARIES = {
    "warcio": ("warc", "archive_files"),
    "fastwarc": (),
    "sqlite_utils": ("index", "frontier"),
    "sqlite3": ("index", "frontier", "collection", "maintenance", "crawl"),
    "parsel": ("parsers",),
    "lxml": ("parsers",),
    "trafilatura": ("parsers",),
    "ssl": ("http",),
    "socket": ("http", "demo"),
    "scrapy": (
        "http/handler",
        "frontier/scheduler",
        "spiders",
        "middlewares",
        "extensions",
        "pipelines",
        "commands",
        "cli",
    ),
    "datasette": ("readingroom",),
}


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "crawler")


def room_graph() -> dict[str, set[str]]:
    """Which room imports which, as the files say."""
    graph: dict[str, set[str]] = {}
    for path in FILES:
        mine = room_of(path)
        parts = [module.split(".") for module in imports(path)]
        others = {p[1] for p in parts if p[0] == "crawler" and len(p) > 1 and not p[1].startswith("__")}
        graph.setdefault(mine, set()).update(others - {mine, "settings"})
    return graph


def test_only_downstairs() -> None:
    graph = room_graph()
    assert set(graph) - {"__init__"} == set(FLOOR), "a package without a floor, or a floor without its package"
    upwards = {
        f"{mine} -> {other}"
        for mine, others in graph.items()
        for other in others
        if mine != "__init__" and FLOOR[other] >= FLOOR[mine] and not FLOOR[other] == FLOOR[mine] == 1
    }
    assert not upwards
    list(TopologicalSorter(graph).static_order())  # within the lowest floor: raises CycleError with the circle


def test_the_root_holds_what_everybody_imports() -> None:
    assert {path.stem for path in HOUSE.glob("*.py")} - {"__init__"} == ROOT_MODULES


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_one_library_one_room(path: Path) -> None:
    place = str(path.relative_to(HOUSE).with_suffix(""))
    for module in imports(path):
        rooms = LIBRARIES.get(module.split(".")[0])
        if rooms is not None:
            assert any(place == room or place.startswith(room + "/") for room in rooms), f"{place} imports {module}"


def test_rooms_are_small() -> None:
    lengths = {str(p.relative_to(HOUSE)): len(p.read_text().splitlines()) for p in FILES}
    large = {name: lines for name, lines in lengths.items() if lines > 400}
    assert not large
    assert sum(lines > 300 for lines in lengths.values()) <= len(lengths) // 12, {n: c for n, c in lengths.items() if c > 300}


def test_functions_are_short() -> None:
    long = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                if lines > 40:
                    long[f"{path.relative_to(HOUSE)}:{node.name}"] = lines
    assert not long


def test_no_room_for_odds_and_ends() -> None:
    assert not [p for p in FILES if p.stem in ("utils", "helpers", "common", "misc")]


def test_public_names_have_docstrings() -> None:
    bare = []
    for path in FILES:
        tree = ast.parse(path.read_text())
        if path.stat().st_size and not ast.get_docstring(tree):
            bare.append(str(path.relative_to(HOUSE)))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                bare += [f"{path.relative_to(HOUSE)}:{node.name}"] if not ast.get_docstring(node) else []
    assert not bare


def test_no_machine_path_and_no_registry_host() -> None:
    # Put together here, so that this file need not be left out.
    hosts = [".".join(words) for words in (("pypi", "org"), ("npmjs", "org"), ("npmjs", "com"), ("deb", "debian", "org"))] + [
        "python" + "hosted"
    ]
    places = [f"/{name}/" for name in ("root", "work")]
    secret = re.compile("|".join([*map(re.escape, [*hosts, *places]), r"/home/\w+/"]))
    roots = [ROOT, *(ROOT / name for name in ("crawler", "tests", "docs", ".ci"))]
    texts = [p for root in roots for p in (root.iterdir() if root == ROOT else root.rglob("*")) if p.is_file()]
    readable = [p for p in texts if p.name != ".git" and p.suffix in ("", ".py", ".md", ".toml", ".yaml", ".cfg", ".txt")]
    found = [f"{p.relative_to(ROOT)}: {m[0]}" for p in readable if (m := secret.search(p.read_text()))]
    assert not found
