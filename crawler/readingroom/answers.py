"""Answers to requests: pages, errors, static files."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

from datasette import Response
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

from crawler.errors import ArchiveError
from crawler.index.index import Index
from crawler.readingroom.pages import ROUTES, collections_page, front_page_of, joined_collections
from crawler.roomframe.headers import FIXED, ROOM_POLICY, Send
from crawler.roomframe.page import Asked, BadRequest, Elsewhere, File, Made, NotThere, Route, words_of
from crawler.roomframe.rendering import html_of, json_of, plain
from crawler.roomframe.room import addresses_of, collections_of, database_at, folder_of, name_of, options_of
from crawler.roomframe.strings import NAVIGATION, TEXTS

LIMIT_SECONDS = 5.0
"""Seconds of SQL that one page may take."""
STATIC_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
PIECE_BYTES = 256 * 1024
View = Callable[..., Coroutine[Any, Any, Response]]


class PartOfFile(Response):
    """Response of a part of a file, sent in pieces."""

    part: tuple[Path, int, int]

    async def asgi_send(self, send: Send) -> None:
        """Send head and pieces; a file that ends too soon ends the answer short."""
        headers = [[name.encode(), value.encode()] for name, value in {**self.headers, "content-type": self.content_type}.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        path, offset, left = self.part
        with path.open("rb") as file:
            file.seek(offset)
            while left and (piece := await asyncio.to_thread(file.read, min(left, PIECE_BYTES))):
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def view_of(route: Route) -> View:
    """The view of a route, as Datasette calls it."""

    async def view(request: Any, datasette: Any) -> Response:
        database = database_at(datasette, request.url_vars["collection"])
        if database is None:
            return no_such_page(datasette, request)
        return await answer(datasette, request, database, route.make)

    return view


def no_such_page(datasette: Any, request: Any) -> Response:
    """Answer an address below a collection at which there is no page."""
    database = database_at(datasette, request.url_vars["collection"])
    return failed(datasette, request, 404, TEXTS["no_page"].format(path=plain(request.path)), database)


async def front_page(request: Any, datasette: Any) -> Response:
    """Answer `/`: the front page of the only collection, or the list of all."""
    databases = collections_of(datasette)
    if len(databases) == 1:
        return await answer(datasette, request, databases[0], front_page_of)
    made = []
    for database in databases:
        asked = asked_for(datasette, request, database)
        made.append(await database.execute_fn(lambda conn, asked=asked: collections_page(asked(conn))))
    return response_of(datasette, request, joined_collections(made), None)


async def answer(datasette: Any, request: Any, database: Any, make: Callable[[Asked], Made]) -> Response:
    """Make a page of one collection, or say why there is none."""
    asked = asked_for(datasette, request, database)

    def in_thread(conn: sqlite3.Connection) -> Response:
        with time_limit(conn, LIMIT_SECONDS):
            one = asked(conn)
            with one.index.snapshot():
                made = make(one)
            return response_of(datasette, request, made, database)

    try:
        answered: Response = await database.execute_fn(in_thread)
    except NotThere as error:
        return failed(datasette, request, 404, str(error), database)
    except BadRequest as error:
        return failed(datasette, request, 400, str(error), database)
    except sqlite3.DatabaseError as error:
        if error.args == ("interrupted",):
            return failed(datasette, request, 503, plain(request.path), database)
        return failed(datasette, request, 500, TEXTS["unreadable_index"].format(fault=f"{database.path}: {error}"), database)
    except (ArchiveError, OSError) as error:
        return failed(datasette, request, 500, str(error), database)
    return answered


def asked_for(datasette: Any, request: Any, database: Any) -> Callable[[sqlite3.Connection], Asked]:
    """Prepare a request to a collection for the thread that has a connection."""
    args = {name: request.args.get(name) for name in request.args}
    return lambda conn: Asked(
        collection=name_of(database),
        path=folder_of(database),
        index=Index(Path(database.path), conn, readonly=True),
        to=addresses_of(datasette, database),
        words=words_of(request.url_vars),
        args=args,
        root=f"{request.scheme}://{request.host}",
        if_none_match=request.headers.get("if-none-match", ""),
        options=options_of(datasette),
    )


def response_of(datasette: Any, request: Any, made: Made, database: Any | None) -> Response:
    """The response for a page: HTML, JSON if asked for, bytes or a redirect."""
    if isinstance(made, Elsewhere):
        return Response.redirect(made.address)
    if isinstance(made, File):
        kind = PartOfFile if made.part else Response
        response = kind(made.body, status=made.status, content_type=made.media_type, headers={**FIXED, **made.headers})
        response.part = made.part
        return response
    headers = {**FIXED, "cache-control": "no-cache", "content-security-policy": made.policy or ROOM_POLICY}
    if request.url_vars.get("format") == "json":
        named = {"collection": name_of(database)} if database is not None else {}
        return Response(json_of(made.data, **named), status=made.status, content_type="application/json; charset=utf-8", headers=headers)
    html = html_of(made.template, {**frame(datasette, request, database), "title": made.title, "page": made.data})
    return Response(html, status=made.status, content_type="text/html; charset=utf-8", headers=headers)


def frame(datasette: Any, request: Any, database: Any | None) -> dict[str, Any]:
    """Values of the base template, on every page."""
    there = {route.pattern.replace("\\.", ".") for route in ROUTES}
    path, asked = request.path.partition("?")[0], request.query_string
    return {
        "collection": None if database is None else name_of(database),
        "to": None if database is None else addresses_of(datasette, database),
        "several": len(collections_of(datasette)) > 1,
        "home": datasette.urls.path("/"),
        "there": there,
        "pages": [name for name in NAVIGATION if name in there],
        "here": path.rpartition("/-/")[2].split("/")[0] if path != "/" else "front",
        "path": path,
        "args": {name: request.args.get(name) for name in request.args},
        "json_address": path + ".json" + (f"?{asked}" if asked else ""),
        "style": datasette.urls.path(f"/-/room/room.css?{static_digest('room.css')}"),
        "lists_style": datasette.urls.path(f"/-/room/lists.css?{static_digest('lists.css')}"),
        "options": options_of(datasette),
    }


def failed(datasette: Any, request: Any, status: int, what: str, database: Any | None = None) -> Response:
    """A page that says what went wrong, in JSON where that was asked for."""
    title = TEXTS.get(f"error_{status}", TEXTS["error_500"])
    headers = {**FIXED, "cache-control": "no-store", "content-security-policy": ROOM_POLICY}
    if request.path.partition("?")[0].endswith(".json"):
        document = json_of({"ok": False, "status": status, "error": what, "title": title})
        return Response(document, status=status, content_type="application/json; charset=utf-8", headers=headers)
    after = TEXTS.get(f"error_{status}_next", TEXTS["error_500_next"])
    context = {**frame(datasette, request, database), "title": title, "page": {"what": what, "after": after, "status": status}}
    return Response(html_of("error.html", context), status=status, content_type="text/html; charset=utf-8", headers=headers)


def error_answer(datasette: Any, request: Any, exception: Exception) -> Response:
    """The answer to an exception on any address."""
    path = plain(request.path)
    if isinstance(exception, DatasetteError):
        return failed(datasette, request, exception.status, f"{plain(exception.message)} ({path})")
    if isinstance(exception, Base400):
        told = str(exception.args[0]) if exception.args and str(exception.args[0]) != "404" else TEXTS["no_page"].format(path=path)
        return failed(datasette, request, exception.status, told if path in told else f"{plain(told)} ({path})")
    print("".join(traceback.format_exception(exception)), file=sys.stderr)
    return failed(datasette, request, 500, f"{type(exception).__name__}: {exception}")


@contextmanager
def time_limit(conn: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Interrupt SQL of a block that goes on for too long."""
    end = time.perf_counter() + seconds
    conn.set_progress_handler(lambda: int(time.perf_counter() > end), 10_000)
    try:
        yield
    finally:
        conn.set_progress_handler(None, 0)


async def static_file(request: Any, datasette: Any) -> Response:
    """Answer with a file of `static`."""
    name = request.url_vars["file"]
    file = resources.files("crawler.readingroom") / "static" / name
    suffix = Path(name).suffix
    if suffix not in STATIC_TYPES or not file.is_file():
        return failed(datasette, request, 404, TEXTS["no_page"].format(path=plain(request.path)))
    known = request.query_string == static_digest(name)
    headers = {"cache-control": "public, max-age=31536000, immutable" if known else "no-cache"}
    return Response(file.read_bytes(), content_type=STATIC_TYPES[suffix], headers=headers)


@cache
def static_digest(name: str) -> str:
    """The beginning of the SHA-256 of a static file: a changed file has another address."""
    return sha256((resources.files("crawler.readingroom") / "static" / name).read_bytes()).hexdigest()[:12]
