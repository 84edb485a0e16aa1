"""Web server of the generated newspaper: pages in memory, gzip and plain, with a count of what was sent.

`python -m benchmarks.server ARTICLES [--small] [--latency-ms N]` prints its port; then each line on stdin is answered by one
line of JSON, the counts since the line before.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import re
import sys
import threading
import time
from typing import Any

from benchmarks.newspaper import Newspaper

_REQUEST = re.compile(rb"(GET|HEAD) (\S+) HTTP/1\.[01]\r\n(.*?)\r\n\r\n", re.DOTALL)


class Site:
    """Answers of the newspaper, and what was asked for."""

    def __init__(self, paper: Newspaper, *, latency: float) -> None:
        self.latency, self.answers = latency, dict[bytes, tuple[bytes, bytes]]()
        for path, kind, text in paper.pages():
            plain = text.encode()
            packed = gzip.compress(plain, 6, mtime=0)
            self.answers[path.encode()] = (_answer(plain, kind, b""), _answer(packed, kind, b"Content-Encoding: gzip\r\n"))
        self.missing = _answer(b"not here\n", "text/plain", b"", status=b"404 Not Found")
        self.reset()

    def reset(self) -> None:
        """Begin to count anew."""
        self.paths, self.requests, self.sent, self.cpu = set[bytes](), 0, 0, time.process_time()

    def counts(self) -> dict[str, Any]:
        """Pages, requests and bytes since `reset`, and the processor seconds that they took."""
        return {"pages": len(self.paths), "requests": self.requests, "bytes": self.sent, "cpu": time.process_time() - self.cpu}

    def answer(self, path: bytes, head: bytes) -> bytes:
        """Return the bytes to send for a path."""
        self.requests += 1
        found = self.answers.get(path)
        if found is None:
            return self.missing
        self.paths.add(path)
        answer = found[1] if b"gzip" in head.lower() else found[0]
        self.sent += len(answer)
        return answer


def _answer(body: bytes, kind: str, more: bytes, *, status: bytes = b"200 OK") -> bytes:
    fields = b"Content-Type: %s; charset=utf-8\r\n%sContent-Length: %d\r\n" % (kind.encode(), more, len(body))
    return b"HTTP/1.1 " + status + b"\r\nServer: gazette\r\n" + fields + b"Connection: keep-alive\r\n\r\n" + body


class Connection(asyncio.Protocol):
    """One connection that is kept open."""

    def __init__(self, site: Site) -> None:
        self._site, self._data = site, b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each whole request, after the latency."""
        self._data += data
        while found := _REQUEST.match(self._data):
            self._data = self._data[found.end() :]
            answer = self._site.answer(found[2], found[3])
            if self._site.latency:
                asyncio.get_running_loop().call_later(self._site.latency, self._write, answer)
            else:
                self._write(answer)

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)


async def serve(site: Site) -> None:
    """Serve until stdin ends."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(lambda: Connection(site), "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)

    def tell() -> None:
        print(json.dumps(site.counts()), flush=True)
        site.reset()

    def listen() -> None:
        for _ in sys.stdin:
            loop.call_soon_threadsafe(tell)
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=listen, daemon=True).start()
    await ended.wait()


def main() -> None:
    """Read the command line and serve."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("articles", type=int)
    options.add_argument("--small", action="store_true")
    options.add_argument("--latency-ms", type=float, default=0.0)
    given = options.parse_args()
    asyncio.run(serve(Site(Newspaper(given.articles, small=given.small), latency=given.latency_ms / 1000)))


if __name__ == "__main__":
    main()
