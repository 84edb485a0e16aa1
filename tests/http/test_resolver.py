"""Host names to addresses: what is asked again, what is asked once, what is told, and the words of a failure."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from crawler.errors import FetchFailed
from crawler.http import resolver as module
from crawler.http.resolver import CachedResolver


class Names:
    """A name server of a table: a list of addresses, or an error."""

    def __init__(self, **table: list[str] | OSError) -> None:
        self.table = {name.replace("_", "."): answer for name, answer in table.items()}
        self.asked: list[tuple[str, int]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        await self.open.wait()
        answer = self.table.get(host, [])
        if isinstance(answer, OSError):
            raise answer
        return answer


Made = Callable[..., tuple[CachedResolver, Names]]


@pytest.fixture
async def made() -> AsyncIterator[Made]:
    open_ones: list[CachedResolver] = []

    def make(**table: list[str] | OSError) -> tuple[CachedResolver, Names]:
        names = Names(**table)
        open_ones.append(CachedResolver(resolver=names))
        return open_ones[-1], names

    yield make
    for one in open_ones:
        one.close()


def texts(addresses: Sequence[object]) -> list[str]:
    return [str(address) for address in addresses]


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7", "::1"])
async def test_an_address_is_its_own_answer_and_nobody_is_asked(made: Made, host: str) -> None:
    resolver, names = made()
    assert texts(await resolver.addresses(host, 80)) == [host]
    assert names.asked == []
    assert resolver.made() == []


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (["192.0.2.7"], ["192.0.2.7"]),
        (["2001:db8::7", "192.0.2.7"], ["2001:db8::7", "192.0.2.7"]),
        (["192.0.2.7", "192.0.2.7", "192.0.2.8"], ["192.0.2.7", "192.0.2.8"]),
        (["no address", "192.0.2.7"], ["192.0.2.7"]),
    ],
)
async def test_addresses_keep_their_order_each_once(made: Made, answer: list[str], found: list[str]) -> None:
    resolver, _ = made(a_example=answer)
    assert texts(await resolver.addresses("a.example", 80)) == found


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([], "a.example: no address"),
        (["nonsense"], "a.example: no address"),
        (socket.gaierror(-2, "Name or service not known"), "a.example: Name or service not known"),
        (OSError("told in words only"), "a.example: told in words only"),
        (ConnectionRefusedError(111, "Connection refused"), "a.example: Connection refused"),
    ],
)
async def test_a_failure_names_the_host_and_the_reason(made: Made, answer: list[str] | OSError, words: str) -> None:
    resolver, _ = made(a_example=answer)
    with pytest.raises(FetchFailed) as caught:
        await resolver.addresses("a.example", 80)
    assert (caught.value.reason, caught.value.detail) == ("dns", words)
    assert resolver.made() == []


async def test_a_name_is_asked_once_a_minute_and_port(made: Made) -> None:
    resolver, names = made(a_example=["192.0.2.7"], b_example=["192.0.2.8"])
    for _ in range(3):
        await resolver.addresses("a.example", 80)
        await resolver.addresses("b.example", 80)
    await resolver.addresses("a.example", 443)
    assert names.asked == [("a.example", 80), ("b.example", 80), ("a.example", 443)]


async def test_an_answer_grows_old(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEEP_SECONDS", -1.0)
    resolver, names = made(a_example=["192.0.2.7"])
    await resolver.addresses("a.example", 80)
    names.table["a.example"] = ["192.0.2.9"]
    assert texts(await resolver.addresses("a.example", 80)) == ["192.0.2.9"]


async def test_a_failed_look_up_is_not_kept(made: Made) -> None:
    resolver, names = made(a_example=OSError("not now"))
    with pytest.raises(FetchFailed):
        await resolver.addresses("a.example", 80)
    names.table["a.example"] = ["192.0.2.7"]
    assert texts(await resolver.addresses("a.example", 80)) == ["192.0.2.7"]


async def test_who_asks_at_the_same_time_shares_one_look_up(made: Made) -> None:
    resolver, names = made(a_example=["192.0.2.7"])
    names.open.clear()
    asking = [asyncio.create_task(resolver.addresses("a.example", 80)) for _ in range(5)]
    await asyncio.sleep(0)
    names.open.set()
    assert [texts(found) for found in await asyncio.gather(*asking)] == [["192.0.2.7"]] * 5
    assert len(names.asked) == 1


async def test_one_who_gives_up_does_not_take_the_answer_from_the_others(made: Made) -> None:
    resolver, names = made(a_example=["192.0.2.7"])
    names.open.clear()
    first = asyncio.create_task(resolver.addresses("a.example", 80))
    second = asyncio.create_task(resolver.addresses("a.example", 80))
    await asyncio.sleep(0)
    first.cancel()
    names.open.set()
    assert texts(await second) == ["192.0.2.7"]
    assert first.cancelled() or first.cancelling()
    assert len(names.asked) == 1


async def test_the_memory_of_names_is_bounded(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_NAMES", 2)
    resolver, names = made(a_example=["192.0.2.1"], b_example=["192.0.2.2"], c_example=["192.0.2.3"])
    for host in ("a.example", "b.example", "c.example", "c.example", "a.example"):
        await resolver.addresses(host, 80)
    assert [host for host, _ in names.asked] == ["a.example", "b.example", "c.example", "a.example"]


async def test_a_look_up_is_told_when_its_addresses_are_new(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEEP_SECONDS", -1.0)
    resolver, names = made(a_example=["192.0.2.7", "192.0.2.8"])
    await resolver.addresses("a.example", 80)
    (told,) = resolver.made()
    assert (told.host, told.addresses) == ("a.example", ("192.0.2.7", "192.0.2.8"))
    names.table["a.example"] = ["192.0.2.8", "192.0.2.7"]
    await resolver.addresses("a.example", 80)
    assert resolver.made() == []  # the same addresses in another order
    names.table["a.example"] = ["192.0.2.9"]
    await resolver.addresses("a.example", 80)
    assert [lookup.addresses for lookup in resolver.made()] == [("192.0.2.9",)]
    assert resolver.made() == []


async def test_the_memory_of_what_was_told_is_bounded(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEEP_SECONDS", -1.0)
    monkeypatch.setattr(module, "MAX_TOLD", 1)
    resolver, _ = made(a_example=["192.0.2.1"], b_example=["192.0.2.2"])
    for host in ("a.example", "b.example", "a.example"):
        await resolver.addresses(host, 80)
    assert [lookup.host for lookup in resolver.made()] == ["a.example", "b.example", "a.example"]


async def test_closing_ends_what_is_pending(made: Made) -> None:
    resolver, names = made(a_example=["192.0.2.7"])
    names.open.clear()
    asking = asyncio.create_task(resolver.addresses("a.example", 80))
    await asyncio.sleep(0)
    resolver.close()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_the_system_knows_this_machine() -> None:
    resolver = CachedResolver()
    try:
        assert set(texts(await resolver.addresses("localhost", 80))) <= {"127.0.0.1", "::1"}
    finally:
        resolver.close()
