"""The laws of the house, read from the imports: only downstairs; one library, one room; small rooms; no secrets in the text."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import house
import pytest
from house import FILES, HOUSE

ROOT = HOUSE.parent

FLOORS = [
    {"clock", "items", "errors", "urls", "spooled", "formatting", "failpoints", "garbage", "interrupts", "settings", "schema", "timeline",
     "views", "fulltext", "shared_settings"},
    {"http", "index", "workers", "disk", "terminal", "storage", "jobs", "columns"},
    {"warc", "parsers", "search", "history"},
    {"archive_files", "sites", "scope", "requisites", "frontier_reads"},
    {"processing", "publication", "frontier", "coverage", "memento", "backfill", "proofs"},
    {"collection", "hosts", "discovery", "rechecks", "catalogue", "outbox"},
    {"pacing", "evidence", "subsets", "importing", "uploading", "cluster", "rereading"},
    {"maintenance", "crawl", "zipnum"},
    {"monitoring", "interchange", "playback", "gathering"},
    {"roomframe"},
    {"spiders", "pipelines", "cli", "demo", "testing", "housekeeping", "readingroom"},
    {"enqueueing", "work"},
    {"printed"},
    {"commands", "middlewares", "extensions"},
]
"""Packages and root modules, lowest first: each imports lower floors only. A new module in a package needs no line here."""
FLOOR = {room: number for number, rooms in enumerate(FLOORS, 1) for room in rooms}
ROOT_MODULES = {"clock", "errors", "failpoints", "formatting", "garbage", "interrupts", "pipelines", "settings", "shared_settings", "spooled"}
"""What lies in the root of the package; `items` and `urls`, which everybody imports too, are packages."""

LIBRARIES = {
    "warcio": ("warc", "archive_files"),
    "fastwarc": (),
    "sqlite_utils": ("schema", "index", "frontier"),
    "lz4": ("schema",),
    "sqlite3": (
        "schema", "index", "frontier", "frontier_reads", "outbox", "collection", "maintenance", "crawl", "disk", "search", "history", "coverage", "rechecks", "housekeeping",
        "catalogue", "proofs", "subsets", "interchange", "playback", "readingroom", "roomframe", "views",
        "fulltext", "jobs", "gathering",
    ),
    "parsel": ("parsers",),
    "lxml": ("parsers",),
    "trafilatura": ("parsers",),
    "ssl": ("http",),
    "socket": ("http", "demo", "workers/worker", "playback/replay", "readingroom/server", "work/health", "cluster/watch"),  # one end of a pair within this machine; loopback; to cut off what hangs
    "msgspec": ("workers", "processing"),
    "scrapy": (
        "http/handler",
        "frontier/scheduler",
        "crawl/run_extension",
        "spiders",
        "work",
        "middlewares",
        "extensions",
        "pipelines",
        "commands",
        "cli",
    ),
    "datasette": ("readingroom", "roomframe"),
    "playwright": ("playback",),
    "pyarrow": ("interchange", "rereading", "gathering"),
    "duckdb": (),
    "psycopg": ("cluster",),
    "boto3": ("storage",),
    "botocore": ("storage",),
    "distributed": ("rereading",),
    "dask": ("rereading",),
    "ray": ("rereading",),
    "bagit": ("interchange",),
    "rfc3161_client": ("proofs",),
    "rich": ("terminal",),
    "tqdm": ("terminal",),
}


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(house.tree_of(path)):
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


MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 45
MAX_COMPLEXITY = 15
MAX_PACKAGE_LINES = 2500
MAX_SUBPACKAGE_LINES = 2000
"""Of a package inside `parsers`, the one package that may be larger."""


def held(found: list[str]) -> None:
    """Fail with a list of what is over a limit. `python tests/house.py [ROOM/]` lists it by room."""
    assert not found, "\n" + "\n".join(found)


def test_files_are_short() -> None:
    held([f"{house.name_of(path)}: {lines} lines" for path in FILES if (lines := house.lines_of(path)) > MAX_FILE_LINES])


def test_packages_are_small() -> None:
    lines: Counter[str] = Counter()
    for path in FILES:
        parts = path.relative_to(HOUSE).parts[:-1]
        lines.update({"/".join(parts[:2] if parts[:1] == ("parsers",) else parts[:1]) or "(root)": house.lines_of(path)})
    most = {name: MAX_SUBPACKAGE_LINES if name.startswith("parsers") else MAX_PACKAGE_LINES for name in lines}
    held([f"{name}: {count} lines" for name, count in lines.items() if count > most[name]])


def test_functions_are_short() -> None:
    held(
        [
            f"{house.name_of(path)}:{name}: {lines} lines"
            for path in FILES
            for name, function in house.functions(path)
            if (lines := house.length(function)) > MAX_FUNCTION_LINES
        ]
    )


def test_functions_have_few_ways() -> None:
    held(
        [
            f"{house.name_of(path)}:{name}: complexity {ways}"
            for path in FILES
            for name, function in house.functions(path)
            if (ways := house.complexity(function)) > MAX_COMPLEXITY
        ]
    )


def test_first_lines_of_docstrings_are_plain() -> None:
    found = [f"{name}: {fault}: {line}" for path in FILES for name, line in house.first_lines(path) if (fault := house.prose_faults(line))]
    held(found)


def test_tests_mirror_the_rooms() -> None:
    rooms = {"/".join(path.relative_to(HOUSE).parts[:-1]) for path in FILES}
    across = {"benchmarks", "conformance", "deploy", "durability", "outer", "year"}  # suites that cut through the rooms
    folders = {str(path.parent.relative_to(ROOT / "tests")) for path in (ROOT / "tests").rglob("test_*.py")} - {"."}
    assert not [folder for folder in folders if not across.intersection(folder.split("/")) and folder not in rooms]


def test_names_of_test_files_are_unique() -> None:
    """Pytest imports them by name alone; two of one name, and nothing is collected."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert not [name for name, count in names.items() if count > 1]


def test_one_module_asks_for_the_time_of_day() -> None:
    """Whatever else decides by the time can be played on a clock of the tests."""
    asked = re.compile(r"\b(?:datetime\.(?:now|today|utcnow)|date\.today|time\.(?:time|time_ns|gmtime|localtime))\b|^from time import .*\b(?:time|gmtime)\b", re.MULTILINE)
    held([f"{house.name_of(path)}: {found[0]}" for path in FILES if path.stem != "clock" and (found := asked.search(path.read_text()))])


def test_no_room_for_odds_and_ends() -> None:
    assert not [p for p in FILES if p.stem in ("utils", "helpers", "common", "misc")]


def test_public_names_have_docstrings() -> None:
    bare = []
    for path in FILES:
        tree = house.tree_of(path)
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
    roots = [ROOT, *(ROOT / name for name in ("crawler", "tests", "docs", "examples", ".ci", ".github"))]
    texts = [p for root in roots for p in (root.iterdir() if root == ROOT else root.rglob("*")) if p.is_file()]
    readable = [p for p in texts if p.name != ".git" and p.suffix in ("", ".py", ".md", ".toml", ".yaml", ".yml", ".cfg", ".txt")]
    found = [f"{p.relative_to(ROOT)}: {m[0]}" for p in readable if (m := secret.search(p.read_text()))]
    assert not found
