"""A store on loopback (moto's server in this process), and a server before it that spoils what passes."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from attrs import define, field

BUCKET = "news"
SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY"
KEY_ID = "AKIAIOSFODNN7EXAMPLE"

Spoil = Callable[[str, str, dict[str, str]], "Spoiled | None"]


@define
class Spoiled:
    """What the server before the store does to one request."""

    status: int = 0
    """Answered instead of asking the store."""
    cut_request: bool = False
    """Close the connection when half of the request's body has come."""
    cut_answer: bool = False
    flip: int | None = None
    """A byte of the answer's body that is changed."""
    lose_answer: bool = False
    """Ask the store, then close the connection."""
    bytes_a_second: float = 0


@define
class Store:
    """The store as tests see it."""

    url: str
    client: Any
    requests: list[tuple[str, str]] = field(factory=list)
    """Method and path of what came by way of the spoiling server."""
    spoil: Spoil = lambda method, path, headers: None

    def put(self, key: str, data: bytes) -> str:
        """Put an object by hand; its address."""
        self.client.put_object(Bucket=BUCKET, Key=key, Body=data)
        return f"s3://{BUCKET}/{key}"

    def get(self, key: str) -> bytes:
        """The bytes of an object, past the spoiling server."""
        data: bytes = self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return data

    def keys(self) -> list[str]:
        """All keys, in order."""
        return sorted(one["Key"] for one in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", ()))


def _forget() -> None:
    """Forget the clients and what is known of objects: another store has other objects of these names."""
    from crawler.storage import client, reading

    client._client.cache_clear()
    reading._known.clear()
    reading._recent.__init__()  # type: ignore[misc]


@pytest.fixture(scope="session")
def moto_server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def store(moto_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty bucket `news`; the SDK of this process and its children finds it."""
    import boto3

    urllib.request.urlopen(urllib.request.Request(f"{moto_server}/moto-api/reset", method="POST")).close()
    found = Store(moto_server, boto3.client("s3", endpoint_url=moto_server, aws_access_key_id="x", aws_secret_access_key="y", region_name="us-east-1"))
    found.client.create_bucket(Bucket=BUCKET)
    for name, value in {
        "AWS_ENDPOINT_URL_S3": moto_server, "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    _forget()
    yield found
    _forget()


@pytest.fixture
def spoiled(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The same behind a server that spoils what `store.spoil` says."""
    with spoiling(store) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        _forget()
        yield store


@contextmanager
def spoiling(store: Store) -> Iterator[str]:
    """Start the server; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(store))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _handler(store: Store) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def handle_expect_100(self) -> bool:
            return super().handle_expect_100()

        def do(self) -> None:
            store.requests.append((self.command, self.path))
            what = store.spoil(self.command, self.path, dict(self.headers)) or Spoiled()
            size = int(self.headers.get("Content-Length") or 0)
            if what.cut_request:
                self.rfile.read(size // 2)
                self.close_connection = True
                return
            body = self.rfile.read(size)
            if what.status:
                self.answer(what.status, {}, b"<Error><Code>Spoiled</Code><Message>no</Message></Error>")
                return
            request = urllib.request.Request(store.url + self.path, data=body or None, method=self.command)
            for name, value in self.headers.items():
                if name.lower() not in ("host", "content-length", "expect", "connection"):
                    request.add_header(name, value)
            request.add_header("Host", self.headers["Host"])
            if body and not request.has_header("Content-type"):
                request.add_header("Content-Type", "application/octet-stream")  # else urllib calls it a form
            try:
                with urllib.request.urlopen(request) as found:
                    status, headers, data = found.status, dict(found.headers), found.read()
            except urllib.error.HTTPError as error:
                status, headers, data = error.code, dict(error.headers), error.read()
            if what.lose_answer:
                self.close_connection = True
                return
            if what.flip is not None and data:
                data = bytearray(data)
                data[what.flip % len(data)] ^= 1
                data = bytes(data)
            self.answer(status, headers, data, what)

        def answer(self, status: int, headers: dict[str, str], data: bytes, what: Spoiled | None = None) -> None:
            self.send_response(status)
            length = headers.get("Content-Length", str(len(data))) if self.command == "HEAD" else str(len(data))
            for name, value in headers.items():
                if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
                    self.send_header(name, value)
            self.send_header("Content-Length", length)
            self.end_headers()
            if self.command != "HEAD":
                if what is not None and what.cut_answer:
                    self.wfile.write(data[: len(data) // 2])
                    self.close_connection = True
                    return
                self.wfile.write(data)

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = do

    return Handler
