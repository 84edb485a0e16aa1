"""Server of the room: Datasette with our plugin, under uvicorn, on one address."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.errors import SetupError
from crawler.interrupts import NUMBERS

if TYPE_CHECKING:
    from datasette.app import Datasette

SETTINGS = {
    "sql_time_limit_ms": 3000,
    "facet_time_limit_ms": 500,
    "max_returned_rows": 1000,
    "num_sql_threads": 4,
    "allow_download": False,
    "default_cache_ttl": 0,
}
"""Of Datasette's own pages: bounded in time and rows; no download of a file that is being written."""


def reading_room(
    collections: Sequence[Path], *, host: str = "127.0.0.1", replay: Mapping[str, str] | None = None, sites: Sequence[str] = (),
    authority: str = "archive.invalid", viewer: Path | None = None,
) -> Datasette:  # fmt: skip
    """Make the Datasette of some collections, each a database under its folder's name.

    Args:
        host: The address it will listen on; of loopback other names are refused.
        replay: Address of the pywb that serves a collection, by the collection's name: `http://127.0.0.1:8080`; its pages are linked.
        sites: Further folders with site files (`ARCHIVE_SITES`).
        authority: Host name or mail address by which ids of feeds are made (`ARCHIVE_FEED_AUTHORITY`).
        viewer: Folder of ReplayWeb.page, whether it is there or not.
    Raises:
        SetupError: Datasette is not installed.
    """
    try:
        from datasette.app import Datasette
        from datasette.plugins import pm
    except ImportError as error:
        told = "the reading room needs Datasette: python3 -m pip --python .venv/bin/python install -e '.[browse]'"
        raise SetupError(told) from error
    from crawler.readingroom import metadata, plugin
    from crawler.roomframe.database import CollectionDatabase
    from crawler.roomframe.room import PLUGIN

    for module in (plugin, metadata):
        if not pm.is_registered(module):
            pm.register(module, name=module.__name__)
    if pm.has_plugin("datasette.handle_exception"):
        pm.unregister(name="datasette.handle_exception")  # it prints a traceback for every address that is not there
    options = {"serve": True, "host": host, "replay": dict(replay or {}), "sites": list(sites), "authority": authority}
    options["viewer"] = str(viewer or "")
    datasette = Datasette([], metadata={"plugins": {PLUGIN: options}}, settings=SETTINGS, memory=False)
    datasette.remove_database("_memory")  # it is there where no file is named
    for path in collections:
        datasette.add_database(CollectionDatabase(datasette, path), name=path.name)
    return datasette


def serve(datasette: Datasette, *, host: str, port: int, ready: Callable[[str], object]) -> None:
    """Answer requests until a signal comes.

    Args:
        port: 0 for any that is free.
        ready: Called with the room's address once it answers.
    Raises:
        SetupError: The address cannot be listened on.
    """
    from crawler.roomframe.database import left_as_found

    with listen(host, port) as listening, left_as_found(datasette):
        asyncio.run(_answer(datasette.app(), listening, host, ready))


def listen(host: str, port: int) -> socket.socket:
    """Listen on an address.

    Raises:
        SetupError: It is in use, or not of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SetupError(f"--host {host}: {error.strerror or error}") from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise SetupError(f"--port {port}: in use by another program; --port names another, --port 0 takes any") from error
        raise SetupError(f"--host {host} --port {port}: cannot listen there: {error.strerror or error}") from error
    return listening


async def _answer(app: Any, listening: socket.socket, host: str, ready: Callable[[str], object]) -> None:
    """Run uvicorn on a socket until a first signal comes."""
    import uvicorn

    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"

    class Server(uvicorn.Server):
        """Server that leaves signals to us, since uvicorn would raise them again at its end."""

        @contextmanager
        def capture_signals(self) -> Generator[None, None, None]:
            yield

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready(address)

    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="on", timeout_graceful_shutdown=2)
    server, loop = Server(config), asyncio.get_running_loop()

    def stop() -> None:
        server.should_exit = True
        for number in NUMBERS:
            loop.remove_signal_handler(number)

    for number in NUMBERS:
        loop.add_signal_handler(number, stop)
    await server.serve(sockets=[listening])
