"""The version of the readers: it changes with whatever decides a reading, and with nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import evolve, fields
from played import crawl, rows, said

import crawler
from crawler import __version__
from crawler.index import reader_version
from crawler.index.reader_version import SOURCES
from crawler.parsers.limits import ReadLimits
from crawler.sites import load_sites
from crawler.sites.known import DEMO_SITES

HOUSE = Path(crawler.__file__).parent
NO_READERS = ("crawler", "crawler.index.reader_version", "crawler.sites", "crawler.sites.abendblatt", "crawler.sites.presstv", "crawler.wire", "crawler.demo")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package's sources, to be edited."""
    copy = Path(shutil.copytree(HOUSE, tmp_path / "crawler", ignore=shutil.ignore_patterns("fixtures", "__pycache__")))
    monkeypatch.setattr(reader_version, "_HOUSE", copy)
    return copy


def version(site: Path | None = None, limits: ReadLimits | None = None) -> str:
    for one in (reader_version._of_package, reader_version._of_site, reader_version.reader_version):
        one.cache_clear()
    return reader_version.reader_version(site, limits)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    version()


def edit(path: Path) -> None:
    path.write_text(path.read_text() + "\n# edited\n")


def test_it_names_version_and_digest(house: Path) -> None:
    number, _, digits = version().partition("+")
    assert (number, len(digits), int(digits, 16) >= 0) == (__version__, 8, True)
    assert version() == version()
    assert version(None, ReadLimits()) == version()


@pytest.mark.parametrize("name", ["parsers/document/page.py", "processing/interpret.py", "crawl/cut_answers.py", "sites/site.py", "urls/keys.py", "index/beginnings.py", "archive_files/captures.py"])
def test_an_edited_source_makes_another(house: Path, name: str) -> None:
    before = version()
    edit(house / name)
    assert version() != before


def test_so_does_a_source_more_and_one_renamed(house: Path) -> None:
    before = version()
    (house / "parsers" / "another.py").write_text("")
    more = version()
    (house / "parsers" / "another.py").rename(house / "parsers" / "other.py")
    assert len({before, more, version()}) == 3


@pytest.mark.parametrize("name", ["crawl/report.py", "crawl/config.py", "spiders/site.py", "commands/verify.py", "sites/presstv.py"])
def test_what_reads_nothing_does_not(house: Path, name: str) -> None:
    before = version()
    edit(house / name)
    assert version() == before


@pytest.mark.parametrize("limit", fields(ReadLimits), ids=lambda one: one.name)
def test_each_limit_of_reading_counts(limit: object) -> None:
    name = limit.name  # type: ignore[attr-defined]
    assert version(None, evolve(ReadLimits(), **{name: 7})) != version()


@pytest.mark.parametrize("change", [
    lambda folder: edit(folder / "courier.py"), lambda folder: (folder / "_words.py").write_text("x"), lambda folder: (folder / "courier.py").unlink(),
])  # fmt: skip
def test_the_own_site_file_counts(tmp_path: Path, change: Callable[[Path], object]) -> None:
    site = Path(shutil.copy(DEMO_SITES / "courier.py", tmp_path))
    before, none = version(site), version()
    (tmp_path / "other.py").write_text("x = 1")
    assert version(site) == before != none
    change(tmp_path)
    assert version(site) != before


def test_a_library_of_another_version_makes_another(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version()
    monkeypatch.setattr(reader_version.metadata, "version", lambda name: "99")
    assert version() != before


def test_without_sources_there_is_the_version_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_version, "_HOUSE", tmp_path)
    assert version() == version(DEMO_SITES / "courier.py") == __version__


def test_a_site_knows_its_file() -> None:
    assert load_sites([DEMO_SITES])["courier"].file == DEMO_SITES / "courier.py"
    assert load_sites()["presstv"].file == HOUSE / "sites" / "presstv.py"


def test_whatever_reading_imports_is_among_the_sources() -> None:
    told = "import sys, crawler.processing.interpret; print(*[m for m in sys.modules if m.startswith('crawler')])"
    names = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()
    files = {name: name.replace(".", "/").removeprefix("crawler/") for name in names if name not in NO_READERS}
    known = [name.removesuffix(".py") for name in SOURCES]
    assert [name for name, file in files.items() if not any(file == one or file.startswith(f"{one}/") or one.startswith(f"{file}/") for one in known)] == []


def test_nothing_is_digested_before_it_is_needed() -> None:
    told = "import crawler.crawl.config, crawler.index.reader_version as r; print(r.reader_version.cache_info().currsize, r._of_package.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split() == ["0", "0"]


def test_captures_and_versions_tell_it(tmp_path: Path) -> None:
    path = crawl(tmp_path / "web", [said("/a"), said("/gone", status=404), said("/none", status=0, reason="dns"), said("/cut", reason="disconnect", truncated="disconnect")])
    assert rows(path, "SELECT DISTINCT reader_version FROM captures UNION SELECT reader_version FROM versions") == [(version(),)]
