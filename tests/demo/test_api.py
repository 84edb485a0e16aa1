"""docs/api.md: each public name is there, and each example is true on the demo's collection."""

import doctest
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import crawler
from crawler.sites.known import DEMO_SITES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "api.md"


def test_the_examples_are_true(demo_archives: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.settings.ARCHIVE_DIR", str(demo_archives))
    result = doctest.testfile(str(PAGE), module_relative=False, globs={"DEMO_SITES": DEMO_SITES})
    assert result.attempted > 20
    assert result.failed == 0


def test_each_public_name_is_on_the_page_and_can_be_imported() -> None:
    table = PAGE.read_text().split("\n\n")[2]
    listed = set(re.findall(r"`(\w+)", "".join(row.split("|")[1] for row in table.splitlines())))
    assert listed == set(crawler.__all__)
    for name in crawler.__all__:
        value = getattr(crawler, name)
        assert name == "__version__" or value.__doc__, name


def test_the_stub_names_the_same() -> None:
    stub = (ROOT / "crawler" / "__init__.pyi").read_text()
    assert set(re.findall(r" as (\w+)$", stub, re.MULTILINE)) | {"__version__"} == set(crawler.__all__)


def test_the_stub_for_type_checkers_names_the_same() -> None:
    stub = (ROOT / "crawler" / "__init__.pyi").read_text()
    found = re.findall(r"^from crawler\.?([\w.]*) import (\w+) as \2$", stub, re.MULTILINE)
    assert {name: module for module, name in found} == crawler._HOMES


def test_each_method_that_the_page_names_exists() -> None:
    for name in ("CollectionReader", "Index"):
        row = next(row for row in PAGE.read_text().splitlines() if row.startswith(f"| `{name}`"))
        methods = re.findall(r"`(\w+)\(\)`", row)
        assert methods
        assert all(callable(getattr(getattr(crawler, name), method)) for method in methods)


def test_a_name_that_is_none_is_an_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = crawler.nothing  # type: ignore[attr-defined]
    assert importlib.import_module("crawler.items") is crawler.items


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, crawler; print([m for m in ('lxml', 'scrapy', 'trafilatura', 'sqlite3', 'attrs') if m in sys.modules])"
    env = {name: value for name, value in os.environ.items() if name != "COVERAGE_PROCESS_START"}  # coverage loads sqlite3 itself
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True, env=env)
    assert done.stdout.strip() == "[]"


def test_the_lines_of_the_readme_run(demo_archives: Path, tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (tmp_path / "page.html").write_text("<title>One</title><h1>A ferry sails</h1><p>The ferry left the quay at first light, as it has done since.</p>")
    environment = {"PYTHONPATH": str(ROOT), "ARCHIVE_DIR": str(demo_archives)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    headline, *hits = done.stdout.splitlines()
    assert headline == "A ferry sails"
    assert any("Harbour crane" in hit for hit in hits)
