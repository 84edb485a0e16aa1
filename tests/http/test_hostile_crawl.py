"""A few of the shared hostile server's traps through whole crawls; `hostile_crawl.py` runs them all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile_crawl import SERVER, Server, crawl
from test_hostile import free_ports

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not SERVER.exists(), reason="the shared hostile server is not here")]


@pytest.fixture(scope="module")
def hostile() -> Server:
    server = Server(free_ports(10))
    yield server
    server.close()


@pytest.mark.parametrize(
    "name", ["short-body-rst", "links-private", "sitemap-foreign", "html-log", "redirect-peer", "robots:private-redirect"]
)
def test_trap(hostile: Server, tmp_path: Path, name: str) -> None:
    result = crawl(hostile, name, tmp_path)
    assert result["wrong"] == []
    assert result["code"] in (0, 10)
