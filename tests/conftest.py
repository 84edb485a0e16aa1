"""What the tests share: commands run as a user runs them, the Press TV stand-in, and tools from outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from stands import ROOT, SHARED, Mirrors, Scrapy, outer

# The suite tries the same examples each time; looking for new ones is `tests/wire/fuzz.py`'s business.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")


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
