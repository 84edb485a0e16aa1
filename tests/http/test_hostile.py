"""The shared hostile server's traps, straight at the client: nothing crashes, what was cut is kept, honest pages are whole."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crawler.errors import REASONS, FetchFailed
from crawler.http.address_guard import Guard, parse_addresses
from crawler.http.client import Client
from crawler.http.options import Limits
from crawler.http.tls import TlsContexts
from crawler.items import Exchange

SERVER = Path(__file__).parents[2].parent / "shared" / "eval" / "hostile_server.py"
PAGE = 2 * 1024 * 1024
# Traps of what a page says rather than of how it is sent; the rooms that read pages have their own tests.
SKIPPED = {"html", "crawl", "xml"}
# The server stands still while it makes its big gzip bombs; the wire, which never inflates, sees nothing in them.
SLOW = {"gzip-bomb", "gzip-bomb-10g", "gzip-bomb-html"}
# Signed by nobody: only to be had where bad certificates are recorded.
UNSIGNED = {"tls-self-signed", "tls-cut"}
# Expected of a whole crawler: the wire's part is that an exchange exists.
ANSWERED = {"capture", "capture-raw", "inert", "no-leak", "refuse", "bounded"}
# A wire that gives up must have a reason; 1 MiB heads and the like may be kept or refused.
NO_CONNECTION = {
    "dns-fail": "dns",
    "refused": "connect",
    "tls-plain": "tls",
    "tls-hang": "timeout",
    "tls-expired": "tls",
    "tls-wrong-name": "tls",
}

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not SERVER.exists(), reason="the shared hostile server is not here")]


def free_ports(count: int) -> int:
    """The first of so many free ports in a row."""
    for base in range(20_000 + os.getpid() % 100 * 97, 32_000, 10):
        sockets = []
        try:
            for port in range(base, base + count):
                sockets.append(socket.socket())
                sockets[-1].bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
        finally:
            for sock in sockets:
                sock.close()
    raise AssertionError("no free ports")


@pytest.fixture
async def base() -> AsyncIterator[int]:
    for _ in range(3):  # somebody else may take the ports between the look and the start
        port = free_ports(10)
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(SERVER), "--port", str(port), "--max-stream-mb", "64", "--max-seconds", "20", stdout=asyncio.subprocess.PIPE
        )
        if line := await process.stdout.readline():
            break
        await process.wait()
    assert json.loads(line)["ready"]
    yield port
    process.terminate()
    await process.wait()


def client_for(base: int, mode: str) -> Client:
    allowed = [f"127.0.0.1:{base}", f"127.0.0.3:{base + 1}", *(f"127.0.0.1:{base + n}" for n in range(3, 10))]
    limits = Limits(connect=2, idle=0.7, total=2.5)
    return Client(limits=limits, guard=Guard(exempt=parse_addresses(allowed)), trust=TlsContexts(mode=mode))


@pytest.fixture
async def client(base: int) -> AsyncIterator[Client]:
    made = client_for(base, "verify")
    yield made
    await made.close()


@pytest.fixture
async def lenient(base: int) -> AsyncIterator[Client]:
    made = client_for(base, "record")
    yield made
    await made.close()


async def fetch(client: Client, url: str, max_bytes: int = PAGE) -> tuple[Exchange | None, str | None]:
    try:
        return await client.fetch(url, headers=[("Accept-Encoding", "gzip")], max_bytes=max_bytes), None
    except FetchFailed as failure:
        assert failure.reason in REASONS  # noqa: PT017 - either way is right
        return failure.exchange, failure.reason


def verdict(trap: dict[str, str], exchange: Exchange | None, reason: str | None) -> str | None:
    """What is wrong, or None."""
    name, expect = trap["name"], trap["expect"]
    if name in NO_CONNECTION:
        return None if (reason, exchange) == (NO_CONNECTION[name], None) else f"reason {reason}"
    if exchange is not None and (said := exchange.headers.first("X-Body-SHA256")) and not exchange.truncated:
        digest = hashlib.sha256(b"".join(exchange.payload.chunks())).hexdigest()
        if said != digest:
            return "the payload is not what was sent"
    if expect == "truncated":
        return None if exchange is not None and exchange.truncated and len(exchange.payload) else "no bytes kept"
    if expect == "capture":
        return None if exchange is not None and reason in (None, "too-large") else f"refused: {reason}"
    if expect in ANSWERED:
        return None if exchange is not None and len(exchange.response) else "nothing kept"
    return None


async def check_canary(client: Client, base: int) -> None:
    """No way of writing a private address reaches the service behind it."""
    for url in (
        f"http://127.0.0.2:{base + 2}/",
        f"http://127.0.0.1:{base + 2}/",
        f"http://localhost:{base + 2}/",
        f"http://2130706434:{base + 2}/",
    ):
        exchange, reason = await fetch(client, url)
        assert exchange is None
        assert reason in ("guard", "bad-url")
    seen, _ = await fetch(client, f"http://127.0.0.1:{base}/control/canary")
    assert seen is not None
    assert json.loads(seen.payload.read()) == []


async def test_traps(client: Client, lenient: Client, base: int) -> None:
    catalogue, _ = await fetch(client, f"http://127.0.0.1:{base}/control/traps")
    assert catalogue is not None
    traps = [trap for trap in json.loads(catalogue.payload.read()) if trap["category"] not in SKIPPED and trap["name"] not in SLOW]
    assert len(traps) > 80
    gate = asyncio.Semaphore(12)

    async def one(trap: dict[str, str]) -> str | None:
        async with gate:
            url = trap["url"].replace(f"127.0.0.1:{base + 1}/", f"127.0.0.3:{base + 1}/")
            exchange, reason = await fetch(lenient if trap["name"] in UNSIGNED else client, url)
            wrong = verdict(trap, exchange, reason)
            return f"{trap['name']}: {wrong}" if wrong else None

    wrong = [line for line in await asyncio.gather(*map(one, traps)) if line]
    assert wrong == []
    after = await asyncio.gather(*(fetch(client, f"http://127.0.0.1:{base}/good/{n}") for n in range(20)))
    for exchange, reason in after:
        assert reason is None
        assert exchange is not None
        assert exchange.problem is None
        assert exchange.headers.first("X-Body-SHA256") == hashlib.sha256(exchange.payload.read()).hexdigest()
    await check_canary(client, base)
