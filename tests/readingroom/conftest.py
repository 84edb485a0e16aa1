"""The room in this process: no socket, Datasette's own test client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from crawler.readingroom.database import left_as_found
from crawler.readingroom.server import reading_room

Room = Callable[..., Any]


@pytest.fixture
def room() -> Iterator[Room]:
    """Make a room of collections; `await room(path).client.get("/")`."""
    with ExitStack() as stack:

        def make(*paths: Path, **options: Any) -> Any:
            datasette = reading_room(paths, **options)
            stack.enter_context(left_as_found(datasette))
            return datasette

        yield make
