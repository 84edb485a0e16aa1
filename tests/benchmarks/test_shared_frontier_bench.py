"""The benchmark of the shared frontier runs, and says what it measured."""

from __future__ import annotations

import pytest
from postgres import PostgresServer

from benchmarks.shared_frontier import main


@pytest.mark.outer
def test_a_short_run_goes_through(postgres: PostgresServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([postgres.new_database(), "--rows", "600", "--lanes", "60", "--settled", "200", "--claims", "20"]) == 0
    said = capsys.readouterr().out
    for step in ("claim a lane", "renew 20 lanes", "settle rows", "find addresses", "stays open"):
        assert step in said
