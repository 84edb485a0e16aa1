"""ReplayWeb.page in the room: its page, its WACZ files, its name."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from attrs import frozen

from crawler.errors import ArchiveError
from crawler.formatting import size
from crawler.index.index import Index
from crawler.interchange.export import Asked as Export
from crawler.interchange.export import export
from crawler.playback.viewer import INSTALL, VERSION, is_installed
from crawler.playback.viewer_server import NAME, Viewer
from crawler.roomframe.headers import App, Receive, Scope, Send, host_of
from crawler.roomframe.page import Asked, NotThere, Page, Route
from crawler.roomframe.room import collections_of, folder_of, name_of
from crawler.roomframe.strings import TEXTS
from crawler.subsets.selection import Selection

MAX_BYTES = 256 * 1024 * 1024
"""WARC bytes of a collection that is packed as a whole while a reader waits."""
IN_USE = 600.0
"""Seconds in which a file stays as it is for a reader who takes it part by part, whatever is captured meanwhile."""
KEPT = 8
"""WACZ files kept of those that were made."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@frozen(kw_only=True)
class ViewerShown:
    """Data of the page that leads to ReplayWeb.page."""

    story: str | None
    headline: str | None
    version: str
    installed: bool
    install: str
    """The command that fetches it."""
    here: bool
    """The room is asked under a name of this machine: elsewhere browsers refuse what it needs."""
    open: str | None
    """Address at which it shows the story or the collection; None where it cannot."""
    export: str
    """The command that writes the WACZ."""
    size: str
    too_large: bool


def viewer_page(asked: Asked) -> Page:
    """Make the page that leads to ReplayWeb.page, for a story or the whole collection."""
    story = asked.text("story")
    if story is not None and asked.index.story(story) is None:
        raise NotThere(TEXTS["no_story"].format(story=story))
    root, folder = urlsplit(asked.root), asked.options.get("viewer")
    here, installed = root.hostname in _LOOPBACK, bool(folder) and is_installed(Path(str(folder)))
    large = _bytes(asked.index)
    too_large = story is None and large > MAX_BYTES
    given = {"story": story, **_first(asked.index, story)} if story is not None else {}
    port = f":{root.port}" if root.port else ""
    address = f"http://{NAME}{port}/page/{quote(asked.collection, safe='')}" + (f"?{urlencode(given)}" if given else "")
    return Page(
        template="viewer.html", title=TEXTS["viewer_title"],
        data=ViewerShown(
            story=story, headline=_headline(asked.index, story), version=VERSION, installed=installed, install=INSTALL, here=here,
            open=address if here and installed and not too_large else None,
            export=f"scrapy export {asked.collection} --wacz FILE.wacz" + (f" --story {story}" if story else ""),
            size=size(large), too_large=too_large,
        ),
    )  # fmt: skip


_NEWEST = """
SELECT coalesce(c.via, c.url) AS url, c.date AS date FROM sightings g JOIN captures c ON c.id = g.capture_id
JOIN stored_versions v ON v.id = g.version_id WHERE v.story_id = ? AND c.state = 'ok' ORDER BY c.date DESC LIMIT 1"""


ROUTES = (Route("viewer", viewer_page),)


def _headline(index: Index, story: str | None) -> str | None:
    """The newest headline of a story."""
    rows = index.query("SELECT headline FROM versions WHERE story_id = ? ORDER BY n DESC LIMIT 1", [story])
    return rows[0]["headline"] if rows else None


def _first(index: Index, story: str) -> dict[str, str]:
    """Address and date of the newest capture that shows a story."""
    rows = index.query(_NEWEST, [story])
    return {"url": rows[0]["url"], "date": rows[0]["date"]} if rows else {}


def _bytes(index: Index) -> int:
    ((count,),) = index.query("SELECT coalesce(sum(bytes), 0) FROM warcs")
    return int(count)


class WaczFiles:
    """WACZ files of collections and stories, made when they are asked for."""

    def __init__(self, datasette: Any) -> None:
        self._datasette = datasette
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._made: dict[tuple[str, str | None], tuple[Path, float]] = {}
        """What was made for whom, and when it was last asked for; the last one last."""

    def __call__(self, collection: str, story: str | None) -> Path:
        """Make one, unless it is there already.

        Raises:
            LookupError: There is no such story or collection, or it is too large; says so.
        """
        path = next((folder_of(one) for one in collections_of(self._datasette) if name_of(one) == collection), None)
        if path is None:
            raise LookupError(f"no collection {collection}")
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="wacz-")
        place = Path(self._folder.name)
        try:
            with Index.open(path / "index.db", readonly=True) as index, index.snapshot():
                _check(index, collection, story)
                asked = (collection, story)
                file, used = self._made.get(asked, (None, 0.0))
                if file is None or not file.exists() or (time.monotonic() - used > IN_USE and file.stem != _stamp(index, asked)):
                    file = place / f"{_stamp(index, asked)}.wacz"
                if not file.exists():
                    selection = Selection(stories=None if story is None else (story,))
                    export(Export(collection=path, format="wacz", place=str(file), selection=selection), index)
        except ArchiveError as error:
            raise LookupError(str(error)) from error
        self._made.pop(asked, None)
        self._made[asked] = file, time.monotonic()
        for old in list(self._made)[:-KEPT]:
            self._made.pop(old)[0].unlink(missing_ok=True)
        return file


def _check(index: Index, collection: str, story: str | None) -> None:
    if story is not None and index.story(story) is None:
        raise LookupError(f"no story {story} in {collection}")
    if story is None and (count := _bytes(index)) > MAX_BYTES:
        raise LookupError(f"{collection} holds {size(count)}: `scrapy export {collection} --wacz FILE.wacz` writes that into a file")


def _stamp(index: Index, asked: tuple[str, str | None]) -> str:
    """A name for what is asked for, as the index is now."""
    (state,) = index.query("SELECT count(*), max(id), max(date) FROM captures")
    return sha256(repr((asked, index.path.stat().st_ino, tuple(state))).encode()).hexdigest()[:24]


class ByName:
    """ASGI wrapper that sends requests to the viewer's name to the viewer."""

    def __init__(self, app: App, viewer: Callable[[Scope, Receive, Send], Any]) -> None:
        self._app, self._viewer = app, viewer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and host_of(scope) == NAME:
            await self._viewer(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def with_viewer(app: App, datasette: Any, options: dict[str, Any]) -> App:
    """Add the viewer to a room that listens on this machine only."""
    if not options.get("viewer") or options.get("host") not in _LOOPBACK:
        return app
    return ByName(app, Viewer(Path(options["viewer"]), WaczFiles(datasette)))
