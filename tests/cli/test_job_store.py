"""Which job store the settings name."""

import sys
from pathlib import Path

import attrs
import pytest
from scrapy.settings import Settings

from crawler.cli.job_store import open_store
from crawler.errors import SetupError, WriteFailed
from crawler.jobs.options import WorkOptions
from crawler.jobs.sqlite_store import SqliteJobStore

OPTIONS = WorkOptions.of(Settings({"ARCHIVE_LEASE_SECONDS": 60, "ARCHIVE_WORK_LANES": 1}))


def test_without_a_frontier_the_store_is_a_file_in_the_archive(tmp_path: Path) -> None:
    store = open_store(OPTIONS, tmp_path / "archives")
    assert isinstance(store, SqliteJobStore)
    assert not store.shared
    assert store.path == tmp_path / "archives" / "jobs.db"
    assert store.path.exists()
    store.close()


def test_who_only_looks_makes_no_file(tmp_path: Path) -> None:
    store = open_store(OPTIONS, tmp_path / "archives", create=False)
    assert store.jobs() == []
    assert not (tmp_path / "archives").exists()
    store.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "archives").write_text("")
    with pytest.raises(WriteFailed, match="cannot write: Not a directory"):
        open_store(OPTIONS, tmp_path / "archives" / "deeper")


def test_postgresql_without_its_extra_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for name in [name for name in sys.modules if name.startswith("crawler.cluster")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SetupError, match=r"psycopg.*pip install 'news-archive-crawler\[cluster\]'") as caught:
        open_store(attrs.evolve(OPTIONS, frontier="postgresql://db/frontier"), tmp_path)
    assert "\n" not in str(caught.value)
