"""Schema of the shared database: made and changed by the product; and what a server that cannot be reached looks like."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from time import monotonic
from urllib.parse import urlsplit

import psycopg
import pytest
from postgres import PASSWORD, PostgresServer, postgres_server

from crawler.cluster import migrations
from crawler.cluster.address import Address
from crawler.cluster.store import PgJobStore
from crawler.errors import SetupError, Unreachable, Usage

SECRETS = (PASSWORD, "s3cr3t")


@pytest.mark.outer
def test_programs_that_start_at_once_make_one_schema(database: str) -> None:
    errors: list[BaseException] = []

    def start() -> None:
        try:
            PgJobStore.open(database).close()
        except BaseException as error:  # noqa: BLE001 - looked at below
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    with psycopg.connect(database) as db:
        found = db.execute("SELECT version, name FROM news_archive.schema_version ORDER BY version").fetchall()
    assert found == [(number, name) for number, name, _ in migrations.migrations()]


@pytest.mark.outer
def test_an_older_schema_is_brought_up_to_date_and_a_newer_one_refused(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = migrations.migrations()
    PgJobStore.open(database).close()
    later = [*known, (known[-1][0] + 1, "later", "CREATE TABLE later (a int)")]
    with monkeypatch.context() as newer:
        newer.setattr(migrations, "migrations", lambda: later)
        PgJobStore.open(database).close()
    with pytest.raises(SetupError) as refused:
        PgJobStore.open(database)
    assert f"its schema has version {later[-1][0]}, this program knows {known[-1][0]}" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert PASSWORD not in str(refused.value)


@pytest.mark.outer
def test_a_migration_that_fails_leaves_the_schema_as_it_was(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PgJobStore.open(database).close()
    known = migrations.migrations()
    with monkeypatch.context() as newer:
        newer.setattr(migrations, "migrations", lambda: [*known, (99, "bad", "CREATE TABLE half (a int); SELECT 1 / 0")])
        with pytest.raises(SetupError, match="division by zero"):
            PgJobStore.open(database)
    PgJobStore.open(database).close()
    with psycopg.connect(database) as db:
        assert db.execute("SELECT to_regclass('news_archive.half')").fetchone() == (None,)


@pytest.mark.outer
def test_a_worker_needs_no_right_to_change_the_schema(postgres: PostgresServer, database: str) -> None:
    """The rights that docs/cluster.md gives are enough for a worker, and not enough for a migration."""
    name = urlsplit(database).path[1:]
    role = f"worker_{name}"
    postgres.run(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'", name)
    address = database.replace("//archive:", f"//{role}:")
    with pytest.raises(SetupError, match="may not change it"):
        PgJobStore.open(address)
    PgJobStore.open(database).close()
    for line in GRANTS:
        postgres.run(line.format(role=role), name)
    store = PgJobStore.open(address)
    assert store.claim("w", 1, lease=5) == []
    store.beat("w", {})
    assert store.jobs() == []
    assert store.push("w", {}, []).kept == 0
    assert store.declare_lost("w") == 0
    store.close()


GRANTS = (
    "GRANT USAGE ON SCHEMA news_archive TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA news_archive TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON news_archive.schema_version FROM {role}",
)


@pytest.mark.outer
def test_each_table_column_and_function_is_described(database: str) -> None:
    PgJobStore.open(database).close()
    undescribed = """
        SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'news_archive'::regnamespace AND c.relkind = 'r'
                AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL)
        UNION ALL SELECT p.proname, NULL FROM pg_proc p
            WHERE p.pronamespace = 'news_archive'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL"""
    with psycopg.connect(database) as db:
        assert db.execute(undescribed).fetchall() == []


@pytest.mark.outer
def test_a_server_that_was_away_is_found_again_and_meanwhile_it_is_said_in_one_line() -> None:
    with postgres_server(durable=True) as server:
        address = server.url()
        store = PgJobStore.open(address)
        server.kill()
        for _ in range(2):
            with pytest.raises(Unreachable) as away:
                store.claim("w", 1, lease=5)
            assert str(away.value).startswith(f"postgresql://archive@127.0.0.1:{server.port}/postgres: cannot be reached: ")
            assert "\n" not in str(away.value)
            assert PASSWORD not in str(away.value)
        with pytest.raises(Unreachable):
            PgJobStore.open(address)
        server.start()
        assert store.claim("w", 1, lease=5) == []
        server.stop()
        server.start()
        assert store.claim("w", 1, lease=5) == [], "a connection that died unnoticed is opened again at once"
        for other, what in ((address.replace(PASSWORD, "s3cr3t"), "password authentication failed"), (f"{address}s3cr3t", "does not exist")):
            with pytest.raises(SetupError, match=what) as wrong:
                PgJobStore.open(other)
            assert PASSWORD not in str(wrong.value)
            assert "s3cr3t" not in str(wrong.value) or other == f"{address}s3cr3t"
        store.close()


@pytest.mark.outer
def test_a_server_that_is_too_old_is_refused(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "_OLDEST", 990000)
    with pytest.raises(SetupError, match=r"PostgreSQL 1\d; 15 or newer is needed"):
        PgJobStore.open(database)


@pytest.mark.outer
def test_a_server_that_stands_still_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.cluster.database.ANSWER_SECONDS", 1.0)
    with postgres_server() as server, closing(PgJobStore.open(server.url())) as store:
        assert store.claim("w", 1, lease=5) == []
        with ThreadPoolExecutor(1) as other, server.stopped():
            began = monotonic()
            with pytest.raises(Unreachable, match="no answer in 1 seconds"):
                other.submit(store.claim, "w", 1, lease=5).result(20)  # or it would wait here for ever, too
            with pytest.raises(Unreachable, match="timeout"):
                store.claim("w", 1, lease=5)
            assert monotonic() - began < 15
        assert store.claim("w", 1, lease=5) == [], "it goes on when the server does"


@pytest.mark.parametrize(
    "address",
    ["postgresql://u:s3cr3t@h:nan/db", "postgresql://u:s3cr3t@[::1/db", "postgresql://u:a/s3cr3t@h/db", "postgresql://h/db?password=s3cr3t&nonsense=1", "postgres://u:s3cr3t%zz@h/db", "postgresql://u:s3cr3t@h/db?sslmode=never"],
)  # fmt: skip
def test_an_address_that_means_nothing_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises((Usage, SetupError, Unreachable)) as refused:
        PgJobStore.open(address)
    assert "s3cr3t" not in str(refused.value) + repr(Address(address))


def test_a_short_password_is_taken_out_of_messages_and_leaves_their_words() -> None:
    assert Address("postgresql://u:p@h/db").cleaned("port 9 failed: //u:p@h password=p") == "port 9 failed: //u:***@h password=***"
    assert Address("postgresql://u:s3cr3t@h/db").cleaned("xs3cr3tx") == "x***x"


def test_an_address_is_shown_without_what_is_secret() -> None:
    shown = Address("postgresql://u:s3cr3t@h1:1,h2:2/db?sslmode=require&password=s3cr3t&sslpassword=s3cr3t&target_session_attrs=read-write").shown
    assert shown == "postgresql://u@h1:1,h2:2/db?sslmode=require&target_session_attrs=read-write"
    assert Address("postgresql:///db?host=/run/postgresql").shown == "postgresql:///db"
