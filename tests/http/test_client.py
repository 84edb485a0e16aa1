"""What the client sends, keeps and connects to."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from fault_server import GOOD, FaultServer, fault_server

from crawler.errors import FetchFailed, OutOfFiles, SetupError, WriteFailed
from crawler.http.address_guard import Guard, parse_addresses, parse_connect_to
from crawler.http.client import Client
from crawler.http.connection import Connection
from crawler.http.options import Limits
from crawler.http.tls import TlsContexts

QUICK = Limits(connect=2, idle=0.3, total=5)


@asynccontextmanager
async def client_for(*servers: FaultServer, **options) -> AsyncIterator[Client]:
    """A client that may connect to these servers."""
    exempt = frozenset().union(*(parse_addresses(f"127.0.0.1:{server.port}") for server in servers))
    client = Client(**({"limits": QUICK, "guard": Guard(exempt=exempt)} | options))
    try:
        yield client
    finally:
        await client.close()


async def fails(client: Client, url: str, **options) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        await client.fetch(url, **({"max_bytes": 1000} | options))
    return caught.value


async def test_request_is_sent_as_given(server: FaultServer) -> None:
    headers = [("x-lower", "1"), ("X-UPPER", "caf\xe9"), ("x-lower", "2"), ("Accept", "*/*")]
    async with client_for(server) as client:
        exchange = await client.fetch(f"{server.url}/a//b/%7Ec?q=1&&x=%20#fragment", headers=headers, max_bytes=100)
    assert exchange.request == server.requests[0]
    assert exchange.request == (
        f"GET /a//b/%7Ec?q=1&&x=%20 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nx-lower: 1\r\nX-UPPER: caf\xe9\r\n"
        "x-lower: 2\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n"
    ).encode("latin-1")
    assert exchange.url == f"{server.url}/a//b/%7Ec?q=1&&x=%20"
    assert (exchange.ip, exchange.port) == ("127.0.0.1", server.port)
    assert exchange.started.utcoffset() == exchange.ended.utcoffset() == exchange.started - exchange.started
    assert exchange.started <= exchange.ended


@pytest.mark.parametrize(
    "header", [("X-A", "1\r\nX-B: 2"), ("X-A", "1\rX-B: 2"), ("X A", "1"), ("", "1"), ("X-A", "\0"), ("X-A", "\u0660")]
)
async def test_header_that_would_be_two_is_refused(server: FaultServer, header: tuple[str, str]) -> None:
    async with client_for(server) as client:
        failure = await fails(client, server.url, headers=[header])
    assert failure.reason == "bad-url"
    assert server.connections == 0


async def test_head_has_no_body(server: FaultServer) -> None:
    async with client_for(server) as client:
        exchange = await client.fetch(f"{server.url}/wants-close", method="HEAD", max_bytes=100)
    assert exchange.payload.read() == b""
    assert exchange.problem is None or "surplus" in exchange.problem


async def test_connection_is_kept_and_left_when_dead(server: FaultServer) -> None:
    async with client_for(server) as client:
        for _ in range(3):
            await client.fetch(f"{server.url}/x", max_bytes=100)
        assert server.connections == 1
        server.hang_up()
        await asyncio.sleep(0.02)
        exchange = await client.fetch(f"{server.url}/x", max_bytes=100)
    assert exchange.payload.read() == b"good"
    assert server.connections == 2
    assert len(server.requests) == 4


@pytest.mark.parametrize("kept", [False, True], ids=["fresh", "kept"])
async def test_an_answer_that_lies_there_when_a_halted_process_goes_on_is_taken(kept: bool) -> None:
    # A process that is stopped or starved for longer than its deadline finds answer and deadline in one turn of the loop. This was one
    # cause of the request too many at the server in `test_presstv_crawl`: the answer was thrown away and the request told as a timeout.
    asked, halted = threading.Event(), threading.Event()

    def serve(listener: socket.socket) -> None:
        peer, _ = listener.accept()
        with peer:
            for number in range(1 + kept):
                peer.recv(65536)
                if number == kept:
                    asked.set()
                    halted.wait(5)
                peer.sendall(GOOD)
            peer.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        port = listener.getsockname()[1]
        client = Client(limits=QUICK, guard=Guard(exempt=parse_addresses(f"127.0.0.1:{port}")))
        if kept:
            await client.fetch(f"http://127.0.0.1:{port}/first", max_bytes=100)
        loop = asyncio.get_running_loop()

        def halt() -> None:
            """Stand still from before the answer is sent until the deadline is over."""
            if not asked.is_set():
                loop.call_soon(halt)
            else:
                halted.set()
                time.sleep(QUICK.idle + 0.05)

        loop.call_soon(halt)
        exchange = await client.fetch(f"http://127.0.0.1:{port}/", max_bytes=100)
        await client.close()
        thread.join(5)
    assert exchange.payload.read() == b"good"


async def test_concurrent_requests_have_their_own_connections(server: FaultServer) -> None:
    async with client_for(server) as client:
        exchanges = await asyncio.gather(*(client.fetch(f"{server.url}/{n}", max_bytes=100) for n in range(8)))
    assert [e.request.split()[1] for e in exchanges] == [f"/{n}".encode() for n in range(8)]
    assert server.connections == 8


async def test_connect_to_keeps_the_true_name(tls_server: FaultServer, certificate) -> None:
    table = parse_connect_to(f"other.example:443=127.0.0.1:1, news.example:*=127.0.0.1:{tls_server.port}")
    async with client_for(connect_to=table, trust=TlsContexts(ca_file=certificate.path)) as client:
        exchange = await client.fetch("https://news.example/x", max_bytes=100)
    assert b"Host: news.example\r\n" in tls_server.requests[0]
    assert exchange.port == tls_server.port
    assert exchange.tls is not None
    assert exchange.tls.verified
    assert exchange.tls.version == "TLSv1.3"
    assert exchange.tls.sha256 == hashlib.sha256(certificate.der).hexdigest()
    assert (exchange.tls.subject, exchange.tls.serial) == ("CN=news.example", "abcdef")


async def test_bad_certificates_verify_and_record(tls_server: FaultServer, certificate, expired) -> None:
    async with fault_server(expired.context()) as late:
        table = parse_connect_to(f"news.example:443=127.0.0.1:{late.port},forged.example:443=127.0.0.1:{tls_server.port}")
        async with client_for(connect_to=table, trust=TlsContexts(ca_file=expired.path)) as strict:
            failure = await fails(strict, "https://news.example/")
            assert (failure.reason, failure.exchange) == ("tls", None)
            assert "expired" in failure.detail
        async with client_for(connect_to=table, trust=TlsContexts(ca_file=certificate.path)) as strict:
            failure = await fails(strict, "https://forged.example/")
            assert failure.reason == "tls"
            assert "forged.example" in failure.detail
        assert late.requests == tls_server.requests == []
        async with client_for(connect_to=table, trust=TlsContexts(mode="record")) as lenient:
            exchange = await lenient.fetch("https://news.example/", max_bytes=100)
    assert exchange.payload.read() == b"good"
    assert exchange.tls is not None
    assert not exchange.tls.verified
    assert exchange.tls.not_after < exchange.started.isoformat()
    assert exchange.tls.sha256 == hashlib.sha256(expired.der).hexdigest()


@pytest.mark.parametrize(("name", "truncated"), [("close-delimited", None), ("cut-close-rst", "disconnect")])
async def test_tls_end_without_close_notify_may_have_cut_the_body(
    tls_server: FaultServer, certificate, name: str, truncated: str | None
) -> None:
    """A proper end of TLS ends a body; a reset, or the plain end of TCP played by a relay, does not."""
    async with client_for(tls_server, trust=TlsContexts(ca_file=certificate.path)) as client:
        try:
            exchange = await client.fetch(f"https://127.0.0.1:{tls_server.port}/{name}", max_bytes=100)
        except FetchFailed as failure:
            exchange = failure.exchange
    assert exchange is not None
    assert exchange.truncated == truncated
    assert exchange.payload.read() == {"close-delimited": b"until the end", "cut-close-rst": b"hello"}[name]


async def test_tcp_end_inside_tls_is_no_end(tls_server: FaultServer, certificate) -> None:
    async with relay(tls_server.port) as (port, cut), client_for(trust=TlsContexts(ca_file=certificate.path), guard=_allow(port)) as client:
        asyncio.get_running_loop().call_later(0.2, cut)
        failure = await fails(client, f"https://127.0.0.1:{port}/open-end")
    assert failure.reason == "disconnect"
    assert failure.exchange is not None
    assert failure.exchange.truncated == "disconnect"
    assert failure.exchange.payload.read() == b"so far"
    assert "close_notify" in failure.detail


@asynccontextmanager
async def relay(port: int):
    """A TCP relay whose `cut` ends both directions in order, as a middle box would: TLS inside is not told."""
    writers: list[asyncio.StreamWriter] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, out = await asyncio.open_connection("127.0.0.1", port)
        writers.extend((writer, out))
        await asyncio.gather(pump(reader, out), pump(there, writer))

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1], lambda: [writer.close() for writer in writers]
    finally:
        listening.close()


def _allow(port: int) -> Guard:
    return Guard(exempt=parse_addresses(f"127.0.0.1:{port}"))


@pytest.mark.parametrize("mode", ["verify", "record"])
async def test_plain_answer_on_a_tls_port(mode: str) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GOOD)
        writer.close()

    listening = await asyncio.start_server(plain, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with client_for(guard=_allow(port), trust=TlsContexts(mode=mode)) as client:
        failure = await fails(client, f"https://127.0.0.1:{port}/")
    listening.close()
    assert failure.reason == "tls"
    assert "127.0.0.1" in failure.detail


async def test_no_connection() -> None:
    with socket.socket() as silent, socket.socket() as closed:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        closed.bind(("127.0.0.1", 0))
        ports = silent.getsockname()[1], closed.getsockname()[1]
        closed.close()
        guard = Guard(exempt=parse_addresses(",".join(f"127.0.0.1:{port}" for port in ports)))
        async with client_for(limits=Limits(connect=0.2, idle=1, total=2), guard=guard) as client:
            failure = await fails(client, f"https://127.0.0.1:{ports[0]}/")
            assert failure.reason == "timeout"
            failure = await fails(client, f"http://127.0.0.1:{ports[1]}/")
            assert failure.reason == "connect"


async def test_total_deadline_beats_a_dribble(server: FaultServer) -> None:
    async with client_for(server, limits=Limits(connect=1, idle=5, total=0.25)) as client:
        failure = await fails(client, f"{server.url}/dribble")
    assert (failure.reason, failure.exchange.truncated) == ("timeout", "time")
    assert 0 < len(failure.exchange.payload) < 40
    async with client_for(server, limits=Limits(connect=1, idle=5, total=0.25)) as client:
        assert len((await client.fetch(f"{server.url}/dribble", max_bytes=100, total=4)).payload) == 40


async def test_the_nearer_deadline_counts(server: FaultServer) -> None:
    async with client_for(server, limits=Limits(connect=1, idle=5, total=0.2)) as client:
        assert (await fails(client, f"{server.url}/stall-body")).detail == "over 0.2 s in all"
    async with client_for(server, limits=Limits(connect=1, idle=0.2, total=5)) as client:
        assert (await fails(client, f"{server.url}/stall-body")).detail == "nothing came for 0.2 s"


async def test_what_failed_is_closed(server: FaultServer) -> None:
    async with client_for(server) as client:
        await fails(client, f"{server.url}/stall-body")
        await asyncio.sleep(0.05)
        assert (server.connections, server.open) == (1, 0)


async def test_quiet_sees_what_the_loop_has_not_read() -> None:
    ours, theirs = socket.socketpair()
    _, connection = await asyncio.get_running_loop().create_connection(Connection, sock=ours)
    assert connection.quiet
    theirs.send(b"unasked")
    assert not connection.quiet
    connection.abort()
    theirs.close()


async def test_big_body_is_spooled_once(server: FaultServer, tmp_path: Path) -> None:
    async with client_for(server, spool_folder=tmp_path) as client:
        exchange = await client.fetch(f"{server.url}/big", max_bytes=10_000_000)
    assert exchange.payload.spooled
    assert exchange.response.spooled
    assert len(exchange.payload) == 3_000_000
    assert exchange.payload.read(10, 10) == b"0123456789"
    assert b"".join(exchange.payload.chunks()) == b"0123456789" * 300_000
    assert not list(tmp_path.iterdir())  # noqa: ASYNC240 - unlinked: a crash leaves nothing


async def test_full_spool_is_a_write_failure(server: FaultServer, tmp_path: Path) -> None:
    async with client_for(server, spool_folder=tmp_path / "gone") as client:
        with pytest.raises(WriteFailed, match="gone"):
            await client.fetch(f"{server.url}/big", max_bytes=10_000_000)


async def test_cancelled_fetch_closes_its_connection(server: FaultServer) -> None:
    async with client_for(server) as client:
        task = asyncio.create_task(client.fetch(f"{server.url}/stall-body", max_bytes=100))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await client.fetch(f"{server.url}/after", max_bytes=100)
    assert server.connections == 2


async def resolver(host: str, port: int) -> Sequence[str]:
    """Answers of a hostile name server."""
    return {
        "private.example": ["10.0.0.1"],
        "mixed.example": ["93.184.216.34", "127.0.0.1"],
        "metadata.example": ["169.254.169.254"],
        "mapped.example": ["::ffff:127.0.0.1"],
        "nat64.example": ["64:ff9b::7f00:1"],
        "sixtofour.example": ["2002:7f00:1::"],
        "ula.example": ["fd00::1"],
        "scoped.example": ["fe80::1%eth0"],
        "shared.example": ["100.64.1.1"],
        "empty.example": [],
    }[host]


@pytest.mark.parametrize("name", ["private", "mixed", "metadata", "mapped", "nat64", "sixtofour", "ula", "scoped", "shared"])
async def test_names_that_mean_a_private_address(name: str) -> None:
    async with client_for(resolver=resolver) as client:
        failure = await fails(client, f"http://{name}.example/")
    assert (failure.reason, failure.exchange) == ("guard", None)
    assert name in failure.detail


async def test_rebinding_is_judged_each_time(server: FaultServer) -> None:
    """Public at first, loopback later: what is connected to is what was judged."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return next(answers)

    async with client_for(server, resolver=rebinding) as client:
        await client.fetch(f"http://a.example:{server.port}/wants-close", max_bytes=100)
        await client.fetch(f"http://a.example:{server.port}/", max_bytes=100)  # remembered, not asked again
        failure = await fails(client, f"http://b.example:{server.port}/")
    assert failure.reason == "guard"
    assert "127.0.0.2" in failure.detail


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", "guard"),
        ("http://[::1]/", "guard"),
        ("http://93.184.216.34:8080/", "guard"),
        ("http://127.1/", "bad-url"),
        ("http://0x7f000001/", "bad-url"),
        ("http://user@93.184.216.34/", "bad-url"),
        ("http://a.example\\@93.184.216.34/", "bad-url"),
        ("file:///etc/passwd", "bad-url"),
        ("http://empty.example/", "dns"),
        (f"http://{'a' * 70}.example/", "bad-url"),
    ],
)
async def test_refused_before_connecting(url: str, reason: str) -> None:
    async with client_for(resolver=resolver) as client:
        assert (await fails(client, url)).reason == reason


async def test_name_that_does_not_resolve() -> None:
    async def failing(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with client_for(resolver=failing) as client:
        failure = await fails(client, "http://nowhere.example/")
    assert (failure.reason, failure.detail) == ("dns", "nowhere.example: Name or service not known")


async def test_second_address_when_the_first_is_dead(server: FaultServer) -> None:
    async def two(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.9", "127.0.0.1"]

    both = Guard(exempt=frozenset({(ip_address("127.0.0.9"), server.port), (ip_address("127.0.0.1"), server.port)}))
    async with client_for(resolver=two, guard=both) as client:
        exchange = await client.fetch(f"http://two.example:{server.port}/", max_bytes=100)
    assert exchange.ip == "127.0.0.1"


def test_bad_trust_settings(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"missing\.pem"):
        TlsContexts(ca_file=tmp_path / "missing.pem")
    (tmp_path / "no.pem").write_text("no certificate")
    with pytest.raises(SetupError, match=r"no\.pem"):
        TlsContexts(ca_file=tmp_path / "no.pem")
    with pytest.raises(SetupError, match="ARCHIVE_TLS"):
        TlsContexts(mode="off")


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
async def test_no_socket_to_be_had_is_no_fault_of_the_host(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    async with fault_server() as server, client_for(server) as client:

        def none(*_: object) -> socket.socket:
            raise OSError(number, "Too many open files")

        with monkeypatch.context() as patch:
            patch.setattr("crawler.http.connector.socket.socket", none)
            with pytest.raises(OutOfFiles):
                await client.fetch(f"http://127.0.0.1:{server.port}/", max_bytes=1000)
