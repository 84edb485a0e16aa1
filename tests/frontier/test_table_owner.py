"""Who may write SQL on table `frontier`: packages `frontier`, `frontier_reads`, `outbox`; the schema belongs to `schema`, another table of that name to `cluster`."""

import ast
import re
from pathlib import Path

CRAWLER = Path(__file__).parents[2] / "crawler"
SQL = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(?:\w+\.|\{\w+\}\.)?frontier\b")


def texts(path: Path) -> list[str]:
    """Every string of a module, f-strings with their values as `{}`."""
    out: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            out.append("".join(part.value if isinstance(part, ast.Constant) else "{x}" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            out.append(node.value)
    return out


def test_sql_on_table_frontier_is_written_in_package_frontier_alone() -> None:
    found = {
        str(path.relative_to(CRAWLER)): [text for text in texts(path) if SQL.search(text)]
        for path in CRAWLER.rglob("*.py")
        if not {"frontier", "frontier_reads", "outbox", "cluster"}.intersection(path.relative_to(CRAWLER).parts) and path.name != "announcement_tables.py"  # a view shows why a story is not here
    }
    assert {name: some for name, some in found.items() if some} == {}


def test_the_search_finds_what_it_is_to_find() -> None:
    assert any(SQL.search(text) for text in texts(CRAWLER / "frontier" / "changes.py"))
    for sql in ("SELECT 1 FROM frontier", "LEFT JOIN main.frontier f", "UPDATE frontier SET", "INSERT OR REPLACE INTO frontier (a)", "FROM {db}.frontier"):
        assert SQL.search(sql)
    assert not SQL.search("CREATE TABLE frontier (key TEXT)")
