"""What the tests share: commands run as a user runs them, the Press TV stand-in, and tools from outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from stands import ROOT, SHARED, Mirrors, Scrapy, outer

# The suite tries the same examples each time; looking for new ones is `tests/wire/fuzz.py`'s business.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")


SLOW_ROOMS = ("demo", "outer", "durability")
"""Folders whose tests take longest: they come last, in this order, so that a fault elsewhere shows in the first minute."""
SLOW_FILES = ("test_hostile", "test_hostile_crawl", "test_strange_pages")
"""The same in folders that are quick otherwise."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put whole crawls of many and killed processes behind everything else; within a room the order stays."""
    items.sort(key=_slowness)


def _slowness(item: pytest.Item) -> int:
    room, stem = item.path.parent.name, item.path.stem
    if room in SLOW_ROOMS:
        return 2 + SLOW_ROOMS.index(room)
    return 1 if stem in SLOW_FILES or "scrapy" in getattr(item, "fixturenames", ()) or "mirrors" in getattr(item, "fixturenames", ()) else 0


@pytest.fixture(scope="session")
def shared() -> Path:
    """Other people's samples; absent on a user's machine."""
    if not (SHARED / "eval" / "presstv_mirrors.py").exists():
        pytest.skip("../shared (sample pages and test servers) is not on this machine")
    return SHARED


@pytest.fixture
def scrapy(tmp_path: Path) -> Scrapy:
    """A `scrapy` command line over an empty ARCHIVE_DIR."""
    return Scrapy(tmp_path / "archives")


@pytest.fixture(scope="session")
def _mirrors(shared: Path) -> Iterator[Mirrors]:
    mirrors = Mirrors(shared)
    yield mirrors
    mirrors.close()


@pytest.fixture
def mirrors(_mirrors: Mirrors) -> Mirrors:
    """The stand-in as at its start."""
    _mirrors.control("reset")
    return _mirrors


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's Chromium."""
    return outer("chromium")


@pytest.fixture(scope="session")
def wayback() -> str:
    """pywb, in an environment of its own."""
    return outer("wayback", ROOT / ".venv-pywb" / "bin" / "wayback")
