"""Web server of many small hosts on one port, which logs when each request left its sender.

    python -m benchmarks.hosts_server --hosts 50 --pages 100 --log FILE

Prints its port and serves until stdin ends. Host `hN.example` has the pages `/`, `/1`, `/2` ...: the front page links to all others, each
of these to a few. A line of the log is `nanoseconds host path status sender`: the time is the kernel's, at which the request's last byte
came off the wire, on the clock of `time.monotonic`, so that a server that waits for the processor does not move it; the sender is the last
word of the User-Agent.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import os
import re
import selectors
import socket
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

from attrs import define, field, frozen

SENTENCE = "The harbour wall was mended on Monday, after a storm had taken eleven metres of it. "
_HEAD = re.compile(rb"(?:GET|HEAD) (\S+) HTTP/1\.[01]\r\n(.*?)\r\n\r\n", re.DOTALL)
_HOST = re.compile(rb"^host: *([^\r\n:]+)", re.IGNORECASE | re.MULTILINE)
_AGENT = re.compile(rb"^user-agent: *[^\r\n]*?([^\s]+) *\r?$", re.IGNORECASE | re.MULTILINE)
_STAMPED = getattr(socket, "SO_TIMESTAMPNS", 35)
_STAMP = struct.Struct("qq")


@frozen(kw_only=True)
class Hosts:
    """Names and pages of the hosts.

    Args:
        paragraphs: In each page; 0 for pages of some hundred bytes.
    """

    hosts: int
    pages: int
    paragraphs: int = 0

    def name(self, number: int) -> str:
        """Name of one host."""
        return f"h{number}.example"

    def expected(self) -> set[tuple[str, str]]:
        """Every page, as host and path."""
        return {(self.name(n), f"/{page or ''}") for n in range(self.hosts) for page in range(self.pages)}

    def seeds(self) -> list[str]:
        """Front pages."""
        return [f"http://{self.name(n)}/" for n in range(self.hosts)]

    def answer(self, host: str, path: str) -> tuple[int, bytes]:
        """Return the status and all bytes of an answer."""
        word = path.removeprefix("/")
        number = int(host[1:].partition(".")[0]) if re.fullmatch(r"h\d+\.example", host) else self.hosts
        page = int(word or 0) if word.isdigit() or not word else self.pages
        if number >= self.hosts or page >= self.pages:
            return 404, b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nnot here\n"
        links = range(1, self.pages) if not page else sorted({(page * 7 + n) % self.pages for n in range(3)})
        menu = "".join(f'<li><a href="/{link or ""}">Page {link} of {host}</a>' for link in links)
        text = "".join(f"<p>{f'Page {page}, paragraph {n}. '}{SENTENCE * 5}</p>" for n in range(self.paragraphs))
        title = f"Page {page} of {host}"
        body = f"<html><head><title>{title}</title></head><body><ul>{menu}</ul><h1>{title}</h1>{text}</body></html>".encode()
        fields = b"Content-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body)
        return 200, b"HTTP/1.1 200 OK\r\n" + fields + body


@define
class Server:
    """Answers on one thread, some milliseconds after each request."""

    site: Hosts
    log: int
    """Open file descriptor."""
    latency: float
    address: str = "127.0.0.1"
    port: int = 0
    _selector: selectors.BaseSelector = field(factory=selectors.DefaultSelector, init=False)
    _later: list[tuple[float, int, socket.socket, bytes]] = field(factory=list, init=False)
    _number: Callable[[], int] = field(factory=lambda: itertools.count().__next__, init=False)
    _begun: dict[socket.socket, bytes] = field(factory=dict, init=False)

    def listen(self) -> int:
        """Open the port."""
        listening = socket.create_server((self.address, self.port), backlog=1024)
        listening.setsockopt(socket.SOL_SOCKET, _STAMPED, 1)  # connections inherit it, from their first byte on
        listening.setblocking(False)
        self._selector.register(listening, selectors.EVENT_READ, True)
        return int(listening.getsockname()[1])

    def serve(self, until: int) -> None:
        """Answer until a file descriptor can be read and is at its end."""
        self._selector.register(until, selectors.EVENT_READ, None)
        while True:
            wait = max(0.0, self._later[0][0] - time.monotonic()) if self._later else None
            for key, _ in self._selector.select(wait):
                if key.fd == until and key.data is None:
                    if not os.read(until, 65536):
                        return
                elif key.data:
                    assert isinstance(key.fileobj, socket.socket)
                    self._accept(key.fileobj)
                else:
                    assert isinstance(key.fileobj, socket.socket)
                    self._read(key.fileobj)
            while self._later and self._later[0][0] <= time.monotonic():
                self._send(*heapq.heappop(self._later)[2:])

    def _accept(self, listening: socket.socket) -> None:
        peer, _ = listening.accept()
        peer.setsockopt(socket.SOL_SOCKET, _STAMPED, 1)
        peer.setblocking(False)
        self._begun[peer] = b""
        self._selector.register(peer, selectors.EVENT_READ, False)

    def _read(self, peer: socket.socket) -> None:
        try:
            piece, more, _, _ = peer.recvmsg(65536, 128)
        except OSError:
            piece, more = b"", []
        if not piece:
            self._close(peer)
            return
        stamp = _monotonic([value for level, kind, value in more if (level, kind) == (socket.SOL_SOCKET, _STAMPED)])
        data = self._begun[peer] + piece
        while found := _HEAD.match(data):
            data = data[found.end() :]
            host, agent, path = _HOST.search(found[0]), _AGENT.search(found[0]), found[1].decode("latin-1")
            name = host[1].decode("latin-1") if host else "-"
            status, answer = self.site.answer(name, path)
            sender = agent[1].decode("latin-1") if agent else "-"
            os.write(self.log, f"{stamp} {name} {path} {status} {sender}\n".encode())
            heapq.heappush(self._later, (time.monotonic() + self.latency, self._number(), peer, answer))
        self._begun[peer] = data

    def _send(self, peer: socket.socket, answer: bytes) -> None:
        if peer not in self._begun:
            return
        try:
            peer.setblocking(True)
            peer.settimeout(10)
            peer.sendall(answer)
            peer.setblocking(False)
        except OSError:
            self._close(peer)

    def _close(self, peer: socket.socket) -> None:
        if self._begun.pop(peer, None) is not None:
            self._selector.unregister(peer)
        peer.close()


def _monotonic(stamps: list[bytes]) -> int:
    """Return the time of the kernel's stamp, or now, on the monotonic clock."""
    now = time.monotonic_ns()
    if not stamps:
        return now
    seconds, nanoseconds = _STAMP.unpack(stamps[0][: _STAMP.size])
    return now - (time.time_ns() - (int(seconds) * 1_000_000_000 + int(nanoseconds)))


def main() -> None:
    """Read the command line and serve."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--hosts", type=int, default=50)
    options.add_argument("--pages", type=int, default=100, help="of each host")
    options.add_argument("--paragraphs", type=int, default=0, help="of each page")
    options.add_argument("--latency-ms", type=float, default=3.0)
    options.add_argument("--log", type=Path, required=True)
    options.add_argument("--listen", default="127.0.0.1")
    options.add_argument("--port", type=int, default=0)
    given = options.parse_args()
    log = os.open(given.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    site = Hosts(hosts=given.hosts, pages=given.pages, paragraphs=given.paragraphs)
    server = Server(site, log, given.latency_ms / 1000, given.listen, given.port)
    print(server.listen(), flush=True)
    server.serve(sys.stdin.fileno())


if __name__ == "__main__":
    main()
