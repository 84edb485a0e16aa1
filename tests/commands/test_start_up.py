"""Modules that a command imports: each only what it needs, since importing is most of what a short command takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.collection.collection import Collection
from crawler.garbage import THRESHOLDS

LISTED = (
    "import json, sys; sys.argv = ['scrapy', *sys.argv[2:]]\n"
    "from scrapy import cmdline\n"
    "try: cmdline.execute()\n"
    "finally: open({0!r}, 'w').write(json.dumps(sorted(sys.modules)))\n"
)
HEAVY = ("trafilatura", "justext", "htmldate", "dateparser", "warcio", "python_socks", "isal", "sqlite_utils", "crawler.http", "crawler.warc",
         "crawler.index", "crawler.parsers", "crawler.processing", "crawler.frontier", "crawler.collection.collection")  # fmt: skip
"""Packages, of which a command that does nothing imports none."""


def modules(tmp_path: Path, *words: str) -> list[str]:
    """Names of the modules that `scrapy WORDS` has imported at its end, in a process of its own."""
    found = tmp_path / "modules.json"
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "crawler.settings", "ARCHIVE_DIR": str(tmp_path / "archives")}
    code = LISTED.format(str(found))
    subprocess.run([sys.executable, "-c", code, "scrapy", *words], env=environment, capture_output=True, timeout=60, check=False)
    names: list[str] = json.loads(found.read_text())
    return names


def of(names: list[str], *packages: str) -> set[str]:
    """Those of some packages among the modules that were imported."""
    return {package for package in packages if any(name == package or name.startswith(f"{package}.") for name in names)}


@pytest.fixture
def _archives(tmp_path: Path) -> None:
    (tmp_path / "archives").mkdir()
    Collection.open(tmp_path / "archives" / "a").close()


def test_the_commands_import_nothing_heavy_before_one_is_run(tmp_path: Path) -> None:
    names = modules(tmp_path, "-h")
    assert "crawler.commands.crawl" in names
    assert "crawler.commands.verify" in names
    assert of(names, *HEAVY) == set()


def test_list_imports_the_words_of_site_files_and_no_spider(tmp_path: Path) -> None:
    names = modules(tmp_path, "list")
    assert "crawler.sites.site" in names
    assert of(names, *HEAVY, "crawler.spiders.web", "crawler.spiders.replay") <= {"crawler.parsers", "isal"}


@pytest.mark.usefixtures("_archives")
@pytest.mark.parametrize("words", [("search", "x"), ("stats",)], ids=lambda words: words[0])
def test_questions_to_the_index_import_no_writer_and_no_parser(tmp_path: Path, words: tuple[str, ...]) -> None:
    names = modules(tmp_path, *words)
    assert "crawler.index.index" in names
    assert of(names, *HEAVY) <= {"crawler.index", "crawler.frontier"}


def test_a_crawl_imports_no_other_spider_and_no_proxy(tmp_path: Path) -> None:
    (tmp_path / "archives").mkdir()
    names = modules(
        tmp_path, "crawl", "web", "-a", "seeds=http://127.0.0.1:9/", "-a", "read=later",
        "-s", "ARCHIVE_MIN_FREE_BYTES=0", "-s", "ARCHIVE_RESERVE_BYTES=0",
    )  # fmt: skip
    assert "crawler.http.client" in names
    unused = (
        "python_socks", "trafilatura", "dateparser", "crawler.spiders.replay", "crawler.maintenance.reindex", "crawler.demo",
        "crawler.archive_files", "crawler.maintenance.repeats", "crawler.processing.interpret",
        "crawler.parsers.classify", "crawler.parsers.document", "crawler.parsers.links", "crawler.parsers.listings",
        "crawler.parsers.template", "crawler.workers.process", "crawler.backfill.numbers", "tqdm",
    )  # fmt: skip
    assert of(names, *unused) == set()


def test_garbage_is_hardly_looked_for_while_the_commands_are_imported() -> None:
    code = (
        "import sys; sys.argv = [sys.argv[1], 'list']; from scrapy import cmdline; import crawler.commands, gc; print(gc.get_threshold())"
    )
    told = [
        subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=True).stdout for name in ("scrapy", "x")
    ]
    assert told[0] == "(50000, 20, 100)\n"
    assert told[1] != told[0], "of our commands, and not of a program that uses them"


def test_a_command_that_works_has_its_garbage_collected(tmp_path: Path) -> None:
    code = (
        "import gc, sys; from crawler.cli import ArchiveCommand; from crawler.garbage import start_quickly\n"
        "class Told(ArchiveCommand):\n"
        "    def execute(self, args, opts):\n"
        "        print(gc.get_threshold())\n"
        "        return 0\n"
        "start_quickly(); Told().run([], None)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout
    assert told == f"{THRESHOLDS}\n"


def test_no_garbage_is_looked_for_at_the_end_of_a_command() -> None:
    code = (
        "import atexit, gc, sys\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 10_000))\n"
        "sys.argv = [sys.argv[1], 'list']\n"
        "from scrapy import cmdline\n"
        "import crawler.commands\n"
    )
    told = [
        subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=True).stdout for name in ("scrapy", "x")
    ]
    assert told == ["True\n", "False\n"], "of our commands, and not of a program that uses them"
