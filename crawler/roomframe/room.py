"""Collections of a Datasette, and options of the room in its configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crawler.roomframe.addresses import Addresses, decoded

PLUGIN = "news-archive"
"""Our name in `plugins` of Datasette's metadata; keys: serve, host, replay, viewer."""


def options_of(datasette: Any) -> dict[str, Any]:
    """Options of the room in Datasette's configuration.

    `serve`: true under `scrapy serve`; `host`: listened on; `replay`: addresses of pywb by collection; `viewer`:
    folder of ReplayWeb.page.
    """
    return {"serve": False, "host": None, "replay": {}, "viewer": "", **(datasette.plugin_config(PLUGIN) or {})}


def name_of(database: Any) -> str:
    """The name of a collection: its folder's, where Datasette named it by the file."""
    return folder_of(database).name if database.name == "index" else str(database.name)


def is_ours(database: Any) -> bool:
    """True for the index of a collection."""
    return bool(database.path) and Path(database.path).name == "index.db"


def collections_of(datasette: Any) -> list[Any]:
    """The databases that are indexes of collections."""
    return [database for database in datasette.databases.values() if is_ours(database)]


def database_at(datasette: Any, route: str) -> Any | None:
    """The database of a collection by its part of an address, or None."""
    return next((database for database in collections_of(datasette) if database.route == decoded(route)), None)


def folder_of(database: Any) -> Path:
    """The folder of a collection."""
    return Path(database.path).absolute().parent


def addresses_of(datasette: Any, database: Any) -> Addresses:
    """Addresses of the pages of a collection."""
    return Addresses(str(datasette.urls.database(database.name)))
