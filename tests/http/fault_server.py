"""A server that plays scenes: small files that say, step by step, what goes over the wire.

send TEXT       bytes that belong to the answer (Python's escapes, latin-1)
interim TEXT    bytes of one interim answer
surplus TEXT    bytes that belong to nothing
repeat N TEXT   the same bytes N times, part of the answer
wait SECONDS
fin | rst | hold    how it ends; without one the connection stays for the next request
expect WORD TEXT    what the client must make of it, see `Scene.expected`
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

SCENES = Path(__file__).parent / "scenes"
GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ngood"


def unescape(text: str) -> bytes:
    """Bytes written with Python's escapes."""
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1")


class Scene:
    """One file, taken apart."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.steps: list[tuple[str, str]] = []
        self.expected: dict[str, str] = {}
        for line in path.read_text("utf-8").splitlines():
            word, _, rest = line.partition(" ")
            if word == "expect":
                key, _, value = rest.partition(" ")
                self.expected[key] = value
            elif word and not word.startswith("#"):
                self.steps.append((word, rest))

    def bytes_of(self, *words: str) -> list[bytes]:
        """What the steps of these kinds send."""
        return [piece for word, rest in self.steps if word in words for piece in self.pieces(word, rest)]

    @staticmethod
    def pieces(word: str, rest: str) -> Iterator[bytes]:
        """The bytes of one step."""
        if word == "repeat":
            count, _, text = rest.partition(" ")
            yield unescape(text) * int(count)
        elif word in ("send", "interim", "surplus"):
            yield unescape(rest)


def scenes() -> dict[str, Scene]:
    """Every scene by its name."""
    return {path.stem: Scene(path) for path in sorted(SCENES.glob("*.scene"))}


def page(body: str, mime: str = "text/html") -> bytes:
    """A whole answer."""
    data = body.encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (mime.encode(), len(data)) + data


class FaultServer:
    """Plays the scene that the path names, else shows the page put there, else the good page; keeps what it was sent."""

    def __init__(self) -> None:
        self.port = 0
        self.requests: list[bytes] = []
        self.pages: dict[str, bytes] = {}
        """Whole answers, by path with query."""
        self.connections = self.open = 0
        self._scenes = scenes()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """Address of the plain server."""
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        self.open += 1
        self._writers.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                self.requests.append(request)
                scene = self._scenes.get(request.split(b" ")[1].split(b"?")[0].strip(b"/").decode())
                if scene is None:
                    writer.write(self.pages.get(request.split(b" ")[1].decode("latin-1"), GOOD))
                elif await self._play(scene, reader, writer):
                    break
        self.open -= 1
        writer.close()

    async def _play(self, scene: Scene, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        for word, rest in scene.steps:
            for piece in scene.pieces(word, rest):
                writer.write(piece)
                await writer.drain()
            if word == "wait":
                await asyncio.sleep(float(rest))
            elif word == "hold":
                await reader.read()
                return True
            elif word == "fin":
                return True
            elif word == "rst":
                await asyncio.sleep(0.05)
                sock = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return True
        return False

    def hang_up(self) -> None:
        """Close every connection."""
        for writer in self._writers:
            writer.close()


@asynccontextmanager
async def fault_server(context: ssl.SSLContext | None = None, made: FaultServer | None = None):
    """A running server, on loopback."""
    server = made or FaultServer()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context, limit=2**20)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        server.hang_up()
