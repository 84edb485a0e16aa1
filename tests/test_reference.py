"""The reference pages say what the code says: a stale page fails here; `python docs/generate.py` writes them anew."""

import importlib.util
import re
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATE = _generator()
PAGES = GENERATE.PAGES


@pytest.mark.parametrize("name", PAGES)
def test_page_is_fresh(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == PAGES[name]()


def test_there_are_at_most_eleven_floors() -> None:
    assert max(int(floor) for floor in re.findall(r"^\| (\d+) \|", PAGES["rooms.md"](), re.MULTILINE)) <= 11


def test_every_command_is_documented() -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    ours = {path.stem for path in (ROOT / "crawler" / "commands").glob("*.py") if not path.stem.startswith("_")}
    assert ours == set(re.findall(r"^(?:## |- `)scrapy ([\w-]+)", page, re.MULTILINE))


def test_every_setting_of_ours_says_what_it_is() -> None:
    source = [line for name in ("settings", "shared_settings") for line in (ROOT / "crawler" / f"{name}.py").read_text().splitlines()]
    bare = [line for above, line in pairwise(source) if line.startswith("ARCHIVE_") and not above.startswith("#:")]
    assert not bare
