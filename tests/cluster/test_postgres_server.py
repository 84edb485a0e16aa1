"""The server that tests of the shared frontier start."""

import psycopg
import pytest
from postgres import PostgresServer, postgres_server

pytestmark = pytest.mark.outer


def test_databases_are_apart(postgres: PostgresServer) -> None:
    one, other = postgres.new_database(), postgres.new_database()
    with psycopg.connect(one) as db:
        db.execute("CREATE TABLE t (a int)")
    with psycopg.connect(other) as db:
        assert db.execute("SELECT to_regclass('t')").fetchone() == (None,)
    assert int(postgres.run("SHOW server_version_num")) >= 150000


def test_what_was_committed_outlives_a_kill() -> None:
    with postgres_server(durable=True) as server:
        with psycopg.connect(server.url(), autocommit=True) as db:
            db.execute("CREATE TABLE t (a int)")
            db.execute("INSERT INTO t VALUES (7)")
            server.kill()
        server.start()
        assert server.run("SELECT a FROM t") == "7"
        assert server.processor_seconds() >= 0
    assert not server.folder.exists()
