"""The collection that `scrapy demo` and a second, incremental one leave, made once."""

from pathlib import Path

import pytest
from stands import Scrapy


@pytest.fixture(scope="session")
def demo_archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ARCHIVE_DIR with the collection `demo`; only to be read."""
    scrapy = Scrapy(tmp_path_factory.mktemp("demo") / "archives")
    scrapy("demo")
    scrapy("demo", "--keep")
    return scrapy.archives
