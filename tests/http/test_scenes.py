"""Each scene, played against the client: what came is kept byte for byte, what is wrong is said, and the next answer is the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from fault_server import GOOD, FaultServer, Scene, scenes, unescape

from crawler.errors import FetchFailed
from crawler.http.address_guard import Guard, parse_addresses
from crawler.http.client import Client
from crawler.http.options import Limits
from crawler.items import Exchange


@pytest.fixture
async def client(server: FaultServer) -> AsyncIterator[Client]:
    made = Client(
        limits=Limits(connect=2, idle=0.15, total=2, head_bytes=100_000, interim=8, framing_bytes=20_000),
        guard=Guard(exempt=parse_addresses(f"127.0.0.1:{server.port}")),
    )
    yield made
    await made.close()


async def ask(client: Client, url: str) -> tuple[Exchange | None, str | None]:
    try:
        return await client.fetch(url, max_bytes=2000), None
    except FetchFailed as failure:
        return failure.exchange, failure.reason


def check_bytes(scene: Scene, exchange: Exchange) -> None:
    sent = b"".join(scene.bytes_of("send", "repeat"))
    received = exchange.response.read()
    assert received == sent or ("prefix" in scene.expected and sent.startswith(received) and len(received) > 100)
    assert list(exchange.interim) == scene.bytes_of("interim")
    if "payload" in scene.expected:
        assert exchange.payload.read() == unescape(scene.expected["payload"])
    if "payload-bytes" in scene.expected:
        assert len(exchange.payload) == int(scene.expected["payload-bytes"])


def check_words(scene: Scene, exchange: Exchange) -> None:
    expected = scene.expected
    assert exchange.truncated == expected.get("truncated")
    if "problem" in expected:
        assert exchange.problem == expected["problem"]
    elif "reused" in expected:
        assert exchange.problem is None
    if "maybe-surplus" in expected:
        assert exchange.problem is None or "surplus" in exchange.problem
    if "status" in expected:
        assert exchange.status == int(expected["status"])
    assert exchange.protocol == expected.get("protocol", exchange.protocol)
    if "headers" in expected:
        assert len(exchange.headers) == int(expected["headers"])
    assert exchange.headers.first(expected.get("no-header", "x-never")) is None


@pytest.mark.parametrize("scene", scenes().values(), ids=lambda scene: scene.name)
async def test_scene(scene: Scene, client: Client, server: FaultServer) -> None:
    exchange, reason = await ask(client, f"{server.url}/{scene.name}")
    assert reason == scene.expected.get("reason")
    assert (exchange is None) == ("nothing" in scene.expected)
    if exchange is not None:
        assert exchange.request == server.requests[0]
        check_bytes(scene, exchange)
        check_words(scene, exchange)

    await asyncio.sleep(float(scene.expected.get("pause", 0)))
    after, reason = await ask(client, f"{server.url}/after")
    assert reason is None
    assert after is not None
    assert after.response.read() == GOOD
    assert server.connections == (1 if "reused" in scene.expected else 2)
