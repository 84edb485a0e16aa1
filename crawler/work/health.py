"""Health of a worker, for probes: `GET /health`, or a file."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from crawler.errors import SetupError, WriteFailed
from crawler.warc.output_file import write_file

logger = logging.getLogger(__name__)

FILE_SECONDS = 5.0
"""Between two writes of the file."""
REQUEST_SECONDS = 5.0
MOST_REQUEST = 8192
"""Bytes of a request's head that are read."""

Facts = Callable[[], Mapping[str, Any]]
"""Tells the state of the worker; its `ok` decides."""


class HealthServer:
    """HTTP server for probes, in the event loop, whose life its answers prove."""

    def __init__(self, place: str, facts: Facts) -> None:
        host, _, port = place.rpartition(":")
        self._host, self._port, self._facts = host.strip("[]") or "127.0.0.1", int(port), facts
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen.

        Raises:
            SetupError: The address cannot be had.
        """
        try:
            self._server = await asyncio.start_server(self._answer, self._host, self._port, family=socket.AF_UNSPEC)
        except OSError as error:
            raise SetupError(f"ARCHIVE_HEALTH={self._host}:{self._port}: cannot listen there: {error.strerror or error}") from error

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self._response(head))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever asked has gone, or asks no question
        finally:
            writer.close()

    def _response(self, head: bytes) -> bytes:
        method, _, rest = head.partition(b" ")
        path = rest.partition(b" ")[0].partition(b"?")[0]
        if path != b"/health" or method not in (b"GET", b"HEAD"):
            return _answered("404 Not Found" if path != b"/health" else "405 Method Not Allowed", b"{}\n")
        facts = self._facts()
        body = f"{json.dumps(facts, default=str)}\n".encode()
        return _answered("200 OK" if facts["ok"] else "503 Service Unavailable", body, with_body=method == b"GET")


class HealthFile:
    """A file with the state and its time, written whole each time."""

    def __init__(self, place: str, facts: Facts) -> None:
        self._path, self._facts = Path(place).expanduser().absolute(), facts
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Write it now, and then every few seconds.

        Raises:
            SetupError: It cannot be written.
        """
        try:
            self._write()
        except WriteFailed as error:
            raise SetupError(f"ARCHIVE_HEALTH: {error}") from error
        self._task = asyncio.ensure_future(self._go())

    async def close(self) -> None:
        """Remove it."""
        if self._task is not None:
            self._task.cancel()
        self._path.unlink(missing_ok=True)

    async def _go(self) -> None:
        while True:
            await asyncio.sleep(FILE_SECONDS)
            try:
                self._write()
            except WriteFailed as error:
                logger.warning("health-unwritten %s", error)

    def _write(self) -> None:
        write_file(self._path, [f"{json.dumps(self._facts(), default=str)}\n".encode()])


def health_of(place: str | None, facts: Facts) -> HealthServer | HealthFile | None:
    """Make what ARCHIVE_HEALTH asks for."""
    if place is None:
        return None
    return HealthServer(place, facts) if _is_address(place) else HealthFile(place, facts)


def _is_address(place: str) -> bool:
    return "/" not in place and place.rpartition(":")[2].isdecimal()


def _answered(status: str, body: bytes, *, with_body: bool = True) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + (body if with_body else b"")
