"""The collection that `scrapy demo` and a second, incremental one leave, made once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from stands import Scrapy


@pytest.fixture(scope="session")
def demo_archives(demo_copy: Callable[[Path], Scrapy], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ARCHIVE_DIR with the collection `demo`; only to be read."""
    scrapy = demo_copy(tmp_path_factory.mktemp("kept") / "archives")
    assert not scrapy("demo", "--keep").stderr
    return scrapy.archives
