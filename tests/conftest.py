"""What the tests share: commands run as a user runs them, the Press TV stand-in, and tools from outside."""

import shutil
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from postgres import PostgresServer, postgres_server
from rooms import Room
from s3_store import moto_server, spoiled, store  # noqa: F401 - fixtures
from stands import ROOT, SHARED, Mirrors, Scrapy, outer

# The suite tries the same examples each time; looking for new ones is `tests/http/fuzz.py`'s business.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a packed value by its length: gzip holds the second in which it was made, and every process has to name a test alike."""
    return f"{len(val)} bytes of gzip" if isinstance(val, bytes) and b"\x1f\x8b\x08" in val else None


SLOW_ROOMS = ("demo", "outer", "year", "durability")
"""Folders of whole crawls and killed processes: the last to run, in this order."""
WHOLE_RUNS = frozenset({"scrapy", "_demo", "mirrors", "_mirrors"})
"""Fixtures that start `scrapy` or a server as a process: a second and more for each test."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark slow tests and put them last; within a room the order stays.

    A fault shows in the first minute so; `-m "not slow"` runs the fast tests alone.
    """
    for item in items:
        if item.path.parent.name in SLOW_ROOMS or WHOLE_RUNS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    items.sort(key=_turn)


MEASURED_ROOMS = ("backfill", "cluster", "commands", "crawl", "demo", "gathering", "housekeeping", "interchange", "jobs", "maintenance", "monitoring", "playback", "proofs", "readingroom", "rereading", "roomframe", "spiders", "storage", "work")
"""Rooms whose `scrapy` processes count for coverage: measuring costs them half as much time again, and the others add no line."""
_MEASURE = "COVERAGE_PROCESS_START"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Leave processes unmeasured that tests of other rooms start; this process is measured always."""
    with pytest.MonkeyPatch.context() as patch:
        if item.path.parent.name not in MEASURED_ROOMS:
            patch.delenv(_MEASURE, raising=False)
        return (yield)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was left out, a line for each reason; samples that no stranger has in one line."""
    reasons = Counter[str]()
    for report in terminalreporter.stats.get("skipped", ()):
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons["pages of real newspapers are not part of the project" if "shared" in text else text.removeprefix("Skipped: ")] += 1
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"left out: {count} test{'s' * (count != 1)}: {reason}")


def _turn(item: pytest.Item) -> int:
    """Return 0 for a fast test, more for a slow one."""
    if item.get_closest_marker("slow") is None:
        return 0
    room = item.path.parent.name
    return 2 + SLOW_ROOMS.index(room) if room in SLOW_ROOMS else 1


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
def _demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ARCHIVE_DIR in which `scrapy demo` has run once for all tests; nobody changes it."""
    scrapy = Scrapy(tmp_path_factory.mktemp("demo") / "archives")
    done = scrapy("demo")
    assert "COMPLETE (exit code 0)" in done.stdout
    assert "no fault" in done.stdout
    return scrapy.archives


@pytest.fixture(scope="session")
def demo_copy(_demo: Path) -> Callable[[Path], Scrapy]:
    """Copies that ARCHIVE_DIR to a folder, and gives the command line over it."""

    def copy(folder: Path) -> Scrapy:
        shutil.copytree(_demo, folder, symlinks=True)
        return Scrapy(folder)

    return copy


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
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for all tests that do not kill it, without fsync."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def database(postgres: PostgresServer) -> str:
    """The address of an empty database, as ARCHIVE_FRONTIER takes it."""
    return postgres.new_database()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's Chromium."""
    return outer("chromium")


@pytest.fixture(scope="session")
def wayback() -> str:
    """pywb, in an environment of its own."""
    return outer("wayback", ROOT / ".venv-pywb" / "bin" / "wayback")


@pytest.fixture
def room() -> Iterator[Room]:
    """Make a reading room of collections in this process: `await room(path).client.get("/")`."""
    from crawler.readingroom.server import reading_room
    from crawler.roomframe.database import left_as_found

    with ExitStack() as stack:

        def make(*paths: Path, **options: Any) -> Any:
            datasette = reading_room(paths, **options)
            stack.enter_context(left_as_found(datasette))
            return datasette

        yield make
