"""Loopback servers of the newspaper, one port a host: `python -m crawler.demo.server`.

Prints one JSON line when ready, then serves until SIGTERM, or until its stdin closes, so that it never outlives its
parent. Of the four mirrors the first breaks down half-way, the second is seized, the third is well, the
fourth is well and says other things.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import json
import os
import re
import signal
import sys
import threading
from collections.abc import Sequence

from attrs import define

from crawler.demo import archive, pages
from crawler.demo.site import Answer, NewspaperSite, wire_bytes

FAILING, SEIZED, HEALTHY = "www.courier.example", "www.courier.test", "courier.mirror.example"
HOSTS = {
    FAILING: "breaks down half-way",
    SEIZED: "seized",
    HEALTHY: "well",
    pages.COPY: "well, and says other things",
    pages.FRENCH: "French edition",
    pages.PICTURES: "pictures",
    pages.COUNTER: "counts readers; must never be asked",
    archive.ARCHIVE: "a web archive",
}
ANSWERS = 14
"""How many answers the failing mirror gives before it breaks down."""
_MAX_HEAD = 64 * 1024
_REQUEST = re.compile(rb"^(GET|HEAD) (?:http://[^/ ]+)?(/[^ ]*) HTTP/1\.[01]\r\n")


@define
class HostServer:
    """Server of one host."""

    host: str
    site: NewspaperSite
    answers_left: int | None = None
    """Answers it will still give before it breaks down; None if it never does."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side closes it."""
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client went away or sent no HTTP: nothing to answer
        except asyncio.CancelledError:
            pass  # the newspaper closes: asyncio would print a traceback for each connection that waits
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read one request, answer it; False when the connection is to be closed."""
        head = await reader.readuntil(b"\r\n\r\n")
        found = _REQUEST.match(head)
        fields = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])}
        keep = fields.get("connection", "").lower() != "close"
        if not found or fields.get("host", "").partition(":")[0].lower() != self.host:
            writer.write(wire_bytes(Answer(status=404, body=b"no such host here\n", mime="text/plain"), keep_alive=False, gzip_body=None))
            return False
        answer = (
            Answer(status=200, body=pages.SEIZED.encode())
            if self.host == SEIZED
            else archive.answer(found[2].decode("latin-1"))
            if self.host == archive.ARCHIVE
            else self.site.answer(self.host, found[2].decode("latin-1"))
        )
        data = self._coded(answer, fields, keep, head_only=found[1] == b"HEAD")
        whole = self._whole(data)
        writer.write(whole)
        await writer.drain()
        return keep and len(whole) == len(data)

    def _coded(self, answer: Answer, fields: dict[str, str], keep: bool, *, head_only: bool) -> bytes:
        unchanged = answer.status == 200 and answer.etag in fields.get("if-none-match", "")
        text = answer.mime.startswith(("text/", "application/xml")) and answer.body and "gzip" in fields.get("accept-encoding", "")
        body = gzip.compress(answer.body, 6, mtime=0) if text else None
        return wire_bytes(answer, keep_alive=keep, gzip_body=body, head_only=head_only, unchanged=unchanged)

    def _whole(self, data: bytes) -> bytes:
        """Return the bytes to send; a failing mirror sends half an answer, then none."""
        if self.answers_left is None:
            return data
        self.answers_left -= 1
        if self.answers_left >= 0:
            return data
        return data[: len(data) // 2 + 1] if self.answers_left == -1 else b""


async def serve(*, edition: int = 1, answers: int = ANSWERS) -> None:
    """Start all hosts, print the JSON line, and serve until told to stop."""
    site, stop = NewspaperSite(edition), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    if os.isatty(0):
        loop.add_signal_handler(signal.SIGINT, stop.set)
    else:
        # Ctrl-C in a terminal reaches the crawl that started us too, which finishes what is in flight and then closes our stdin.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_until_stdin_closes, args=(loop, stop), daemon=True).start()
    servers, ports = [], {}
    for host in HOSTS:
        answering = HostServer(host, site, answers if host == FAILING else None)
        server = await asyncio.start_server(answering.serve, "127.0.0.1", 0, limit=_MAX_HEAD)
        servers.append(server)
        ports[host] = server.sockets[0].getsockname()[1]
    print(json.dumps(ready_line(site, ports)), flush=True)
    await stop.wait()
    for server in servers:
        server.close()


def ready_line(site: NewspaperSite, ports: dict[str, int]) -> dict[str, object]:
    """Make the JSON line; `connect_to` is a value for ARCHIVE_CONNECT_TO."""
    return {
        "connect_to": ",".join(f"{host}:*=127.0.0.1:{port}" for host, port in ports.items()),
        "pid": os.getpid(),
        "hosts": {host: {"port": port, "is": HOSTS[host]} for host, port in ports.items()},
        "mirrors": [FAILING, SEIZED, HEALTHY, pages.COPY],
        "archives": archive.ENDPOINT,
        "stories": len(site.findable),
    }


def _until_stdin_closes(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    with contextlib.suppress(OSError, ValueError):
        while os.read(0, 1024):
            pass
    with contextlib.suppress(RuntimeError):  # the loop is closed: we are stopping anyway
        loop.call_soon_threadsafe(stop.set)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the newspaper from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m crawler.demo.server", description="The Harbour Courier on loopback; ends when stdin closes."
    )
    parser.add_argument("--edition", type=int, default=1, help="2 and later: one story corrected, one renamed")
    parser.add_argument(
        "--answers", type=int, default=ANSWERS, help=f"answers that {FAILING} gives before it breaks down (default {ANSWERS})"
    )
    given = parser.parse_args(arguments)
    asyncio.run(serve(edition=given.edition, answers=given.answers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
